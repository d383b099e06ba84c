"""The register of nights: which one is open, what is worn now, and how a night comes to be worn.

One night's adapter is worn at a time, above the memory skill: each night learns all that is known anew, so
that a correction or a deletion needs no unlearning. The one before stays on disk, for undo.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from memory.records import MemoryRefused

if TYPE_CHECKING:
    from pathlib import Path

    from memory.facts import Facts
    from memory.records import Fact, Night
    from memory.store import Store

OPEN = ("selecting", "dreaming", "training", "examining")
KEPT_FILES = 3  # adapters of earlier nights that stay on disk


class Nights:
    """The nights of one store and folder of adapters.

    Args:
        store: the register.
        adapters: the folder that the adapter files are in.
    """

    def __init__(self, store: Store, adapters: Path) -> None:
        self._store, self._adapters = store, adapters

    def open(self) -> Night | None:
        """The night that was begun and has not ended."""
        return next((night for night in self._store.nights() if night.state in OPEN), None)

    def begin(self, base_sha256: str) -> Night:
        """A new night, or the open one when it was begun with the same model."""
        night = self.open()
        if night is not None and night.base_sha256 == base_sha256:
            return night
        if night is not None:
            self.end(night.id, "cancelled", "Another model was chosen before this night had ended.")
        return self._store.add_night(base_sha256)

    def current(self, base_sha256: str) -> Night | None:
        """The night that is worn with this model, if any."""
        return next((night for night in self._wearable(base_sha256) if night.state == "worn"), None)

    def worn(self, base_sha256: str) -> list[tuple[Path, float]]:
        """Adapter files and scales to wear above the memory skill of this model."""
        night = self.current(base_sha256)
        return (
            [(self._adapters / night.adapter, night.scale)] if night is not None and night.scale > 0 else []
        )

    def _wearable(self, base_sha256: str) -> list[Night]:
        return [
            night
            for night in self._store.nights()
            if night.adapter
            and night.base_sha256 == base_sha256
            and (self._adapters / night.adapter).is_file()
        ]

    @staticmethod
    def file_name(night_id: int) -> str:
        """What a night's adapter file is called."""
        return f"night-{night_id:04}.gguf"

    def promote(self, night_id: int, sha256: str, scale: float, sentence: str, report: str) -> Night:
        """Wear a night from now on. Its adapter must stand in the folder, whole and examined.

        One transaction: at no moment are two nights worn, or none that was before.
        """
        name = self.file_name(night_id)
        if not (self._adapters / name).is_file():
            raise MemoryRefused("This night's adapter is not there, so it cannot be worn.")
        changes: dict[int, dict[str, Any]] = {
            night.id: {"state": "replaced", "scale": 0.0}
            for night in self._store.nights()
            if night.state == "worn" and night.id != night_id
        }
        changes[night_id] = {
            "state": "worn",
            "adapter": name,
            "adapter_sha256": sha256,
            "scale": scale,
            "examined_scale": scale,
            "ended": datetime.now(UTC),
            "sentence": sentence,
            "report": report,
        }
        self._store.update_nights(changes)
        self._clear_out()
        return self._store.night(night_id)

    def end(self, night_id: int, state: str, sentence: str, report: str = "") -> Night:
        """A night ends without being worn: kept, cancelled or failed. What was worn stays so."""
        self._store.drop_night_items(night_id)
        return self._store.update_night(
            night_id, state=state, ended=datetime.now(UTC), sentence=sentence, report=report, facts=()
        )

    def undo(self, night_id: int) -> Night:
        """Take a night off; the one that it replaced is worn again, if it still can be."""
        night = self._store.night(night_id)
        changes: dict[int, dict[str, Any]] = {night_id: {"state": "undone", "scale": 0.0}}
        if night.state == "worn":
            before = [
                n for n in self._wearable(night.base_sha256) if n.state == "replaced" and n.id < night_id
            ]
            if before:
                changes[before[0].id] = {"state": "worn", "scale": before[0].examined_scale}
        self._store.update_nights(changes)
        return self._store.night(night_id)

    def set_scale(self, night_id: int, scale: float) -> Night:
        """How strongly a night is worn, from 0 (off) to what its exam allowed; the others are taken off."""
        night = self._store.night(night_id)
        if not night.adapter or not (self._adapters / night.adapter).is_file():
            raise MemoryRefused("This night has no adapter to wear any more.")
        changes: dict[int, dict[str, Any]] = {
            other.id: {"state": "replaced", "scale": 0.0}
            for other in self._store.nights()
            if other.state == "worn" and other.id != night_id
        }
        changes[night_id] = {
            "state": "worn",
            "scale": max(0.0, min(float(scale), night.examined_scale or 1.0)),
        }
        self._store.update_nights(changes)
        return self._store.night(night_id)

    def take_off(self, night_id: int, sentence: str) -> Night:
        """For good: the adapter knows something that it must not."""
        night = self._store.night(night_id)
        if night.adapter:
            (self._adapters / night.adapter).unlink(missing_ok=True)
        return self._store.update_night(night_id, state="undone", scale=0.0, adapter="", sentence=sentence)

    def _clear_out(self) -> None:
        """Of the nights that were replaced, only the newest few can be put on again."""
        for night in [n for n in self._store.nights() if n.state != "worn" and n.adapter][KEPT_FILES:]:
            (self._adapters / night.adapter).unlink(missing_ok=True)
            self._store.update_night(night.id, adapter="")


def still_true(facts: Facts, wanted: tuple[int, ...]) -> bool:
    """Whether all of these facts are still held true."""
    current = {fact.id for fact in facts.current()}
    return set(wanted) <= current


def stale(night: Night | None, current: list[Fact]) -> set[int]:
    """Facts that a night knows and that are not held true any more."""
    return set() if night is None else set(night.facts) - {fact.id for fact in current}
