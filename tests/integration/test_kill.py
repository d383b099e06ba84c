"""kill -9 of the app and of the engine, at any moment of a real turn, loses no committed turn."""

import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from app.core import Dormouse
from app.events import Bus, ReplyDone, ReplyText
from app.home import Home
from memory.store import Store
from tests.scripted import ScriptedEmbedder

pytestmark = pytest.mark.model
ROOT = Path(__file__).parents[2]
QUESTIONS = ("Write a long story about a river.", "Write another about a mountain.", "And one about the sea.")
SAVED_WITHIN = 1.0

APP = """
import json, os, sys, time
from pathlib import Path
from app.core import Dormouse
from app.events import Bus, PromptRead, ReplyDone, ReplyText, TurnLogged
from app.home import Home
from tests.scripted import ScriptedEmbedder

def tell(event):
    said = {"at": time.time(), "event": type(event).__name__}
    if isinstance(event, TurnLogged | ReplyDone):
        said |= {"turn": event.turn.id, "text": event.turn.text}
    elif isinstance(event, ReplyText):
        said["text"] = event.text
    os.write(1, (json.dumps(said) + "\\n").encode())  # one call: two threads tell, and print writes twice

bus = Bus()
bus.listen(tell)
dormouse = Dormouse(Home(Path(sys.argv[1])), bus, open_embedder=ScriptedEmbedder)
dormouse.start()
chat = dormouse.new_conversation()
for question in sys.argv[2:]:
    dormouse.ask(chat.id, question)
"""


class RunningApp:
    """The app in a process of its own, and what it said before it was killed."""

    def __init__(self, home):
        command = [sys.executable, "-c", APP, str(home), *QUESTIONS]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.heard = []
        self._logged = threading.Event()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self):
        for line in self.process.stdout:
            self.heard.append(json.loads(line))
            if self.heard[-1]["event"] == "TurnLogged":
                self._logged.set()

    def kill_after(self, seconds):
        """Kill it so long after the first words were kept; returns when, and its children."""
        assert self._logged.wait(60)
        time.sleep(seconds)
        children = psutil.Process(self.process.pid).children(recursive=True)
        killed = time.time()
        self.process.kill()
        self.process.wait()
        self._reader.join(10)
        self.process.stdout.close()
        return killed, children

    def kept(self):
        return [said for said in self.heard if said["event"] in ("TurnLogged", "ReplyDone")]

    def words_before(self, moment):
        """What had been written of the reply that was still open."""
        text = ""
        for said in self.heard:
            if said["event"] == "ReplyDone":
                text = ""
            elif said["event"] == "ReplyText" and said["at"] < moment:
                text += said["text"]
        return text.strip()


@pytest.mark.parametrize("seed", range(10))
def test_a_killed_app_loses_no_turn(tmp_path, seed):
    seconds = random.Random(seed).uniform(0.0, 5.0)
    app = RunningApp(tmp_path / "home")
    killed, children = app.kill_after(seconds)

    store = Store(tmp_path / "home" / "memory.sqlite3")
    turns = {turn.id: turn for turn in store.turns(1)}
    for said in app.kept():
        assert turns[said["turn"]].text == said["text"]
    open_turns = [turn for turn in turns.values() if turn.state == "writing"]
    if open_turns:
        assert open_turns[0].text.strip().startswith(app.words_before(killed - SAVED_WITHIN)[:4000])
    store.close()
    _gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive, "the engine outlived the app"
    _goes_on(tmp_path / "home")


def _goes_on(folder):
    dormouse = Dormouse(Home(folder), Bus(), open_embedder=ScriptedEmbedder)
    dormouse.start()
    try:
        assert all(turn.state != "writing" for turn in dormouse.turns(1))
        dormouse.set_setting("reply_tokens", 24)
        reply = dormouse.ask(1, "Say hello.")
        assert reply.state == "complete" and reply.text
    finally:
        dormouse.close()


def test_a_killed_engine_costs_no_words_and_the_next_message_starts_another(tmp_path):
    bus, pick = Bus(), random.Random(7)
    dormouse = Dormouse(Home(tmp_path / "home"), bus, open_embedder=ScriptedEmbedder)
    dormouse.start()
    sentences, pieces, written = [], [], threading.Event()

    def listen(event):
        if isinstance(event, ReplyText):
            pieces.append(event.text)
            written.set()
        elif isinstance(event, ReplyDone):
            sentences.append(event.sentence)

    bus.listen(listen)
    try:
        interrupted = 0
        for _ in range(10):
            chat = dormouse.new_conversation()
            pieces.clear()
            written.clear()
            asking = threading.Thread(target=dormouse.ask, args=(chat.id, QUESTIONS[0]))
            asking.start()
            assert written.wait(60)
            time.sleep(pick.uniform(0.0, 0.6))
            psutil.Process(dormouse.serving.engine().pid).kill()
            asking.join(30)
            kept = dormouse.turns(chat.id)[-1]
            assert kept.text and kept.text == "".join(pieces).strip()
            assert kept.state in ("interrupted", "complete")  # it may have been done a moment before
            assert (kept.state == "interrupted") == bool(sentences[-1])
            interrupted += kept.state == "interrupted"
        assert interrupted >= 3
        dormouse.set_setting("reply_tokens", 24)
        assert dormouse.ask(chat.id, "Say hello.").state == "complete"
    finally:
        dormouse.close()
