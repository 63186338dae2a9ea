"""MON3108: good events counted as bad ones, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project, Query, Slo
from skillforge_mon.query.promql import Expr, Matcher, VectorSelector, metric_name
from skillforge_mon.query.promql.tree import MatchOp

CODE = Code(
    "MON3108",
    "slo-good-and-bad-swapped",
    Severity.WARNING,
    "The bad events of an SLO are selected by what a success looks like (`2..`, `200`, `success`, all but `5..`, a bucket of quick answers), or the good ones by what a failure looks like.",
    "In good health the whole budget would burn at once, and in an outage all would look well.",
    bad=GOOD.replace('"5.."', '"2.."'),
    good=GOOD,
)

_SUCCESS = ("200", "201", "204", "2xx", "success", "succeeded", "ok", "OK")
_FAILURE = ("500", "502", "503", "5xx", "failure", "failed", "error", "ERROR")
_ASKING: Mapping[MatchOp, MatchOp] = {"!=": "=", "!~": "=~"}
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
        yield from _quick_as_bad(slo)
        for query, field, right, wrong in (
            (slo.bad, "bad", _FAILURE, _SUCCESS),
            (slo.good, "good", _SUCCESS, _FAILURE),
        ):
            matcher = None
            if query is not None:
                matcher = _only(query.expr, wrong, right) or _all_but(query.expr, slo.total, right, wrong)
            if query is not None and matcher is not None:
                span = query.span(*matcher.span) or query.whole or slo.place.span
                other = "good" if field == "bad" else "bad"
                yield CODE.at(
                    span,
                    f"`{field}` of the SLO `{slo.name}` seems to select its {other} events",
                    label=_label(matcher, other),
                    help=f"write `{other}:` instead of `{field}:`, or select the {field} events",
                )


def _quick_as_bad(slo: Slo) -> Iterator[Diagnostic]:
    """A bucket holds what is at most as slow as its bound, so it counts the good answers."""
    expr = slo.bad.expr if slo.bad is not None else None
    if slo.bad is None or not isinstance(expr, VectorSelector) or not (expr.name or "").endswith("_bucket"):
        return
    bound = next((each for each in expr.matchers if each.label == "le" and each.op == "="), None)
    if bound is not None and bound.value != "+Inf":
        yield CODE.at(
            slo.bad.span(*bound.span) or slo.bad.whole or slo.place.span,
            f"`bad` of the SLO `{slo.name}` seems to select its good events",
            label="a bucket holds what is quick enough",
            help="write `latency:` with `metric` and `below`, or `good:` instead of `bad:`",
        )


def _only(expr: Expr | None, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> Matcher | None:
    """The first matcher that lets some value of ``wanted`` through and none of ``unwanted``."""
    if not isinstance(expr, VectorSelector):
        return None
    for matcher in expr.matchers:
        if any(_passes(matcher, value) for value in wanted) and not any(_passes(matcher, value) for value in unwanted):
            return matcher
    return None


def _all_but(expr: Expr | None, total: Query | None, right: tuple[str, ...], wrong: tuple[str, ...]) -> Matcher | None:
    """A matcher that keeps out of all events just what should be selected: `code!~"5.."` of bad ones.

    Beside another one for the same label (`code=~"5..", code!="503"`) it may be meant.
    """
    whole = total.expr if total is not None else None
    if not isinstance(expr, VectorSelector) or not isinstance(whole, VectorSelector):
        return None
    if metric_name(expr) is None or metric_name(expr) != metric_name(whole):
        return None
    for matcher in expr.matchers:
        asking = _ASKING.get(matcher.op)
        if asking is not None and [each.label for each in expr.matchers].count(matcher.label) == 1:
            kept_out = replace(matcher, op=asking)
            if any(_passes(kept_out, value) for value in right) and not any(
                _passes(kept_out, value) for value in wrong
            ):
                return matcher
    return None


def _label(matcher: Matcher, other: str) -> str:
    looks = "a success" if (other == "good") != (matcher.op in _ASKING) else "a failure"
    return f"{'all but ' if matcher.op in _ASKING else ''}what {looks} looks like"


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
