"""``slos``: one way to measure each, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model import codes
from skillforge_mon.model.probing import probe_selector
from skillforge_mon.model.project import Escalation, LatencySli, Place, Query, Runbook, Service, Slo
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.spec.suggest import listed
from skillforge_mon.spec.yaml.nodes import ScalarNode

_WAYS_TO_MEASURE = ("bad", "good", "latency", "available", "fresh", "slices", "ratio", "composite")


def slo(
    resolver: Resolver,
    name: str,
    services: Mapping[str, Service],
    policies: Mapping[str, Escalation],
    runbooks: Mapping[str, Runbook],
) -> Slo:
    """The SLO ``name``, with what it inherits from its service."""
    spec = resolver.spec.slos[name]
    place = resolver.place("slos", name)
    _one_way_to_measure(resolver, name, place)
    service = resolver.reference(place, ("service",), "service", spec.service, "services", services)
    policy = resolver.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies)
    tickets = resolver.reference(place, ("tickets",), "policy", spec.tickets, "escalation", policies)
    if service is not None and spec.escalation is None and spec.tickets is None:
        policy, tickets = service.escalation, service.tickets
    runbook = resolver.runbook_named(spec.runbook, place, runbooks)
    latency = None
    if spec.latency is not None:
        metric = resolver.query(spec.latency.metric, place.find("latency", "metric"))
        assert metric is not None  # noqa: S101 - the text is required
        latency = LatencySli(metric, spec.latency.below)
    return Slo(
        name=name,
        spec=spec,
        place=place,
        service=service,
        escalation=policy or (service.escalation if service else None),
        tickets=tickets,
        runbook=runbook or (service.runbook if service else None),
        bad=resolver.query(spec.bad, place.find("bad")),
        good=resolver.query(spec.good, place.find("good")),
        total=resolver.query(spec.total, place.find("total")),
        latency=latency,
        measured=_measured(resolver, name, place),
        backends=resolver.taking("SLOs", ("prometheus", "datadog"), place, _slo_backends(resolver, name)),
    )


def _slo_backends(resolver: Resolver, name: str) -> list[str] | None:
    """Where an SLO says that it goes, and Datadog when it has words for that; None when it says nothing."""
    spec = resolver.spec.slos[name]
    if spec.datadog is None or "datadog" in (spec.backends or ()):
        return spec.backends
    usual = ["prometheus"] if resolver.spec.targets.prometheus is not None else []
    return [*(spec.backends if spec.backends is not None else usual), "datadog"]


def _one_way_to_measure(resolver: Resolver, name: str, place: Place) -> None:
    """Report an SLO that is measured in no way, or in several; and parts of a composite one that do not exist."""
    spec = resolver.spec.slos[name]
    composite = spec.composite
    ways = [field for field in _WAYS_TO_MEASURE if getattr(spec, field) is not None]
    by_events = bool({"bad", "good"} & {*ways})
    unclear = composite is not None and bool(composite.all) == bool(composite.weighted)
    available = spec.available
    if available is not None and (available.metric is None) == (available.probe is None):
        resolver.report.add(
            codes.SLI_UNCLEAR.at(
                place.at("available"),
                f"the SLO `{name}` does not say in one way what is available",
                help="write one of `metric` and `probe`",
            )
        )
    if len(ways) != 1 or by_events != (spec.total is not None) or unclear:
        resolver.report.add(
            codes.SLI_UNCLEAR.at(
                place.at("composite") if unclear else place.span,
                f"the SLO `{name}` does not say in one way how it is measured",
                notes=(f"it says {listed(ways)}",) if len(ways) > 1 else (),
                help="write `all` or `weighted`, with the SLOs that it is made of"
                if unclear
                else "write `bad` and `total`, `good` and `total`, or one of "
                f"{listed([f'`{field}`' for field in _WAYS_TO_MEASURE[2:]], len(_WAYS_TO_MEASURE))}",
            )
        )
    if composite is not None:
        known = dict.fromkeys(resolver.spec.slos, name)
        for index, part in enumerate(composite.all):
            resolver.reference(place, ("composite", "all", index), "SLO", part, "slos", known)
        for part in composite.weighted:
            resolver.reference(place, ("composite", "weighted", part), "SLO", part, "slos", known)


def _measured(resolver: Resolver, name: str, place: Place) -> Query | None:
    """The query of an SLO that counts time."""
    spec = resolver.spec.slos[name]
    if spec.available is not None and spec.available.probe is not None:
        probe = resolver.reference(
            place, ("available", "probe"), "probe", spec.available.probe, "probes", resolver.spec.probes
        )
        return resolver.query(probe_selector(spec.available.probe), None) if probe is not None else None
    if spec.available is not None:
        whole = place.find("available")
        return resolver.query(
            spec.available.metric, whole if isinstance(whole, ScalarNode) else place.find("available", "metric")
        )
    if spec.fresh is not None:
        return resolver.query(spec.fresh.metric, place.find("fresh", "metric"))
    if spec.slices is not None:
        return resolver.query(spec.slices.expr, place.find("slices", "expr"))
    return resolver.query(spec.ratio, place.find("ratio"))
