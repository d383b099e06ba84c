"""LaTeX formulas as text that can be read and copied: x², ∑ᵢ₌₀ⁿ, (a + b)/2. No Qt.

What Unicode cannot raise or lower stands in brackets: 2^(n/k). The names of symbols are pylatexenc's.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\s+|.", re.DOTALL)
FRACTIONS = {"\\frac", "\\dfrac", "\\tfrac", "\\cfrac"}
WORDS = {
    *("\\text", "\\textbf", "\\textit", "\\mathrm", "\\mathbf", "\\mathit", "\\mathsf", "\\operatorname"),
    *("\\boldsymbol", "\\mbox", "\\boxed", "\\textrm", "\\bm", "\\displaystyle"),
}
SPACES = {
    "\\,": " ",
    "\\;": " ",
    "\\:": " ",
    "\\ ": " ",
    "\\!": "",
    "~": " ",
    "\\quad": "  ",
    "\\qquad": "  ",
}
SIZES = re.compile(r"\\(left|right|middle|[bB]ig{1,2}[lrm]?)")
ACCENTS = {
    "\\hat": "\u0302", "\\bar": "\u0304", "\\tilde": "\u0303", "\\vec": "\u20d7", "\\dot": "\u0307",
    "\\ddot": "\u0308", "\\widehat": "\u0302", "\\overline": "\u0305", "\\underline": "\u0332",
}  # fmt: skip
ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
LETTERS = {"\\mathbb", "\\mathcal", "\\mathfrak", "\\mathscr"}
UNSPACED = "∑∏∫∬∮∂∇∞√∀∃¬∅′…"  # signs that stand close to what they belong to
MATRICES = {"matrix": "[]", "pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "Bmatrix": "{}", "array": "[]"}
DEEPEST = 40


def readable(source: str) -> str:
    """A formula in Unicode; lines of an aligned one under each other. What is odd stays as it is."""
    text = _Reader(source).row()
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def in_words(token: Token) -> str:
    """A formula within a sentence, from Markdown's token; “$10, or 3$” is none."""
    if token.markup == "$" and re.match(r"\d[\d.,]*\s+[^\W\d_]{2,}", token.content):
        return f"${token.content}$"
    return readable(token.content)


