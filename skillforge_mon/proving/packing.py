"""Cases that share a run of promtool: none reads the series of another, or tells of an alert of the same name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from skillforge_mon.proving.case import Case
from skillforge_mon.proving.selecting import selects
from skillforge_mon.query.promql import VectorSelector, metric_name
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL

LARGEST: Final = 64
"""Cases of one run: enough that the cost of a run no longer matters, few enough that all cores have work."""

_MOST_TRIED: Final = 16
"""Open runs that are looked at for one case."""


class Run:
    """Cases that are run together: the same steps, about the same length."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self._alerts: set[str] = set()
        self._names: set[object] = set()
        self._series: dict[str, list[Mapping[str, str]]] = {}
        self._reads = _Readers()

    def takes(self, case: Case) -> bool:
        """Whether ``case`` and those that are here do not see each other."""
        if len(self.cases) >= LARGEST or case.alerts & self._alerts or _group_names(case) & self._names:
            return False
        if any(self._reads.read(series.labels) for series in case.series):
            return False
        return not any(
            selects(selector, labels)
            for selector in case.reads
            for labels in self._series.get(metric_name(selector) or "", ())
        )

    def add(self, case: Case) -> None:
        """Take ``case`` in."""
        self.cases.append(case)
        self._alerts |= case.alerts
        self._names |= _group_names(case)
        for series in case.series:
            self._series.setdefault(series.labels[METRIC_NAME_LABEL], []).append(series.labels)
        for selector in case.reads:
            self._reads.add(selector)


class _Readers:
    """Selectors by the metric that they read and by one label that they ask for, so that few must be tried."""

    def __init__(self) -> None:
        self._any: dict[str, list[VectorSelector]] = {}
        self._by_label: dict[str, dict[str, dict[str, list[VectorSelector]]]] = {}

    def add(self, selector: VectorSelector) -> None:
        name = metric_name(selector) or ""
        asked = next((each for each in selector.matchers if each.op == "=" and each.value), None)
        if asked is None:
            self._any.setdefault(name, []).append(selector)
        else:
            values = self._by_label.setdefault(name, {}).setdefault(asked.label, {})
            values.setdefault(asked.value, []).append(selector)

    def read(self, labels: Mapping[str, str]) -> bool:
        name = labels[METRIC_NAME_LABEL]
        if any(selects(selector, labels) for selector in self._any.get(name, ())):
            return True
        return any(
            selects(selector, labels)
            for label, values in self._by_label.get(name, {}).items()
            for selector in values.get(labels.get(label, ""), ())
        )


def _group_names(case: Case) -> set[object]:
    return {group["name"] for group in case.groups if isinstance(group, Mapping)}


def packed(cases: Iterable[Case]) -> Iterator[Run]:
    """The runs of ``cases``, each in the first one that takes it. The result is the same every time."""
    open_runs: dict[tuple[int, int, int], list[Run]] = {}
    for case in cases:
        if case.alone:
            alone = Run()
            alone.add(case)
            yield alone
            continue
        runs = open_runs.setdefault((case.step, case.evaluation, case.steps.bit_length()), [])
        run = next((each for each in runs[-_MOST_TRIED:] if each.takes(case)), None)
        if run is None:
            run = Run()
            runs.append(run)
        run.add(case)
    for runs in open_runs.values():
        yield from runs
