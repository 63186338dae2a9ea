"""The kinds of objects that set a project up, and what the API asks of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from skillforge_mon.backends.sentry.live_keys import LiveKeys
from skillforge_mon.backends.sentry.live_ownership import LiveOwnership
from skillforge_mon.backends.sentry.live_projects import LiveProjects
from skillforge_mon.backends.sentry.lookups import Lookups
from skillforge_mon.backends.sentry.organization import Organization
from skillforge_mon.backends.sentry.project_capabilities import KEY_KIND, OWNERSHIP_KIND, PROJECT_KIND
from skillforge_mon.backends.sentry.setting_up import project_key, set_up_projects
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.documents.references import key_parts
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.live import Live, Owner

KINDS: Final = (
    Kind(PROJECT_KIND, 1, "project", deletable=False),
    Kind(KEY_KIND, 2, "client key", deletable=False),
    Kind(OWNERSHIP_KIND, 2, "ownership", deletable=False),
)
"""None is ever deleted: with a project all its issues would go, and with a key the events of whoever uses it."""


class Objects(Protocol):
    """All live objects of one kind. The methods are those of ``remote.api.Api``."""

    def list(self) -> Iterator[Live]:
        """Those of the projects that the spec sets up."""
        ...

    def read(self, identifier: str) -> Live | None:
        """One of them as it is now."""
        ...

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """A new one, or a refusal that names what is in its place."""
        ...

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make ``live`` say what ``body`` says, and leave the rest of it."""
        ...

    def comparable(self, body: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Plain, Plain]:
        """What ``live`` says of what ``body`` says, and that."""
        ...

    def restorable(self, live: Live) -> Plain:
        """The body that makes it say the same again."""
        ...


def set_up_objects(project: Project, organization: Organization, lookups: Lookups) -> Mapping[str, Objects]:
    """By kind; none at all where the spec sets up no project, so that nothing is asked for."""
    if not set_up_projects(project):
        return {}
    projects = LiveProjects(project, organization, lookups)
    return {
        PROJECT_KIND: projects,
        KEY_KIND: LiveKeys(project, organization, lookups, projects),
        OWNERSHIP_KIND: LiveOwnership(project, organization, lookups, projects),
    }


def comes_with(project: Project, reference: Reference) -> Reference | None:
    """The resource whose making makes what ``reference`` names: a project, and the monitors that it is born with."""
    if reference.kind not in {"project", "system_detector"}:
        return None
    slug = key_parts(reference.key)[0]
    return Reference(PROJECT_KIND, project_key(slug)) if slug in set_up_projects(project) else None
