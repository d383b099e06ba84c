"""Everything that can be done with a key or by name, in one table.

The palette, the shortcuts and the sheet that shows them read it; nothing else declares a key for the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.desktop import acts
from app.desktop.rail import PLACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.desktop.window import Window


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    Args:
        key: its name in the code.
        words: its name for a person.
        group: the heading that it stands under.
        icon: its picture.
        act: does it; None where the widget that has the keyboard does it by itself.
        keys: the shortcuts, the first of which is shown.
        also: other words by which it is found.
        local: a place binds the keys for itself, because elsewhere they mean something else.
    """

    key: str
    words: str
    group: str
    icon: str
    act: Callable[[Window], object] | None = None
    keys: tuple[str, ...] = ()
    also: str = ""
    local: bool = False


def _places() -> Iterator[Action]:
    for number, (key, words, icon) in enumerate(PLACES, 1):
        keys = (f"Ctrl+{number}", "Ctrl+,") if key == "settings" else (f"Ctrl+{number}",)
        yield Action(key, words, "Go to", icon, with_(acts.go, key), keys, "go show open")


def _pages() -> Iterator[Action]:
    for card, words, icon in acts.CARDS:
        show = with_(acts.show_card, card)
        yield Action(
            f"settings_{card}", f"Settings: {words}", "Settings", icon, show, also="preferences options"
        )


def with_(act: Callable[[Window, Any], object], value: object) -> Callable[[Window], object]:
    """An act that needs to be told one thing more."""
    return lambda window: act(window, value)


CHAT, MEMORIES, NIGHTS, LOOKS, DATA, APP = "Chat", "Memories", "Nights", "Looks", "Your data", "Dormouse"
SELECTED = "The chosen memory"

