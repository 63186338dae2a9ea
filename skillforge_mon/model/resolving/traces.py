"""``traces``: who sends them, how many are kept, and where."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model.project import Place, Service
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.model.traces import TIMED_BACKENDS, TRACE_BACKENDS, Traces, keeps_traces


def resolved_traces(resolver: Resolver, services: Mapping[str, Service]) -> Traces | None:
    """The section ``traces``; None where the spec has none. Services that do not exist are reported."""
    spec = resolver.spec.traces
    if spec is None:
        return None
    place = Place(resolver.root.entries["traces"])
    if spec.services == "all":
        senders = tuple(services.values())
    else:
        named = (
            resolver.reference(place, ("services", index), "service", name, "services", services)
            for index, name in enumerate(spec.services)
        )
        senders = tuple(dict.fromkeys(service for service in named if service is not None))
    rates = {
        name: rate
        for name, rate in spec.sampling.services.items()
        if resolver.reference(place, ("sampling", "services", name), "service", name, "services", services) is not None
    }
    for index, dropped in enumerate(spec.drop):
        for position, name in enumerate(dropped.services):
            path = ("drop", index, "services", position)
            resolver.reference(place, path, "service", name, "services", services)
    targets = resolver.spec.targets
    usual = [name for name in TIMED_BACKENDS if keeps_traces(targets, name)]
    if not usual and targets.datadog is not None:
        # Datadog's traces are paid for: a target that is there for metrics is no wish to send them, unless it is alone.
        usual = ["datadog"]
    chosen = resolver.taking(
        "traces", TRACE_BACKENDS, place, list(spec.backends) if spec.backends is not None else usual
    )
    elasticsearch = targets.elasticsearch
    apm = elasticsearch.apm if elasticsearch is not None else None
    if apm is None:
        # A check says what is missing; nothing can be written without it.
        chosen = tuple(name for name in chosen if name != "elasticsearch")
    by_elastic = "elasticsearch" in chosen and apm is not None and apm.agent == "elastic"
    return Traces(spec, place, senders, rates, resolver.spec.retention.traces, chosen, by_elastic)
