"""The scripted face's part that changes several facts at once."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

from memory.records import Forgotten, MemoryRefused, Place, Step


class Several:
    """Mixed into ``Scripted``: one step of undo each; and a map, once the index is ``awake``."""

    awake = True

    def pin_all(self, fact_ids, on):
        return self._each(fact_ids, "pin", lambda fact: replace(fact, pinned=on))

    def retract_all(self, fact_ids):
        now = datetime.now(UTC)
        return self._each(fact_ids, "retract", lambda fact: replace(fact, state="retracted", retracted=now))

    def restore_all(self, fact_ids):
        return self._each(fact_ids, "restore", lambda fact: replace(fact, state="current", retracted=None))

    def accept_all(self, fact_ids):
        step = self._begin(fact_ids, "accept")
        for number in fact_ids:
            self.accept(number, quiet=True)
        self._changed("facts")
        return step

    def merge(self, fact_ids, keep=0, attribute="", value=""):
        if len(fact_ids) < 2:
            raise MemoryRefused("Choose two or more memories that are true now; those can become one.")
        step = self._begin(fact_ids, "merge")
        if not keep:
            keep = self.add_fact(attribute, value, quiet=True).id
        for number in fact_ids:
            if number != keep:
                self.known[number] = replace(self.known[number], state="superseded", superseded_by=keep)
        self._changed("facts")
        return replace(step, facts=(keep, *(number for number in fact_ids if number != keep)))

    def take_back(self, step):
        return self.undo() if step == len(self.undoable) else None

    def map_places(self):
        """Two rows of heaps, a heap for each topic."""
        self.hold.wait()
        topics = sorted({fact.topic for fact in self.known.values()})
        made = []
        for number, fact in self.known.items():
            x, y = divmod(topics.index(fact.topic), 2)
            shift = number * 2.4
            made.append(Place(number, x / 2 - 0.8 + 0.12 * math.cos(shift), y - 0.5 + 0.2 * math.sin(shift)))
        return made if self.awake else None

    def would_forget(self, fact_ids):
        nights = {night for number in fact_ids for night in self.known[number].nights}
        turns = {self.known[number].turn_id for number in fact_ids}
        return Forgotten(tuple(fact_ids), tuple(turns), nights=tuple(sorted(nights)))

    def forget_all(self, fact_ids):
        gone = self.would_forget(fact_ids)
        for number in fact_ids:
            self.forget(number)
        return gone

    def _each(self, fact_ids, verb, change):
        step = self._begin(fact_ids, verb)
        for number in fact_ids:
            self.known[number] = change(self.known[number])
        self._changed("facts")
        return step

    def _begin(self, fact_ids, verb):
        if not fact_ids:
            return Step(0, "", ())
        what = self.known[fact_ids[0]].sentence if len(fact_ids) == 1 else f"{len(fact_ids)} facts"
        self._save(verb, what)
        return Step(len(self.undoable), f"{verb}: {what}", tuple(fact_ids))
