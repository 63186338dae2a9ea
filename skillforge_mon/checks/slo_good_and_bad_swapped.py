"""MON3108: good events counted as bad ones, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Expr, Matcher, VectorSelector

CODE = Code(
    "MON3108",
    "slo-good-and-bad-swapped",
    Severity.WARNING,
    "The bad events of an SLO are selected by what a success looks like (`2..`, `200`, `success`), or the good ones by what a failure looks like.",
    "In good health the whole budget would burn at once, and in an outage all would look well.",
    bad=GOOD.replace('"5.."', '"2.."'),
    good=GOOD,
)

_SUCCESS = ("200", "201", "204", "2xx", "success", "succeeded", "ok", "OK")
_FAILURE = ("500", "502", "503", "5xx", "failure", "failed", "error", "ERROR")
_MOSTLY = Decimal("0.5")
read_alike = re.compile(r"(?:[\w.|()+*?]|\[\^?\w+(?:-\w+)?\]|\\[dw.]|\{\d+\})*", re.ASCII).fullmatch
"""Patterns that Python reads as Prometheus does, and without a warning."""


def check(project: Project) -> Iterator[Diagnostic]:
    """SLOs of which a matcher lets through only the opposite of what it should.

    An objective of half or less may be meant that way, so it is left alone.
    """
    for slo in project.slos.values():
        if slo.spec.objective <= _MOSTLY:
            continue
        for query, field, right, wrong in (
            (slo.bad, "bad", _FAILURE, _SUCCESS),
            (slo.good, "good", _SUCCESS, _FAILURE),
        ):
            matcher = _only(query.expr, wrong, right) if query is not None else None
            if query is not None and matcher is not None:
                span = query.span(*matcher.span) or query.whole or slo.place.span
                other = "good" if field == "bad" else "bad"
                yield CODE.at(
                    span,
                    f"`{field}` of the SLO `{slo.name}` seems to select its {other} events",
                    label=f"what {'a success' if other == 'good' else 'a failure'} looks like",
                    help=f"write `{other}:` instead of `{field}:`, or select the {field} events",
                )


def _only(expr: Expr | None, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> Matcher | None:
    """The first matcher that lets some value of ``wanted`` through and none of ``unwanted``."""
    if not isinstance(expr, VectorSelector):
        return None
    for matcher in expr.matchers:
        if any(_passes(matcher, value) for value in wanted) and not any(_passes(matcher, value) for value in unwanted):
            return matcher
    return None


def _passes(matcher: Matcher, value: str) -> bool:
    """Whether ``matcher`` asks for ``value``; matchers that exclude ask for none, and what is hard to read is left alone."""
    if matcher.op == "=":
        return matcher.value == value
    if matcher.op != "=~" or not read_alike(matcher.value):
        return False
    try:
        return re.fullmatch(matcher.value, value) is not None
    except re.error:
        return False
