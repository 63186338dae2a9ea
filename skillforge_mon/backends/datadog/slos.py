"""SLOs as Datadog's API takes them, each with its monitors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.backends.datadog import slo_windows
from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.markers import marker
from skillforge_mon.backends.datadog.monitors import object_name
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.slo_measure import INSTEAD, measured
from skillforge_mon.backends.datadog.slo_monitors import SloAlert, SloMonitor, slo_key, slo_monitors
from skillforge_mon.backends.datadog.tags import owner, slo_tags
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.documents.references import references_in
from skillforge_mon.lower.burn_rate import budget_time
from skillforge_mon.lower.burn_text import percentage, spaced
from skillforge_mon.lower.paging import Paging
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Project, Slo
from skillforge_mon.spec.quantities import Duration, plain_number
from skillforge_mon.spec.suggest import listed

_OF_ALERTS = "datadog: {"
"""What the translation of an alert's query proposes where it gives up: an SLO has no query of its own to write."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledSlo:
    """The documents of one SLO, and the alerts that its monitors are. ``payload`` is empty where there is no SLO."""

    slo: Slo
    documents: tuple[Document, ...]
    alerts: tuple[SloAlert, ...]
    payload: Mapping[str, Plain]


def compiled_slos(
    project: Project,
    plans: Iterable[SloPlan],
    paging: Paging,
    slugs: Mapping[str, str],
    note: Callable[[Verdict, str], Document],
    report: Report,
) -> Iterator[CompiledSlo]:
    """Every SLO that is to be in Datadog: ``datadog/slos/NAME.json``, its monitors in a folder of that name.

    The SLO carries the verdict. ``slugs`` are the names of files; ``note`` writes what takes the place of an SLO that
    Datadog cannot say.
    """
    names = Names(project)
    for plan in plans:
        if BACKEND not in plan.slo.backends:
            continue
        differences = Differences(plan.slo.id)
        slug = slugs[plan.slo.name]
        try:
            over = _timeframe(plan, differences)
            payload = _payload(project, names, plan, over, differences, report)
        except Untranslatable as stop:
            instead = INSTEAD if _OF_ALERTS in stop.instead else stop.instead
            field = _field(plan.slo) if slo_windows.timeframe(plan.nominal) is not None else "window"
            verdict = Verdict(BACKEND, plan.slo.id, Grade.UNTRANSLATABLE, stop.reason, instead, field)
            yield CompiledSlo(plan.slo, (note(verdict, f"slo-{slug}"),), (), {})
            continue
        monitors = tuple(slo_monitors(project, plan, over, paging, differences, report))
        documents = (
            Document(
                f"datadog/slos/{slug}.json",
                payload,
                Format.JSON,
                (plan.slo.id,),
                (differences.verdict,),
                Resource(BACKEND, "slo", plan.slo.id, (), _was(project, plan.slo), _adopted(plan.slo)),
            ),
            *(_document(project, plan.slo, slug, monitor) for monitor in monitors),
        )
        yield CompiledSlo(plan.slo, documents, tuple(monitor.alert for monitor in monitors), payload)


def _timeframe(plan: SloPlan, differences: Differences) -> Duration:
    """The window of the SLO in Datadog. Raises Untranslatable."""
    over = slo_windows.timeframe(plan.nominal)
    if over is None:
        known = listed([f"`{slo_windows.days(each)}`" for each in slo_windows.TIMEFRAMES])
        raise Untranslatable(
            f"`window: {plan.window}`: Datadog's SLOs are promised over 7, 30 or 90 days",
            f"write one of {known}, or take `datadog` out of the SLO's `backends`",
        )
    if plan.calendar is not None:
        differences(
            f"the {plan.calendar.name} of the calendar becomes the last {over}: in Datadog a window rolls, and its "
            "budget never begins anew"
        )
    objective = plan.slo.spec.objective
    promised = slo_windows.target(objective) / 100
    if over != plan.nominal or promised != objective:
        before, after = (spaced(budget_time(*each)) for each in ((objective, plan.nominal), (promised, over)))
        changes = [f"the window of {plan.nominal} becomes {over}"] if over != plan.nominal else []
        if promised != objective:
            changes.append(
                f"the objective of {percentage(objective)} becomes {plain_number(promised * 100)}%, as targets have "
                "three decimals"
            )
        differences(f"{' and '.join(changes)}: the budget of {before} becomes {after}")
    return over


def _payload(
    project: Project, names: Names, plan: SloPlan, over: Duration, differences: Differences, report: Report
) -> dict[str, Plain]:
    slo = plan.slo
    link = runbook_link(project, slo.runbook, BACKEND)
    texts = (
        slo.spec.description.strip() if slo.spec.description else "",
        f"Runbook: {link}" if link else "",
        marker(owner(project, slo.id)),
    )
    return {
        "name": object_name(project, slo.name),
        "description": "\n\n".join(filter(None, texts)),
        **measured(project, names, plan, differences),
        "thresholds": [{"timeframe": slo_windows.days(over), "target": slo_windows.target(slo.spec.objective)}],
        "tags": slo_tags(project, slo, report),
    }


def _document(project: Project, slo: Slo, slug: str, monitor: SloMonitor) -> Document:
    former = _was(project, slo)
    was = slo_key(slo.spec.was or "", monitor.suffix) if former else ""
    resource = Resource(BACKEND, "monitor", monitor.alert.key, references_in(monitor.payload), was)
    path = f"datadog/slos/{slug}/{monitor.suffix}.json"
    return Document(path, monitor.payload, Format.JSON, (slo.id,), (), resource)


def _was(project: Project, slo: Slo) -> str:
    """A former name counts while no other SLO has it."""
    return f"slos.{slo.spec.was}" if slo.spec.was is not None and slo.spec.was not in project.slos else ""


def _adopted(slo: Slo) -> str:
    """The SLO itself is adopted; its monitors are ours from the beginning."""
    return (slo.spec.adopt.datadog if slo.spec.adopt is not None else None) or ""


def _field(slo: Slo) -> str:
    """What of the SLO a verdict points at: the way in which it is measured."""
    ways = ("bad", "good", "latency", "available", "fresh", "slices", "ratio", "composite")
    return next((way for way in ways if getattr(slo.spec, way) is not None), "backends")
