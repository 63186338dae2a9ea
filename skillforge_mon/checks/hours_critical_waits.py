"""MON3253: a critical alert of which nobody hears before the morning."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.hours_examples import BY_HOURS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.policies import everything_told, followers
from skillforge_mon.model.project import Project
from skillforge_mon.model.week import WEEK, hours_text
from skillforge_mon.model.working_hours import Hours, hours_of

_CRITICAL = ("severity: warning", "severity: critical")
CODE = Code(
    "MON3253",
    "critical-waits-for-hours",
    Severity.WARNING,
    "A critical alert that begins outside working hours is told to nobody before these begin: each level of its policy, "
    "or its team, has hours, and nobody is told otherwise.",
    "Critical means that somebody must act now. What ends before the hours begin is never heard of.",
    bad=changed(
        _CRITICAL,
        (", otherwise: on-call", ""),
        ('  on-call: {webhook: "http://hooks:8080/night"}\n', ""),
        text=BY_HOURS,
    ),
    good=changed(_CRITICAL, text=BY_HOURS),
)
_WEEKS = tuple(datetime.datetime(2025, month, 14, tzinfo=datetime.UTC) for month in (1, 7))
"""A winter and a summer: zones that are compared may differ in when they change their clocks."""


def check(project: Project) -> Iterator[Diagnostic]:
    """Policies that critical alerts follow, and teams whose critical alerts follow none."""
    for policy in project.escalation.values():
        critical = [told.object.name for told in followers(project, policy) if told.severity == "critical"]
        silent = _silent([shift.hours for level in policy.levels for shift in level.shifts if shift.teams])
        if critical and silent:
            yield CODE.at(
                policy.place.span,
                f"`{critical[0]}` is critical, and `{policy.name}` tells nobody of it {silent}",
                notes=(f"critical here: {', '.join(critical)}",) if len(critical) > 1 else (),
                help="add `otherwise` to a level, or a level that is told always: `hours: {days: day}`",
            )
    for team in project.teams.values():
        hours = hours_of(team.spec.hours)
        own = (told for told in everything_told(project) if told.policy is None and told.severity == "critical")
        services = ((told.object.name, told.object.service) for told in own)
        names = [name for name, service in services if service is not None and service.team is team]
        if names and hours is not None:
            yield CODE.at(
                team.place.at("hours"),
                f"`{names[0]}` is critical, and `{team.name}` is not told of it {hours.opposite.when}",
                help="let it follow an escalation policy that tells somebody at all hours",
            )


def _silent(told: Iterable[Hours | None]) -> str:
    """The times of a week at which nobody is told, in the zone of the first hours; empty for none."""
    found = [hours for hours in told if hours is not None]
    if not found or None in told:
        return ""
    zone = found[0].timezone
    for week in _WEEKS:
        silent = set(range(WEEK)).difference(*(_minutes(hours, week, zone) for hours in found))
        if silent:
            return f"{hours_text(silent)} {zone}"
    return ""


def _minutes(hours: Hours, week: datetime.datetime, zone: str) -> set[int]:
    """The minutes of ``hours``, as clocks of ``zone`` show them."""
    by = _east(zone, week) - _east(hours.timezone, week)
    return {(minute + by) % WEEK for start, end in hours.covered for minute in range(start, end)}


def _east(zone: str, week: datetime.datetime) -> int:
    """How far clocks of ``zone`` are ahead of UTC, in minutes."""
    return int((week.astimezone(ZoneInfo(zone)).utcoffset() or datetime.timedelta()).total_seconds() // 60)
