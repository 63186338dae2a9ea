"""MON3310: a maintenance window that starts at a time which no clock shows that day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Maintenance, Project

_WINDOW = 'maintenance:\n  deploy: {on: "2027-03-28", from: "02:30", for: 1h, timezone: Europe/Paris}\n'
CODE = Code(
    "MON3310",
    "window-starts-in-skipped-hour",
    Severity.WARNING,
    "A maintenance window that happens once starts within the hour that clocks leave out when they are put forward, or "
    "within the one that they show twice when they are put back.",
    "People and systems may each take it for another time. monmc reads the first as if clocks had not been changed yet, "
    "and takes the first of the two.",
    bad=GOOD + _WINDOW,
    good=GOOD + _WINDOW.replace("02:30", "03:30"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Windows with a date. On the nights of recurring ones, backends do what they do (see their verdicts)."""
    for window in project.maintenance.values():
        start = _start(window)
        if start is None:
            continue
        earlier, later = start.utcoffset(), start.replace(fold=1).utcoffset()
        if earlier is None or later is None or earlier == later:
            continue
        instant = start.astimezone(datetime.UTC)
        then = f"{window.spec.start} on {window.spec.on} in {window.spec.timezone}"
        skipped = later > earlier
        yield CODE.at(
            window.place.at("from"),
            f"there is no {then}" if skipped else f"clocks show {then} twice",
            label=f"taken for {instant:%Y-%m-%d %H:%M} UTC",
            help="write a time outside the hour of the change, or `timezone: UTC`",
        )


def _start(window: Maintenance) -> datetime.datetime | None:
    """When clocks show the start, as its zone tells the time; None for a recurring window or one that is wrong."""
    try:
        day = datetime.date.fromisoformat(window.spec.on or "")
        zone = ZoneInfo(window.spec.timezone)
        midnight = datetime.datetime.combine(day, datetime.time())
        return (midnight + datetime.timedelta(minutes=window.spec.start.minutes)).replace(tzinfo=zone)
    except (ValueError, OverflowError, OSError, KeyError):
        return None
