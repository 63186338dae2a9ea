"""Monitors and SLOs of the fake Datadog.

[P] is the recorded traffic that ``datadog_rewrites.py`` names, [T] that of Datadog's Terraform provider, [api] the OpenAPI
description of the API.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from tests.fakes import datadog_rewrites as rewrites
from tests.fakes.datadog_state import DatadogState, missing, not_understood, page, refused
from tests.fakes.server import Reply, Request

_NUMBER = re.compile(r"(?:>=|<=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*$")
_COMPARED = frozenset(("query alert", "metric alert"))


class Monitors(DatadogState):
    """``/api/v1/monitor``: [api], tag "Monitors"."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__(now)
        path = "/api/v1/monitor"
        self.route("GET", path, self._monitors)
        self.route("POST", path, self._new_monitor)
        self.route("POST", f"{path}/validate", lambda request: self._monitor_problem(request.body) or Reply(200, {}))
        self.route("GET", f"{path}/can_delete", self._can_delete_monitors)
        self.route(
            "GET",
            f"{path}/{{identifier}}",
            lambda _request, identifier: self.one("monitor", identifier, "Monitor not found"),
        )
        self.route("PUT", f"{path}/{{identifier}}", self._changed_monitor)
        self.route("DELETE", f"{path}/{{identifier}}", self._deleted_monitor)
        self.route(
            "POST",
            f"{path}/{{identifier}}/validate",
            lambda request, identifier: self._monitor_problem(request.body, identifier) or Reply(200, {}),
        )

    def _monitors(self, request: Request) -> Reply:
        found = list(self.objects["monitor"].values())
        if "page" in request.query:
            size = min(1000, int(request.parameter("page_size", "100")))
            start = int(request.parameter("page")) * size
            found = found[start : start + size]
        return Reply(200, found)

    def _new_monitor(self, request: Request) -> Reply:
        problem = self._monitor_problem(request.body)
        if problem is not None:
            return problem
        found = rewrites.monitor(copy.deepcopy(request.body), self.moment())
        same = ("name", "type", "query", "options")  # [P] says only that more than the name is compared
        for number, other in self.objects["monitor"].items():
            if all(other.get(name) == found.get(name) for name in same):
                return refused(f"Duplicate of an existing monitor_id:{number} org_id:1")
        return self.kept("monitor", self.number(), found)

    def _changed_monitor(self, request: Request, identifier: str) -> Reply:
        old = self.objects["monitor"].get(identifier)
        if old is None:
            return missing("Monitor not found")
        body = {**{name: old[name] for name in ("name", "type", "query", "message", "tags", "options")}, **request.body}
        problem = self._monitor_problem(body, identifier, sent=request.body)
        if problem is not None:
            return problem
        kept = {name: old[name] for name in ("created", "created_at")}
        # [T] TestAccDatadogMonitor_Updated: `options` are replaced as a whole
        return self.kept("monitor", int(identifier), {**rewrites.monitor(copy.deepcopy(body), self.moment()), **kept})

    def _monitor_problem(self, body: Any, identifier: str = "", *, sent: Any = None) -> Reply | None:
        problem = not_understood(sent if sent is not None else body, "monitor", changed=sent is not None)
        if problem is not None:
            return problem
        query, options = str(body.get("query") or ""), body.get("options") or {}
        compared = _NUMBER.search(query)
        critical = (options.get("thresholds") or {}).get("critical")
        if body["type"] in _COMPARED and compared is None:
            return refused("The value provided for parameter 'query' is invalid: invalid operator specified: ")
        if compared is not None and critical is not None and float(compared[1]) != float(critical):
            return refused(f"Alert threshold ({critical}) does not match that used in the query ({compared[1]}).")
        if options.get("on_missing_data") and options.get("notify_no_data"):
            return refused("notify_no_data and on_missing_data are mutually exclusive.")
        if body["type"] == "composite":
            named = re.findall(r"\b\d+\b", query)
            if any(each not in self.objects["monitor"] or each == identifier for each in named):
                return refused("The value provided for parameter 'query' is invalid: Some monitor IDs are invalid")
        if body["type"] == "slo alert":
            return self._slo_alert_problem(query)
        old = self.objects["monitor"].get(identifier)
        if old is not None and old["type"] != body["type"] and not {old["type"], body["type"]} <= _COMPARED:
            return refused("Monitor type cannot be changed")
        return None

    def _slo_alert_problem(self, query: str) -> Reply | None:
        """[T] issue 3022: the window must be one of the SLO's timeframes as it is then."""
        named = re.match(r'(?:error_budget|burn_rate)\("(\w+)"\)\.over\("(\w+)"\)', query)
        found = self.objects["slo"].get(named[1]) if named is not None else None
        if named is None or found is None:
            return refused("The value provided for parameter 'query' is invalid: SLO not found")
        targets = {each["timeframe"]: each["target"] for each in found["thresholds"]}
        if named[2] not in targets:
            return refused(f"The value provided for parameter 'query' is invalid: timeframe {named[2]} not in SLO")
        if query.startswith("burn_rate"):
            return self._burn_rate_problem(query, targets[named[2]])
        return None

    def _burn_rate_problem(self, query: str, target: float) -> Reply | None:
        """docs.datadoghq.com, "Burn Rate Alerts", "Monitor creation": what the two windows and the rate can be."""
        found = re.search(r'\.long_window\("(\d+)h"\)\.short_window\("(\d+)m"\) > ([\d.]+)$', query)
        if found is None:
            return refused("The value provided for parameter 'query' is invalid: no windows")
        long, short, rate = int(found[1]), int(found[2]), float(found[3])
        if not 1 <= long <= 48 or not 0 < short < long * 60:
            return refused("The value provided for parameter 'query' is invalid: windows out of range")
        if not 0 < rate <= 100 / (100 - target) + 1e-9:
            return refused("The value provided for parameter 'query' is invalid: burn rate out of range")
        return None

    def _uses_of_monitor(self, identifier: str) -> Iterator[str]:
        for other, body in self.objects["slo"].items():
            if int(identifier) in body.get("monitor_ids", ()):
                yield f"monitor [{identifier}] is referenced in slos: {other}"
        for other, body in self.objects["monitor"].items():
            if body["type"] == "composite" and re.search(rf"\b{identifier}\b", body["query"]):
                yield f"monitor [{identifier}] is referenced in composite monitors: {other}"

    def _can_delete_monitors(self, request: Request) -> Reply:
        asked = request.parameter("monitor_ids").split(",")
        uses = {each: list(self._uses_of_monitor(each)) for each in asked}
        errors = {each: found for each, found in uses.items() if found}
        ok = [int(each) for each in asked if each not in errors]
        return Reply(409 if errors else 200, {"data": {"ok": ok}, "errors": errors or None})

    def _deleted_monitor(self, request: Request, identifier: str) -> Reply:
        if identifier not in self.objects["monitor"]:
            return missing("Monitor not found")
        uses = list(self._uses_of_monitor(identifier))
        if uses and request.parameter("force") != "true":
            return refused(*uses)
        del self.objects["monitor"][identifier]
        return Reply(200, {"deleted_monitor_id": int(identifier)})


