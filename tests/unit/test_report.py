"""The morning report, for the app and for a person."""

import json

from consolidation import gates, report
from consolidation.exam import Verdict

RULE = gates.Standard()


def composed():
    good = gates.learned([0, 0], [1, 1], [1, 1], RULE)
    bad = gates.local([0.0] * 10, [1.0] * 10, RULE)
    verdict = Verdict(0.75, {1.0: [good, bad], 0.75: [good]})
    return report.compose(
        7, "Slept well.", ["The user's dog is called Pim.", "B."], [("A.", "because")], verdict, 3.456,
        [("B.", "C.")],
    )  # fmt: skip


def test_the_report_has_what_the_window_shows():
    plain = composed()
    assert plain["exam"][0]["before"] == 0 and plain["exam"][0]["after"] == 100 and plain["exam"][0]["passed"]
    assert plain["scale"] == 0.75 and plain["minutes"] == 3.46
    assert plain["refused"] == [{"sentence": "A.", "why": "because"}]
    assert plain["scales"] == {"1": ["Not mixed up with others"], "0.75": []}
    json.dumps(plain)


def test_both_forms_are_written(tmp_path):
    path = report.write(tmp_path / "reports", composed())
    text = path.read_text("utf-8")
    assert path.name == "night-0007.md"
    assert "Slept well." in text and "- The user's dog is called Pim." in text and "| passed |" in text
    assert "- B. (looked up; by heart it is: “C.”)" in text and text.count("by heart") == 1
    assert json.loads((tmp_path / "reports" / "night-0007.json").read_text("utf-8"))["night"] == 7


def test_a_night_without_an_exam_has_a_report_too():
    text = report.markdown(report.compose(1, "Nothing to learn.", [], [], None, 0.1))
    assert "Nothing to learn." in text and "Exam" not in text
