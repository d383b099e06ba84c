from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.core import Dormouse
from app.desktop.chat.forgetting import Goes, goes_with
from app.desktop.memories.detail import Detail
from app.desktop.memories.history import events
from app.desktop.memories.proposalcard import ProposalCard
from app.desktop.memories.proposals import correct, keep, take_back, waiting
from app.desktop.memories.quote import Quote
from app.desktop.memories.states import STATES
from app.desktop.tasks import Tasks
from app.events import Bus
from app.home import Home
from memory.extract import Candidate
from memory.records import FactState

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def inbox(qtbot, window):
    window.go("memories")
    page = window.page("memories")
    page.review()
    qtbot.waitUntil(lambda: len(page.inbox.cards) == 3, timeout=3000)
    return page.inbox


def test_each_says_what_it_would_replace_and_quotes_you(inbox):
    changes = [card.proposal.change for card in inbox.cards]
    assert changes == [
        "Jonas's diet: no meat on weekdays → vegan",
        "rent: 1,150 euros → 1,240 euros",
        "home: Lisbon → Porto",
    ]
    assert "boxes everywhere" in inbox.cards[-1].findChild(Quote).text()
    assert "Lisbon → Porto" in inbox.cards[-1].accessibleDescription()


def test_keys_keep_dismiss_and_walk(qtbot, window, inbox, face):
    qtbot.waitUntil(lambda: inbox.cards[0].hasFocus(), timeout=3000)
    qtbot.keyClick(inbox.cards[0], Qt.Key.Key_Down)
    assert inbox.cards[1].hasFocus()
    qtbot.keyClick(inbox.cards[1], Qt.Key.Key_K)
    qtbot.waitUntil(lambda: face.known[32].state == "current" and len(inbox.cards) == 2, timeout=3000)
    assert face.known[7].state == "superseded"
    qtbot.waitUntil(inbox.cards[1].hasFocus, timeout=3000)
    qtbot.keyClick(inbox.cards[1], Qt.Key.Key_D)
    qtbot.waitUntil(lambda: face.known[31].state == "retracted" and len(inbox.cards) == 1, timeout=3000)


def test_the_mouse_keeps_and_undo_brings_it_back_to_wait(qtbot, window, inbox, face):
    inbox.cards[2].findChild(QPushButton, "keepProposal").click()
    qtbot.waitUntil(lambda: len(inbox.cards) == 2 and window.toast.isVisible(), timeout=3000)
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: face.known[31].state == "proposed", timeout=3000)
    assert face.known[12].state == "current"
    qtbot.waitUntil(lambda: len(inbox.cards) == 3, timeout=3000)


@pytest.mark.parametrize(("key", "state"), [(Qt.Key.Key_K, "current"), (Qt.Key.Key_D, "retracted")])
def test_all_at_once_and_back(qtbot, window, inbox, face, key, state):
    inbox.take_focus()
    qtbot.keyClick(inbox.cards[0], key, SHIFT)
    qtbot.waitUntil(lambda: all(face.known[n].state == state for n in (31, 32, 33)), timeout=3000)
    qtbot.waitUntil(lambda: inbox.findChild(object, "noneWaiting") is not None, timeout=3000)
    qtbot.waitUntil(lambda: window.rail.places["memories"].accessibleDescription() == "", timeout=3000)
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: all(face.known[n].state == "proposed" for n in (31, 32, 33)), timeout=3000)


def test_buttons_for_all(qtbot, inbox, face):
    inbox.findChild(QPushButton, "dismissAll").click()
    qtbot.waitUntil(lambda: all(face.known[n].state == "retracted" for n in (31, 32, 33)), timeout=3000)


def test_one_is_changed_before_it_is_kept(qtbot, window, inbox, face):
    card = inbox.cards[2]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_F2)
    assert card.form.isVisible()
    window.page("memories").escape()
    assert not card.form.isVisible()
    assert window.page("memories").reviewing()
    card.edit()
    card.form.value.field.setText("Porto, Bonfim")
    card.form.save()
    qtbot.waitUntil(lambda: face.known[31].value == "Porto, Bonfim", timeout=3000)
    assert face.known[31].state == "current"
    assert face.known[12].state == "superseded"


def test_the_rail_counts_what_waits(qtbot, window, face):
    place = window.rail.places["memories"]
    qtbot.waitUntil(lambda: place.accessibleDescription().startswith("3 waiting"), timeout=3000)
    face.accept(31)
    qtbot.waitUntil(lambda: place.accessibleDescription().startswith("2 waiting"), timeout=3000)


