"""Datadog's files: one monitor, SLO, downtime or dashboard each, in the form in which its API takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.downtimes import downtimes
from skillforge_mon.backends.datadog.monitors import monitor_key, monitors_of
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.slos import CompiledSlo, compiled_slos
from skillforge_mon.backends.datadog.synthetics import compiled_probes
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.documents.references import references_in
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.paging import Paging
from skillforge_mon.model.project import Alert, Project

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def emit(project: Project, lowering: Lowering, report: Report) -> Iterable[Document]:
    """``datadog/monitors/NAME.json`` for every enabled alert that is to be in Datadog.

    The first monitor of an alert carries its verdict. What Datadog cannot say has a note in place of a monitor, with
    the verdict, which stops the build. Then ``datadog/downtimes/NAME.json`` for maintenance windows,
    ``datadog/slos/NAME.json`` for SLOs, ``datadog/synthetics/NAME.json`` for probes, ``datadog/dashboards/NAME.json``,
    and pipelines, indexes and their orders in ``datadog/logs``.
    """
    if project.targets.datadog is None:
        return
    conditions: dict[str, dict[str, AlertCondition]] = {}
    for condition in lowering.conditions:
        conditions.setdefault(condition.alert.name, {})[condition.severity.severity] = condition
    told = [alert for alert in project.alerts.values() if BACKEND in alert.backends and alert.spec.enabled]
    names, paging = Names(project), lowering.notifications.paging
    slugs = _slugs(alert.name for alert in told)
    monitors: list[Document] = []
    for alert in told:
        monitors += _documents(project, alert, conditions.get(alert.name, {}), names, paging, slugs[alert.name], report)
    slos: tuple[CompiledSlo, ...] = ()
    if any(BACKEND in slo.backends for slo in project.slos.values()):
        slos = tuple(compiled_slos(project, lowering.slos, paging, _slugs(project.slos), _note, report))
    of_slos = [document for compiled in slos for document in compiled.documents]
    probes = tuple(compiled_probes(project, paging, _slugs(project.probes), report)) if project.probes else ()
    of_probes = [document for compiled in probes for document in compiled.documents]
    of_others = (*(each.alerts for each in slos), *(each.alerts for each in probes))
    muted = (*told, *(alert for alerts in of_others for alert in alerts))
    yield from monitors
    yield from downtimes(project, muted, [*monitors, *of_slos, *of_probes], _slugs(project.maintenance))
    yield from of_slos
    yield from of_probes
    layouts = [layout for layout in lowering.dashboards if BACKEND in layout.dashboard.backends]
    if layouts:
        from skillforge_mon.backends.datadog.dashboards.documents import dashboard_documents

        payloads = {compiled.slo.name: compiled.payload for compiled in slos if compiled.payload}
        yield from dashboard_documents(project, layouts, payloads, _slugs(project.dashboards))
    if any(BACKEND in stream.backends for stream in project.logs.values()):
        from skillforge_mon.backends.datadog.logs.documents import log_documents

        yield from log_documents(project, _slugs(project.logs), report)


def _documents(
    project: Project,
    alert: Alert,
    conditions: dict[str, AlertCondition],
    names: Names,
    paging: Paging,
    slug: str,
    report: Report,
) -> Iterator[Document]:
    differences = Differences(alert.id)
    try:
        monitors = list(monitors_of(project, alert, conditions, names, paging, differences, report))
    except Untranslatable as stop:
        verdict = Verdict(BACKEND, alert.id, Grade.UNTRANSLATABLE, stop.reason, stop.instead, "expr")
        yield _note(verdict, slug)
        return
    for monitor in monitors:
        verdicts = (differences.verdict,) if monitor is monitors[0] else ()
        path = f"datadog/monitors/{slug}-{monitor.suffix}.json" if monitor.suffix else f"datadog/monitors/{slug}.json"
        resource = _resource(project, alert, monitor.suffix, monitor.payload)
        yield Document(path, monitor.payload, Format.JSON, (alert.id,), verdicts, resource)


def _resource(project: Project, alert: Alert, suffix: str, payload: Plain) -> Resource:
    """A former name counts while no other alert has it. An alert adopts one monitor: its first."""
    spec = alert.spec
    was = monitor_key(f"alerts.{spec.was}", suffix) if spec.was is not None and spec.was not in project.alerts else ""
    adopt = spec.adopt.datadog if spec.adopt is not None and not suffix else None
    key = monitor_key(alert.id, suffix)
    return Resource(BACKEND, "monitor", key, references_in(payload), was, adopt or "")


def _note(verdict: Verdict, slug: str) -> Document:
    text = f"{verdict.object_id} is not in Datadog.\n{verdict.reason}\n{verdict.instead}\n"
    return Document(f"datadog/untranslatable/{slug}.txt", text, Format.TEXT, (verdict.object_id,), (verdict,))


def _slugs(names: Iterable[str]) -> dict[str, str]:
    """Names of files: ``HighErrorRate`` is ``high-error-rate``; when two become the same, the later gets a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        slug = wanted = _WORD.sub("-", name).replace("_", "-").lower()
        number = 2
        while slug in taken:
            slug, number = f"{wanted}-{number}", number + 1
        taken.add(slug)
        found[name] = slug
    return found
