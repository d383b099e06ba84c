"""Words that tell, before the model is asked, whether a message says something lasting about the user.

A second reader beside the model: the words and pairs of words of a message, each with a weight that was
learned on the project's own messages (``consolidation/skill/cues.py``) and can be read in ``cues.json``.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

_TOKEN = re.compile(r"[\w'’]+|[?!\"“<>{};=:]")


def features(message: str) -> set[str]:
    """The words and neighbouring pairs of words in a message, case folded."""
    words = [word.replace("’", "'") for word in _TOKEN.findall(message.casefold())]
    return {*words, *(f"{one} {other}" for one, other in pairwise(words))}


def score(message: str) -> float:
    """Natural-log odds that a message holds a fact, judged by its words alone."""
    bias, weights = _weights()
    return bias + sum(weights.get(feature, 0.0) for feature in features(message))


@cache
def _weights() -> tuple[float, dict[str, float]]:
    table = json.loads(Path(__file__).with_name("cues.json").read_text("utf-8"))
    return float(table["bias"]), table["weights"]
