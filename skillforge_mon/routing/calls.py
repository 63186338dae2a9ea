"""Who is called for what: every message of a compiled project, by the person who gets it.

A person is a team of the spec. The messages are those of the timeline that ``monmc route --alert`` shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from skillforge_mon.routing.inspection import Inspection
from skillforge_mon.routing.intervals import TimeInterval, interval_of
from skillforge_mon.routing.mutes import Ways
from skillforge_mon.routing.subjects import Subject
from skillforge_mon.routing.timeline import Between
from skillforge_mon.spec.quantities import Duration


@dataclass(frozen=True, slots=True)
class About:
    """What somebody is called for: an alert, or (``is_slo``) an SLO, at one severity.

    ``service`` is a label of the series, empty where the rule itself has it or where it is any.
    """

    name: str
    is_slo: bool
    severity: str
    service: str


@dataclass(frozen=True, slots=True)
class Call:
    """One message to one person. ``ways`` are the routes that it takes, each with the times at which it is not sent."""

    level: int | None
    told: Between
    channels: tuple[str, ...]
    pages: bool
    repeats: Duration
    ways: Ways


Calls = Mapping[str, tuple[Call, ...]]
"""Person -> calls, the earliest first."""


def about(subject: Subject, service: str) -> About:
    """What ``subject`` is, for series of ``service``."""
    return About(subject.name, subject.is_slo, subject.severity, service)


def services_of(subject: Subject, services: Iterable[str]) -> tuple[str, ...]:
    """The services that its series may bring: ``services`` and none; only none where its rules say the service."""
    return ("",) if "service" in subject.rules[0].labels else ("", *services)


def calls(inspection: Inspection, subject: Subject, service: str) -> Calls:
    """Everybody who is called for ``subject``, with series of ``service`` (none if empty)."""
    line = inspection.timeline(subject, {"service": service} if service else {}, None)
    found: dict[str, list[Call]] = {}
    for item in line.notifications:
        known = inspection.configuration.intervals
        windows = tuple(known[name] for name in item.windows)
        if item.only:
            entries = tuple(entry for name in item.only for entry in known[name].entries)
            windows += (TimeInterval(", ".join(item.only), entries, outside=True),)
        for person in inspection.people.get(item.receiver, ()):
            told = item.told.plus(person.after)
            own = (replace(interval_of(person.hours), outside=True),) if person.hours is not None else ()
            call = Call(person.level, told, person.channels, person.pages, item.repeats, ((*windows, *own),))
            _add(found.setdefault(person.team, []), call)
    return {name: tuple(sorted(own, key=lambda each: each.told.earliest)) for name, own in found.items()}


def _add(calls: list[Call], call: Call) -> None:
    """Who is told the same in the hours and outside them gets one call."""
    for index, other in enumerate(calls):
        if replace(other, ways=call.ways) == call:
            calls[index] = replace(other, ways=(*other.ways, *call.ways))
            return
    calls.append(call)
