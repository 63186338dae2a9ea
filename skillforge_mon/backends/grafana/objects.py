"""What the API has of each kind: the contract of ``remote.api`` for one kind, and what all kinds share."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from skillforge_mon.model.project import Project
from skillforge_mon.remote.errors import NotFoundError
from skillforge_mon.remote.service import Service

PAGE = 1000
"""Objects per page: the default of the search, whose highest is 5000 (``pkg/api/search.go``)."""


@dataclass(frozen=True, slots=True, eq=False)
class Server:
    """One Grafana and the project that is pushed to it.

    ``writing`` lets one write go at a time: SQLite answers "database is locked" to others, and the alerting of an
    organisation is one record that every write replaces (terraform-provider-grafana does the same).
    """

    project: Project
    service: Service
    writing: threading.Lock

    def get(self, path: str, **params: str | int) -> Any:
        """The body of the answer."""
        return self.service.request("GET", path, params=params).body

    def find(self, path: str) -> Any:
        """The same; None where there is nothing."""
        try:
            return self.service.request("GET", path).body
        except NotFoundError:
            return None

    def write(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Send a change, and give the body of the answer.

        A PUT carries the version that it changes, so that a second one would be refused for the work of the first.
        """
        repeatable = method == "DELETE"
        with self.writing:
            return self.service.request(method, path, body=body, headers=headers, repeatable=repeatable).body

    def pages(self, path: str, **params: str) -> Iterator[dict[str, Any]]:
        """Every entry of a list that comes in pages, which count from 1."""
        number = 1
        while True:
            entries = self.get(path, **params, limit=PAGE, page=number) or []
            yield from entries
            if len(entries) < PAGE:
                return
            number += 1

    def delete(self, path: str) -> None:
        """Take away what is at ``path``, which may be gone already."""
        try:
            self.write("DELETE", path)
        except NotFoundError:
            return


def segment(text: str) -> str:
    """``text`` as one segment of a path."""
    return quote(text, safe="")
