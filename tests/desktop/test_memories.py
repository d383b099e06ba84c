"""The memories looked at in several ways, narrowed, and changed together."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.core import Dormouse
from app.desktop import words
from app.desktop.memories.mapview import Sign
from app.desktop.memories.narrowing import Narrowing, nights
from app.desktop.memories.spans import Scale
from app.desktop.memories.timeline import Month, months, reach, span, span_words
from app.desktop.memories.topiclooks import LOOKS, REST, looks
from app.desktop.widgets.basic import Words
from app.desktop.widgets.question import Question
from app.events import Bus
from app.home import Home
from memory.records import MemoryRefused
from tests.desktop.scripted import Scripted, when

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def memories(qtbot, window):
    window.go("memories")
    page = window.page("memories")
    qtbot.waitUntil(lambda: len(page.table.rows.facts) == 12, timeout=3000)
    return page


def shown(page):
    return [fact.id for fact in page.table.rows.facts]


def test_each_part_narrows(bus):
    facts = list(Scripted(bus).known.values())
    typed = replace(facts[0], id=90, origin="typed", recorded=when(0))
    old = replace(facts[0], id=91, recorded=when(800))
    every = [*facts, typed, old]

    def kept(**parts):
        return {fact.id for fact in every if Narrowing(**parts).keeps(fact)}

    assert kept() == {fact.id for fact in every}
    assert kept(source="typed") == {90}
    assert kept(topic="Work") == {11}
    assert kept(night="41") == {4}
    assert kept(night="none") == {3, 31, 32, 33}
    assert kept(date="today") == {3, 31, 32, 33, 90}
    assert kept(date="7") == {3, 4, 5, 31, 32, 33, 90}
    assert kept(date="older") == {91}
    assert kept(topic="Home", date="30", night="28") == {7}
    assert list(nights(every))[:3] == ["", "none", "41"]


def test_a_date_is_a_day_on_this_clock(bus):
    midnight = words.now().replace(hour=0, minute=0, second=0, microsecond=0)
    fact = next(iter(Scripted(bus).known.values()))
    late, early = (replace(fact, recorded=midnight + timedelta(minutes=step)) for step in (-1, 1))
    assert [Narrowing(date="today").keeps(one) for one in (late, early)] == [False, True]


def test_filters_narrow_together_and_clear(qtbot, memories):
    memories.filters.night.choose("none")
    assert shown(memories) == [3]
    memories.filters.date.choose("older")
    assert shown(memories) == []
    clear = memories.findChild(QPushButton, "clearFilters")
    assert clear.isVisible()
    clear.click()
    qtbot.waitUntil(lambda: len(shown(memories)) == 12, timeout=3000)
    assert memories.filters.bare()


def test_a_topic_narrows_and_the_count_says_so(memories):
    memories.findChild(QPushButton, "topicHealth").click()
    assert shown(memories) == [1, 8]
    assert memories._keys.count.text() == "2 of 12 facts shown"
    assert memories.findChild(QPushButton, "topicHealth").isChecked()


def test_cards_show_and_choose_what_the_table_does(qtbot, memories, face):
    qtbot.keyClick(memories, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert memories.cards.isVisible()
    assert not memories.table.isVisible()
    second = memories.cards.model().index(1, memories.cards.modelColumn())
    memories.cards.scrollTo(second)
    place = memories.cards.visualRect(second).center()
    qtbot.mouseClick(memories.cards.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert memories.detail.fact.id == memories.table.current().id == shown(memories)[1]
    qtbot.keyClick(memories.cards, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: not face.known[10].pinned, timeout=3000)


def test_typing_into_the_panel_survives_a_refresh(qtbot, memories):
    memories.table.choose(4)
    memories.detail.edit()
    memories.detail.form.value.field.setText("half a word")
    memories.refresh()
    qtbot.wait(150)
    assert memories.detail.form.isVisible()
    assert memories.detail.form.value.field.text() == "half a word"


def choose(page, *numbers):
    page.table.choose(numbers[0])
    page.table.rows.reselect(page.table.selectionModel(), numbers)


def test_the_box_before_a_fact_chooses_it_beside_the_others(qtbot, memories):
    table = memories.table
    assert not memories.bar.isVisible()
    for row in (3, 5, 3):
        place = table.visualRect(table.rows.index(row, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        chosen = [fact.id for fact in table.facts_chosen()]
    first, fourth, sixth = (shown(memories)[at] for at in (0, 3, 5))
    assert fourth not in chosen
    assert set(chosen) == {first, sixth}
    assert memories.bar.count.text() == "2 facts chosen"
    qtbot.keyClick(table, Qt.Key.Key_A, CTRL)
    assert memories.bar.count.text() == "12 facts chosen"
    memories.escape()
    assert not memories.bar.isVisible()
    assert len(table.facts_chosen()) == 1


def test_many_are_pinned_and_retracted_and_it_is_one_undo(qtbot, window, memories, face):
    choose(memories, 4, 5, 6)
    qtbot.keyClick(memories.table, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: all(face.known[number].pinned for number in (4, 5, 6)), timeout=3000)
    qtbot.waitUntil(lambda: window.toast.text.text() == "Pinned: always in mind: 3 facts.", timeout=3000)
    qtbot.waitUntil(lambda: len(memories.table.facts_chosen()) == 3, timeout=3000)
    memories.bar.buttons["retract"].click()
    qtbot.waitUntil(lambda: face.known[5].state == "retracted", timeout=3000)
    qtbot.waitUntil(window.toast.pending, timeout=3000)
    qtbot.keyClick(memories, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: face.known[5].state == "current", timeout=3000)
    qtbot.keyClick(memories, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: not face.known[5].pinned, timeout=3000)


def test_what_can_be_done_depends_on_what_is_chosen(qtbot, memories, face):
    face.retract(2)
    memories.filters.show_state("")
    qtbot.waitUntil(lambda: len(shown(memories)) == 15, timeout=3000)

    def offered(*numbers):
        choose(memories, *numbers)
        return {act for act, made in memories.bar.buttons.items() if made.isVisible()}

    assert offered(4, 5) == {"pin", "retract", "merge", "forget"}
    assert offered(31, 33) == {"keep", "dismiss", "pin", "merge", "forget"}
    assert offered(2, 4) == {"pin", "retract", "restore", "forget"}
    choose(memories, 31, 33, 4)
    memories.bar.buttons["keep"].click()
    qtbot.waitUntil(lambda: {face.known[n].state for n in (31, 33, 4)} == {"current"}, timeout=3000)


def test_forgetting_many_asks_first(qtbot, window, memories, face):
    choose(memories, 4, 5)
    qtbot.keyClick(memories.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: memories.findChild(Question) is not None, timeout=3000)
    question = memories.findChild(Question)
    assert "Sturmey-Archer" in question.accessibleDescription()
    assert "2 nights" in question.accessibleDescription()
    question.no.click()
    assert {4, 5} <= set(shown(memories))
    qtbot.waitUntil(lambda: memories.findChild(Question) is None, timeout=3000)
    memories.bar.buttons["forget"].click()
    qtbot.waitUntil(lambda: memories.findChild(Question) is not None, timeout=3000)
    memories.findChild(Question).yes.click()
    qtbot.waitUntil(lambda: not {4, 5} & set(face.known), timeout=3000)
    qtbot.waitUntil(lambda: window.toast.text.text().startswith("Forgotten for good"), timeout=3000)
    assert not {4, 5} & set(shown(memories))


def test_merging_keeps_the_chosen_words_and_undo_brings_the_others_back(qtbot, window, memories, face):
    choose(memories, 4, 5)
    qtbot.keyClick(memories.table, Qt.Key.Key_M)
    form = memories.forms.merge
    assert form.isVisible()
    form.stays[5].click()
    form.yes.click()
    qtbot.waitUntil(lambda: face.known[4].superseded_by == 5, timeout=3000)
    qtbot.waitUntil(lambda: memories.detail.fact.id == 5 and window.toast.pending(), timeout=3000)
    assert not form.isVisible()
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: face.known[4].state == "current", timeout=3000)


def test_merging_one_offers_what_is_alike_and_other_words(qtbot, memories, face):
    face.known[90] = replace(face.known[5], id=90, attribute="Marta's work", value="port of Setúbal")
    memories.refresh()
    qtbot.waitUntil(lambda: 90 in shown(memories), timeout=3000)
    memories.table.choose(90)
    memories.detail.findChild(QPushButton, "mergeFact").click()
    form = memories.forms.merge
    assert list(form.takes) == [90, 5]
    assert not form.yes.isEnabled()
    form.takes[5].click()
    form.value.field.clear()
    qtbot.keyClicks(form.value.field, "the harbour")
    assert form.other.isChecked()
    form.attribute.field.clear()
    form.merge()
    assert "about" in form.attribute._words.plain
    form.attribute.field.setText("Marta's job")
    form.merge()
    qtbot.waitUntil(lambda: memories.detail.fact.value == "the harbour", timeout=3000)
    assert face.known[5].superseded_by == face.known[90].superseded_by == memories.detail.fact.id


def test_merging_what_nothing_is_like_says_how(memories):
    memories.table.choose(11)
    memories._do("merge", memories.table.facts_chosen())
    assert "Ctrl" in memories.forms.merge._about.plain
    assert not memories.forms.merge.yes.isVisible()


def test_the_core_does_what_the_window_asks(tmp_path):
    """What the scripted face plays, on the real store."""
    core = Dormouse(Home(tmp_path), Bus())
    core.start(tend=False)
    ids = [core.add_fact("hobby", value).id for value in ("chess", "rowing", "bells")]
    assert core.pin_all(ids, True).facts == tuple(ids)
    step = core.merge(ids[:2], attribute="hobby", value="chess and rowing")
    assert {fact.value for fact in core.facts(state="current")} == {"chess and rowing", "bells"}
    assert core.take_back(step.id) == step.sentence
    assert core.take_back(step.id) is None
    assert core.would_forget(ids).facts == core.forget_all(ids).facts
    assert core.facts() == []
    core.close()


def test_the_timeline_tells_what_happened_when(bus):
    facts = list(Scripted(bus).known.values())
    home = next(fact for fact in facts if fact.attribute == "home" and fact.state == "current")
    moved = replace(home, id=91, value="Porto", sentence="The user lives in Porto.", recorded=when(3))
    gone = replace(home, state="superseded", superseded_by=91, valid_from=when(900), valid_to=when(3))
    wrong = replace(home, id=92, state="retracted", recorded=when(40), retracted=when(2))
    found = months([moved, gone, wrong])
    told = [(event.kind, event.fact.id) for month in found for event in month.events]
    assert told == [("retracted", 92), ("changed", 91), ("learned", 92), ("learned", 12)]
    assert [event.text for month in found for event in month.events][1] == (
        "You live in Porto (until then: Lisbon)."
    )
    assert sum(len(month.events) for month in found) == 4
    assert len({month.name for month in found}) == len(found)
    assert span(gone) == (when(900), when(3))
    assert span(moved)[1] is None
    assert span_words(wrong).startswith("True from") and " to " in span_words(wrong)


def test_what_was_merged_into_an_older_one_did_not_change_it(bus):
    one, other = list(Scripted(bus).known.values())[3:5]
    older, newer = sorted((one, other), key=lambda fact: fact.recorded)
    merged = replace(newer, state="superseded", superseded_by=older.id, valid_to=newer.recorded)
    kinds = {event.fact.id: event.kind for month in months([older, merged]) for event in month.events}
    assert kinds == {older.id: "learned", newer.id: "learned"}


def test_the_bars_reach_as_far_as_can_be_seen(bus):
    now = words.now()
    fact = next(iter(Scripted(bus).known.values()))
    born = replace(fact, valid_from=now - timedelta(days=365 * 40))
    later = replace(fact, valid_to=now + timedelta(days=365 * 30))
    first, last = reach([fact, born, later], now)
    assert timedelta(days=365 * 5) <= fact.recorded - first <= timedelta(days=365 * 5 + 1)
    assert now + timedelta(days=365 * 2) < last < now + timedelta(days=365 * 2.5)
    scale = Scale(first, last)
    scale.place(100, 300)
    assert scale.at(born.valid_from) == 100
    assert scale.at(later.valid_to) == 400
    assert scale.at(now) < 330
    names = [name for _place, name in scale.ticks()]
    assert str(now.year) in names
    assert len(names) * 44 <= 300 + 44
    assert reach([], now)[1] == now


def test_the_timeline_chooses_jumps_and_opens_the_chat(qtbot, window, memories, face):
    face.accept(31)
    memories.views.choose("timeline")
    line = memories.looking.timeline.list
    qtbot.waitUntil(lambda: line.isVisible() and line.rows.rowCount() > 12, timeout=3000)
    assert not memories.filters.state.isVisible()
    items = line.rows.items
    old = next(at for at, item in enumerate(items) if not isinstance(item, Month) and item.fact.id == 12)
    line.setCurrentIndex(line.rows.index(old))
    qtbot.waitUntil(lambda: memories.detail.fact.id == 12, timeout=3000)
    assert memories.detail.fact.state == "superseded"
    qtbot.keyClick(line, Qt.Key.Key_Up, CTRL)
    assert isinstance(items[line.currentIndex().row() - 1], Month)
    line.setCurrentIndex(line.rows.index(old))
    line.scrollTo(line.rows.index(old))
    sign = line.chat_sign(QRectF(line.visualRect(line.rows.index(old)))).center().toPoint()
    qtbot.mouseClick(line.viewport(), Qt.MouseButton.LeftButton, pos=sign)
    qtbot.waitUntil(lambda: window.rail_place() == "chat" and window.chat.conversation == 4, timeout=3000)


def test_reviewing_leaves_the_timeline(qtbot, memories):
    memories.views.choose("timeline")
    memories.review()
    qtbot.waitUntil(lambda: len(memories.inbox.cards) == 3 and memories.inbox.isVisible(), timeout=3000)
    assert memories.views.key == "table"


@pytest.fixture
def mapped(qtbot, memories):
    memories.views.choose("map")
    qtbot.waitUntil(lambda: memories.looking.map.plot is not None, timeout=20000)
    qtbot.waitUntil(lambda: len(memories.looking.map.plot.facts) == 12, timeout=3000)
    qtbot.wait(50)
    return memories.looking.map


def test_a_start_draws_no_map(window):
    """Whatever draws it is loaded only when it is first looked at."""
    script = (
        "import sys\nfrom app.desktop import main\nfrom app.desktop.memories.page import MemoriesPage\n"
        "main.application()\nprint({'numpy', 'pyqtgraph'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()", done.stderr


def test_a_point_says_its_fact_and_a_click_opens_it(qtbot, window, mapped, memories):
    plot = mapped.plot
    at = next(at for at, fact in enumerate(plot.facts) if fact.id == 11)
    place = plot.mapFromScene(plot.where(at))
    qtbot.mouseMove(plot.viewport(), place)
    plot.scene().sigMouseMoved.emit(plot.where(at))
    assert plot.tip.isVisible()
    assert "Fridays are free" in plot._sentence.plain
    memories.detail.hide()
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: memories.detail.fact.id == 11 and memories.detail.isVisible(), timeout=3000)
    plot.point_at(-1)
    assert not plot.tip.isVisible()


def test_the_map_goes_by_keys_and_says_where_it_is(qtbot, mapped, memories, face):
    plot = mapped.plot
    plot.choose(0)
    start = plot.where(0)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.where(plot._at).x() > start.x()
    assert plot.accessibleDescription() == words.you(plot.facts[plot._at].sentence)
    assert memories.detail.fact.id == plot.facts[plot._at].id
    wide = plot.getViewBox().viewRange()[0]
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    nearer = plot.getViewBox().viewRange()[0]
    assert nearer[1] - nearer[0] < wide[1] - wide[0]
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.getViewBox().viewRange()[0] == pytest.approx(wide)
    number = memories.detail.fact.id
    pinned = face.known[number].pinned
    qtbot.keyClick(plot, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: face.known[number].pinned is not pinned, timeout=3000)


def test_narrowing_the_map_moves_nothing(mapped, memories):
    plot = mapped.plot
    before = dict(zip([fact.id for fact in plot.facts], plot._spots, strict=True))
    memories.findChild(QPushButton, "topicHome").click()
    assert {fact.id for fact in plot.facts} == {3, 4, 7, 12}
    assert all(before[fact.id] == spot for fact, spot in zip(plot.facts, plot._spots, strict=True))
    signs = [made.text() for sign in mapped.findChildren(Sign) for made in sign.findChildren(QLabel)]
    assert signs == ["Home"]


def test_each_topic_has_a_look_of_its_own(bus):
    found = looks(Scripted(bus).known.values())
    assert next(iter(found)) == "Home"
    assert len(set(found.values())) == len(found)
    assert len(set(LOOKS)) == len(LOOKS)
    many = [replace(next(iter(Scripted(bus).known.values())), topic=f"t{n}") for n in range(14)]
    assert list(looks(many).values())[-1] == REST


def test_a_map_that_is_not_there_yet_says_so_and_comes(qtbot, memories, face):
    face.awake = False
    memories.views.choose("map")
    here = memories.looking.map
    qtbot.waitUntil(lambda: here._tries > 0, timeout=20000)
    assert here.findChild(object, "noMap").isVisible()
    face.awake = True
    qtbot.waitUntil(lambda: here.plot is not None and here.plot.isVisible(), timeout=8000)


def test_a_map_without_an_index_says_why(qtbot, memories, face):
    face.map_places = lambda: (_ for _ in ()).throw(MemoryRefused("Another Dormouse has it."))
    memories.views.choose("map")
    here = memories.looking.map
    qtbot.waitUntil(
        lambda: any("Another Dormouse" in one.plain for one in here.findChildren(Words)), timeout=20000
    )


@pytest.mark.parametrize("at", ["rail", "search", "table", "cards", "timeline", "map"])
def test_undo_and_redo_say_what_they_did_wherever_the_keyboard_is(qtbot, window, memories, face, at):
    if at in ("cards", "timeline", "map"):
        memories.views.choose(at)
        qtbot.wait(200)
    here = {"rail": window.rail.places["memories"], "search": memories.search}.get(at)
    memories.acts.retract(memories._named(6))
    qtbot.waitUntil(lambda: face.known[6].state == "retracted" and window.toast.pending(), timeout=3000)
    window.toast.settle()
    (here or memories).setFocus()
    qtbot.keyClick(here or memories, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: face.known[6].state == "current", timeout=3000)
    told = "Undid: retract: You are learning European Portuguese, level A2. Ctrl+Shift+Z does it again."
    qtbot.waitUntil(lambda: window.toast.text.text() == told, timeout=3000)
    qtbot.keyClick(here or memories, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: face.known[6].state == "retracted", timeout=3000)
    qtbot.waitUntil(lambda: window.toast.text.text().endswith("Ctrl+Z takes it back."), timeout=3000)


def test_there_may_be_nothing_to_undo_or_to_do_again(qtbot, window, memories):
    for act, told in (("undo", "There is nothing to undo."), ("redo", "There is nothing to do again.")):
        getattr(memories.acts, act)()
        qtbot.waitUntil(lambda told=told: window.toast.text.text() == told, timeout=3000)


def test_taking_back_by_the_message_says_so_too(qtbot, window, memories, face):
    memories.forget(4)
    qtbot.waitUntil(lambda: face.known[4].state == "retracted", timeout=3000)
    qtbot.keyClick(memories, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: face.known[4].state == "current", timeout=3000)
    qtbot.waitUntil(lambda: "Brought back" in window.toast.text.text(), timeout=3000)
    choose(memories, 5, 6)
    memories.bar.buttons["pin"].click()
    qtbot.waitUntil(window.toast.pending, timeout=3000)
    face.rename(1, "Pesto, again")
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: "Something else was changed" in window.toast.text.text(), timeout=3000)
    assert face.known[5].pinned


def test_a_late_message_leaves_the_ten_seconds_alone(qtbot, window, memories, face):
    """What was asked for before a forgetting may be told after it."""
    face.hold.clear()
    memories.acts.write(lambda asked: asked.hold.wait())
    memories.table.choose(2)
    qtbot.keyClick(memories.table, Qt.Key.Key_P)
    qtbot.keyClick(memories.table, Qt.Key.Key_Delete)
    face.hold.set()
    qtbot.waitUntil(lambda: face.known[2].state == "retracted", timeout=3000)
    qtbot.wait(150)
    assert face.known[2].pinned
    assert window.toast.text.text() == "Forgotten. In ten seconds no trace is left."
    assert "forget 2" not in face.calls
