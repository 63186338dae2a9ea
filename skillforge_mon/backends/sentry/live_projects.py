"""Projects of Sentry that a spec sets up: their settings, their teams, and their inbound filters.

An object of three endpoints: PUT ``projects/ORG/PROJECT/`` for settings, POST ``…/teams/TEAM/`` for each team, PUT
``…/filters/FILTER/`` for each filter. The settings bear the marker, so they are written last: a project whose revision
is ours has everything else. Sources: [server] getsentry/sentry, ``core.endpoints`` ``team_projects``,
``project_details`` and ``project_team_details``, ``api.endpoints.project_filter_details``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.sentry.lookups import Lookups
from skillforge_mon.backends.sentry.organization import Organization
from skillforge_mon.backends.sentry.project_capabilities import PROJECT_KIND, SETTINGS
from skillforge_mon.backends.sentry.project_markers import (
    marked_text,
    name_until_set_up,
    owner_of_project,
    unmarked_text,
)
from skillforge_mon.backends.sentry.setting_up import project_key, set_up_projects
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.remote.errors import (
    ConflictError,
    LostAnswerError,
    NotFoundError,
    RefusedError,
    UnavailableError,
)
from skillforge_mon.remote.live import Live, Owner

_LISTS: Final = ("teams", "sensitiveFields")
_RULES: Final = ("fingerprintingRules", "groupingEnhancements")


class LiveProjects:
    """The projects of one organisation that one spec, in one environment, sets up. Safe to use from many threads."""

    def __init__(self, project: Project, organization: Organization, lookups: Lookups) -> None:
        self._project = project
        self._organization = organization
        self._lookups = lookups

    @property
    def slugs(self) -> tuple[str, ...]:
        """Those that live, of those that the spec sets up."""
        return tuple(slug for slug in set_up_projects(self._project) if slug in self._lookups.projects())

    def list(self) -> Iterator[Live]:
        """Two requests for each: a listing of projects has neither rules nor filters."""
        for slug in self.slugs:
            live = self.read(slug)
            if live is not None:
                yield live

    def read(self, identifier: str) -> Live | None:
        """By its number or its slug."""
        try:
            body = self._organization.get(self._organization.project_path(identifier))
            filters = self._organization.get(self._organization.project_path(str(body["id"]), "filters"))
        except NotFoundError:
            return None
        owner, revision = owner_of_project(body, self._ours(str(body["slug"])))
        kept = {key: body.get(key) for key in SETTINGS}
        kept["teams"] = [str(team["id"]) for team in body.get("teams") or ()]
        kept["filters"] = {each["id"]: each["active"] for each in filters}
        return Live(PROJECT_KIND, str(body["id"]), str(body["slug"]), kept, owner, revision)

    def is_ours(self, slug: str) -> bool:
        """True where the project bears the marker of this spec and environment."""
        live = self.read(slug)
        return live is not None and live.owner == self._ours(slug)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make it under the name that says whose it is, and set it up.

        A project that lives already is refused, with the number by which it is adopted. What was made and could not be
        set up is found again, and gets the rest with the next push.
        """
        slug = str(body["slug"])
        live = self.read(slug)
        if live is not None and (owner is None or live.owner != owner):
            raise self._taken(live)
        live = live or self._made(body, owner)
        try:
            return self._set_up(live, body, owner, revision)
        except LostAnswerError as error:
            raise UnavailableError(
                f"{error}; the project was made, but not all of it is set up", error.status
            ) from None

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """What the spec does not say stays as it is, rules of somebody else's among them."""
        now = self.read(live.id)
        if now is None:
            raise ConflictError(f"`{live.name}` in Sentry has been deleted since it was read")
        if _form(now.body, live.body) != _form(live.body, live.body):
            raise ConflictError(f"`{live.name}` in Sentry has been changed since it was read")
        return self._set_up(now, body, owner, revision)

    def comparable(self, body: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Plain, Plain]:
        """More teams may work on a project than the spec names: only these are looked at."""
        wanted = _form(body, body)
        found = _form(live, body)
        teams = [str(team) for team in body.get("teams") or () if not isinstance(team, Mapping)]
        if "teams" in wanted:
            found["teams"] = [team for team in found["teams"] if team in teams]
        return found, wanted

    def restorable(self, live: Live) -> Plain:
        """All that monmc knows of it, without a marker and without what Sentry says for nothing."""
        return {
            key: unmarked_text(value or "") if key in _RULES else value
            for key, value in live.body.items()
            if value is not None or key in _RULES
        }

    def _made(self, body: Mapping[str, Any], owner: Owner | None) -> Live:
        """``default_rules`` would add an alert that tells everybody. [server] ProjectPostSerializer"""
        slug, (team, *_) = str(body["slug"]), body["teams"]
        name = name_until_set_up(owner) if owner is not None else str(body.get("name", slug))[:50]
        sent = {"name": name, "slug": slug, "default_rules": False}
        if body.get("platform"):
            sent["platform"] = body["platform"]
        try:
            self._organization.send("POST", f"/teams/{self._organization.slug}/{team}/projects/", sent)
        except LostAnswerError:
            self._lookups.forget_projects()
            if (found := self.read(slug)) is None:
                raise
            return found
        except ConflictError as error:
            raise RefusedError(
                f"{error}; the token does not see it: give it access, or correct the slug", error.status
            ) from None
        self._lookups.forget_projects()
        found = self.read(slug)
        if found is None:
            raise UnavailableError(f"Sentry has made the project `{slug}` and does not show it yet: run it again")
        return found

    def _set_up(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        path = self._organization.project_path
        for team in body.get("teams") or ():
            if str(team) not in live.body["teams"]:
                self._organization.send("POST", path(live.id, "teams", str(team)))
        for identifier, wanted in (body.get("filters") or {}).items():
            if _filter(live.body["filters"].get(identifier)) != _filter(wanted):
                fields = {"subfilters": wanted} if isinstance(wanted, list) else {"active": wanted}
                self._organization.send("PUT", path(live.id, "filters", identifier), fields)
        sent = {key: body[key] for key in SETTINGS if key in body}
        if sent.get("slug") == live.name:
            del sent["slug"]  # written once more it would be recorded as a former one. [server] ProjectRedirect.record
        if owner is not None and live.body["name"] == name_until_set_up(owner):
            sent.setdefault("name", live.name)
        if owner is not None:
            rules = sent.get("fingerprintingRules", live.body["fingerprintingRules"]) or ""
            sent["fingerprintingRules"] = marked_text(rules, owner, revision)
        self._organization.send("PUT", path(live.id), sent)
        now = self.read(live.id)
        if now is None:
            raise UnavailableError(f"Sentry does not show the project `{live.name}` any more: run it again")
        return now

    def _ours(self, slug: str) -> Owner:
        return Owner(self._project.name, self._project.environment, project_key(slug))

    def _taken(self, live: Live) -> RefusedError:
        """Why a project that lives already is not changed."""
        slug, owner = live.name, live.owner
        if owner is None:
            return RefusedError(
                f"there is a project `{slug}` in Sentry that is not this spec's; to set it up from here, write "
                f'`adopt: {{sentry: "{live.id}"}}` in `errors` of its service'
            )
        return RefusedError(
            f"the project `{slug}` in Sentry is set up by {owner.project}/{owner.environment}; to leave it to that, "
            "write `set_up_projects: false` in `targets.sentry` of this environment"
        )


def _form(body: Mapping[str, Any], of: Mapping[str, Any]) -> dict[str, Any]:
    """What ``body`` says of the keys of ``of``."""
    found: dict[str, Any] = {}
    for key in of:
        value = body.get(key)
        if key in _LISTS:
            found[key] = sorted((value or ()), key=str)
        elif key in _RULES:
            found[key] = unmarked_text(value or "")
        elif key == "filters":
            found[key] = {name: _filter((value or {}).get(name)) for name in of[key]}
        elif key == "resolveAge":
            found[key] = int(value or 0)
        else:
            found[key] = value
    return found


def _filter(state: Any) -> Any:
    """Of old browsers which ones, or none; of everything else whether. [server] ingest.inbound_filters"""
    return sorted(state) or False if isinstance(state, list) else bool(state)
