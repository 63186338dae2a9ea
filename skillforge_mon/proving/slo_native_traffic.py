"""Events of an SLO as made-up observations of a native histogram: a share of them above the bound."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import NativeLatency
from skillforge_mon.proving.drivers import fitting_labels
from skillforge_mon.proving.slo_traffic import Load
from skillforge_mon.proving.traffic import NativePiece, NativeSeries
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import VectorSelector, metric_name
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL

NATIVE_SERIES_SINCE: Final = (3, 4)
"""Before, promtool's series notation has no native histograms (2.42: "unexpected character in series sequence"), or no
series that grows at two speeds (prometheus/prometheus issue 15984, put right by pull request 16403 in April 2025)."""

_BUCKETS_PER_DOUBLING: Final = 256
"""Schema 8 ("Native Histograms", "Schema"): the finest there is."""


class NativeTraffic:
    """The native histogram of one SLO. Raises UnsupportedError where promtool cannot be given one."""

    def __init__(self, plan: SloPlan, catalogue: Catalogue, promtool: tuple[int, int]) -> None:
        events = plan.events
        assert isinstance(events, NativeLatency)  # noqa: S101 - the caller has looked
        if promtool < NATIVE_SERIES_SINCE:
            since, this = (".".join(map(str, each)) for each in (NATIVE_SERIES_SINCE, promtool))
            raise UnsupportedError(
                f"native histograms, which promtool can be given from {since} on, and this is {this}"
            )
        if events.bound <= 0:
            raise UnsupportedError("a latency of 0")
        name = metric_name(events.histogram)
        if name is None:
            raise UnsupportedError("a selector without the name of a metric")
        labels = fitting_labels(events.histogram, catalogue.lookup(name), frozenset(plan.by), ())
        self.labels = {**{label: f"a-{label}" for label in plan.by}, **labels, METRIC_NAME_LABEL: name}
        self.reads: tuple[VectorSelector, ...] = (events.histogram,)
        self.groups: dict[str, str] = {label: self.labels[label] for label in plan.by}
        self.offset = math.ceil(math.log2(events.bound) * _BUCKETS_PER_DOUBLING) - 1

    def series(self, loads: Iterable[Load], *, never_bad: bool = False) -> tuple[NativeSeries, ...]:
        """The histogram over ``loads``, one sample a minute; what was never bad is its bucket that stays empty."""
        return (NativeSeries(self.labels, self.offset, tuple(_pieces(loads))),)


def _pieces(loads: Iterable[Load]) -> Iterator[NativePiece]:
    good = bad = 0.0
    begun = False
    for load in loads:
        if load.events is None:
            good = bad = 0.0
            yield NativePiece(load.minutes, None)
        else:
            bad_slope = load.events * load.bad * 60
            good_slope = load.events * 60 - bad_slope
            # The first sample of all is 0, as that of a counter.
            first = (good + good_slope, bad + bad_slope) if begun else (good, bad)
            yield NativePiece(load.minutes, *first, good_slope, bad_slope)
            good, bad = (
                at + slope * (load.minutes - 1) for at, slope in zip(first, (good_slope, bad_slope), strict=True)
            )
        begun = True
