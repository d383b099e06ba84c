"""A real night on the built-in model: killed, stopped, cancelled and gone on with."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.home import Home
from memory.facts import Facts
from memory.store import Store

ROOT = Path(__file__).parents[2]


@pytest.mark.model
@pytest.mark.slow
def test_a_real_night_killed_while_it_trains_and_in_its_exam_goes_on_where_it_was(tmp_path):
    home = Home(tmp_path / "home")
    store = Store(home.database, home.backups)
    Facts(store).add("dog's name", "Pim")
    night = RealNight(home.path, epochs=4)
    assert night.wait_for(lambda line: line["step"] == "train" and line["share"] > 0.3)
    night.kill()
    assert list((home.path / "nights" / "0001").glob("*.checkpoint"))
    again = RealNight(home.path, epochs=4)
    first = again.wait_for(lambda line: line["step"] == "train" and line["share"] > 0)
    assert first and first["share"] > 0.25, "it began training afresh"
    assert again.wait_for(lambda line: line["step"] == "exam" and line["share"] > 0)
    again.kill()
    last = RealNight(home.path, epochs=4)
    assert last.wait_for(lambda line: line["step"] != "select")["step"] == "exam", "it trained once more"
    assert last.end() == 0
    assert store.night(1).state in ("worn", "kept"), store.night(1).sentence
    store.close()


@pytest.mark.model
def test_a_cancelled_night_changes_nothing_and_a_stopped_one_can_go_on(tmp_path):
    home = Home(tmp_path / "home")
    store = Store(home.database, home.backups)
    Facts(store).add("dog's name", "Pim")
    night = RealNight(home.path)
    assert night.wait_for(lambda line: line["step"] == "dream")
    second = RealNight(home.path)
    assert second.end() == 2, "two nights at once"
    night.process.send_signal(signal.SIGTERM if os.name != "nt" else signal.CTRL_BREAK_EVENT)
    assert night.end() == 3
    assert store.night(1).state in ("selecting", "dreaming")
    night = RealNight(home.path)
    assert night.wait_for(lambda line: line["step"] == "dream")
    night.process.stdin.write("cancel\n")
    night.process.stdin.flush()
    assert night.end() == 0
    assert store.night(1).state == "cancelled" and len(store.nights()) == 1
    store.close()


class RealNight:
    """A night in a process of its own, on the built-in model."""

    PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from app.home import Home
from consolidation import sleep
from consolidation.bed import RECIPE
home, recipe = Home(Path(sys.argv[1])), replace(RECIPE, epochs=int(sys.argv[2]))
raise SystemExit(sleep.main(home, bed=replace(sleep.bed_of(home), recipe=recipe, every=1.0)))
"""

    def __init__(self, home, epochs=1):
        command = [sys.executable, "-c", self.PROGRAM, str(home), str(epochs)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def wait_for(self, wanted, seconds=300):
        end = time.monotonic() + seconds
        for line in self.process.stdout:
            said = json.loads(line)
            if wanted(said):
                return said
            if time.monotonic() > end:
                break
        return None

    def kill(self):
        self.process.kill()
        self.end()

    def end(self, seconds=300):
        """Wait for its end; returns the exit status."""
        for _ in self.process.stdout:
            pass
        status = self.process.wait(timeout=seconds)
        self.process.stdin.close()
        self.process.stdout.close()
        return status
