"""From a selection of the algebra to a reading: the metric's name in Datadog, its filters and its tags."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.filters import INSTANCE, tag_filters, tag_of
from skillforge_mon.backends.datadog.names import Names, Source
from skillforge_mon.backends.datadog.query.scope_tree import TagFilter
from skillforge_mon.backends.datadog.query.tree import Limit, Metric
from skillforge_mon.backends.datadog.reading import COUNTED, How, Reading
from skillforge_mon.backends.datadog.untranslatable import cannot, quoted
from skillforge_mon.query.algebra import Selection, Shift, Window
from skillforge_mon.query.promql import Expr, Matcher, metric_name
from skillforge_mon.query.promql.duration import duration_text

BUCKET_LABEL = "le"
UPPER_BOUND = "upper_bound"
"""What the Agent calls ``le``."""
QUANTILE_LABEL = "quantile"
_COUNTERS: frozenset[How] = COUNTED | {"latest_rate"}


class SeriesReader:
    """Reads selectors. Differences between the two systems are handed to ``differs``."""

    def __init__(self, names: Names, differs: Callable[[str], None]) -> None:
        self._names = names
        self._differs = differs

    def reading(self, selection: Selection, how: How, range_: int = 0) -> Reading:
        """``selection``, read in the way ``how`` over ``range_`` milliseconds. Raises Untranslatable."""
        selector = selection.source
        source = self._source(selection, counted=how in _COUNTERS)
        counter = how in _COUNTERS
        if source.stored == "gauge" and counter:
            raise cannot(selector, "Datadog keeps it as a gauge, and has rates of counters only")
        if source.stored != "gauge" and not counter:
            what = "running totals" if source.stored == "count" else "single values of a distribution"
            raise cannot(selector, f"Datadog does not keep {what}", "take its `rate()` or `increase()`")
        if source.series == "native_histogram":
            raise cannot(selector, "of a native histogram only `histogram_quantile()` can be read in Datadog")
        metric, selecting = self._metric(selection, source)
        tags = tuple(dict.fromkeys(tag_of(label) for label in source.labels or () if label not in selecting))
        return Reading(
            Metric(metric.space, metric.name, metric.filters, tags, values=metric.values),
            how,
            range_,
            quoted(selector),
            by_known=source.labels is not None,
            fixed_space=source.stored == "distribution",
            scraped=source.scraped,
        )

    def percentile(self, window: Window, level: str, labels: tuple[str, ...] | None, written: Expr) -> Reading:
        """The percentile ``level`` of a distribution, by ``labels`` (None: for each series). Raises Untranslatable."""
        source = self._distribution(window.argument, "quantiles need a distribution", written)
        self._differs(
            f"Datadog measures percentiles, where they are switched on for `{source.name}`; Prometheus estimates them "
            "from buckets"
        )
        if labels is not None:
            self.scraped_labels(source.scraped, labels)
        kept = labels if labels is not None else source.labels or ()
        return Reading(
            Metric(
                level,
                source.name,
                tag_filters(window.argument.matchers, source.values, self._differs),
                tuple(dict.fromkeys(tag_of(label) for label in kept if label != BUCKET_LABEL)),
            ),
            "percentile",
            window.length,
            quoted(written),
            aggregated=True,
            by_known=labels is not None or source.labels is not None,
            fixed_space=True,
            scraped=source.scraped,
        )

    def histogram(self, selection: Selection, written: Expr) -> Metric:
        """All values of the distribution that ``selection``, of buckets, is kept as. Raises Untranslatable."""
        source = self._distribution(selection, "a heatmap of values needs a distribution", written)
        return Metric("histogram", source.name, tag_filters(selection.matchers, source.values, self._differs))

    def scraped_labels(self, scraped: frozenset[str], labels: Iterable[str]) -> None:
        """Say of ``labels`` which Datadog has only when the Agent is told to send them."""
        for label in labels:
            if label == INSTANCE:
                self._differs(f"`instance` is the Agent's tag `{capabilities.ENDPOINT_TAG}`: the URL that it reads")
            elif label in scraped:
                self._differs(f"the Agent must be told to send the tag `{tag_of(label)}`: Prometheus adds it itself")

    def shift(self, node: Shift) -> str:
        """The function that looks back as far as ``node``. Raises Untranslatable."""
        shift = capabilities.TIME_SHIFTS.get(node.milliseconds)
        if shift is None:
            raise cannot(node.source, "Datadog looks back an hour, a day or a week: `offset 1h`, `1d` or `1w`")
        self._differs(
            f"`offset {duration_text(node.milliseconds)}` becomes `{shift}()`, which shifts the points of the whole "
            "window"
        )
        return shift

    def _distribution(self, selection: Selection, needed: str, written: Expr) -> Source:
        source = self._source(selection, counted=True)
        if source.stored != "distribution":
            raise cannot(
                written,
                f"{needed}, and the Agent sends `{source.name}` as counts",
                "set `targets.datadog.openmetrics.histograms: distributions`, and the Agent likewise",
            )
        return source

    def _source(self, selection: Selection, *, counted: bool) -> Source:
        name = metric_name(selection.source)
        if name is None:
            raise cannot(selection.source, "Datadog's queries name the metric")
        source = self._names.source(name, counted=counted)
        if not source.known:
            self._differs(f"`{name}` is not declared under `metrics`, so its name `{source.name}` is a guess")
        self.scraped_labels(source.scraped, (matcher.label for matcher in selection.matchers))
        return source

    def _metric(self, selection: Selection, source: Source) -> tuple[Metric, frozenset[str]]:
        """The metric without its grouping, and the labels that are fixed to one value."""
        matchers = selection.matchers
        fixed = frozenset(matcher.label for matcher in matchers if matcher.op == "=")
        space = "sum" if source.stored == "count" else "avg"
        if source.series == "bucket":
            bound = self._bound(selection)
            matchers = tuple(matcher for matcher in matchers if matcher.label != BUCKET_LABEL)
            filters = tag_filters(matchers, source.values, self._differs)
            if source.stored == "distribution":
                values = Limit("<=", Decimal(repr(bound))) if math.isfinite(bound) else None
                return Metric("count", source.name, filters, values=values), fixed
            if math.isinf(bound):
                return Metric(space, f"{source.name.removesuffix('.bucket')}.count", filters), fixed
            return Metric(space, source.name, (*filters, TagFilter(UPPER_BOUND, (repr(bound),)))), fixed
        if source.series == "quantile":
            matchers = tuple(_float_quantile(matcher) for matcher in matchers)
        if source.stored == "distribution":
            space = "count" if source.series == "count" else "sum"
        return Metric(space, source.name, tag_filters(matchers, source.values, self._differs)), fixed

    def _bound(self, selection: Selection) -> float:
        bounds = [matcher for matcher in selection.matchers if matcher.label == BUCKET_LABEL]
        if len(bounds) == 1 and bounds[0].op == "=":
            try:
                return float(bounds[0].value)
            except ValueError:
                pass
        raise cannot(selection.source, 'buckets can be read in Datadog one at a time, as `{le="0.5"}`')


def _float_quantile(matcher: Matcher) -> Matcher:
    """Quantiles are tags in the Agent's spelling of floats: ``quantile:0.5``, ``quantile:1.0``."""
    if matcher.label != QUANTILE_LABEL or matcher.op not in {"=", "!="}:
        return matcher
    try:
        return Matcher(matcher.label, matcher.op, repr(float(matcher.value)))
    except ValueError:
        return matcher
