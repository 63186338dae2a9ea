"""Objects as they live on a server, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Owner:
    """What a marker on a live object says: the project, the environment, and the key of the resource in them."""

    project: str
    environment: str
    key: str

    def __str__(self) -> str:
        """``shop/production/alerts.HighErrorRate``."""
        return f"{self.project}/{self.environment}/{self.key}"


@dataclass(frozen=True, slots=True)
class Live:
    """One object of a server.

    ``id`` is the server's identifier as text, ``name`` what people call the object, ``body`` what the API answered.
    ``owner`` is None for what is not ours. ``revision`` is the fingerprint of what monmc last wrote, where the API
    carries it back. ``changed_by`` and ``changed_at`` (RFC 3339, UTC) say who changed it last, where the API says so.
    ``complete`` is False while ``body`` is a summary from a listing, which ``Api.read`` completes.
    """

    kind: str
    id: str
    name: str
    body: Mapping[str, Any]
    owner: Owner | None = None
    revision: str = ""
    changed_by: str = ""
    changed_at: str = ""
    complete: bool = True
