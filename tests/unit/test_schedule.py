"""When a night is due; jobs that survive a restart; missed nights, once."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from consolidation import schedule
from consolidation.schedule import Clock, Plan, idle, last_before, may_begin, next_run

THREE = Plan(hour=3, minute=0)


def at(day, hour, minute=0, zone=UTC):
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


def test_a_disabled_plan_never_comes():
    assert next_run(Plan(enabled=False), at(20, 9)) is None


def test_the_clock_is_that_of_the_place():
    east = timezone(timedelta(hours=9))
    assert last_before(at(20, 1, zone=east), 3, 0) == at(19, 3, zone=east)


def test_next_run():
    assert next_run(THREE, at(20, 2)) == at(20, 3)
    assert next_run(THREE, at(20, 3)) == at(21, 3)


@pytest.mark.parametrize(
    ("plan", "power", "quiet", "expected"),
    [
        (Plan(), True, True, True),
        (Plan(), False, True, False),
        (Plan(), True, False, False),
        (Plan(plugged_in=False), False, True, True),
        (Plan(idle=False), True, False, True),
    ],
)
def test_conditions(plan, power, quiet, expected):
    assert may_begin(plan, lambda: power, lambda: quiet) is expected


def test_idle_is_quiet_for_a_while_and_little_load():
    assert idle(3600, load=lambda: 5.0)
    assert not idle(3600, load=lambda: 90.0)
    assert not idle(30, load=lambda: 5.0)


def test_a_machine_without_a_battery_is_plugged_in():
    assert schedule.plugged_in() in (True, False)


def test_jobs_survive_and_a_missed_night_is_begun_once(tmp_path):
    file, rung = tmp_path / "schedule.sqlite3", threading.Semaphore(0)
    clock = Clock(file, lambda: None)
    clock.start(THREE)
    assert clock.next_run is not None and clock.next_run.hour == 3
    # as if the machine had been off for five nights: this clock watches no more, its job is long due
    clock._scheduler.pause()
    clock._scheduler.modify_job(schedule.JOB, next_run_time=datetime.now().astimezone() - timedelta(days=5))
    again = Clock(file, rung.release)
    again.start(THREE)
    try:
        assert rung.acquire(timeout=20), "the missed night was not caught up"
        assert not rung.acquire(timeout=1.5), "it was caught up more than once"
        assert again.next_run > datetime.now().astimezone()
    finally:
        again.close()
        clock.close()


def test_a_home_that_was_moved_still_rings(tmp_path):
    (tmp_path / "old").mkdir()
    before = Clock(tmp_path / "old" / "s.sqlite3", lambda: None)
    before.start(THREE)
    before.close()
    (tmp_path / "old").rename(tmp_path / "new")
    after = Clock(tmp_path / "new" / "s.sqlite3", lambda: None)
    after.start(THREE)
    assert list(after._scheduler.get_job(schedule.JOB).args) == [str(tmp_path / "new" / "s.sqlite3")]
    after.close()


def test_a_night_that_may_not_begin_is_tried_again(tmp_path):
    rung, may = threading.Semaphore(0), iter([False, True])
    clock = Clock(tmp_path / "s.sqlite3", rung.release, lambda: next(may), retry=timedelta(seconds=0.5))
    clock.start(THREE)
    try:
        schedule.ring(str(tmp_path / "s.sqlite3"))
        assert rung.acquire(timeout=20)
    finally:
        clock.close()


def test_a_disabled_clock_has_no_next_run(tmp_path):
    clock = Clock(tmp_path / "s.sqlite3", lambda: None)
    clock.start(Plan(enabled=False))
    assert clock.next_run is None
    clock.set(THREE)
    assert clock.next_run is not None
    clock.close()
