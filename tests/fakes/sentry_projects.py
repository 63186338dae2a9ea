"""Projects of the stand-in for Sentry: settings, teams, inbound filters, client keys and ownership rules.

Sources: [server] getsentry/sentry, the modules named at each rule; [docs] docs.sentry.io/api/projects.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, Protocol

import jsonschema

from tests.fakes.sentry_project_shapes import (
    BROWSERS,
    FILTERS,
    KEY,
    OWNERSHIP,
    PLATFORMS,
    PROJECT_POST,
    PROJECT_PUT,
)
from tests.fakes.sentry_shapes import Shape
from tests.fakes.server import Reply, Request

SECRET_TOKEN = "5ecre7-t0ken-of-the-project"
NOT_FOUND = Reply(404, {"detail": "The requested resource does not exist"})
MOST_SENSITIVE_CHARACTERS = 4000
"""[server] core.endpoints.project_details.MAX_SENSITIVE_FIELD_CHARS"""


class Organisation(Protocol):
    """What the projects need of the rest of the server."""

    projects: dict[str, str]
    teams: dict[str, str]

    def add_project(self, slug: str) -> str: ...

    def number(self) -> str: ...

    def date(self) -> str: ...

    def page(self, request: Request, items: list[Any]) -> Reply: ...


Serve = Callable[[str, str, Callable[..., Reply]], None]


class SentryProjects:
    """What there is of each project, by its number.

    ``limits_of_keys`` is False for an organisation whose plan has none. ``people`` are addresses of members.
    ``hidden`` are slugs that the token does not see.
    """

    def __init__(self, server: Organisation, serve: Serve) -> None:
        self.server = server
        self.details: dict[str, dict[str, Any]] = {}
        self.filters: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, list[dict[str, Any]]] = {}
        self.ownership: dict[str, dict[str, Any]] = {}
        self.people: set[str] = set()
        self.limits_of_keys = True
        self.default_rules: list[str] = []
        self.hidden: set[str] = set()
        of = "/api/0/projects/{org}/{project}/"
        serve("POST", "/api/0/teams/{org}/{team}/projects/", self._made)
        serve("GET", of, lambda _request, project: Reply(200, self.details[self._number(project)]))
        serve("PUT", of, self._changed)
        serve("POST", of + "teams/{team}/", self._team_added)
        serve("GET", of + "filters/", self._filters)
        serve("PUT", of + "filters/{filter}/", self._filter_changed)
        serve("GET", of + "keys/", self._keys)
        serve("POST", of + "keys/", self._key_made)
        serve("PUT", of + "keys/{key}/", self._key_changed)
        serve("GET", of + "ownership/", lambda _request, project: Reply(200, self.ownership[self._number(project)]))
        serve("PUT", of + "ownership/", self._ownership_changed)

    def born(self, slug: str, number: str, platform: str | None = None, name: str = "") -> None:
        """A project begins with a key called Default. [server] receivers.core.create_keys_for_project

        Browsers' projects begin with filters. [server] api.helpers.default_inbound_filters
        """
        browser = (platform or "").startswith("javascript")
        self.details[number] = {
            "id": number, "slug": slug, "name": name or slug.title(), "platform": platform, "teams": [], "status": "active",
            "resolveAge": 0, "dataScrubber": True, "dataScrubberDefaults": True, "sensitiveFields": [], "safeFields": [],
            "scrubIPAddresses": False, "fingerprintingRules": "", "groupingEnhancements": "", "verifySSL": False,
            "securityToken": SECRET_TOKEN, "digestsMinDelay": 300, "digestsMaxDelay": 1800, "options": {},
            "dateCreated": self.server.date(), "subjectPrefix": "", "allowedDomains": ["*"],
        }  # fmt: skip
        self.filters[number] = {each: browser and each != "localhost" for each in FILTERS}
        self.filters[number]["legacy-browsers"] = sorted(BROWSERS) if browser else False
        self.keys[number] = [self._key(number, "Default")]
        self.ownership[number] = {
            "raw": None, "fallthrough": True, "dateCreated": None, "lastUpdated": None, "isActive": True,
            "autoAssignment": "Auto Assign to Issue Owner", "codeownersAutoSync": True, "schema": None,
        }  # fmt: skip

    def of(self, slug: str) -> dict[str, Any]:
        return self.details[self.server.projects[slug]]

    def add_team(self, project: str, team: str) -> None:
        """Somebody gives a team access."""
        member = {"id": self.server.teams[team], "slug": team, "name": team.title()}
        if member not in self.of(project)["teams"]:
            self.of(project)["teams"].append(member)

    def secrets(self) -> set[str]:
        """Every text that must stand nowhere."""
        parts = {SECRET_TOKEN}
        for key in (key for keys in self.keys.values() for key in keys):
            parts |= {key["public"], key["secret"], *key["dsn"].values()}
        return parts

    def _number(self, project: str) -> str:
        return self.server.projects.get(project, project)

    def _made(self, request: Request, team: str) -> Reply:
        """[server] core.endpoints.team_projects.TeamProjectsEndpoint.post"""
        body = request.body
        by_id = {number: slug for slug, number in self.server.teams.items()}
        slug_of_team = by_id.get(team, team)
        if slug_of_team not in self.server.teams:
            return NOT_FOUND
        if wrong := _problems(PROJECT_POST, body) or _platform(body):
            return Reply(400, wrong)
        if body["slug"] in self.server.projects:
            return Reply(409, {"detail": "A project with this slug already exists."})
        number = self.server.add_project(body["slug"])
        self.born(body["slug"], number, body.get("platform"), body["name"])
        self.add_team(body["slug"], slug_of_team)
        if body.get("default_rules", True):
            self.default_rules.append(body["slug"])
        return Reply(201, {key: self.details[number][key] for key in ("id", "slug", "name", "platform", "teams")})

    def _changed(self, request: Request, project: str) -> Reply:
        """Only what is sent is changed. [server] core.endpoints.project_details.ProjectDetailsEndpoint.put"""
        number, body = self._number(project), request.body
        wrong = _problems(PROJECT_PUT, body) or _platform(body) or _rules(body)
        if sum(map(len, body.get("sensitiveFields", ()))) > MOST_SENSITIVE_CHARACTERS:
            wrong = {"sensitiveFields": ["List of sensitive fields is too long."]}
        slug = body.get("slug")
        if slug is not None and self.server.projects.get(slug, number) != number:
            wrong = {"slug": [f"Another project ({slug.title()}) is already using that slug"]}
        if wrong:
            return Reply(400, wrong)
        if slug is not None:
            del self.server.projects[self.details[number]["slug"]]
            self.server.projects[slug] = number
        self.details[number] |= body
        return Reply(200, self.details[number])

    def _team_added(self, _request: Request, project: str, team: str) -> Reply:
        """[server] core.endpoints.project_team_details.ProjectTeamDetailsEndpoint.post"""
        by_id = {number: slug for slug, number in self.server.teams.items()}
        if by_id.get(team, team) not in self.server.teams:
            return Reply(404, {"detail": "Team does not exist."})
        self.add_team(self.details[self._number(project)]["slug"], by_id.get(team, team))
        return Reply(201, self.details[self._number(project)])

    def _filters(self, _request: Request, project: str) -> Reply:
        """[server] api.endpoints.project_filters; [docs] list-a-projects-data-filters"""
        found = self.filters[self._number(project)]
        return Reply(200, [{"id": name, "active": state} for name, state in sorted(found.items())])

    def _filter_changed(self, request: Request, project: str, filter: str) -> Reply:  # noqa: A002 - the name of the part
        """[docs] update-an-inbound-data-filter: browsers by subfilters, everything else by ``active``; 204."""
        if filter not in FILTERS:
            return NOT_FOUND
        key = "subfilters" if filter == "legacy-browsers" else "active"
        value = request.body.get(key)
        if set(request.body) != {key} or (isinstance(value, list) and not set(value) <= set(BROWSERS)):
            return Reply(400, {key: ["Not a valid choice."]})
        self.filters[self._number(project)][filter] = sorted(value) or False if isinstance(value, list) else value
        return Reply(204)

    def _keys(self, request: Request, project: str) -> Reply:
        """The newest first. [server] core.endpoints.project_keys.ProjectKeysEndpoint.get"""
        return self.server.page(request, list(reversed(self.keys[self._number(project)])))

    def _key_made(self, request: Request, project: str) -> Reply:
        """[server] core.endpoints.project_keys.ProjectKeysEndpoint.post: names are not unique."""
        if wrong := _problems(KEY, request.body):
            return Reply(400, wrong)
        number = self._number(project)
        key = self._key(number, request.body["name"])
        self._limit(key, request.body)
        self.keys[number].append(key)
        return Reply(201, key)

    def _key_changed(self, request: Request, project: str, key: str) -> Reply:
        """[server] core.endpoints.project_key_details: without it ``browserSdkVersion`` goes back to the default."""
        found = next((each for each in self.keys[self._number(project)] if each["id"] == key), None)
        if found is None:
            return NOT_FOUND
        if wrong := _problems(KEY, request.body):
            return Reply(400, wrong)
        found["name"] = found["label"] = request.body["name"]
        found["browserSdkVersion"] = request.body.get("browserSdkVersion", "8.x")
        self._limit(found, request.body)
        return Reply(200, found)

    def _limit(self, key: dict[str, Any], body: dict[str, Any]) -> None:
        """[server] the feature ``projects:rate-limits``"""
        if self.limits_of_keys and "rateLimit" in body:
            key["rateLimit"] = body["rateLimit"]

    def _key(self, number: str, name: str) -> dict[str, Any]:
        """[server] api.serializers.models.project_key: the identifier is the public half."""
        public, secret = (hashlib.md5(f"{half}{self.server.number()}".encode()).hexdigest() for half in ("p", "s"))  # noqa: S324 - any 32 digits do
        return {
            "id": public, "name": name, "label": name, "public": public, "secret": secret, "projectId": int(number),
            "isActive": True, "rateLimit": None, "browserSdkVersion": "8.x", "dateCreated": self.server.date(),
            "dsn": {"public": f"https://{public}@o1.ingest.us.sentry.io/{number}",
                    "secret": f"https://{public}:{secret}@o1.ingest.us.sentry.io/{number}"},
        }  # fmt: skip

    def _ownership_changed(self, request: Request, project: str) -> Reply:
        """[server] issues.endpoints.project_ownership: owners must have access, and only what is sent is changed."""
        number, body = self._number(project), request.body
        if wrong := _problems(OWNERSHIP, body):
            return Reply(400, wrong)
        found = self.ownership[number]
        if "raw" in body:
            strangers = self._strangers(number, body["raw"])
            if strangers:
                return Reply(400, {"raw": [f"Invalid rule owners: {', '.join(strangers)}"]})
            body = body | {"raw": body["raw"] if body["raw"].strip() else None}
        if any(found[key] != value for key, value in body.items()):
            found |= body
            found["lastUpdated"] = self.server.date()
        return Reply(200, found)

    def _strangers(self, number: str, raw: str) -> list[str]:
        """[server] issues.ownership.grammar: what follows the matcher are owners; lines with # in front are comments."""
        teams = {team["slug"] for team in self.details[number]["teams"]}
        found = []
        for line in raw.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            matcher = re.match(r'(?:(?:path|module|url|tags\.[^:]+):)?(?:"(?:[^"\\]|\\.)*"|\S+)', line)
            assert matcher is not None, line
            owners = line[matcher.end() :].split()
            found += [
                owner for owner in owners if owner.removeprefix("#") not in (teams if "#" in owner else self.people)
            ]
        return found


def _problems(shape: Shape, body: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for error in jsonschema.Draft202012Validator(shape).iter_errors(body):
        found.setdefault(str(next(iter(error.path), "nonFieldErrors")), []).append(error.message)
    return found


def _platform(body: Any) -> dict[str, list[str]]:
    """[server] Project.is_valid_platform"""
    known = body.get("platform") in {None, "", *PLATFORMS}
    return {} if known else {"platform": ["Invalid platform"]}


def _rules(body: Any) -> dict[str, list[str]]:
    """[server] grouping.fingerprinting.parser, grouping.enhancer.parser: comments, and rules with what comes of them."""
    signs = {"fingerprintingRules": r"->", "groupingEnhancements": r" [\^v]?[+-](app|group)\b| \w+=\S+"}
    for key, sign in signs.items():
        for number, line in enumerate((body.get(key) or "").splitlines(), 1):
            if line.strip() and not line.startswith("#") and re.search(sign, line) is None:
                return {key: [f'Invalid syntax near "{line}" (line {number}, column 1)']}
    return {}
