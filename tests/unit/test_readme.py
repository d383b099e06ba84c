"""The README maps every file of the product, and nothing that is not there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MAPPED = ("app", "memory", "consolidation", "models", "benchmarks", "packaging")
BY_FOLDER = ("tests", "docs", ".ci")
LEFT_OUT = {"__pycache__", ".pytest_cache"}
ENTRY = re.compile(r"^- `([^`]+)`: \S", re.MULTILINE)


def tree() -> set[str]:
    """Every file of the repository; those that git would take, where git is at hand."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True)
        return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}
    walked = (path.relative_to(ROOT) for folder in MAPPED for path in (ROOT / folder).rglob("*"))
    return {path.as_posix() for path in walked if (ROOT / path).is_file() and not LEFT_OUT & set(path.parts)}


def is_empty_package(name: str) -> bool:
    """An ``__init__.py`` that says nothing needs no line."""
    return name.endswith("__init__.py") and not (ROOT / name).read_text("utf-8").strip()


def product() -> set[str]:
    return {name for name in tree() if name.split("/")[0] in MAPPED and not is_empty_package(name)}


def mapped() -> list[str]:
    text = README.read_text("utf-8")
    return ENTRY.findall(text[text.index("## The file map") :])


def test_every_file_of_the_product_is_in_the_map() -> None:
    assert product() - set(mapped()) == set()


def test_everything_in_the_map_is_there() -> None:
    missing = {name for name in mapped() if not (ROOT / name).exists()}
    assert missing == set()


def test_no_file_is_in_the_map_twice() -> None:
    entries = mapped()
    assert len(entries) == len(set(entries))


def test_folders_stand_for_what_is_not_the_product() -> None:
    folders = {name for name in mapped() if name.endswith("/")}
    assert all(name.split("/")[0] in BY_FOLDER for name in folders)


def test_what_the_text_points_at_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)", README.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert local and [link for link in local if not (ROOT / link).exists()] == []
