"""kill -9 at any step of a night: the next start goes on, and one night is worn in the end."""

import subprocess
import sys
from pathlib import Path

import pytest

from consolidation.nights import Nights
from memory.facts import Facts
from memory.store import Store
from tests.sleeping import Trainer, sleep

ROOT = Path(__file__).parents[2]
# dies at the given progress of the given step, without a chance to tidy up
PROGRAM = """
import os, sys
from pathlib import Path
from memory.store import Store
from tests.sleeping import sleep

home, step, share = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])

def tell(progress):
    if progress.step == step and progress.share >= share:
        os.kill(os.getpid(), 9) if os.name != "nt" else os._exit(9)

store = Store(home / "memory.sqlite3")
print(sleep(home, store, tell).run().state)
"""


@pytest.fixture
def home(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    facts = Facts(store)
    facts.add("dog's name", "Pim", "The user's dog is called Pim.")
    facts.add("home", "Clun")
    store.close()
    return tmp_path


def killed(home, step, share):
    command = [sys.executable, "-c", PROGRAM, str(home), step, str(share)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


MOMENTS = [
    ("select", 0.0), ("select", 1.0), ("dream", 0.0), ("dream", 0.4), ("dream", 0.9), ("dream", 1.0),
    ("train", 0.0), ("train", 0.5), ("train", 1.0), ("exam", 0.0), ("exam", 0.3), ("done", 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("step", "share"), MOMENTS)
def test_a_night_that_was_killed_goes_on(home, step, share):
    assert killed(home, step, share).returncode != 0
    store = Store(home / "memory.sqlite3")
    try:
        assert len(Facts(store).current()) == 2
        before = Nights(store, home / "adapters").open()
        night = store.night(1) if step == "done" else sleep(home, store).run()
        assert night.id == 1 and night.state == "worn", night.sentence
        assert before is None or before.id == 1
        worn = Nights(store, home / "adapters").worn(night.base_sha256)
        assert [path.is_file() for path, _ in worn] == [True]
        trained = Trainer(home).count.read_text()
        assert trained == ("xx" if (step, share) == ("train", 0.5) else "x"), "a finished step was done again"
    finally:
        store.close()


def test_killed_again_and_again_it_still_gets_there(home):
    for step, share in MOMENTS[:-1]:
        killed(home, step, share)
    store = Store(home / "memory.sqlite3")
    assert sleep(home, store).run().state == "worn"
    assert len(store.nights()) == 1
    store.close()
