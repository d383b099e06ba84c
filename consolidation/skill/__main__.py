"""Train the built-in model's memory skill: ``python -m consolidation.skill OUT.gguf``.

The recipe is in ``recipe.toml`` beside this file, what it brought in ``docs/log.md``.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

from consolidation.base import Base
from consolidation.items import Recipe
from consolidation.skill.build import TEXT, Text
from consolidation.train import Checkpoint, Step, train
from models.adapters import AdapterFile, sha256
from models.catalogue import built_in


def show(step: Step) -> None:
    """A line every ten steps."""
    if step.step % 10 == 0 or step.step == step.steps:
        sys.stderr.write(
            f"epoch {step.epoch} step {step.step}/{step.steps} loss {step.loss:.3f} "
            f"{step.tokens_per_second:.0f} tok/s, {step.seconds_left / 60:.0f} min left\n"
        )


def main() -> None:
    """Train and write the adapter; a run that was stopped goes on where it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--recipe", type=Path, default=TEXT.parent / "recipe.toml")
    parser.add_argument("--base", type=Path, default=None)
    parser.add_argument("--begin", type=Path, help="an adapter to go on from, instead of a fresh one")
    arguments = parser.parse_args()
    path = arguments.base or built_in().path
    options = tomllib.loads(arguments.recipe.read_text("utf-8"))
    options["targets"] = tuple(options["targets"])
    recipe, base, text = Recipe(**options), Base(path), Text()
    begin = AdapterFile.read(arguments.begin) if arguments.begin else None
    written = repr((text.messages, text.questions, text.general, arguments.begin))
    checkpoint = Checkpoint(arguments.out.with_suffix(".checkpoint"), recipe.digest(sha256(path), written))
    _, state = train(base, text.epoch, recipe, checkpoint=checkpoint, report=show, every=60, begin=begin)
    config = base.model.config
    AdapterFile.from_peft(
        {name: value.numpy() for name, value in state.items()},
        architecture=config.model_type,
        heads=config.num_attention_heads,
        kv_heads=config.num_key_value_heads,
        alpha=recipe.alpha,
        base_sha256=sha256(path),
        about={"kind": "skill"},
    ).write(arguments.out)
    checkpoint.path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