class Slos(DatadogState):
    """``/api/v1/slo``: [api], tag "Service Level Objectives"."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__(now)
        path = "/api/v1/slo"
        self.route("GET", path, self._slos)
        self.route("POST", path, self._new_slo)
        self.route("GET", f"{path}/{{identifier}}", self._one_slo)
        self.route("PUT", f"{path}/{{identifier}}", self._changed_slo)
        self.route("DELETE", f"{path}/{{identifier}}", self._deleted_slo)

    def _slos(self, request: Request) -> Reply:
        found = page(list(self.objects["slo"].values()), request, "limit", "offset", 1000)
        return Reply(200, {"data": found, "errors": [], "metadata": {"page": {}}})

    def _one_slo(self, _request: Request, identifier: str) -> Reply:
        found = self.objects["slo"].get(identifier)
        return Reply(200, {"data": found, "errors": []}) if found else missing(f"SLO not found: {identifier} not found")

    def _slo_problem(self, body: Any, *, changed: bool) -> Reply | None:
        problem = not_understood(body, "slo", changed=changed)
        if problem is not None:
            return problem
        if body["type"] == "monitor" and not body.get("monitor_ids"):  # [P] test_create_an_slo_*_bad_request_*
            return refused("Invalid payload: must specify monitor_ids")
        if body["type"] == "metric" and not body.get("query") and not body.get("sli_specification"):
            return refused("Invalid payload: must specify the query for count types")
        if any(str(each) not in self.objects["monitor"] for each in body.get("monitor_ids") or ()):
            return refused("Invalid payload: monitor not found")
        return None

    def _new_slo(self, request: Request) -> Reply:
        problem = self._slo_problem(request.body, changed=False)
        if problem is not None:
            return problem
        number = f"{self.number():032x}"
        kept = self.kept("slo", number, rewrites.slo(copy.deepcopy(request.body), self.moment()))
        return Reply(200, {"data": [kept.body], "errors": []})

    def _changed_slo(self, request: Request, identifier: str) -> Reply:
        old = self.objects["slo"].get(identifier)
        if old is None:
            return missing(f"SLO not found: {identifier} not found")
        problem = self._slo_problem(request.body, changed=True)
        if problem is not None:
            return problem
        if old["type"] != request.body["type"]:
            return refused("Invalid payload: the type of an SLO cannot be changed")
        self.today += timedelta(seconds=1)  # their moments have no fractions
        kept = self.kept("slo", identifier, rewrites.slo(copy.deepcopy(request.body), self.moment()))
        return Reply(200, {"data": [kept.body], "errors": []})

    def _deleted_slo(self, request: Request, identifier: str) -> Reply:
        if identifier not in self.objects["slo"]:
            return missing(f"SLO not found: {identifier} not found")
        used = [other for other, body in self.objects["dashboard"].items() if f"'{identifier}'" in str(body["widgets"])]
        if used and request.parameter("force") != "true":  # [api] DeleteSLO, 409
            return Reply(
                409, {"errors": {identifier: f"SLO {identifier} is referenced in dashboards: {', '.join(used)}"}}
            )
        del self.objects["slo"][identifier]
        return Reply(200, {"data": [identifier], "errors": None})
