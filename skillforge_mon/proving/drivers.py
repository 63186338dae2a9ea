"""What a query reads, as a few knobs: each selector becomes a series (a histogram: buckets) with one number to turn.

A gauge stands at its number, or rises by it where only its change is asked for, or is the time that was so many seconds
ago where that is asked for; a counter grows by it each second, and the observations of a histogram are spread evenly
from 0 to twice its number. None takes the series away.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from skillforge_mon.proving.selecting import fits, fitting_value
from skillforge_mon.proving.traffic import InputSeries, Piece, Stretch, counter_pieces, gauge_pieces
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.bucket_bounds import NORMALISED_BUCKETS, go_float
from skillforge_mon.query.catalogue import Catalogue, MetricEntry
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    VectorSelector,
    metric_name,
    walk,
)
from skillforge_mon.query.promql.tree import COMPARISONS, METRIC_NAME_LABEL

Setting: TypeAlias = float | None
Settings: TypeAlias = tuple[Setting, ...]
Kind: TypeAlias = Literal["gauge", "ramp", "stamp", "switch", "counter", "histogram"]

OBSERVATIONS: Final = 100.0
"""Per second, of every histogram."""

_COUNTING: Final = frozenset(("rate", "increase", "irate"))
_COMPARING: Final = frozenset(("delta", "idelta", "deriv", "changes", "resets"))
"""Functions that only see how a gauge changes."""

_SUFFIXES: Final = ("_bucket", "_count", "_sum")
USUAL_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Those of the client libraries, for histograms whose buckets are not declared."""


@dataclass(frozen=True, slots=True, eq=False)
class Driver:
    """One knob. ``labels`` are those of its series, the name among them; of a histogram without suffix and ``le``.

    ``bounds`` are the buckets of a histogram, by how their bound is written. ``switch`` is a gauge that is 0 or 1,
    ``stamp`` one with a time, of which ``per_second`` make a second.
    """

    kind: Kind
    labels: Mapping[str, str]
    bounds: Mapping[str, float]
    per_second: float = 1.0

    def series(self, stretches: Sequence[tuple[int, Setting]], step: int) -> Iterator[InputSeries]:
        """Its series over ``stretches`` (steps, and where it is set to); ``step`` in milliseconds."""
        seconds = step / 1000
        if self.kind == "stamp":
            yield InputSeries(self.labels, tuple(self._stamps(stretches, seconds)))
            return
        if self.kind != "histogram":
            rises = self.kind in {"counter", "ramp"}
            scale = seconds if rises else 1.0
            found = [Stretch(count, None if number is None else number * scale) for count, number in stretches]
            pieces = counter_pieces(found) if rises else gauge_pieces(found)
            yield InputSeries(self.labels, pieces)
            return
        whole = self.labels[METRIC_NAME_LABEL]
        for text, bound in self.bounds.items():
            yield self._part(
                f"{whole}_bucket", {"le": text}, stretches, [_share(bound, k) for _, k in stretches], seconds
            )
        yield self._part(f"{whole}_count", {}, stretches, [None if k is None else 1.0 for _, k in stretches], seconds)
        yield self._part(f"{whole}_sum", {}, stretches, [k for _, k in stretches], seconds)

    def _stamps(self, stretches: Sequence[tuple[int, Setting]], seconds: float) -> Iterator[Piece]:
        now = 0.0
        for count, ago in stretches:
            first = None if ago is None else (now - ago) * self.per_second
            yield Piece(count, first, seconds * self.per_second)
            now += count * seconds

    def _part(
        self,
        name: str,
        more: Mapping[str, str],
        stretches: Sequence[tuple[int, Setting]],
        shares: Sequence[float | None],
        seconds: float,
    ) -> InputSeries:
        pieces = counter_pieces(
            Stretch(count, None if share is None else share * OBSERVATIONS * seconds)
            for (count, _), share in zip(stretches, shares, strict=True)
        )
        return InputSeries({**self.labels, METRIC_NAME_LABEL: name, **more}, pieces)

    @property
    def usual(self) -> float:
        """A number with which most alerts are quiet."""
        if self.kind != "histogram":
            return 1.0
        finite = [bound for bound in self.bounds.values() if bound < math.inf]
        return max(finite) / 8 if finite else 1.0


def _share(bound: float, middle: Setting) -> float | None:
    if middle is None:
        return None
    return 1.0 if bound >= 2 * middle else bound / (2 * middle)


def drivers_of(expr: Expr, catalogue: Catalogue, version: tuple[int, int]) -> tuple[Driver, ...]:
    """The knobs of ``expr``, in the order in which it reads. Raises UnsupportedError."""
    selectors = [node for node in walk(expr) if isinstance(node, VectorSelector)]
    counted, changing = _under(expr, _COUNTING), _under(expr, _COMPARING)
    stamps = dict(_held_against_now(expr))
    named = frozenset(_named(expr))
    names = {metric_name(each) or "" for each in selectors}
    bucketed = {each.removesuffix("_bucket") for each in names if each.endswith("_bucket")}
    found: dict[tuple[object, ...], Driver] = {}
    for selector in selectors:
        name = metric_name(selector)
        if name is None:
            raise UnsupportedError("a selector without the name of a metric")
        entry = catalogue.lookup(name)
        if entry is not None and entry.series == "native_histogram":
            raise UnsupportedError("a native histogram")
        others = [each for each in selectors if metric_name(each) == name and each.matchers != selector.matchers]
        labels = fitting_labels(selector, entry, named, others)
        metric = next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), "")
        if metric in bucketed:
            labels.pop("le", None)
            labels[METRIC_NAME_LABEL] = metric
            driver = Driver("histogram", labels, _bounds(entry, selectors, name, version))
        elif name in stamps:
            labels[METRIC_NAME_LABEL] = name
            driver = Driver("stamp", labels, {}, stamps[name])
        else:
            labels[METRIC_NAME_LABEL] = name
            driver = Driver(_kind(name, entry, counted, changing), labels, {})
        key = (driver.kind, *sorted(labels.items()))
        known = found.setdefault(key, driver)
        if len(driver.bounds) > len(known.bounds):
            found[key] = driver
    return tuple(found.values())


