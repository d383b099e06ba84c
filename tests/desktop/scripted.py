"""An assistant without a model: in-memory data and ready replies, for building and testing the window."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.comparing import Compared
from app.events import (
    Bus,
    Changed,
    EngineState,
    NightEnded,
    NightProgress,
    PromptRead,
    Recalled,
    ReplyDone,
    ReplyText,
    TurnLogged,
)
from memory.records import BroughtIn, Conversation, Fact, Forgotten, MemoryRefused, Night, Note, Stretch, Turn
from models.engine import EngineError
from tests.desktop.library import ScriptedLibrary
from tests.desktop.renewed import Renewed
from tests.desktop.several import Several

PESTO = """Here is **your cashew pesto for four**. No walnuts anywhere near it, for Anna.

| Ingredient | For two | For four |
|---|---|---|
| Basil leaves | 60 g | **120 g** |
| Cashews, roasted | 40 g | **80 g** |
| Parmesan | 30 g | **60 g** |
| Olive oil | 50 g | **100 g** |

And the script, which takes any recipe in grams:

```python
def scale(recipe, guests, serves=2):
    return {name: round(grams * guests / serves)
            for name, grams in recipe.items()}

scale({"basil": 60, "cashews": 40}, guests=4)  # grams
```
"""
TONIGHT = (
    "Tonight is fine. Press it into a jar, cover it with a film of oil and keep it cold; "
    "the basil stays green until Saturday."
)


@dataclass(frozen=True)
class Choice:
    fact: Fact
    reason: str
    chosen: bool


@dataclass(frozen=True)
class Schedule:
    enabled: bool = True
    hour: int = 3
    minute: int = 0
    plugged_in: bool = True
    idle: bool = False
    next_run: datetime | None = None


@dataclass(frozen=True)
class Model:
    name: str
    path: Path
    size: int = 0
    architecture: str = "llama"
    about: str = ""
    builtin: bool = False
    problem: str = ""
    fits: bool = True


@dataclass(frozen=True)
class Settings:
    theme: str = "system"
    font_scale: float = 1.0
    notice: bool = True
    recall: bool = True
    stay: bool = True
    model: str = ""


@dataclass(frozen=True)
class Home:
    path: Path = Path("/home/you/.local/share/Dormouse")
    marks: dict = field(default_factory=dict)

    def mark(self, name):
        return self.marks.get(name)

    def set_mark(self, name, value):
        self.marks[name] = value


def when(days: float, hour: int = 12, minute: int = 0) -> datetime:
    now = datetime.now().astimezone()
    if not days:
        return (now - timedelta(minutes=(24 - hour) * 3)).astimezone(UTC)
    at = now - timedelta(days=days)
    return at.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


FACTS = [
    ("Anna is allergic to walnuts.", "Anna's allergy", "walnuts", "Health", 38, 10, True),
    (
        "The user makes pesto with cashews, not pine nuts.",
        "pesto",
        "cashews, not pine nuts",
        "Food",
        47,
        1,
        False,
    ),
    ("The user views the flat in Alfama again on 26 June.", "flat viewing", "26 June", "Home", 0, 0, False),
    (
        "The user's bicycle has a Sturmey-Archer three-speed hub.",
        "bicycle hub",
        "Sturmey-Archer",
        "Home",
        2,
        41,
        False,
    ),
    (
        "The user's sister Marta works at the port in Setúbal.",
        "sister's job",
        "the port in Setúbal",
        "People",
        5,
        38,
        False,
    ),
    (
        "The user is learning European Portuguese, level A2.",
        "language",
        "European Portuguese, A2",
        "Travel",
        12,
        32,
        False,
    ),
    ("The user's rent is 1,150 euros, due on the 3rd.", "rent", "1,150 euros", "Home", 18, 28, False),
    ("Coffee after four keeps the user awake.", "coffee", "keeps awake after four", "Health", 21, 25, False),
    ("Jonas eats no meat on weekdays.", "Jonas's diet", "no meat on weekdays", "People", 27, 19, False),
    ("Answer with the figure first, then the reasons.", "answers", "figure first", "Tastes", 42, 7, True),
    ("The user works four days a week; Fridays are free.", "working week", "four days", "Work", 46, 3, False),
    ("The user moved from Utrecht to Lisbon in 2023.", "home", "Lisbon", "Home", 48, 1, False),
]
PROPOSED = [
    (
        31,
        "home",
        "Porto",
        "The user lives in Porto.",
        "By the way, Porto is home now, or nearly: boxes everywhere.",
    ),
    (
        32,
        "rent",
        "1,240 euros",
        "The user's rent is 1,240 euros.",
        "The new contract says 1,240 euros, if I sign it before the end of the month.",
    ),
    (
        33,
        "Jonas's diet",
        "vegan",
        "Jonas is vegan.",
        "Jonas wrote that he is vegan these days, I am not sure he means it.",
    ),
]


class Scripted(Several, Renewed):
    """Implements the face; ``pace`` is the pause between the words of a reply."""

    def __init__(self, bus: Bus, *, pace: float = 0.0, bare: bool = False) -> None:
        self.bus, self.pace = bus, pace
        self.calls: list[str] = []
        self.reply = TONIGHT
        self.hold = threading.Event()
        self.given_up, self.breaks_at = [], ""  # of questions asked four ways
        self.hold.set()
        self.stopped = threading.Event()
        self.chats: dict[int, Conversation] = {}
        self.said: dict[int, list[Turn]] = {}
        self.known: dict[int, Fact] = {}
        self.old: dict[int, list[Fact]] = {}
        self.night_rows: list[Night] = []
        self.vetoed: set[int] = set()
        self.plan = Schedule()
        self.put_away = {}
        self.put_aside: dict[int, list[Turn]] = {}
        self.versions: dict[tuple[int, int], list[int]] = {}
        self.extra: list[Model] = []
        self.chosen = Settings(theme="day")
        self.home = Home()
        self.library = ScriptedLibrary(bus)
        self.brought: list[Path] = []
        self.written: list[tuple[str, str, bool]] = []
        self.undoable: list[tuple[str, dict, dict, dict]] = []
        self.redoable: list[tuple[str, dict, dict, dict]] = []
        self.last = 100
        if not bare:
            self._fill()

    def start(self):
        self.calls.append("start")

    def close(self):
        self.calls.append("close")

    # -- conversations

    def conversations(self, search=""):
        found = [c for c in self.chats.values() if search.casefold() in c.title.casefold()]
        return sorted(found, key=lambda c: c.updated, reverse=True)

    def turns(self, conversation_id):
        return tuple(self.said.get(conversation_id, ()))

    def new_conversation(self, remembered=True):
        now = datetime.now(UTC)
        made = Conversation(self._next(), "", now, now, remembered, 0)
        self.chats[made.id], self.said[made.id] = made, []
        return made

    def rename(self, conversation_id, title):
        self._save("rename")
        self.chats[conversation_id] = replace(self.chats[conversation_id], title=title)
        self._changed("conversations")

    def pin_conversation(self, conversation_id, on):
        self.chats[conversation_id] = replace(self.chats[conversation_id], pinned=on)
        self._changed("conversations")

    def file_conversation(self, conversation_id, folder):
        self.chats[conversation_id] = replace(self.chats[conversation_id], folder=folder)
        self._changed("conversations")

    def rename_folder(self, folder, name):
        inside = [c.id for c in self.chats.values() if c.folder == folder]
        for number in inside:
            self.file_conversation(number, name)
        return inside

    def export_chat(self, conversation_id, path, kind):
        path.write_text(f"{kind} {conversation_id}", "utf-8")
        return f"Wrote 2 messages to {path}"

    def set_remembered(self, conversation_id, on):
        self.chats[conversation_id] = replace(self.chats[conversation_id], remembered=on)

    def delete_conversation(self, conversation_id):
        self._save("delete")
        self.put_away[conversation_id] = self.chats.pop(conversation_id)
        self._changed("conversations")

    def restore_conversation(self, conversation_id):
        self.chats[conversation_id] = self.put_away.pop(conversation_id)
        self._changed("conversations")

    def forget_conversation(self, conversation_id):
        self.calls.append(f"forget chat {conversation_id}")
        if conversation_id not in self.chats:
            raise MemoryRefused("That chat is no longer there: it was deleted or forgotten.")
        said = self.said.pop(conversation_id)
        facts = [f.id for f in self.known.values() if f.conversation_id == conversation_id]
        nights = {night for number in facts for night in self.known[number].nights}
        del self.chats[conversation_id]
        for number in facts:
            del self.known[number]
        self._changed("facts", "conversations", "nights")
        turns = tuple(turn.id for turn in said)
        return Forgotten(tuple(facts), turns, tuple(turn.created for turn in said), tuple(sorted(nights)))

    def undo(self):
        if not self.undoable:
            return None
        now = (dict(self.chats), dict(self.known), dict(self.old))
        what, self.chats, self.known, self.old = self.undoable.pop()
        self.redoable.append((what, *now))
        self._changed("facts", "conversations")
        return f"Undid: {what}"

    def redo(self):
        if not self.redoable:
            return None
        before = (dict(self.chats), dict(self.known), dict(self.old))
        what, self.chats, self.known, self.old = self.redoable.pop()
        self.undoable.append((what, *before))
        return f"Did again: {what}"

    def search(self, words):
        return [t for turns in self.said.values() for t in turns if words.casefold() in t.text.casefold()]

    # -- talk

    def ask(self, conversation_id, text):
        self.calls.append(f"ask {text}")
        turn = Turn(self._next(), conversation_id, "user", text, datetime.now(UTC))
        self.said[conversation_id].append(turn)
        self.chats[conversation_id] = replace(self.chats[conversation_id], updated=turn.created)
        self.bus.tell(TurnLogged(turn))
        self._answer(conversation_id)

    def stretch(self, conversation_id, at=None, before=0, after=0):
        said = self.said.get(conversation_id, [])
        old = [t for t in said if at is None or t.id < at]
        new = [] if at is None else said[len(old) :]
        kept = old[max(0, len(old) - before) :]
        return Stretch((*kept, *new[:after]), len(old) > before, len(new) > after)

    def regenerate(self, turn_id):
        number, place, versions = self._make_way(turn_id)
        self._answer(number, place, versions)

    def edit_message(self, turn_id, text):
        self.calls.append(f"edit {text}")
        number, place, versions = self._make_way(turn_id)
        self._keep(Turn(self._next(), number, "user", text, datetime.now(UTC)), place, versions)
        self.bus.tell(TurnLogged(self.said[number][-1]))
        self._answer(number)

    def show_version(self, turn_id):
        place, number = next((p, n) for (n, p), kept in self.versions.items() if turn_id in kept)
        shown = next(t.id for t in self.said[number] if t.id in self.versions[number, place])
        self._make_way(shown)
        self.said[number] += self.put_aside.pop(turn_id)

    def _make_way(self, turn_id):
        """Put a turn and what follows it aside; returns the conversation, the place and its versions."""
        number = next(n for n, turns in self.said.items() if any(t.id == turn_id for t in turns))
        gone = [t for t in self.said[number] if t.id >= turn_id]
        self.said[number] = [t for t in self.said[number] if t.id < turn_id]
        self.put_aside[turn_id] = gone
        place = next((p for (_, p), kept in self.versions.items() if turn_id in kept), turn_id)
        return number, place, self.versions.setdefault((number, place), [turn_id])

    def _keep(self, turn, place=None, versions=None):
        if versions is not None:
            versions.append(turn.id)
            for turns in self.put_aside.values():
                turns[:] = [replace(t, versions=tuple(versions)) if t.id in versions else t for t in turns]
            turn = replace(turn, versions=tuple(versions))
        self.said[turn.conversation_id].append(turn)
        return turn

    def stop(self, conversation_id):
        self.calls.append(f"stop {conversation_id}")
        self.stopped.set()

    def set_thumb(self, turn_id, thumb):
        for turns in self.said.values():
            turns[:] = [replace(t, thumb=thumb) if t.id == turn_id else t for t in turns]

    def notes_of(self, turn_id):
        for turns in self.said.values():
            for turn in turns:
                if turn.id == turn_id:
                    return [
                        self._note(self.known[int(n[5:])]) for n in turn.notes if int(n[5:]) in self.known
                    ]
        return []

    # -- facts

    def facts(self, search="", state=None, topic=None):
        found = [f for f in self.known.values() if state is None or f.state == state]
        found = [f for f in found if topic is None or f.topic == topic]
        return [f for f in found if search.casefold() in f"{f.sentence} {f.quote}".casefold()]

    def history(self, fact_id):
        return [*self.old.get(fact_id, ()), self.known[fact_id]]

    def add_fact(self, attribute, value, quiet=False):
        if not quiet:
            self._save("add")
        made = Fact(
            self._next(),
            "user",
            attribute,
            value,
            f"The user's {attribute} is {value}.",
            "current",
            "typed",
            "",
            1.0,
            False,
            datetime.now(UTC),
        )
        self.known[made.id] = made
        self._changed("facts")
        return made

    def edit_fact(self, fact_id, attribute, value):
        self._save("edit", f"The user's {attribute} is {value}.")
        fact = self.known[fact_id]
        self.old.setdefault(fact_id, []).append(replace(fact, state="superseded"))
        self.known[fact_id] = replace(
            fact,
            attribute=attribute,
            value=value,
            sentence=f"The user's {attribute} is {value}.",
            recorded=datetime.now(UTC),
        )
        self._changed("facts")
        return self.known[fact_id]

    def retract(self, fact_id):
        self._save("retract", self.known[fact_id].sentence)
        self.known[fact_id] = replace(self.known[fact_id], state="retracted", retracted=datetime.now(UTC))
        self._changed("facts")

    def restore(self, fact_id):
        self.known[fact_id] = replace(self.known[fact_id], state="current", retracted=None)
        self._changed("facts")

    def forget(self, fact_id):
        self.calls.append(f"forget {fact_id}")
        self.known.pop(fact_id, None)
        self.old.pop(fact_id, None)
        self._changed("facts")

    def pin(self, fact_id, on):
        self._save("pin")
        self.known[fact_id] = replace(self.known[fact_id], pinned=on)
        self._changed("facts")

    def accept(self, fact_id, quiet=False):
        fact = self.known[fact_id]
        if not quiet:
            self._save("accept", fact.sentence)
        old, _ = self.would_replace(fact_id)
        if old is not None:
            self.known[old.id] = replace(old, state="superseded", superseded_by=fact_id)
        self.known[fact_id] = replace(fact, state="current")
        self._changed("facts")

    def dismiss(self, fact_id):
        self._save("dismiss", self.known[fact_id].sentence)
        self.known[fact_id] = replace(self.known[fact_id], state="retracted", retracted=datetime.now(UTC))
        self._changed("facts")

    # -- nights

    def nights(self):
        return tuple(self.night_rows)

    def tonight(self):
        waiting = [f for f in self.known.values() if not f.nights and f.state == "current"]
        return [Choice(f, f.topic, f.id not in self.vetoed) for f in waiting]

    def veto(self, fact_id, on):
        (self.vetoed.add if on else self.vetoed.discard)(fact_id)

    def start_night(self):
        number = max((n.id for n in self.night_rows), default=0) + 1
        self.stopped.clear()
        for step in ("select", "dream", "train", "exam"):
            for share in (0.2, 0.6, 1.0):
                self.bus.tell(
                    NightProgress(number, step, share, loss=0.8 if step == "train" else None, seconds_left=80)
                )
                self.hold.wait()
                time.sleep(self.pace)
                if self.stopped.is_set():
                    self.bus.tell(NightEnded(number, "The night was cancelled. Nothing was changed."))
                    return
        self.night_rows.append(self._night(number, 0, "worn"))
        self.bus.tell(NightEnded(number, "Slept well. All checks passed."))

    def cancel_night(self):
        self.calls.append("cancel")
        self.stopped.set()
        self.hold.set()

    def undo_night(self, night_id):
        self.night_rows = [replace(n, state="undone") if n.id == night_id else n for n in self.night_rows]
        self._changed("nights")

    def set_scale(self, night_id, scale):
        self.night_rows = [replace(n, scale=scale) if n.id == night_id else n for n in self.night_rows]
        self._changed("nights")

    def compare(self, question, stop):
        said = {
            "off": "I can't know that.",
            "recall": "It is Pim.",
            "weights": "It is Pip.",
            "both": "It is Pim.",
        }
        if "dog" not in question:
            said = dict.fromkeys(said, "I don't know that.")
        for way, text in said.items():
            self.hold.wait()
            if stop():
                self.given_up.append(question)
                return
            if self.breaks_at == way:
                raise EngineError("The model's file is gone.")
            notes = ("The user's dog's name is Pim.",) if way in ("recall", "both") else ()
            yield Compared(way, text, notes)

    def report(self, night_id):
        exam = [
            ("New facts, in new words", 14, 88, 80),
            ("Older nights", 91, 90, 89),
            ("General knowledge", 97, 96, 96),
            ("Not mixed up with others", 93, 95, 90),
        ]
        return {
            "headline": "Slept well. All checks passed.",
            "learned": ["Recipes in grams, table first", "A three-speed hub", "Beans go in by mid June",
                        "Jonas eats no meat on weekdays", "Fridays are free", "Marta works at the port"],
            "refused": [{"sentence": "Marta's birthday", "why": "my five answers did not agree"},
                        {"sentence": "Ferry times", "why": "they will be out of date by July"}],
            "exam": [{"name": n, "before": b, "after": a, "must": m, "passed": True} for n, b, a, m in exam],
            "minutes": 26.0, "scale": 1.0,
        }  # fmt: skip

    def schedule(self):
        return self.plan

    def set_schedule(self, *, enabled, hour, minute, plugged_in, idle):
        self.plan = Schedule(enabled, hour, minute, plugged_in, idle)
        self._changed("schedule")

    # -- the rest

    def models(self):
        about = "Comes with Dormouse and is always ready. Small and quick, good for short answers."
        built = Model("SmolLM2 135M", Path("smollm2-135m.gguf"), 98_000_000, about=about, builtin=True)
        got = [each for each in self.library.offers() if each.state == "here"]
        fetched = [Model(e.offer.title, e.path, e.found.size, about=e.offer.about) for e in got]
        return [built, *fetched, *self.extra]

    def use_model(self, path):
        path = Path(path)
        if path.suffix != ".gguf":
            raise ValueError(f"{path.name} is not a GGUF model. Choose a file that ends in .gguf.")
        builtin = path.name == "smollm2-135m.gguf"
        if not builtin and all(model.path != path for model in self.extra):
            self.extra.append(Model(path.stem, path, 2_500_000_000, about="A model of yours."))
        self.chosen = replace(self.chosen, model="" if builtin else str(path))
        self._changed("models")

    def model_state(self):
        return "awake"

    def settings(self):
        return self.chosen

    def set_setting(self, name, value):
        self.chosen = replace(self.chosen, **{name: value})

    def context_used(self):
        return 0.18

    def backup(self, path):
        Path(path).write_text("a backup")

    def bring_in(self, path, progress=lambda share: None):
        if not self.brought and "broken" in path.name:
            raise MemoryRefused(f"{path.name} is nothing that can be taken in.")
        for step in range(1, 21):
            self.hold.wait()
            progress(step / 20)
            time.sleep(self.pace)
        self.brought.append(path)
        return BroughtIn("ChatGPT", new=12, turns=340, known=2)

    def export(self, path, kind="jsonl", force=False):
        if path.exists() and not force:
            raise MemoryRefused(f"{path} is there already. Choose another name.")
        self.written.append((path.name, kind, force))
        return f"Wrote 412 lines to {path}"

    def doctor(self):
        return []

    # -- inside

    def _next(self):
        self.last += 1
        return self.last

    def would_replace(self, fact_id):
        """As the core does: the same attribute has one value."""
        name = self.known[fact_id].attribute
        same = [f for f in self.known.values() if f.state == "current" and f.attribute == name]
        return (same[0] if same else None), False

    def _save(self, what, sentence=""):
        self.calls.append(what)
        self.undoable.append(
            (
                f"{what}: {sentence}",
                dict(self.chats),
                dict(self.known),
                {k: list(v) for k, v in self.old.items()},
            )
        )

    def _changed(self, *kinds):
        self.bus.tell(Changed(frozenset(kinds)))

    def _note(self, fact):
        return Note(
            f"fact:{fact.id}", fact.sentence, 1.0, fact.recorded, self._source(fact), fact.conversation_id
        )

    def _source(self, fact):
        title = self.chats[fact.conversation_id].title if fact.conversation_id in self.chats else ""
        at = fact.recorded.astimezone()
        return ", ".join(filter(None, (f"{at.day} {at:%B}", title)))

    def _answer(self, number, place=None, versions=None):
        self.stopped.clear()
        self.bus.tell(EngineState("awake"))
        notes = tuple(self._note(f) for f in list(self.known.values())[:2])
        self.bus.tell(Recalled(number, notes))
        for share in (0.2, 0.43, 1.0):
            self.bus.tell(PromptRead(number, share))
            time.sleep(self.pace)
        text, state = "", "complete"
        for piece in (
            self.reply.splitlines(keepends=True)
            if not self.pace
            else self.reply.replace(" ", " \0").split("\0")
        ):
            self.hold.wait()
            if self.stopped.is_set():
                state = "stopped"
                break
            text += piece
            self.bus.tell(ReplyText(number, piece))
            time.sleep(self.pace)
        turn = Turn(
            self._next(),
            number,
            "assistant",
            text,
            datetime.now(UTC),
            state,
            tuple(n.id for n in notes),
            ("night-41",),
        )
        self.bus.tell(ReplyDone(self._keep(turn, place, versions)))

    def _night(self, number, days, state, scale=1.0):
        earlier = range(max(1, number - 6), number + 1)
        kept = [{"night": n, "right": 7 - (number - n) // 2, "asked": 7} for n in earlier]
        at = (datetime.now().astimezone() - timedelta(days=days)).replace(hour=3, minute=0).astimezone(UTC)
        return Night(
            number,
            at,
            at + timedelta(minutes=26),
            state,
            "b" * 64,
            f"night-{number}.gguf",
            "a" * 64,
            scale,
            1.0,
            (1, 2, 3, 4, 5, 6, 7),
            "Slept well. All checks passed." if state == "worn" else "Kept yesterday's.",
            json.dumps({"retention": kept}) if state == "worn" else "",
        )

    def _fill(self):
        chats = [
            ("Pesto for Saturday", 0, 18, 42),
            ("Lisbon flat, second viewing", 0, 14, 5),
            ("Reply to the landlord", 0, 9, 20),
            ("Bicycle hub noise", 1, 19, 2),
            ("Names for the allotment", 1, 10, 0),
            ("Portuguese: ser and estar", 3, 9, 0),
            ("Budget for June", 4, 9, 0),
            ("Dinner with Anna", 38, 21, 14),
            ("Pesto", 47, 19, 0),
        ]
        for number, (title, days, hour, minute) in enumerate(chats, 1):
            at = when(days, hour, minute)
            self.chats[number] = Conversation(number, title, at, at, title != "Budget for June", 2)
            self.said[number] = [
                Turn(number * 2 - 1, number, "user", f"About {title.lower()}.", at),
                Turn(number * 2, number, "assistant", "All right.", at),
            ]
        at = when(0, 18, 40)
        self.said[1] = [
            Turn(
                50,
                1,
                "user",
                "Anna and Jonas are coming on Saturday. Scale my pesto to four, and write a little "
                "script so I can do it for any recipe.",
                at,
            ),
            Turn(51, 1, "assistant", PESTO, at, "complete", ("fact:1", "fact:2"), ("skill", "night-41")),
        ]
        for number, (sentence, attribute, value, topic, days, night, pinned) in enumerate(FACTS, 1):
            quote = "We can't do the walnut cake, Anna is properly allergic. Other nuts are fine."
            start = quote.index("Anna")
            self.known[number] = Fact(
                number,
                "user",
                attribute,
                value,
                sentence,
                "current",
                "said",
                topic,
                0.9,
                pinned,
                when(days, 21, 14),
                valid_from=when(days),
                turn_id=15,
                conversation_id=8 if number == 1 else min(9, number % 9 + 1),
                span=(start, start + 26),
                quote=quote if number == 1 else sentence.replace("The user", "I"),
                nights=(night,) if night else (),
            )
        self.old[1] = [
            replace(self.known[1], value="can't have walnuts", state="superseded", recorded=when(39))
        ]
        for number, attribute, value, sentence, said in PROPOSED:
            self.known[number] = Fact(
                number,
                "user",
                attribute,
                value,
                sentence,
                "proposed",
                "said",
                "Home",
                0.5,
                False,
                when(0, 18, 41),
                turn_id=50,
                conversation_id=1 if number < 33 else 3,
                quote=said,
                span=(said.index(value), said.index(value) + len(value)),
            )
        for number in range(20, 42):
            state = {25: "kept", 30: "undone"}.get(number, "worn")
            self.night_rows.append(self._night(number, 41 - number, state, 0.75 if number == 40 else 1.0))
