"""MON2114: errors per second are compared as if they were a share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import Binary, Call, Expr, Matcher, MatrixSelector, Paren, print_expr
from skillforge_mon.spec.quantities import Threshold

CODE = Code(
    "MON2114",
    "rate-as-share",
    Severity.WARNING,
    "The rate of failed requests, by itself, is compared with a number between 0 and 1.",
    "That is failures per second and series, not a share of the requests: a busy service fires all day, a quiet one never.",
    bad=alert_spec('rate(http_requests_total{code=~"5.."}[5m]) > 0.05'),
    good=alert_spec('sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05'),
)
_FAILED = re.compile(r"5(\.\.|xx|\d\d|\[0-9\]|\\d)|error|fail", re.IGNORECASE)
_ABOVE = frozenset((">", ">="))


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts whose whole value is a bare rate with a matcher that picks failures out."""
    for query in project_queries(project):
        if not isinstance(query.owner, Alert):
            continue
        for node, _ in query.nodes:
            if isinstance(node, Binary) and node.op in _ABOVE:
                limit = constant_value(node.rhs)
                if limit is not None and 0 < limit < 1:
                    yield from _of_value(query, node.lhs, node)
        if any(_is_small(severity.threshold) for severity in query.owner.severities):
            yield from _of_value(query, query.expr, query.expr)


def _is_small(threshold: Threshold | None) -> bool:
    return (
        threshold is not None
        and threshold.op in _ABOVE
        and not threshold.quantity.unit
        and 0 < threshold.quantity.value < 1
    )


def _of_value(query: ProjectQuery, value: Expr, compared: Expr) -> Iterator[Diagnostic]:
    while isinstance(value, Paren):
        value = value.expr
    if not isinstance(value, Call) or value.function not in {"rate", "irate"}:
        return
    argument = value.args[0]
    if not isinstance(argument, MatrixSelector) or not any(map(_picks_failures, argument.vector.matchers)):
        return
    matchers = tuple(matcher for matcher in argument.vector.matchers if not _picks_failures(matcher))
    whole = replace(argument, vector=replace(argument.vector, matchers=matchers))
    yield CODE.at(
        query.query.span(*compared.span),
        "a rate of failures is compared with a number between 0 and 1",
        notes=("this is errors per second per series, not a share",),
        help=f"divide `sum({print_expr(value)})` by `sum({print_expr(replace(value, args=(whole,)))})`",
    )


def _picks_failures(matcher: Matcher) -> bool:
    return matcher.op in {"=", "=~"} and _FAILED.search(matcher.value) is not None
