"""What the hub says of a model: the file, its size, its checksum. Opens the network when it is called."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from models.engine import EngineError
from models.offers import Found, Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

USUAL = "https://huggingface.co"
PATIENCE = 20.0  # seconds for an answer
UNREACHED = "could not be reached. Check the connection and try again."


class HubRefused(EngineError):
    """The hub could not say, or there is no such file; the text is a sentence for the user."""


def endpoint(chosen: str = "") -> str:
    """Where models come from: the user's setting, else ``HF_ENDPOINT``, else the usual place."""
    return (chosen or os.environ.get("HF_ENDPOINT", "") or USUAL).rstrip("/")


def token() -> str | None:
    """What the user put into the environment to be known by; nothing is read from files."""
    return os.environ.get("HF_TOKEN") or None


def address(found: Found, at: str) -> str:
    """The file at the commit that was looked up, so that another upload does not change it."""
    return f"{at}/{found.repository}/resolve/{quote(found.revision, safe='')}/{quote(found.file)}"


def look_up(offer: Offer, at: str) -> Found:
    """Ask the hub about one offer.

    Raises:
        HubRefused: it cannot be reached, knows no such repository or file, or names no checksum.
    """
    # here, because it is slow to import and only the fetching process has use for it
    from httpx2 import HTTPError
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        said = HfApi(endpoint=at, token=token() or False).model_info(
            offer.repository, files_metadata=True, timeout=PATIENCE
        )
    except HfHubHTTPError as problem:
        raise HubRefused(f"{offer.title}: {refusal(_status(problem), at)}") from problem
    except HTTPError as problem:
        raise HubRefused(f"{at} {UNREACHED}") from problem
    except (OSError, ValueError, KeyError, TypeError) as problem:  # something else answers there
        raise HubRefused(f"{at} gave an answer that is not a model hub's.") from problem
    return _found(offer, said)


def refusal(status: int, at: str) -> str:
    """What a status means for the user."""
    if status in (401, 403):
        return (
            "its publisher wants an agreement first. Give it on the model's page, download the file there, "
            "and choose it with “Use a GGUF I have”."
        )
    if status in (404, 410):
        return f"it is no longer at {at}."
    if status == 429:
        return f"{at} wants a pause. Try again in some minutes."
    return f"{at} cannot answer just now ({status}). Try again later."


def _status(problem: Any) -> int:
    return int(getattr(getattr(problem, "response", None), "status_code", 0) or 0)


def _found(offer: Offer, said: Any) -> Found:
    file = _chosen(offer, said.siblings or ())
    checksum = (file.lfs or {}).get("sha256", "") if file is not None else ""
    if file is None:
        raise HubRefused(f"{offer.title}: {offer.repository} has no file like {offer.file} any more.")
    if not checksum or not file.size or not said.sha:
        raise HubRefused(f"{offer.title}: the hub names no checksum, so it would not be safe to download.")
    gguf = said.gguf if isinstance(said.gguf, dict) else {}
    return Found(
        name=offer.name,
        repository=offer.repository,
        revision=said.sha,
        file=file.rfilename,
        size=int(file.size),
        sha256=str(checksum),
        licence=_licence(said) or offer.licence,
        kind=str(gguf.get("architecture") or offer.kind),
        parameters=int(gguf.get("total") or 0),
        context=int(gguf.get("context_length") or 0),
        when=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _chosen(offer: Offer, files: Sequence[Any]) -> Any | None:
    wanted = offer.file.lower()
    fitting = [file for file in files if fnmatchcase(file.rfilename.lower(), wanted)]
    return min(fitting, key=lambda file: (len(file.rfilename), file.rfilename), default=None)


def _licence(said: Any) -> str:
    tags = [tag.removeprefix("license:") for tag in said.tags or () if tag.startswith("license:")]
    return tags[0] if tags else ""
