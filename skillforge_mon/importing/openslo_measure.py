"""What both versions of OpenSLO share: windows, budgeting methods, and how an objective becomes an SLO of ours.

The documents say "query" and leave open what that is. Here it is PromQL: with ``counter: true`` a selector stands for
its counter, and a rate may stand around it; ``{{.window}}``, as Sloth reads these documents, is understood too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from skillforge_mon.importing.fields import Fields
from skillforge_mon.importing.queries import (
    RATIO_WINDOW,
    QueryError,
    grouped_by,
    measured_by_events,
    opposite,
    query_of,
    share_of_bad,
)
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Duration,
    Expr,
    MatrixSelector,
    VectorSelector,
    print_expr,
    transform,
)
from skillforge_mon.spec.quantities import Duration as Length
from skillforge_mon.spec.quantities import QuantityError, plain_number
from skillforge_mon.spec.yaml.nodes import ScalarNode

OPERATORS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
METHODS = ("Occurrences", "Timeslices", "RatioTimeslices")
_SHORTHAND = re.compile(r"([0-9]+)([mhdwMQY])", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080, "M": 43_200, "Q": 129_600, "Y": 525_600}
CALENDAR = {"1w": "week", "7d": "week", "1M": "month", "1Q": "quarter", "3M": "quarter"}
SHORTHAND_OF = {"week": "1w", "month": "1M", "quarter": "1Q"}
"""A period of the calendar -> OpenSLO's duration-shorthand."""


def shorthand(text: str) -> Length | None:
    """A duration-shorthand (OpenSLO v1, "Custom Data Types"): a number and one of m, h, d, w, M, Q, Y.

    A month is 30 days, a quarter 90 and a year 365: the specification leaves that open. None for anything else.
    """
    match = _SHORTHAND.fullmatch(text)
    if match is None:
        return None
    try:
        length = Length.parse(f"{int(match[1]) * _MINUTES[match[2]]}m")
    except (QuantityError, ValueError):
        return None
    return length or None


def window(fields: Fields, title: str) -> tuple[str, Length] | None:
    """The window of an SLO as our text, and its length, from an item of ``timeWindow``; None when it cannot be said."""
    fields.title = title
    text = fields.needed("duration")
    rolling = fields.flag("isRolling")
    calendar = fields.map("calendar")
    if text is None:
        return None
    length = shorthand(text)
    if length is None:
        fields.invalid("duration", "should be a number and one of m, h, d, w, M, Q, Y, such as `4w`")
        return None
    if calendar is None and rolling is not False:
        if text[-1] in "MQY":
            fields.different("duration", f"a window of `{text}` that rolls is taken for {length}")
        return str(length), length
    if calendar is not None:
        calendar.title = title
        begins(calendar)
    name = CALENDAR.get(text)
    if name is None:
        fields.left_out("duration", f"monmc knows no period of the calendar of `{text}`", "write 1w, 1M or 1Q")
        return None
    return name, length


def begins(calendar: Fields) -> None:
    """Report where a period of the calendar begins elsewhere than ours."""
    zone = calendar.text("timeZone")
    if zone is not None and zone not in {"UTC", "Etc/UTC", "GMT"}:
        calendar.lost("timeZone", "periods of the calendar begin in UTC")
    calendar.skip("startTime")
    start = calendar.node.get("startTime")
    if isinstance(start, ScalarNode) and ":" in start.text and not re.search(r"[ T]00:00(:00)?", start.text):
        calendar.lost("startTime", "periods of the calendar begin at midnight")


def measured_by_pair(
    fields: Fields, part: Expr, total: Expr, key: str, objective: Fields, method: str, *, counter: bool
) -> dict[str, Any] | None:
    """The fields of an SLO with a ratio of ``key`` (``good`` or ``bad``) events to all."""
    good = key == "good"
    if method == "Occurrences":
        found = measured_by_events(part, total, good=good, bare=counter)
        if found is None and good and not counter:
            found = _of_scrapes(part, total)
        if found is not None:
            return found
        fields.different(
            key,
            "its queries are no counters, so they are kept as a ratio, of which each moment counts the same",
        )
        part, total = _over(part, RATIO_WINDOW, counter), _over(total, RATIO_WINDOW, counter)
        return {"ratio": share_of_bad(part, total, good=good)} | grouped_by(Binary("/", part, total))
    length = slice_length(objective)
    if length is None:
        return None
    part, total = _over(part, str(length), counter), _over(total, str(length), counter)
    share = share_of_bad(part, total, good=good)
    if method == "RatioTimeslices":
        objective.different("timeSliceWindow", f"the mean of the ratio over {length} is taken at every evaluation")
        return {"ratio": share} | grouped_by(Binary("/", part, total))
    least = share_of_slice(objective)
    if least is None:
        return None
    objective.different("timeSliceWindow", f"the last {length} are judged at every evaluation, not slice by slice")
    return {"slices": {"expr": share, "good": f"<= {plain_number(1 - least)}"}} | grouped_by(Binary("/", part, total))


