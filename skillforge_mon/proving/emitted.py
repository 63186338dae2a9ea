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

    def annotations(self, alert: str, severity: str) -> dict[str, str]:
        """The annotations of the first rule of ``alert`` at ``severity``, as templates; none without such a rule."""
        for rule in self._alerts.get(alert, ()):
            if cast("Rule", rule.get("labels", {})).get("severity") == severity:
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


def rules_of(group: Plain) -> Iterator[Rule]:
    """The rules of a group."""
    for rule in cast("list[Plain]", cast("Rule", group)["rules"]):
        yield cast("Rule", rule)
