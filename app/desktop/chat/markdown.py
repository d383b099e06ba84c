"""A reply's Markdown as top-level blocks: prose, code and tables. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.texmath import texmath_plugin

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind = Literal["prose", "code", "table"]


@dataclass(frozen=True, slots=True)
class Block:
    """One finished or open block; ``line`` is where it starts in the source that was parsed."""

    kind: Kind
    tokens: tuple[Token, ...]
    line: int


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables, strike-through, and formulas in dollars or in backslashed brackets."""
    made = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    dollarmath_plugin(made, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    texmath_plugin(made, delimiters="brackets")
    return made


def blocks(source: str) -> list[Block]:
    """The top-level blocks of a text, in order."""
    found: list[Block] = []
    run: list[Token] = []
    for token in parser().parse(source):
        run.append(token)
        if token.level == 0 and token.nesting <= 0:
            first = run[0]
            found.append(Block(_kind(first), tuple(run), first.map[0] if first.map else 0))
            run = []
    return found


def language(block: Block) -> str:
    """The language a fence names, or nothing."""
    info = block.tokens[0].info.strip()
    return info.split()[0] if info else ""


def code(block: Block) -> str:
    return block.tokens[0].content.rstrip("\n")


def table(block: Block) -> tuple[list[list[Token]], list[str]]:
    """The inline tokens of a table, row by row (head first), and each column's alignment."""
    rows: list[list[Token]] = []
    align: list[str] = []
    for token in block.tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            align.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
        elif token.type == "inline" and rows:
            rows[-1].append(token)
    return rows, align


def line_offset(source: str, line: int) -> int:
    """The index at which a line starts."""
    at = 0
    for _ in range(line):
        at = source.find("\n", at) + 1
    return at


def _kind(token: Token) -> Kind:
    if token.type in ("fence", "code_block"):
        return "code"
    return "table" if token.type == "table_open" else "prose"
