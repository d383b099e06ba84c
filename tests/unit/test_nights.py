"""The register and the steps of a night, with parts that need no model."""

import os
import stat

import pytest

from app.home import Home
from consolidation import sleep as process
from consolidation.nights import Nights, still_true
from consolidation.served import Stopped
from memory.facts import Facts
from memory.forget import forget_facts
from memory.records import MemoryRefused
from memory.store import Store
from tests.sleeping import Trainer, adapter, report_of, sleep


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    facts = Facts(store)
    facts.add("dog's name", "Pim", "The user's dog is called Pim.")
    facts.add("home", "Clun")
    return facts


def test_a_night_is_slept_and_worn(tmp_path, store, facts):
    heard = []
    night = sleep(tmp_path, store, heard.append).run()
    assert (night.state, night.scale, set(night.facts)) == ("worn", 1.0, {1, 2}), night.sentence
    assert [p.step for p in heard][:1] == ["select"] and heard[-1].step == "done"
    assert {p.step for p in heard} == {"select", "dream", "train", "exam", "done"}
    nights = Nights(store, tmp_path / "adapters")
    assert nights.worn(night.base_sha256) == [(tmp_path / "adapters" / "night-0001.gguf", 1.0)]
    assert nights.worn("another model") == []
    report = report_of(night)
    assert report["learned"] == ["The user's dog is called Pim.", "The user lives in Clun."]
    assert {line["key"] for line in report["exam"]} == {"G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7"}
    assert all({"name", "before", "after", "must", "passed"} <= line.keys() for line in report["exam"])
    assert not list((tmp_path / "nights").glob("0*")), "the night's folder is cleared in the morning"


def test_what_the_weights_do_not_say_as_the_store_has_it_is_reported(tmp_path, store, facts):
    facts.add("sister's name", "Ysolde")  # the engine of these tests never learns it
    report = report_of(sleep(tmp_path, store).run())
    said = [(unsure["sentence"], unsure["said"]) for unsure in report["unsure"]]
    assert said == [("The user's sister's name is Ysolde.", "You haven't told me.")]
    assert report["retention"] == [{"night": 1, "right": 2, "asked": 3}]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
def test_what_a_night_writes_is_private(tmp_path, store, facts):
    sleep(tmp_path, store).run()
    written = [
        *(tmp_path / "reports").iterdir(),
        *(tmp_path / "nights").iterdir(),
        *(tmp_path / "adapters").iterdir(),
    ]
    assert written and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in written if path.is_file())


def test_no_word_of_the_user_stands_in_the_nights_folder(tmp_path, store, facts):
    def look(progress):
        for path in (tmp_path / "nights").rglob("*.json"):
            assert "Pim" not in path.read_text() and "Clun" not in path.read_text()

    sleep(tmp_path, store, look).run()


def test_a_second_night_replaces_the_first_and_undo_brings_it_back(tmp_path, store, facts):
    first = sleep(tmp_path, store).run()
    facts.add("aunt's name", "Odile", "The user's aunt's dog is called Pim.")
    second = sleep(tmp_path, store).run()
    assert second.state == "worn", second.sentence
    assert store.night(first.id).state == "replaced"
    nights = Nights(store, tmp_path / "adapters")
    nights.undo(second.id)
    assert (store.night(first.id).state, store.night(second.id).state) == ("worn", "undone")
    assert [path.name for path, _ in nights.worn(first.base_sha256)] == ["night-0001.gguf"]
    nights.undo(first.id)
    assert nights.worn(first.base_sha256) == []


def test_what_does_not_pass_is_not_worn_and_yesterday_stays(tmp_path, store, facts):
    first = sleep(tmp_path, store).run()
    facts.add("aunt's name", "Mabel")
    second = sleep(tmp_path, store, trainer=Trainer(tmp_path, value=0.0)).run()
    assert second.state == "kept" and "zero" in second.sentence
    assert store.night(first.id).state == "worn" and store.night(first.id).scale == 1.0
    assert second.facts == () and store.night_items(second.id) == []


def test_with_nothing_new_there_is_nothing_to_sleep_on(tmp_path, store, facts):
    sleep(tmp_path, store).run()
    assert sleep(tmp_path, store).run().state == "kept"
    assert Trainer(tmp_path).count.read_text() == "x"


def test_an_empty_memory_sleeps_soundly(tmp_path, store):
    night = sleep(tmp_path, store).run()
    assert night.state == "kept" and "nothing" in night.sentence.lower()


def test_a_vetoed_fact_is_not_learned(tmp_path, store, facts):
    night = sleep(tmp_path, store, vetoed=frozenset({2})).run()
    assert night.facts == (1,)
    assert all("Clun" not in item.answer for item in store.night_items(night.id))


def test_a_stopped_night_goes_on_where_it_was(tmp_path, store, facts):
    with pytest.raises(Stopped):
        sleep(tmp_path, store, stopped=lambda: store.nights()[0].state == "training").run()
    items = store.night_items(1)
    night = sleep(tmp_path, store).run()
    assert night.id == 1 and night.state == "worn"
    assert store.night_items(1) == items, "what was dreamt was kept"


