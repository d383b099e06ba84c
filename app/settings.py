"""The settings: each declared once, kept in a TOML file that a person can read and edit."""

from __future__ import annotations

import os
import threading
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from models.attention import FLASH, KINDS, Attention


class SettingRefused(ValueError):
    """A setting cannot have this value; the text is a sentence for the user."""


def setting(
    default: Any,
    sentence: str,
    *,
    choices: tuple[Any, ...] = (),
    low: float | None = None,
    high: float | None = None,
) -> Any:
    """One setting: its default, the sentence that stands above it in the file, what it may be."""
    return field(
        default=default, metadata={"sentence": sentence, "choices": choices, "low": low, "high": high}
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user may choose. The file and the settings page show these sentences."""

    theme: str = setting(
        "system", "How the window looks: system, day or night.", choices=("system", "day", "night")
    )
    font_scale: float = setting(1.0, "How large the text is: 1.0 is the usual size.", low=0.7, high=2.5)
    stay: bool = setting(
        True, "Whether Dormouse stays in the tray, where there is one, when its window is closed."
    )
    notice: bool = setting(True, "Whether Dormouse notices facts in what you type.")
    recall: bool = setting(True, "Whether Dormouse looks up what it remembers before it answers.")
    recall_notes: int = setting(6, "How many remembered notes a reply may be given.", low=0, high=40)
    recall_tokens: int = setting(400, "How many tokens those notes may take.", low=0, high=8000)
    profile_tokens: int = setting(
        160, "How many tokens of a prompt may go to what is always in mind of you.", low=0, high=4000
    )
    vectors: int = setting(
        50_000,
        "How many messages and facts come to mind by meaning; beyond it, old ones that were never used rest.",
        low=1000,
        high=10_000_000,
    )
    model: str = setting("", "The GGUF file that answers; empty is the built-in model.")
    models: tuple[str, ...] = setting((), "GGUF files of yours that you have used.")
    hub: str = setting(
        "", "Where models are downloaded from; empty is what HF_ENDPOINT names, else https://huggingface.co."
    )
    context: int = setting(4096, "How many tokens of a chat the model may see.", low=1024, high=131072)
    reply_tokens: int = setting(512, "How long a reply may get, in tokens.", low=16, high=8192)
    temperature: float = setting(
        0.0, "How free the replies are: 0 is the same every time.", low=0.0, high=2.0
    )
    contrast: float = setting(
        0.0,
        "How strongly replies made from notes are held against replies without them; 0 is not at all.",
        low=0.0,
        high=2.0,
    )
    threads: int = setting(0, "How many processor threads answer; 0 lets Dormouse choose.", low=0, high=256)
    gpu_layers: int = setting(0, "How many of the model's layers the graphics card takes.", low=0, high=1000)
    flash_attention: str = setting(
        "auto",
        "Whether the model attends by FlashAttention: auto, on or off; from the next start.",
        choices=FLASH,
    )
    cache_keys: str = setting(
        "f16",
        "How keys of what was read are kept: f16, or smaller as q8_0 or q4_0; from the next start.",
        choices=KINDS,
    )
    cache_values: str = setting(
        "f16", "The same for its values; other than f16 they need flash attention.", choices=KINDS
    )
    nights: bool = setting(True, "Whether Dormouse sleeps by itself.")
    night_hour: int = setting(
        3, "The hour at which it falls asleep, on this machine's clock.", low=0, high=23
    )
    night_minute: int = setting(0, "The minute of that hour.", low=0, high=59)
    night_plugged_in: bool = setting(True, "Sleep only while the machine is plugged in.")
    night_idle: bool = setting(True, "Sleep only while nobody uses the machine.")

    @property
    def attention(self) -> Attention:
        """The three settings that are chosen together."""
        return Attention(self.flash_attention, self.cache_keys, self.cache_values)


DECLARED = {each.name: each for each in fields(Settings)}


def checked(name: str, value: Any) -> Any:
    """The value as this setting keeps it, or ``SettingRefused`` with a sentence that says why not."""
    declared = _declared(name)
    rules = declared.metadata
    value = _as_type(name, value, declared.default)
    if rules["choices"] and value not in rules["choices"]:
        raise SettingRefused(f"{name} must be one of {', '.join(rules['choices'])}, not “{value}”.")
    if rules["low"] is not None and not rules["low"] <= value <= rules["high"]:
        raise SettingRefused(f"{name} must lie between {rules['low']} and {rules['high']}, not {value}.")
    return value


def _declared(name: str) -> Any:
    if name not in DECLARED:
        raise SettingRefused(f"There is no setting called {name}.")
    return DECLARED[name]


def _as_type(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, tuple) and isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(default, str) and isinstance(value, Path):
        return str(value)
    if type(value) is not type(default):
        kinds = {
            bool: "true or false",
            int: "a whole number",
            float: "a number",
            str: "a text",
            tuple: "a list",
        }
        raise SettingRefused(f"{name} must be {kinds[type(default)]}, not “{value}”.")
    return value


class SettingsFile:
    """``settings.toml``: read when opened, written whole and at once.

    A value that cannot be is left alone in the file and its default used; ``problems`` says so.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []
        self._lock = threading.Lock()
        self._strange: dict[str, Any] = {}
        self._seen: tuple[int, int] | None = None
        self._values = self._read()

    @property
    def values(self) -> Settings:
        """The settings as the file has them now: another process may have changed it."""
        if self._stamp() != self._seen:
            with self._lock:
                self._values = self._read()
        return self._values

    def change(self, name: str, value: Any) -> Settings:
        """Set one setting and keep it."""
        value = checked(name, value)
        with self._lock:
            values = replace(self._read(), **{name: value})
            if values.attention.refusal:
                raise SettingRefused(values.attention.refusal)
            self._strange.pop(name, None)
            self._values = values
            write_private(self.path, self._as_text())
            self._values = self._read()  # what did not fit beside the old value may fit now
            return self._values

    def _stamp(self) -> tuple[int, int] | None:
        try:
            state = self.path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size

    def _read(self) -> Settings:
        self.problems, self._strange, self._seen = [], {}, self._stamp()
        try:
            raw = tomllib.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return Settings()
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            aside = self.path.with_suffix(".broken.toml")
            self.path.replace(aside)
            self._seen = None
            self.problems.append(
                f"The settings could not be read ({problem}), so the usual ones are used. "
                f"The old file is kept as {aside.name}."
            )
            return Settings()
        return self._fitting(Settings(**self._known(raw)))

    def _fitting(self, values: Settings) -> Settings:
        """The values, but what cannot be beside the others as usual."""
        if not values.attention.refusal:
            return values
        self.problems.append(f"{values.attention.refusal} Until then they are kept as f16.")
        self._strange["cache_values"] = values.cache_values
        return replace(values, cache_values="f16")

    def _known(self, raw: dict[str, Any]) -> dict[str, Any]:
        known = {}
        for name, value in raw.items():
            try:
                known[name] = checked(name, value)
            except SettingRefused as problem:
                self.problems.append(f"{problem} The usual value is used.")
                self._strange[name] = value
        return known

    def _as_text(self) -> str:
        lines = ["# Dormouse's settings. Edit them here while Dormouse is closed, or in its window.\n"]
        for name, declared in DECLARED.items():
            value = self._strange.get(name, getattr(self._values, name))
            plain = list(value) if isinstance(value, tuple) else value
            lines.append(f"# {declared.metadata['sentence']}\n{tomli_w.dumps({name: plain})}")
        unknown = {name: value for name, value in self._strange.items() if name not in DECLARED}
        if unknown:
            lines.append(f"# Not known to this version of Dormouse.\n{tomli_w.dumps(unknown)}")
        return "\n".join(lines)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only its owner may read it."""
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
