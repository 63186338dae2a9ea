"""The alerting of a Grafana server: rule groups, contact points and mute timings, as the provisioning API shows them.

Rules are those of ``pkg/services/ngalert``: ``api/api_provisioning.go`` (codes), ``provisioning/`` (what is checked)
and ``api/tooling/definitions/provisioning_*.go`` (shapes).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.fakes.grafana import NOW, FakeGrafana
from tests.fakes.server import Reply, Request

BASE = "/api/v1/provisioning"
SECRETS = frozenset(("integrationKey", "apiKey", "password", "api_token"))
SECRET_URLS = frozenset(("slack", "teams"))
"""Types whose address is a secret setting (``notifier/channels_config/available_channels.go``)."""


class FakeGrafanaAlerting(FakeGrafana):
    """A server with rules. ``groups`` are by folder and name; ``points`` and ``timings`` by uid and name."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.groups: dict[tuple[str, str], dict[str, Any]] = {}
        self.points: dict[str, dict[str, Any]] = {}
        self.timings: dict[str, dict[str, Any]] = {}
        group = f"{BASE}/folder/{{folder}}/rule-groups/{{name}}"
        self.route("GET", f"{BASE}/alert-rules", lambda _request: Reply(200, self.rules))
        self.route("GET", group, self._read_group)
        self.route("PUT", group, self._write_group)
        self.route("DELETE", group, self._delete_group)
        self.route("GET", f"{BASE}/contact-points", lambda _request: Reply(200, [*map(_shown, self.points.values())]))
        self.route("POST", f"{BASE}/contact-points", self._create_point)
        self.route("PUT", f"{BASE}/contact-points/{{uid}}", self._update_point)
        self.route("DELETE", f"{BASE}/contact-points/{{uid}}", self._delete_point)
        self.route("GET", f"{BASE}/mute-timings", lambda _request: Reply(200, [*map(_named, self.timings.values())]))
        self.route("GET", f"{BASE}/mute-timings/{{name}}", self._read_timing)
        self.route("POST", f"{BASE}/mute-timings", self._create_timing)
        self.route("PUT", f"{BASE}/mute-timings/{{name}}", self._update_timing)
        self.route("DELETE", f"{BASE}/mute-timings/{{name}}", self._delete_timing)

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Every rule of every group."""
        return [rule for group in self.groups.values() for rule in group["rules"]]

    def _read_group(self, _request: Request, folder: str, name: str) -> Reply:
        found = self.groups.get((folder, name))
        return Reply(200, found) if found else Reply(404, {"message": "rule group does not exist"})

    def _write_group(self, request: Request, folder: str, name: str) -> Reply:
        problem = self._invalid_group(request.body, folder)
        if problem:
            return Reply(400, {"message": problem})
        uids = {rule["uid"] for rule in request.body["rules"]}
        for key, group in list(
            self.groups.items()
        ):  # rules that were in another group move (``CalculateRuleGroupDelta``)
            group["rules"] = [rule for rule in group["rules"] if rule["uid"] not in uids]
            if not group["rules"]:
                del self.groups[key]
        rules = [self._stored(rule, folder, name) for rule in request.body["rules"]]
        made = {"title": name, "folderUid": folder, "interval": request.body["interval"], "rules": rules}
        self.groups[folder, name] = made
        return Reply(200, made)

    def _invalid_group(self, body: Mapping[str, Any], folder: str) -> str:
        if folder not in self.folders:
            return "folder does not exist"
        if body["interval"] % 10:
            return "interval should be non-zero and divided exactly by scheduler interval: 10"
        titles = [rule["title"] for rule in body["rules"]]
        if len(set(titles)) < len(titles):
            return (
                "a conflicting alert rule is found: rule title under the same organisation and folder should be unique"
            )
        names = {point["name"] for point in self.points.values()}
        for settings in (rule.get("notification_settings") or {} for rule in body["rules"]):
            if settings and settings["receiver"] not in names:
                return f"invalid receiver: {settings['receiver']} does not exist"
            if not set(settings.get("mute_time_intervals", ())) <= set(self.timings):
                return "mute time interval does not exist"
            if settings and not {"alertname", "grafana_folder"} <= set(settings["group_by"]):
                return "group by override must contain the required labels: [alertname grafana_folder]"
        return ""

    def _stored(self, rule: Mapping[str, Any], folder: str, group: str) -> dict[str, Any]:
        """``ProvisionedAlertRule``: what is not said is there with its zero value."""
        return {
            "keep_firing_for": "0s", "record": None, "isPaused": False, **deepcopy(dict(rule)), "id": self.next_id(),
            "orgID": 1, "folderUID": folder, "ruleGroup": group, "updated": NOW, "provenance": "api",
        }  # fmt: skip

    def _delete_group(self, _request: Request, folder: str, name: str) -> Reply:
        return Reply(204 if self.groups.pop((folder, name), None) else 404)

    def _create_point(self, request: Request) -> Reply:
        uid = request.body["uid"]
        if uid in self.points:
            return Reply(400, {"message": f"receiver configuration with UID '{uid}' already exist in contact point"})
        self.points[uid] = {**deepcopy(request.body), "provenance": "api"}
        return Reply(202, _shown(self.points[uid]))

    def _update_point(self, request: Request, uid: str) -> Reply:
        if uid not in self.points:
            return Reply(404, {"message": "contact point not found"})
        self.points[uid] = {**deepcopy(request.body), "provenance": "api"}
        return Reply(202, {"message": "contactpoint updated"})

    def _delete_point(self, _request: Request, uid: str) -> Reply:
        """409 while a rule names the contact point, and this is its last receiver."""
        if uid not in self.points:
            return Reply(404, {"message": "contact point not found"})
        name = self.points[uid]["name"]
        last = [point["name"] for point in self.points.values()].count(name) == 1
        used = {(rule.get("notification_settings") or {}).get("receiver") for rule in self.rules}
        if last and name in used:
            return Reply(
                409, {"message": f"contact point '{name}' is currently used by notification policies or rules"}
            )
        del self.points[uid]
        return Reply(202, {"message": "contactpoint deleted"})

    def _read_timing(self, _request: Request, name: str) -> Reply:
        found = self.timings.get(name)
        return Reply(200, _named(found)) if found else Reply(404, {"message": "mute timing not found"})

    def _create_timing(self, request: Request) -> Reply:
        name = request.body["name"]
        if name in self.timings:
            return Reply(400, {"message": "a mute timing with this name already exists"})
        self.timings[name] = {**deepcopy(request.body), "provenance": "api"}
        return Reply(201, _named(self.timings[name]))

    def _update_timing(self, request: Request, name: str) -> Reply:
        if name not in self.timings:
            return Reply(404, {"message": "mute timing not found"})
        self.timings[name] = {**deepcopy(request.body), "provenance": "api"}
        return Reply(202, _named(self.timings[name]))

    def _delete_timing(self, _request: Request, name: str) -> Reply:
        used = {
            each
            for rule in self.rules
            for each in (rule.get("notification_settings") or {}).get("mute_time_intervals", ())
        }
        if name in used:
            return Reply(409, {"message": f"time interval '{name}' is used"})
        return Reply(204 if self.timings.pop(name, None) else 404)


def _shown(point: Mapping[str, Any]) -> dict[str, Any]:
    """Secret settings are redacted, whoever asks (``RedactedValue``)."""
    hidden = SECRETS | ({"url"} if point["type"] in SECRET_URLS else set())
    settings = {key: "[REDACTED]" if key in hidden else value for key, value in point["settings"].items()}
    return {**point, "settings": settings}


def _named(timing: Mapping[str, Any]) -> dict[str, Any]:
    """Months are shown by their names (``MonthRange.MarshalText``)."""
    found = deepcopy(dict(timing))
    for interval in found["time_intervals"]:
        if "months" in interval:
            interval["months"] = [calendar.month_name[int(month)].lower() for month in interval["months"]]
    return found
