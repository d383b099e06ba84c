"""``python -m benchmarks NAME FILE... --json`` prints one JSON object.

A benchmark is a module of this package with ``run(files, options) -> dict`` and, when it has options of its
own, ``add_options(parser)``; this file needs no change when one is added.
"""

from __future__ import annotations

import argparse
import json
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import benchmarks


def names() -> list[str]:
    """The benchmarks there are: every module here that begins with no underscore."""
    return sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("_"))


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    first = argparse.ArgumentParser(prog="python -m benchmarks", add_help=False)
    first.add_argument("name", choices=names())
    if not arguments or arguments[0] in {"-h", "--help"}:
        first.print_help()
        return 0
    chosen = first.parse_args(arguments[:1])
    module = import_module(f"benchmarks.{chosen.name}")
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks {chosen.name}", description=module.__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    if hasattr(module, "add_options"):
        module.add_options(parser)
    options = parser.parse_args(arguments[1:])
    if missing := [str(file) for file in options.files if not file.is_file()]:
        parser.error(f"no such file: {', '.join(missing)}")
    figures = module.run(options.files, options)
    print(json.dumps(figures, ensure_ascii=False) if options.json else _table(figures))
    return 0


def _table(figures: dict[str, object]) -> str:
    width = max(map(len, figures), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
