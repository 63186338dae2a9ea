"""A group with more rules than a ruler takes, as several.

Prometheus and rulers evaluate the rules of a group one after the other, all at one moment, and groups beside each
other. A rule that reads what another one of its group records must stay with it, behind it: in another group it would
see the value of the evaluation before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.query.promql import PromQLSyntaxError, VectorSelector, metric_name, parse, selectors

Rule = Mapping[str, Plain]

_OF_ALERTS: Final = frozenset(("ALERTS", "ALERTS_FOR_STATE"))
"""The series that alert rules write (rules/alerting.go)."""


class TooLongError(Exception):
    """Rules that belong together are more than a group may have; ``args`` are the name of the first, and how many."""

    def __init__(self, first: str, count: int) -> None:
        super().__init__(first, count)
        self.first = first
        self.count = count


def split(rules: Sequence[Rule], limit: int) -> list[list[Rule]]:
    """The rules as groups of at most ``limit``, in their order. Raises TooLongError."""
    if len(rules) <= limit:
        return [list(rules)]
    parts: list[list[int]] = []
    for together in _together(rules):
        if len(together) > limit:
            raise TooLongError(rule_name(rules[together[0]]), len(together))
        fitting = next((part for part in parts if len(part) + len(together) <= limit), None)
        if fitting is None:
            parts.append(together)
        else:
            fitting.extend(together)
    return [[rules[index] for index in sorted(part)] for part in parts]


def rule_name(rule: Rule) -> str:
    """What it records, or the alert's name."""
    return str(rule.get("record", rule.get("alert")))


def _together(rules: Sequence[Rule]) -> list[list[int]]:
    """The indices of rules that read each other's series, directly or through others."""
    leaders = list(range(len(rules)))

    def leader(index: int) -> int:
        while leaders[index] != index:
            index = leaders[index]
        return index

    writers: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        for name in _written(rule):
            writers.setdefault(name, []).append(index)
    for index, rule in enumerate(rules):
        for name in _read(rule, writers):
            for writer in writers.get(name, ()):
                first, second = sorted((leader(index), leader(writer)))
                leaders[second] = first
    found: dict[int, list[int]] = {}
    for index in range(len(rules)):
        found.setdefault(leader(index), []).append(index)
    return list(found.values())


def _written(rule: Rule) -> frozenset[str]:
    return frozenset((str(rule["record"]),)) if "record" in rule else _OF_ALERTS


def _read(rule: Rule, written: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """The metrics that the rule reads; all that are written here, where its selectors do not name them."""
    try:
        found: Iterator[VectorSelector] = selectors(parse(str(rule["expr"])))
    except PromQLSyntaxError:
        yield from written
        return
    for selector in found:
        name = metric_name(selector)
        if name is None:
            yield from written
        else:
            yield name
