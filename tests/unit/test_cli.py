"""The commands as a person and a program run them; the engine is never needed here."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from app.__main__ import main
from app.commands.nights import through_the_night
from app.core import Dormouse
from app.events import Bus
from app.home import Home
from app.opening import open_window
from consolidation.sleep import lock_of
from memory.gists import Gists
from memory.store import Store
from tests.scripted import ScriptedEmbedder


@pytest.fixture
def run(tmp_path, capsys):
    def command(*words):
        code = main(["--home", str(tmp_path / "home"), *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def as_json(result):
    code, out, err = result
    assert code == 0, err
    return json.loads(out)


def test_facts_from_the_first_to_the_last(run):
    assert "Nothing is known yet" in run("facts")[1]
    added = as_json(run("facts", "add", "dog's name", "Pim", "--json"))
    assert added["sentence"] == "The user's dog's name is Pim." and added["origin"] == "typed"
    changed = as_json(run("facts", "edit", str(added["id"]), "Fred", "--json"))
    line = as_json(run("facts", "history", str(changed["id"]), "--json"))
    assert [(fact["value"], fact["state"]) for fact in line] == [("Pim", "superseded"), ("Fred", "current")]
    assert run("facts", "undo")[1].startswith("Undid: ")
    assert [fact["value"] for fact in as_json(run("facts", "--json"))] == ["Pim"]
    assert "No longer held true" in run("facts", "retract", str(added["id"]))[1]
    assert as_json(run("facts", "list", "--json")) == []
    assert [fact["state"] for fact in as_json(run("facts", "list", "--all", "--json"))] == ["retracted"]
    assert as_json(run("facts", "forget", str(added["id"]), "--yes", "--json"))["facts"] == [added["id"]]
    assert as_json(run("facts", "list", "--all", "--json")) == []


def test_what_cannot_be_done_is_one_sentence_and_a_bad_exit(run):
    code, out, err = run("facts", "retract", "99")
    assert code == 1 and not out and err.strip().endswith(".") and "Traceback" not in err
    assert run("no-such-command")[0] == 2
    assert run("schedule", "25:00")[0] == 2


def test_the_schedule(run):
    shown = as_json(run("schedule", "04:15", "--no-idle", "--json"))
    assert (shown["hour"], shown["minute"], shown["idle"], shown["enabled"]) == (4, 15, False, True)
    assert "04:15" in run("schedule")[1]
    assert "only when you tell it" in run("schedule", "off")[1]
    assert as_json(run("schedule", "on", "--json"))["enabled"] is True


def test_what_is_always_in_mind_and_what_it_costs(run):
    assert "Nothing is always in mind" in run("facts", "profile")[1]
    run("facts", "add", "home", "Clun")
    run("facts", "add", "name", "Ada")
    shown = run("facts", "profile")[1].splitlines()
    assert shown[0] == "Identity" and "The user's name is Ada." in shown[1] and shown[2] == "Home"
    listed = as_json(run("facts", "profile", "--json"))
    costs = [line["tokens"] for lines in listed["topics"].values() for line in lines]
    assert listed["tokens"] == sum(costs) <= listed["budget"] and len(costs) == 2
    assert shown[-1] == f"About {listed['tokens']} of {listed['budget']} tokens."


def test_nothing_rests_while_there_is_room(run):
    run("facts", "add", "home", "Clun")
    assert run("facts", "resting")[1] == "Nothing rests: there is room for all.\n"
    assert as_json(run("facts", "resting", "--json")) == []


def test_nights_before_the_first(run):
    assert "not slept yet" in run("nights")[1]
    assert "not slept yet" in run("sleep", "--status")[1]
    assert as_json(run("sleep", "--status", "--json"))["last"] is None


def test_a_night_that_did_not_begin_is_said_and_leaves_the_home_free(run, tmp_path):
    home = Home(tmp_path / "home")
    with lock_of(home.path):
        code, out, _ = run("sleep")
        assert code == 1 and out == "Another night is in progress in this home.\n"
        dormouse = Dormouse(home, Bus())
        dormouse.start(tend=False)
        through_the_night(dormouse)
        assert not home.owned
        dormouse.close()


def test_what_the_system_refuses_is_one_sentence(run, tmp_path):
    (tmp_path / "letter").write_text("Dear user", "utf-8")
    code, _, err = run("backup", str(tmp_path / "letter" / "copy.sqlite3"))
    assert code == 1 and "letter" in err and err.count("\n") == 1
    assert open_window(tmp_path / "letter") == 1


def test_a_backup_is_whole(run, tmp_path):
    run("facts", "add", "home", "Clun")
    target = tmp_path / "copy" / "memory.sqlite3"
    assert str(target) in run("backup", str(target))[1]
    with sqlite3.connect(target) as copy:
        assert copy.execute("SELECT value FROM fact").fetchall() == [("Clun",)]
    copy.close()


def test_models_and_a_file_that_is_none(run, tmp_path):
    listed = as_json(run("models", "list", "--json"))
    assert sum(model["used"] for model in listed) == 1
    letter = tmp_path / "letter.gguf"
    letter.write_text("Dear user", "utf-8")
    code, _, err = run("models", "use", str(letter))
    assert code == 1 and "letter.gguf" in err
    assert as_json(run("models", "list", "--json")) == listed


def test_an_open_window_shares_facts_but_not_the_conversation(run, tmp_path):
    window = Home(tmp_path / "home")
    window.lock()
    assert run("facts", "add", "home", "Clun")[0] == 0
    code, _, err = run("chat", "hello")
    assert code == 1 and "already open" in err
    window.unlock()


def test_help_is_there_for_everything(run):
    for command in (
        "chat",
        "facts",
        "recall",
        "sleep",
        "nights",
        "schedule",
        "models",
        "doctor",
        "backup",
        "import",
        "export",
        "demo",
    ):
        code, out, _ = run(command, "--help")
        assert code == 0 and out


def test_recall_beside_an_open_window_says_why_it_cannot(run, tmp_path):
    window = Home(tmp_path / "home")
    window.lock()
    code, out, err = run("recall", "Where do I live?")
    assert code == 1 and not out and "already open" in err
    window.unlock()


def test_gists_are_listed_by_month(run, tmp_path):
    assert "no gists yet" in run("gists")[1]
    home = Home(tmp_path / "home")
    store = Store(home.database)
    chat, said = store.new_conversation(), datetime(2026, 5, 3, 12, tzinfo=UTC)
    store.add_turn(chat.id, "user", "My dog is called Pim", created=said)
    Gists(store).make(ScriptedEmbedder(), 1000)
    store.close()
    _, out, _ = run("gists")
    assert out.splitlines()[0] == "2026-05" and out.count("03 May  My dog is called Pim") == 2
    month, session = as_json(run("gists", "--json"))
    assert (month["kind"], session["kind"], session["conversation_id"]) == ("month", "session", chat.id)
    assert month["lines"] == session["lines"] and session["lines"][0]["text"] == "My dog is called Pim"
