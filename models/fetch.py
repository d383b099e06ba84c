"""The fetching process: looks models up and downloads them. Nothing else of Dormouse opens the network.

One line of JSON comes in on stdin and says what to do; lines of JSON go out on stdout. It stops, keeping what
came, on any further line or when stdin ends, so it never outlives the program that started it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from models import hub, offers
from models.download import Came, Paused, download
from models.engine import EngineError
from models.offers import Found
from models.partial import Wanted

OFFLINE = (
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HF_DATASETS_OFFLINE",
)  # here the user asked for the line
QUIET = ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "DO_NOT_TRACK")


def main(orders: IO[str] | None = None, out: IO[str] | None = None) -> int:
    """Do what the first line orders."""
    orders, out = orders or sys.stdin, out or sys.stdout
    for name in OFFLINE:
        os.environ.pop(name, None)
    os.environ.update(dict.fromkeys(QUIET, "1"))
    order = json.loads(orders.readline())
    stopped = threading.Event()
    threading.Thread(target=_listen, args=(orders, stopped), daemon=True).start()
    speaker = _Speaker(out)
    if order["do"] == "look up":
        for name in order["names"]:
            _look_up(speaker, name, order["endpoint"])
    else:
        _download(speaker, order, stopped)
    return 0


def _listen(orders: IO[str], stopped: threading.Event) -> None:
    orders.readline()
    stopped.set()


class _Speaker:
    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def say(self, kind: str, **what: Any) -> None:
        self._out.write(json.dumps({"kind": kind, **what}) + "\n")
        self._out.flush()


def _look_up(speaker: _Speaker, name: str, at: str) -> Found | None:
    try:
        found = hub.look_up(offers.offer(name), at)
    except EngineError as problem:
        speaker.say("refused", name=name, sentence=str(problem))
        return None
    speaker.say("found", name=name, found=asdict(found))
    return found


def _download(speaker: _Speaker, order: dict[str, Any], stopped: threading.Event) -> None:
    name, at = order["name"], order["endpoint"]
    found = Found.of(order["found"]) or _look_up(speaker, name, at)
    if found is None:
        return
    wanted = Wanted(hub.address(found, at), found.size, found.sha256)

    def tell(came: Came) -> None:
        speaker.say("came", name=name, **asdict(came))

    try:
        download(wanted, Path(order["target"]), tell=tell, stop=stopped.is_set, token=hub.token())
    except Paused:
        speaker.say("paused", name=name)
    except EngineError as problem:
        speaker.say("refused", name=name, sentence=str(problem))
    else:
        speaker.say("here", name=name, sha256=wanted.sha256)
