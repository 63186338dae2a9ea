"""MON3667: two services that set up the same project in Sentry."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project, Service

CODE = Code(
    "MON3667",
    "project-set-up-twice",
    Severity.ERROR,
    "Two services set up the same project in Sentry.",
    "A project has one set-up; which of the two is meant cannot be known.",
    bad=SET_UP + "  worker: {team: shop, errors: {sentry_project: web, resolve_age: 30d}}\n",
    good=SET_UP + "  worker: {team: shop, errors: {sentry_project: web}}\n",
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Services that say more of a project than its name, the second and later ones of each."""
    first: dict[str, Service] = {}
    for service in project.services.values():
        errors = service.spec.errors
        if errors is None or not errors.sets_up:
            continue
        other = first.setdefault(errors.sentry_project, service)
        if other is not service:
            yield CODE.at(
                service.place.key_at("errors"),
                f"the project `{errors.sentry_project}` is set up by `{other.name}` already",
                help=f"write no more than `errors: {{sentry_project: {errors.sentry_project}}}` here",
            )
