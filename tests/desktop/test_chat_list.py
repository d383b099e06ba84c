"""The list of chats: pinned, in folders, named where they stand, searched, written to files."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.desktop.chat.chatrows import excerpt, rows_of


@pytest.fixture
def chats(window):
    return window.chat.chats


def names(chats):
    return [row.name for row in chats.list.rows.rows]


def menu(chats, number):
    return chats.menu(number)


def acts(menu):
    """Everything in a menu and its submenus, by its words."""
    found = {}
    for action in menu.actions():
        if not action.isSeparator():
            found |= acts(action.menu()) if action.menu() else {action.text(): action}
    return found


def test_pinned_chats_stand_first_until_they_are_unpinned(qtbot, chats, face):
    acts(menu(chats, 5))["Pin to the top"].trigger()
    qtbot.waitUntil(lambda: names(chats)[:2] == ["Pinned", "Names for the allotment"], timeout=3000)
    assert names(chats).count("Names for the allotment") == 1
    chats.list.choose(5)
    qtbot.keyClick(chats.list, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: "Pinned" not in names(chats), timeout=3000)
    assert not face.chats[5].pinned


def rename(qtbot, chats, text):
    editor = chats.list.findChild(QLineEdit, "renameChat")
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_a_new_folder_is_named_where_it_stands(qtbot, chats, face):
    acts(menu(chats, 2))["A new folder"].trigger()
    qtbot.waitUntil(lambda: chats.list.findChild(QLineEdit, "renameChat") is not None, timeout=3000)
    chats.refresh()  # whatever happens meanwhile, what is typed stays
    qtbot.wait(100)
    rename(qtbot, chats, "Lisbon")
    qtbot.waitUntil(lambda: face.chats[2].folder == "Lisbon", timeout=3000)
    qtbot.waitUntil(lambda: names(chats)[:2] == ["Lisbon", "Lisbon flat, second viewing"], timeout=3000)


def test_a_folder_folds_and_is_searched_all_the_same(qtbot, chats, face):
    face.file_conversation(2, "Lisbon")
    chats.refresh()
    qtbot.waitUntil(lambda: names(chats)[0] == "Lisbon", timeout=3000)
    chats.list.setCurrentIndex(chats.list.rows.index(0))
    qtbot.keyClick(chats.list, Qt.Key.Key_Return)
    assert "Lisbon flat, second viewing" not in names(chats) and chats.list.rows.rows[0].count == 1
    qtbot.keyClicks(chats.search, "second")
    qtbot.waitUntil(lambda: "Lisbon flat, second viewing" in names(chats), timeout=3000)
    chats.search.clear()
    qtbot.waitUntil(lambda: "Lisbon flat, second viewing" not in names(chats), timeout=3000)
    place = chats.list.visualRect(chats.list.rows.index(0)).center()
    qtbot.mouseClick(chats.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Lisbon flat, second viewing" in names(chats)


def test_moving_and_emptying_can_be_undone(qtbot, window, chats, face):
    face.file_conversation(2, "Lisbon")
    chats.refresh()
    qtbot.waitUntil(lambda: names(chats)[0] == "Lisbon", timeout=3000)
    acts(menu(chats, 3))["Lisbon"].trigger()
    qtbot.waitUntil(lambda: face.chats[3].folder == "Lisbon", timeout=3000)
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: face.chats[3].folder == "", timeout=3000)
    chats.list.setCurrentIndex(chats.list.rows.index(0))
    qtbot.keyClick(chats.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: face.chats[2].folder == "", timeout=3000)
    qtbot.waitUntil(lambda: "1 chat" in window.toast.text.text(), timeout=3000)
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: face.chats[2].folder == "Lisbon", timeout=3000)


def test_both_menus_offer_what_is_there(chats, face):
    assert list(acts(menu(chats, 1))) == [
        "Rename",
        "Pin to the top",
        "A new folder",
        "As Markdown, to read…",
        "As JSON, for programs…",
        "Delete",
        "Forget for good…",
    ]
    assert list(acts(chats.menus.of_folder("Lisbon", chats))) == ["Rename", "Take the chats out"]


def test_a_found_message_is_looked_at_and_pointed_out(qtbot, window, chats):
    qtbot.keyClicks(chats.search, "cashew")
    qtbot.waitUntil(lambda: any(row.turn for row in chats.list.rows.rows), timeout=3000)
    row = next(row for row in chats.list.rows.rows if row.turn)
    chats.list._open(row)
    transcript = window.chat.pane.transcript
    qtbot.waitUntil(lambda: transcript.ground.isVisible(), timeout=3000)
    looked_at = transcript._message(row.turn.id)
    assert transcript.ground.geometry().contains(looked_at.geometry().center())
    qtbot.waitUntil(lambda: not transcript.ground.isVisible(), timeout=4000)


@pytest.mark.parametrize(
    ("text", "sought", "parts"),
    [
        ("The landlord wrote", "land", ("The ", "land", "lord wrote")),
        ("a\nb " + "word " * 20 + "landlord", "landlord", ("… word word word word word ", "landlord", "")),
        ("Nothing of it", "landlord", ("Nothing of it", "", "")),
        ("Un café, olé", "ole café", ("Un ", "café", ", olé")),
        ("| **Basil** | `x` |\n|---|---|", "basil", ("", "Basil", " x")),
        ("c++ (yes)", "c++ (", ("", "c", "++ (yes)")),
    ],
)
def test_what_was_searched_stands_in_the_line(text, sought, parts):
    assert excerpt(text, sought) == parts


def test_without_chats_there_are_no_rows():
    assert rows_of([]) == []


@pytest.mark.parametrize(
    ("kind", "ending"), [("As Markdown, to read…", ".md"), ("As JSON, for programs…", ".json")]
)
def test_one_chat_is_written_to_a_file(qtbot, window, chats, face, tmp_path, kind, ending):
    acts(menu(chats, 2))[kind].trigger()
    dialog = window.chat.findChild(QFileDialog, "exportChat")
    assert dialog.selectedFiles()[0].endswith(f"Lisbon flat second viewing{ending}")
    dialog.fileSelected.emit(str(tmp_path / f"chat{ending}"))
    qtbot.waitUntil(lambda: "Wrote 2 messages" in window.toast.text.text(), timeout=3000)
    assert (tmp_path / f"chat{ending}").read_text("utf-8").endswith(" 2")
    dialog.reject()
