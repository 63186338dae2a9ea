"""What the parts of the fake Datadog share: the objects, who may ask, and the forms of refusals.

What the server adds is in ``datadog_rewrites.py``; what it refuses, beyond what the parts say, is what its client library
does not understand (``datadog_models.py``). Error bodies are those of [P], the recorded traffic named there.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.datadog_models import CHANGED, CREATED, understood
from tests.fakes.server import FakeServer, RateLimit, Reply, Request

API_KEY = "0123456789abcdef0123456789abcdef"
APP_KEY = "fedcba9876543210fedcba9876543210fedcba98"
SCOPES = frozenset((
    "monitors_read", "monitors_write", "monitors_downtime", "slos_read", "slos_write", "dashboards_read",
    "dashboards_write", "synthetics_read", "synthetics_write", "logs_read_config", "logs_write_pipelines",
    "logs_modify_indexes", "data_scanner_read", "data_scanner_write",
))  # fmt: skip
_SCOPE_OF = (
    ("/api/v1/monitor", "monitors_read", "monitors_write"),
    ("/api/v1/slo", "slos_read", "slos_write"),
    ("/api/v1/dashboard", "dashboards_read", "dashboards_write"),
    ("/api/v1/synthetics", "synthetics_read", "synthetics_write"),
    ("/api/v2/downtime", "monitors_downtime", "monitors_downtime"),
    ("/api/v1/logs/config/pipeline", "logs_read_config", "logs_write_pipelines"),
    ("/api/v1/logs/config/index", "logs_read_config", "logs_modify_indexes"),
    ("/api/v2/sensitive-data-scanner", "data_scanner_read", "data_scanner_write"),
)


class DatadogState(FakeServer):
    """``objects`` are the objects by kind and identifier; ``today`` is the server's clock, which a test may turn."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__() if now is None else super().__init__(now)
        self.objects: dict[str, dict[str, dict[str, Any]]] = {
            kind: {}
            for kind in (
                "monitor",
                "slo",
                "dashboard",
                "synthetics",
                "downtime",
                "log_pipeline",
                "log_index",
                "scanner_group",
                "scanner_rule",
            )
        }
        self.scopes: frozenset[str] = SCOPES
        self.today = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
        self.gone_indexes: set[str] = set()
        self._number = 100
        self.route("GET", "/api/v1/validate", lambda _request: Reply(200, {"valid": True}))

    def limit_as_datadog_does(self) -> None:
        """The two limits that are known in numbers: Terraform's Datadog provider, issues 907 and 1371."""
        slo = RateLimit("slo_get", 100, 10, lambda r: r.method == "GET" and r.path.startswith("/api/v1/slo"))
        index = RateLimit("logs_index_create", 10, 300, lambda r: r.method == "POST" and r.path.endswith("/indexes"))
        self.limits += [slo, index]

    def authorised(self, request: Request) -> Reply | None:
        """[P] test_validate_api_key_returns_forbidden_response; the application key is not asked for there."""
        if request.headers.get("dd-api-key") != API_KEY:
            return Reply(403, {"errors": ["API key required"]})
        if request.path == "/api/v1/validate":
            return None
        if request.headers.get("dd-application-key") != APP_KEY:
            return Reply(403, {"errors": ["Forbidden"]})
        for path, read, write in _SCOPE_OF:
            if request.path.startswith(path):
                scope = read if request.method == "GET" or request.path.endswith("/validate") else write
                if scope not in self.scopes:
                    return Reply(403, {"errors": ["Forbidden", "Failed permission authorization checks"]})
        return None

    def moment(self) -> str:
        """The time as answers have it. It never stands still, as changes must be told apart."""
        self.today += timedelta(milliseconds=1)
        return self.today.isoformat(timespec="microseconds")

    def number(self) -> int:
        """A number that no object has yet."""
        self._number += 1
        return self._number

    def kept(self, kind: str, identifier: str | int, body: dict[str, Any]) -> Reply:
        """Keep an object and tell it."""
        name = "public_id" if kind == "synthetics" else "id"
        self.objects[kind][str(identifier)] = {name: identifier, **body}
        return Reply(200, self.objects[kind][str(identifier)])

    def one(self, kind: str, identifier: str, text: str) -> Reply:
        """Tell an object, or ``text`` where there is none."""
        found = self.objects[kind].get(identifier)
        return Reply(200, found) if found is not None else missing(text)

    def deleted(self, kind: str, identifier: str, text: str) -> Reply:
        """Forget an object, or say ``text`` where there is none."""
        if self.objects[kind].pop(identifier, None) is None:
            return missing(text)
        return Reply(200, {f"deleted_{kind}_id": identifier})


def page(found: list[Any], request: Request, size: str, start: str, usual: int) -> list[Any]:
    """A part of a listing whose position counts objects."""
    begin = int(request.parameter(start, "0"))
    return found[begin : begin + int(request.parameter(size, str(usual)))]


def not_understood(body: Any, kind: str, *, changed: bool = False) -> Reply | None:
    """What the client library has against ``body``; None where it understands it."""
    problems = understood(copy.deepcopy(body), (CHANGED if changed else CREATED)[kind], kind)
    return refused("\n".join(problems)) if problems else None


def refused(*texts: str) -> Reply:
    """400, as it is told everywhere."""
    return Reply(400, {"errors": list(texts)})


def missing(text: str) -> Reply:
    """404, as it is told almost everywhere."""
    return Reply(404, {"errors": [text]})
