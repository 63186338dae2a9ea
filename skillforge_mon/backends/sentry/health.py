"""Whether push will find in Sentry what it needs: the organisation, permissions, projects, integrations.

Sources: [server] api.serializers.models.organization (``access`` are the scopes of the token);
workflow_engine.endpoints.organization_workflow_index.OrganizationWorkflowPermission,
api.bases.organization.OrganizationDetectorPermission.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from skillforge_mon.backends.sentry.differences import BACKEND
from skillforge_mon.backends.sentry.lookups import PRODUCTS, Lookups
from skillforge_mon.backends.sentry.organization import Organization
from skillforge_mon.backends.sentry.setting_up import set_up_projects
from skillforge_mon.documents.references import reference, references_in
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import RemoteError

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project

WRITING: Final = "alerts:write"
READING: Final = "org:read"
_ALSO_WRITES: Final = ("org:write", "org:admin")
SETTING_UP: Final = "project:write"
"""What making and changing projects takes. [server] core.endpoints.team_projects.TeamProjectPermission"""


def checks(project: Project, organization: Organization, lookups: Lookups) -> Iterator[Check]:
    """One line for each thing. After an organisation that cannot be read nothing else is asked."""
    slug = organization.slug
    try:
        found = organization.get(organization.path())
    except RemoteError as error:
        yield Check(
            f"organisation {slug}",
            ok=False,
            detail=str(error),
            help="correct `targets.sentry.organization` and `url`, or make a token that may read it",
        )
        return
    yield Check(f"organisation {slug}", ok=True, detail=str(found.get("name", "")))
    yield _scopes(found.get("access"), sets_up=bool(set_up_projects(project)))
    for subject in (_projects(project, lookups), _integrations(project, lookups)):
        try:
            yield from subject
        except RemoteError as error:
            yield Check("what alerts need", ok=False, detail=str(error), help=f"give the token the scope `{READING}`")


def _scopes(access: list[str] | None, *, sets_up: bool) -> Check:
    subject = "permissions"
    if access is None:
        return Check(subject, ok=True, detail="this server does not say what the token may do", skipped=True)
    writes = WRITING in access or any(scope in access for scope in _ALSO_WRITES)
    needed = {READING: READING in access, WRITING: writes}
    if sets_up:
        needed[SETTING_UP] = SETTING_UP in access or "project:admin" in access
    missing = [scope for scope, given in needed.items() if not given]
    if not missing:
        return Check(subject, ok=True, detail=", ".join(needed))
    scopes = " and ".join(f"`{scope}`" for scope in missing)
    return Check(
        subject,
        ok=False,
        detail=f"the token lacks {scopes}",
        help=f"give it {scopes} in Settings > Custom Integrations",
    )


def _projects(project: Project, lookups: Lookups) -> Iterator[Check]:
    for slug in _named_projects(project):
        subject = f"project {slug}"
        if slug in lookups.projects():
            yield Check(subject, ok=True)
        elif slug in set_up_projects(project):
            yield Check(subject, ok=True, detail="push makes it")
        else:
            yield _missing(subject, lookups, "project", slug)


def _named_projects(project: Project) -> list[str]:
    """The slugs of the projects that are set up, or that alerts and probes are about, in order, each once."""
    found = list(set_up_projects(project))
    for alert in project.alerts.values():
        spec = alert.spec.sentry
        if spec is None or BACKEND not in alert.backends or not alert.spec.enabled:
            continue
        errors = alert.service.spec.errors if alert.service is not None else None
        slug = spec.project or (errors.sentry_project if errors is not None else None)
        if slug is not None:
            found.append(slug)
    for probe in project.probes.values():
        errors = probe.service.spec.errors if probe.service is not None else None
        if BACKEND in probe.backends and errors is not None:
            found.append(errors.sentry_project)
    return sorted(set(found))


def _integrations(project: Project, lookups: Lookups) -> Iterator[Check]:
    target = project.targets.sentry
    assert target is not None  # noqa: S101 - checked only where the project is compiled for Sentry
    for provider, product in PRODUCTS.items():
        name = getattr(target.integrations, provider)
        if name is None:
            continue
        found = lookups.integration(provider, name)
        subject = f"{product} integration {name}"
        if found is None:
            yield _missing(subject, lookups, "integration", provider, name)
        elif not found.active:
            yield Check(
                subject,
                ok=False,
                detail="it is disabled: Sentry could not reach the other side, or somebody has switched it off",
                help=f"open Settings > Integrations > {product} in Sentry, and install it again",
            )
        else:
            yield Check(subject, ok=True, detail="active")


def _missing(subject: str, lookups: Lookups, kind: str, *key: str) -> Check:
    detail, instead = lookups.absence(references_in(reference(kind, *key))[0])
    return Check(subject, ok=False, detail=detail, help=instead)
