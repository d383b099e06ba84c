"""A model hub on this machine: its metadata, its files, and what goes wrong on a real line."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COMMIT = "c0ffee" * 6 + "c0ff"


@dataclass
class Shelved:
    """A file of the hub. ``faults`` are used up one per request of it, before it is served well."""

    body: bytes
    etag: str = '"one"'
    faults: list[Callable[[Handler, Shelved], None]] = field(default_factory=list)
    ranges: bool = True
    sha256: str = ""
    size: int = 0

    def __post_init__(self):
        self.sha256 = self.sha256 or hashlib.sha256(self.body).hexdigest()
        self.size = self.size or len(self.body)


class Hub(ThreadingHTTPServer):
    """``models[repository][file name]``; ``gated`` repositories answer 401. Keeps what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.models: dict[str, dict[str, Shelved]] = {}
        self.gated: set[str] = set()
        self.details: dict[str, dict] = {}
        self.away = ""  # where /away sends on to
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def requests(self, ending: str) -> list[dict[str, str]]:
        """The headers of every request for a path with this ending."""
        return [headers for path, headers in self.asked if path.split("?")[0].endswith(ending)]

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is part of the plan."""


@contextmanager
def running():
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, *_words) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers.items())))
        path = self.path.split("?")[0]
        if path.startswith("/api/models/"):
            self._describe(path.removeprefix("/api/models/"))
        elif "/resolve/" in path:
            self._send_on(path)
        elif path == "/away":
            self.refuse(302, Location=self.server.away)
        elif path.startswith("/store/"):
            self._serve(path.removeprefix("/store/"))
        else:
            self.refuse(404)

    def refuse(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _describe(self, repository: str) -> None:
        if repository in self.server.gated:
            self.refuse(401, X_Error_Code="GatedRepo")
            return
        if repository not in self.server.models:
            self.refuse(404, X_Error_Code="RepoNotFound")
            return
        files = self.server.models[repository].items()
        told = {
            "id": repository,
            "sha": COMMIT,
            "tags": ["gguf", "license:apache-2.0"],
            "siblings": [
                {
                    "rfilename": name,
                    "size": file.size,
                    "blobId": "b",
                    "lfs": {"sha256": file.sha256, "size": file.size, "pointerSize": 130},
                }
                for name, file in files
            ],
            **self.server.details.get(repository, {}),
        }
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_on(self, path: str) -> None:
        """As the hub does: to where the bytes are, by an address that is new every time."""
        repository, _, rest = path.lstrip("/").partition("/resolve/")
        name = rest.partition("/")[2]
        place = f"/store/{repository}/{name}?signed={len(self.server.asked)}"
        self.refuse(302, Location=place)

    def _serve(self, path: str) -> None:
        repository, _, name = path.rpartition("/")
        file = self.server.models.get(repository, {}).get(name)
        if file is None:
            self.refuse(404)
        elif file.faults:
            file.faults.pop(0)(self, file)
        else:
            self.give(file)

    def give(self, file: Shelved, length: int | None = None) -> None:
        """The file, or what was asked of it; after ``length`` bytes the line is cut."""
        start = self._start(file)
        body = file.body[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(file.body) - 1}/{len(file.body)}")
        self.send_header("ETag", file.etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:length])
        if length is not None:
            self.wfile.flush()
            self.close_connection = True

    def _start(self, file: Shelved) -> int:
        asked = self.headers.get("Range", "")
        fresh = self.headers.get("If-Range", file.etag) == file.etag
        return int(asked.removeprefix("bytes=").rstrip("-")) if file.ranges and asked and fresh else 0


def cut_after(length: int):
    """The line is cut after so many bytes."""
    return lambda handler, file: handler.give(file, length)


def status(code: int, **headers: str):
    return lambda handler, file: handler.refuse(code, **headers)


def then(change: Callable[[Shelved], None], fault):
    """Serve with a fault, and change the file underneath."""

    def both(handler: Handler, file: Shelved) -> None:
        fault(handler, file)
        change(file)

    return both
