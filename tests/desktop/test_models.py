"""The Models place: what can be had, downloads, measuring, and what belongs together."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from app.desktop import theme
from app.events import DownloadProgress
from models import offers

NAME = "phi-4-mini"


def opened(qtbot, window):
    window.go("models")
    page = window.page("models")
    qtbot.waitUntil(lambda: len(page.offers.rows) == len(offers.offers()), timeout=5000)
    return page


def shown(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press(row, name):
    button = row.findChild(QPushButton, name)
    assert button is not None and button.isEnabled() and button.accessibleName()
    button.click()


def test_sizes_are_unknown_until_they_are_looked_up(qtbot, window, face):
    page = opened(qtbot, window)
    row = page.offers.rows[NAME]
    assert (
        "unknown" in shown(row)
        and "MIT" in shown(row)
        and "licence unknown" in shown(page.offers.rows["gemma-4-e2b"])
    )
    assert not page.offers.fitting.isEnabled() and not face.library.calls
    face.library.problems = ["Phi-4 mini: it is gone."]
    page.offers.look.click()
    qtbot.waitUntil(lambda: "2.5 GB" in shown(row) and page.offers.look.isEnabled(), timeout=5000)
    assert page.offers.problem.plain == "Phi-4 mini: it is gone."
    assert face.library.calls == ["look up"]
    qtbot.waitUntil(lambda: "fits" in shown(row), timeout=5000)
    assert "too big" in shown(page.offers.rows["qwen3.5-9b"])
    get = page.offers.rows["qwen3.5-9b"].findChild(QPushButton, "getOffer")
    assert not get.isEnabled() and "Needs about 16.2 GB" in shown(page.offers.rows["qwen3.5-9b"])


def test_the_list_is_narrowed_down(qtbot, window, face):
    page = opened(qtbot, window)
    face.library.look_up()
    qtbot.waitUntil(page.offers.fitting.isEnabled, timeout=5000)
    page.offers.fitting.setChecked(True)
    assert page.offers.rows["qwen3.5-9b"].isHidden() and not page.offers.rows[NAME].isHidden()
    page.offers.search.setText("german")
    visible = [name for name, row in page.offers.rows.items() if not row.isHidden()]
    assert visible == ["llama-3.2-1b", "llama-3.2-3b", "smollm3-3b"]
    page.offers.search.setText("no such model")
    assert page.offers.nothing.isVisible()


def test_a_download_is_seen_paused_goes_on_and_can_be_used(qtbot, window, face):
    page = opened(qtbot, window)
    row = page.offers.rows[NAME]
    face.library.look_up()
    face.library.step.clear()
    press(row, "getOffer")
    qtbot.waitUntil(lambda: row.findChild(QPushButton, "pauseOffer") is not None, timeout=5000)
    window.bridge.download.emit(
        DownloadProgress(NAME, 1_540_000_000, 2_500_000_000, 11_800_000.0, 80.0, "Phi-4 mini")
    )
    text = shown(row)
    assert "1.54 of 2.50 GB" in text and "11.8 MB/s" in text and "1 min 20 s left" in text and "62%" in text
    assert round(row.meter.share, 2) == 0.62 and "Phi-4 mini  62%" in shown(window.status)
    press(row, "pauseOffer")
    qtbot.waitUntil(lambda: row.findChild(QPushButton, "resumeOffer") is not None, timeout=5000)
    assert "Paused at" in shown(row) and not window.status.download.isVisible()
    face.library.step.set()
    press(row, "resumeOffer")
    qtbot.waitUntil(lambda: row.isHidden() and len(page.here.cards) == 2, timeout=5000)
    assert "Phi-4 mini is here" in window.toast.text.text()
    press(page.here.cards[1], "useModel")
    qtbot.waitUntil(lambda: face.chosen.model == f"{NAME}.gguf", timeout=5000)


def test_a_refused_download_says_why_in_its_row(qtbot, window, face):
    page = opened(qtbot, window)
    row = page.offers.rows[NAME]
    face.library.refuses = "There is no room on the disk."
    press(row, "getOffer")
    qtbot.waitUntil(lambda: row.problem.plain == "There is no room on the disk.", timeout=5000)
    face.library.refuses = ""
    qtbot.waitUntil(lambda: row.findChild(QPushButton, "getOffer") is not None, timeout=5000)
    press(row, "getOffer")
    assert not row.problem.isVisible()


def test_giving_up_a_download_can_be_taken_back(qtbot, window, face):
    page = opened(qtbot, window)
    row = page.offers.rows[NAME]
    face.library.look_up()
    face.library.states[NAME], face.library.done[NAME] = "part", 10**9
    page.refresh()
    qtbot.waitUntil(lambda: row.findChild(QPushButton, "dropOffer") is not None, timeout=5000)
    press(row, "dropOffer")
    assert row.isHidden()
    window.toast.undo()
    assert not row.isHidden() and f"discard {NAME}" not in face.library.calls
    press(row, "dropOffer")
    window.toast.settle()
    qtbot.waitUntil(lambda: f"discard {NAME}" in face.library.calls, timeout=5000)
    qtbot.waitUntil(lambda: row.findChild(QPushButton, "getOffer") is not None, timeout=5000)


def test_removing_a_model_can_be_taken_back(qtbot, window, face):
    face.library.look_up()
    face.library.states[NAME] = "here"
    page = opened(qtbot, window)
    qtbot.waitUntil(lambda: len(page.here.cards) == 2, timeout=5000)
    press(page.here.cards[1], "removeModel")
    qtbot.waitUntil(lambda: len(page.here.cards) == 1, timeout=5000)
    window.toast.undo()
    qtbot.waitUntil(lambda: len(page.here.cards) == 2, timeout=5000)
    assert f"remove {NAME}" not in face.library.calls
    press(page.here.cards[1], "removeModel")
    qtbot.waitUntil(lambda: len(page.here.cards) == 1, timeout=5000)
    window.toast.settle()
    qtbot.waitUntil(lambda: f"remove {NAME}" in face.library.calls, timeout=5000)


def test_the_machine_is_measured_with_one_click(qtbot, window, face):
    page = opened(qtbot, window)
    assert (
        "8 cores" in shown(page)
        and "no graphics card" in shown(page)
        and "Not measured yet" in shown(page.measured)
    )
    face.library.refuses = "The model did not answer."
    page.measured.measure.click()
    assert not page.measured.measure.isEnabled()
    qtbot.waitUntil(lambda: page.measured.problem.plain == "The model did not answer.", timeout=5000)
    face.library.refuses = ""
    face.library.look_up()
    page.measured.measure.click()
    qtbot.waitUntil(lambda: "310 tokens/s" in shown(page.measured), timeout=5000)
    qtbot.waitUntil(page.measured.measure.isEnabled, timeout=5000)
    assert not page.measured.problem.isVisible()
    qtbot.waitUntil(lambda: "about 4.9 tokens/s" in shown(page.offers.rows[NAME]), timeout=5000)


def test_which_nights_belong_to_which_model(qtbot, window, face):
    page = opened(qtbot, window)
    qtbot.waitUntil(lambda: "22 nights" in shown(page.together), timeout=5000)
    assert "22 nights learned on it, 20 of them worn." in shown(page.here.cards[0])
    assert "learned on SmolLM2 135M" in shown(page.together) and "worn" in shown(page.together)
    assert "nights" in shown(page.offers.rows["llama-3.2-1b"])
    assert "nights" not in shown(page.offers.rows["qwen3.5-4b"])


def test_every_control_can_be_reached_and_has_a_name(qtbot, window, face):
    face.library.look_up()
    face.library.states.update({NAME: "part", "smollm2-1.7b": "here"})
    page = opened(qtbot, window)
    qtbot.waitUntil(lambda: len(page.here.cards) == 2, timeout=5000)
    for button in page.findChildren(QPushButton):
        assert button.objectName() and button.accessibleName(), button.text()


def test_it_holds_at_every_width_and_in_large_letters(qtbot, window, face):
    face.library.states["smollm2-1.7b"] = "here"
    face.library.look_up()
    page = opened(qtbot, window)
    for width, scale in ((700, 1.0), (1280, 1.6)):
        theme.current().set_scale(scale)
        window.resize(width, 760)
        qtbot.wait(150)
        area = page.findChild(QScrollArea, "modelCards").viewport()
        get = page.offers.rows[NAME].findChild(QPushButton, "getOffer")
        assert page.offers.width() <= area.width()
        assert get.mapTo(page.offers, get.rect().bottomRight()).x() < page.offers.width()
        assert get.height() >= 28 and get.width() >= get.sizeHint().width()
