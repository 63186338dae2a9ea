"""Maintenance windows as downtimes, in the form in which ``POST /api/v2/downtime`` takes them.

docs.datadoghq.com, API reference, "Downtimes", "Schedule a downtime".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from skillforge_mon.backends.datadog.differences import BACKEND
from skillforge_mon.backends.datadog.maintenance import is_muted, window_tag, windows_over
from skillforge_mon.backends.datadog.markers import marker
from skillforge_mon.backends.datadog.tags import owner
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.lower.clock_changes import instants
from skillforge_mon.lower.windows import DAY_MINUTES, MINUTE
from skillforge_mon.model.project import Alert, Maintenance, Project
from skillforge_mon.model.recurrence import DAYS, start_days
from skillforge_mon.spec.quantities import Duration
from skillforge_mon.spec.suggest import listed

FIRST_MONDAY = datetime.date(2025, 1, 6)
"""A recurring downtime has a first start. It must not depend on the day of the build, and a Monday serves for every
rule: the start is on the first day of the rule in this week. Datadog moves it on with each recurrence, and refuses one
in the past, so a push sends the next start in its place."""
_DAY_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = ((7 * DAY_MINUTES, "w"), (DAY_MINUTES, "d"), (60, "h"), (1, "m"))
_STATES: list[Plain] = ["alert", "no data", "warn"]


def downtimes(
    project: Project, alerts: Iterable[Alert], monitors: Iterable[Document], slugs: Mapping[str, str]
) -> Iterator[Document]:
    """``datadog/downtimes/NAME.json`` for every window over some of ``alerts``, whose documents are ``monitors``.

    A note takes the place of one that would mute nothing. ``slugs`` are the names of files.
    """
    made = tuple(document for document in monitors if document.resource is not None)
    for window, covered in windows_over(project, alerts):
        tag = window_tag(project, window)
        path = f"datadog/downtimes/{slugs[window.name]}"
        verdict = _verdict(window, covered, made, tag)
        if any(is_muted(document.content, tag) for document in made):
            resource = Resource(BACKEND, "downtime", window.id)
            yield Document(f"{path}.json", payload(project, window), Format.JSON, (window.id,), (verdict,), resource)
        elif verdict.grade is not Grade.EXACT:
            text = f"{window.id} is no downtime in Datadog.\n{verdict.reason}\n"
            yield Document(f"{path}.txt", text, Format.TEXT, (window.id,), (verdict,))


def payload(project: Project, window: Maintenance) -> dict[str, Plain]:
    """The body. Monitors are found by the window's tag, with all groups; what is still wrong at its end is told."""
    texts = (window.spec.description, window.spec.reason, marker(owner(project, window.id)))
    attributes: dict[str, Plain] = {
        "message": "\n\n".join(text.strip() for text in texts if text),
        "scope": "*",
        "monitor_identifier": {"monitor_tags": [window_tag(project, window)]},
        "schedule": _once(window) if window.spec.on is not None else _recurring(window),
        "display_timezone": window.spec.timezone,
        "mute_first_recovery_notification": False,
        "notify_end_states": _STATES,
        "notify_end_types": ["expired"],
    }
    return {"data": {"type": "downtime", "attributes": attributes}}


def _minutes(window: Maintenance) -> int:
    return -(-window.spec.length // MINUTE)


def _once(window: Maintenance) -> Plain:
    """Begin and end as instants: it lasts as long as it says, also when clocks are changed meanwhile."""
    day = datetime.date.fromisoformat(window.spec.on or "")
    begin, end = instants(day, window.spec.start.minutes, _minutes(window), ZoneInfo(window.spec.timezone))
    return {"start": begin.isoformat(), "end": end.isoformat()}


def _recurring(window: Maintenance) -> Plain:
    """Starts in the time of the zone. The length is counted in time that passes, not by the clock."""
    late, clock = divmod(window.spec.start.minutes, DAY_MINUTES)
    days = tuple(sorted((day + late) % DAYS for day in start_days(window.spec.every)))
    recurrences: list[Plain] = []
    for length, starts in _stretches(days, _minutes(window)).items():
        first = FIRST_MONDAY + datetime.timedelta(days=starts[0])
        start = datetime.datetime.combine(first, datetime.time(*divmod(clock, 60)))
        recurrences.append(
            {
                "rrule": f"FREQ=WEEKLY;INTERVAL=1;BYDAY={','.join(_DAY_NAMES[day] for day in starts)}",
                "duration": _length(length),
                "start": start.isoformat(timespec="minutes"),
            }
        )
    return {"timezone": window.spec.timezone, "recurrences": recurrences}


def _stretches(days: tuple[int, ...], length: int) -> dict[int, list[int]]:
    """Length in minutes -> days on which so long a time begins. A start before the last one has ended joins it."""
    found: dict[int, list[int]] = {}
    gaps = [((days[(index + 1) % len(days)] - day - 1) % DAYS + 1) * DAY_MINUTES for index, day in enumerate(days)]
    for index, day in enumerate(days):
        if gaps[index - 1] <= length:
            continue
        lasts, following = length, index
        while gaps[following] <= length:
            lasts += gaps[following]
            following = (following + 1) % len(days)
        found.setdefault(lasts, []).append(day)
    return found


def _length(minutes: int) -> str:
    return next(f"{minutes // size}{unit}" for size, unit in _UNITS if minutes % size == 0)


def _verdict(window: Maintenance, covered: Iterable[Alert], made: Iterable[Document], tag: str) -> Verdict:
    """Exact when every monitor that the window is about is muted for as long as it says."""
    reasons = []
    documents = tuple(made)
    told = []
    for alert in covered:
        monitors = [document for document in documents if alert.id in document.objects]
        if any(not is_muted(document.content, tag) and _concerned(document, window) for document in monitors):
            told.append(alert.name)
    if told:
        reasons.append(
            "a downtime mutes whole monitors, and these tell of more than the window is about, so they notify "
            f"during it as well: {listed(told)}"
        )
    beyond = Duration(-window.spec.length % MINUTE)
    if beyond:
        reasons.append(f"Datadog counts whole minutes: the downtime ends {beyond} later")
    if not reasons:
        return Verdict(BACKEND, window.id, Grade.EXACT)
    instead = "name all severities and services of such an alert in the window" if told else "write whole minutes"
    return Verdict(BACKEND, window.id, Grade.APPROXIMATE, "; ".join(reasons), instead)


def _concerned(document: Document, window: Maintenance) -> bool:
    """Whether the monitor tells of a severity of the window."""
    severities = window.spec.severities
    return not severities or any(is_muted(document.content, f"severity:{severity}") for severity in severities)
