"""MON2003: a query calls a function that the target's Prometheus no longer has."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.promql_newer_feature import target_version
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON2003",
    "removed-function",
    Severity.ERROR,
    "A query calls a function that was removed before the target's version of Prometheus.",
    "That server would refuse the whole rule file, and go on with the old one.",
    bad=alert_spec("holt_winters(queue_messages[1h], 0.5, 0.5) > 100", version="3.5"),
    good=alert_spec("avg_over_time(queue_messages[1h]) > 100", version="3.5"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every function that ``targets.prometheus.version`` is without."""
    version = target_version(project)
    if version is None:
        return
    for query in project_queries(project):
        for needed in query.requirements:
            if needed.removed is not None and needed.removed <= version:
                yield CODE.at(
                    query.query.span(*needed.span),
                    f"{needed.feature} was removed in Prometheus {needed.removed[0]}.{needed.removed[1]}",
                    help=f"it is now called `{needed.replacement}`, an experimental function"
                    if needed.replacement
                    else "",
                )
