"""Formulas in replies: read in dollars or brackets, shown in Unicode, and never taken for prices."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QLabel

from app.desktop.chat.formula import DEEPEST, readable
from app.desktop.chat.prose import Prose
from app.desktop.chat.reply import ReplyText


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"E = mc^2", "E = mc²"),
        (r"\frac{a+b}{2} \le \sqrt{x^2+y^2}", "(a+b)/2 ≤ √(x²+y²)"),
        (r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x = (-b ± √(b²-4ac))/(2a)"),
        (r"\sum_{i=0}^{n} x_i", "∑ᵢ₌₀ⁿ xᵢ"),
        (r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}", "∫₀^∞ e^(-x²) dx = √π/2"),
        (r"\alpha\beta\to\mathbb{R}", "αβ → ℝ"),
        (r"\frac{d}{dx}\sin x", "d/dx sin x"),
        (r"\left.\frac{1}{2}\right|_{x=1}", "1/2|ₓ₌₁"),
        (r"2^{n/k} + \sqrt[3]{8} + \sqrt[5]{x}", "2^(n/k) + ∛8 + ⁵√x"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1 2; 3 4)"),
        (r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{else}\end{cases}", "{ x if x > 0; 0 else }"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b\n= c"),
        (r"\hat{x}, f'(x), 90^\circ, 50\%, \{1\}", "x̂, f'(x), 90°, 50%, {1}"),
        (r"\mathrm{CO_2}", "CO₂"),
        (r"\unheardof{x}", "unheardofx"),
        (r"\broken{", "broken"),
        ("^", ""),
        (r"\begin{pmatrix}1", "(1)"),
    ],
)
def test_a_formula_is_readable(source, shown):
    assert readable(source) == shown


def test_whatever_is_nested_too_deeply_stays_as_it_is():
    assert "{" in readable("{" * 10 * DEEPEST)


def lines(text):
    shown = ReplyText(text)
    return "\n".join(part.toPlainText() for part in shown.findChildren(Prose))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("So $x_1 * y_2$ and \\(a^2\\).", "So x₁ * y₂ and a²."),
        ("It is\n\n$$\n\\frac{1}{2}\n$$\n\nso.", "It is\n1/2\nso."),
        ("It is\n\n\\[ x^2 \\]\n\nso.", "It is\nx²\nso."),
        ("From $5 to $10, or 3$ a piece.", "From $5 to $10, or 3$ a piece."),
        ("A `$x$` in code and \\$5.", "A $x$ in code and $5."),
        ("- one $x^2$\n- two", "one x²\ntwo"),
    ],
)
def test_formulas_stand_where_they_are_said(qtbot, source, shown):
    assert lines(source) == shown


def test_a_formula_that_is_still_being_written_is_shown_as_it_is(qtbot):
    shown = ReplyText()
    for end in range(1, 15):
        shown.show_text("So $x^2 + y^2$."[:end])
    shown.show_text("So $x^2 + y^2$.")
    assert shown.findChild(Prose).toPlainText() == "So x² + y²."


def test_nothing_of_it_is_loaded_until_a_formula_is_shown():
    code = "import sys, app.desktop.chat.page; print('pylatexenc' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_formulas_in_a_table(qtbot):
    shown = ReplyText("| n | $n^2$ |\n|---|---|\n| 3 | $3^2 = 9$ |\n")
    assert {"n²", "3² = 9"} <= {label.text() for label in shown.findChildren(QLabel)}
