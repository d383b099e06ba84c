from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.desktop.chat.forgetting import Goes, goes_with, sentences
from app.desktop.widgets.question import Question


def asked(qtbot, window, number):
    """The question about a chat, as its menu brings it."""
    menu = window.chat.chats.menu(number)
    next(action for action in menu.actions() if action.text().startswith("Forget")).trigger()
    qtbot.waitUntil(lambda: window.findChild(Question) is not None, timeout=3000)
    return window.findChild(Question)


def test_delete_and_forget_stand_apart_in_the_menu(window):
    menu = window.chat.chats.menu(1)
    last = menu.actions()[-3:]
    assert [action.text() for action in last] == ["Delete", "", "Forget for good…"]
    assert last[1].isSeparator()


def test_what_goes_is_counted_with_history_and_nights(face):
    goes = goes_with(face, 8)
    assert goes == Goes(messages=2, facts=2, nights=(10, 28))
    told = " ".join(text for _icon, text in sentences(goes))
    for word in ("2 messages", "2 facts", "index", "2 nights"):
        assert word in told
    assert "night 10," in sentences(Goes(2, 1, (10,)))[-1][1]
    assert "No facts" in sentences(Goes(2, 0, ()))[1][1]


def test_the_question_says_what_goes_and_that_nothing_brings_it_back(qtbot, window):
    question = asked(qtbot, window, 8)
    said = " ".join(label.text() for label in question.findChildren(QLabel))
    assert "Dinner with Anna" in said
    assert "no undo" in said
    assert "delete it: that can be undone" in said
    assert question.no.isDefault()
    assert not question.yes.isDefault()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_escape_and_enter_keep_the_chat(qtbot, window, face, key):
    question = asked(qtbot, window, 8)
    with qtbot.waitSignal(question.finished, timeout=3000):
        qtbot.keyClick(question, key)
    qtbot.wait(60)
    assert 8 in face.chats


def test_yes_forgets_and_says_how_much(qtbot, window, face):
    window.chat.open(8)
    asked(qtbot, window, 8).yes.click()
    qtbot.waitUntil(lambda: 8 not in face.chats and 1 not in face.known, timeout=3000)
    qtbot.waitUntil(lambda: "2 messages and 2 facts" in window.toast.text.text(), timeout=3000)
    assert window.chat.conversation is None
    assert not window.toast.undo_button.isVisible()
    qtbot.waitUntil(lambda: window.chat.chats.list.rows.row_of(8) < 0, timeout=3000)


def test_the_keyboard_asks_too(qtbot, window, face):
    window.chat.chats.list.choose(2)
    qtbot.keyClick(window.chat.chats.list, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.findChild(Question) is not None, timeout=3000)
    assert 2 in face.chats
    window.findChild(Question).reject()


def test_a_refusal_is_said(qtbot, window, face):
    question = asked(qtbot, window, 8)
    del face.chats[8]
    question.yes.click()
    qtbot.waitUntil(lambda: "no longer there" in window.toast.text.text(), timeout=3000)
