"""Downloads against a hub on this machine that does what lines and servers do."""

from __future__ import annotations

import os
import random
import stat

import pytest

from models.download import Came, Paused, download
from models.partial import DownloadRefused, Partial, Wanted, part_of, so_far
from tests import hub_server
from tests.hub_server import COMMIT, Shelved, cut_after, status, then

BODY = random.Random(5).randbytes(3_000_000)
QUICK = (0.01, 0.01, 0.01)
REPOSITORY = "someone/Model-GGUF"


@pytest.fixture
def hub():
    with hub_server.running() as server:
        yield server


@pytest.fixture
def target(tmp_path):
    return tmp_path / "models" / "model.gguf"


def shelve(hub, **how):
    file = Shelved(BODY, **how)
    hub.models[REPOSITORY] = {"model.gguf": file}
    return file


def wanted(hub, file):
    return Wanted(f"{hub.url}/{REPOSITORY}/resolve/{COMMIT}/model.gguf", file.size, file.sha256)


def fetch(hub, file, target, **how):
    return download(wanted(hub, file), target, **{"pauses": QUICK, "room": lambda folder: 10**12, **how})


def whole(target):
    assert target.read_bytes() == BODY
    assert [path.name for path in target.parent.iterdir()] == [target.name]  # nothing else is left behind
    return True


def ranges(hub):
    return [headers.get("Range", "") for headers in hub.requests("model.gguf")[1::2]]


def stopped_after(length):
    """A question that says stop once so much has come, and hears how much that is."""
    came = []
    return {"tell": came.append, "stop": lambda: bool(came) and came[-1].done >= length}


def pause(hub, file, target, length=1_000_000):
    """Leave a part behind, as a download does that was stopped."""
    file.faults.append(cut_after(length))
    with pytest.raises(DownloadRefused, match="connection was lost"):
        fetch(hub, file, target, pauses=())
    return so_far(target)


def test_a_file_comes_whole_and_is_the_owners_alone(hub, target):
    told: list[Came] = []
    assert fetch(hub, shelve(hub), target, tell=told.append) == target
    assert whole(target) and told[-1].done == told[-1].total == len(BODY)
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_line_that_is_cut_goes_on_where_it_was_cut(hub, target):
    file = shelve(hub, faults=[cut_after(1_000_000), cut_after(500_000)])
    fetch(hub, file, target)
    assert whole(target) and ranges(hub) == ["", "bytes=1000000-", "bytes=1500000-"]


def test_the_next_run_goes_on_where_the_last_one_ended(hub, target):
    file = shelve(hub)
    assert pause(hub, file, target) == 1_000_000 and not target.exists()
    fetch(hub, file, target)
    assert whole(target) and ranges(hub)[-1] == "bytes=1000000-"
    assert hub.requests("model.gguf")[-1]["If-Range"] == '"one"'


def test_what_came_after_the_last_note_is_not_trusted(hub, target):
    """After a power cut a file may be longer than what is in it."""
    file = shelve(hub)
    pause(hub, file, target)
    with part_of(target).open("ab") as part:
        part.write(b"\0" * 70_000)
    fetch(hub, file, target)
    assert whole(target) and ranges(hub)[-1] == "bytes=1000000-"


def test_what_came_after_beginning_again_is_not_trusted_for_the_old_note(hub, target):
    file = shelve(hub)
    pause(hub, file, target)
    killed = Partial(target, wanted(hub, file)).__enter__()
    killed.begin_again()
    killed.add(b"\0" * 1_100_000)
    killed._file.close()  # with nothing brought to the disk
    fetch(hub, file, target)
    assert whole(target) and ranges(hub)[-1] == ""


def test_a_part_without_a_note_or_of_another_file_is_begun_anew(hub, target):
    file = shelve(hub)
    target.parent.mkdir()
    part_of(target).write_bytes(b"something else")
    fetch(hub, file, target)
    assert whole(target) and ranges(hub) == [""]
    target.unlink()
    pause(hub, file, target)
    other = Shelved(BODY[::-1])
    hub.models[REPOSITORY] = {"model.gguf": other}
    fetch(hub, other, target)
    assert target.read_bytes() == other.body and ranges(hub)[-1] == ""


def test_wrong_bytes_never_become_a_model(hub, target):
    file = shelve(hub)
    file.body = BODY[:-1] + bytes([BODY[-1] ^ 1])
    with pytest.raises(DownloadRefused, match="not the file that the hub describes"):
        fetch(hub, file, target)
    assert not target.exists() and not so_far(target)


@pytest.mark.parametrize("body", [BODY + b"more", BODY[:-5]], ids=["longer", "shorter"])
def test_another_length_never_becomes_a_model(hub, target, body):
    file = shelve(hub)
    file.body = body
    with pytest.raises(DownloadRefused):
        fetch(hub, file, target)
    assert not target.exists()


def test_a_server_that_ignores_ranges_is_read_from_the_start(hub, target):
    file = shelve(hub, ranges=False)
    pause(hub, file, target)
    fetch(hub, file, target)
    assert whole(target) and ranges(hub)[-1] == "bytes=1000000-"


