"""MON3651: an alert's own query for Loki that is no condition."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.codes_logs import LOGQL_SYNTAX
from skillforge_mon.model.project import Alert, Project

CODE = Code(
    "MON3651",
    "log-query-unclear",
    Severity.ERROR,
    "An alert's own query for Loki finds lines instead of a number, is compared with nothing, or is compared twice.",
    "A ruler refuses lines. Without a comparison the alert fires whenever there is any value at all.",
    bad=LOGQL_SYNTAX.good.replace('severity: {critical: "> 10"}', "severity: critical"),
    good=LOGQL_SYNTAX.good,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every alert with words of its own in Loki."""
    for alert in project.alerts.values():
        if alert.log_query is not None and alert.log_query.tree is not None:
            yield from _query(alert)


def _query(alert: Alert) -> Iterator[Diagnostic]:
    # Imported here: few specs have LogQL.
    from skillforge_mon.query.logql.compares import compares_itself
    from skillforge_mon.query.logql.tree import LogLines

    query = alert.log_query
    assert query is not None  # noqa: S101 - asked for only where there is one
    tree = query.tree
    span = query.node.span if query.node is not None else alert.place.span
    thresholds = [severity for severity in alert.severities if severity.threshold is not None]
    if isinstance(tree, LogLines):
        yield CODE.at(
            span,
            f"the query of `{alert.name}` finds lines, and an alert compares a number",
            help=f"count them: `sum(count_over_time({query.text.strip()} [5m]))`",
        )
    elif compares_itself(tree):
        if thresholds:
            yield CODE.at(
                span,
                f"`{alert.name}` compares its value in the query and in its severity",
                help="leave the comparison out of the query",
            )
    elif not thresholds:
        yield CODE.at(
            span,
            f"the query of `{alert.name}` is compared with nothing",
            help=f'write `severity: {{{alert.severities[0].severity}: "> 10"}}`',
        )
