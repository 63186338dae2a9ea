"""What is known of the result of an expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from skillforge_mon.query.labels import NO_LABELS, LabelSet
from skillforge_mon.query.units import Unit

ValueKind: TypeAlias = Literal["scalar", "instant vector", "range vector", "string", "histogram"]


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """The type of an expression.

    ``value`` is ``histogram`` for an instant vector of native histograms. ``measure`` is the unit as a fraction, None
    when it is not known. ``buckets`` says that values are those of a histogram, ``observed`` in which unit that
    observes. ``cumulative`` values are running totals of counters; ``share`` values lie between 0 and 1. ``metrics``
    are the names of the series that are read.
    """

    value: ValueKind
    measure: Unit | None = None
    labels: LabelSet = NO_LABELS
    metrics: frozenset[str] = frozenset()
    cumulative: bool = False
    share: bool = False
    buckets: Literal["", "classic", "native"] = ""
    observed: Unit | None = None
    may_be_negative: bool = True
    may_be_empty: bool = True

    @property
    def unit(self) -> str:
        """The unit in the words of the catalogue, "" when it is not known."""
        return self.measure.name if self.measure is not None else ""
