"""Downtimes of the fake Datadog.

[P] is the recorded traffic that ``datadog_rewrites.py`` names, [T] that of Datadog's Terraform provider, [api] the OpenAPI
description of the API.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.fakes import datadog_rewrites as rewrites
from tests.fakes.datadog_state import DatadogState, missing, not_understood, page, refused
from tests.fakes.server import Reply, Request


class Downtimes(DatadogState):
    """``/api/v2/downtime``: [api], v2, tag "Downtimes"."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__(now)
        path = "/api/v2/downtime"
        self.route("GET", path, self._downtimes)
        self.route("POST", path, self._new_downtime)
        self.route("GET", f"{path}/{{identifier}}", self._one_downtime)
        self.route("PATCH", f"{path}/{{identifier}}", self._changed_downtime)
        self.route("DELETE", f"{path}/{{identifier}}", self._cancelled_downtime)

    def _downtimes(self, request: Request) -> Reply:
        """Those that were cancelled are still told of; ``total_filtered_count`` is of them all."""
        found = [self._as_now(each) for each in self.objects["downtime"].values()]
        part = page(found, request, "page[limit]", "page[offset]", 30)
        return Reply(200, {"data": part, "meta": {"page": {"total_filtered_count": len(found)}}})

    def _as_now(self, body: dict[str, Any]) -> dict[str, Any]:
        attributes = body["attributes"]
        schedule = attributes["schedule"]
        if attributes["status"] == "canceled" or "recurrences" in schedule:
            return body
        began = datetime.fromisoformat(schedule["start"]) <= self.today
        ended = schedule["end"] is not None and datetime.fromisoformat(schedule["end"]) <= self.today
        attributes["status"] = "ended" if ended else "active" if began else "scheduled"
        return body

    def _downtime_problem(self, body: Any, old: Mapping[str, Any] | None) -> Reply | None:
        problem = not_understood(body, "downtime", changed=old is not None)
        if problem is not None:
            return problem
        schedule = body["data"]["attributes"].get("schedule") or {}
        if old is not None and old["attributes"]["status"] == "active" and "start" in schedule:
            return refused("Start times of downtimes in progress cannot be changed")  # [T] issue 2798
        for each in [schedule, *schedule.get("recurrences", ())]:
            start = each.get("start") or ""
            offset = "" if re.search(r"(Z|[+-]\d\d:\d\d)$", start) else "+00:00"
            if start and datetime.fromisoformat(start + offset) < self.today - timedelta(hours=14):
                return refused(f"start {start} cannot be in the past")  # [T] issues 68 and 2060
        return None

    def _new_downtime(self, request: Request) -> Reply:
        problem = self._downtime_problem(request.body, None)
        if problem is not None:
            return problem
        number = f"{self.number():08x}-0187-11ee-8c18-da7ad0900002"
        attributes = rewrites.downtime(copy.deepcopy(request.body["data"]["attributes"]), self.moment(), self.today)
        found = {"type": "downtime", "attributes": attributes, "relationships": {"monitor": {"data": None}}}
        kept = self.kept("downtime", number, found)
        return Reply(200, {"data": kept.body, "included": []})

    def _one_downtime(self, _request: Request, identifier: str) -> Reply:
        found = self.objects["downtime"].get(identifier)
        return Reply(200, {"data": self._as_now(found)}) if found is not None else missing("Downtime not found")

    def _changed_downtime(self, request: Request, identifier: str) -> Reply:
        old = self.objects["downtime"].get(identifier)
        if old is None:
            return missing("Downtime not found")
        problem = self._downtime_problem(request.body, self._as_now(old))
        if problem is not None:
            return problem
        attributes = {**old["attributes"], **copy.deepcopy(request.body["data"]["attributes"])}
        found = rewrites.downtime(attributes, self.moment(), self.today)
        kept = self.kept(
            "downtime", identifier, {**old, "attributes": {**found, "created": old["attributes"]["created"]}}
        )
        return Reply(200, {"data": kept.body})

    def _cancelled_downtime(self, _request: Request, identifier: str) -> Reply:
        found = self.objects["downtime"].get(identifier)
        if found is None or found["attributes"]["status"] == "canceled":
            return missing(f"Downtime {identifier} not found")
        found["attributes"] |= {"status": "canceled", "canceled": self.moment()}
        return Reply(204)
