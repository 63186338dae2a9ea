"""MON3302: every critical alert is muted for a part of every day."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.recurrence import DAYS, start_days

_WINDOW = 'maintenance:\n  backup: {every: day, from: "02:00", for: 30m}\n'
CODE = Code(
    "MON3302",
    "critical-muted-daily",
    Severity.WARNING,
    "A maintenance window mutes the critical alerts of all services every day.",
    "An outage that begins in it is not heard of before it ends, and every day has such a time.",
    bad=GOOD + _WINDOW,
    good=GOOD + _WINDOW.replace("backup: {", "backup: {severities: [warning, info], "),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Windows without a scope, or with one of severities only."""
    for window in project.maintenance.values():
        spec = window.spec
        mutes_critical = not spec.severities or "critical" in spec.severities
        if mutes_critical and not spec.services and not spec.alerts and len(start_days(spec.every)) == DAYS:
            yield CODE.at(
                window.place.span,
                f"`{window.name}` mutes every critical alert for {spec.length} every day",
                help="name the `services` that it is about, or `severities: [warning, info]`",
            )
