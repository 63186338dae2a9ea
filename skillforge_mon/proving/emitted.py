"""The rules as they were written, found by what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from skillforge_mon.documents.document import Document, Plain

RULES = "prometheus/rules/"

Rule = dict[str, Plain]


class EmittedRules:
    """The rule groups of ``documents``. Nothing is changed: a case gets the rules of its object as they stand."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.groups: list[Rule] = [
            cast("Rule", group)
            for document in documents
            if document.path.startswith(RULES)
            for group in cast("list[Plain]", cast("Rule", document.payload)["groups"])
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

    def annotations(self, alert: str) -> dict[str, str]:
        """The annotations of the first rule of ``alert``, as templates."""
        rules = self._alerts.get(alert)
        return dict(cast("dict[str, str]", rules[0].get("annotations", {}))) if rules else {}


def rules_of(group: Plain) -> Iterator[Rule]:
    """The rules of a group."""
    for rule in cast("list[Plain]", cast("Rule", group)["rules"]):
        yield cast("Rule", rule)
