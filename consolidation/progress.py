"""How far a night is, as its process tells it and the app hears it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a night is: ``step`` of select, dream, train, exam, done; ``share`` of that step.

    Between the processes it is a line of JSON.
    """

    night_id: int
    step: str
    share: float
    sentence: str = ""
    loss: float | None = None
    seconds_left: float | None = None
