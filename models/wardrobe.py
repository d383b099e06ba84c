"""Which adapters an engine has loaded, and which it wears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from models import gguf_file
from models.engine import ModelRefused, Worn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.gguf_file import Header
    from models.native import Context, Model

Key: TypeAlias = tuple[str, int, int]
Outfit: TypeAlias = tuple[tuple[Key, float], ...]

_SPARE = 4  # adapters kept loaded though not worn: requests of the same kind come in rows


class Wardrobe:
    """Loaded adapter files by path, time and size, so that a rewritten file is another adapter."""

    def __init__(self, model: Model, context: Context, base: Header) -> None:
        self._model, self._context, self._base = model, context, base
        self._loaded: dict[Key, Any] = {}
        self._worn_now: Outfit = ()
        self.usual: Outfit = ()

    def choose(self, adapters: Sequence[Worn]) -> Outfit:
        """Load what is not loaded yet; an adapter at strength 0 is not worn.

        Raises:
            ModelRefused: a file is missing, damaged or made for another model.
        """
        return tuple((self._load(worn.path), worn.scale) for worn in adapters if worn.scale)

    def _load(self, path: Path) -> Key:
        try:
            state = path.stat()
        except OSError as problem:
            raise ModelRefused(f"The adapter {path.name} is missing.") from problem
        key = (str(path), state.st_mtime_ns, state.st_size)
        if key not in self._loaded:
            gguf_file.read_adapter(path, self._base)
            self._loaded[key] = self._model.load_adapter(path)
        self._loaded[key] = self._loaded.pop(key)  # the most recently used stands last
        return key

    def put_on(self, outfit: Outfit) -> None:
        """Make llama.cpp apply these adapters from the next token on."""
        if outfit != self._worn_now:
            self._context.wear([(self._loaded[key], scale) for key, scale in outfit])
            self._worn_now = outfit

    def tidy(self, needed: Outfit) -> None:
        """Free what has not been used for longest, but never what is needed or usually worn."""
        kept = {key for outfit in (needed, self.usual) for key, _ in outfit}
        spare = [key for key in self._loaded if key not in kept]
        for key in spare[: max(0, len(spare) - _SPARE)]:
            if any(key == worn for worn, _ in self._worn_now):
                self.put_on(())
            self._model.free_adapter(self._loaded.pop(key))
