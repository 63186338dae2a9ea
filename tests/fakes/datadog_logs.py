"""Pipelines and indexes of logs of the fake Datadog, and their orders.

[P] is the recorded traffic that ``datadog_rewrites.py`` names, [T] that of Datadog's Terraform provider, [api] the OpenAPI
description of the API.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes import datadog_rewrites as rewrites
from tests.fakes.datadog_state import DatadogState, missing, not_understood, refused
from tests.fakes.server import Reply, Request

PAGE_404 = "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>Not Found</body></html>"


class Logs(DatadogState):
    """``/api/v1/logs/config``: [api], tags "Logs Pipelines" and "Logs Indexes"."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__(now)
        path = "/api/v1/logs/config/pipelines"
        self.route("GET", path, lambda _request: Reply(200, list(self.objects["log_pipeline"].values())))
        self.route("POST", path, self._new_pipeline)
        self.route(
            "GET",
            f"{path}/{{identifier}}",
            lambda _request, identifier: self._pipeline(identifier) or self.one("log_pipeline", identifier, ""),
        )
        self.route("PUT", f"{path}/{{identifier}}", self._changed_pipeline)
        self.route(
            "DELETE",
            f"{path}/{{identifier}}",
            lambda _request, identifier: self._pipeline(identifier) or self._deleted_pipeline(identifier),
        )
        order = "/api/v1/logs/config/pipeline-order"
        self.route("GET", order, lambda _request: Reply(200, {"pipeline_ids": list(self.objects["log_pipeline"])}))
        self.route("PUT", order, lambda request: self._ordered(request, "log_pipeline", "pipeline_ids"))
        path = "/api/v1/logs/config/indexes"
        self.route("GET", path, lambda _request: Reply(200, {"indexes": list(self.objects["log_index"].values())}))
        self.route("POST", path, self._new_index)
        self.route(
            "GET",
            f"{path}/{{identifier}}",
            lambda _request, identifier: self.one("log_index", identifier, f"Index {identifier} not found"),
        )
        self.route("PUT", f"{path}/{{identifier}}", self._changed_index)
        order = "/api/v1/logs/config/index-order"
        self.route("GET", order, self._index_order)
        self.route("PUT", order, lambda request: self._ordered(request, "log_index", "index_names"))

    def _pipeline(self, identifier: str) -> Reply | None:
        """What is said of one that is not there; None when it is."""
        return None if identifier in self.objects["log_pipeline"] else refused("Non existing pipeline")

    def _new_pipeline(self, request: Request) -> Reply:
        problem = not_understood(request.body, "log_pipeline")
        if problem is not None:
            return problem
        return self.kept("log_pipeline", f"pipe_{self.number()}", rewrites.log_pipeline(request.body))

    def _changed_pipeline(self, request: Request, identifier: str) -> Reply:
        problem = self._pipeline(identifier) or not_understood(request.body, "log_pipeline")
        if problem is not None:
            return problem
        if self.objects["log_pipeline"][identifier]["is_read_only"]:  # one of an integration
            return Reply(404, PAGE_404, {"Content-Type": "text/html"})
        return self.kept("log_pipeline", identifier, rewrites.log_pipeline(request.body))

    def _deleted_pipeline(self, identifier: str) -> Reply:
        del self.objects["log_pipeline"][identifier]
        return Reply(200, {})

    def _new_index(self, request: Request) -> Reply:
        problem = not_understood(request.body, "log_index")
        if problem is not None:
            return problem
        name = request.body["name"]
        if name in self.objects["log_index"] or name in self.gone_indexes:  # a name is never free again
            return refused(f"Index name {name} is already in use")
        self.objects["log_index"][name] = rewrites.log_index(request.body)
        return Reply(200, self.objects["log_index"][name])

    def _changed_index(self, request: Request, identifier: str) -> Reply:
        old = self.objects["log_index"].get(identifier)
        if old is None:
            return missing(f"Index {identifier} not found")
        problem = not_understood(request.body, "log_index", changed=True)
        if problem is not None:
            return problem
        body = {name: member for name, member in request.body.items() if name != "disable_daily_limit"}
        if not request.body.get("disable_daily_limit"):
            body = {"daily_limit": old["daily_limit"], **body}
        self.objects["log_index"][identifier] = rewrites.log_index({**body, "name": identifier})
        return Reply(200, self.objects["log_index"][identifier])

    def _index_order(self, _request: Request) -> Reply:
        """datadog-sync-cli, issue 246: those that are being deleted are there as well."""
        return Reply(200, {"index_names": [*self.objects["log_index"], *sorted(self.gone_indexes)]})

    def _ordered(self, request: Request, kind: str, key: str) -> Reply:
        problem = not_understood(request.body, f"{kind}_order", changed=True)
        if problem is not None:
            return problem
        objects, wanted = self.objects[kind], request.body[key]
        if sorted(wanted) != sorted(objects):
            return Reply(422, {"errors": [f"Missing order for {kind}, or one that does not exist"]})
        self.objects[kind] = {each: objects[each] for each in wanted}
        return Reply(200, {key: wanted})
