"""What stands in the braces of a metric: filters on tags, joined in any way.

Trees are made by ``all_of``, ``any_of`` and ``negation`` only, which have one form for what can be said in several:
``(env:a OR env:b)`` is ``env IN (a,b)``. Grammar: docs.datadoghq.com, "Advanced filtering".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

Place: TypeAlias = tuple[int, int]
"""Code-point offsets in the query's text, the end exclusive."""
NOWHERE: Final[Place] = (0, 0)
"""The place of what was not read from a text."""


@dataclass(frozen=True, slots=True)
class TagFilter:
    """A tag must have one of ``values``, or with ``negated`` none of them. A ``*`` in a value stands for anything.

    Without values, ``tag`` is a tag that has no value.
    """

    tag: str
    values: tuple[str, ...]
    negated: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Two or more filters that must all hold, within another one: side by side they need no node."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Two or more filters of which one must hold."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class NotThat:
    """What must not hold."""

    filter: AllOf | AnyOf


Filter: TypeAlias = TagFilter | AllOf | AnyOf | NotThat


def all_of(filters: Iterable[Filter]) -> Filter:
    """All of one or more ``filters``."""
    flat = side_by_side(filters)
    return flat[0] if len(flat) == 1 else _merged(flat, negated=True) or AllOf(flat)


def any_of(filters: Iterable[Filter]) -> Filter:
    """Any of one or more ``filters``."""
    flat = tuple(each for item in filters for each in (item.filters if isinstance(item, AnyOf) else (item,)))
    return flat[0] if len(flat) == 1 else _merged(flat, negated=False) or AnyOf(flat)


def negation(item: Filter) -> Filter:
    """The opposite of ``item``."""
    match item:
        case TagFilter():
            return replace(item, negated=not item.negated)
        case NotThat():
            return item.filter
    return NotThat(item)


def side_by_side(filters: Iterable[Filter]) -> tuple[Filter, ...]:
    """``filters``, which all hold, without brackets that change nothing."""
    return tuple(each for item in filters for each in (item.filters if isinstance(item, AllOf) else (item,)))


def _merged(filters: tuple[Filter, ...], *, negated: bool) -> TagFilter | None:
    """One filter with the values of all, where all are of one tag: none of them, or one of them, may be there."""
    first = filters[0]
    if not isinstance(first, TagFilter):
        return None
    values: list[str] = []
    for item in filters:
        if not isinstance(item, TagFilter) or not item.values or (item.tag, item.negated) != (first.tag, negated):
            return None
        values += item.values
    return TagFilter(first.tag, tuple(values), negated, first.place)
