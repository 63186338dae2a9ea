"""Which labels the series of a result may carry, and what each operation does to them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from skillforge_mon.query.promql import Aggregate, Binary, Matcher, VectorSelector
from skillforge_mon.query.promql.regex import matches_empty
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL, Card

if TYPE_CHECKING:
    from skillforge_mon.query.series import MetricEntry
    from skillforge_mon.spec.models.metrics import LabelValues

EXPORTED = "exported_"
"""What Prometheus puts before a label of the page that clashes with one of the target (``honor_labels: false``)."""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels that a result may carry, with the values each may take; ``open`` when there may be others too.

    Those in ``certain`` are on every series and never empty.
    """

    values: Mapping[str, LabelValues] = field(default_factory=dict)
    open: bool = False
    certain: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The names that are known."""
        return frozenset(self.values)

    def may_have(self, label: str) -> bool:
        """False only when no series of the result can carry ``label``."""
        return self.open or label in self.values


NO_LABELS = LabelSet()


def known_on(entry: MetricEntry, label: str) -> bool:
    """False when series of ``entry`` never carry ``label``."""
    return (
        entry.open_labels
        or label in entry.labels
        or label.startswith("__")
        or (label.startswith(EXPORTED) and label.removeprefix(EXPORTED) in entry.labels)
    )


def of_selector(selector: VectorSelector, entry: MetricEntry | None) -> LabelSet:
    """The labels of what is selected.

    A matcher that the empty string does not fit means that the label is there, even when the catalogue does not know
    it: what is wrong with it is reported where it stands, not at everything that uses it.
    """
    values = dict(entry.labels) if entry is not None else {}
    certain = set(entry.certain_labels) if entry is not None else set()
    for matcher in selector.matchers:
        if matcher.label == METRIC_NAME_LABEL:
            continue
        if not _lets_empty_through(matcher):
            certain.add(matcher.label)
        if matcher.op == "=" and not matcher.value:
            values.pop(matcher.label, None)
            certain.discard(matcher.label)
        elif matcher.op in {"=", "=~"}:
            restricted = _restricted(matcher, values.get(matcher.label))
            if restricted is not None:
                values[matcher.label] = restricted
    certain &= values.keys()
    return LabelSet(values, open=entry is None or entry.open_labels, certain=frozenset(certain))


def _lets_empty_through(matcher: Matcher) -> bool:
    """True when series without the label fit as well, or may: a dashboard's variable (``$job``) stands for anything."""
    if "$" in matcher.value and matcher.op != "!=":
        return True
    match matcher.op:
        case "=":
            return not matcher.value
        case "!=":
            return bool(matcher.value)
        case "=~":
            return matches_empty(matcher.value)
        case "!~":
            return not matches_empty(matcher.value)


_LITERALS = re.compile(r"[\w ./:@-]+(\|[\w ./:@-]+)*")
_DOT = re.compile(r"(?<!\\)\.")


def literal_values(matcher: Matcher) -> tuple[str, ...] | None:
    """The values that ``=`` or ``=~`` lets through, when they can be listed: ``=~"a|b"`` lets ``a`` and ``b``."""
    if matcher.op == "=":
        return (matcher.value,)
    if matcher.op == "=~" and _LITERALS.fullmatch(matcher.value) and not _DOT.search(matcher.value):
        return tuple(matcher.value.split("|"))
    return None


def _restricted(matcher: Matcher, before: LabelValues | None) -> LabelValues | None:
    from skillforge_mon.spec.models.metrics import LabelValues

    values = literal_values(matcher)
    if values is not None:
        return LabelValues("enum", values)
    if before is not None and before.cardinality == "enum":
        fitting = values_matched(matcher, before.values)
        return LabelValues("enum", fitting) if fitting else before
    if before is None and not matches_empty(matcher.value):
        return LabelValues("bounded")
    return before


