"""Starting with the session: a file that the desktop reads."""

import shlex
import stat
import sys
from pathlib import Path

import pytest

from app import login

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG autostart")


@pytest.fixture(autouse=True)
def session(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "autostart" / "dormouse.desktop"


def told(path):
    """The arguments that a desktop would start, read by the rules of its specification."""
    line = next(line for line in path.read_text().splitlines() if line.startswith("Exec="))
    line = line.removeprefix("Exec=").replace("%%", "%").replace("\\\\", "\\")
    return shlex.split(line.replace("\\$", "$").replace("\\`", "`"))


def test_on_and_off(session):
    assert login.is_on() is False
    login.switch(Path("/home/ann/Dormouse"), True)
    assert login.is_on() is True and stat.S_IMODE(session.stat().st_mode) == 0o600
    assert told(session)[0] == sys.executable
    assert told(session)[-3:] == ["--home", "/home/ann/Dormouse", "--in-tray"]
    login.switch(Path("/home/ann/Dormouse"), False)
    login.switch(Path("/home/ann/Dormouse"), False)
    assert login.is_on() is False


@pytest.mark.parametrize("name", ['my "own" home', "100 % mine", "$HOME `x`", "back\\slash"])
def test_a_home_of_any_name_is_named_whole(session, name):
    login.switch(Path("/home") / name, True)
    assert told(session)[-2] == f"/home/{name}"