ACTIONS: tuple[Action, ...] = (
    *_places(),
    Action("new_chat", "New chat", CHAT, "ph.note-pencil", acts.new_chat, ("Ctrl+N",), "begin"),
    Action("private_chat", "New chat, not remembered", CHAT, "ph.eye-slash", acts.private_chat,
           ("Ctrl+Shift+N",), "private secret incognito"),
    Action("quick", "Ask quickly, in a small window", CHAT, "ph.chat-circle-dots", acts.quick,
           ("Ctrl+Shift+Space",), "question small"),
    Action("stop", "Stop the reply, or leave what is open", CHAT, "ph.stop", acts.escape, ("Esc",),
           "cancel"),
    Action("find", "Search here", CHAT, "ph.magnifying-glass", acts.find, ("Ctrl+F",), "find"),
    Action("mind", "Show or hide In mind", CHAT, "ph.columns", acts.mind, ("Ctrl+J",),
           "panel notes recalled"),
    Action("rename_chat", "Rename this chat", CHAT, "ph.pencil-simple", acts.rename_chat, also="title"),
    Action("delete_chat", "Delete this chat", CHAT, "ph.trash", acts.delete_chat, also="remove"),
    Action("forget_chat", "Forget this chat for good…", CHAT, "ph.eraser", acts.forget_chat,
           also="delete erase"),
    Action("send", "Send", CHAT, "ph.arrow-up", keys=("Enter",)),
    Action("line", "Start a new line", CHAT, "ph.arrow-down", keys=("Shift+Enter",)),
    Action("say_anew", "Say the last message in other words", CHAT, "ph.pencil-line", keys=("Up",)),
    Action("list_rename", "Rename, in the list of chats", CHAT, "ph.pencil-simple", keys=("F2",)),
    Action("list_pin", "Pin or unpin, in the list of chats", CHAT, "ph.push-pin", keys=("P",)),
    Action("list_delete", "Delete, in the list of chats", CHAT, "ph.trash", keys=("Del",)),
    Action("list_forget", "Forget for good, in the list of chats", CHAT, "ph.eraser", keys=("Shift+Del",)),
    Action("add_fact", "Add a memory", MEMORIES, "ph.plus", acts.add_fact, ("Ctrl+Shift+A",), "fact new",
           True),
    Action("review", "Review what waits for a yes or a no", MEMORIES, "ph.check-square", acts.review, (),
           "inbox"),
    Action("view_table", "Memories as a table", MEMORIES, "ph.table", with_(acts.view, "table"), ("Alt+1",),
           "list", True),
    Action("view_cards", "Memories as cards", MEMORIES, "ph.cards", with_(acts.view, "cards"), ("Alt+2",),
           "grid", True),
    Action("view_timeline", "Memories on a timeline", MEMORIES, "ph.clock-counter-clockwise",
           with_(acts.view, "timeline"), ("Alt+3",), "history when", True),
    Action("view_map", "Memories on a map", MEMORIES, "ph.map-trifold", with_(acts.view, "map"), ("Alt+4",),
           "meaning near", True),
    Action("undo", "Undo the last change", MEMORIES, "ph.arrow-counter-clockwise", acts.undo, ("Ctrl+Z",),
           "take back", True),
    Action("redo", "Do it again", MEMORIES, "ph.arrow-clockwise", acts.redo, ("Ctrl+Shift+Z",), "redo",
           True),
    Action("fact_edit", "Edit", SELECTED, "ph.pencil-simple", keys=("F2",)),
    Action("fact_pin", "Pin", SELECTED, "ph.push-pin", keys=("P",)),
    Action("fact_merge", "Merge with others", SELECTED, "ph.git-merge", keys=("M",)),
    Action("fact_forget", "Forget", SELECTED, "ph.eraser", keys=("Del",)),
    Action("fact_keep", "Keep what was proposed", SELECTED, "ph.check", keys=("K",)),
    Action("fact_dismiss", "Dismiss what was proposed", SELECTED, "ph.x", keys=("D",)),
    Action("keep_all", "Keep all that waits", SELECTED, "ph.checks", keys=("Shift+K",)),
    Action("dismiss_all", "Dismiss all that waits", SELECTED, "ph.x-circle", keys=("Shift+D",)),
    Action("sleep", "Sleep now", NIGHTS, "ph.moon-stars", acts.sleep, also="start night train"),
    Action("wake", "Cancel the night", NIGHTS, "ph.sun-horizon", acts.wake, also="stop wake"),
    Action("report", "Read the last morning report", NIGHTS, "ph.newspaper", acts.report,
           also="exam learned"),
    Action("theme_system", "Theme: like the system", LOOKS, "ph.desktop", with_(acts.look, "system"),
           also="colours appearance"),
    Action("theme_day", "Theme: day", LOOKS, "ph.sun", with_(acts.look, "day"), also="light"),
    Action("theme_night", "Theme: night", LOOKS, "ph.moon", with_(acts.look, "night"), also="dark"),
    Action("flip", "Day or night, the other one", LOOKS, "ph.circle-half", acts.flip, ("Ctrl+Shift+T",),
           "dark light"),
    Action("larger", "Larger text", LOOKS, "ph.text-aa", with_(acts.resize, 1),
           ("Ctrl++", "Ctrl+="), "zoom font bigger"),
    Action("smaller", "Smaller text", LOOKS, "ph.text-t", with_(acts.resize, -1),
           ("Ctrl+-",), "zoom font"),
    Action("usual", "Usual text size", LOOKS, "ph.text-t", with_(acts.resize, 0),
           ("Ctrl+0",), "zoom font reset"),
    Action("bring_file", "Bring in conversations: a file…", DATA, "ph.file-plus",
           with_(acts.press, "bringFile"), also="import chatgpt claude markdown"),
    Action("bring_folder", "Bring in conversations: a folder…", DATA, "ph.folder-simple-plus",
           with_(acts.press, "bringFolder"), also="import notes markdown"),
    Action("export_file", "Export everything to one file…", DATA, "ph.export",
           with_(acts.press, "exportFile"), also="save"),
    Action("export_folder", "Export everything to a folder to read…", DATA, "ph.file-text",
           with_(acts.press, "exportFolder"), also="markdown save"),
    Action("backup", "Back up…", DATA, "ph.floppy-disk", with_(acts.press, "backup"), also="copy save"),
    Action("restore", "Restore a backup…", DATA, "ph.clock-counter-clockwise", with_(acts.press, "restore"),
           also="copy back"),
    Action("forget_everything", "Forget everything…", DATA, "ph.eraser",
           with_(acts.press, "forgetEverything"), also="delete erase reset wipe"),
    Action("folder", "Open the data folder", DATA, "ph.folder-open", with_(acts.press, "showFolder"),
           also="home open files"),
    *_pages(),
    Action("palette", "Find anything", APP, "ph.magnifying-glass", acts.palette, ("Ctrl+K",),
           "command palette"),
    Action("shortcuts", "Keyboard shortcuts", APP, "ph.keyboard", acts.shortcuts, ("Ctrl+/",), "keys help"),
    Action("quit", "Quit", APP, "ph.power", acts.leave, ("Ctrl+Q",), "exit close end"),)  # fmt: skip


def keys_of(key: str) -> tuple[str, ...]:
    """The shortcuts of an action."""
    return next(action.keys for action in ACTIONS if action.key == key)
