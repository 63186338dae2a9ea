"""MON3661: a platform that Sentry does not know."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.checks.sentry_platforms import PLATFORMS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.suggest import suggestion

CODE = Code(
    "MON3661",
    "unknown-sentry-platform",
    Severity.WARNING,
    "The platform of a project is none that Sentry is known to have.",
    "Sentry refuses a project with a platform that it does not know.",
    bad=set_up_with("python-fastapi", "python-fast-api"),
    good=SET_UP,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Platforms of all services."""
    for service in project.services.values():
        errors = service.spec.errors
        if errors is not None and errors.platform is not None and errors.platform not in PLATFORMS:
            language = errors.platform.partition("-")[0]
            yield CODE.at(
                service.place.at("errors", "platform"),
                f"Sentry has no platform `{errors.platform}`",
                help=suggestion(errors.platform, sorted(PLATFORMS))
                or (f"write `{language}`, or `other`" if language in PLATFORMS else "write `other`"),
            )
