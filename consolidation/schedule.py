"""When Dormouse falls asleep by itself: APScheduler, with its jobs in a database beside the memory.

A job that was missed because the machine was off runs once at the next start, however many nights it were.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

JOB = "night"
RETRY = timedelta(minutes=15)
BUSY = 35.0  # per cent of all processors
_BELLS: dict[str, Callable[[], None]] = {}  # jobs are kept by name, so what they ring must be found by name


@dataclass(frozen=True, slots=True)
class Plan:
    """When, and on which conditions."""

    enabled: bool = True
    hour: int = 3
    minute: int = 0
    plugged_in: bool = True
    idle: bool = True


def last_before(now: datetime, hour: int, minute: int) -> datetime:
    """The latest moment of that time of day that has been."""
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def next_run(plan: Plan, now: datetime) -> datetime | None:
    """The next time by the clock, conditions aside."""
    return last_before(now, plan.hour, plan.minute) + timedelta(days=1) if plan.enabled else None


def plugged_in() -> bool:
    """Whether the machine has mains power; one without a battery, or that does not tell, has."""
    sensors = getattr(psutil, "sensors_battery", None)
    if sensors is None:
        return True
    try:
        battery = sensors()
    except (OSError, psutil.Error):  # some virtual machines show a battery that cannot be read
        return True
    return battery is None or battery.power_plugged is not False


def idle(quiet_since: float, quiet_for: float = 600.0, load: Callable[[], float] | None = None) -> bool:
    """Whether nobody seems to use the machine.

    Args:
        quiet_since: seconds since the user last said something here.
        quiet_for: seconds that must have passed.
        load: per cent of the processors in use; measured over a second by default.
    """
    if quiet_since < quiet_for:
        return False
    return (load or (lambda: psutil.cpu_percent(interval=1.0)))() < BUSY


def may_begin(
    plan: Plan, power: Callable[[], bool] = plugged_in, quiet: Callable[[], bool] = lambda: True
) -> bool:
    """Whether the conditions of the plan hold."""
    return (not plan.plugged_in or power()) and (not plan.idle or quiet())


def ring(key: str) -> None:
    """What the scheduler calls; the clock of that name, if it is in this process, does the rest."""
    bell = _BELLS.get(key)
    if bell is not None:
        bell()


class Clock:
    """Rings when a night is due and its conditions hold; tries again later when they do not.

    Args:
        file: where the jobs are kept.
        begin: starts a night.
        may_begin: whether the conditions hold now.
        retry: how long to wait when they do not.
    """

    def __init__(
        self,
        file: Path,
        begin: Callable[[], None],
        may_begin: Callable[[], bool] = lambda: True,
        retry: timedelta = RETRY,
    ) -> None:
        from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
        from apscheduler.schedulers.background import BackgroundScheduler

        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        self._key, self._begin, self._may_begin, self._retry = str(file), begin, may_begin, retry
        defaults: Mapping[str, object] = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{file}")}, job_defaults=defaults
        )
        _BELLS[self._key] = self._ring

    def start(self, plan: Plan) -> None:
        """Begin to watch; a night missed while nobody watched is begun now, once."""
        self._scheduler.start(paused=True)
        self.set(plan)
        self._scheduler.resume()

    def set(self, plan: Plan) -> None:
        """Another time; a missed night of an unchanged one stays missed until it is caught up.

        A job that rings where this home used to be is set anew.
        """
        job = self._scheduler.get_job(JOB)
        if not plan.enabled:
            if job is not None:
                job.remove()
            return
        wanted = f"{plan.hour:02}:{plan.minute:02}"
        if job is None or job.name != wanted or list(job.args) != [self._key]:
            self._scheduler.add_job(
                ring, "cron", args=[self._key], hour=plan.hour, minute=plan.minute, id=JOB, name=wanted,
                replace_existing=True,
            )  # fmt: skip

    @property
    def next_run(self) -> datetime | None:
        """When it rings next."""
        job = self._scheduler.get_job(JOB)
        return None if job is None else job.next_run_time

    def _ring(self) -> None:
        if self._may_begin():
            self._begin()
            return
        if self._scheduler.get_job(JOB) is not None:
            self._scheduler.modify_job(JOB, next_run_time=datetime.now().astimezone() + self._retry)

    def close(self) -> None:
        """Stop watching; the jobs stay."""
        _BELLS.pop(self._key, None)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
