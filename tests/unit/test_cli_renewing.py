"""``dormouse restore`` and ``forget-everything``, as a person runs them."""

import io
import json

import pytest

from app.__main__ import main


@pytest.fixture
def run(tmp_path, capsys):
    def command(*words):
        code = main(["--home", str(tmp_path / "home"), *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def known(run):
    return sorted(fact["value"] for fact in json.loads(run("facts", "--json")[1]))


def test_a_backup_is_restored_after_a_yes(run, tmp_path, monkeypatch):
    run("facts", "add", "boat", "Maud")
    copy = tmp_path / "copy.sqlite3"
    run("backup", str(copy))
    run("facts", "add", "cat", "Bess")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, _ = run("restore", str(copy))
    assert code == 1 and "In copy.sqlite3: 0 chats, 0 messages; 1 facts." in out and "2 facts" in out
    assert known(run) == ["Bess", "Maud"]
    code, out, _ = run("restore", str(copy), "--yes")
    assert code == 0 and "What was here is kept as" in out
    assert known(run) == ["Maud"]
    assert run("restore", str(tmp_path / "nothing"))[0] == 1


def test_everything_is_forgotten_when_it_is_typed(run, tmp_path, monkeypatch):
    run("facts", "add", "boat", "Maud")
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert "Nothing was forgotten" in run("forget-everything")[1]
    monkeypatch.setattr("sys.stdin", io.StringIO("Forget everything\n"))
    assert run("forget-everything")[0] == 0
    assert known(run) == []
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert not [path for path in files if b"Maud" in path.read_bytes()]
