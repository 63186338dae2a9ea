"""Which rules read what others write.

Prometheus and rulers evaluate the rules of a group one after the other, all at one moment, and groups beside each
other. A rule that reads what another one of its group records must stay with it, behind it: in another group it would
see the value of the evaluation before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.query.promql import PromQLSyntaxError, metric_name, parse, selectors

Rule = Mapping[str, Plain]

_OF_ALERTS: Final = frozenset(("ALERTS", "ALERTS_FOR_STATE"))
"""The series that alert rules write (rules/alerting.go)."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a rule writes, or reads: metrics by name, with the labels whose values are known.

    ``metrics`` is None where they may be any.
    """

    metrics: frozenset[str] | None
    labels: Mapping[str, str]

    def may_be(self, other: Series) -> bool:
        """Whether one series can be among both."""
        named = self.metrics is None or other.metrics is None or bool(self.metrics & other.metrics)
        return named and all(other.labels.get(label, value) == value for label, value in self.labels.items())


_ANYTHING: Final = Series(None, {})


def rule_name(rule: Rule) -> str:
    """What it records, or the alert's name."""
    return str(rule.get("record", rule.get("alert")))


def written(rule: Rule) -> Series:
    """The series that ``rule`` writes. Labels of alerts are templates, those of recordings are not."""
    found = rule.get("labels")
    labels = {name: str(value) for name, value in found.items()} if isinstance(found, Mapping) else {}
    if "record" in rule:
        return Series(frozenset((str(rule["record"]),)), labels)
    known = {name: value for name, value in labels.items() if "{{" not in value}
    return Series(_OF_ALERTS, {**known, "alertname": str(rule["alert"])})


def read(rule: Rule) -> list[Series]:
    """What each selector of ``rule`` reads; anything, where the query cannot be parsed."""
    try:
        found = list(selectors(parse(str(rule["expr"]))))
    except PromQLSyntaxError:
        return [_ANYTHING]
    return [
        Series(
            frozenset((name,)) if (name := metric_name(selector)) is not None else None,
            {matcher.label: matcher.value for matcher in selector.matchers if matcher.op == "="},
        )
        for selector in found
    ]


def together(rules: Sequence[Rule]) -> list[list[int]]:
    """The indices of rules that read each other's series, directly or through others."""
    leaders = list(range(len(rules)))

    def leader(index: int) -> int:
        while leaders[index] != index:
            index = leaders[index]
        return index

    writes = [written(rule) for rule in rules]
    writers: dict[str, list[int]] = {}
    for index, series in enumerate(writes):
        for name in series.metrics or ():
            writers.setdefault(name, []).append(index)
    for index, rule in enumerate(rules):
        for series in read(rule):
            candidates: Iterable[int] = range(len(rules))
            if series.metrics is not None:
                candidates = (writer for name in series.metrics for writer in writers.get(name, ()))
            for writer in candidates:
                if series.may_be(writes[writer]):
                    first, second = sorted((leader(index), leader(writer)))
                    leaders[second] = first
    found: dict[int, list[int]] = {}
    for index in range(len(rules)):
        found.setdefault(leader(index), []).append(index)
    return list(found.values())


def in_order(parts: Sequence[Sequence[Rule]]) -> list[int]:
    """The indices of ``parts``, each behind those that it reads, otherwise as they are; so too where they go round."""
    writes = [[written(rule) for rule in part] for part in parts]
    reads = [[series for rule in part for series in read(rule)] for part in parts]
    needs = {
        index: {
            other
            for other in range(len(parts))
            if other != index and any(series.may_be(made) for series in reads[index] for made in writes[other])
        }
        for index in range(len(parts))
    }
    order: list[int] = []
    while needs:
        free = next((index for index, needed in needs.items() if not needed & needs.keys()), next(iter(needs)))
        order.append(free)
        del needs[free]
    return order
