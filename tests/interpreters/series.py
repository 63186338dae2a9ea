"""Series of a test: their labels, and what was scraped of them at each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from skillforge_mon.proving.rates import Samples
from skillforge_mon.proving.traffic import number_text, series_text

Scraped: TypeAlias = float | Literal["stale"] | None
"""A sample; ``stale`` where the target answered and the series was gone; None where nothing came."""

Labels: TypeAlias = Mapping[str, str]
Key: TypeAlias = tuple[tuple[str, str], ...]


def key_of(labels: Labels) -> Key:
    """Labels as a key."""
    return tuple(sorted(labels.items()))


@dataclass(frozen=True, slots=True)
class RawSeries:
    """One series. ``labels`` holds its name too; the samples are ``step`` milliseconds apart, the first at 0."""

    labels: Labels
    scraped: tuple[Scraped, ...]
    step: int
    _times: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_times", tuple(index * self.step for index in range(len(self.scraped))))

    def between(self, start: int, end: int, *, left_open: bool) -> Samples:
        """The samples from ``start`` to ``end``, the one at ``start`` only unless ``left_open``."""
        first = start // self.step + 1 if left_open or start % self.step else start // self.step
        window = range(max(0, first), min(end // self.step + 1, len(self.scraped)))
        found = ((self._times[index], self.scraped[index]) for index in window)
        return [(time, value) for time, value in found if isinstance(value, float)]

    def newest(self, start: int, end: int, *, left_open: bool) -> float | None:
        """The newest sample of that time, None where there is none or the series is stale."""
        for index in range(min(end // self.step, len(self.scraped) - 1), -1, -1):
            time = self._times[index]
            if time < start or (left_open and time == start):
                return None
            value = self.scraped[index]
            if value is not None:
                return value if isinstance(value, float) else None
        return None

    @property
    def text(self) -> str:
        """``requests_total{code="200"}``."""
        return series_text(self.labels)

    @property
    def values(self) -> str:
        """The samples in the notation of promtool's test files."""
        return " ".join(_written(self.scraped))


def _written(scraped: Iterable[Scraped]) -> Iterator[str]:
    for value in scraped:
        yield "_" if value is None else value if isinstance(value, str) else number_text(value)
