import json
import os
import signal
import subprocess
import sys
import threading
import tomllib

import pytest

from app.home import Home, HomeBusy
from app.settings import DECLARED, SettingRefused, Settings, SettingsFile
from models.attention import Attention

HOLDER = """
import sys, time
from pathlib import Path
from app.home import Home
home = Home(Path(sys.argv[1])); home.lock(); print("held", flush=True); time.sleep(60)
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def test_a_home_is_private(home):
    if os.name == "posix":
        assert home.path.stat().st_mode & 0o777 == 0o700
        home.change("theme", "night")
        assert (home.path / "settings.toml").stat().st_mode & 0o777 == 0o600


def test_settings_survive_and_explain_themselves(home):
    home.change("font_scale", 2)
    assert Home(home.path).settings.font_scale == 2.0
    text = (home.path / "settings.toml").read_text("utf-8")
    for declared in DECLARED.values():
        assert f"# {declared.metadata['sentence']}\n{declared.name} = " in text
    assert tomllib.loads(text)["font_scale"] == 2.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("night_hour", 24),
        ("notice", "yes"),
        ("notice", 1),
        ("recall_notes", True),
        ("flash_attention", "maybe"),
        ("cache_keys", "q2_k"),
        ("contrast", 3),
        ("no", 1),
    ],
)
def test_an_impossible_value_gets_a_sentence_and_changes_nothing(home, name, value):
    before = home.settings
    with pytest.raises(SettingRefused, match=r"\.$"):
        home.change(name, value)
    assert home.settings == before


def test_a_value_somebody_mistyped_is_kept_and_its_default_used(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('night_hour = "three"\nfrom_tomorrow = 1\ntheme = "day"\n', "utf-8")
    settings = SettingsFile(path)
    assert settings.values.night_hour == Settings().night_hour and settings.values.theme == "day"
    assert any("night_hour" in problem for problem in settings.problems)
    settings.change("theme", "night")
    assert tomllib.loads(path.read_text("utf-8")) | {"theme": 0} == tomllib.loads(path.read_text("utf-8")) | {
        "night_hour": "three",
        "from_tomorrow": 1,
        "theme": 0,
    }


def test_what_does_not_go_together_is_refused_whichever_comes_last(home):
    home.change("cache_values", "q8_0")
    with pytest.raises(SettingRefused, match=r"flash attention.*\.$"):
        home.change("flash_attention", "off")
    assert home.settings.attention == Attention("auto", "f16", "q8_0")
    home.change("cache_values", "f16")
    home.change("flash_attention", "off")
    with pytest.raises(SettingRefused, match=r"flash attention.*\.$"):
        home.change("cache_values", "q4_0")
    assert home.settings.attention == Attention("off")


def test_a_file_in_which_it_does_not_go_together_is_read_and_kept(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('flash_attention = "off"\ncache_values = "q8_0"\n', "utf-8")
    settings = SettingsFile(path)
    assert settings.values.attention == Attention("off")
    assert "q8_0" in settings.problems[0]
    settings.change("theme", "night")
    assert tomllib.loads(path.read_text("utf-8"))["cache_values"] == "q8_0"
    settings.change("flash_attention", "on")
    assert settings.values.attention == Attention("on", "f16", "q8_0") and not settings.problems


def test_a_change_by_another_process_is_seen(home):
    assert home.settings.theme == "system"
    Home(home.path).change("theme", "night")
    assert home.settings.theme == "night"


def test_a_broken_file_is_put_aside(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("theme = = =", "utf-8")
    settings = SettingsFile(path)
    assert settings.values == Settings()
    assert (tmp_path / "settings.broken.toml").read_text("utf-8") == "theme = = ="
    assert settings.problems


def test_a_second_owner_is_refused_with_a_sentence(home):
    home.lock()
    with pytest.raises(HomeBusy, match="already open"):
        Home(home.path).lock()
    home.unlock()
    other = Home(home.path)
    other.lock()
    assert other.owned and not home.owned
    other.unlock()


def test_a_killed_owner_leaves_the_home_free(home):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home.path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout.readline().strip() == "held"
        with pytest.raises(HomeBusy):
            home.lock()
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    home.lock()
    home.unlock()


def test_marks_are_kept_and_a_broken_file_of_them_harms_nothing(home):
    home.set_mark("noticed", 7)
    home.set_mark("other", 1)
    assert Home(home.path).mark("noticed") == 7
    (home.path / "marks.json").write_text("{", "utf-8")
    assert home.mark("noticed") is None
    home.set_mark("noticed", 8)
    assert json.loads((home.path / "marks.json").read_text("utf-8")) == {"noticed": 8}


def test_marks_of_two_threads_are_both_kept(home):
    def count(name):
        for number in range(50):
            home.set_mark(name, number)

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json.loads((home.path / "marks.json").read_text("utf-8")) == {"a": 49, "b": 49}
