"""The page that lists all runbooks, service by service."""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.backends.runbooks.markdown import bullets, code, link
from skillforge_mon.backends.runbooks.page import title
from skillforge_mon.backends.runbooks.pointers import Pointers
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.project import Alert, Project, Slo


def index(project: Project, entries: Iterable[Pointers]) -> str:
    """Every runbook under each service that uses it; those that no service uses come last."""
    parts = [f"# Runbooks of {project.name}"]
    unused = []
    used: dict[str, list[str]] = {name: [] for name in project.services}
    for entry in entries:
        names = _names_by_service(entry)
        for name in entry.services:
            used[name].append(_entry(project, entry, names.get(name, [])))
        if not entry.services:
            unused.append(_entry(project, entry, names.get("", [])))
    for name, found in (*used.items(), ("Of no service", unused)):
        if found:
            parts += [f"## {name}", bullets(found)]
    return "\n\n".join(parts)


def _names_by_service(entry: Pointers) -> dict[str, list[str]]:
    """The names of the alerts and objectives that lead to a runbook, by their service; "" is for those of none."""
    names: dict[str, list[str]] = {}
    pointing: list[Alert | Slo] = [*entry.alerts, *entry.slos]
    for item in pointing:
        names.setdefault(item.service.name if item.service is not None else "", []).append(code(item.name))
    return names


def _entry(project: Project, entry: Pointers, names: list[str]) -> str:
    address = runbook_link(project, entry.runbook, "runbooks")
    shown = link(title(entry.runbook), address) if address else title(entry.runbook)
    return f"{shown}: {', '.join(names)}" if names else shown
