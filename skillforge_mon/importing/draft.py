"""What has been carried over so far: the objects of our language, as plain data, with the places they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from skillforge_mon.checks.alert_reserved_label import RESERVED
from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.importing.codes import DIFFERENT, FIELD_LEFT_OUT
from skillforge_mon.spec.models.base import LABEL_PATTERN, NAME_PATTERN

_LONGEST_NAME = 100
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an object comes from: the place, and the tool whose language it was written in."""

    span: Span
    tool: str


@dataclass(slots=True)
class Draft:
    """The sections of the spec that is to be written. ``origins`` are those of the SLOs."""

    report: Report
    teams: dict[str, dict[str, Any]] = field(default_factory=dict)
    escalation: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    slos: dict[str, dict[str, Any]] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def service(self, name: str, span: Span, description: str | None = None) -> str:
        """Its name as ours; what is known of it already stays."""
        fitting = self.fitting(name, span)
        entry = self.services.setdefault(fitting, {})
        if description:
            entry.setdefault("description", description)
        return fitting

    def slo(self, name: str, entry: dict[str, Any], origin: Origin) -> None:
        """Add an SLO; one of a name that is taken gets a number."""
        wanted = unique = self.fitting(name, origin.span)
        number = 2
        while unique in self.slos:
            unique = f"{wanted}-{number}"
            number += 1
        if unique != wanted:
            self.report.add(DIFFERENT.at(origin.span, f"there is an SLO `{wanted}` already, so this one is `{unique}`"))
        self.slos[unique] = entry
        self.origins[unique] = origin

    def fitting(self, name: str, span: Span) -> str:
        """``name`` as a name of our language; a change is reported."""
        if re.fullmatch(NAME_PATTERN, name):
            return name
        fitting = _NOT_IN_NAMES.sub("-", name).strip("-.")[:_LONGEST_NAME]
        if not re.match(r"[A-Za-z]", fitting):
            fitting = f"slo-{fitting}".rstrip("-")
        self.report.add(DIFFERENT.at(span, f"`{name}` is no name in monmc's language, so it is `{fitting}`"))
        return fitting

    def labels(self, pairs: Iterator[tuple[str, str, Span]]) -> dict[str, str]:
        """The labels that alerts can carry; the others are reported."""
        found = {}
        for name, value, span in pairs:
            if name in RESERVED:
                why = "monmc sets this label itself"
            elif not re.fullmatch(LABEL_PATTERN, name):
                why = "this is no label name"
            elif "{{" in value:
                why = "its value is a template"
            else:
                found[name] = value
                continue
            self.report.add(FIELD_LEFT_OUT.at(span, f"the label `{name}` is left out: {why}"))
        return found
