"""Sensitive Data Scanner of the fake Datadog: [api], v2, tag "Sensitive Data Scanner".

There is one configuration, with groups, and rules in groups. What is changed or deleted answers the version alone; a
group that goes takes its rules with it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.fakes.datadog_state import DatadogState, missing, not_understood, refused
from tests.fakes.server import Reply, Request

CONFIGURATION = "7957915c634d4dcb581fa154157f5ad9"
KINDS = {"scanner_group": "groups", "scanner_rule": "rules"}


class Scanner(DatadogState):
    """``/api/v2/sensitive-data-scanner/config``."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__(now)
        self.version = 0
        path = "/api/v2/sensitive-data-scanner/config"
        self.route("GET", path, self._configuration)
        for kind, folder in KINDS.items():
            self.route("POST", f"{path}/{folder}", lambda request, kind=kind: self._made(request, kind))
            one = f"{path}/{folder}/{{identifier}}"
            self.route("PATCH", one, lambda request, identifier, kind=kind: self._changed(request, kind, identifier))
            self.route("DELETE", one, lambda request, identifier, kind=kind: self._gone(request, kind, identifier))

    def _configuration(self, _request: Request) -> Reply:
        groups = self.objects["scanner_group"]
        data = {
            "id": CONFIGURATION,
            "type": "sensitive_data_scanner_configuration",
            "attributes": {},
            "relationships": {
                "groups": {"data": [{"id": each, "type": "sensitive_data_scanner_group"} for each in groups]}
            },
        }
        included = [*groups.values(), *self.objects["scanner_rule"].values()]
        return Reply(200, {"data": data, "included": copy.deepcopy(included), "meta": {"version": self.version}})

    def _made(self, request: Request, kind: str) -> Reply:
        problem = not_understood(request.body, kind) or self._misplaced(request.body["data"], kind)
        if problem is not None:
            return problem
        data = copy.deepcopy(request.body["data"])
        identifier = f"{self.number():08x}-0000-4000-8000-000000000000"
        self.objects[kind][identifier] = {"id": identifier, **data}
        self.version += 1
        answer = {"id": identifier, "type": data["type"], "attributes": data["attributes"]}
        return Reply(200, {"data": answer, "meta": {"version": self.version}})

    def _changed(self, request: Request, kind: str, identifier: str) -> Reply:
        old = self.objects[kind].get(identifier)
        if old is None:
            return missing("Not found")
        problem = not_understood(request.body, kind, changed=True)
        if problem is not None:
            return problem
        data = request.body["data"]
        if data.get("id") != identifier:
            return refused("the id of the object is not that of the address")
        old["attributes"] |= copy.deepcopy(data["attributes"])
        self.version += 1
        return Reply(200, {"meta": {"version": self.version}})

    def _gone(self, request: Request, kind: str, identifier: str) -> Reply:
        if self.objects[kind].pop(identifier, None) is None:
            return missing("Not found")
        if request.body is None or "meta" not in request.body:
            return refused("meta is missing")
        if kind == "scanner_group":
            rules = self.objects["scanner_rule"]
            self.objects["scanner_rule"] = {key: each for key, each in rules.items() if _group_of(each) != identifier}
        self.version += 1
        return Reply(200, {"meta": {"version": self.version}})

    def _misplaced(self, data: dict[str, Any], kind: str) -> Reply | None:
        """What is in nothing, or in something that is not there."""
        if kind == "scanner_rule":
            return None if _group_of(data) in self.objects["scanner_group"] else missing("no such group")
        there = data.get("relationships", {}).get("configuration", {}).get("data", {}).get("id")
        return None if there == CONFIGURATION else refused("a group is in the configuration of the organisation")


def _group_of(data: dict[str, Any]) -> Any:
    return data["relationships"]["group"]["data"]["id"]
