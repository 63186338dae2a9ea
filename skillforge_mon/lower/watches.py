"""Who watches a value: the alerts and SLOs whose numbers hold for what a panel shows.

A number may only be drawn into a panel where it means there what it means in the alert. So the panel's query must be
the alert's, and may differ in

- brackets, and the window of ``rate``: a rate is per second, whatever the window;
- matchers that the panel adds, on labels that tell the alert's series apart: it shows some of them. They must be the
  same on every selector;
- grouping, where the value is an average, a quantile or a share: its size does not depend on how many series are
  brought together. That of a sum does, so there the labels must be the same, but for those that the panel pins to one
  value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import CountedEvents
from skillforge_mon.lower.slo_slices import Slices
from skillforge_mon.model.project import Runbook
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Card,
    Duration,
    Expr,
    Grouping,
    LabelName,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    Paren,
    Subquery,
    Unary,
    VectorMatching,
    VectorSelector,
    selectors,
)
from skillforge_mon.query.types import infer

DIRECTIONS = {">": "above", ">=": "above", "<": "below", "<=": "below"}
_OPPOSITE = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_OF_ANY_SIZE = frozenset(("histogram_quantile", "histogram_avg", "histogram_fraction", "avg", "min", "max", "quantile"))
_ANY_WINDOW = frozenset(("rate",))


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """``value`` is watched: somebody is told, at ``severity``, where it is ``op`` ``number``."""

    value: Expr
    op: str
    number: Decimal
    severity: str
    name: str
    runbook: Runbook | None


class Watches:
    """All that is watched, found by the series that are read."""

    def __init__(self, watches: Iterable[Watch], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_metrics: defaultdict[frozenset[str], list[tuple[frozenset[Matcher], Watch]]] = defaultdict(list)
        for watch in watches:
            self._by_metrics[infer(watch.value, catalogue).metrics].append((_matchers(watch.value), watch))

    def of(self, shown: Expr) -> list[Watch]:
        """The watches whose numbers hold for what ``shown`` shows, in the order of the spec."""
        found = self._by_metrics.get(infer(shown, self._catalogue).metrics, ())
        # What is shown keeps every matcher of what is watched: quick to see, where hundreds of services are alike.
        matchers = _matchers(shown)
        return [
            watch for needed, watch in found if needed <= matchers and same_meaning(watch.value, shown, self._catalogue)
        ]


def _matchers(expr: Expr) -> frozenset[Matcher]:
    return frozenset(matcher for selector in selectors(expr) for matcher in selector.matchers)


def watches(conditions: Iterable[AlertCondition], plans: Iterable[SloPlan]) -> Iterator[Watch]:
    """What alerts compare with a number, and what SLOs allow."""
    for condition in conditions:
        if condition.comparison is not None and condition.comparison.op in DIRECTIONS:
            yield Watch(
                condition.value,
                condition.comparison.op,
                condition.comparison.number,
                condition.severity.severity,
                condition.alert.name,
                condition.alert.runbook,
            )
    for plan in plans:
        yield from _of_slo(plan)


def _of_slo(plan: SloPlan) -> Iterator[Watch]:
    """What the objective says of the values that people draw: the share of bad or good events, and the quantile."""
    slo, events, objective = plan.slo, plan.events, plan.slo.spec.objective
    if slo.latency is not None:
        selector = slo.latency.metric.expr
        if isinstance(selector, VectorSelector) and isinstance(events, CountedEvents) and selector.name:
            buckets = replace(selector, name=f"{selector.name}_bucket")
            number = NumberLiteral(float(objective))
            value = Call("histogram_quantile", (number, _sum_of_rate(buckets, "le", *events.by)))
            yield Watch(value, ">", slo.latency.below.base, "warning", slo.name, slo.runbook)
        return
    if isinstance(events, CountedEvents):
        share = Binary("/", _sum_of_rate(events.part, *events.by), _sum_of_rate(events.total, *events.by))
        op, number_ = ("<", objective) if events.part_is_good else (">", plan.budget)
        yield Watch(share, op, number_, "warning", slo.name, slo.runbook)
    elif isinstance(events, Slices) and slo.spec.slices is not None and events.op in _OPPOSITE:
        yield Watch(events.value, _OPPOSITE[events.op], events.bound, "warning", slo.name, slo.runbook)


def _sum_of_rate(selector: VectorSelector, *labels: str) -> Expr:
    grouping = Grouping(False, tuple(LabelName(label) for label in labels)) if labels else None
    return Aggregate("sum", Call("rate", (MatrixSelector(selector, Duration(300_000)),)), grouping=grouping)


def same_meaning(watched: Expr, shown: Expr, catalogue: Catalogue) -> bool:
    """True when a number that ``watched`` is compared with holds for what ``shown`` shows; see above."""
    comparison = _Comparison(regroups=_is_of_any_size(watched, catalogue))
    if not comparison.same(watched, shown):
        return False
    added = comparison.added
    if len(set(added)) > 1:
        return False
    labels = infer(watched, catalogue).labels
    narrowed = next(iter(added), frozenset())
    if not all(labels.may_have(matcher.label) for matcher in narrowed):
        return False
    pinned = {matcher.label for matcher in narrowed if matcher.op == "="}
    return all(left - pinned == right - pinned for left, right in comparison.groupings)


def _is_of_any_size(expr: Expr, catalogue: Catalogue) -> bool:
    """True for a value whose size does not grow with the number of series behind it."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if isinstance(expr, Binary) and expr.op == "*":
        sides = (expr.lhs, expr.rhs)
        return any(isinstance(side, NumberLiteral) for side in sides) and any(
            _is_of_any_size(side, catalogue) for side in sides
        )
    if isinstance(expr, Call):
        return expr.function in _OF_ANY_SIZE
    if isinstance(expr, Aggregate):
        return expr.op in _OF_ANY_SIZE
    return isinstance(expr, Binary) and (expr.op == "/" or infer(expr, catalogue).share)


