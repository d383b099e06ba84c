"""The recall benchmark on a chat small enough to know the answer."""

from __future__ import annotations

import json

from benchmarks.__main__ import names
from benchmarks.recall import measure
from tests.scripted import ScriptedEmbedder


def test_evidence_is_counted(tmp_path):
    turns = [
        {"id": f"D{number}", "speaker": speaker, "text": text, "time": "March-15-2024", "session": 1}
        for number, (speaker, text) in enumerate(
            [("user", "My bicycle is green"), ("assistant", "Lovely"), ("user", "I play the viola")]
        )
    ]
    questions = [
        {"q": "Which colour has my bicycle?", "evidence": ["D0"], "category": "x"},
        {"q": "Do I play the viola?", "evidence": ["D2"], "category": "x"},
        {"q": "Evidence that is not there?", "evidence": ["D9"], "category": "x"},
    ]
    file = tmp_path / "chat.json"
    file.write_text(json.dumps({"name": "small", "turns": turns, "questions": questions}))
    figures = measure([file], ScriptedEmbedder(), peers=True)
    assert figures["questions"] == 2 and figures["recall@5"] == figures["mrr"] == figures["hit@10"] == 1.0
    assert set(figures["peers"]) == {"naive RAG (Chroma)", "FTS5"}
    assert "recall" in names()
