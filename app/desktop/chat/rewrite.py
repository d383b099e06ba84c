"""A message on its way to another version: its words in a field where it stood."""

from __future__ import annotations

from app.desktop.chat.composer import Composer
from app.desktop.widgets.basic import button

KEPT = "Enter sends it as another version; this one is kept, with what followed it"


class Rewrite(Composer):
    """The composer in a message's place. ``send`` gives the new words; ``stop`` leaves all as it was."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setObjectName("rewriting")
        self.before = text
        self.field.setObjectName("rewriteField")
        self.field.setAccessibleName("Your message in other words")
        self.send_button.setObjectName("rewriteSend")
        self.hint.setText(KEPT)
        self.hint.setWordWrap(True)
        self.stop_button.setObjectName("rewriteStop")
        leave = button(
            "Leave it", "rewriteLeave", kind="quiet", tip="Leave it as it is (Esc)", on=self.stop.emit
        )
        self.foot.insertWidget(1, leave)
        self.put(text)

    def submit(self) -> None:
        """Words that are as they were need no answer."""
        if self.words() == self.before.strip():
            self.stop.emit()
        else:
            super().submit()
