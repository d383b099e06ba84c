"""A chat of ten thousand messages opens and scrolls like one of ten: only a stretch of it is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QPushButton

from app.desktop.chat.page import FIRST
from app.desktop.chat.transcript import MOST
from memory.records import Conversation, Turn
from memory.store import Store
from tests.desktop.scripted import Scripted

COUNT = 10_000
NOW = datetime(2026, 5, 3, tzinfo=UTC)


class Long(Scripted):
    """The scripted assistant with a real store behind one chat."""

    def __init__(self, bus, store):
        super().__init__(bus, bare=True)
        self.store = store
        self.asked = []

    def conversations(self, search=""):
        return self.store.conversations(search)

    def stretch(self, *what):
        self.asked.append(what)
        return self.store.stretch(*what)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    chat = store.new_conversation("Long")
    turns = [
        Turn(
            0,
            chat.id,
            "assistant" if n % 2 else "user",
            f"Message {n}. " + "And more. " * (n % 40),
            NOW + timedelta(n),
        )
        for n in range(COUNT)
    ]
    store.add_turns(chat.id, turns)
    yield store
    store.close()


@pytest.fixture
def long(qtbot, open_window, bus, store):
    window = open_window(Long(bus, store))
    transcript = window.chat.pane.transcript
    qtbot.waitUntil(lambda: len(transcript.messages) >= FIRST, timeout=10_000)
    return transcript


def numbers(transcript):
    return [message.turn.id for message in transcript.messages]


def scroll(qtbot, transcript, step, until):
    """Scroll in steps; whatever comes or goes, what is read moves by nothing else."""
    bar = transcript.verticalScrollBar()
    for _ in range(400):
        if until():
            return
        before, anchor = bar.value(), transcript._first_in_sight()
        place = transcript._y(anchor)
        bar.setValue(before + step)
        moved = bar.value() - before
        qtbot.wait(40 if transcript._asking or not moved else 1)
        if anchor in transcript.messages:
            assert abs(transcript._y(anchor) - place + moved) <= 2
    pytest.fail("the end was never reached")


def test_it_opens_at_its_end_with_a_few_messages(long, store):
    assert numbers(long)[-1] == COUNT and len(long.messages) <= FIRST + 12
    assert long.follow and long.above.isVisible() and not long.below.isVisible()


def test_it_grows_at_the_end_one_scrolls_to_and_never_jumps(qtbot, long):
    scroll(qtbot, long, -150, lambda: numbers(long)[0] < COUNT - MOST - 20)
    assert len(long.messages) <= MOST and numbers(long)[-1] < COUNT
    assert all(later - earlier == 1 for earlier, later in pairwise(numbers(long)))
    assert long.below.isVisible() and not long.follow
    scroll(qtbot, long, 300, lambda: numbers(long)[-1] == COUNT)
    assert len(long.messages) <= MOST and not long.below.isVisible()


def test_a_message_far_away_is_looked_at_and_pointed_out(qtbot, long, store):
    page = long.window().chat
    page.open(1, 4321)
    qtbot.waitUntil(lambda: 4321 in numbers(long), timeout=5000)
    assert 0 <= long._y(long._message(4321)) < 40
    assert long.ground.isVisible() and not long.follow
    long.below.click()
    qtbot.waitUntil(lambda: numbers(long)[-1] == COUNT, timeout=5000)
    assert long.follow and not long.ground.isVisible()


def test_words_that_are_sent_from_far_above_come_with_the_end(qtbot, long, store):
    page = long.window().chat
    face = page._tasks._face
    face.said[1] = []
    face.chats[1] = Conversation(1, "Long", NOW, NOW, True, COUNT)
    page.open(1, 4321)
    qtbot.waitUntil(lambda: 4321 in numbers(long), timeout=5000)
    face.hold.clear()
    page.send("And what now?")
    qtbot.waitUntil(lambda: long.live is not None and long.ends, timeout=5000)
    assert [message.text for message in long.messages[-2:-1]] == ["And what now?"]
    face.hold.set()
    qtbot.waitUntil(lambda: long.live is None and not page.live, timeout=5000)
    assert long.messages[-1].text.source == face.reply and long.follow


def test_a_chat_that_goes_on_for_long_lets_go_of_its_beginning(qtbot, window, face):
    transcript = window.chat.pane.transcript
    for number in range(MOST):
        face.said[1].append(Turn(1000 + number, 1, "user", f"More {number}", NOW))
        transcript.grow(face.stretch(1, 1000 + number, 0, 1), after=True)
    window.chat.send("And now?")
    qtbot.waitUntil(lambda: not window.chat.live and transcript.live is None, timeout=5000)
    assert len(transcript.messages) <= MOST and transcript.above.isVisible() and transcript.follow
    assert transcript.findChild(QPushButton, "earlier").isVisible()