def values_matched(matcher: Matcher, values: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``values`` that the regular expression of ``=~`` fits; all when Python cannot read it."""
    pattern = _compiled(matcher.value)
    return values if pattern is None else tuple(value for value in values if pattern.fullmatch(value))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python finds unusual may be usual in Go
        try:
            return re.compile(pattern, re.DOTALL)
        except (re.error, OverflowError, RecursionError):
            return None


def aggregated(node: Aggregate, inner: LabelSet) -> LabelSet:
    """The labels that an aggregation leaves."""
    if node.op in {"topk", "bottomk", "limitk", "limit_ratio"}:
        return inner
    if node.grouping is None:
        left = NO_LABELS
    elif node.grouping.without:
        left = without(inner, (label.name for label in node.grouping.labels))
    else:
        left = keep(inner, [label.name for label in node.grouping.labels])
    if node.op == "count_values":
        return with_label(left, getattr(node.param, "value", ""), certain=True)
    return left


def keep(labels: LabelSet, names: Sequence[str]) -> LabelSet:
    """Only the labels of ``names``, as far as they may be there."""
    from skillforge_mon.spec.models.metrics import LabelValues

    kept = {}
    for name in names:
        if name in labels.values:
            kept[name] = labels.values[name]
        elif labels.open or name == METRIC_NAME_LABEL:
            kept[name] = LabelValues("bounded")
    return LabelSet(kept, certain=labels.certain.intersection(names))


def without(labels: LabelSet, names: Iterable[str]) -> LabelSet:
    """All labels but those of ``names``."""
    dropped = frozenset(names)
    values = {name: values for name, values in labels.values.items() if name not in dropped}
    return LabelSet(values, labels.open, labels.certain - dropped)


def with_label(labels: LabelSet, name: str, *, certain: bool = False) -> LabelSet:
    """The labels and one more, whose values are not known; it may be empty unless it is ``certain``."""
    from skillforge_mon.spec.models.metrics import LabelValues

    values = {**labels.values, name: LabelValues("bounded")}
    return LabelSet(values, labels.open, labels.certain | {name} if certain else labels.certain - {name})


def either(left: LabelSet, right: LabelSet) -> LabelSet:
    """The labels of a result whose series come from both sides (``or``)."""
    values = dict(left.values)
    for name, other in right.values.items():
        values[name] = _wider(values[name], other) if name in values else other
    return LabelSet(values, left.open or right.open, left.certain & right.certain)


def _wider(left: LabelValues, right: LabelValues) -> LabelValues:
    from skillforge_mon.spec.models.metrics import LabelValues

    if left.cardinality == right.cardinality == "enum":
        return LabelValues("enum", (*left.values, *(value for value in right.values if value not in left.values)))
    return max(left, right, key=lambda values: ("enum", "bounded", "unbounded").index(values.cardinality))


def matched(node: Binary, left: LabelSet, right: LabelSet) -> LabelSet:
    """The labels of an arithmetic or comparing operator between two vectors ("Vector matching").

    One-to-one leaves the labels that were compared; with ``group_left`` or ``group_right`` those of the side with many
    series, and what is included from the other one.
    """
    matching = node.matching
    if matching is None:
        return _on_both(left, right)
    names = [label.name for label in matching.labels]
    if matching.card is Card.ONE_TO_ONE:
        both = _on_both(left, right)
        return keep(both, names) if matching.on else without(_on_both_but(left, right, names), names)
    many, one = (left, right) if matching.card is Card.MANY_TO_ONE else (right, left)
    equal = one.certain.intersection(names) if matching.on else one.certain.difference(names)
    equal = frozenset(label for label in equal if many.may_have(label))
    many = LabelSet({label: one.values[label] for label in equal} | dict(many.values), many.open, many.certain | equal)
    for label in matching.include:
        many = without(many, (label.name,))
        if one.may_have(label.name):
            values = one.values.get(label.name)
            certain = many.certain | (one.certain & {label.name})
            many = (
                LabelSet({**many.values, label.name: values}, many.open, certain)
                if values
                else with_label(many, label.name)
            )
    return many


def _on_both(left: LabelSet, right: LabelSet) -> LabelSet:
    """Labels that must be equal on both sides: those that only one of them may have are empty there too."""
    certain = left.certain | right.certain
    if right.open and left.open:
        return replace(left, certain=certain & left.names)
    if left.open:
        return replace(right, certain=certain & right.names)
    if right.open:
        return replace(left, certain=certain & left.names)
    values = {name: values for name, values in left.values.items() if name in right.values}
    return LabelSet(values, certain=certain & values.keys())


def _on_both_but(left: LabelSet, right: LabelSet, names: list[str]) -> LabelSet:
    return _on_both(without(left, names), without(right, names))


def of_absent(selector: VectorSelector | None) -> LabelSet:
    """The labels of ``absent(selector)``: those that are set by ``=`` exactly once."""
    from skillforge_mon.spec.models.metrics import LabelValues

    if selector is None:
        return NO_LABELS
    names = [matcher.label for matcher in selector.matchers]
    values = {
        matcher.label: LabelValues("enum", (matcher.value,))
        for matcher in selector.matchers
        if matcher.op == "=" and matcher.label != METRIC_NAME_LABEL and names.count(matcher.label) == 1
    }
    return LabelSet(values, certain=frozenset(name for name, known in values.items() if "" not in known.values))
