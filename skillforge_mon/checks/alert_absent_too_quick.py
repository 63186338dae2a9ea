"""MON3020: an alert on missing data that does not wait for two scrapes."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Call, walk
from skillforge_mon.spec.quantities import Duration

CODE = Code(
    "MON3020",
    "absent-without-waiting",
    Severity.WARNING,
    "An alert calls `absent`, and its `for` is shorter than two scrape intervals.",
    "Rules are evaluated before the first scrape is done: after every restart of Prometheus the alert fires.",
    bad=changed(("sum by (queue) (queue_length) > 100", "absent(queue_length)"), ("for: 5m", "for: 0s")),
    good=changed(("sum by (queue) (queue_length) > 100", "absent(queue_length)")),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts for Prometheus with a `for`; one without is reported as MON3001. `absent_over_time` looks back itself."""
    target = project.targets.prometheus
    if target is None:
        return
    for alert in project.alerts.values():
        query = alert.query
        if query is None or query.expr is None:
            continue
        held = [severity.hold for severity in alert.severities if severity.spec.for_ or alert.spec.for_ is not None]
        if not held or min(held) >= 2 * target.scrape_interval:
            continue
        for node in walk(query.expr):
            if isinstance(node, Call) and node.function == "absent":
                yield CODE.at(
                    query.span(*node.name_span),
                    f"`{alert.name}` waits {min(held)}, and data come every {target.scrape_interval}",
                    help=f"take at least `for: {Duration(2 * target.scrape_interval)}`",
                )
