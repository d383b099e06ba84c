"""The vector index: Chroma holding ids and vectors, never text, always rebuildable from the store.

Only the holder of the home lock opens it. Writers leave work in the store's outbox; ``drain`` does it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from memory.ports import Embedder
    from memory.store import Store

log = logging.getLogger(__name__)

BATCH = 64
KINDS = ("turn", "fact")


class Index:
    """Vectors of turns and of facts, by their ids; another embedder is another index."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder
        # a damaged graph can end the whole process: this file tells the next start that it did
        self._opening = folder / "opening"
        self._embedder = embedder
        self._lock = threading.RLock()
        self._client: Any = None
        self._collections: dict[str, Any] = {}
        self._resting: Mapping[str, Collection[int]] | None = None
        self.anew = False  # what it held was lost, and is being read again
        self._most = 0  # things that have waited at one time since all was last done

    def rest(self, store: Store, resting: Mapping[str, Collection[int]]) -> None:
        """These have no vector from now on; what lacks one and does not rest is asked for.

        Args:
            store: where the rest is known.
            resting: ids, by kind.
        """
        if resting == self._resting:
            return
        with self._lock:
            self._fill(store)
            self._resting = resting
            for kind in KINDS:
                held = {int(item) for item in self._collections[kind].get(include=[])["ids"]}
                if gone := [str(item) for item in held.intersection(resting.get(kind, ()))]:
                    self._collections[kind].delete(ids=gone)
                store.ask_for(kind, held.union(resting.get(kind, ())))

    def wake(self, store: Store) -> None:
        """What rests and was used or changed just now has a vector again."""
        resting = {kind: set(ids) for kind, ids in (self._resting or {}).items() if ids}
        if not resting:
            return
        needed = store.needed()
        with self._lock:
            self._resting = {kind: ids - needed[kind] for kind, ids in resting.items()}
            for kind, ids in resting.items():
                store.look_again(kind, ids & needed[kind])

    def drain(
        self,
        store: Store,
        progress: Callable[[float], None] = lambda share: None,
        give_way: Callable[[], bool] = lambda: False,
    ) -> int:
        """Bring the index up to the store, or a batch nearer to it when asked to give way.

        ``progress`` is told the share that is done, which goes on where it was after giving way. Returns how
        many items were looked at.
        """
        self._fill(store)
        done, waiting = 0, store.outbox_size()
        self._most = max(self._most, waiting)
        while taken := self._take_batch(store):
            done += taken
            progress(1.0 - max(0, waiting - done) / max(1, self._most))
            if give_way():
                break
        else:
            self.anew, self._most = False, 0
        return done

    def search(self, kind: str, vector: NDArray[np.float32], k: int) -> dict[int, float]:
        """The nearest turns or facts with their cosine similarity, best first."""
        with self._lock:
            self._open()
            found = self._collections[kind].query(
                query_embeddings=[vector], n_results=k, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {int(item): 1.0 - float(distance) for item, distance in pairs}

    def similarities(self, kind: str, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        """The cosine similarity of these items, as far as they are in the index."""
        names = [str(item) for item in ids]
        if not names:
            return {}
        with self._lock:
            self._open()
            found = self._collections[kind].get(ids=names, include=["embeddings"])
        if not found["ids"]:
            return {}
        near = np.asarray(found["embeddings"]) @ vector
        return {int(item): float(value) for item, value in zip(found["ids"], near, strict=True)}

    def vectors(self, kind: str, ids: Iterable[int]) -> dict[int, NDArray[np.float32]]:
        """The vectors of these items, as far as they are in the index."""
        names = [str(item) for item in ids]
        if not names:
            return {}
        with self._lock:
            self._open()
            found = self._collections[kind].get(ids=names, include=["embeddings"])
        rows = np.asarray(found["embeddings"], dtype=np.float32)
        return {int(item): row for item, row in zip(found["ids"], rows, strict=True)}

    def embed(self, text: str) -> NDArray[np.float32]:
        """A question's vector."""
        return np.asarray(self._embedder.embed([text])[0], dtype=np.float32)

    def count(self, kind: str) -> int:
        """How many turns or facts have a vector."""
        with self._lock:
            self._open()
            return int(self._collections[kind].count())

    def compact(self) -> None:
        """Write the index again, so that dropped vectors are gone from its files too."""
        with self._lock:
            self._open()
            kept = {kind: self._collections[kind].get(include=["embeddings"]) for kind in KINDS}
            self._clear()
            self._open()
            for kind, found in kept.items():
                for start in range(0, len(found["ids"]), 1000):
                    part = slice(start, start + 1000)
                    self._collections[kind].upsert(
                        ids=found["ids"][part], embeddings=found["embeddings"][part]
                    )

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client, self._collections = None, {}

    def _open(self) -> bool:
        """Open the index, replacing a damaged one; True when it begins empty and must be filled."""
        if self._collections:
            return False
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime, which comes with Chroma, would call home
        from chromadb.api.client import Client
        from chromadb.errors import ChromaError

        if self._opening.exists():
            log.warning("the vector index stopped the program when it was last opened; it is made anew")
            self._clear()
        try:
            return self._connect()
        except (ChromaError, OSError, ValueError, KeyError) as error:
            log.warning("the vector index is damaged (%s) and is made anew", type(error).__name__)
            Client.clear_system_cache()  # it would hand the broken one out again
            self._clear()
            return self._connect()

    def _connect(self) -> bool:
        import chromadb
        from chromadb.config import Settings

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._opening.touch()
        self._client = chromadb.PersistentClient(
            path=str(self._folder), settings=Settings(anonymized_telemetry=False)
        )
        names = {kind: collection_name(kind, self._embedder.name) for kind in KINDS}
        for old in [found.name for found in self._client.list_collections()]:
            if old not in names.values():
                self._client.delete_collection(old)
        opened = {kind: self._collection(name) for kind, name in names.items()}
        counts = {kind: collection.count() for kind, collection in opened.items()}
        for kind in (kind for kind, count in counts.items() if count):
            # a damaged graph shows itself only when it is asked
            probe = np.zeros(self._embedder.dimensions, dtype=np.float32)
            opened[kind].query(query_embeddings=[probe], n_results=1, include=["distances"])
        self._collections = opened
        self._opening.unlink(missing_ok=True)
        return not any(counts.values())

    def _collection(self, name: str) -> Any:
        return self._client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def _clear(self) -> None:
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fill(self, store: Store) -> None:
        with self._lock:
            if self._open():
                self.anew = True
                store.index_everything()

    def _take_batch(self, store: Store) -> int:
        """The lock is held no longer than this, so that a question can be looked up in between."""
        with self._lock:
            self._fill(store)  # it may have been closed or cleared since the last batch
            work = store.outbox(BATCH)
            for kind in KINDS:
                self._take_in(store, kind, {item for _, named, item in work if named == kind})
            if work:
                store.clear_outbox(work[-1][0])
            return len(work)

    def _take_in(self, store: Store, kind: str, ids: Iterable[int]) -> None:
        texts = store.texts_to_index(kind, ids)
        texts |= dict.fromkeys(texts.keys() & set((self._resting or {}).get(kind, ())), "")
        collection = self._collections[kind]
        if gone := [str(item) for item, text in texts.items() if not text]:
            collection.delete(ids=gone)
        if kept := {str(item): text for item, text in texts.items() if text}:
            collection.upsert(ids=list(kept), embeddings=self._embedder.embed(list(kept.values())))


def collection_name(kind: str, embedder: str) -> str:
    """A name that Chroma takes, different for every embedder."""
    plain = re.sub(r"[^a-z0-9]+", "-", embedder.lower()).strip("-")[:32] or "embedder"
    return f"{kind}-{plain}-{hashlib.sha256(embedder.encode()).hexdigest()[:8]}"
