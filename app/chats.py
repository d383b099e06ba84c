"""Conversations as the window and the commands use them: talking, versions, the list. Part of the face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.one_chat import export_chat

if TYPE_CHECKING:
    from pathlib import Path

    from app.assistant import Assistant
    from app.jobs import Idle
    from app.remembering import Remembering
    from memory.one_chat import Kind
    from memory.records import Conversation, Forgotten, Stretch, Turn
    from memory.store import Store


class Chats:
    """The half of the face that is about what was said."""

    store: Store
    assistant: Assistant
    memory: Remembering
    idle: Idle

    if TYPE_CHECKING:

        def _changed(self, *kinds: str) -> None: ...

    def conversations(self, search: str = "") -> list[Conversation]:
        return self.store.conversations(search)

    def turns(self, conversation_id: int) -> list[Turn]:
        return self.store.turns(conversation_id)

    def stretch(
        self, conversation_id: int, at: int | None = None, before: int = 0, after: int = 0
    ) -> Stretch:
        """At most so many messages from before ``at``, or from the end, and so many from there on."""
        return self.store.stretch(conversation_id, at, before, after)

    def new_conversation(self, remembered: bool = True) -> Conversation:
        conversation = self.store.new_conversation(remembered=remembered)
        self._changed("conversations")
        return conversation

    def rename(self, conversation_id: int, title: str) -> None:
        self.store.rename_conversation(conversation_id, title)
        self._changed("conversations")

    def pin_conversation(self, conversation_id: int, on: bool) -> None:
        """Keep a chat at the top of the list, or no longer."""
        self.store.pin_conversation(conversation_id, on)
        self._changed("conversations")

    def file_conversation(self, conversation_id: int, folder: str) -> None:
        """Put a chat into a folder, or, with no name, into none."""
        self.store.file_conversation(conversation_id, folder)
        self._changed("conversations")

    def rename_folder(self, folder: str, name: str) -> list[int]:
        """Give a folder another name, or, with none, take its chats out; returns which chats were in it."""
        chats = self.store.rename_folder(folder, name)
        self._changed("conversations")
        return chats

    def export_chat(self, conversation_id: int, path: Path, kind: Kind) -> str:
        """Write one chat, in every version, as ``markdown`` or ``json``; the sentence says what."""
        messages = export_chat(self.store, conversation_id, path, kind)
        return f"Wrote {messages} {'message' if messages == 1 else 'messages'} to {path}"

    def set_remembered(self, conversation_id: int, on: bool) -> None:
        self.store.set_remembered(conversation_id, on)
        self._changed("conversations")

    def delete_conversation(self, conversation_id: int) -> None:
        """Put a conversation away; ``restore_conversation`` or ``undo`` brings it back."""
        self.assistant.stop(conversation_id)
        self.store.delete_conversation(conversation_id)
        self._changed("conversations")

    def restore_conversation(self, conversation_id: int) -> Conversation:
        conversation = self.store.restore_conversation(conversation_id)
        self._changed("conversations")
        return conversation

    def forget_conversation(self, conversation_id: int) -> Forgotten:
        """Remove a conversation for good."""
        self.assistant.hush()
        return self.memory.forget_conversation(conversation_id)

    def search(self, words: str) -> list[Turn]:
        return self.store.search_turns(words)

    def ask(self, conversation_id: int, text: str) -> Turn:
        """Keep the user's words and answer them; the bus carries the reply as it is written."""
        try:
            return self.assistant.ask(conversation_id, text)
        finally:
            self.idle.wake()

    def stop(self, conversation_id: int) -> None:
        self.assistant.stop(conversation_id)

    def regenerate(self, turn_id: int) -> Turn:
        """Answer the same words again; the older reply is kept as another version, with what followed it."""
        return self.assistant.regenerate(turn_id)

    def edit_message(self, turn_id: int, text: str) -> Turn:
        """Say it in other words and answer those; the older version is kept, with what followed it."""
        try:
            return self.assistant.edit(turn_id, text)
        finally:
            self.idle.wake()

    def show_version(self, turn_id: int) -> None:
        """Show this version of a message, with what followed it, in place of the one that is shown."""
        conversation_id = self.store.turn(turn_id).conversation_id
        self.assistant.stop(conversation_id)
        self.store.show_version(turn_id)
        self._changed("conversations", "turns")
        self.idle.wake()

    def set_thumb(self, turn_id: int, thumb: int) -> Turn:
        return self.store.set_thumb(turn_id, thumb)