def test_a_change_while_asleep_makes_the_night_begin_again(tmp_path, store, facts):
    with pytest.raises(Stopped):
        sleep(tmp_path, store, stopped=lambda: store.nights()[0].state == "examining").run()
    facts.supersede(2, "Ely")
    night = sleep(tmp_path, store).run()
    assert 2 not in night.facts
    assert all("Clun" not in item.answer for item in store.night_items(night.id))


def test_a_night_that_still_says_what_was_taken_back_is_not_worn(tmp_path, store, facts):
    sleep(tmp_path, store).run()
    facts.retract(2)
    night = sleep(tmp_path, store).run()
    assert night.state == "kept" and "Old values are gone" in night.sentence
    assert Nights(store, tmp_path / "adapters").current(night.base_sha256).id == 1


def test_a_veto_while_asleep_is_heard_when_the_night_goes_on(tmp_path, store, facts):
    with pytest.raises(Stopped):
        sleep(tmp_path, store, stopped=lambda: store.nights()[0].state == "examining").run()
    assert sleep(tmp_path, store, vetoed=frozenset({2})).run().facts == (1,)


def test_nights_that_are_over_leave_no_weights(tmp_path, store, facts):
    with pytest.raises(Stopped):
        sleep(tmp_path, store, stopped=lambda: store.nights()[0].state == "examining").run()
    Nights(store, tmp_path / "adapters").end(1, "cancelled", "Enough.")
    assert (tmp_path / "nights/0001/adapter.gguf").exists()
    sleep(tmp_path, store)
    assert [path.name for path in (tmp_path / "nights").glob("0*")] == ["0002"]


def test_a_night_whose_model_is_gone_has_failed(tmp_path, capsys):
    home = Home(tmp_path / "home")
    home.change("model", str(tmp_path / "gone.gguf"))
    store = Store(home.database)
    night = Nights(store, home.adapters).begin("base")
    assert process._sleep(home, None, process.Orders(), None) == process.FAILED
    assert store.night(night.id).state == "failed" and "failed" in capsys.readouterr().out
    store.close()


def test_what_is_forgotten_while_asleep_is_not_worn(tmp_path, store, facts):
    def forget(progress):
        if progress.step == "exam" and len(facts.current()) == 2:
            forget_facts(store, [1])

    night = sleep(tmp_path, store, forget).run()
    assert night.state == "kept"
    assert Nights(store, tmp_path / "adapters").worn(night.base_sha256) == []
    assert not any(
        "Pim" in text
        for text in (night.sentence, night.report, (tmp_path / "reports/night-0001.md").read_text())
    )


def test_what_is_forgotten_in_a_dream_leaves_nothing_behind(tmp_path, store, facts):
    def forget(progress):
        if (progress.step, progress.share > 0) == ("dream", True) and len(facts.current()) == 2:
            forget_facts(store, [1])

    night = sleep(tmp_path, store, forget).run()
    assert night.state == "kept" and "changed meanwhile" in night.sentence
    assert store.night_items(night.id) == []


def test_another_model_ends_an_open_night(tmp_path, store, facts):
    with pytest.raises(Stopped):
        sleep(tmp_path, store, stopped=lambda: store.nights()[0].state == "dreaming").run()
    (tmp_path / "model.gguf").write_bytes(b"GGUF, another one")
    night = sleep(tmp_path, store).run()
    assert night.id == 2 and store.night(1).state == "cancelled"


def test_nothing_is_promoted_without_its_file(tmp_path, store):
    nights = Nights(store, tmp_path)
    night = nights.begin("base")
    with pytest.raises(MemoryRefused):
        nights.promote(night.id, "", 1.0, "", "")
    assert store.night(night.id).state == "selecting"


def test_the_scale_stays_within_what_the_exam_allowed(tmp_path, store):
    nights = Nights(store, tmp_path)
    night = nights.begin("base")
    adapter().write(tmp_path / nights.file_name(night.id))
    nights.promote(night.id, "hash", 0.75, "", "")
    assert nights.set_scale(night.id, 1.0).scale == 0.75
    assert nights.set_scale(night.id, 0.5).scale == 0.5
    assert nights.set_scale(night.id, 0).scale == 0.0
    assert nights.worn("base") == []


def test_old_adapters_are_cleared_out(tmp_path, store):
    nights = Nights(store, tmp_path)
    for _ in range(6):
        night = store.add_night("base")
        adapter().write(tmp_path / nights.file_name(night.id))
        nights.promote(night.id, "hash", 1.0, "", "")
    assert sorted(path.name for path in tmp_path.glob("*.gguf")) == [
        f"night-000{n}.gguf" for n in (3, 4, 5, 6)
    ]


def test_still_true(store, facts):
    assert still_true(facts, (1, 2))
    facts.retract(1)
    assert not still_true(facts, (1, 2))
