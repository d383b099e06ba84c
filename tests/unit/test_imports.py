"""Heavy names stay out of the modules that everybody imports; importing does nothing else either."""

import subprocess
import sys

import pytest

HEAVY = {
    "torch",
    "transformers",
    "peft",
    "chromadb",
    "llama_cpp",
    "sentence_transformers",
    "PySide6",
    "sqlalchemy",
}
PROGRAM = """
import importlib, sys
for name in sys.argv[2].split(","):
    importlib.import_module(name)
print(",".join(sorted(set(sys.argv[1].split(",")) & set(sys.modules))))
"""
MAY_IMPORT = {
    "app": set(),
    "app.__main__,app.cli": set(),
    "app.events,app.home,app.settings,app.prompt,app.history": set(),
    "app.core": {"sqlalchemy"},
    "app.workers": set(),
    "memory,memory.records,memory.ports": set(),
    "memory.store,memory.facts,memory.extract,memory.forget": {"sqlalchemy"},
    "memory.index,memory.recall,memory.profile": {"sqlalchemy"},
    "models,models.engine,models.process,models.catalogue,models.wire,models.gguf_file": set(),
    "models.adapters": set(),
    "consolidation": set(),
    "app.desktop.main": {"PySide6"},
}


@pytest.mark.parametrize("modules", MAY_IMPORT)
def test_what_an_import_brings_along(modules, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, ",".join(HEAVY), modules],
        capture_output=True,
        text=True,
        timeout=60,
        env={"HOME": str(tmp_path), "PATH": "", "SYSTEMROOT": "C:\\Windows"},
    )
    assert run.returncode == 0, run.stderr
    brought = set(filter(None, run.stdout.strip().split(",")))
    assert brought <= MAY_IMPORT[modules], f"{modules} brings {brought - MAY_IMPORT[modules]}"
    assert not run.stderr
    assert not list(tmp_path.iterdir()), "importing made files"
