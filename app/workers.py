"""The children's side: what ``worker engine``, ``worker embedder`` and the others do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def work(arguments: Sequence[str]) -> int:
    """Run the worker of a kind; they are started by Dormouse itself, not by people."""
    kind, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if kind in ("engine", "embedder"):
        from models.process import main

        return main([kind, *rest])
    if kind == "fetch":
        from models.fetch import main as fetch

        return fetch()
    options = dict(zip(rest[::2], rest[1::2], strict=False))
    if kind == "sleep" and "--home" in options:
        from app.home import Home
        from app.jobs import worker_command
        from consolidation.sleep import main as sleep

        return sleep(Home(Path(options["--home"])), worker_command("engine"))
    if kind == "pictures" and {"--home", "--to"} <= options.keys():
        from app.desktop.pictures import take

        return take(Path(options["--home"]), Path(options["--to"]))
    sys.stderr.write("There is no such worker.\n")
    return 2