def measured_by_threshold(expr: Expr, objective: Fields, method: str) -> dict[str, Any] | None:
    """The fields of an SLO with a value that must stay on one side of a bound."""
    op, value = objective.needed("op"), objective.number("value")
    if value is None and not objective.has("value"):
        objective.missing("value")
    if op is None or value is None:
        return None
    if op not in OPERATORS:
        objective.invalid("op", f"should be one of {', '.join(OPERATORS)}")
        return None
    if method == "Occurrences":
        return {"slices": {"expr": print_expr(expr), "good": f"{OPERATORS[op]} {plain_number(value)}"}}
    length, least = slice_length(objective), share_of_slice(objective)
    if length is None or least is None:
        return None
    share = query_of(f"avg_over_time(({print_expr(expr)} {OPERATORS[op]} bool {plain_number(value)})[{length}:])")
    objective.different("timeSliceWindow", f"the last {length} are judged at every evaluation, not slice by slice")
    return {"slices": {"expr": print_expr(share), "good": f">= {plain_number(least)}"}}


def measured_by_raw(expr: Expr, kind: str) -> dict[str, Any]:
    """The fields of an SLO whose ratio is stored: of ``success``, or of ``failure``."""
    return {"ratio": print_expr(opposite(expr) if kind == "success" else expr)}


def slice_length(objective: Fields) -> Length | None:
    """``timeSliceWindow``: a duration-shorthand, or minutes. It must be there."""
    if not objective.has("timeSliceWindow"):
        objective.missing("timeSliceWindow")
        return None
    node = objective.node.get("timeSliceWindow")
    text = getattr(node, "text", "")
    objective.skip("timeSliceWindow")
    length = shorthand(text) or shorthand(f"{text}m")
    if length is None:
        objective.invalid("timeSliceWindow", "should be minutes, or a number and one of m, h, d")
    return length


def share_of_slice(objective: Fields) -> Decimal | None:
    """``timeSliceTarget``: the share that must be good for a slice to be good. It must be there."""
    if not objective.has("timeSliceTarget"):
        objective.missing("timeSliceTarget")
    value = objective.number("timeSliceTarget")
    if value is not None and not 0 < value <= 1:
        objective.invalid("timeSliceTarget", "should be above 0 and at most 1")
        return None
    return value


def query_text(fields: Fields, key: str = "query") -> Expr | None:
    """The query of a metric source; why it cannot be read is reported."""
    text = fields.needed(key)
    if text is None:
        return None
    try:
        return query_of(text)
    except QueryError as error:
        fields.left_out(key, str(error))
        return None


def target(objective: Fields) -> str | None:
    """``target`` (0 to 1) or ``targetPercent``, in per cent; one of them must be there."""
    if objective.has("targetPercent"):
        if objective.has("target"):
            objective.invalid("target", "stands beside `targetPercent`; only one of them is allowed")
        return objective.objective("targetPercent", percent=True)
    if not objective.has("target"):
        objective.missing("target")
    return objective.objective("target", percent=False)


def _of_scrapes(part: Expr, total: Expr) -> dict[str, Any] | None:
    """The sum of a gauge that is 1 or 0, to how many there are."""
    if not (isinstance(part, Aggregate) and isinstance(total, Aggregate)):
        return None
    plain = part.grouping is None and total.grouping is None and (part.op, total.op) == ("sum", "count")
    if plain and part.expr == total.expr and isinstance(part.expr, VectorSelector):
        return {"available": print_expr(part.expr)}
    return None


def _over(expr: Expr, length: str, counter: bool) -> Expr:
    """``expr`` over ``length``: a bare counter as the sum of its rate, a range of ours in its place."""
    if counter and isinstance(expr, Aggregate) and expr.op == "sum" and isinstance(expr.expr, VectorSelector):
        return replace(expr, expr=query_of(f"rate({print_expr(expr.expr)}[{length}])"))
    if counter and isinstance(expr, VectorSelector):
        return query_of(f"sum(rate({print_expr(expr)}[{length}]))")
    wanted = int(Length.parse(length))
    written = int(Length.parse(RATIO_WINDOW))

    def stretched(node: Expr) -> Expr:
        if isinstance(node, MatrixSelector) and node.range.milliseconds == written:
            return MatrixSelector(node.vector, Duration(wanted))
        return node

    return transform(expr, stretched)
