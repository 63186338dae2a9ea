"""Coverage as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.documents.document import Plain
from skillforge_mon.routing.config import Route
from skillforge_mon.routing.coverage import CRITICAL, Coverage, Hole
from skillforge_mon.routing.loads import Load
from skillforge_mon.routing.moment import moment_text
from skillforge_mon.spec.quantities import Duration

FORMAT_VERSION = 1
MOST_SHOWN = 3
"""Alerts that are named of somebody who is paged too often."""
_TIMES = {1: "once", 2: "twice"}


def coverage_text(found: Coverage, people: Iterable[Load] = (), most_pages: int | None = None) -> str:
    """Every hole with an example, who is paged more than ``most_pages`` times, what is never used, then the sum."""
    return "\n".join([*_lines(found, people, most_pages), _summary(found)]) + "\n"


def too_loud(people: Iterable[Load], most_pages: int | None) -> list[Load]:
    """Those who are paged more than ``most_pages`` times in the worst week."""
    return [load for load in people if most_pages is not None and load.total > most_pages]


def _lines(found: Coverage, people: Iterable[Load], most_pages: int | None) -> Iterator[str]:
    for hole in found.holes:
        yield f"{'error' if hole.critical else 'warning'}: {_hole(hole)}"
    everybody = list(people)
    for load in too_loud(everybody, most_pages):
        yield (
            f"error: {load.person} is paged {load.total} times in the worst week, more than {most_pages}: "
            f"{_loudest(load)}"
        )
    for load in everybody:
        if load.only_tickets:
            yield f"note: {load.person} only gets tickets: nothing pages them, and they are told of {load.told} alerts"
    for route in found.unreached:
        yield f"note: no alert of this project takes the route {_route(route)}"
    for name in found.unused:
        yield f"note: no route names the receiver {name}"
    for name in found.idle:
        yield f"note: nothing reaches the receiver {name}"


def _loudest(load: Load) -> str:
    shown = [f"{name} {_TIMES.get(count, f'{count} times')}" for name, count in load.pages[:MOST_SHOWN]]
    rest = sum(count for _, count in load.pages[MOST_SHOWN:])
    return ", ".join([*shown, *([f"{rest} more"] if rest else [])])


def _hole(hole: Hole) -> str:
    subject = hole.subject
    name = f"{subject.name} {subject.severity}" + (f" of {hole.service}" if hole.service else "")
    channel = "a channel that pages" if subject.severity == CRITICAL else "a channel"
    if hole.example is None:
        return f"{name} never reaches {channel}"
    length = Duration.of(minutes=hole.minutes)
    by = ", ".join(hole.windows)
    within = f" within {subject.timeout}" if subject.timeout else " at once"
    return f"{name} reaches nobody{within} for {length} of a week, from {moment_text(hole.example)} on: {by}"


def _route(route: Route) -> str:
    return f"{{{', '.join(map(str, route.matchers))}}} to {route.receiver}"


def _summary(found: Coverage) -> str:
    weeks = ", ".join(f"{monday:%Y-%m-%d}" for monday in found.weeks)
    critical = sum(hole.critical for hole in found.holes)
    return (
        f"{found.alerts} alerts and severities, every minute of the weeks from {weeks}: "
        f"{critical} holes of critical alerts, {len(found.holes) - critical} of others"
    )


def coverage_data(found: Coverage, people: Iterable[Load] = (), most_pages: int | None = None) -> dict[str, Plain]:
    """The same as plain data."""
    return {
        "format_version": FORMAT_VERSION,
        "alerts": found.alerts,
        "weeks": [f"{monday:%Y-%m-%d}" for monday in found.weeks],
        "holes": [
            {
                "name": hole.subject.name,
                "kind": "slo" if hole.subject.is_slo else "alert",
                "severity": hole.subject.severity,
                "service": hole.service or None,
                "example": hole.example.isoformat() if hole.example is not None else None,
                "minutes_of_the_week": hole.minutes,
                "windows": list(hole.windows),
            }
            for hole in found.holes
        ],
        "unreached_routes": [
            {"matchers": [str(each) for each in route.matchers], "receiver": route.receiver}
            for route in found.unreached
        ],
        "unused_receivers": list(found.unused),
        "idle_receivers": list(found.idle),
        "most_pages": most_pages,
        "people": [
            {
                "person": load.person,
                "alerts": load.told,
                "pages_in_the_worst_week": load.total,
                "pages": [{"name": name, "times": count} for name, count in load.pages],
                "only_tickets": load.only_tickets,
            }
            for load in people
        ],
    }
