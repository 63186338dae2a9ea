"""The rules as they were written, found by what they belong to."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import cast

from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.proving.selecting import selects
from skillforge_mon.query.promql import VectorSelector, metric_name, parse, selectors

RULES = "prometheus/rules/"

Rule = dict[str, Plain]


class EmittedRules:
    """The rule groups of ``documents``. Nothing is changed: a case gets the rules of its object as they stand."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.groups: list[Rule] = [
            cast("Rule", group)
            for document in documents
            if document.path.startswith(RULES)
            for group in cast("list[Plain]", cast("Rule", document.content)["groups"])
        ]
        self._alerts: dict[str, list[Rule]] = {}
        self._groups = {str(group["name"]): group for group in self.groups}
        for group in self.groups:
            for rule in rules_of(group):
                if "alert" in rule:
                    self._alerts.setdefault(str(rule["alert"]), []).append(rule)

    def alert(self, name: str) -> tuple[Plain, ...]:
        """A group with the rules of the alert ``name``; none when there are none."""
        rules = self._alerts.get(name)
        return ({"name": f"alert {name}", "rules": list(rules)},) if rules else ()

    def slo(self, name: str) -> tuple[Plain, ...]:
        """The groups of the SLO ``name``: what is recorded, and its alerts."""
        names = (f"slo {name}", f"slo {name} slow")
        return tuple(self._groups[each] for each in names if each in self._groups)

    def telling(self, name: str, severity: str = "") -> tuple[Plain, ...]:
        """The groups of the SLO ``name`` with its alerts, or those of one severity, and what they need of the rest.

        What is recorded over the whole window of a promise costs most, and no alert reads it.
        """
        groups = [cast("Rule", group) for group in self.slo(name)]
        rules = [rule for group in groups for rule in rules_of(group)]
        chosen = {id(rule) for rule in rules if "alert" in rule and severity in {"", _label(rule, "severity")}}
        reads = {id(rule): {metric_name(each) for each in selectors(parse(str(rule["expr"])))} for rule in rules}
        before = -1
        while len(chosen) != before:
            before = len(chosen)
            needed = {each for rule in chosen for each in reads[rule]}
            chosen |= {id(rule) for rule in rules if rule.get("record") in needed}
        pruned = ({**group, "rules": [rule for rule in rules_of(group) if id(rule) in chosen]} for group in groups)
        return tuple(group for group in pruned if group["rules"])

    def annotations(self, alert: str, severity: str) -> dict[str, str]:
        """The annotations of the first rule of ``alert`` at ``severity``, as templates; none without such a rule."""
        for rule in self._alerts.get(alert, ()):
            if _label(rule, "severity") == severity:
                return dict(cast("dict[str, str]", rule.get("annotations", {})))
        return {}

    def reading(self, series: Iterable[Mapping[str, str]]) -> tuple[Plain, ...]:
        """The groups with only those rules that read one of ``series``, or what such a rule records."""
        given = list(series)
        recorded: set[str] = set()
        chosen: set[int] = set()
        rules = [(rule, list(selectors(parse(str(rule["expr"]))))) for group in self.groups for rule in rules_of(group)]
        before = -1
        while len(chosen) != before:
            before = len(chosen)
            for rule, read in rules:
                if id(rule) not in chosen and any(_reads(selector, given, recorded) for selector in read):
                    chosen.add(id(rule))
                    recorded |= {str(rule["record"])} if "record" in rule else set()
        found = ({**group, "rules": [each for each in rules_of(group) if id(each) in chosen]} for group in self.groups)
        return tuple(group for group in found if group["rules"])


def _reads(selector: VectorSelector, given: Iterable[Mapping[str, str]], recorded: Container[str]) -> bool:
    return (metric_name(selector) or "") in recorded or any(selects(selector, labels) for labels in given)


def _label(rule: Rule, name: str) -> Plain:
    return cast("Rule", rule.get("labels", {})).get(name)


def rules_of(group: Plain) -> Iterator[Rule]:
    """The rules of a group."""
    for rule in cast("list[Plain]", cast("Rule", group)["rules"]):
        yield cast("Rule", rule)
