"""The models' room as the app uses it: which models there are, and how their processes are started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs import worker_command
from models import catalogue
from models.process import EmbedderProcess, EngineProcess

if TYPE_CHECKING:
    from app.home import Home
    from app.settings import Settings
    from models.catalogue import Model
    from models.engine import EmbedderAndReader, Engine


def models(settings: Settings) -> list[Model]:
    """The built-in models and the user's own files."""
    return catalogue.models(Path(path) for path in settings.models)


def chosen_model(settings: Settings) -> Path:
    """The model in use: the user's own choice, else the built-in one."""
    return Path(settings.model) if settings.model else catalogue.built_in().path


def engine_process(home: Home, model: Path, settings: Settings) -> Engine:
    """A model served by a child; raises ``ModelRefused`` for a file that cannot be."""
    return EngineProcess(
        worker_command("engine"),
        model,
        context=settings.context,
        threads=settings.threads or None,
        gpu_layers=settings.gpu_layers,
        states=home.states,
        attention=settings.attention,
        log=home.log_file("engine"),
    )


def embedder_process(home: Home) -> EmbedderAndReader:
    return EmbedderProcess(worker_command("embedder"), log=home.log_file("embedder"))
