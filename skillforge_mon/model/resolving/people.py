"""``escalation``: who is told at each level, by day and by night."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model.project import Escalation, Level, Team
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.model.working_hours import hours_of, shared_hours, shifts, shifts_of_teams
from skillforge_mon.spec.quantities import Duration
from skillforge_mon.spec.yaml.nodes import MappingNode


def policy(resolver: Resolver, name: str, teams: Mapping[str, Team]) -> Escalation:
    """The policy ``name``: each level with who is told in which hours, and after how long."""
    spec = resolver.spec.escalation[name]
    place = resolver.place("escalation", name)
    prefix: tuple[str | int, ...] = ("levels",) if isinstance(place.node, MappingNode) else ()
    otherwise = resolver.teams_named(place, ("otherwise",), spec.otherwise, teams)
    levels = []
    after = 0
    for index, level in enumerate(spec.levels):
        told = resolver.teams_named(place, (*prefix, index, "notify"), level.notify, teams)
        others = resolver.teams_named(place, (*prefix, index, "otherwise"), level.otherwise, teams)
        stated = level.hours or spec.hours
        if stated:
            found = shifts(told, hours_of(stated), others or (otherwise if not level.hours else ()))
        else:
            found = shifts(told, shared_hours(told), others) if others else shifts_of_teams(told)
        levels.append(Level(index + 1, found, Duration(after), level.timeout))
        after += level.timeout or 0
    return Escalation(name, spec, place, tuple(levels))
