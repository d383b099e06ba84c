"""Messages said in other words and replies made again, in the window: nothing of the older ones is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.desktop.chat.bubble import Bubble
from app.desktop.chat.replied import Reply
from app.desktop.chat.rewrite import Rewrite
from app.desktop.chat.steps import Steps


def transcript(window):
    return window.chat.pane.transcript


def texts(window):
    return [
        each.text if isinstance(each, Bubble) else each.text.source for each in transcript(window).messages
    ]


def press(message, name):
    message.findChild(QPushButton, name).click()


def settled(qtbot, window):
    qtbot.waitUntil(
        lambda: not window.chat.live and all(each.turn for each in transcript(window).messages), timeout=3000
    )


def steps(message):
    found = message.findChild(Steps)
    return found.accessibleName() if found is not None and not found.isHidden() else ""


def again(qtbot, window, face, text):
    face.reply = text
    press(transcript(window).messages[-1], "again")
    qtbot.waitUntil(lambda: texts(window)[-1] == text, timeout=3000)
    settled(qtbot, window)


def test_another_reply_keeps_the_one_before(qtbot, window, face):
    first = texts(window)
    again(qtbot, window, face, "Otherwise.")
    assert steps(transcript(window).messages[-1]) == "Version 2 of 2"
    press(transcript(window).messages[-1], "versionBefore")
    qtbot.waitUntil(lambda: texts(window) == first, timeout=3000)
    reply = transcript(window).messages[-1]
    assert steps(reply) == "Version 1 of 2" and not transcript(window).ground.isVisible()
    assert not reply.findChild(QPushButton, "versionBefore").isEnabled()
    press(reply, "versionAfter")
    qtbot.waitUntil(lambda: texts(window)[-1] == "Otherwise.", timeout=3000)


def test_an_older_reply_is_made_again_and_what_followed_is_kept(qtbot, window, face):
    window.chat.send("And for six?")
    settled(qtbot, window)
    whole = texts(window)
    assert len(whole) == 4
    press(transcript(window).messages[1], "again")
    qtbot.waitUntil(lambda: len(texts(window)) == 2, timeout=3000)
    settled(qtbot, window)
    press(transcript(window).messages[-1], "versionBefore")
    qtbot.waitUntil(lambda: texts(window) == whole, timeout=3000)


def begin(qtbot, window):
    press(transcript(window).messages[0], "rewrite")
    rewrite = transcript(window).findChild(Rewrite)
    assert rewrite.words().startswith("Anna and Jonas") and not transcript(window).messages[0].isVisible()
    return rewrite


def test_words_are_changed_where_they_stand_and_answered(qtbot, window, face):
    face.reply = "For six, then."
    rewrite = begin(qtbot, window)
    rewrite.put("Scale it to six.")
    qtbot.keyClick(rewrite.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(window) == ["Scale it to six.", "For six, then."], timeout=3000)
    settled(qtbot, window)
    assert "edit Scale it to six." in face.calls
    assert steps(transcript(window).messages[0]) == "Version 2 of 2"
    press(transcript(window).messages[0], "versionBefore")
    qtbot.waitUntil(lambda: texts(window)[0].startswith("Anna and Jonas"), timeout=3000)
    assert len(texts(window)) == 2


@pytest.mark.parametrize("how", ["escape", "button", "same", "window"])
def test_leaving_it_changes_nothing(qtbot, window, face, how):
    before = texts(window)
    rewrite = begin(qtbot, window)
    if how == "escape":
        rewrite.put("Other words")
        qtbot.keyClick(rewrite.field, Qt.Key.Key_Escape)
    elif how == "button":
        press(rewrite, "rewriteLeave")
    elif how == "same":
        qtbot.keyClick(rewrite.field, Qt.Key.Key_Return)
    else:
        window.chat.stop()
    qtbot.waitUntil(transcript(window).messages[0].isVisible, timeout=1000)
    qtbot.wait(30)
    assert texts(window) == before and not [call for call in face.calls if call.startswith("edit")]
    assert not [each for each in transcript(window).findChildren(Rewrite) if each.isVisible()]


def test_up_in_an_empty_composer_changes_what_was_said_last(qtbot, window):
    field = window.chat.pane.composer.field
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert transcript(window).findChild(Rewrite).field.hasFocus()
    window.chat.stop()
    field.setPlainText("Some words")
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert not [each for each in transcript(window).findChildren(Rewrite) if each.isVisible()]


def test_a_message_can_be_changed_as_soon_as_it_is_kept(qtbot, window, face):
    face.hold.clear()
    window.chat.send("And for six?")
    bubble = transcript(window).messages[-2]
    qtbot.waitUntil(lambda: bubble.turn is not None, timeout=3000)
    press(bubble, "rewrite")
    assert transcript(window).findChild(Rewrite) is None  # not while it is answered
    window.chat.step(bubble.turn.id)
    assert window.toast.isVisible()
    face.hold.set()
    settled(qtbot, window)
    press(bubble, "rewrite")
    assert transcript(window).findChild(Rewrite) is not None


def test_what_other_people_said_is_not_changed(qtbot):
    from datetime import UTC, datetime

    from memory.records import Turn

    message = Bubble("Hi", Turn(1, 1, "user", "Hi", datetime.now(UTC), name="Marta"))
    qtbot.addWidget(message)
    assert message.findChild(QPushButton, "rewrite") is None
    assert isinstance(Reply(), Reply)
