"""When nights begin by themselves: on the clock, and when a night that was cut off can go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.events import Bus, Changed
from consolidation import schedule
from consolidation.schedule import Clock, Plan

if TYPE_CHECKING:
    from app.home import Home
    from app.settings import Settings
    from app.sleeping import Sleeping
    from memory.store import Store


@dataclass(frozen=True, slots=True)
class Schedule:
    """When nights start by themselves, and the next time that is."""

    enabled: bool
    hour: int
    minute: int
    plugged_in: bool
    idle: bool
    next_run: datetime | None


class Bedtime:
    """The clock of one home.

    Args:
        home: whose settings say when.
        store: when the user last said something.
        sleeping: begins the nights.
        bus: told of changes.
    """

    def __init__(self, home: Home, store: Store, sleeping: Sleeping, bus: Bus) -> None:
        self._home, self._store, self._sleeping, self._bus = home, store, sleeping, bus
        self._clock: Clock | None = None
        self._set_to: Plan | None = None

    def schedule(self) -> Schedule:
        plan = plan_of(self._home.settings)
        by_the_clock = schedule.next_run(plan, datetime.now().astimezone())
        rings = self._clock.next_run if self._clock is not None and plan.enabled else None
        return Schedule(
            plan.enabled, plan.hour, plan.minute, plan.plugged_in, plan.idle, rings or by_the_clock
        )

    def set_schedule(
        self, *, enabled: bool, hour: int, minute: int, plugged_in: bool, idle: bool
    ) -> Schedule:
        """When to sleep by itself; every part is kept as a setting."""
        values = {"night_hour": hour, "night_minute": minute, "night_plugged_in": plugged_in}
        for name, value in {"nights": enabled, "night_idle": idle, **values}.items():
            self._home.change(name, value)
        if self._clock is not None:
            self.mind_the_clock()
        self._bus.tell(Changed(frozenset({"nights", "settings"})))
        return self.schedule()

    def mind_the_clock(self, _give_way: object = None) -> None:
        """Start the clock, keep it at what the settings say, and go on with a night that was cut off."""
        plan = plan_of(self._home.settings)
        if self._clock is None:
            self._clock = Clock(self._home.path / "schedule.sqlite3", self._due, self._may_sleep)
            self._clock.start(plan)
        elif plan != self._set_to:
            self._clock.set(plan)
        self._set_to = plan
        if plan.enabled and self._sleeping.cut_off and self._may_sleep():
            self._sleeping.start()

    def _may_sleep(self) -> bool:
        newest = self._store.conversations(limit=1)
        quiet = (datetime.now(UTC) - newest[0].updated).total_seconds() if newest else 1e9
        return schedule.may_begin(plan_of(self._home.settings), quiet=lambda: schedule.idle(quiet))

    def _due(self) -> None:
        """The clock rang: sleep, if there is anything new to learn."""
        if self._sleeping.something_new() and not self._sleeping.asleep:
            self._sleeping.start()

    def close(self) -> None:
        if self._clock is not None:
            self._clock.close()


def plan_of(settings: Settings) -> Plan:
    """When to sleep, as the settings say it."""
    return Plan(
        settings.nights,
        settings.night_hour,
        settings.night_minute,
        settings.night_plugged_in,
        settings.night_idle,
    )
