"""What the actions of the table do to the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.desktop import theme, undoing

if TYPE_CHECKING:
    from app.desktop.window import Window

SCALES = ((0.9, "Small"), (1.0, "Usual"), (1.15, "Large"), (1.3, "Larger"))
CARDS = (
    ("looks", "How it looks", "ph.palette"),
    ("memory", "What I notice", "ph.eye"),
    ("starting", "Starting and staying", "ph.power"),
    ("data", "Your data", "ph.database"),
    ("moving", "Bring in and take out", "ph.arrows-left-right"),
    ("keys", "Keys", "ph.keyboard"),
    ("everything", "Begin anew", "ph.eraser"),
)


def go(window: Window, place: str) -> None:
    window.go(place)


def new_chat(window: Window) -> None:
    window.go("chat")
    window.chat.new()


def private_chat(window: Window) -> None:
    """A chat of which nothing is noticed, recalled or learned."""
    window.go("chat")
    window.chat.new(remembered=False)


def rename_chat(window: Window) -> None:
    if _in_chat(window):
        window.chat.chats.show()
        window.chat.chats.list.rename(window.chat.conversation)


def delete_chat(window: Window) -> None:
    if _in_chat(window):
        window.chat.chats.delete.emit(window.chat.conversation)


def forget_chat(window: Window) -> None:
    if _in_chat(window):
        window.chat.chats.forget.emit(window.chat.conversation)


def escape(window: Window) -> None:
    """Leave what lies over the window, else what is being edited, else stop the reply."""
    if window.uncover():
        return
    page = window.shown()
    if page is window.chat:
        window.chat.stop()
    elif hasattr(page, "escape"):
        page.escape()


def find(window: Window) -> None:
    """To the search line of the place that is shown; the chats' where it has none."""
    page = window.shown()
    if not hasattr(page, "search"):
        window.go("chat")
        window.chat.chats.show()
    field = page.search if hasattr(page, "search") else window.chat.chats.search
    field.setFocus()
    field.selectAll()


def mind(window: Window) -> None:
    window.go("chat")
    window.chat.fold()


def add_fact(window: Window) -> None:
    window.go("memories")
    window.page("memories").add()


def review(window: Window) -> None:
    window.go("memories")
    window.page("memories").review()


def view(window: Window, key: str) -> None:
    """The memories, looked at one way."""
    window.go("memories")
    window.page("memories").views.choose(key)


def undo(window: Window) -> None:
    """What the message at the foot offers to undo, else the last change to a memory or a chat."""
    undoing.undo(window.tasks, window.toast, window)


def redo(window: Window) -> None:
    undoing.redo(window.tasks, window.toast, window)


def sleep(window: Window) -> None:
    window.go("nights")
    window.page("nights").sleep()


def wake(window: Window) -> None:
    window.tasks.now(lambda face: face.cancel_night())


def report(window: Window) -> None:
    """The newest night that is over."""
    window.go("nights")
    window.page("nights").choose_latest()


def look(window: Window, choice: str) -> None:
    """Day, night or like the system, at once and from now on."""
    theme.current().choose(choice)
    _keep(window, "theme", choice)


def flip(window: Window) -> None:
    look(window, "day" if theme.current().name == "night" else "night")


def resize(window: Window, step: int) -> None:
    """One size up or down, or back to the usual one."""
    sizes = [value for value, _words in SCALES]
    near = min(range(len(sizes)), key=lambda at: abs(sizes[at] - theme.current().scale))
    size = sizes[min(len(sizes) - 1, max(0, near + step))] if step else 1.0
    theme.current().set_scale(size)
    _keep(window, "font_scale", size)


def press(window: Window, name: str) -> None:
    """A button of the settings, as if it had been pressed there."""
    window.go("settings")
    window.page("settings").press(name)


def show_card(window: Window, card: str) -> None:
    window.go("settings")
    window.page("settings").show_card(card)


def palette(window: Window) -> None:
    from app.desktop.palette.panel import Palette  # made when it is first asked for: the start stays short

    window.cover(Palette)


def shortcuts(window: Window) -> None:
    from app.desktop.shortcuts import Sheet

    window.cover(Sheet)


def quick(window: Window) -> None:
    window.ask_quickly()


def leave(window: Window) -> None:
    window.leave()


def _in_chat(window: Window) -> bool:
    window.go("chat")
    return window.chat.conversation is not None


def _keep(window: Window, name: str, value: object) -> None:
    window.tasks.write(
        lambda face: face.set_setting(name, value), lambda _: window.settings_changed(), owner=window
    )
