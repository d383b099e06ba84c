"""Which adapters an engine has loaded, and which it wears.

Adapters that are worn together are loaded as one, their ranks side by side and stored in Q8_0: llama.cpp
spends as long on each adapter's small matrices as on their size, and this takes half of that time
(decision 0008).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from models import gguf_file
from models.engine import ModelRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.engine import Worn
    from models.gguf_file import Header
    from models.native import Context, Model

Key: TypeAlias = tuple[str, int, int]
Outfit: TypeAlias = tuple[tuple[Key, float], ...]

_SPARE = 4  # outfits kept loaded though not worn: requests of the same kind come in rows


class Wardrobe:
    """Loaded outfits by their files' paths, times and sizes, so that a rewritten file is another adapter."""

    def __init__(self, model: Model, context: Context, base: Header) -> None:
        self._model, self._context, self._base = model, context, base
        self._loaded: dict[Outfit, Any] = {}
        self._worn_now: Outfit = ()
        self.usual: Outfit = ()

    def choose(self, adapters: Sequence[Worn]) -> Outfit:
        """Load what is not loaded yet; an adapter at strength 0 is not worn.

        Raises:
            ModelRefused: a file is missing, damaged or made for another model.
        """
        outfit = tuple((_key(worn.path), worn.scale) for worn in adapters if worn.scale)
        if outfit and outfit not in self._loaded:
            self._loaded[outfit] = self._load(outfit)
        if outfit:
            self._loaded[outfit] = self._loaded.pop(outfit)  # the most recently used stands last
        return outfit

    def _load(self, outfit: Outfit) -> Any:
        from models.adapters import AdapterFile, AdapterRefused, stack

        parts = []
        for (name, _, _), scale in outfit:
            gguf_file.read_adapter(Path(name), self._base)
            try:
                parts.append((AdapterFile.read(Path(name)), scale))
            except AdapterRefused as problem:
                raise ModelRefused(str(problem)) from problem
        with tempfile.TemporaryDirectory(prefix="dormouse-") as folder:
            together = Path(folder) / "worn.gguf"
            stack(parts).write(together, quantised=True)
            return self._model.load_adapter(together)

    def put_on(self, outfit: Outfit) -> None:
        """Make llama.cpp apply these adapters from the next token on."""
        if outfit != self._worn_now:
            self._context.wear([(self._loaded[outfit], 1.0)] if outfit else [])
            self._worn_now = outfit

    def tidy(self, needed: Outfit) -> None:
        """Free what has not been used for longest, but never what is needed or usually worn."""
        spare = [outfit for outfit in self._loaded if outfit not in (needed, self.usual)]
        for outfit in spare[: max(0, len(spare) - _SPARE)]:
            if outfit == self._worn_now:
                self.put_on(())
            self._model.free_adapter(self._loaded.pop(outfit))


def _key(path: Path) -> Key:
    try:
        state = path.stat()
    except OSError as problem:
        raise ModelRefused(f"The adapter {path.name} is missing.") from problem
    return (str(path), state.st_mtime_ns, state.st_size)
