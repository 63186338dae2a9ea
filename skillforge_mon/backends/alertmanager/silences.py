"""Windows that happen once, as silences: in the form in which ``POST /api/v2/silences`` takes them.

Alertmanager, api/v2/openapi.yaml, "silence". A silence can be looked at, extended and ended while it is in force, and
needs no change of the configuration; but it exists only where it was pushed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from skillforge_mon.backends.alertmanager.normalise import time_text
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.lower.clock_changes import instants
from skillforge_mon.lower.notifications import NotificationPlan
from skillforge_mon.lower.scope import Scope
from skillforge_mon.lower.windows import MuteWindow
from skillforge_mon.model.project import Maintenance
from skillforge_mon.spec.models.targets import AlertmanagerTarget

BACKEND = "alertmanager"
KIND = "silence"
CREATOR = "monmc"


def split_windows(
    plan: NotificationPlan, target: AlertmanagerTarget
) -> tuple[NotificationPlan, tuple[MuteWindow, ...]]:
    """The plan with the windows that the routes are to know, and those that become silences."""
    if target.maintenance != "silences":
        return plan, ()
    once = tuple(window for window in plan.windows if window.maintenance.spec.on is not None)
    return replace(plan, windows=tuple(window for window in plan.windows if window not in once)), once


def silence_documents(windows: tuple[MuteWindow, ...]) -> Iterator[Document]:
    """``alertmanager/silences/NAME.json`` for each window."""
    for window in windows:
        key = window.maintenance.id
        yield Document(
            f"{BACKEND}/silences/{window.name}.json",
            _silence(window),
            Format.JSON,
            (key,),
            (Verdict(BACKEND, key, Grade.EXACT),),
            Resource(BACKEND, KIND, key),
        )


def silenced_from_to(maintenance: Maintenance) -> tuple[datetime.datetime, datetime.datetime]:
    """Begin and end, in UTC, of a window that happens once. It lasts exactly as long as it says."""
    spec = maintenance.spec
    day = datetime.date.fromisoformat(spec.on or "")
    begin, _ = instants(day, spec.start.minutes, 0, ZoneInfo(spec.timezone))
    try:
        return begin, begin + datetime.timedelta(milliseconds=int(spec.length))
    except OverflowError:
        return begin, datetime.datetime.max.replace(tzinfo=datetime.UTC)


def matchers_of(scope: Scope) -> list[Plain]:
    """What the alerts of ``scope`` have in common. A silence must have a matcher that an empty value does not meet."""
    names = {"service": scope.services, "alertname": scope.alerts, "severity": scope.severities}
    found: list[Plain] = [_matcher(name, sorted(values)) for name, values in names.items() if values is not None]
    return found or [{"name": "alertname", "value": ".+", "isRegex": True, "isEqual": True}]


def _matcher(name: str, values: list[str]) -> Plain:
    if len(values) == 1:
        return {"name": name, "value": values[0], "isRegex": False, "isEqual": True}
    # Names of the language: only their dots mean something in a regular expression.
    return {
        "name": name,
        "value": "|".join(value.replace(".", "\\.") for value in values),
        "isRegex": True,
        "isEqual": True,
    }


def _silence(window: MuteWindow) -> Plain:
    begin, end = silenced_from_to(window.maintenance)
    spec = window.maintenance.spec
    texts = (spec.description, spec.reason)
    return {
        "matchers": matchers_of(window.scope),
        "startsAt": time_text(begin),
        "endsAt": time_text(end),
        "createdBy": CREATOR,
        "comment": "\n\n".join(text.strip() for text in texts if text) or window.name,
    }
