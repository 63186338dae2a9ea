"""A stand-in for Sentry's API: monitors, alerts, the old rules, and what they name.

Sources: [server] getsentry/sentry, the files named at each rule; [schema] getsentry/sentry-api-schema 0.272.0;
[provider] jianyuan/terraform-provider-sentry v0.15.4. What is taken is in ``sentry_shapes.py`` and ``sentry_refusals.py``,
what is answered in ``sentry_answers.py``; how projects are set up is in ``sentry_projects.py``.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.sentry_answers import KINDS, Listed, answered
from tests.fakes.sentry_projects import SentryProjects
from tests.fakes.sentry_refusals import TABLES, problems, refusals
from tests.fakes.server import FakeServer, RateLimit, Reply, Request

TOKEN = "sntrys_fake_token_of_the_tests"
SECRET_OF_A_ROW = "pd-integration-key-0001"


class FakeSentry(FakeServer):
    """One organisation ``acme`` with projects, teams and integrations; see the attributes.

    ``gone`` switches the old rules off. ``linger`` leaves deleted objects in listings. ``own_projects`` are those that a
    listing without ``project=-1`` has. ``unlisted`` are keys that this server's age does not list back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(now)
        self.token = TOKEN
        self.slug = "acme"
        self.access = ["org:read", "alerts:read", "alerts:write", "project:read"]
        self.page_size = 100
        self.gone = False
        self.linger = False
        self.without_workflows = False
        self.unlisted: set[str] = set()
        self.channels_unknown: set[str] = set()
        self.own_projects: set[str] = set()
        self.objects: dict[str, dict[str, Listed]] = {kind: {} for kind in KINDS}
        self.deleted: dict[str, dict[str, Listed]] = {kind: {} for kind in KINDS}
        self.projects: dict[str, str] = {}
        self.teams: dict[str, str] = {}
        self.integrations: dict[str, dict[str, Any]] = {}
        self.tables: dict[str, dict[str, str]] = {}
        self.jira: dict[str, dict[str, str]] = {}
        self.system_detectors: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1001)
        self._ticks = itertools.count()
        self._tasks: dict[str, dict[str, Any]] = {}
        self.set_up = SentryProjects(self, self._serve_at)
        self._routes_of()

    # What people make in the UI

    def add_project(self, slug: str) -> str:
        """Every project has two detectors of Sentry's own. [server] workflow_engine.processors.detector"""
        self.projects[slug] = number = self.number()
        self.set_up.born(slug, number)
        for kind in ("error", "issue_stream"):
            own = self.number()
            self.system_detectors[own] = {
                "id": own, "projectId": number, "type": kind, "name": kind, "description": None, "enabled": True,
                "dataSources": None, "conditionGroup": None, "config": {}, "owner": None, "workflowIds": [],
                "dateCreated": self.date(), "dateUpdated": self.date(),
            }  # fmt: skip
        return number

    def add_team(self, slug: str) -> str:
        self.teams[slug] = number = self.number()
        return number

    def add_integration(self, provider: str, name: str, rows: tuple[str, ...] = (), status: str = "active") -> str:
        """``rows`` are services of PagerDuty or teams of Opsgenie."""
        number = self.number()
        self.integrations[number] = {
            "id": number, "name": name, "icon": None, "domainName": None, "accountType": None, "scopes": None,
            "status": status, "provider": {"key": provider, "slug": provider, "name": provider.title()},
            "configOrganization": [], "configData": None, "externalId": f"external-{number}", "organizationId": 1,
            "organizationIntegrationStatus": "active", "gracePeriodEnd": None,
        }  # fmt: skip
        self.tables[number] = {row: f"{number}-{index}" if provider == "opsgenie" else self.number()
                               for index, row in enumerate(rows)}  # fmt: skip
        return number

    def add_jira_project(self, key: str, *types: str) -> None:
        self.jira[key] = {"id": self.number(), **{name: self.number() for name in types}}

    def make(self, kind: str, body: Any, project: str = "") -> str:
        """Somebody makes an object by hand; its identifier."""
        number = self.number()
        reply = self._written(kind, number, body, project, 201)
        assert reply.status in {201, 202}, reply.body
        return number

    def change(self, kind: str, identifier: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Somebody else changes an object."""
        found = self.objects[kind][identifier]
        change(found.body)
        if found.changed:
            found.body[found.changed] = self.date()

    def number(self) -> str:
        return str(next(self._numbers))

    def date(self) -> str:
        return f"2026-01-08T23:45:{next(self._ticks) / 1000:09.6f}Z"

    # How every endpoint answers

    def authorised(self, request: Request) -> Reply | None:
        """[server] api.authentication: a bearer token, or 401 with a ``detail``."""
        if request.headers.get("authorization") == f"Bearer {self.token}":
            return None
        return Reply(401, {"detail": "Invalid token"})

    def rate_headers(self, limit: RateLimit, remaining: int, reset: float) -> dict[str, str]:
        """[server] middleware.ratelimit: the reset is a moment in seconds since 1970."""
        return {
            "X-Sentry-Rate-Limit-Limit": str(limit.limit),
            "X-Sentry-Rate-Limit-Remaining": str(remaining),
            "X-Sentry-Rate-Limit-Reset": str(int(time.time() + reset) + 1),
            "X-Sentry-Rate-Limit-ConcurrentLimit": "25",
            "X-Sentry-Rate-Limit-ConcurrentRemaining": "24",
        }

    def too_many(self, headers: Mapping[str, str]) -> Reply:
        """[server] ratelimits.config.RATE_LIMIT_ERROR"""
        limit = headers.get("X-Sentry-Rate-Limit-Limit", "40")
        detail = f"You are attempting to use this endpoint too frequently. Limit is {limit} requests in 1 seconds"
        return Reply(429, {"detail": detail}, headers)

    def page(self, request: Request, items: list[Any]) -> Reply:
        """[server] api.paginator.OffsetPaginator, api.base.build_cursor_link: both links are always there."""
        size = min(int(request.parameter("per_page", "100")), 100, self.page_size)
        start = int(request.parameter("cursor", "0:0:0").split(":")[1])
        page, more = items[start : start + size], start + size < len(items)

        def link(name: str, results: bool, cursor: str) -> str:
            found = str(results).lower()
            return f'<{self.url}{request.path}?cursor={cursor}>; rel="{name}"; results="{found}"; cursor="{cursor}"'

        before, after = f"0:{max(0, start - size)}:1", f"0:{start + size}:0"
        return Reply(200, page, {"Link": f"{link('previous', start > 0, before)}, {link('next', more, after)}"})

    # Routes

    def _routes_of(self) -> None:
        org = "/api/0/organizations/{org}/"
        self._serve_at("GET", org, lambda _request: Reply(200, self._organization()))
        self._serve_at("GET", org + "projects/", lambda request: self.page(request, self._slugs(self._seen())))
        self._serve_at("GET", org + "teams/", lambda request: self.page(request, self._slugs(self.teams)))
        self._serve_at("GET", org + "integrations/", lambda r: self.page(r, [*self.integrations.values()]))
        self._serve_at("GET", org + "integrations/{id}/", self._integration)
        for kind, where in (("detector", "detectors"), ("workflow", "workflows"), ("alert_rule", "alert-rules")):
            self._crud(kind, f"{org}{where}/", create=kind != "detector")
        self._serve_at("POST", org + "projects/{project}/detectors/", self._of_kind("detector", self._create))
        self._crud("issue_rule", "/api/0/projects/{org}/{project}/rules/")
        for task in ("alert-rule-task", "rule-task"):
            self._serve_at("GET", f"/api/0/projects/{{org}}/{{project}}/{task}/{{uuid}}/", self._task)

    def _crud(self, kind: str, path: str, *, create: bool = True) -> None:
        self._serve_at("GET", path, self._of_kind(kind, self._list))
        if create:
            self._serve_at("POST", path, self._of_kind(kind, self._create))
        self._serve_at("GET", path + "{id}/", self._of_kind(kind, self._read))
        self._serve_at("PUT", path + "{id}/", self._of_kind(kind, self._update))
        self._serve_at("DELETE", path + "{id}/", self._of_kind(kind, self._delete))

    def _serve_at(self, method: str, path: str, handler: Callable[..., Reply]) -> None:
        def handle(request: Request, org: str, **parts: str) -> Reply:
            if org != self.slug or parts.get("project", "") not in {"", *self._seen(), *self._seen().values()}:
                return NOT_FOUND
            return handler(request, **parts)

        self.route(method, path, handle)

    def _of_kind(self, kind: str, handler: Callable[..., Reply]) -> Callable[..., Reply]:
        """[server] workflow_engine.utils.legacy_alerts_api: the old ones may be gone; old servers lack the new ones."""

        def handle(request: Request, **parts: str) -> Reply:
            if self.gone and kind.endswith("_rule"):
                return Reply(410, {"detail": "This API no longer exists."})
            if self.without_workflows and not kind.endswith("_rule"):
                return NOT_FOUND
            return handler(kind, request, **parts)

        return handle

    def _organization(self) -> dict[str, Any]:
        return {"id": "1", "slug": self.slug, "name": "Acme", "access": self.access, "features": []}

    def _seen(self) -> dict[str, str]:
        return {slug: number for slug, number in self.projects.items() if slug not in self.set_up.hidden}

    def _slugs(self, found: Mapping[str, str]) -> list[Any]:
        return [{"id": number, "slug": slug, "name": slug.title()} for slug, number in found.items()]

    def _integration(self, request: Request, id: str) -> Reply:  # noqa: A002 - the name of the part
        """[server] integrations.api.serializers.models.integration: tables with keys; a form for new issues."""
        if id not in self.integrations:
            return NOT_FOUND
        found = dict(self.integrations[id])
        provider, rows = found["provider"]["key"], self.tables[id].items()
        if provider in TABLES:
            table, name = TABLES[provider]
            keyed = [{name: row, "id": number, "integration_key": SECRET_OF_A_ROW} for row, number in rows]
            found["configData"] = {table: keyed}
        if provider == "jira" and request.parameter("action") == "create":
            project = request.parameter("project")
            types = next((each for each in self.jira.values() if each["id"] == project), {})
            found["createIssueConfig"] = [
                {
                    "name": "project",
                    "choices": [[each["id"], f"{key} - {key.title()}"] for key, each in self.jira.items()],
                },
                {"name": "issuetype", "choices": [[types[name], name] for name in types if name != "id"]},
            ]
        return Reply(200, found)

    # The objects

    def _list(self, kind: str, request: Request, project: str = "") -> Reply:
        """[server] OrganizationDetectorIndexEndpoint.filter_detectors: without ``project=-1`` only the token's own."""
        found = [each.listed(self.unlisted) for each in self.objects[kind].values()]
        found += [each.listed(self.unlisted) for each in self.deleted[kind].values() if self.linger]
        if kind == "detector":
            found += self.system_detectors.values()
            wanted = request.parameter("query").removeprefix("type:")
            found = [each for each in found if wanted in {"", each["type"]}]
        if kind in {"detector", "alert_rule"} and request.parameter("project") != "-1":
            own = self.own_projects | {self.projects[slug] for slug in self.own_projects}
            found = [each for each in found if own & {each.get("projectId"), *each.get("projects", ())}]
        if project:
            found = [each for each in found if each["projects"] == [project]]
        return self.page(request, sorted(found, key=lambda each: int(each["id"])))

    def _read(self, kind: str, _request: Request, id: str, project: str = "") -> Reply:  # noqa: A002
        found = self.objects[kind].get(id)
        if found is None or (project and found.body["projects"] != [project]):
            return NOT_FOUND
        return Reply(200, found.read(self.unlisted))

    def _create(self, kind: str, request: Request, project: str = "") -> Reply:
        return self._written(kind, self.number(), request.body, project, 201)

    def _update(self, kind: str, request: Request, id: str, project: str = "") -> Reply:  # noqa: A002
        if id not in self.objects[kind]:
            return NOT_FOUND
        return self._written(kind, id, request.body, project, 200)

    def _delete(self, kind: str, _request: Request, id: str, project: str = "") -> Reply:  # noqa: A002
        """Deletions are scheduled. [server] deletions.models.scheduleddeletion"""
        del project
        if id not in self.objects[kind]:
            return NOT_FOUND
        self.deleted[kind][id] = self.objects[kind].pop(id)
        if kind == "issue_rule":
            self.deleted[kind][id].body["status"] = "pending_deletion"
        return Reply(202 if kind == "issue_rule" else 204)

    def _written(self, kind: str, number: str, body: Any, project: str, status: int) -> Reply:
        wrong = problems(kind, body) or refusals(self, kind, body)
        if wrong:
            return Reply(400, wrong)
        before = self.objects[kind].get(number)
        found = answered(self, kind, number, body, project, before)
        self.objects[kind][number] = found
        if kind == "alert_rule" and '"slack"' in repr(body).replace("'", '"'):
            uuid = f"task-{self.number()}"
            self._tasks[uuid] = {"status": "pending", "alertRule": None, "error": None}
            self._tasks[f"{uuid}-done"] = {"status": "success", "alertRule": found.read(self.unlisted), "error": None}
            return Reply(202, {"uuid": uuid})
        return Reply(status, found.read(self.unlisted))

    def _task(self, _request: Request, project: str, uuid: str) -> Reply:
        """[server] integrations.slack.tasks: the first answer is that it is not done yet."""
        del project
        found = self._tasks[uuid]
        if f"{uuid}-done" in self._tasks:
            self._tasks[uuid] = self._tasks.pop(f"{uuid}-done")
        return Reply(200, found)


NOT_FOUND = Reply(404, {"detail": "The requested resource does not exist"})
