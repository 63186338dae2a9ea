"""Sentry's API as push, live diff, backup and health see it.

Monitors (detectors) and alerts (workflows), or in ``legacy`` mode metric alert rules and issue alert rules; projects
that the spec sets up, with their keys and owners, are in ``set_up_objects.py``. The identifier of an issue alert rule
is ``PROJECT/NUMBER``, because its address has both; every other one here is a number.
Sources: [server] getsentry/sentry, ``workflow_engine.endpoints``, ``incidents.endpoints`` and ``api.endpoints``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from skillforge_mon.backends.sentry import normalise
from skillforge_mon.backends.sentry.health import checks
from skillforge_mon.backends.sentry.kinds import ALERT_RULE, DETECTOR, ISSUE_RULE, KINDS, WORKFLOW
from skillforge_mon.backends.sentry.lookups import Lookups
from skillforge_mon.backends.sentry.markers import marked, owner_of
from skillforge_mon.backends.sentry.organization import Method, Organization
from skillforge_mon.backends.sentry.restoring import restorable
from skillforge_mon.backends.sentry.set_up_objects import KINDS as SET_UP_KINDS
from skillforge_mon.backends.sentry.set_up_objects import comes_with, set_up_objects
from skillforge_mon.backends.sentry.values import plain
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.remote.errors import ConflictError, NotFoundError
from skillforge_mon.remote.live import Live, Owner

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.api import Check, Kind
    from skillforge_mon.remote.connection import Connection

TOKEN: Final = "SENTRY_AUTH_TOKEN"  # noqa: S105 - the name of the variable
CONCURRENCY: Final = 8
"""Requests at a time: a third of the 25 that Sentry allows one caller. [server] ratelimits.config"""

DETECTOR_TYPES: Final = ("metric_issue", "uptime_domain_failure", "monitor_check_in_failure")
"""The types of monitors that are ours to make: alerts on numbers, and probes."""
LINGERING: Final = frozenset(("pending_deletion", "pendingDeletion", "deletion_in_progress", "deletionInProgress"))
"""States of what is deleted, and is taken away when Sentry gets to it. [server] constants.ObjectStatus"""

_CHANGED: Final = ("dateUpdated", "dateModified")
_TASKS: Final = {ALERT_RULE: ("alert-rule-task", "alertRule"), ISSUE_RULE: ("rule-task", "rule")}


def connect(project: Project, connection: Connection) -> SentryApi:
    """The organisation that the project's target names. Raises MissingSecretError where there is no token."""
    target = project.targets.sentry
    assert target is not None  # noqa: S101 - a backend is connected only when the project is compiled for it
    token = connection.credential(TOKEN, target.token)
    service = connection.service(
        "Sentry",
        f"{target.url.rstrip('/')}/api/0",
        {"Authorization": f"Bearer {token}", "Accept": "application/json"},
        concurrency=CONCURRENCY,
    )
    return SentryApi(project, Organization(service, target.organization, target.mode, connection.clock))


