"""Dashboards and synthetic tests of the fake Datadog.

[P] is the recorded traffic that ``datadog_rewrites.py`` names, [T] that of Datadog's Terraform provider, [api] the OpenAPI
description of the API.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes import datadog_rewrites as rewrites
from tests.fakes.datadog_state import DatadogState, missing, not_understood, page, refused
from tests.fakes.server import Reply, Request


class Dashboards(DatadogState):
    """``/api/v1/dashboard``: [api], tag "Dashboards"."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__(now)
        path = "/api/v1/dashboard"
        self.route("GET", path, self._dashboards)
        self.route("POST", path, self._new_dashboard)
        self.route(
            "GET",
            f"{path}/{{identifier}}",
            lambda _request, identifier: self.one("dashboard", identifier, no_dashboard(identifier)),
        )
        self.route("PUT", f"{path}/{{identifier}}", self._changed_dashboard)
        self.route(
            "DELETE",
            f"{path}/{{identifier}}",
            lambda _request, identifier: self.deleted("dashboard", identifier, no_dashboard(identifier)),
        )

    def _dashboards(self, request: Request) -> Reply:
        """[P] test_get_all_dashboards_returns_ok_response: summaries."""
        names = ("id", "title", "description", "layout_type", "url", "is_read_only", "created_at", "modified_at",
                 "author_handle")  # fmt: skip
        found = [{name: each[name] for name in names} for each in self.objects["dashboard"].values()]
        return Reply(200, {"dashboards": page(found, request, "count", "start", 100)})

    def _dashboard_problem(self, body: Any) -> Reply | None:
        problem = not_understood(body, "dashboard")
        if problem is None and any(not tag.startswith("team:") for tag in body.get("tags") or ()):
            return refused("Invalid tag format. Valid tag keys are: team.")
        return problem or _variables_problem(body) or _layout_problem(body)

    def _new_dashboard(self, request: Request) -> Reply:
        problem = self._dashboard_problem(request.body)
        if problem is not None:
            return problem
        number = self.number()
        body = rewrites.dashboard(copy.deepcopy(request.body), self.moment(), number)
        return self.kept("dashboard", f"das-hbo-{number:03}", body)

    def _changed_dashboard(self, request: Request, identifier: str) -> Reply:
        old = self.objects["dashboard"].get(identifier)
        if old is None:
            return missing(no_dashboard(identifier))
        problem = self._dashboard_problem(request.body)
        if problem is not None:
            return problem
        if old["layout_type"] != request.body["layout_type"]:
            return refused("'layout_type' cannot be changed")
        body = rewrites.dashboard(copy.deepcopy(request.body), self.moment(), self.number())
        return self.kept("dashboard", identifier, {**body, "created_at": old["created_at"]})


class Synthetics(DatadogState):
    """``/api/v1/synthetics/tests``: [api], tag "Synthetics"."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        super().__init__(now)
        path = "/api/v1/synthetics/tests"
        self.route("GET", path, self._tests)
        self.route("POST", f"{path}/delete", self._deleted_tests)
        self.route("POST", f"{path}/{{sort}}", self._new_test)
        self.route("GET", f"{path}/{{identifier}}", self._test)
        self.route("GET", f"{path}/{{sort}}/{{identifier}}", self._test)
        self.route("PUT", f"{path}/{{sort}}/{{identifier}}", self._changed_test)

    def _tests(self, request: Request) -> Reply:
        """[api] ListTests: the steps of browser and mobile tests are told only of one test at a time."""
        size, page = int(request.parameter("page_size", "100")), int(request.parameter("page_number", "0"))
        found = [without_steps(each) for each in self.objects["synthetics"].values()]
        return Reply(200, {"tests": found[page * size : (page + 1) * size]})

    def _test(self, _request: Request, identifier: str, sort: str = "") -> Reply:
        found = self.objects["synthetics"].get(identifier)
        if found is None or (sort and found["type"] != sort):
            return missing("Synthetics test not found")
        return Reply(200, found if sort else without_steps(found))

    def _new_test(self, request: Request, sort: str) -> Reply:
        problem = not_understood(request.body, sort)
        if problem is not None:
            return problem
        number = self.number()
        found = rewrites.synthetics(request.body, self.moment(), number)
        monitor = {"name": f"[Synthetics] {found['name']}", "type": "synthetics alert", "query": "no_query",
                   "message": found["message"], "tags": found["tags"], "options": {}}  # fmt: skip
        hidden = self.kept("monitor", self.number(), rewrites.monitor(monitor, self.moment()))
        return self.kept("synthetics", f"tes-t{number:02}-{number:03}", {**found, "monitor_id": hidden.body["id"]})

    def _changed_test(self, request: Request, sort: str, identifier: str) -> Reply:
        old = self.objects["synthetics"].get(identifier)
        if old is None or old["type"] != sort:
            return missing("Synthetics test not found")
        problem = not_understood(request.body, sort)
        if problem is not None:
            return problem
        found = rewrites.synthetics(request.body, self.moment(), self.number())
        kept = {name: old[name] for name in ("created_at", "created_by", "monitor_id")}
        return self.kept("synthetics", identifier, {**found, **kept})

    def _deleted_tests(self, request: Request) -> Reply:
        gone = [each for each in request.body["public_ids"] if each in self.objects["synthetics"]]
        if not gone:
            return missing("Synthetics test not found")
        for each in gone:
            found = self.objects["synthetics"].pop(each)
            del self.objects["monitor"][str(found["monitor_id"])]
        return Reply(200, {"deleted_tests": [{"public_id": each, "deleted_at": self.moment()} for each in gone]})


def _variables_problem(body: Mapping[str, Any]) -> Reply | None:
    """[P] test_create_a_new_dashboard_with_template_variable_defaults_*."""
    for variable in body.get("template_variables") or ():
        if "default" in variable and "defaults" in variable:
            return refused("'template_variables' is invalid")
        if any(not value for value in variable.get("defaults", ())):
            return refused("Minimum length of parameter 'defaults' should be 1")
    return None


def _layout_problem(body: Mapping[str, Any]) -> Reply | None:
    """[api] DashboardReflowType: with `fixed` every widget has a layout, with `auto` none has; only where ordered.

    The words are made up: no recording has such a refusal.
    """
    flow = body.get("reflow_type")
    if flow is not None and body["layout_type"] != "ordered":
        return refused("'reflow_type' is invalid")
    if flow is not None and any(("layout" in widget) != (flow == "fixed") for widget in body["widgets"]):
        return refused("'layout' is invalid")
    return None


def without_steps(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in body.items() if name != "steps"}


def no_dashboard(identifier: str) -> str:
    return f"Dashboard with ID {identifier} not found"
