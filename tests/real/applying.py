"""What a build wrote, in place where a real server reads it, and the server asked what it has loaded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skillforge_mon.backends.alertmanager.loaded import LoadedAlertmanager
from skillforge_mon.backends.prometheus.loaded import LoadedPrometheus
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.remote.clock import SystemClock
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.service import Service
from tests.real.generation import Generation, Version
from tests.real.servers import alertmanager_server, prometheus_server

LIFECYCLE = "--web.enable-lifecycle"
WITHOUT_KUBERNETES = Version(2, 42, 0)
"""Debian builds this version without Kubernetes discovery: it does not know the key at all."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Documents of one backend, and the folder in which they lie as files."""

    documents: tuple[Document, ...]
    folder: Path

    def write(self) -> None:
        """Put every file in its place, and a file behind every secret that one of them names."""
        for document in self.documents:
            path = self.folder / document.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(render(document))
            for secret in _secret_files(document.content):
                if secret.is_relative_to(self.folder):
                    secret.parent.mkdir(parents=True, exist_ok=True)
                    secret.write_text("secret")


def applied(documents: Sequence[Document], generation: Generation, backend: str, folder: Path) -> Applied:
    """The documents of ``backend`` as this generation can run them, written below ``folder``."""
    own = [document for document in documents if document.path.startswith(f"{backend}/")]
    if generation.prometheus == WITHOUT_KUBERNETES:
        own = [_without_kubernetes(document) for document in own]
    found = Applied(tuple(own), folder)
    found.write()
    return found


@contextmanager
def running_prometheus(generation: Generation, files: Applied, *flags: str) -> Iterator[LoadedPrometheus]:
    """A Prometheus that has loaded ``files``, and lets itself be reloaded where ``flags`` have LIFECYCLE."""
    data = files.folder / "prometheus-data"
    data.mkdir()
    config = files.folder / "prometheus" / "prometheus.yml"
    # Nobody answers at the address that samples are sent to, and a server that stops would wait for it.
    flags = (*flags, "--storage.remote.flush-deadline=1s")
    with prometheus_server(generation, config, data, *flags) as address, asked("Prometheus", address) as service:
        yield LoadedPrometheus(service, SystemClock(), tells_somebody=True)


@contextmanager
def running_alertmanager(generation: Generation, files: Applied) -> Iterator[LoadedAlertmanager]:
    """An Alertmanager that has loaded ``files``."""
    data = files.folder / "alertmanager-data"
    data.mkdir()
    config = files.folder / "alertmanager" / "alertmanager.yml"
    with alertmanager_server(generation, config, data) as address, asked("Alertmanager", address) as service:
        yield LoadedAlertmanager(service)


@contextmanager
def asked(title: str, address: str) -> Iterator[Service]:
    """The API at ``address``, for as long as a test asks it; its connections are closed afterwards."""
    service = Connection({}, {}).service(title, address, {})
    try:
        yield service
    finally:
        service.close()


def changed(documents: Sequence[Document], path: str, content: Any) -> tuple[Document, ...]:
    """The documents with another ``content`` at ``path``."""
    assert path in {document.path for document in documents}
    return tuple(
        dataclasses.replace(document, content=content) if document.path == path else document for document in documents
    )


def _without_kubernetes(document: Document) -> Document:
    content: Any = document.content
    if not isinstance(content, Mapping) or "scrape_configs" not in content:
        return document
    jobs = [job for job in content["scrape_configs"] if "kubernetes_sd_configs" not in job]
    return dataclasses.replace(document, content={**content, "scrape_configs": jobs})


def _secret_files(content: Any, key: str = "") -> Iterator[Path]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from _secret_files(value, name)
    elif isinstance(content, list | tuple):
        for item in content:
            yield from _secret_files(item)
    elif key.endswith("_file") and isinstance(content, str):
        yield Path(content)
