"""The real window on a scripted assistant, without a screen."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.desktop import immortal, main, theme
from app.events import Bus
from tests.desktop.scripted import Scripted

immortal.keep_none()


@pytest.fixture
def bus():
    return Bus()


@pytest.fixture
def face(bus):
    return Scripted(bus)


@pytest.fixture
def open_window(qtbot, bus):
    """Opens the window on a face and waits until it has shown something."""
    made = []

    def open_(face, wait=True):
        window = main.build(bus, look="day")
        made.append(window)
        window.show()
        window.activateWindow()
        if wait:
            with qtbot.waitSignal(window.tasks.ready, timeout=5000):
                window.tasks.open(lambda: face)
            qtbot.wait(120)
        else:
            window.tasks.open(lambda: face)
        return window

    yield open_
    for window in made:
        window.close()
        window.deleteLater()
    theme.current().choose("day")
    theme.current().set_scale(1.0)
    qtbot.wait(20)


@pytest.fixture
def window(open_window, face):
    return open_window(face)
