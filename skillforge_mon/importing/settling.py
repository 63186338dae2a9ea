"""A draft becomes a spec that ``monmc check`` has nothing against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report, Severity, Span
from skillforge_mon.documents.yaml_writer import write_yaml
from skillforge_mon.importing.codes import DOUBTFUL, FIELD_LEFT_OUT, LEFT_OUT
from skillforge_mon.importing.draft import Draft
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode

_HEADER = "Imported by monmc import slo. Give the services a team, an escalation policy and a runbook, and take the\n"
_HEADER += "entries under `ignore` out as you put right what they are about."
_NAME = "imported.yaml"


def settled(draft: Draft, project: str, check: Callable[[str], Sequence[Diagnostic]]) -> str:
    """The text of the spec. What it cannot keep is taken out of ``draft`` and reported there."""
    while True:
        text = _text(draft, project)
        found = check(text)
        places = _places(text)
        errors = [problem for problem in found if problem.severity is Severity.ERROR]
        wrong = {place[1]: problem for problem in errors if (place := _object_at(problem.span, places))[0] == "slos"}
        if wrong:
            for name, problem in wrong.items():
                _leave_out(draft, name, problem)
        elif errors:
            _without_teams(draft, errors[0])
        else:
            warnings = [problem for problem in found if problem.severity is Severity.WARNING]
            if not sum(_doubt(draft, problem, places) for problem in warnings):
                return text


def _without_teams(draft: Draft, problem: Diagnostic) -> None:
    """Leave out whom the SLOs tell: the one part of a draft, but for SLOs, that can be wrong."""
    if not draft.teams:
        raise DefectError(f"an import has made a spec that is wrong: {problem.headline}")
    for name, entry in draft.slos.items():
        if entry.pop("escalation", None) is not None:
            headline = f"the teams of the SLO `{name}` are left out: {problem.headline}"
            draft.report.add(FIELD_LEFT_OUT.at(draft.origins[name].span, headline))
    draft.teams.clear()
    draft.escalation.clear()


def _text(draft: Draft, project: str) -> str:
    spec: dict[str, Any] = {"version": 1, "project": project, "targets": {"prometheus": {}}}
    policies = {entry["escalation"] for entry in draft.slos.values() if "escalation" in entry}
    escalation = {name: policy for name, policy in draft.escalation.items() if name in policies}
    told = {team for policy in escalation.values() for level in policy["levels"] for team in level["notify"]}
    sections: dict[str, dict[str, Any]] = {
        "teams": {name: team for name, team in draft.teams.items() if name in told},
        "escalation": escalation,
        "services": draft.services,
        "slos": draft.slos,
    }
    return write_yaml(spec | {name: entries for name, entries in sections.items() if entries}, _HEADER)


def _places(text: str) -> list[tuple[int, str, str]]:
    """The first line of each object of the text, with its section and name, in order."""
    root = load_text(text, _NAME, Report())
    places = []
    for section, holder in root.entries.items() if root is not None else ():
        places.append((holder.key_span.line, section, ""))
        if isinstance(holder.node, MappingNode):
            places.extend((entry.key_span.line, section, name) for name, entry in holder.node.entries.items())
    return places


def _object_at(span: Span | None, places: list[tuple[int, str, str]]) -> tuple[str, str]:
    """The section and the name of the object whose lines hold ``span``; empty where there is none."""
    if span is None:
        return ("", "")
    return next(((section, name) for line, section, name in reversed(places) if line <= span.line), ("", ""))


def _leave_out(draft: Draft, name: str, problem: Diagnostic) -> None:
    origin = draft.origins[name]
    del draft.slos[name]
    draft.report.add(
        LEFT_OUT.at(
            origin.span,
            f"the SLO `{name}` is left out: {problem.headline}",
            notes=(f"this is {problem.code}", *problem.notes),
            help=problem.help,
        )
    )


def _doubt(draft: Draft, problem: Diagnostic, places: list[tuple[int, str, str]]) -> bool:
    """Write under ``ignore`` what is doubtful of an object; False when there is nothing to write."""
    section, name = _object_at(problem.span, places)
    entry = (
        draft.slos.get(name) if section == "slos" else draft.escalation.get(name) if section == "escalation" else None
    )
    if entry is None or problem.code in entry.get("ignore", {}):
        return False
    slo = name if section == "slos" else next(slo for slo in draft.slos if draft.slos[slo].get("escalation") == name)
    origin = draft.origins[slo]
    entry.setdefault("ignore", {})[problem.code] = f"imported from {origin.tool} like this"
    draft.report.add(DOUBTFUL.at(origin.span, problem.headline, notes=(f"this is {problem.code}",), help=problem.help))
    return True
