"""What an SLO of Datadog measures: its good events and all events, or the slices of time in which a value is right.

Sources: docs.datadoghq.com, "Metric-based SLOs" (Define queries), "Time Slice SLOs"; the API's ``SLOCountDefinition``
and ``SLOTimeSliceCondition``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from skillforge_mon.backends.datadog.evaluation import evaluate
from skillforge_mon.backends.datadog.filters import tag_filters, tag_of
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.query.printer import print_node
from skillforge_mon.backends.datadog.query.scope_tree import negation
from skillforge_mon.backends.datadog.query.tree import (
    AS_COUNT,
    Arithmetic,
    Function,
    Limit,
    Metric,
    Node,
    QueryName,
    metrics,
)
from skillforge_mon.backends.datadog.reader import Reader
from skillforge_mon.backends.datadog.refusals import refused
from skillforge_mon.backends.datadog.series import BUCKET_LABEL, SeriesReader
from skillforge_mon.backends.datadog.untranslatable import Untranslatable, cannot, quoted
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import CountedEvents, NativeLatency
from skillforge_mon.lower.slo_slices import Combined, GivenRatio, Scrapes, Slices
from skillforge_mon.model.project import Project
from skillforge_mon.query.algebra import Condition, Selection, Shift, Unsaid, read
from skillforge_mon.query.promql import Matcher, VectorSelector, metric_name
from skillforge_mon.spec.quantities import Duration, plain_number

INSTEAD = (
    "take `datadog` out of the SLO's `backends`; there, an alert can watch what it promises: "
    "`datadog: {query: …}` under `alerts`"
)
SLICE = Duration.of(minutes=1)
LONG_SLICE = Duration.of(minutes=5)
"""The two lengths of a slice; the longer one for what is scraped less often than every minute."""

_COMPARATORS = frozenset((">", ">=", "<", "<="))
_BOTH_COUNTED = "Datadog counts what the Agent sent, where Prometheus extrapolates to the ends of its windows"


def measured(project: Project, names: Names, plan: SloPlan, differs: Callable[[str], None]) -> dict[str, Plain]:
    """``type`` of the SLO, and its ``query`` or ``sli_specification``. Raises Untranslatable."""
    events = plan.events
    match events:
        case CountedEvents() | NativeLatency():
            numerator, denominator = _counted(names, events, plan.by, differs)
            differs(_BOTH_COUNTED)
            return {
                "type": "metric",
                "query": {"numerator": print_node(numerator), "denominator": print_node(denominator)},
            }
        case Slices():
            return {"type": "time_slice", "sli_specification": {"time_slice": _sliced(project, names, events, differs)}}
        case Scrapes():
            names.source(metric_name(events.gauge) or "", counted=False)  # what Datadog does not have at all says more
            raise Untranslatable(
                f"{quoted(events.gauge)}: Datadog has no SLO on the samples of a gauge",
                "write `available: {metric: …, counts: any}`, or `all`, to count time",
            )
        case GivenRatio():
            raise cannot(
                events.value, "Datadog's SLOs count events, or time that is good or bad, but no shares", INSTEAD
            )
        case Combined():
            raise Untranslatable("it is made of other SLOs, which Datadog does not combine", INSTEAD)
        case _:
            assert_never(events)


def _counted(
    names: Names, events: CountedEvents | NativeLatency, by: tuple[str, ...], differs: Callable[[str], None]
) -> tuple[Node, Node]:
    """Good events, and all events."""
    counting = _Counting(names, by, differs)
    if isinstance(events, NativeLatency):
        observed = counting.observations(events.histogram)
        return counting.limited(observed, events.bound), observed
    total = counting.events(events.total)
    part = counting.events(_one_bound(events.part))
    if isinstance(part, Metric) and part.values is not None and part.values.number is not None:
        part = counting.limited(part, part.values.number)
    if events.part_is_good:
        return part, total
    return _negated(total, part) or Arithmetic("-", total, part), total


class _Counting:
    """Reads counters and distributions as counts, grouped by the labels each of whose values has its own budget."""

    def __init__(self, names: Names, by: tuple[str, ...], differs: Callable[[str], None]) -> None:
        self.names = names
        self.by = by
        self.differs = differs
        self.series = SeriesReader(names, differs)

    def events(self, selector: VectorSelector) -> Node:
        """What ``selector`` counts. Raises Untranslatable."""
        node = read(selector)
        if isinstance(node, Unsaid):
            raise refused(node)
        selection = node.argument if isinstance(node, Shift) else node
        assert isinstance(selection, Selection)  # noqa: S101 - nothing else is read from a selector
        reading = self.series.reading(selection, "increase")
        shift = self.series.shift(node) if isinstance(node, Shift) else ""
        self.series.scraped_labels(reading.scraped, self.by)
        metric = self.count(reading.metric)
        return Function(shift, metric) if shift else metric

    def observations(self, histogram: VectorSelector) -> Metric:
        """All that a native histogram observed, which the Agent sends as a distribution. Raises Untranslatable."""
        name = metric_name(histogram)
        if name is None or histogram.offset is not None:
            raise cannot(histogram, "Datadog's SLOs count the values of one named metric, as they come in", INSTEAD)
        source = self.names.source(name, counted=True)
        if source.stored != "distribution":
            raise cannot(histogram, f"Datadog does not keep `{source.name}` as a distribution", INSTEAD)
        self.series.scraped_labels(source.scraped, (*(matcher.label for matcher in histogram.matchers), *self.by))
        return self.count(Metric("count", source.name, tag_filters(histogram.matchers, source.values, self.differs)))

    def count(self, metric: Metric) -> Metric:
        return replace(metric, by=tuple(dict.fromkeys(map(tag_of, self.by))), methods=(AS_COUNT,))

    def limited(self, metric: Metric, bound: Decimal) -> Metric:
        """The values of a distribution up to ``bound``."""
        self.differs(
            f"Datadog counts the values of `{metric.name}` up to {plain_number(bound)} where percentiles are switched "
            "on for it"
        )
        return replace(metric, values=Limit("<=", bound))


def _one_bound(selector: VectorSelector) -> VectorSelector:
    """``selector`` with ``le`` in one spelling: old versions of Prometheus have several for the same bucket."""

    def spelt(matcher: Matcher) -> Matcher:
        if matcher.label != BUCKET_LABEL or matcher.op != "=~":
            return matcher
        return Matcher(BUCKET_LABEL, "=", matcher.value.partition("|")[0].replace("\\", ""))

    return replace(selector, matchers=tuple(map(spelt, selector.matchers)))


def _negated(total: Node, bad: Node) -> Node | None:
    """Good events by their tags, where the bad ones are those of ``total`` with one tag more; else None.

    A difference has no value at times at which nothing has gone wrong yet, so it is only written where it must be.
    """
    if not isinstance(total, Metric) or not isinstance(bad, Metric):
        return None
    further = [item for item in bad.filters if item not in total.filters]
    if len(further) != 1 or replace(bad, filters=total.filters) != total:
        return None
    if len(bad.filters) != len(total.filters) + 1:
        return None
    return replace(total, filters=(*total.filters, negation(further[0])))


def _sliced(project: Project, known: Names, events: Slices, differs: Callable[[str], None]) -> dict[str, Plain]:
    """The condition of a time slice. Raises Untranslatable."""
    if events.op not in _COMPARATORS:
        raise cannot(events.value, f"Datadog's time slices compare by < <= > >=, not by `{events.op}`", INSTEAD)
    plan = Reader(project, known, differs).read(events.value)
    node = evaluate(Condition(plan, events.op, events.bound, 0), lambda _: None).query.expression
    found = list(dict.fromkeys(metrics(node)))
    tags = dict.fromkeys(tag for metric in found for tag in metric.by)
    if tags or events.by:
        apart = ", ".join(f"`{tag}`" for tag in (tags or events.by))
        raise cannot(events.value, f"it has a value for each {apart}, and a time slice is good or bad", "aggregate it")
    prometheus = project.targets.prometheus
    scraped = prometheus.scrape_interval if prometheus is not None else SLICE
    length = SLICE if scraped <= SLICE else LONG_SLICE
    differs(
        f"Datadog judges slices of {length} by what it keeps of the Agent's points, and one without points is good, "
        f"where Prometheus judges every {events.every}, and counts nothing without a value"
    )
    longest_first = sorted(found, key=lambda each: -len(print_node(each)))
    names = {metric: f"query{number}" for number, metric in enumerate(longest_first, 1)}
    queries = [{"data_source": "metrics", "name": name, "query": print_node(metric)} for metric, name in names.items()]
    query: Mapping[str, Plain] = {"formulas": [{"formula": print_node(_formula(node, names))}], "queries": queries}
    return {
        "query": query,
        "comparator": events.op,
        "threshold": events.bound,
        "query_interval_seconds": int(length) // 1000,
    }


def _formula(node: Node, names: Mapping[Metric, str]) -> Node:
    """``node`` with the names of queries in place of its metrics."""
    match node:
        case Metric():
            return QueryName(names[node])
        case Arithmetic():
            return replace(node, left=_formula(node.left, names), right=_formula(node.right, names))
        case Function():
            return replace(node, argument=_formula(node.argument, names))
    return node
