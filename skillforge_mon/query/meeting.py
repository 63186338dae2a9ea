"""Whether series of both sides of a binary operator can belong together, by what is known of their labels."""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.query.labels import LabelSet
from skillforge_mon.query.promql import Binary


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A label that differs on all series of both sides: the values of each, empty where the label is not there."""

    label: str
    left: tuple[str, ...] | None
    right: tuple[str, ...] | None

    @property
    def is_missing(self) -> bool:
        """True when one side does not have the label at all."""
        return () in (self.left, self.right)


def mismatches(node: Binary, left: LabelSet, right: LabelSet) -> tuple[Mismatch, ...]:
    """The labels that keep every series of ``left`` from meeting one of ``right`` ("Vector matching"), by name.

    Empty when some might meet. A label counts as differing only when one side has it for certain.
    """
    matching = node.matching
    named = frozenset(label.name for label in matching.labels) if matching is not None else frozenset()
    certain = left.certain | right.certain
    compared = certain & named if matching is not None and matching.on else certain - named
    return tuple(
        Mismatch(label, _values(left, label), _values(right, label))
        for label in sorted(compared)
        if _never_equal(label, left, right) or _never_equal(label, right, left)
    )


def _never_equal(label: str, certain: LabelSet, other: LabelSet) -> bool:
    """True when ``certain`` has the label for certain, and ``other`` never with the same value."""
    if label not in certain.certain:
        return False
    if not other.may_have(label):
        return True
    ours, theirs = _values(certain, label), _values(other, label)
    return ours is not None and theirs is not None and not set(ours) & set(theirs)


def _values(labels: LabelSet, label: str) -> tuple[str, ...] | None:
    """The values that a label may have, () for one that is not there; None when they are not known."""
    if not labels.may_have(label):
        return ()
    known = labels.values.get(label)
    if known is None or known.cardinality != "enum" or any("$" in value for value in known.values):
        return None
    return known.values