def test_a_file_that_changes_underneath_is_begun_again(hub, target):
    """First another file is there; while it comes, it is replaced by the right one."""

    def put_right(file):
        file.body, file.etag = BODY, '"two"'

    file = shelve(hub)
    file.body = BODY[::-1]
    file.faults.append(then(put_right, cut_after(800_000)))
    fetch(hub, file, target)
    assert whole(target) and hub.requests("model.gguf")[-1]["If-Range"] == '"one"'


def test_a_server_that_does_not_know_if_range_is_seen_through(hub, target):
    """It goes on with the new file's bytes under another ETag; they must not be joined to the old ones."""

    def put_right(file):
        file.body, file.etag = BODY, '"two"'

    def deaf(handler, file):
        del handler.headers["If-Range"]
        handler.give(file)

    file = shelve(hub)
    file.body = BODY[::-1]
    file.faults += [then(put_right, cut_after(800_000)), deaf]
    fetch(hub, file, target)
    assert whole(target) and ranges(hub) == ["", "bytes=800000-", ""]


def test_a_range_beyond_the_end_begins_again(hub, target):
    file = shelve(hub)
    pause(hub, file, target)
    file.faults.append(status(416))
    fetch(hub, file, target)
    assert whole(target) and ranges(hub)[-2:] == ["bytes=1000000-", ""]


def test_a_busy_server_is_asked_again(hub, target):
    fetch(hub, shelve(hub, faults=[status(503), status(429, Retry_After="0"), status(500)]), target)
    assert whole(target) and len(ranges(hub)) == 4


@pytest.mark.parametrize(
    ("code", "words"),
    [(404, "no longer at"), (401, "agreement"), (403, "agreement"), (503, "connection was lost")],
)
def test_what_will_not_come_is_said_in_a_sentence_and_what_came_is_kept(hub, target, code, words):
    file = shelve(hub)
    pause(hub, file, target)
    file.faults = [status(code)] * 4
    with pytest.raises(DownloadRefused, match=words):
        fetch(hub, file, target)
    assert so_far(target) == 1_000_000 and not target.exists()
    assert len(ranges(hub)) == 1 + (4 if code == 503 else 1)


def test_nobody_there(hub, target):
    gone = Wanted("http://127.0.0.1:9/nowhere", 10, "a" * 64)
    with pytest.raises(DownloadRefused, match="connection was lost"):
        download(gone, target, pauses=QUICK)


def test_there_must_be_room_before_it_begins(hub, target):
    file = shelve(hub)
    with pytest.raises(DownloadRefused, match="no room on the disk"):
        fetch(hub, file, target, room=lambda folder: len(BODY) - 1)
    assert not hub.asked


def test_a_disk_that_fills_up_keeps_what_came(hub, target, monkeypatch):
    monkeypatch.setattr("models.download.TELL_EVERY", 0.0)
    file = shelve(hub)
    left = iter([len(BODY), len(BODY), 0])
    with pytest.raises(DownloadRefused, match="no room on the disk"):
        fetch(hub, file, target, room=lambda folder: next(left))
    kept = so_far(target)
    assert 0 < kept < len(BODY)
    fetch(hub, file, target)
    assert whole(target) and ranges(hub)[-1] == f"bytes={kept}-"


@pytest.mark.skipif(os.name != "posix", reason="there is no such limit")
def test_a_disk_that_takes_no_more_is_a_sentence_and_what_it_took_is_kept(hub, target):
    import resource

    file, limits = shelve(hub), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_234_567, limits[1]))
    try:
        with pytest.raises(DownloadRefused, match="The disk did not take it: File too large"):
            fetch(hub, file, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    fetch(hub, file, target)
    [start] = [int(asked[6:-1]) for asked in ranges(hub) if asked]
    assert whole(target) and 1_000_000 < start <= 1_234_567


def test_stop_is_heard_between_pieces_and_keeps_what_came(hub, target, monkeypatch):
    monkeypatch.setattr("models.download.TELL_EVERY", 0.0)
    file = shelve(hub)
    with pytest.raises(Paused):
        fetch(hub, file, target, **stopped_after(500_000))
    kept = so_far(target)
    assert 500_000 <= kept < len(BODY)
    fetch(hub, file, target)
    assert whole(target) and ranges(hub)[-1] == f"bytes={kept}-"


def test_two_at_once_are_one_too_many(hub, target):
    refusals = []

    def second(_came):
        with pytest.raises(DownloadRefused, match="already") as refusal:
            fetch(hub, file, target)
        refusals.append(refusal)

    file = shelve(hub)
    fetch(hub, file, target, tell=second)
    assert refusals and whole(target)


def test_a_token_goes_to_the_hub_and_to_nobody_else(hub, target):
    with hub_server.running() as store:
        file = shelve(hub)
        store.models = hub.models
        place = f"{store.url.replace('127.0.0.1', 'localhost')}/store/{REPOSITORY}/model.gguf"
        hub.away = place
        sent_on = Wanted(f"{hub.url}/away", file.size, file.sha256)
        download(sent_on, target, token="hf_secret", pauses=QUICK, room=lambda folder: 10**12)
        assert whole(target)
        assert hub.requests("away")[0]["Authorization"] == "Bearer hf_secret"
        assert "Authorization" not in store.requests("model.gguf")[0]