class SentryApi:
    """One organisation. Safe to use from many threads."""

    title: str = "Sentry"
    concurrency: int = CONCURRENCY
    kinds: tuple[Kind, ...]

    def __init__(self, project: Project, organization: Organization) -> None:
        self._project = project
        self._organization = organization
        self._lookups = Lookups(organization)
        self._set_up = set_up_objects(project, organization, self._lookups)
        self.kinds = (*(kind for kind in SET_UP_KINDS if kind.name in self._set_up), *KINDS[organization.mode])
        self._deleted: set[tuple[str, str]] = set()

    def list(self, kind: str) -> Iterator[Live]:
        """Every object of the kind; those that Sentry makes itself, and those on their way out, are left out."""
        if kind in self._set_up:
            yield from self._set_up[kind].list()
            return
        for body in self._listed(kind):
            live = _live(kind, body)
            if body.get("status") not in LINGERING and (kind, live.id) not in self._deleted:
                yield live

    def _listed(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Without ``project=-1``, a listing has only the projects of the token's own teams."""
        organization = self._organization
        if kind == ISSUE_RULE:
            for slug in self._lookups.projects():
                yield from organization.listing(organization.project_path(slug, "rules"))
        elif kind == DETECTOR:
            for each in DETECTOR_TYPES:
                query: dict[str, str | int] = {"project": -1, "query": f"type:{each}"}
                yield from organization.listing(self._path(kind), query)
        elif kind == ALERT_RULE:
            yield from organization.listing(self._path(kind), {"project": -1})
        else:
            yield from organization.listing(self._path(kind))

    def read(self, kind: str, identifier: str) -> Live | None:
        """The whole of one object; None when there is none, or it is about to be deleted."""
        if kind in self._set_up:
            return self._set_up[kind].read(identifier)
        try:
            body = self._organization.get(self._path(kind, identifier))
        except NotFoundError:
            return None
        return _live(kind, body) if body.get("status") not in LINGERING else None

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make a new one, marked as ``owner``'s (see ``markers.py``)."""
        if kind in self._set_up:
            return self._set_up[kind].create(_fields(body), owner, revision)
        fields = marked(kind, _fields(body), owner, revision) if owner is not None else dict(_fields(body))
        project = owner.key.partition("/")[0] if owner is not None else str((fields.get("projects") or [""])[0])
        match kind:
            case "detector":
                path = self._organization.path("projects", str(fields["projectId"]), "detectors")
            case "issue_rule":
                path = self._organization.project_path(project, "rules")
            case _:
                path = self._path(kind)
        return self._written("POST", kind, path, fields, project)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Write it whole: groups, conditions and actions without an identifier are made anew by the server."""
        if live.kind in self._set_up:
            return self._set_up[live.kind].update(live, _fields(body), owner, revision)
        self._check_unchanged(live)
        fields = {"id": live.id} if live.kind == WORKFLOW else {}
        fields |= marked(live.kind, _fields(body), owner, revision) if owner is not None else _fields(body)
        project = owner.key.partition("/")[0] if owner is not None else live.id.partition("/")[0]
        return self._written("PUT", live.kind, self._path(live.kind, live.id), fields, project)

    def delete(self, live: Live) -> None:
        """Schedule its deletion. It is not listed any more from here on, even while the server still does so."""
        with contextlib.suppress(NotFoundError):
            self._organization.send("DELETE", self._path(live.kind, live.id))
        self._deleted.add((live.kind, live.id))

    def lookup(self, reference: Reference) -> str | int | None:
        """The kinds of references are listed in ``lookups.py``."""
        return self._lookups.find(reference)

    def comes_with(self, reference: Reference) -> Reference | None:
        """A project that this push makes brings its number and its monitors along."""
        return comes_with(self._project, reference)

    def absence(self, reference: Reference) -> str:
        """Why ``lookup`` finds nothing, and what to install, make or write where."""
        return ": ".join(self._lookups.absence(reference))

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """See ``normalise.py``."""
        if kind in self._set_up:
            return self._set_up[kind].comparable(_fields(body), live.body)
        return normalise.comparable(kind, _fields(body), live.body)

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """A detector stays of its type and in its project: a write that says otherwise changes neither.

        [server] validators.base.detector.BaseDetectorTypeValidator.update
        """
        if kind != DETECTOR:
            return ""
        fields = _fields(body)
        if fields["type"] != live.body["type"]:
            return f"a monitor of the type `{live.body['type']}` cannot become `{fields['type']}`"
        project = fields["projectId"]
        if not isinstance(project, Mapping) and str(project) != str(live.body["projectId"]):
            return "a monitor cannot move to another project"
        return ""

    def restorable(self, live: Live) -> Plain:
        """See ``restoring.py``."""
        if live.kind in self._set_up:
            return self._set_up[live.kind].restorable(live)
        return restorable(live.kind, live.body)

    def health(self) -> Iterator[Check]:
        """See ``health.py``."""
        return checks(self._project, self._organization, self._lookups)

    def _path(self, kind: str, identifier: str = "") -> str:
        below = (identifier,) if identifier else ()
        match kind:
            case "detector":
                return self._organization.path("detectors", *below)
            case "workflow":
                return self._organization.path("workflows", *below)
            case "alert_rule":
                return self._organization.path("alert-rules", *below)
        slug, _, number = identifier.partition("/")
        return self._organization.project_path(slug, "rules", number)

    def _written(self, method: Method, kind: str, path: str, fields: Mapping[str, Any], project: str) -> Live:
        answer = self._organization.send(method, path, fields)
        if kind not in _TASKS:
            return _live(kind, answer.body)
        slug = project if kind == ISSUE_RULE else fields["projects"][0]
        return _live(kind, self._organization.finished(answer, slug, *_TASKS[kind]))

    def _check_unchanged(self, live: Live) -> None:
        """Sentry takes no condition with a write, so the object is read again just before it."""
        now = self.read(live.kind, live.id)
        if now is None:
            raise ConflictError(f"`{live.name}` in Sentry has been deleted since it was read")
        same = (
            now.changed_at == live.changed_at
            if live.changed_at
            else self.comparable(live.kind, now.body, live)[0] == self.comparable(live.kind, live.body, now)[0]
        )
        if not same:
            raise ConflictError(f"`{live.name}` in Sentry has been changed since it was read")


def _live(kind: str, body: Mapping[str, Any]) -> Live:
    """Who changed an object is not listed, only who made it. A listing of metric rules lacks their types of events."""
    owner, revision = owner_of(kind, body)
    identifier = str(body["id"])
    return Live(
        kind,
        f"{body['projects'][0]}/{identifier}" if kind == ISSUE_RULE else identifier,
        body["name"],
        body,
        owner,
        revision,
        changed_at=next((str(body[key]) for key in _CHANGED if body.get(key)), ""),
        complete=kind != ALERT_RULE or "eventTypes" in body,
    )


def _fields(body: Plain) -> dict[str, Any]:
    found: dict[str, Any] = plain(body)
    return found
