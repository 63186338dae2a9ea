"""Coverage as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.documents.document import Plain
from skillforge_mon.routing.config import Route
from skillforge_mon.routing.coverage import CRITICAL, Coverage, Hole
from skillforge_mon.routing.moment import moment_text
from skillforge_mon.spec.quantities import Duration

FORMAT_VERSION = 1


def coverage_text(found: Coverage) -> str:
    """Every hole with an example, then what is never used, then the sum."""
    return "\n".join([*_lines(found), _summary(found)]) + "\n"


def _lines(found: Coverage) -> Iterator[str]:
    for hole in found.holes:
        yield f"{'error' if hole.critical else 'warning'}: {_hole(hole)}"
    for route in found.unreached:
        yield f"note: no alert of this project takes the route {_route(route)}"
    for name in found.unused:
        yield f"note: no route names the receiver {name}"


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


def coverage_data(found: Coverage) -> dict[str, Plain]:
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
    }
