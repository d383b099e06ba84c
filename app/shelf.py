"""The models' room as the app uses it: which models there are, and how their processes are started."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs import worker_command
from models import catalogue
from models.offers import offers
from models.process import EmbedderProcess, EngineProcess

if TYPE_CHECKING:
    from app.home import Home
    from app.settings import Settings
    from models.catalogue import Model
    from models.engine import EmbedderAndReader, Engine
    from models.offers import Offer


def models(home: Home) -> list[Model]:
    """The built-in models, what was downloaded, and the user's own files."""
    places = {downloaded(home, offer.name): offer for offer in offers()}
    own = [path for path in map(Path, home.settings.models) if path not in places]
    here = [_offered(path, offer) for path, offer in places.items() if path.is_file()]
    listed = catalogue.models(own)
    built_in = [model for model in listed if model.builtin]
    return [*built_in, *here, *listed[len(built_in) :]]


def downloaded(home: Home, name: str) -> Path:
    """Where the offer of that name is, once it was downloaded."""
    return home.models / f"{name}.gguf"


def _offered(path: Path, offer: Offer) -> Model:
    return replace(catalogue.describe(path), name=offer.title, about=offer.about)


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
