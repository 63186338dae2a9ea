"""Events of an SLO as made-up counters: a share of them bad, stretch after stretch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import CountedEvents
from skillforge_mon.proving.drivers import fitting_labels
from skillforge_mon.proving.selecting import fitting_value, selects
from skillforge_mon.proving.traffic import InputSeries, Stretch, counter_pieces
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import VectorSelector, metric_name
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL

MINUTE: Final = 60_000
LEAST_EVENTS: Final = 100.0
"""Events per second, and bad ones where any are: far more than the least that must be bad before anybody is told."""


@dataclass(frozen=True, slots=True)
class Load:
    """``minutes`` of ``events`` per second, the share ``bad`` of them bad; None: the series are gone."""

    minutes: int
    events: float | None
    bad: float = 0.0


def steady(minutes: int, bad: float) -> Load:
    """A load in which enough events are bad."""
    return Load(minutes, max(LEAST_EVENTS, LEAST_EVENTS / bad) if bad else LEAST_EVENTS, bad)


class SloTraffic:
    """The counters of one SLO: the part that is counted, and the rest of all events."""

    def __init__(self, plan: SloPlan, catalogue: Catalogue) -> None:
        events = plan.events
        if not isinstance(events, CountedEvents):
            raise UnsupportedError(f"an SLO that counts by `{type(events).__name__}`")
        self.events = events
        self.by = plan.by
        self.part = _labels(events.part, catalogue, plan.by, ())
        self.total = _labels(events.total, catalogue, plan.by, (events.part,))
        self.inside = selects(events.total, self.part)
        if self.inside and selects(events.part, self.total):
            raise UnsupportedError("an SLO whose selectors leave nothing that only one of them reads")
        self.reads: tuple[VectorSelector, ...] = (events.total, events.part)
        self.groups: dict[str, str] = {label: self.part[label] for label in plan.by if label in self.part}
        if any(self.total.get(label) != value for label, value in self.groups.items()):
            raise UnsupportedError("an SLO whose selectors differ in the labels of `group_by`")

    def series(self, loads: Iterable[Load], *, never_bad: bool = False) -> tuple[InputSeries, ...]:
        """The counters over ``loads``, one sample a minute. ``never_bad``: none of bad events was ever exported."""
        part: list[Stretch] = []
        total: list[Stretch] = []
        for load in loads:
            if load.events is None:
                part.append(Stretch(load.minutes, None))
                total.append(Stretch(load.minutes, None))
                continue
            bad = load.events * load.bad
            of_part = load.events - bad if self.events.part_is_good else bad
            part.append(Stretch(load.minutes, of_part * 60))
            total.append(Stretch(load.minutes, (load.events - of_part if self.inside else load.events) * 60))
        bad_alone = self.events.part_is_good and self.inside
        counted = () if never_bad and not self.events.part_is_good else (InputSeries(self.part, counter_pieces(part)),)
        rest = () if never_bad and bad_alone else (InputSeries(self.total, counter_pieces(total)),)
        return (*counted, *rest)


def _labels(
    selector: VectorSelector, catalogue: Catalogue, by: Sequence[str], others: Sequence[VectorSelector]
) -> dict[str, str]:
    name = metric_name(selector)
    if name is None:
        raise UnsupportedError("a selector without the name of a metric")
    same = [each for each in others if metric_name(each) == name]
    labels = fitting_labels(selector, catalogue.lookup(name), frozenset(by), same)
    bounds = [matcher for matcher in selector.matchers if matcher.label == "le"]
    bound = fitting_value(bounds, (), ()) if bounds else None
    if bound is not None:
        labels["le"] = bound
    labels[METRIC_NAME_LABEL] = name
    return labels
