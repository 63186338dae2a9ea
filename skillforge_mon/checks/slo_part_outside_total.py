"""MON3107: bad or good events that are not among all events."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.checks.slo_good_and_bad_swapped import read_alike
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Matcher, VectorSelector, metric_name

CODE = Code(
    "MON3107",
    "slo-part-outside-total",
    Severity.WARNING,
    "The bad (or good) events of an SLO are selected from series that the selector of all events leaves out.",
    "Errors of others are counted against this SLO, and its error ratio may exceed 100 %.",
    bad=GOOD.replace("total: requests_total\n", 'total: requests_total{path="/pay"}\n'),
    good=GOOD.replace("total: requests_total\n", 'total: requests_total{path="/pay"}\n').replace(
        'requests_total{code=~"5.."}', 'requests_total{path="/pay",code=~"5.."}'
    ),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """SLOs of which one selector certainly takes in series that ``total`` does not.

    Only selectors of the same metric are compared, and only what is certain is reported: a label that ``total`` asks for
    and the part leaves open, or for which the two ask for different values.
    """
    for slo in project.slos.values():
        part, field = (slo.good, "good") if slo.good is not None else (slo.bad, "bad")
        if part is None or slo.total is None:
            continue
        inner, outer = part.expr, slo.total.expr
        if not isinstance(inner, VectorSelector) or not isinstance(outer, VectorSelector):
            continue
        if metric_name(inner) is None or metric_name(inner) != metric_name(outer):
            continue
        wanted = next((matcher for matcher in outer.matchers if _left_open(matcher, inner)), None)
        if wanted is not None:
            text = f'{wanted.label}{wanted.op}"{wanted.value}"'
            yield CODE.at(
                part.whole or slo.place.span,
                f"`{field}` of the SLO `{slo.name}` counts events that `total` leaves out",
                label=f"does not ask for `{text}`",
                help=f"add `{text}` here as well",
            )


def _left_open(wanted: Matcher, selector: VectorSelector) -> bool:
    """True when ``selector`` surely has series that ``wanted`` keeps out.

    A bucket of a histogram holds all narrower ones, so that ``le`` says nothing.
    """
    if wanted.label == "le":
        return False
    own = [matcher for matcher in selector.matchers if matcher.label == wanted.label]
    if not own:
        return not _matches_empty(wanted)
    if wanted.op == "!~" and any(matcher.op == "=~" and matcher.value == wanted.value for matcher in own):
        return True
    values = [matcher.value for matcher in own if matcher.op == "="]
    return bool(values) and any(_keeps_out(wanted, value) for value in values)


def _keeps_out(wanted: Matcher, value: str) -> bool:
    """True when no series with this ``value`` passes ``wanted``; patterns that are hard to read say nothing."""
    match wanted.op:
        case "=":
            return value != wanted.value
        case "!=":
            return value == wanted.value
    if not read_alike(wanted.value):
        return False
    try:
        found = re.fullmatch(wanted.value, value) is not None
    except re.error:
        return False
    return found == (wanted.op == "!~")


def _matches_empty(matcher: Matcher) -> bool:
    """True for matchers that keep nothing, or next to nothing, out: of these nothing is certain."""
    return matcher.value in {"", ".*", ".+"} or matcher.op in {"!=", "!~"}
