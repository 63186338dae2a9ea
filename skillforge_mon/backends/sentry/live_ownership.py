"""Ownership rules of the projects that a spec sets up. Every project has them, empty at first.

Source: [server] getsentry/sentry, ``issues.endpoints.project_ownership``: what is not sent stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.sentry.live_projects import LiveProjects
from skillforge_mon.backends.sentry.lookups import Lookups
from skillforge_mon.backends.sentry.organization import Organization
from skillforge_mon.backends.sentry.project_capabilities import OWNERSHIP_KIND
from skillforge_mon.backends.sentry.project_markers import marked_text, owner_of_text, unmarked_text
from skillforge_mon.backends.sentry.setting_up import set_up_projects
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError
from skillforge_mon.remote.live import Live, Owner

_KEYS: Final = ("raw", "autoAssignment", "fallthrough")


class LiveOwnership:
    """The rules of one organisation's projects; the identifier is that of the project."""

    def __init__(self, project: Project, organization: Organization, lookups: Lookups, projects: LiveProjects) -> None:
        self._project = project
        self._organization = organization
        self._lookups = lookups
        self._projects = projects

    def list(self) -> Iterator[Live]:
        """One request for each project whose owners the spec says."""
        services = set_up_projects(self._project)
        for slug in self._projects.slugs:
            errors = services[slug].spec.errors
            if errors is None or errors.ownership is None:
                continue
            live = self.read(self._lookups.projects()[slug])
            if live is not None:
                yield live

    def read(self, identifier: str) -> Live | None:
        """By the project's number."""
        try:
            body = self._organization.get(self._path(identifier))
        except NotFoundError:
            return None
        return self._live(identifier, body)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """The first rules of a project that is ours; rules that somebody has written by hand are not overwritten."""
        identifier = str(body["projectId"])
        live = self.read(identifier)
        if live is None:
            raise ConflictError(f"Sentry has no project {identifier} any more")
        if owner is not None and not self._projects.is_ours(owner.key):
            raise RefusedError(f"the project `{owner.key}` in Sentry is not set up by this spec yet")
        if live.owner is not None and live.owner != owner:
            raise RefusedError(f"the ownership rules of `{live.name}` in Sentry are those of {live.owner}")
        if live.owner is None and unmarked_text(live.body["raw"]):
            raise RefusedError(
                f"somebody has written ownership rules for `{live.name}` in Sentry; to replace them, run `monmc adopt "
                f"sentry ownership {identifier} {live.name}`"
            )
        return self._written(identifier, body, owner, revision)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Replace the rules."""
        now = self.read(live.id)
        if now is None or now.changed_at != live.changed_at:
            raise ConflictError(
                f"the ownership rules of `{live.name}` in Sentry have been changed since they were read"
            )
        return self._written(live.id, body, owner, revision)

    def comparable(self, body: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Plain, Plain]:
        """The texts of the rules, and of the settings those that are said."""
        return _form(live, body), _form(body, body)

    def restorable(self, live: Live) -> Plain:
        """The rules without their marker."""
        return {**{key: live.body[key] for key in live.body}, "raw": unmarked_text(live.body["raw"])}

    def _written(self, identifier: str, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        sent = {key: body[key] for key in _KEYS if key in body}
        if owner is not None:
            sent["raw"] = marked_text(sent["raw"], owner, revision)
        return self._live(identifier, self._organization.send("PUT", self._path(identifier), sent).body)

    def _live(self, identifier: str, body: Mapping[str, Any]) -> Live:
        kept = {key: body.get(key) for key in _KEYS} | {"raw": body.get("raw") or "", "projectId": identifier}
        owner, revision = owner_of_text(kept["raw"])
        slug = next((slug for slug, number in self._lookups.projects().items() if number == identifier), identifier)
        changed = str(body.get("lastUpdated") or "")
        return Live(OWNERSHIP_KIND, identifier, slug, kept, owner, revision, changed_at=changed)

    def _path(self, identifier: str) -> str:
        return self._organization.project_path(identifier, "ownership")


def _form(body: Mapping[str, Any], of: Mapping[str, Any]) -> dict[str, Any]:
    return {key: unmarked_text(body.get(key) or "") if key == "raw" else body.get(key) for key in _KEYS if key in of}
