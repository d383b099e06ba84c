"""Made-up names, so that copying is learned and not guessing."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence

ONSETS = "b br c ch d dr f fl g gr h j k l m n p r s sk st t th tr v w z"
NUCLEI = "a a a e e e i i o o u ea ie oo"
CODAS = ",,,,l,ll,m,n,nd,r,rd,rn,s,st,t,th"
ENDINGS = ",,,,a,o,ia,en,er,ine,by,ton,wick,is,ova"
CAPITALISED = re.compile(r"(?<![.!?:\"“(]\s)(?<!^)(?<![A-Za-z'’])[A-ZÀ-Þ][a-zà-ÿ]{2,}(?![A-Za-zà-ÿ])")
KEPT = frozenset(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
    August September October November December Christmas Easter Lent Ramadan Diwali English French German
    Dutch Spanish Italian Portuguese Swedish Polish Turkish Russian Chinese Japanese Latin Greek Welsh Irish
    Scottish Gaelic Europe America Africa Asia Britain England Scotland Wales Ireland France Germany Spain
    Italy Portugal Netherlands Belgium London Paris Berlin Rome Madrid Lisbon Mum Dad Grandma Grandad Python
    Excel Word Windows Linux Android""".split()  # noqa: SIM905, as text it can be read and added to
)


def invent(rng: random.Random) -> str:
    """A pronounceable name of one to three syllables that nobody bears."""
    count = rng.choice((1, 2, 2, 2, 3))
    onsets, nuclei = ONSETS.split(), NUCLEI.split()
    codas, endings = CODAS.split(","), ENDINGS.split(",")
    syllables = [rng.choice(onsets) + rng.choice(nuclei) + rng.choice(codas) for _ in range(count)]
    return ("".join(syllables) + rng.choice(endings)).capitalize()


def rare_names(texts: Sequence[str], most: int = 6) -> frozenset[str]:
    """Capitalised words inside sentences that stand in few texts: names rather than common words."""
    counts = Counter(word for text in texts for word in set(CAPITALISED.findall(text)))
    common = Counter(word for text in texts for word in set(re.findall(r"\b[a-zà-ÿ]+\b", text)))
    return frozenset(
        word for word, n in counts.items() if n <= most and word not in KEPT and common[word.lower()] < 2
    )


def renaming(texts: Iterable[str], rare: frozenset[str], rng: random.Random) -> dict[str, str]:
    """New names for the rare ones in these texts."""
    found = sorted({word for text in texts for word in re.findall(r"\w+", text)} & rare)
    return {word: invent(rng) for word in found}


def rename(text: str, names: Mapping[str, str]) -> str:
    """The text with whole words replaced."""
    if not names:
        return text
    pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, names)) + r")(?!\w)")
    return pattern.sub(lambda found: names[found[1]], text)
