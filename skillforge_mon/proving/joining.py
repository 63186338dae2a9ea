"""Operators between two vectors ("Operators, Vector matching")."""

from __future__ import annotations

from collections.abc import Callable

from skillforge_mon.proving.evaluate import Labels, Vector, key_of, operate, without_name
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Binary, Card
from skillforge_mon.query.promql.tree import COMPARISONS, METRIC_NAME_LABEL

_Key = tuple[tuple[str, str], ...]


def _signature(expr: Binary) -> Callable[[Labels], _Key]:
    """The labels by which the series of both sides belong together."""
    matching = expr.matching
    if matching is None or not matching.on:
        left_out = {METRIC_NAME_LABEL, *(label.name for label in (matching.labels if matching else ()))}
        return lambda labels: key_of({name: value for name, value in labels.items() if name not in left_out})
    names = [label.name for label in matching.labels]
    return lambda labels: key_of({name: labels[name] for name in names if name in labels})


def set_operation(expr: Binary, left: Vector, right: Vector) -> Vector:
    """``and``, ``or`` and ``unless``."""
    signature = _signature(expr)
    if expr.op == "or":
        known = {signature(labels) for labels, _ in left}
        return [*left, *((labels, value) for labels, value in right if signature(labels) not in known)]
    known = {signature(labels) for labels, _ in right}
    wanted = expr.op == "and"
    return [(labels, value) for labels, value in left if (signature(labels) in known) is wanted]


def arithmetic(expr: Binary, left: Vector, right: Vector) -> Vector:
    """Arithmetic and comparisons. Raises UnsupportedError where Prometheus would refuse to match."""
    if not left or not right:
        return []
    matching = expr.matching
    card = matching.card if matching is not None else Card.ONE_TO_ONE
    signature = _signature(expr)
    swapped = card is Card.ONE_TO_MANY
    many, one = (right, left) if swapped else (left, right)
    by_key: dict[_Key, tuple[Labels, float]] = {}
    for labels, value in one:
        if by_key.setdefault(signature(labels), (labels, value))[0] is not labels:
            raise UnsupportedError("two series of one side that match the same of the other")
    results: Vector = []
    seen: set[_Key] = set()
    for labels, value in many:
        key = signature(labels)
        other = by_key.get(key)
        if other is None:
            continue
        if card is Card.ONE_TO_ONE and key in seen:
            raise UnsupportedError("two series of one side that match the same of the other")
        seen.add(key)
        sides = (other[1], value) if swapped else (value, other[1])
        result = operate(expr.op, *sides)
        if expr.op in COMPARISONS and not expr.return_bool:
            if not result:
                continue
            result = sides[0]
            kept = labels
        else:
            kept = without_name(labels)
        results.append((_joined(expr, kept, other[0], key), result))
    return results


def _joined(expr: Binary, labels: Labels, other: Labels, key: _Key) -> Labels:
    matching = expr.matching
    if matching is None:
        return labels
    if matching.card is Card.ONE_TO_ONE:
        kept = dict(key)
        if METRIC_NAME_LABEL in labels:
            kept[METRIC_NAME_LABEL] = labels[METRIC_NAME_LABEL]
        return kept
    found = dict(labels)
    for label in matching.include:
        found.pop(label.name, None)
        if label.name in other:
            found[label.name] = other[label.name]
    return found