def test_taking_back_leaves_other_changes_alone(face):
    _shown, facts = waiting(face)
    face.accept(33)
    face.rename(1, "Pesto, again")
    assert "Something else" in take_back(face, [facts[0]])
    assert face.chats[1].title == "Pesto, again"
    assert face.known[33].state == "current"


def test_three_ways_a_fact_is_no_more(qtbot, window, face):
    """Retracted, superseded, forgotten: other words, other icons, and only the last leaves nothing."""
    window.go("memories")
    page = window.page("memories")
    qtbot.waitUntil(lambda: len(page.table.rows.facts) == 12, timeout=3000)
    face.retract(2)
    face.accept(31)
    page.forget(3)
    assert window.toast.text.text() == "Forgotten. In ten seconds no trace is left."
    page.filters.show_state("")
    rows = page.table.rows
    qtbot.waitUntil(lambda: len(rows.facts) == 14, timeout=3000)
    assert rows.row_of(3) < 0
    assert rows.text(face.known[2], 4) == "not true"
    assert rows.text(face.known[12], 4) == "changed"


def test_the_way_back_from_each(qtbot, window, face):
    window.go("memories")
    page = window.page("memories")
    face.retract(2)
    page.filters.show_state("retracted")
    qtbot.waitUntil(lambda: page.detail.findChild(QPushButton, "restoreFact") is not None, timeout=3000)
    page.detail.findChild(QPushButton, "restoreFact").click()
    qtbot.waitUntil(lambda: face.known[2].state == "current", timeout=3000)
    face.accept(31)
    page.filters.show_state("superseded")
    qtbot.waitUntil(lambda: page.detail.findChild(QPushButton, "seeNow") is not None, timeout=3000)
    page.detail.findChild(QPushButton, "seeNow").click()
    qtbot.waitUntil(lambda: page.detail.fact is not None and page.detail.fact.id == 31, timeout=3000)


def test_the_core_and_the_window_mean_the_same(tmp_path):
    """What the scripted face plays, on the real store."""
    core = Dormouse(Home(tmp_path), Bus())
    core.start(tend=False)
    chat = core.new_conversation()
    turn = core.store.add_turn(chat.id, "user", "By the way, my home is Ludlow.")
    core.add_fact("home", "Clun")
    core.memory.facts.add("home", "Ludlow", state="proposed", origin="said", turn_id=turn.id, span=(23, 29))
    shown, facts = waiting(core)
    assert shown[0].change == "home: Clun → Ludlow"
    keep(core, facts)
    assert take_back(core, facts) == ""
    assert sorted((fact.value, fact.state) for fact in core.facts()) == [
        ("Clun", "current"),
        ("Ludlow", "proposed"),
    ]
    correct(core, facts[0].id, "home", "Ludlow, Corve Street")
    assert [fact.value for fact in core.facts(state="current")] == ["Ludlow, Corve Street"]
    assert goes_with(core, chat.id) == Goes(messages=1, facts=3, nights=())
    core.close()


def test_a_change_that_is_to_come_says_its_day_and_waits_for_it(qtbot, tmp_path):
    core = Dormouse(Home(tmp_path), Bus())
    core.start(tend=False)
    year = datetime.now().year + 1
    said = f"I'm moving to Porto in May {year}"
    turn = core.store.add_turn(core.new_conversation().id, "user", said)
    core.add_fact("home", "Clun")
    porto = Candidate("home", "Porto", 15, 20, 0.9)
    core.memory.facts.learn(porto, turn.id, said, "proposed", turn.created)
    shown, facts = waiting(core)
    assert shown[0].change == f"home: Clun → Porto on 1 May {year}"
    card = ProposalCard(shown[0])
    qtbot.addWidget(card)
    assert "until then nothing changes" in card.findChild(QLabel, "wouldReplace").text()
    keep(core, facts)
    assert [fact.value for fact in core.facts(state="current")] == ["Clun"]
    [plan] = core.facts(state="planned")
    detail = Detail(Tasks())
    qtbot.addWidget(detail)
    detail.show_fact(plan)
    assert f"True from 1 May {year}" in [label.text() for label in detail.findChildren(QLabel)]
    assert detail.findChild(QPushButton, "retractFact") is not None
    assert ("", f"Begins on 1 May {year}", False) in events([plan])
    core.close()


def test_every_state_has_its_words():
    assert set(STATES) == set(get_args(FactState))
