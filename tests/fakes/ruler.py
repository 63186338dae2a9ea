"""A ruler of Mimir or of Cortex: it keeps groups by tenant and namespace, and prints them as the real ones do.

[m] is pkg/ruler/api.go and pkg/ruler/rulespb/compat.go of grafana/mimir, [c] pkg/ruler/api.go of cortexproject/cortex.
"""

from __future__ import annotations

from typing import Any

import yaml

from skillforge_mon.query.promql import PromQLSyntaxError, parse
from skillforge_mon.query.promql.duration import duration_milliseconds, duration_text
from tests.fakes.server import FakeServer, Reply, Request

TENANT = "shop-team"
_YAML = {"Content-Type": "application/yaml"}


class FakeRuler(FakeServer):
    """``groups`` are by namespace and name. ``rules_per_group`` and ``most_groups`` are limits of Mimir; 0 is none."""

    def __init__(self, kind: str = "mimir") -> None:
        super().__init__()
        self.kind = kind
        self.groups: dict[str, dict[str, dict[str, Any]]] = {}
        self.rules_per_group, self.most_groups = (20, 70) if kind == "mimir" else (0, 0)
        self.evaluated: list[dict[str, Any]] = []
        # [m], [c]: routes in pkg/api/api.go
        path = "/prometheus/config/v1/rules" if kind == "mimir" else "/api/v1/rules"
        self.route("GET", path, self._listed)
        self.route("POST", f"{path}/{{namespace}}", self._set)
        self.route("GET", f"{path}/{{namespace}}/{{name}}", self._one)
        self.route("DELETE", f"{path}/{{namespace}}/{{name}}", self._deleted)
        self.route("GET", "/prometheus/api/v1/rules", self._evaluation)

    def authorised(self, request: Request) -> Reply | None:
        """[m] parseRequest: without a tenant 401 `no org id`."""
        return None if request.headers.get("x-scope-orgid") == TENANT else Reply(401, "no org id")

    def _listed(self, _request: Request) -> Reply:
        """[m], [c] ListRules: 404 where there is none."""
        if not self.groups:
            return Reply(404, "no rule groups found\n")
        found = {namespace: list(groups.values()) for namespace, groups in self.groups.items()}
        return Reply(200, yaml.safe_dump(found), _YAML)

    def _one(self, _request: Request, namespace: str, name: str) -> Reply:
        found = self.groups.get(namespace, {}).get(name)
        return Reply(200, yaml.safe_dump(found), _YAML) if found else Reply(404, "group does not exist\n")

    def _set(self, request: Request, namespace: str) -> Reply:
        """[m] CreateRuleGroup: one group; what is wrong with it is told as a text."""
        assert request.headers["content-type"] == "application/yaml"
        group = yaml.safe_load(request.body)
        problem = _problem(group)
        if problem:
            return Reply(400, problem)
        count = len(group["rules"])
        if self.rules_per_group and count > self.rules_per_group:
            limit = f"limit: {self.rules_per_group} actual: {count}"
            return Reply(400, f"per-user rules per rule group limit ({limit}) exceeded")
        # [m] AssertMaxRuleGroups(len(rgs)+1): a group that is there already counts once more.
        total = sum(map(len, self.groups.values())) + 1
        if self.most_groups and total > self.most_groups:
            return Reply(400, f"per-user rule groups limit (limit: {self.most_groups} actual: {total}) exceeded")
        self.groups.setdefault(namespace, {})[group["name"]] = _kept(group)
        return Reply(202, {"status": "success"})

    def _deleted(self, _request: Request, namespace: str, name: str) -> Reply:
        if name not in self.groups.get(namespace, {}):
            return Reply(404, "group does not exist\n")
        del self.groups[namespace][name]
        if not self.groups[namespace]:
            del self.groups[namespace]
        return Reply(202, {"status": "success"})

    def _evaluation(self, _request: Request) -> Reply:
        return Reply(200, {"status": "success", "data": {"groups": self.evaluated}})


def _problem(group: Any) -> str:
    """[m] MultiTenantManager.ValidateRuleGroup."""
    if not group.get("name"):
        return "invalid rules config: rule group name must not be empty"
    if not group.get("rules"):
        return f"invalid rules config: rule group '{group['name']}' has no rules"
    for index, rule in enumerate(group["rules"]):
        try:
            parse(rule["expr"])
        except PromQLSyntaxError as error:
            return f'group "{group["name"]}", rule {index}: could not parse expression: {error}'
    return ""


def _kept(group: dict[str, Any]) -> dict[str, Any]:
    """[m] ToProto, then FromProto: model.Duration prints lengths, `omitempty` drops what is zero, maps are sorted."""
    found: dict[str, Any] = {"name": group["name"]}
    if group.get("interval"):
        found["interval"] = duration_text(duration_milliseconds(group["interval"]))
    if group.get("limit"):
        found["limit"] = group["limit"]
    found["rules"] = [_kept_rule(rule) for rule in group["rules"]]
    return found


def _kept_rule(rule: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in ("record", "alert", "expr"):
        if rule.get(key):
            found[key] = rule[key]
    for key in ("for", "keep_firing_for"):
        if rule.get(key) and duration_milliseconds(rule[key]):
            found[key] = duration_text(duration_milliseconds(rule[key]))
    for key in ("labels", "annotations"):
        if rule.get(key):
            found[key] = dict(sorted(rule[key].items()))
    return found
