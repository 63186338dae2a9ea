"""Series that are made up: one sample at every step, in pieces that are straight lines or nothing at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from skillforge_mon.query.promql.strings import quote_string
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL
from skillforge_mon.spec.quantities import plain_number


@dataclass(frozen=True, slots=True)
class Piece:
    """``count`` samples: the first is ``start``, each further one ``slope`` more. ``start`` None: there are none."""

    count: int
    start: float | None
    slope: float = 0.0

    def value(self, index: int) -> float | None:
        """The sample at ``index`` of the piece."""
        return None if self.start is None else self.start + index * self.slope


@dataclass(frozen=True, slots=True, eq=False)
class InputSeries:
    """One series. ``labels`` holds its name too; ``pieces`` follow one another from step 0 on.

    Where it ends for good and ``forgotten`` is set, nothing says so, as when the last that pushed it has crashed.
    """

    labels: Mapping[str, str]
    pieces: tuple[Piece, ...]
    forgotten: bool = False

    def value(self, index: int) -> float | None:
        """The sample at step ``index``, None where there is none."""
        for piece in self.pieces:
            if index < piece.count:
                return piece.value(index)
            index -= piece.count
        return None

    def seen(self, index: int, most: int) -> tuple[int, float] | None:
        """The step and value of the sample that is seen at step ``index``: what is forgotten, for ``most`` steps on."""
        value = self.value(index)
        if value is not None:
            return index, value
        last = sum(piece.count for piece in self.pieces[:-1]) - 1
        if not self.forgotten or self.pieces[-1].start is not None or not 0 <= last < index <= last + most:
            return None
        value = self.value(last)
        return (last, value) if value is not None else None

    @property
    def name(self) -> str:
        """``requests_total{code="200"}``."""
        return series_text(self.labels)

    @property
    def values(self) -> str:
        """The samples as promtool's test files write them ("Unit testing for rules").

        A series that ends is marked as stale, as it is when a target or a series of its page goes away; otherwise it
        would be seen for another five minutes, as one is that is forgotten.
        """
        texts: list[str] = []
        present = False
        for index, piece in enumerate(self.pieces):
            if not piece.count:
                continue
            forgotten = self.forgotten and index == len(self.pieces) - 1
            texts += _piece_texts(piece, marked=present and not forgotten)
            present = piece.start is not None
        return " ".join(texts)


def _piece_texts(piece: Piece, *, marked: bool) -> Iterator[str]:
    if piece.start is not None:
        sign = "-" if piece.slope < 0 else "+"
        yield f"{number_text(piece.start)}{sign}{number_text(abs(piece.slope))}x{piece.count - 1}"
        return
    missing = piece.count
    if marked:
        yield "stale"
        missing -= 1
    if missing:
        yield f"_x{missing}"


def series_text(labels: Mapping[str, str]) -> str:
    """A series as PromQL selects it, its labels in order."""
    name = labels.get(METRIC_NAME_LABEL, "")
    rest = ", ".join(f"{label}={quote_string(labels[label])}" for label in sorted(labels) if label != METRIC_NAME_LABEL)
    return f"{name}{{{rest}}}" if rest or not name else name


def number_text(number: float) -> str:
    """A number without an exponent: promtool's series notation reads ``1e+2x3`` otherwise than it is meant."""
    if math.isnan(number):
        return "NaN"
    return plain_number(Decimal(repr(float(number))))


@dataclass(frozen=True, slots=True)
class NativePiece:
    """``count`` samples of a native histogram with observations in two of its buckets.

    ``good`` and ``bad`` are how many have been observed at the first, the slopes how many come with each further one.
    ``good`` None: there are no samples.
    """

    count: int
    good: float | None
    bad: float = 0.0
    good_slope: float = 0.0
    bad_slope: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class NativeSeries:
    """One native histogram of schema 8: each bucket ends 2^(1/256) times as high as the one before.

    Good observations are in the whole bucket below the one that holds a bound, bad ones in the one above it: the bucket
    ``offset`` and the second after it.
    """

    labels: Mapping[str, str]
    offset: int
    pieces: tuple[NativePiece, ...]

    @property
    def name(self) -> str:
        """``request_duration_seconds{job="web"}``."""
        return series_text(self.labels)

    @property
    def values(self) -> str:
        """The samples as promtool's test files write them ("Unit testing for rules", "Series notation")."""
        texts: list[str] = []
        present = False
        for piece in self.pieces:
            if not piece.count:
                continue
            if piece.good is None:
                texts += _piece_texts(Piece(piece.count, None), marked=present)
            else:
                grows = self._histogram(piece.good_slope, piece.bad_slope)
                texts.append(f"{self._histogram(piece.good, piece.bad)}+{grows}x{piece.count - 1}")
            present = piece.good is not None
        return " ".join(texts)

    def _histogram(self, good: float, bad: float) -> str:
        total = number_text(good + bad)
        buckets = f"[{number_text(good)} 0 {number_text(bad)}]"
        return f"{{{{schema:8 sum:{total} count:{total} offset:{self.offset} buckets:{buckets}}}}}"


AnySeries: TypeAlias = InputSeries | NativeSeries


@dataclass(frozen=True, slots=True)
class Stretch:
    """``count`` steps in which a counter grows by ``per_step``, or a gauge stands at it; None: the series is absent."""

    count: int
    per_step: float | None


def counter_pieces(stretches: Iterable[Stretch]) -> tuple[Piece, ...]:
    """A counter that never resets, from 0 on; after an absence it goes on from 0 as after a restart."""
    pieces: list[Piece] = []
    value = 0.0
    for stretch in stretches:
        if stretch.per_step is None:
            value = 0.0
            pieces.append(Piece(stretch.count, None))
            continue
        first = value + stretch.per_step if pieces else value
        pieces.append(Piece(stretch.count, first, stretch.per_step))
        value = first + stretch.per_step * (stretch.count - 1)
    return tuple(pieces)


def gauge_pieces(stretches: Iterable[Stretch]) -> tuple[Piece, ...]:
    """A gauge that stands still within each stretch."""
    return tuple(Piece(stretch.count, stretch.per_step) for stretch in stretches)
