"""MON3014: a runbook that no alert leads to."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Alert, Project, Service, Slo

CODE = Code(
    "MON3014",
    "unused-runbook",
    Severity.NOTE,
    "No alert, SLO or service names this runbook.",
    "Nobody will find it when it is needed.",
    bad=changed(("runbooks:\n", "runbooks:\n  idle: {resolve: [Take a worker away.]}\n")),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Runbooks with a page of their own, unless something names a runbook that is not there: it may mean this one."""
    named = {alert.runbook.name for alert in project.alerts.values() if alert.runbook}
    named |= {slo.runbook.name for slo in project.slos.values() if slo.runbook}
    named |= {service.runbook.name for service in project.services.values() if service.runbook}
    users: list[Alert | Slo | Service] = [*project.alerts.values(), *project.slos.values(), *project.services.values()]
    has_users = bool(project.alerts or project.slos) and not any(
        user.spec.runbook is not None and user.runbook is None for user in users
    )
    for name, runbook in project.runbooks.items():
        if has_users and name not in named and runbook.place is not None:
            yield CODE.at(runbook.place.span, f"nothing leads to the runbook `{name}`")
