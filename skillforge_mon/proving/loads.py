"""Loads over time as samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skillforge_mon.proving.traffic import Piece
from skillforge_mon.spec.load_shapes import LoadPiece


def load_pieces(loads: Sequence[LoadPiece], step: int, steps: int) -> tuple[Piece, ...]:
    """``steps`` samples, ``step`` milliseconds apart. After the last load, no more events come, and a value stays.

    The sample at the very end of a load still is what that one made it.
    """
    return tuple(_pieces(loads, step, steps))


def _pieces(loads: Sequence[LoadPiece], step: int, steps: int) -> Iterator[Piece]:
    last: float | None = None
    done = 0
    elapsed = 0
    for load in loads:
        elapsed = elapsed + int(load.length) if load.length is not None else steps * step
        count = min(steps, elapsed // step + 1) - done
        if count <= 0:
            continue
        done += count
        if load.kind == "absent":
            yield Piece(count, None)
            last = None
            continue
        for piece in _present(load, step, count, last):
            yield piece
            last = piece.value(piece.count - 1)
    if done < steps:
        yield Piece(steps - done, last)


def _present(load: LoadPiece, step: int, count: int, last: float | None) -> Iterator[Piece]:
    begin, end = float(load.begin), float(load.end)
    if load.kind == "stops":
        yield Piece(count, last if last is not None else 0.0)
    elif load.kind == "value":
        yield Piece(count, begin, (end - begin) / max(1, count - 1))
    elif begin == end:
        slope = begin * step / 1000
        yield Piece(count, last + slope if last is not None else 0.0, slope)
    else:
        value = last if last is not None else 0.0
        for index in range(count):
            value += (begin + (end - begin) * (index + 1) / count) * step / 1000
            yield Piece(1, value)
