"""The files of saved states: keys, headers, which ones go, and forgetting."""

from __future__ import annotations

import os
import time

import pytest

from models import states
from models.engine import Message
from models.states import States, clear, key_of, pack, unpack, unwanted, wearer_of
from models.template import ChatTemplate
from tests.scripted import ScriptedEmbedder, ScriptedEngine


def adapter(path, content=b"adapter"):
    path.write_bytes(content)
    state = path.stat()
    return (str(path), state.st_mtime_ns, state.st_size)


def test_a_key_is_of_model_adapters_and_tokens(tmp_path):
    one, other = adapter(tmp_path / "1.gguf"), adapter(tmp_path / "2.gguf", b"another")
    outfits = [(), ((one, 1.0),), ((one, 0.5),), ((other, 1.0),), ((one, 1.0), (other, 1.0))]
    outfits.append(((other, 1.0), (one, 1.0)))
    wearers = [wearer_of(model, outfit) for model in ("m", "n") for outfit in outfits]
    keys = {key_of(wearer, tokens) for wearer in wearers for tokens in ([1, 2], [1, 2, 3], [2, 1])}
    assert len(keys) == 2 * 6 * 3
    assert key_of(wearers[0], [1, 2]) == key_of(wearer_of("m", ()), (1, 2))


def test_a_rewritten_adapter_is_another_though_time_and_size_are_the_same(tmp_path):
    first = wearer_of("m", ((adapter(tmp_path / "1.gguf", b"a" * 99), 1.0),))
    key = adapter(tmp_path / "1.gguf", b"b" * 99)
    states.fingerprint.cache_clear()
    assert wearer_of("m", ((key, 1.0),)) != first


def test_a_large_file_is_told_apart_by_its_last_part_too(tmp_path):
    size = states._WINDOWS * states._WINDOW + 5
    prints = {states.fingerprint(tmp_path / name, 1, size) for name in _large(tmp_path, size)}
    assert len(prints) == 2


def _large(folder, size):
    for name in ("a", "b"):
        with (folder / name).open("wb") as file:
            file.truncate(size - 1)
            file.seek(0, os.SEEK_END)
            file.write(name.encode())
        yield name


def test_what_is_packed_comes_out_and_nothing_else_does():
    key, state = key_of("w", [1]), b"numbers" * 99
    raw = pack(key, state)
    assert unpack(raw, key) == state
    spoilt = [b"", raw[:10], raw[:-1], raw + b"x", raw[:90] + b"?" + raw[91:], b"x" + raw[1:], raw[:60]]
    for bad in spoilt:
        with pytest.raises(ValueError):
            unpack(bad, key)
    with pytest.raises(ValueError):
        unpack(raw, key_of("w", [2]))


def test_the_longest_unused_and_those_of_others_go(tmp_path):
    ours = [tmp_path / f"aa-{number}.state" for number in range(states.MOST + 2)]
    other, half, mark = tmp_path / "bb-1.state", tmp_path / "aa-9.f00.partial", tmp_path / "1.mark"
    gone = unwanted([*ours, other, half, mark], ours[0])
    assert set(gone) == {ours[1], ours[2], other, half}
    assert unwanted([], ours[0]) == []


def test_a_saved_state_is_loaded_and_counts_as_used(tmp_path):
    kept = States(tmp_path / "states", "m")
    places = [kept.place((), [number]) for number in range(states.MOST + 1)]
    for age, place in enumerate(places[:-1]):
        kept.save(place, b"state")
        os.utime(place.path, (age + 1, age + 1))
    assert kept.load(places[0]) == b"state"
    kept.save(places[-1], b"newest")
    assert [kept.load(place) is None for place in places] == [False, True, False, False, False]


def test_nothing_is_saved_once_the_folder_was_cleared(tmp_path):
    kept = States(tmp_path / "states", "m")
    before = kept.place((), [1])
    kept.save(before, b"state")
    clear(tmp_path / "states")
    assert list((tmp_path / "states").iterdir()) == []
    kept.save(before, b"state")
    assert list((tmp_path / "states").iterdir()) == []
    after = kept.place((), [1])
    kept.save(after, b"state")
    kept.save(before, b"state")  # its mark is gone: what stands there may not be trusted
    assert not list((tmp_path / "states").glob("*.state"))
    clear(tmp_path / "nowhere")


def test_what_cannot_be_written_or_is_too_large_is_let_go(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert States(file, "m").place((), [1]) is None
    assert States(tmp_path, "m").place(((("missing.gguf", 1, 1), 1.0),), [1]) is None
    place = States(tmp_path, "m").place((), [1])
    monkeypatch.setattr(states, "LARGEST", 3)
    States(tmp_path, "m").save(place, b"four")
    assert not place.path.exists()


def test_a_beginning_is_the_system_message_and_its_marks():
    template = ChatTemplate("", control=("<|im_start|>", "<|im_end|>"))
    messages = (Message("system", "Be brief."), Message("user", "Who am I?"))
    beginning = "".join(template.beginning(messages))
    assert beginning == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n"
    assert "".join(template.render(messages)).startswith(beginning)
    assert template.beginning(messages[1:]) == template.beginning(()) == []


def test_forgetting_a_fact_or_a_chat_deletes_all_of_them(tmp_path):
    from app.core import Dormouse
    from app.events import Bus
    from app.home import Home

    dormouse = Dormouse(Home(tmp_path / "home"), Bus(), lambda *_: ScriptedEngine(), ScriptedEmbedder)
    dormouse.start(tend=False)
    try:
        folder = dormouse.home.states
        assert folder.stat().st_mode & 0o777 == 0o700
        chat, fact = dormouse.new_conversation(), dormouse.add_fact("home", "Clun")
        for forget in (lambda: dormouse.forget(fact.id), lambda: dormouse.forget_conversation(chat.id)):
            for name in ("1.mark", "a-1.state", "a-2.f00.partial"):
                (folder / name).write_bytes(b"words")
            forget()
            assert list(folder.iterdir()) == []
    finally:
        dormouse.close()


def test_the_newest_is_kept_though_clocks_are_coarse(tmp_path):
    kept = States(tmp_path, "m")
    now = time.time() + 60
    for number in range(states.MOST + 2):
        place = kept.place((), [number])
        kept.save(place, b"state")
        os.utime(place.path, (now, now))
    assert len(list(tmp_path.glob("*.state"))) == states.MOST and kept.load(place)
