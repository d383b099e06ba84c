from __future__ import annotations

import threading

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from app.desktop.chat.bubble import Bubble
from app.desktop.chat.code import CodeBlock
from app.desktop.chat.replied import Reply
from app.desktop.chat.table import Table
from tests.desktop.scripted import PESTO, Scripted


def replies(window):
    return window.chat.pane.transcript.findChildren(Reply)


def say(qtbot, window, text):
    field = window.chat.pane.composer.field
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_the_latest_chat_is_open_with_table_and_code(window):
    assert window.chat.pane.title.whole == "Pesto for Saturday"
    assert len(window.chat.pane.transcript.findChildren(Table)) == 1
    code = window.chat.pane.transcript.findChild(CodeBlock)
    assert code.code.startswith("def scale")
    code.copy()
    assert QGuiApplication.clipboard().text() == code.code


def test_enter_sends_and_the_reply_stays(qtbot, window, face):
    say(qtbot, window, "Can I make it tonight?")
    qtbot.waitUntil(lambda: not window.chat.live and face.said[1][-1].speaker == "assistant", timeout=3000)
    qtbot.waitUntil(lambda: replies(window)[-1].turn is not None, timeout=3000)
    assert replies(window)[-1].text.source == face.reply
    assert "ask Can I make it tonight?" in face.calls
    assert replies(window)[-1].findChild(QPushButton, "recalledChip").text().strip() == "recalled: 2"
    assert replies(window)[-1].findChild(QPushButton, "learnedChip").text().strip() == "learned: night 41"


def test_shift_enter_starts_a_new_line(qtbot, window, face):
    field = window.chat.pane.composer.field
    qtbot.keyClicks(field, "one")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(field, "two")
    assert field.toPlainText() == "one\ntwo"
    assert not [call for call in face.calls if call.startswith("ask")]


def test_escape_stops_and_keeps_the_words(qtbot, window, face):
    face.pace = 0.02
    say(qtbot, window, "And?")
    qtbot.waitUntil(lambda: bool(window.chat.live) and window.chat.live[1].text != "", timeout=3000)
    assert not window.chat.pane.composer.send_button.isEnabled()
    qtbot.keyClick(window.chat.pane.composer.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.chat.live, timeout=3000)
    last = face.said[1][-1]
    assert last.state == "stopped"
    assert 0 < len(last.text) < len(face.reply)
    assert replies(window)[-1].text.source == last.text


def test_the_state_line_speaks(qtbot, window, face):
    face.hold.clear()
    say(qtbot, window, "Hm?")
    word = window.chat.pane.state.word
    qtbot.waitUntil(lambda: word.text() == "reading 100%", timeout=3000)
    face.hold.set()
    qtbot.waitUntil(lambda: word.text() == "", timeout=3000)


def test_a_new_chat_begins_with_its_first_words(qtbot, window, face):
    window.chat.new()
    window.chat.pane.remember.setChecked(False)
    say(qtbot, window, "How do I prune a young apple tree in the winter, and when?")
    qtbot.waitUntil(lambda: any("prune" in chat.title for chat in face.chats.values()), timeout=3000)
    qtbot.waitUntil(lambda: not window.chat.live and window.chat.conversation > 100, timeout=3000)
    assert not face.chats[window.chat.conversation].remembered


def test_another_chat_can_be_read_while_one_is_written(qtbot, window, face):
    face.pace = 0.02
    say(qtbot, window, "Go on")
    qtbot.waitUntil(lambda: bool(window.chat.live), timeout=3000)
    window.chat.open(8)
    qtbot.waitUntil(lambda: window.chat.pane.title.whole == "Dinner with Anna", timeout=3000)
    assert window.chat.pane.composer.send_button.toolTip() == "Send (Enter)"
    window.chat.open(1)
    qtbot.waitUntil(lambda: not window.chat.live, timeout=5000)
    qtbot.waitUntil(lambda: replies(window)[-1].text.source == face.reply, timeout=3000)


def test_thumb_is_kept_and_shown(qtbot, window, face):
    replies(window)[-1].findChild(QPushButton, "thumbUp").click()
    qtbot.waitUntil(lambda: face.said[1][-1].thumb == 1, timeout=3000)
    qtbot.waitUntil(lambda: replies(window)[-1].turn.thumb == 1, timeout=3000)


def test_delete_can_be_undone(qtbot, window, face):
    window.chat.chats.delete.emit(1)
    qtbot.waitUntil(lambda: 1 not in face.chats, timeout=3000)
    assert window.toast.isVisible()
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: 1 in face.chats and window.chat.conversation == 1, timeout=3000)


def test_rename(qtbot, window, face):
    window.chat.chats.rename.emit(1, "Pesto")
    qtbot.waitUntil(lambda: face.chats[1].title == "Pesto", timeout=3000)
    assert window.chat.pane.title.whole == "Pesto"


def test_search_finds_words_and_leads_to_them(qtbot, window):
    qtbot.keyClicks(window.chat.chats.search, "landlord")
    rows = window.chat.chats.list.rows
    qtbot.waitUntil(lambda: any(row.turn for row in rows.rows), timeout=3000)
    found = next(row.turn for row in rows.rows if row.turn)
    window.chat.chats.list._open(next(row for row in rows.rows if row.turn))
    qtbot.waitUntil(lambda: window.chat.conversation == found.conversation_id, timeout=3000)


def test_keep_and_dismiss_what_was_noticed(qtbot, window, face):
    window.chat.mind.keep.emit(31)
    window.chat.mind.dismiss.emit(32)
    qtbot.waitUntil(
        lambda: face.known[31].state == "current" and face.known[32].state == "retracted", timeout=3000
    )


def test_what_was_typed_before_the_start_is_sent_after_it(qtbot, open_window, bus):
    face, gate = Scripted(bus, bare=True), threading.Event()
    start = face.start
    face.start = lambda: (gate.wait(5), start())
    window = open_window(face, wait=False)
    say(qtbot, window, "Hello")
    assert window.chat.pane.transcript.findChildren(Bubble)
    assert window.chat.pane.state.word.text() == "waking"
    gate.set()
    qtbot.waitUntil(lambda: "ask Hello" in face.calls and not window.chat.live, timeout=5000)


def test_a_start_that_fails_says_why(qtbot, open_window):
    def refuse():
        raise RuntimeError("Another Dormouse has this folder open. Close it first.")

    class Refusing(Scripted):
        def start(self):
            refuse()

    from app.events import Bus

    window = open_window(Refusing(Bus()), wait=False)
    qtbot.waitUntil(lambda: window._banner.isVisible(), timeout=3000)
    assert "Close it first" in window._banner_words.plain


def test_no_block_that_is_finished_is_drawn_twice(qtbot):
    from app.desktop import main
    from app.desktop.chat.reply import ReplyText

    main.application()
    text = (
        "\n\n".join(f"Paragraph {n} with **bold**.\n\n```python\nx = {n}\n```" for n in range(30))
        + "\n\n"
        + PESTO
    )
    view = ReplyText()
    qtbot.addWidget(view)
    for end in range(0, len(text), 40):
        view.show_text(text[:end])
    view.show_text(text)
    once = ReplyText(text)
    qtbot.addWidget(once)
    assert plain(view) == plain(once)
    assert view.drawn_blocks < 3 * len(text) / 40 + 80


def plain(view):
    from app.desktop.chat.prose import Prose

    parts = [view._column.itemAt(at).widget() for at in range(view._column.count())]
    return [
        p.toPlainText() if isinstance(p, Prose) else p.code if isinstance(p, CodeBlock) else "table"
        for p in parts
    ]
