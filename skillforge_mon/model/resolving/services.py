"""``services``, ``recordings`` and ``runbooks``."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model import codes
from skillforge_mon.model.project import Escalation, Recording, Runbook, Service, Team
from skillforge_mon.model.resolving.resolver import Resolver


def service(
    resolver: Resolver,
    name: str,
    teams: Mapping[str, Team],
    policies: Mapping[str, Escalation],
    runbooks: Mapping[str, Runbook],
) -> Service:
    """The service ``name``, with who owns it."""
    spec = resolver.spec.services[name]
    place = resolver.place("services", name)
    return Service(
        name,
        spec,
        place,
        resolver.reference(place, ("team",), "team", spec.team, "teams", teams),
        resolver.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies),
        resolver.runbook_named(spec.runbook, place, runbooks),
        resolver.reference(place, ("tickets",), "policy", spec.tickets, "escalation", policies),
    )


def dependencies(resolver: Resolver, services: Mapping[str, Service]) -> None:
    """Every dependency exists, and none leads back to where it came from."""
    for service in services.values():
        for index, name in enumerate(service.spec.depends_on):
            resolver.reference(service.place, ("depends_on", index), "service", name, "services", services)
    done: set[str] = set()
    for start in services:
        if start not in done:
            _circles_from(resolver, start, services, done)


def _circles_from(resolver: Resolver, start: str, services: Mapping[str, Service], done: set[str]) -> None:
    """Depth first from ``start``, without recursion; what was searched is added to ``done``."""
    path = [start]
    stack = [iter(services[start].spec.depends_on)]
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            done.add(path.pop())
        elif following in path:
            place = services[path[-1]].place
            circle = [*path[path.index(following) :], following]
            resolver.report.add(
                codes.DEPENDENCY_CYCLE.at(
                    place.at("depends_on", services[path[-1]].spec.depends_on.index(following)),
                    f"services depend on each other in a circle: {' -> '.join(circle)}",
                    help="take one of these dependencies out",
                )
            )
        elif following in services and following not in done:
            path.append(following)
            stack.append(iter(services[following].spec.depends_on))


def recording(resolver: Resolver, name: str, services: Mapping[str, Service]) -> Recording:
    """The precomputed query ``name``."""
    spec = resolver.spec.recordings[name]
    place = resolver.place("recordings", name)
    query = resolver.query(spec.expr, place.find("expr"))
    assert query is not None  # noqa: S101 - the text is required
    return Recording(
        name, spec, place, query, resolver.reference(place, ("service",), "service", spec.service, "services", services)
    )


def runbook(resolver: Resolver, name: str) -> Runbook:
    """The runbook ``name``: written here, or kept elsewhere."""
    spec = resolver.spec.runbooks[name]
    place = resolver.place("runbooks", name)
    if spec.url is not None and (spec.sections or spec.description):
        resolver.report.add(
            codes.RUNBOOK_TWICE.at(
                place.at("url"),
                f"the runbook `{name}` is kept elsewhere and written here",
                help="leave out `url`, or everything else",
            )
        )
    return Runbook(name, spec, place, spec.url or "")
