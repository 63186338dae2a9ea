"""MON3652: an alert on lines, grouped by a label that the alert itself sets."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.codes_logs import LOGQL_SYNTAX
from skillforge_mon.model.project import Alert, Project

CODE = Code(
    "MON3652",
    "log-alert-label-overwritten",
    Severity.ERROR,
    "An alert on lines is grouped by a label that monmc puts on alerts: severity, priority, service, team, or, with a "
    "policy, escalation and level.",
    "The alert's own label takes the place of the lines'. Two groups then are one alert, and the ruler refuses to "
    "evaluate the rule.",
    bad=LOGQL_SYNTAX.good.replace("sum(count_over_time", "sum by (level) (count_over_time"),
    good=LOGQL_SYNTAX.good,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """What alerts that Loki evaluates are grouped by."""
    for alert in project.alerts.values():
        if "loki" not in alert.backends:
            continue
        ours = {"severity", "priority", *alert.spec.labels}
        if alert.service is not None:
            ours |= {"service", *alert.service.spec.labels}
            ours |= {"team"} if alert.service.team is not None else set()
        if any(severity.escalation is not None for severity in alert.severities):
            ours |= {"escalation", "level"}
        for name in _grouped_by(alert):
            if name in ours:
                renamed = f'`label_replace(…, "lines_{name}", "$1", "{name}", "(.*)")`'
                yield CODE.at(
                    alert.place.at("loki") if alert.log_query is not None else alert.place.at("logs", "by"),
                    f"`{alert.name}` is grouped by `{name}`, which alerts have with a meaning of their own",
                    help=f"give it another name: {renamed}, or leave it out",
                )


def _grouped_by(alert: Alert) -> tuple[str, ...]:
    if alert.log_query is None:
        return tuple(alert.lines.spec.by) if alert.lines is not None else ()
    # Imported here: few specs have LogQL.
    from skillforge_mon.query.logql.tree import Binary, VectorAggregate

    tree = alert.log_query.tree
    while isinstance(tree, Binary):
        tree = tree.left
    if isinstance(tree, VectorAggregate) and tree.grouping is not None and not tree.grouping.without:
        return tree.grouping.labels
    return ()
