"""MON3250, MON3251 and MON3254, and MON1211 of working hours: parts of the week that cannot be."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.hours_examples import BY_HOURS
from skillforge_mon.checks.hours_places import Stated, stated_hours
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model import codes
from skillforge_mon.model.project import Project
from skillforge_mon.model.working_hours import is_zone
from skillforge_mon.spec.suggest import nearest

_TIMES = 'from: "09:00", to: "18:00"'
BACKWARDS = Code(
    "MON3250",
    "hours-end-before-they-start",
    Severity.ERROR,
    "Working hours end before they begin. They are hours of one day: `to` is on the same day as `from`.",
    "It is not clear which of two days is meant: a night from friday on ends on saturday.",
    bad=changed((_TIMES, 'from: "18:00", to: "09:00"'), text=BY_HOURS),
    good=BY_HOURS,
)
EMPTY = Code(
    "MON3251",
    "hours-empty",
    Severity.ERROR,
    "Working hours end at the minute at which they begin.",
    "Nobody would ever be told in them. Whole days are written without `from` and `to`.",
    bad=changed((_TIMES, 'from: "09:00", to: "09:00"'), text=BY_HOURS),
    good=BY_HOURS,
)
_BOTH = '[{days: friday, to: "12:00", timezone: Europe/Paris}, {days: monday, timezone: %s}]'
ZONES = Code(
    "MON3254",
    "hours-in-several-zones",
    Severity.ERROR,
    "Working hours that belong together count in different time zones.",
    "What is outside of them could not be told by any one clock. Teams in several zones are several teams.",
    bad=changed(('{from: "09:00", to: "18:00", timezone: Europe/Paris}', _BOTH % "Asia/Tokyo"), text=BY_HOURS),
    good=changed(('{from: "09:00", to: "18:00", timezone: Europe/Paris}', _BOTH % "Europe/Paris"), text=BY_HOURS),
)
CODES = (BACKWARDS, EMPTY, ZONES)


def check(project: Project) -> Iterator[Diagnostic]:
    """The hours of every team, policy and level."""
    for stated in stated_hours(project):
        for index in range(len(stated.hours)):
            yield from _problems(stated, index)


def _problems(stated: Stated, index: int) -> Iterator[Diagnostic]:
    hours, path = stated.hours[index], stated.of(index)
    if hours.end.minutes < hours.start.minutes:
        yield BACKWARDS.at(
            stated.place.at(*path, "to"),
            f"the hours of {stated.whose} end at {hours.end}, before they begin at {hours.start}",
            help=f'write two: one with `from: "{hours.start}"`, and one of the days after with `to: "{hours.end}"`',
        )
    elif hours.end == hours.start:
        yield EMPTY.at(
            stated.place.at(*path, "to"),
            f"the hours of {stated.whose} end when they begin, at {hours.start}",
            help="write a later `to`, or leave out both for whole days",
        )
    zone = hours.timezone
    if not is_zone(zone):
        meant = nearest(zone, sorted(zoneinfo.available_timezones()))
        yield codes.BAD_TIME_ZONE.at(
            stated.place.at(*path, "timezone"),
            f"there is no time zone `{zone}`",
            help=f"did you mean `{meant}`?" if meant else "",
        )
    elif zone != stated.hours[0].timezone:
        yield ZONES.at(
            stated.place.at(*path, "timezone"),
            f"these hours of {stated.whose} count in {zone}, and the first ones in {stated.hours[0].timezone}",
            help="write them in the zone of the first, or make two teams with hours of their own",
        )
