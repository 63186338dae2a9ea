"""MON3005 and MON3006: conditions that cannot be false, or cannot be true."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.conditions import Comparison, split_comparison, threshold_number
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.promql import Expr
from skillforge_mon.query.types import infer
from skillforge_mon.query.value_range import bounds_text, outcome, value_range

_RATE = (("(queue_length) > 100", "(rate(requests_total[5m])) > 100"), ("by (queue)", "by (code)"))
ALWAYS_TRUE = Code(
    "MON3005",
    "always-true",
    Severity.ERROR,
    "The condition of an alert is true whatever happens.",
    "It fires from the first minute on, until somebody silences it, and then it is silent for good.",
    bad=changed(*_RATE).replace("> 100", ">= 0"),
    good=GOOD,
)
NEVER_TRUE = Code(
    "MON3006",
    "never-true",
    Severity.ERROR,
    "The condition of an alert cannot become true.",
    "It looks like protection and is none.",
    bad=changed(*_RATE).replace("> 100", "< 0"),
    good=GOOD,
)
CODES = (ALWAYS_TRUE, NEVER_TRUE)


def check(project: Project) -> Iterator[Diagnostic]:
    """What follows from the least and the greatest value that the query can have.

    A comparison that is always true says nothing where the value itself comes and goes: `absent(up) == 1`.
    """
    for alert in project.alerts.values():
        query = alert.query
        if query is None or query.expr is None:
            continue
        for value, comparison, severity in _comparisons(alert, query.expr, project):
            values = value_range(value, project.catalogue)
            found = outcome(comparison.op, float(comparison.number), values)
            if found is None or (found and values.comes_and_goes):
                continue
            span = query.whole if severity is None else alert.place.at("severity", severity)
            notes = (bounds_text(values),)
            if found:
                yield ALWAYS_TRUE.at(span, f"`{alert.name}` is always true", notes=notes)
            else:
                yield NEVER_TRUE.at(span, f"`{alert.name}` can never be true", notes=notes)


def _comparisons(alert: Alert, expr: Expr, project: Project) -> Iterator[tuple[Expr, Comparison, str | None]]:
    value, own = split_comparison(expr)
    if own is not None:
        yield value, own, None
    for severity in alert.severities:
        if severity.threshold is not None:
            unit = alert.spec.unit or infer(expr, project.catalogue).unit
            number = threshold_number(severity.threshold, unit)
            yield expr, Comparison(severity.threshold.op, number), severity.severity
