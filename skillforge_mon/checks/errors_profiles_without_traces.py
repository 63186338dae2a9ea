"""MON3665: profiles of which none will ever be sent."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3665",
    "profiles-without-traces",
    Severity.WARNING,
    "A service is to send profiles, and no traces.",
    "The rate of profiles is a share of the traces that are sent, so there would be none "
    "(docs.sentry.io, Python, Profiling).",
    bad=set_up_with("traces: 10%", "profiles: 10%"),
    good=SET_UP,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Sampling of all services."""
    for service in project.services.values():
        sampling = service.spec.errors.sampling if service.spec.errors is not None else None
        if sampling is not None and sampling.profiles and not sampling.traces:
            yield CODE.at(
                service.place.key_at("errors", "sampling", "profiles"),
                f"`{service.name}` sends no traces, so it sends no profiles either",
                help="write `traces: …` beside it",
            )
