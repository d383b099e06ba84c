"""Other memory systems, each in a virtual environment of its own: made once, kept in the user's cache folder.

What they need contradicts what we need (mem0 an older protobuf, fastembed an older huggingface_hub), and what
they do to a process must not touch our own figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent


class Unavailable(Exception):
    """Why a peer could not be measured, in a sentence."""


@dataclass(frozen=True)
class Peer:
    """A system, what to install for it, and beside this file its exact versions and the script it runs."""

    name: str
    wants: tuple[str, ...]

    @property
    def versions(self) -> Path:
        return HERE / f"_{self.name}.txt"

    @property
    def script(self) -> Path:
        return HERE / f"_{self.name}.py"

    def says(self, *arguments: str | Path) -> list[dict[str, Any]]:
        """The JSON lines that its script prints. Isolated, so that no module of ours hides one of its own."""
        output = _run([self._python(), "-I", self.script, *arguments], f"{self.name} stopped")
        return [json.loads(line) for line in output.splitlines()]

    def _python(self) -> Path:
        """The interpreter of its environment, which is made anew when the versions have changed."""
        folder = user_cache_path("dormouse-bench") / self.name
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        stamp, versions = folder / "installed.txt", self.versions.read_text("utf-8")
        if not (stamp.is_file() and stamp.read_text("utf-8") == versions):
            print(f"Making an environment for {self.name} in {folder}, once.", file=sys.stderr)
            failed = f"{self.name} could not be installed"
            _run([sys.executable, "-m", "venv", "--clear", folder], failed)
            _run([python, "-m", "pip", "install", "-q", "-c", self.versions, *self.wants], failed)
            stamp.write_text(versions, "utf-8")
        return python


MEM0 = Peer("mem0", ("mem0ai", "fastembed", "sentence-transformers", "torch"))


def _run(command: Sequence[str | Path], failed: str) -> str:
    """What a command prints; when it fails, pip's first error or Python's last line is the reason."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    except OSError as problem:
        raise Unavailable(f"{failed}: {problem}") from problem
    except subprocess.CalledProcessError as problem:
        lines = problem.stderr.strip().splitlines() or [f"exit status {problem.returncode}"]
        errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
        raise Unavailable(f"{failed}: {[*errors, lines[-1]][0]}") from problem
    return done.stdout
