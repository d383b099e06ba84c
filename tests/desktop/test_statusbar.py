"""The line at the foot says what goes on."""

from __future__ import annotations

from app.events import IndexProgress


def test_memories_that_are_read_again_are_told_of_until_they_are_read(qtbot, window, face):
    face.bus.tell(IndexProgress(0.43, again=True))
    qtbot.waitUntil(lambda: window.status.reading.text() == "Reading memories again 43%", timeout=3000)
    face.bus.tell(IndexProgress(0.5))
    qtbot.waitUntil(lambda: window.status.reading.text() == "Reading memories 50%", timeout=3000)
    face.bus.tell(IndexProgress(1.0, again=True))
    qtbot.waitUntil(lambda: window.status.reading.text() == "", timeout=3000)
