"""One PromQL condition as the query of a Datadog monitor, with everything that changes on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.backends.datadog.evaluation import evaluate
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.query.tree import MonitorQuery
from skillforge_mon.backends.datadog.reader import Reader
from skillforge_mon.backends.datadog.untranslatable import cannot
from skillforge_mon.model.conditions import Comparison
from skillforge_mon.model.project import Project
from skillforge_mon.query.algebra import Condition, Filled, leaves, parts
from skillforge_mon.query.promql import Binary, Call, Expr, NumberLiteral, Paren, selectors
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.query.types import infer
from skillforge_mon.query.units import BOOLEAN
from skillforge_mon.spec.quantities import Duration, plain_number


@dataclass(frozen=True, slots=True)
class Translation:
    """A monitor's query, and what must be known of it.

    ``by`` are the tags that it is grouped by; ``fixed`` the labels that every metric in it is limited to one value of.
    ``differences`` say where Datadog and Prometheus differ; there is always one, as the two read metrics differently.
    """

    query: MonitorQuery
    by: tuple[str, ...]
    fixed: Mapping[str, str]
    differences: tuple[str, ...]
    divides_counts: bool = False
    zero_when_missing: bool = False


def translate(
    project: Project, names: Names, value: Expr, comparison: Comparison | None, hold: Duration
) -> Translation:
    """The query for ``value`` compared for ``hold``; without a comparison, ``value`` compares two vectors itself.

    Raises Untranslatable.
    """
    differences: dict[str, None] = {}

    def differs(reason: str) -> None:
        differences[reason] = None

    if comparison is None:
        value, comparison = _difference(project, names, value)
        differs(
            "Datadog compares with a number: it watches the difference of the two sides, and shows that as the value"
        )
    value, comparison = _ordered(project, value, comparison, differs)
    plan = Reader(project, names, differs).read(value)
    evaluation = evaluate(Condition(plan, comparison.op, comparison.number, int(hold)), differs)
    first = next(leaves(plan))
    return Translation(
        evaluation.query,
        first.metric.by,
        _fixed(value),
        tuple(differences),
        evaluation.divides_counts,
        any(isinstance(part, Filled) for part in parts(plan)),
    )


def _difference(project: Project, names: Names, expr: Expr) -> tuple[Expr, Comparison]:
    """``left > right`` as ``left - right > 0``. Raises Untranslatable for anything that does not compare."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if isinstance(expr, Binary) and expr.op in COMPARISONS and not expr.return_bool:
        return Binary("-", expr.lhs, expr.rhs, expr.matching), Comparison(expr.op, Decimal(0))
    Reader(project, names, lambda _: None).read(expr)  # what stops it further in says more
    raise cannot(expr, "it has no comparison at its end, so that there is no threshold")


def _ordered(
    project: Project, value: Expr, comparison: Comparison, differs: Callable[[str], None]
) -> tuple[Expr, Comparison]:
    """The same condition with a comparison for more or less, which is what a monitor's thresholds are made for.

    ``== 0`` of what is never negative is ``<= 0``; of what is 0 or 1, ``== 1`` is ``>= 1``. With any other number, the
    distance from it is compared: ``abs(value - 7) <= 0``.
    """
    if comparison.op not in {"==", "!="}:
        return value, comparison
    info = infer(value, project.catalogue)
    equal = comparison.op == "=="
    if comparison.number == 0 and (not info.may_be_negative or info.measure == BOOLEAN):
        return value, Comparison("<=" if equal else ">", comparison.number)
    if comparison.number == 1 and info.measure == BOOLEAN:
        return value, Comparison(">=" if equal else "<", comparison.number)
    number = plain_number(comparison.number)
    differs(f"Datadog watches, and shows as the value, the distance from {number}")
    if comparison.number:
        value = Binary("-", value, NumberLiteral(float(comparison.number), number))
    return Call("abs", (value,)), Comparison("<=" if equal else ">", Decimal(0))


def _fixed(value: Expr) -> dict[str, str]:
    """The labels that every selector of ``value`` fixes to the same value."""
    found: dict[str, str] | None = None
    for selector in selectors(value):
        own = {matcher.label: matcher.value for matcher in selector.matchers if matcher.op == "="}
        found = own if found is None else {label: text for label, text in found.items() if own.get(label) == text}
    return found or {}
