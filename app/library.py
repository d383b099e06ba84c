"""The models' room for the window and the commands: what can be had, what fits, what was measured."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from app import shelf
from app.events import Bus, Changed, DownloadEnded, DownloadProgress
from app.fetching import Fetching
from app.measuring import Measured, measure
from app.settings import write_private
from models import catalogue, machine, offers, partial
from models.engine import EngineError
from models.offers import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.home import Home
    from app.serving import Serving
    from memory.records import Night
    from models.catalogue import Model
    from models.machine import Fit, Machine
    from models.offers import Offer

log = logging.getLogger(__name__)

SUMS, MEASURED = "sums", "measured"  # marks in the home


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer as it stands here.

    ``state`` is empty, ``part`` (paused), ``loading`` or ``here``; ``found`` and ``fit`` are nothing until
    the hub was asked. ``speed`` is what it would likely write, in tokens a second, by what was measured.
    """

    offer: Offer
    path: Path
    state: str = ""
    found: Found | None = None
    fit: Fit | None = None
    learns: bool = False
    learning: str = ""
    done: int = 0
    progress: DownloadProgress | None = None
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """The nights that belong to a model: how many learned on it, and how many of them are worn with it."""

    nights: int = 0
    worn: int = 0


class Library:
    """The models of one home.

    Args:
        home: where they are, with what the hub said of them.
        serving: whose model is measured.
        nights: the register.
        bus: told how far a download is, and that a model came or went.
    """

    def __init__(self, home: Home, serving: Serving, nights: Callable[[], Sequence[Night]], bus: Bus) -> None:
        self._home, self._serving, self._nights, self._bus = home, serving, nights, bus
        self._said = home.models / "found.json"
        self._lock = threading.Lock()
        self._fetching = Fetching(home, bus, self._learn, self._ended)

    # What can be had.

    def offers(self) -> list[Offered]:
        """Every model of the catalogue file, with what is known of it. Opens no network."""
        here, known, pace = self.machine(), self._known(), self._pace()
        return [self._offered(offer, here, known.get(offer.name), pace) for offer in offers.offers()]

    def look_up(self, names: Sequence[str] = ()) -> list[str]:
        """Ask the hub about these offers, or all; the sentences say of which nothing was learned."""
        wanted = [offers.offer(name).name for name in names] or [offer.name for offer in offers.offers()]
        problems = self._fetching.look_up(wanted)
        self._changed()
        return list(dict.fromkeys(problems))

    def download(self, name: str) -> None:
        """Begin, or go on; the bus tells how far it is. The hub is asked first if it was not yet."""
        offer = offers.offer(name)
        path = self.path(name)
        if path.is_file():
            raise EngineError(f"{offer.title} is here already.")
        self._fetching.start(offer.name, path, self._known().get(offer.name))
        self._changed()

    def wait(self, name: str) -> DownloadEnded:
        """Until a download that was begun here has ended."""
        return self._fetching.wait(offers.offer(name).name)

    def pause(self, name: str) -> None:
        self._fetching.pause(offers.offer(name).name)

    def discard(self, name: str) -> None:
        """Give up a download, and what came of it."""
        self.pause(name)
        partial.discard(self.path(name))
        self._changed()

    def remove(self, name: str) -> None:
        """Delete a downloaded model; its nights stay, and are worn again should it come back."""
        path = self.path(name)
        if path == self._serving.model:
            raise EngineError(
                f"{offers.offer(name).title} answers you. Use another one first, then remove it."
            )
        if not path.is_file():
            raise EngineError(f"{offers.offer(name).title} is not here.")
        path.unlink()
        self._changed()

    def path(self, name: str) -> Path:
        """Where an offer is, or will be."""
        return shelf.downloaded(self._home, offers.offer(name).name)

    def close(self) -> None:
        self._fetching.close()

    # This machine.

    def machine(self) -> Machine:
        return machine.measure(self._home.path)

    def measure(self) -> Measured:
        """How quickly the model in use reads and writes just now; remembered in the home."""
        path = self._serving.model
        name = next((model.name for model in shelf.models(self._home) if model.path == path), path.stem)
        found = measure(self._serving.engine(), name)
        self._home.set_mark(MEASURED, {**self._marks(MEASURED), str(path): asdict(found)})
        self._changed()
        return found

    def measured(self) -> dict[Path, Measured]:
        """What was measured of the models that are here."""
        kept = self._marks(MEASURED)
        both = ((model.path, Measured.of(kept.get(str(model.path)))) for model in shelf.models(self._home))
        return {path: found for path, found in both if found is not None}

    # Which nights belong to which base.

    def learned(self) -> dict[Path, Learned]:
        """The nights of every model that is here."""
        nights = [night for night in self._nights() if night.adapter and night.base_sha256]
        if not nights:
            return {}
        return {model.path: _of(self._sum(model), nights) for model in shelf.models(self._home)}

    # Inside.

    def _offered(
        self, offer: Offer, here: Machine, found: Found | None, pace: tuple[float, int] | None
    ) -> Offered:
        path = self.path(offer.name)
        done, progress = partial.so_far(path), self._fetching.progress(offer.name)
        state = "here" if path.is_file() else "part" if done else ""
        if offer.name in self._fetching.under_way():
            state = "loading"
        learns, learning = machine.learns(offer.kind, 0, here)
        made = Offered(offer, path, state, found, None, learns, learning, done, progress)
        if found is None:
            return made
        learns, learning = machine.learns(found.kind, found.parameters, here)
        on_disk = found.size if state == "here" else done
        fit = machine.fit(found.size, here, on_disk=on_disk, layers=self._home.settings.gpu_layers)
        speed = pace[0] * pace[1] / found.size if pace else None
        return replace(made, fit=fit, learns=learns, learning=learning, speed=speed)

    def _pace(self) -> tuple[float, int] | None:
        """Tokens a second and bytes of the largest measured model: a token reads every weight once."""
        sized = [
            (found.writing, path.stat().st_size) for path, found in self.measured().items() if path.is_file()
        ]
        return max(sized, key=lambda one: one[1], default=None)

    def _known(self) -> dict[str, Found]:
        try:
            kept = json.loads(self._said.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        both = ((name, Found.of(raw)) for name, raw in kept.items()) if isinstance(kept, dict) else ()
        repositories = {offer.name: offer.repository for offer in offers.offers()}
        return {name: found for name, found in both if found and repositories.get(name) == found.repository}

    def _learn(self, found: Found) -> None:
        with self._lock:
            self._keep(self._known() | {found.name: found})

    def _ended(self, ended: DownloadEnded) -> None:
        """Keep a checked sum; what turned out to be something else is asked of the hub anew."""
        path = self.path(ended.name)
        if ended.state == "here":
            self._keep_sum(path, ended.sha256)
        elif ended.state == "refused" and not partial.so_far(path):
            self._unlearn(ended.name)

    def _unlearn(self, name: str) -> None:
        with self._lock:
            self._keep({each: found for each, found in self._known().items() if each != name})

    def _keep(self, known: dict[str, Found]) -> None:
        write_private(
            self._said, json.dumps({name: asdict(each) for name, each in known.items()}, indent=1) + "\n"
        )

    def _sum(self, model: Model) -> str:
        """A model file's SHA-256, remembered in the home: reading a large file takes half a minute."""
        if model.sha256:
            return model.sha256
        try:
            *stamp, kept = self._marks(SUMS).get(str(model.path), [None])
            if stamp == _stamp(model.path):
                return str(kept)
            return self._keep_sum(model.path, catalogue.sha256(model.path))
        except OSError:  # the file is gone
            return ""

    def _keep_sum(self, path: Path, found: str) -> str:
        self._home.set_mark(SUMS, {**self._marks(SUMS), str(path): [*_stamp(path), found]})
        return found

    def _marks(self, name: str) -> dict[str, Any]:
        kept = self._home.mark(name)
        return kept if isinstance(kept, dict) else {}

    def _changed(self) -> None:
        self._bus.tell(Changed(frozenset({"models"})))


def _of(base: str, nights: Sequence[Night]) -> Learned:
    own = [night for night in nights if night.base_sha256 == base]
    return Learned(len(own), sum(night.state == "worn" and night.scale > 0 for night in own))


def _stamp(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_mtime_ns, state.st_size]
