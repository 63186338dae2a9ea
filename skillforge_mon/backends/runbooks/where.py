"""Where to look: the panels, lines and traces of what leads to a runbook, and the dashboards of its services.

A page is the same for every alert, so that what only an alert that fires knows stands in braces: ``{endpoint}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.runbooks.lookups import Lookups
from skillforge_mon.backends.runbooks.markdown import bullets, code, link, one_line
from skillforge_mon.backends.runbooks.pointers import Pointers
from skillforge_mon.backends.ways.found import subject_of_alert, subject_of_slo, ways
from skillforge_mon.backends.ways.way import LabelValue, Subject, known_address
from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.model.project import Alert, Project, Slo

_CHANGING = frozenset(("severity", "priority"))
"""Labels that differ between the severities of an alert."""


def where_to_look(project: Project, pointers: Pointers, lookups: Lookups, links: Iterable[str]) -> str:
    """The section's text: what the compiler knows first, then the user's own ``links``; "" where there is nothing."""
    found = dict.fromkeys(
        way for subject in _subjects(project, pointers, lookups) for way in ways(project, lookups.layouts, subject)
    )
    entries = [link(one_line(way.title), way.address(_placeholder)) for way in found]
    named = {way.address(_placeholder).partition("?")[0] for way in found}
    entries += [entry for entry, address in _dashboards(project, pointers, lookups) if address not in named]
    parts = [bullets((*entries, *links))]
    labels = tuple(dict.fromkeys(label for way in found for label in way.labels))
    if labels:
        shown = ", ".join(code(f"{{{label}}}") for label in labels)
        stands = "stands for the label" if len(labels) == 1 else "stand for the labels"
        parts.append(
            f"In these addresses, {shown} {stands} of the alert. The links that an alert carries have them filled in."
        )
    return "\n\n".join(part for part in parts if part)


def _placeholder(label: LabelValue) -> str:
    return f"{{{label.name}}}"


def _subjects(project: Project, pointers: Pointers, lookups: Lookups) -> Iterator[Subject]:
    yield from (_of_alert(project, alert, lookups) for alert in pointers.alerts)
    yield from (_of_slo(slo, lookups) for slo in pointers.slos)


def _of_alert(project: Project, alert: Alert, lookups: Lookups) -> Subject:
    severity = alert.severities[0]
    labels = condition_labels(alert, severity)
    known = {name: value for name, value in labels.items() if name not in _CHANGING}
    condition = lookups.conditions.get((alert.name, severity.severity))
    if condition is None:
        return Subject(alert.name, alert.service, known, frozenset())
    return subject_of_alert(project, condition, known)


def _of_slo(slo: Slo, lookups: Lookups) -> Subject:
    plan = lookups.plans.get(slo.name)
    known = {"service": slo.service.name} if slo.service is not None else {}
    return subject_of_slo(plan, known) if plan is not None else Subject(slo.name, slo.service, known, frozenset())


def _dashboards(project: Project, pointers: Pointers, lookups: Lookups) -> Iterator[tuple[str, str]]:
    """The dashboards of the services, each with its address, "" where Grafana's is not known."""
    grafana = project.targets.grafana
    base = known_address(grafana.url) if grafana is not None else None
    layouts = dict.fromkeys(layout for service in pointers.services for layout in lookups.dashboards.get(service, ()))
    for layout in layouts:
        title = one_line(layout.title)
        if base is None or "grafana" not in layout.dashboard.backends:
            yield f"Dashboard {code(title)}", ""
        else:
            address = f"{base}/d/{uid(project, layout.dashboard.name)}"
            yield f"Dashboard {link(title, address)}", address
