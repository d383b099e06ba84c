"""What needs no window: colours that can be read, words, PySide's missing references."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from app.desktop import theme, words

TOKENS = json.loads(theme.TOKENS.read_text())
GROUNDS = ("window", "surface", "raised", "sunken", "bubble", "row-hover", "hover", "selected")


def luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["day", "night"])
def test_text_can_be_read_on_every_ground(name):
    colors = TOKENS["color"][name]
    for text in ("text", "text-muted", "text-faint", "accent", "learned", "good", "warn", "danger"):
        assert min(contrast(colors[text], colors[ground]) for ground in GROUNDS) >= 4.5, text
    for pair in ("learned", "good", "warn", "danger"):
        assert contrast(colors[pair], colors[f"{pair}-soft"]) >= 4.5
    assert contrast(colors["accent-ink"], colors["accent-soft"]) >= 4.5
    assert contrast(colors["on-accent"], colors["accent"]) >= 4.5


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("The user's dog's name is Pim.", "Your dog's name is Pim."),
        ("The user lives in Clun.", "You live in Clun."),
        ("The user works as a baker.", "You work as a baker."),
        ("The user is learning Welsh.", "You are learning Welsh."),
        ("The user has two cats.", "You have two cats."),
        ("The user studies law.", "You study law."),
        ("The user teaches maths.", "You teach maths."),
        ("Coffee keeps the user awake.", "Coffee keeps you awake."),
        ("Anna is allergic to walnuts.", "Anna is allergic to walnuts."),
    ],
)
def test_facts_are_said_to_you(fact, said):
    assert words.you(fact) == said


def test_dates_in_words():
    now = datetime(2026, 6, 19, 18, 0).astimezone()
    assert words.group(now, now) == "Today"
    assert words.group(now - timedelta(days=1), now) == "Yesterday"
    assert words.short(now - timedelta(days=3), now) == "Tue"
    assert words.short(now - timedelta(days=38), now) == "12 May"
    assert words.group(now - timedelta(days=400), now) == "May 2025"
    assert words.duration(80) == "1 min 20 s"
    assert words.size(98_000_000) == "98 MB"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from 3.12 on")
def test_none_survives_many_calls():
    """PySide6 6.12 on Python 3.11 gives None away; without ``keep_none`` this aborts."""
    script = (
        "from PySide6.QtCore import QObject\nfrom app.desktop.immortal import keep_none\nkeep_none()\n"
        "one = QObject()\nfor _ in range(50000): one.setParent(None)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
