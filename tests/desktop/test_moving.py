from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.desktop.carrier import STOPPED
from app.desktop.settings.moving import free


@pytest.fixture
def moving(window):
    window.go("settings")
    return window.page("settings").moving


def test_brings_in_with_progress_and_says_what_came(qtbot, window, face, moving):
    face.pace = 0.005
    with qtbot.waitSignal(moving.moved, timeout=5000):
        moving.bring_in(Path("/tmp/chatgpt.zip"))
        qtbot.waitUntil(lambda: moving.meter.share > 0.2, timeout=3000)
        assert moving.findChild(object, "movingProgress").isVisible()
        assert not moving._buttons["bringFile"].isEnabled()
    sentence = "ChatGPT: 12 new conversations with 340 messages came in; 2 were here already."
    assert window.toast.text.text() == moving.result.plain == sentence
    assert face.brought == [Path("/tmp/chatgpt.zip")]
    assert moving._buttons["bringFile"].isEnabled()


def test_the_window_is_free_meanwhile(qtbot, face, window, moving):
    face.hold.clear()
    threads = []
    face.rename = lambda *_: threads.append(threading.current_thread().name)
    moving.bring_in(Path("/tmp/notes"))
    window.tasks.write(lambda face: face.rename(1, "Still quick"))
    qtbot.waitUntil(lambda: threads == ["write-0"], timeout=3000)
    face.hold.set()
    qtbot.waitUntil(lambda: len(face.brought) == 1, timeout=3000)


def test_stop_ends_it(qtbot, window, face, moving):
    face.pace = 0.01
    moving.bring_in(Path("/tmp/chatgpt.zip"))
    qtbot.waitUntil(lambda: moving.meter.share > 0.1, timeout=3000)
    moving._stop.click()
    qtbot.waitUntil(lambda: moving.result.plain == STOPPED, timeout=3000)
    assert face.brought == []


def test_a_refusal_stands_where_it_was_asked(qtbot, window, moving):
    moving.bring_in(Path("/tmp/broken.zip"))
    qtbot.waitUntil(lambda: "nothing that can be taken in" in moving.result.plain, timeout=3000)
    assert moving.result.isVisible()
    assert moving.result.property("color") == "danger"


def test_exports_both_ways(qtbot, window, face, moving, tmp_path):
    moving.export(tmp_path / "all.jsonl", "jsonl")
    qtbot.waitUntil(lambda: window.toast.text.text().startswith("Wrote 412 lines"), timeout=3000)
    moving.export(tmp_path / "to read", "markdown")
    qtbot.waitUntil(lambda: len(face.written) == 2, timeout=3000)
    assert face.written == [("all.jsonl", "jsonl", True), ("to read", "markdown", False)]


def test_a_folder_is_never_written_among_other_files(tmp_path):
    assert free(tmp_path / "new") == tmp_path / "new"
    assert free(tmp_path) == tmp_path.with_name(f"{tmp_path.name} (2)")


@pytest.mark.parametrize("name", ["bringFile", "bringFolder", "exportFile", "exportFolder"])
def test_each_button_opens_a_dialog_and_blocks_nothing(qtbot, moving, name):
    moving._buttons[name].click()
    dialog = moving.findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()


def test_a_long_sentence_fits_the_window(qtbot, window):
    window.resize(700, 600)
    window.toast.say("Many words. " * 24)
    qtbot.wait(20)
    assert window.toast.width() <= 700 - 32
    assert window.toast.text.height() > 30
    window.toast.say("Few words.")
    assert window.toast.height() < 60