class _Comparison:
    """Two trees held against each other. ``added`` has the matchers that each selector of the second adds."""

    def __init__(self, *, regroups: bool) -> None:
        self.regroups = regroups
        self.added: list[frozenset[Matcher]] = []
        self.groupings: list[tuple[frozenset[str], frozenset[str]]] = []

    def same(self, watched: Expr, shown: Expr, *, any_window: bool = False) -> bool:
        while isinstance(watched, Paren):
            watched = watched.expr
        while isinstance(shown, Paren):
            shown = shown.expr
        match watched, shown:
            case VectorSelector(), VectorSelector():
                return self.same_series(watched, shown)
            case MatrixSelector(), MatrixSelector():
                windows = any_window or watched.range == shown.range
                return windows and self.same_series(watched.vector, shown.vector)
            case Subquery(), Subquery():
                outside = replace(watched, expr=shown.expr) == shown
                return outside and self.same(watched.expr, shown.expr)
            case Unary(), Unary():
                return watched.op == shown.op and self.same(watched.expr, shown.expr)
            case Binary(), Binary():
                return self.same_operation(watched, shown)
            case Aggregate(), Aggregate():
                return self.same_aggregation(watched, shown)
            case Call(), Call():
                return self.same_call(watched, shown)
        return watched == shown

    def same_series(self, watched: VectorSelector, shown: VectorSelector) -> bool:
        if (watched.name, watched.offset, watched.at) != (shown.name, shown.offset, shown.at):
            return False
        own, others = frozenset(watched.matchers), frozenset(shown.matchers)
        self.added.append(others - own)
        return own <= others

    def same_operation(self, watched: Binary, shown: Binary) -> bool:
        if (watched.op, watched.return_bool) != (shown.op, shown.return_bool):
            return False
        plain = _one_to_one(watched.matching) and _one_to_one(shown.matching)
        if not plain and watched.matching != shown.matching:
            return False
        return self.same(watched.lhs, shown.lhs) and self.same(watched.rhs, shown.rhs)

    def same_aggregation(self, watched: Aggregate, shown: Aggregate) -> bool:
        if watched.op != shown.op or watched.param != shown.param:
            return False
        own, others = watched.grouping, shown.grouping
        if (own is not None and own.without) or (others is not None and others.without):
            if own != others:
                return False
        elif not self.regroups:
            self.groupings.append((_labels(own), _labels(others)))
        return self.same(watched.expr, shown.expr)

    def same_call(self, watched: Call, shown: Call) -> bool:
        if watched.function != shown.function or len(watched.args) != len(shown.args):
            return False
        loose = watched.function in _ANY_WINDOW
        pairs = zip(watched.args, shown.args, strict=True)
        return all(self.same(left, right, any_window=loose) for left, right in pairs)


def _one_to_one(matching: VectorMatching | None) -> bool:
    return matching is None or matching.card is Card.ONE_TO_ONE


def _labels(grouping: Grouping | None) -> frozenset[str]:
    return frozenset(label.name for label in grouping.labels) if grouping is not None else frozenset()


def by_severity(found: Iterable[Watch]) -> Mapping[tuple[str, str], Decimal]:
    """(direction, severity) -> the number that is reached first."""
    first: dict[tuple[str, str], Decimal] = {}
    for watch in found:
        direction = DIRECTIONS[watch.op]
        key = (direction, watch.severity)
        nearest = min if direction == "above" else max
        first[key] = nearest(first.get(key, watch.number), watch.number)
    return first
