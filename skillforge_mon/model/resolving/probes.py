"""``probes``: what each is, whose it is, and who asks."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model import probing
from skillforge_mon.model.project import Escalation, Probe, Runbook, Service
from skillforge_mon.model.resolving.resolver import Resolver


def probe(
    resolver: Resolver,
    name: str,
    services: Mapping[str, Service],
    policies: Mapping[str, Escalation],
    runbooks: Mapping[str, Runbook],
) -> Probe:
    """The probe ``name``, with what it inherits from its service."""
    spec = resolver.spec.probes[name]
    place = resolver.place("probes", name)
    service = resolver.reference(place, ("service",), "service", spec.service, "services", services)
    policy = resolver.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies)
    runbook = resolver.runbook_named(spec.runbook, place, runbooks)
    targets = tuple(
        target for target in type(resolver.spec.targets).model_fields if getattr(resolver.spec.targets, target)
    )
    usual = probing.asking(spec, targets)
    return Probe(
        name=name,
        spec=spec,
        place=place,
        kind=spec.kinds[0] if len(spec.kinds) == 1 else "",
        service=service,
        escalation=policy or (service.escalation if service else None),
        runbook=runbook or (service.runbook if service else None),
        every=probing.every(spec),
        timeout=probing.timeout(spec),
        failures=probing.failures(spec),
        backends=resolver.taking("probes", tuple(probing.ABLE), place, spec.backends)
        if spec.backends is not None
        else usual,
    )
