"""Going through trees."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.query.logql.tree import Binary, LabelReplace, LogQL, RangeAggregate, VectorAggregate


def walk_logql(query: LogQL) -> Iterator[LogQL]:
    """``query`` and all queries in it, from the outside in."""
    yield query
    match query:
        case Binary():
            yield from walk_logql(query.left)
            yield from walk_logql(query.right)
        case VectorAggregate() | LabelReplace():
            yield from walk_logql(query.expr)
        case RangeAggregate():
            yield query.lines


def lengths(query: LogQL) -> Iterator[str]:
    """The lengths of time that ``query`` looks back over, as they are written."""
    return (node.length.text for node in walk_logql(query) if isinstance(node, RangeAggregate))
