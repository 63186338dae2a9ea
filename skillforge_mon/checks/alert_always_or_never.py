"""MON3005 and MON3006: conditions that cannot be false, or cannot be true."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.conditions import Comparison, split_comparison, threshold_number
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import Expr
from skillforge_mon.query.types import TypeInfo, infer

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
    """What follows from the least and the greatest value that the query can have."""
    for alert in project.alerts.values():
        query = alert.query
        if query is None or query.expr is None:
            continue
        for value, comparison, severity in _comparisons(alert, query.expr, project):
            least, greatest = _range(value, infer(value, project.catalogue))
            outcome = _outcome(comparison, least, greatest)
            if outcome is None:
                continue
            span = query.whole if severity is None else alert.place.at("severity", severity)
            reach = _reach(least, greatest)
            if outcome:
                yield ALWAYS_TRUE.at(span, f"`{alert.name}` is always true", notes=(reach,))
            else:
                yield NEVER_TRUE.at(span, f"`{alert.name}` can never be true", notes=(reach,))


def _comparisons(alert: Alert, expr: Expr, project: Project) -> Iterator[tuple[Expr, Comparison, str | None]]:
    value, own = split_comparison(expr)
    if own is not None:
        yield value, own, None
    for severity in alert.severities:
        if severity.threshold is not None:
            unit = alert.spec.unit or infer(expr, project.catalogue).unit
            number = threshold_number(severity.threshold, unit)
            yield expr, Comparison(severity.threshold.op, number), severity.severity


def _range(value: Expr, info: TypeInfo) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest value; None where there is no bound."""
    number = constant_value(value)
    if number is not None:
        return Decimal(repr(number)), Decimal(repr(number))
    if info.share:
        return Decimal(0), Decimal(1)
    return (None if info.may_be_negative else Decimal(0)), None


def _outcome(comparison: Comparison, least: Decimal | None, greatest: Decimal | None) -> bool | None:
    """True or False when the comparison can only come out so; None when it depends."""
    number = comparison.number
    match comparison.op:
        case ">" | ">=":
            strict = comparison.op == ">"
            if least is not None and (least > number if strict else least >= number):
                return True
            if greatest is not None and (greatest <= number if strict else greatest < number):
                return False
        case "<" | "<=":
            strict = comparison.op == "<"
            if greatest is not None and (greatest < number if strict else greatest <= number):
                return True
            if least is not None and (least >= number if strict else least > number):
                return False
        case _:
            outside = (least is not None and number < least) or (greatest is not None and number > greatest)
            if outside:
                return comparison.op == "!="
    return None


def _reach(least: Decimal | None, greatest: Decimal | None) -> str:
    if least is not None and least == greatest:
        return f"the value is always {least}"
    if least is not None and greatest is not None:
        return f"the value lies between {least} and {greatest}"
    return f"the value is never below {least}"
