"""How the arguments are read, and a second start beside the first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import login, opening
from app.home import Home


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], (None, "")),
        (["quick"], (None, "quick")),
        (["--home", "/h"], (Path("/h"), "")),
        (["--home", "/h", "--in-tray"], (Path("/h"), "in-tray")),
    ],
)
def test_ways_to_open_a_window(arguments, found):
    assert opening.asks_for_window(arguments)
    folder, rest = opening.way(arguments)
    assert (folder, opening.WAYS[rest]) == found


@pytest.mark.parametrize("arguments", [["facts"], ["--home", "/h", "facts"], ["--home"], ["quick", "facts"]])
def test_commands_open_none(arguments):
    assert not opening.asks_for_window(arguments)


def test_the_home_knows_whether_it_is_taken(tmp_path):
    home = Home(tmp_path / "home")
    assert not home.busy() and not home.owned
    other = Home(tmp_path / "home")
    other.lock()
    assert home.busy() and not home.owned
    other.unlock()
    assert not home.busy()


def test_starting_anew_is_this_program_with_its_home(tmp_path):
    command = login.command(tmp_path)
    assert command[0] == sys.executable and command[-2:] == ["--home", str(tmp_path)]


def test_the_program_is_started_anew_when_that_is_wished(tmp_path):
    """The window wishes it once; the second program finds the mark and ends as usual."""
    code = (
        "import sys; from pathlib import Path; from app import opening; from app.desktop import main\n"
        "mark = Path(sys.argv[1]) / 'mark'\n"
        "main.run = lambda *a, **k: (mark.touch(), main.AGAIN)[1] if not mark.exists() else 0\n"
        "import app.login; app.login.command = lambda home: [sys.executable, '-c', 'print(\"anew\")']\n"
        "sys.exit(opening.open_window(Path(sys.argv[1])))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, text=True, check=False, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert (ran.returncode, ran.stdout.strip()) == (0, "anew"), ran.stderr
