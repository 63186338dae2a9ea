"""Which targets an SLO's series come from: what tells a target that is down from one that says nothing of the SLO."""

from __future__ import annotations

from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import CountedEvents, NativeLatency
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Matcher, VectorSelector
from skillforge_mon.query.target_labels import ALWAYS, PROBE, SERVICE

UP = "up"


def scraped_targets(project: Project, plan: SloPlan) -> VectorSelector | None:
    """``up`` of the targets that export what ``plan`` counts; None when the spec does not say which these are.

    They are those of the job that the selector of all events asks for, else those of the service, where it is scraped.
    Where the SLO counts scrapes, a target that is down is what it counts; a composite SLO has no targets.
    """
    slo = plan.slo
    if slo.spec.available is not None or slo.spec.composite is not None:
        return None
    selector = _selector(plan)
    if selector is not None:
        entry = project.catalogue.metric(selector.name) if selector.name is not None else None
        if entry is not None and not entry.open_labels and not {*ALWAYS} & {*entry.labels}:
            return None  # arrives by push
        named = tuple(matcher for matcher in selector.matchers if matcher.label in ALWAYS)
        if any(matcher.label == "job" and matcher.op in {"=", "=~"} for matcher in named):
            return VectorSelector(UP, named)
    if slo.service is not None and slo.service.spec.scrape:
        named = (Matcher(SERVICE, "=", slo.service.name),)
        if any(probe.service is slo.service for probe in project.probes.values()):
            # What asks for the service from outside carries its name too, and is up while the service is down.
            named = (*named, Matcher(PROBE, "=", ""))
        return VectorSelector(UP, named)
    return None


def _selector(plan: SloPlan) -> VectorSelector | None:
    events = plan.events
    if isinstance(events, CountedEvents):
        return events.total
    if isinstance(events, NativeLatency):
        return events.histogram
    query = plan.slo.measured
    return query.expr if query is not None and isinstance(query.expr, VectorSelector) else None