def _under(expr: Expr, functions: frozenset[str]) -> frozenset[str]:
    """The metrics over whose ranges ``functions`` are taken."""
    return frozenset(
        metric_name(inner.vector) or ""
        for node in walk(expr)
        if isinstance(node, Call) and node.function in functions
        for inner in walk(node)
        if isinstance(inner, MatrixSelector)
    )


def _held_against_now(expr: Expr) -> Iterator[tuple[str, float]]:
    """The metrics that ``time()`` is compared with or taken from, and how many of their units make a second."""
    for node in walk(expr):
        if not isinstance(node, Binary) or node.op not in {"-", *COMPARISONS}:
            continue
        for now, then in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
            inside = list(walk(then))
            if not _asks_the_time(walk(now)) or _asks_the_time(inside):
                continue
            scale = math.prod(
                each.rhs.value
                for each in inside
                if isinstance(each, Binary) and each.op == "/" and isinstance(each.rhs, NumberLiteral)
            )
            yield from ((metric_name(each) or "", scale) for each in inside if isinstance(each, VectorSelector))


def _asks_the_time(nodes: Iterable[Expr]) -> bool:
    return any(isinstance(node, Call) and node.function == "time" for node in nodes)


def _named(expr: Expr) -> Iterator[str]:
    """The labels that are grouped or matched by."""
    for node in walk(expr):
        if isinstance(node, Aggregate) and node.grouping is not None and not node.grouping.without:
            yield from (label.name for label in node.grouping.labels)
        elif isinstance(node, Binary) and node.matching is not None and node.matching.on:
            yield from (label.name for label in node.matching.labels)


def _kind(name: str, entry: MetricEntry | None, counted: frozenset[str], changing: frozenset[str]) -> Kind:
    if name in counted or (entry is not None and entry.is_counter):
        return "counter"
    if name in changing:
        return "ramp"
    if (entry is not None and entry.unit == "boolean") or name == "up" or name.endswith("_up"):
        return "switch"
    return "gauge"


def fitting_labels(
    selector: VectorSelector, entry: MetricEntry | None, named: frozenset[str], others: Iterable[VectorSelector]
) -> dict[str, str]:
    """Labels that ``selector`` lets through; where it can be, such that ``others`` do not. ``le`` is left out.

    ``named`` are those that a query groups or matches by. Raises UnsupportedError.
    """
    matchers: dict[str, list[Matcher]] = {}
    for matcher in selector.matchers:
        matchers.setdefault(matcher.label, []).append(matcher)
    avoided: dict[str, list[Matcher]] = {}
    for other in others:
        for matcher in other.matchers:
            avoided.setdefault(matcher.label, []).append(matcher)
    declared = dict(entry.labels) if entry is not None else {}
    open_labels = entry is None or entry.open_labels
    names = dict.fromkeys((*declared, *matchers, *avoided, *(sorted(named) if open_labels else ())))
    labels: dict[str, str] = {}
    for name in names:
        if name in {METRIC_NAME_LABEL, "le"}:
            continue
        values = declared[name].values if name in declared else ()
        usual = (*values, f"a-{name}")
        value = fitting_value(matchers.get(name, ()), usual, avoided.get(name, ()))
        if value is None:
            texts = ", ".join(f"`{each.label}{each.op}{each.value!r}`" for each in matchers[name])
            raise UnsupportedError(f"a label that fits {texts}")
        if value:
            labels[name] = value
    return labels


def _bounds(
    entry: MetricEntry | None, selectors: Iterable[VectorSelector], name: str, version: tuple[int, int]
) -> dict[str, float]:
    declared = entry.buckets if entry is not None and entry.buckets else USUAL_BUCKETS
    asked = [each for each in selectors if metric_name(each) == name]
    bounds = {_spelt(bound, asked, version): bound for bound in declared if bound != math.inf}
    for selector in asked:
        for matcher in selector.matchers:
            if matcher.label == "le" and matcher.op == "=" and matcher.value != "+Inf":
                bounds.setdefault(matcher.value, float(matcher.value))
    return dict(sorted(bounds.items(), key=lambda item: item[1])) | {"+Inf": math.inf}


def bucket_bounds(catalogue: Catalogue, metric: str, version: tuple[int, int]) -> dict[str, float]:
    """The buckets of a classic histogram by how their bound is stored."""
    return _bounds(catalogue.metric(metric), (), metric, version)


def _spelt(bound: float, selectors: Iterable[VectorSelector], version: tuple[int, int]) -> str:
    """A bound as that version of Prometheus stores it, or as a selector asks for it."""
    short = go_float(Decimal(repr(bound)))
    long = short if "." in short or "e" in short else f"{short}.0"
    asked = [matcher for each in selectors for matcher in each.matchers if matcher.label == "le"]
    if any(fits(matcher, short) and matcher.op in {"=", "=~"} for matcher in asked):
        return short
    return long if version >= NORMALISED_BUCKETS else short


def made(
    drivers: Sequence[Driver], phases: Sequence[tuple[int, Settings]], step: int, *, forgotten: bool = False
) -> list[InputSeries]:
    """The series of all ``drivers`` over ``phases``: how many steps, and where each driver is set to."""
    return [
        replace(series, forgotten=True) if forgotten else series
        for index, driver in enumerate(drivers)
        for series in driver.series([(count, settings[index]) for count, settings in phases], step)
    ]
