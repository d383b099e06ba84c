"""mem0's side of the recall benchmark: a chat is added as it was said, then each question is searched.

Runs by path inside mem0's own environment (`_peer.py`), so it imports nothing of ours.

mem0's search is hybrid, by meaning and by words, wherever its store can search by words: Qdrant can, Chroma
cannot. Qdrant's word search is fastembed's `Qdrant/bm25`, which mem0 would fetch; that "model" is a folder of
stop words, so one is laid out here, with the list that scikit-learn brings.

Two parts of mem0 stand still. spaCy's English model cannot be fetched: words are stemmed, not lemmatised.
And entities lift no result: mem0 links them when a language model extracts facts, and there is none.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

TOP = 50
DIMENSIONS = 384
OWNER = "user"
SETTINGS = {
    "MEM0_TELEMETRY": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime, which fastembed imports, reports to Microsoft otherwise
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
}


def main() -> None:
    """``_mem0.py MODEL_FOLDER CHAT`` prints how adding went, then a ranking for each question."""
    model, chat = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="mem0-", ignore_cleanup_errors=True) as folder:
        _confine(Path(folder))
        memory = _memory(model, Path(folder))
        names, seconds = _add(memory, chat["turns"])
        if memory.vector_store.keyword_search("dormouse") is None:
            sys.exit("mem0's search by words did not start.")  # mem0 itself would go on without it, silently
        print(json.dumps({"turns": len(names), "seconds": seconds}))
        for question in chat["questions"]:
            print(json.dumps(_search(memory, names, question["q"])))
        memory.close()


def _confine(folder: Path) -> None:
    """Everything that is written goes to this folder, and no host's name is looked up."""
    os.environ |= {**SETTINGS, "MEM0_DIR": str(folder), "FASTEMBED_CACHE_PATH": str(folder)}
    os.environ.setdefault("OMP_NUM_THREADS", "2")  # as many as our own embedder takes
    sys.addaudithook(_stay_offline)


def _stay_offline(event: str, _: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        raise OSError("The network is not to be used here.")


def _memory(model: Path, folder: Path) -> Any:
    _lay_out_stop_words(folder)
    config = {
        "vector_store": {
            "provider": "qdrant",
            "config": {
                "collection_name": "chat",
                "embedding_model_dims": DIMENSIONS,
                "path": str(folder / "qdrant"),
                "on_disk": True,
            },
        },
        "embedder": {
            "provider": "huggingface",
            "config": {
                "model": str(model),
                "embedding_dims": DIMENSIONS,
                "model_kwargs": {"device": "cpu", "local_files_only": True},
            },
        },
        # never asked, but mem0 insists on one, and it on a key
        "llm": {"provider": "openai", "config": {"api_key": "none"}},
    }
    memory = import_module("mem0").Memory.from_config(config)
    memory.embedding_model.embed("warm", "search")
    return memory


def _lay_out_stop_words(folder: Path) -> None:
    """Where fastembed, told to stay offline, looks for `Qdrant/bm25`."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    (folder / "bm25").mkdir()
    (folder / "bm25" / "english.txt").write_text("\n".join(sorted(ENGLISH_STOP_WORDS)), encoding="utf-8")


def _add(memory: Any, turns: list[dict[str, Any]]) -> tuple[dict[str, str], float]:
    """Add each turn as it was said; returns the benchmark's id of each memory, and the seconds it took."""
    names: dict[str, str] = {}
    began = time.perf_counter()
    for turn in turns:
        for added in memory.add([_as_message(turn)], user_id=OWNER, infer=False)["results"]:
            names[added["id"]] = turn["id"]
    return names, time.perf_counter() - began


def _as_message(turn: dict[str, Any]) -> dict[str, str]:
    """The same text that our index is given: a named speaker's name stands before the words."""
    if turn["speaker"] in {"user", "assistant"}:
        return {"role": turn["speaker"], "content": turn["text"]}
    return {"role": "user", "content": f"{turn['speaker']}: {turn['text']}"}


def _search(memory: Any, names: dict[str, str], question: str) -> dict[str, Any]:
    began = time.perf_counter()
    found = memory.search(question, top_k=TOP, filters={"user_id": OWNER})["results"]
    milliseconds = (time.perf_counter() - began) * 1000
    return {"q": question, "ranked": [names[each["id"]] for each in found], "ms": milliseconds}


if __name__ == "__main__":
    main()
