"""MON3023: an alert asks for a shorter time than lies between two evaluations."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Alert, AlertSeverity, Project
from skillforge_mon.spec.quantities import Duration

CODE = Code(
    "MON3023",
    "for-below-interval",
    Severity.WARNING,
    "The `for` of an alert is shorter than the interval at which its rule is evaluated.",
    "Prometheus looks only then: the alert fires one whole interval after it has begun, not when the spec says.",
    bad=changed(("for: 5m", "for: 10s")),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts for Prometheus; `for: 0s` fires at once, whatever the interval is."""
    target = project.targets.prometheus
    if target is None:
        return
    for alert in project.alerts.values():
        if alert.query is None:
            continue
        interval = alert.spec.interval or target.evaluation_interval
        for severity in alert.severities:
            if 0 < severity.hold < interval:
                yield _report(project, alert, severity, interval)
                break


def _report(project: Project, alert: Alert, severity: AlertSeverity, interval: Duration) -> Diagnostic:
    own = alert.place.find("severity", severity.severity, "for")
    place = own.span if own is not None else alert.place.at("for")
    secondary: tuple[Label, ...] = ()
    if alert.spec.interval is not None:
        secondary = (Label(alert.place.at("interval"), "evaluated this often"),)
    else:
        target = project.target_place("prometheus")
        if target is not None and target.find("evaluation_interval") is not None:
            secondary = (Label(target.at("evaluation_interval"), "evaluated this often"),)
    return CODE.at(
        place,
        f"`{alert.name}` waits {severity.hold}, and its rule is evaluated every {interval}",
        secondary=secondary,
        help=f"write `for: {interval}`, or evaluate it more often with `interval`",
    )
