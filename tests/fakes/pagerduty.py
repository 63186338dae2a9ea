"""A fake of PagerDuty's REST API v2: an account with users, and what push makes of teams, schedules and services.

Sources: [api] developer.pagerduty.com/api-reference; [docs] developer.pagerduty.com/docs; [support]
support.pagerduty.com; [terraform] PagerDuty/terraform-provider-pagerduty, the file is named.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from jsonschema import Draft202012Validator

from tests.fakes.pagerduty_schema import SCHEMAS
from tests.fakes.server import FakeServer, RateLimit, Reply, Request

TOKEN = "u+FakeTokenOfPagerDuty"
ABILITIES = ["teams", "urgencies", "manage_schedules"]
KINDS = {
    "team": "teams",
    "schedule": "schedules",
    "escalation_policy": "escalation_policies",
    "service": "services",
}
Object = dict[str, Any]


class FakePagerDuty(FakeServer):
    """``objects`` has each kind's by id; ``users`` are e-mail addresses by id. ``read_only`` refuses to write."""

    def __init__(self, users: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.users = dict(users)
        self.objects: dict[str, dict[str, Object]] = {kind: {} for kind in KINDS}
        self.read_only = False
        self.abilities = list(ABILITIES)
        self._made = 0
        self.route("GET", "/abilities", lambda _request: Reply(200, {"abilities": self.abilities}))
        self.route("GET", "/users", self._users)
        for kind, path in KINDS.items():
            self.route("GET", f"/{path}", self._listing(kind))
            self.route("POST", f"/{path}", self._creating(kind))
            self.route("GET", f"/{path}/{{known}}", self._reading(kind))
            self.route("PUT", f"/{path}/{{known}}", self._updating(kind))
            self.route("DELETE", f"/{path}/{{known}}", self._deleting(kind))
        self.route("POST", "/services/{of}/integrations", self._create_integration)
        self.route("GET", "/services/{of}/integrations/{own}", self._read_integration)
        self.route("PUT", "/services/{of}/integrations/{own}", self._update_integration)
        self.route("DELETE", "/services/{of}/integrations/{own}", self._delete_integration)

    def authorised(self, request: Request) -> Reply | None:
        """[docs] authentication: ``Token token=``; 401 without a valid one, 403 for writes with a read-only key."""
        if request.headers.get("authorization") != f"Token token={TOKEN}":
            # An answer of the gateway, which is not shaped as the others. [docs] errors
            return Reply(401, {"error": {"message": "Unauthorized", "code": 2006}})
        if request.headers.get("accept") != "application/vnd.pagerduty+json;version=2":
            return _error(406, 2004, "Not Acceptable", [])
        if self.read_only and request.method != "GET":
            return _error(403, 2010, "Access Denied", ["This API key is read-only"])
        return None

    def rate_headers(self, limit: RateLimit, remaining: int, reset: float) -> dict[str, str]:
        """[support] rest-api-rate-limits: ``ratelimit-*``, the reset in seconds from now."""
        return {
            "ratelimit-limit": str(limit.limit),
            "ratelimit-remaining": str(remaining),
            "ratelimit-reset": str(max(1, -int(-reset // 1))),
        }

    def too_many(self, headers: Mapping[str, str]) -> Reply:
        """[docs] errors: 2020 goes with 429."""
        return Reply(429, {"error": {"message": "Rate Limit Exceeded", "code": 2020}}, headers)

    def add(self, kind: str, body: Mapping[str, Any]) -> Object:
        """Something that somebody has made by hand."""
        return self._stored(kind, dict(body))

    def key_of(self, service: str) -> str:
        """The routing key of the first integration of a service, by its name."""
        found = next(each for each in self.objects["service"].values() if each["name"] == service)
        return str(found["integrations"][0]["integration_key"])

    def _users(self, request: Request) -> Reply:
        """[api] List users: ``query`` shows users whose names or addresses match it, in parts too."""
        query = request.parameter("query").casefold()
        found = [
            {
                "id": own,
                "type": "user",
                "summary": address.partition("@")[0],
                "self": f"{self.url}/users/{own}",
                "html_url": f"https://acme.pagerduty.com/users/{own}",
                "name": address.partition("@")[0],
                "email": address,
            }
            for own, address in self.users.items()
            if query in address.casefold()
        ]
        return _page("users", found, request)

    def _listing(self, kind: str) -> Any:
        def listing(request: Request) -> Reply:
            query = request.parameter("query").casefold()
            found = [self._answered(kind, each) for each in self.objects[kind].values()]
            found = [each for each in found if query in each["name"].casefold()]
            for each in found:
                if kind == "schedule":  # [api] List schedules: without layers
                    del each["schedule_layers"]
                if kind == "service" and "integrations" not in request.query.get("include[]", []):
                    # [api] List services: integrations are references unless they are included
                    each["integrations"] = [_named(item) for item in each["integrations"]]
            return _page(KINDS[kind], found, request)

        return listing

    def _creating(self, kind: str) -> Any:
        def creating(request: Request) -> Reply:
            body, refused = self._checked(kind, request)
            if refused is not None:
                return refused
            return Reply(201, {kind: self._answered(kind, self._stored(kind, body))})

        return creating

    def _reading(self, kind: str) -> Any:
        def reading(_request: Request, known: str) -> Reply:
            found = self.objects[kind].get(known)
            return Reply(200, {kind: self._answered(kind, found)}) if found is not None else _not_found()

        return reading

    def _updating(self, kind: str) -> Any:
        def updating(request: Request, known: str) -> Reply:
            before = self.objects[kind].get(known)
            if before is None:
                return _not_found()
            body, refused = self._checked(kind, request, known)
            if refused is not None:
                return refused
            if kind == "schedule":
                body["schedule_layers"] = self._layers(body["schedule_layers"], before["schedule_layers"])
            self.objects[kind][known] = before | body
            return Reply(200, {kind: self._answered(kind, self.objects[kind][known])})

        return updating

    def _deleting(self, kind: str) -> Any:
        def deleting(_request: Request, known: str) -> Reply:
            if known not in self.objects[kind]:
                return _not_found()
            users = [
                f"{other} {each['name']}"
                for other in KINDS
                if other != "team"
                for each in self.objects[other].values()
                if each["id"] != known and any(found == (kind, known) for found in _references(each))
            ]
            # [terraform] schedule, escalation_policy: deleting answers 400 while something still uses it
            if users and kind != "team":
                return _error(400, 2001, "Invalid Input Provided", [f"It is used by {', '.join(users)}"])
            del self.objects[kind][known]
            return Reply(204)

        return deleting

    def _create_integration(self, request: Request, of: str) -> Reply:
        service = self.objects["service"].get(of)
        if service is None:
            return _not_found()
        body, refused = self._valid("integration", request)
        if refused is not None:
            return refused
        own = self._identifier()
        made = {
            **body,
            "id": own,
            "summary": body["name"],
            "self": f"{self.url}/services/{of}/integrations/{own}",
            "html_url": f"https://acme.pagerduty.com/services/{of}/integrations/{own}",
            "created_at": "2026-01-05T09:00:00Z",
            # [api] Create a new integration: the routing key of the Events API v2, 32 characters
            "integration_key": f"R{own}".ljust(32, "0"),
            "integration_email": None,
            "vendor": None,
            "service": self._filled({"type": "service_reference", "id": of}),
        }
        service["integrations"].append(made)
        return Reply(201, {"integration": copy.deepcopy(made)})

    def _read_integration(self, _request: Request, of: str, own: str) -> Reply:
        found = self._find_integration(of, own)
        return Reply(200, {"integration": copy.deepcopy(found)}) if found is not None else _not_found()

    def _update_integration(self, request: Request, of: str, own: str) -> Reply:
        found = self._find_integration(of, own)
        if found is None:
            return _not_found()
        body, refused = self._valid("integration", request)
        if refused is not None:
            return refused
        found["name"] = found["summary"] = body["name"]
        return Reply(200, {"integration": copy.deepcopy(found)})

    def _delete_integration(self, _request: Request, of: str, own: str) -> Reply:
        found = self._find_integration(of, own)
        if found is None:
            return _not_found()
        self.objects["service"][of]["integrations"].remove(found)
        return Reply(204)

    def _find_integration(self, service: str, own: str) -> Object | None:
        integrations = self.objects["service"].get(service, {}).get("integrations", [])
        return next((each for each in integrations if each["id"] == own), None)

    def _valid(self, kind: str, request: Request) -> tuple[Object, Reply | None]:
        body: Any = request.body.get(kind) if isinstance(request.body, dict) else None
        problems = sorted(error.message for error in Draft202012Validator(SCHEMAS[kind]).iter_errors(body))
        if problems or set(request.body) != {kind}:
            return {}, _error(400, 2001, "Invalid Input Provided", problems)
        return copy.deepcopy(body), None

    def _checked(self, kind: str, request: Request, own: str = "") -> tuple[Object, Reply | None]:
        body, refused = self._valid(kind, request)
        if refused is not None:
            return body, refused
        # [api] error 2001: names of teams, schedules, policies and services are unique in the account
        if any(each["name"] == body["name"] and each["id"] != own for each in self.objects[kind].values()):
            return body, _error(400, 2001, "Invalid Input Provided", ["Name has already been taken"])
        for other, identifier in _references(body):
            known = self.users if other == "user" else self.objects[other]
            if identifier not in known:
                return body, _error(400, 2001, "Invalid Input Provided", [f"{other} {identifier} could not be found"])
        return body, None

    def _stored(self, kind: str, body: Object) -> Object:
        own = self._identifier()
        made: Object = {"id": own, **copy.deepcopy(body)}
        made.setdefault("description", None if kind in {"team", "service"} else "")
        if kind == "escalation_policy":
            # [api] EscalationPolicy: what is left out
            made = {"num_loops": 0, "on_call_handoff_notifications": "if_has_services", "teams": [], **made}
        if kind == "schedule":
            made.setdefault("teams", [])
            made["schedule_layers"] = self._layers(body.get("schedule_layers", []), [])
        if kind == "service":
            # [api] Service: what is left out
            made = {
                "auto_resolve_timeout": 14400,
                "acknowledgement_timeout": 1800,
                "alert_creation": "create_alerts_and_incidents",
                "incident_urgency_rule": {"type": "constant", "urgency": "high"},
                "support_hours": None,
                "scheduled_actions": [],
                "alert_grouping_parameters": None,
                "status": "active",
                "created_at": "2026-01-05T09:00:00Z",
                "last_incident_timestamp": None,
                "integrations": [],
                **made,
            }
        self.objects[kind][own] = made
        return made

    def _layers(self, sent: list[Object], before: list[Object]) -> list[Object]:
        """[terraform] schedule: a layer is ended, never removed; its start is when it was changed last."""
        by_id = {layer["id"]: layer for layer in before}
        for layer in sent:
            own = layer.get("id") or self._identifier()
            known = by_id.get(own)
            wanted = {"end": None, "restrictions": [], **{name: value for name, value in layer.items() if name != "id"}}
            if known is None or any(known.get(name) != value for name, value in wanted.items() if name != "start"):
                wanted["start"] = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                by_id[own] = {"id": own, **wanted}
        return list(by_id.values())

    def _answered(self, kind: str, stored: Object) -> Object:
        """With what answers add: summaries, addresses, names in references, times in the schedule's own zone."""
        plural = KINDS[kind]
        found = {
            **copy.deepcopy(stored),
            "type": kind,
            "summary": stored["name"],
            "self": f"{self.url}/{plural}/{stored['id']}",
            "html_url": f"https://acme.pagerduty.com/{plural}/{stored['id']}",
        }
        if "teams" in found:
            found["teams"] = [self._filled(team) for team in found["teams"]]
        if kind == "service":
            found["escalation_policy"] = self._filled(found["escalation_policy"])
            found["teams"] = []
        if kind == "escalation_policy":
            found["escalation_rules"] = [
                {
                    "id": f"PRULE{number}",
                    "escalation_rule_assignment_strategy": {"type": "assign_to_everyone"},  # [api] EscalationRule
                    **rule,
                    "targets": [self._filled(target) for target in rule["targets"]],
                }
                for number, rule in enumerate(found["escalation_rules"], 1)
            ]
            found["services"] = []
        if kind == "schedule":
            zone = ZoneInfo(found["time_zone"])
            for layer in found["schedule_layers"]:
                layer["users"] = [{"user": self._filled(each["user"])} for each in layer["users"]]
                for name in ("start", "rotation_virtual_start", "end"):
                    if layer[name]:
                        layer[name] = datetime.datetime.fromisoformat(layer[name]).astimezone(zone).isoformat()
                layer["rendered_schedule_entries"] = []
                layer["rendered_coverage_percentage"] = None
            found["schedule_layers"].reverse()  # [terraform] flattenScheduleLayers
            found |= {"final_schedule": None, "overrides_subschedule": None, "users": [], "escalation_policies": []}
        return found

    def _filled(self, reference: Object) -> Object:
        kind, own = reference["type"].removesuffix("_reference"), reference["id"]
        name = (
            self.users.get(own, "").partition("@")[0]
            if kind == "user"
            else self.objects[kind].get(own, {}).get("name", "")
        )
        return {
            **reference,
            "summary": name,
            "self": f"{self.url}/{kind}s/{own}",
            "html_url": f"https://acme.pagerduty.com/{kind}s/{own}",
        }

    def _identifier(self) -> str:
        self._made += 1
        return f"P{self._made:06X}"


def _page(name: str, found: list[Object], request: Request) -> Reply:
    """[docs] pagination, classic: ``limit`` is 25 unless told, 100 at most; ``offset`` and it 10,000 at most."""
    limit, offset = int(request.parameter("limit", "25")), int(request.parameter("offset", "0"))
    if not 1 <= limit <= 100 or limit + offset > 10_000:
        return _error(400, 2001, "Invalid Input Provided", ["limit or offset is out of range"])
    page = found[offset : offset + limit]
    more = offset + limit < len(found)
    return Reply(200, {name: page, "limit": limit, "offset": offset, "more": more, "total": None})


def _error(status: int, code: int, message: str, errors: list[str]) -> Reply:
    """[docs] errors: the shape of every error."""
    return Reply(status, {"error": {"message": message, "code": code, "errors": errors}})


def _not_found() -> Reply:
    return _error(404, 2100, "Not Found", [])


def _named(item: Object) -> Object:
    return {"id": item["id"], "type": f"{item['type']}_reference", "summary": item["name"]}


def _references(value: Any) -> list[tuple[str, str]]:
    """Every reference within ``value``: kind and id."""
    if isinstance(value, dict):
        kind = str(value.get("type", ""))
        if kind.endswith("_reference") and "id" in value:
            return [(kind.removesuffix("_reference"), value["id"])]
        return [found for member in value.values() for found in _references(member)]
    if isinstance(value, list):
        return [found for member in value for found in _references(member)]
    return []
