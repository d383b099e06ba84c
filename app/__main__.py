"""One entry: the window by default, a command when one is named, a worker when the app asks for one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """What ``dormouse`` and ``python -m app`` run."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["worker"]:
        from app.workers import work

        return work(given[1:])
    from app.opening import WAYS, asks_for_window, open_window, way

    if asks_for_window(given):  # without the command line's own imports, which take as long as the window
        folder, how = way(given)
        return open_window(folder, WAYS[how])
    from app.cli import run

    return run(given)


if __name__ == "__main__":
    raise SystemExit(main())
