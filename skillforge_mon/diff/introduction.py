"""A new object of the spec in a few words: what it is, not every field of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from skillforge_mon.diff.people import pages
from skillforge_mon.diff.wording import length, share
from skillforge_mon.model.channels import channels
from skillforge_mon.model.project import Project


def introduction(project: Project, section: str, name: str) -> str:
    """What the object ``section.name`` is; empty for sections whose names say it all."""
    introduce = _INTRODUCTIONS.get(section)
    return introduce(project, name) if introduce is not None else ""


def _slo(project: Project, name: str) -> str:
    spec = project.slos[name].spec
    return f"{share(spec.objective)} over {length(spec.window)}"


def _alert(project: Project, name: str) -> str:
    parts = []
    for severity in project.alerts[name].severities:
        threshold = f" {severity.threshold}" if severity.threshold is not None else ""
        hold = f" for {severity.hold}" if severity.hold else ""
        parts.append(f"{severity.severity}{threshold}{hold}")
    return ", ".join(parts)


def _escalation(project: Project, name: str) -> str:
    levels = project.escalation[name].levels
    return ", then ".join(" and ".join(team.name for team in level.teams) for level in levels)


def _team(project: Project, name: str) -> str:
    team = project.teams[name]
    kinds = list(dict.fromkeys(str(channel.kind) for channel in channels(team)))
    return f"{'paged' if pages(team) else 'told'} by {', '.join(kinds)}" if kinds else ""


def _dashboard(project: Project, name: str) -> str:
    rows = project.dashboards[name].rows
    panels = sum(len(row.panels) for row in rows)
    return f"{_counted(len(rows), 'row')}, {_counted(panels, 'panel')}" if panels else _counted(len(rows), "row")


def _metric(project: Project, name: str) -> str:
    metric = project.spec.metrics[name]
    return f"{metric.type} by {', '.join(metric.labels)}" if metric.labels else metric.type


def _service(project: Project, name: str) -> str:
    team = project.services[name].team
    return f"of {team.name}" if team is not None else ""


def _probe(project: Project, name: str) -> str:
    probe = project.probes[name]
    asked = " and ".join(probe.backends)
    return f"{probe.kind} by {asked}, every {probe.every}" if probe.kind != "cron" else f"job, watched by {asked}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


_INTRODUCTIONS: Mapping[str, Callable[[Project, str], str]] = {
    "slos": _slo,
    "alerts": _alert,
    "escalation": _escalation,
    "teams": _team,
    "dashboards": _dashboard,
    "metrics": _metric,
    "services": _service,
    "probes": _probe,
}