class _Reader:
    """Reads from left to right, as TeX does: a command takes the next token or group."""

    def __init__(self, source: str) -> None:
        self._parts: list[str] = TOKEN.findall(source)
        self._at = self._depth = 0

    def row(self, until: str = "") -> str:
        """Everything up to a token, which is taken too."""
        made: list[str] = []
        while self._at < len(self._parts):
            part = self._next()
            if part == until:
                break
            made.append(self._read(part))
        return "".join(made)

    def _next(self) -> str:
        self._at += 1
        return self._parts[self._at - 1]

    def _ahead(self) -> str:
        return self._parts[self._at] if self._at < len(self._parts) else ""

    def _skip_space(self) -> None:
        while self._ahead().isspace():
            self._at += 1

    def _argument(self) -> str:
        self._skip_space()
        if not self._ahead():
            return ""
        return self._read(self._next()).strip()

    def _read(self, part: str) -> str:
        self._depth += 1
        try:
            return self._deeper(part) if self._depth < DEEPEST else part
        finally:
            self._depth -= 1

    def _deeper(self, part: str) -> str:
        if part == "{":
            return self.row("}")
        if part in "^_":
            return script(self._argument(), part)
        if part in SPACES:
            return SPACES[part]
        if part in FRACTIONS:
            return f"{grouped(self._argument())}/{grouped(self._argument())}"
        if part == "\\sqrt":
            return self._root()
        if part == "\\begin":
            return self._environment(self._argument())
        if SIZES.fullmatch(part):
            self._skip_space()
            if self._ahead() == ".":
                self._at += 1
            return ""
        if part in ("\\\\", "\\newline"):
            return "\n"
        if part == "&":
            return " "
        return self._command(part) if part[0] == "\\" else " " if part.isspace() else part

    def _command(self, part: str) -> str:
        if part in WORDS:
            return self._argument_as_it_is()
        if part in ACCENTS:
            return "".join(letter + ACCENTS[part] for letter in self._argument())
        if part in LETTERS:
            return "".join(styled(part, letter) for letter in self._argument())
        if part in ("\\binom", "\\dbinom", "\\tbinom"):
            return f"C({self._argument()}, {self._argument()})"
        name = part[1:].rstrip("*")
        if not name.isalpha():
            return name
        sign = symbol(name)
        if sign is None:
            return name
        if sign == name:  # sin, log
            return f" {sign}"
        spaced = unicodedata.category(sign[0]) == "Sm" and sign not in UNSPACED
        return f" {sign} " if spaced else sign

    def _argument_as_it_is(self) -> str:
        """Words keep their spaces."""
        self._skip_space()
        return self._read(self._next()) if self._ahead() else ""

    def _root(self) -> str:
        self._skip_space()
        order = ""
        if self._ahead() == "[":
            self._at += 1
            order = self.row("]").strip()
        sign = ROOTS.get(order) or script(order, "^") + "√"
        return sign + grouped(self._argument())

    def _environment(self, name: str) -> str:
        body = self._body()
        kind = name.rstrip("*")
        if kind == "array" and body.startswith("{"):
            body = body.partition("}")[2]
        rows = [row for row in re.split(r"\\\\", body) if row.strip()]
        if kind in MATRICES:
            cells = [" ".join(readable(cell) for cell in row.split("&")) for row in rows]
            return f"{MATRICES[kind][0]}{'; '.join(cells)}{MATRICES[kind][1]}"
        if kind == "cases":
            return "{ " + "; ".join(" ".join(map(readable, row.split("&"))) for row in rows) + " }"
        return "\n" + "\n".join(readable(row.replace("&", " ")) for row in rows) + "\n"

    def _body(self) -> str:
        start, open_ = self._at, 1
        while self._at < len(self._parts):
            part = self._next()
            open_ += (part == "\\begin") - (part == "\\end")
            if not open_:
                end = self._at - 1
                self._argument()
                return "".join(self._parts[start:end])
        return "".join(self._parts[start:])


def script(text: str, sign: str) -> str:
    """Raised (``^``) or lowered (``_``), in Unicode's own letters where it has them all."""
    letters = _scripts()[sign]
    if text in ("∘", "°") and sign == "^":
        return "°"
    if text and all(letter in letters for letter in text):
        return "".join(letters[letter] for letter in text)
    if not text or set(text) <= set("′'*†"):
        return text
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"


def grouped(text: str) -> str:
    """In brackets, unless it is one thing."""
    return text if re.fullmatch(r"[√∛∜]?([\d.]+|[^\W\d_]+)|.", text) else f"({text})"


def styled(style: str, letter: str) -> str:
    """A letter in one of the hands that mathematics writes."""
    from pylatexenc.latex2text import LatexNodes2Text

    return str(LatexNodes2Text(math_mode="text").latex_to_text(f"{style}{{{letter}}}")) or letter


@cache
def symbol(name: str) -> str | None:
    """What a command without arguments stands for; its name, for those that are words, such as sin."""
    from pylatexenc.latex2text import get_default_latex_context_db

    found = get_default_latex_context_db().get_macro_spec(name)
    text = getattr(found, "simplify_repl", None)
    return text if isinstance(text, str) and text and "%" not in text else None


@cache
def _scripts() -> dict[str, dict[str, str]]:
    """Unicode's raised and lowered letters by the letters they stand for."""
    found: dict[str, dict[str, str]] = {"^": {" ": " ", "−": "⁻"}, "_": {" ": " ", "−": "₋", ",": ","}}
    signs = {"<super>": "^", "<sub>": "_"}
    for code in range(0x00AA, min(0x2C7E, sys.maxunicode)):
        kind, _, letter = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in signs and " " not in letter:
            plain = chr(int(letter, 16))
            found[signs[kind]].setdefault("-" if plain == "−" else plain, chr(code))
    return found
