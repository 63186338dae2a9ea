"""Series that are made up: one sample at every step, in pieces that are straight lines or nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

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
    """One series. ``labels`` holds its name too; ``pieces`` follow one another from step 0 on."""

    labels: Mapping[str, str]
    pieces: tuple[Piece, ...]

    def value(self, index: int) -> float | None:
        """The sample at step ``index``, None where there is none."""
        for piece in self.pieces:
            if index < piece.count:
                return piece.value(index)
            index -= piece.count
        return None

    @property
    def name(self) -> str:
        """``requests_total{code="200"}``."""
        return series_text(self.labels)

    @property
    def values(self) -> str:
        """The samples as promtool's test files write them ("Unit testing for rules").

        A series that ends is marked as stale, as it is when a target or a series of its page goes away; otherwise it
        would be seen for another five minutes.
        """
        texts: list[str] = []
        present = False
        for piece in self.pieces:
            if not piece.count:
                continue
            texts += _piece_texts(piece, present=present)
            present = piece.start is not None
        return " ".join(texts)


def _piece_texts(piece: Piece, *, present: bool) -> Iterator[str]:
    if piece.start is not None:
        sign = "-" if piece.slope < 0 else "+"
        yield f"{number_text(piece.start)}{sign}{number_text(abs(piece.slope))}x{piece.count - 1}"
        return
    missing = piece.count
    if present:
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
    return plain_number(Decimal(repr(float(number))))


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
