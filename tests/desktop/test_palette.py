from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QLabel

from app.desktop import acts, icons, theme
from app.desktop.actions import ACTIONS
from app.desktop.palette.finding import Entry, find, fit, fold
from app.desktop.palette.panel import Palette
from app.desktop.palette.rows import native
from app.desktop.shortcuts import Sheet

DOING = [action for action in ACTIONS if action.act is not None]


def entry(words, also="", ahead=0.0):
    return Entry(words, words, "ph.x", lambda _: None, also=also, ahead=ahead)


def found(typed, *words):
    return [one.words for one in find(typed, [entry(each) for each in words])]


@pytest.fixture
def palette(qtbot, window):
    qtbot.keyClick(window.chat.pane.composer.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.findChild(Palette) is not None, timeout=3000)
    made = window.findChild(Palette)
    qtbot.waitUntil(lambda: any(key.startswith("fact:") for key in made._known), timeout=3000)
    return made


def first(palette):
    return palette.list.rows.entries[0]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("chat", "Chat"),
        ("nc", "New chat"),
        ("new pri", "New private chat"),
        ("setub", "The port in Setúbal"),
        ("mmrs", "Memories"),
        ("MEM", "Memories"),
    ],
)
def test_few_letters_find_what_is_meant(typed, expected):
    assert (
        found(typed, "New chat", "Memories", "The port in Setúbal", "Chat", "New private chat")[0] == expected
    )


def test_what_does_not_fit_is_not_there():
    assert found("xyz", "New chat", "Memories") == []
    assert found("chat zebra", "New chat") == []
    assert not fit("mi", fold("Mornings with a very long sentence in which letters are bound to come i"))


def test_a_name_goes_before_other_words_and_an_action_before_a_sentence():
    assert [one.words for one in find("import", [entry("Bring in", "import"), entry("Important")])] == [
        "Important",
        "Bring in",
    ]
    assert find("sleep", [entry("Sleep is good"), entry("Sleep now", ahead=12)])[0].words == "Sleep now"


def test_ctrl_k_opens_and_esc_gives_the_keyboard_back(qtbot, window, palette):
    assert palette.field.hasFocus()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Palette) is None, timeout=3000)
    assert window.chat.pane.composer.field.hasFocus()


def test_everything_by_keyboard(qtbot, window, palette):
    qtbot.keyClicks(palette.field, "memor")
    assert first(palette).key == "memories"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.rail_place() == "memories"
    assert window.findChild(Palette) is None or not window.findChild(Palette).isVisible()


def test_arrows_step_and_go_round(qtbot, palette):
    count = len(palette.list.rows.entries)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == count - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    assert palette.field.accessibleDescription() == f"Enter: {palette.list.current().words}"


def test_a_chat_by_its_name(qtbot, window, palette):
    qtbot.keyClicks(palette.field, "landlord")
    assert first(palette).detail.startswith("Chat")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.chat.conversation == 3


def test_a_memory_by_its_words(qtbot, window, palette):
    qtbot.keyClicks(palette.field, "walnuts")
    assert first(palette).words == "Anna is allergic to walnuts."
    palette.list.chosen.emit(first(palette))
    assert window.rail_place() == "memories"
    qtbot.waitUntil(lambda: window.page("memories").detail.fact is not None, timeout=3000)
    assert window.page("memories").detail.fact.id == 1


def test_nothing_found_is_said(qtbot, palette):
    qtbot.keyClicks(palette.field, "zzqq")
    assert palette.nothing.isVisible() and "zzqq" in palette.nothing.plain
    assert not palette.list.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_a_press_beside_it_closes_it(qtbot, window, palette):
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=palette.rect().bottomRight())
    assert not palette.isVisible()


def test_the_table_is_without_doubles():
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)
    bound = [keys for action in DOING for keys in action.keys]
    assert len(set(bound)) == len(bound)


@pytest.mark.parametrize("name", sorted({action.icon for action in ACTIONS}))
def test_every_icon_is_there(window, name):
    assert not icons.pixmap(name, "text", 16).isNull()


def test_every_key_of_the_table_is_bound_once(window):
    window.go("memories")
    shortcuts = window.findChildren(QShortcut)
    bound = [one.key().toString() for one in shortcuts]
    for action in DOING:
        for keys in action.keys:
            assert bound.count(QKeySequence(keys).toString()) == 1, keys
    everywhere = [one for one in shortcuts if one.parent() is window]
    assert len(everywhere) == sum(len(action.keys) for action in DOING if not action.local)


@pytest.mark.parametrize("action", [one for one in DOING if one.key != "quit"], ids=lambda action: action.key)
def test_every_action_does_something_and_breaks_nothing(qtbot, window, action, monkeypatch):
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda _url: True)
    window.chat.open(2)
    action.act(window)
    qtbot.wait(30)
    for dialog in window.findChildren(QFileDialog):
        dialog.reject()
    assert window.isVisible()


def test_looks_by_name_are_kept(qtbot, window, face):
    acts.look(window, "night")
    acts.resize(window, 1)
    qtbot.waitUntil(lambda: (face.chosen.theme, face.chosen.font_scale) == ("night", 1.15), timeout=3000)
    assert theme.current().name == "night"
    acts.resize(window, 0)
    qtbot.waitUntil(lambda: face.chosen.font_scale == 1.0, timeout=3000)


def test_a_private_chat_begins_unremembered(qtbot, window, face):
    acts.private_chat(window)
    window.chat.send("Only between us.")
    qtbot.waitUntil(lambda: window.chat.conversation is not None, timeout=3000)
    assert not face.chats[window.chat.conversation].remembered


def test_the_sheet_shows_every_key(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    sheet = window.findChild(Sheet)
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    for action in ACTIONS:
        assert not action.keys or {action.words, native(action.keys[0])} <= shown
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_asked_for_twice_it_goes(window):
    acts.shortcuts(window)
    acts.shortcuts(window)
    assert not [one for one in window.findChildren(Sheet) if one.isVisible()]
    acts.shortcuts(window)
    acts.palette(window)
    assert not [one for one in window.findChildren(Sheet) if one.isVisible()]
    assert [one for one in window.findChildren(Palette) if one.isVisible()]
