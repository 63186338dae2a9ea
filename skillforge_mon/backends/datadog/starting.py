"""When a downtime begins, as it is sent: Datadog refuses a beginning in the past, and a document knows no today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from skillforge_mon.remote.errors import RefusedError

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKLY = re.compile(r"FREQ=WEEKLY(?:;INTERVAL=1)?;BYDAY=([A-Z]{2}(?:,[A-Z]{2})*)")


def from_now(schedule: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """``schedule`` with the next beginning of each recurrence, or none (at once) for a window that has begun.

    Rules other than weekly ones keep the beginning that they have. Raises ``RefusedError`` for a window that is over.
    """
    if "recurrences" in schedule:
        zone = ZoneInfo(schedule.get("timezone", "UTC"))
        today = now.astimezone(zone).replace(tzinfo=None)
        return {**schedule, "recurrences": [_next(each, today) for each in schedule["recurrences"]]}
    if schedule.get("end") and _moment(schedule["end"]) <= now:
        raise RefusedError(
            f"the window ended at {schedule['end']}, and Datadog takes none in the past: take it out of `maintenance`"
        )
    begun = schedule.get("start") and _moment(schedule["start"]) <= now
    return {name: member for name, member in schedule.items() if name != "start" or not begun}


def _next(recurrence: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    rule = _WEEKLY.fullmatch(recurrence.get("rrule", ""))
    if rule is None or "start" not in recurrence:
        return dict(recurrence)
    start = datetime.fromisoformat(recurrence["start"])
    days = [_DAYS.index(day) for day in rule[1].split(",")]
    day = datetime.combine(max(start, now).date(), start.time())
    while day <= now or day.weekday() not in days:
        day += timedelta(days=1)
    return {**recurrence, "start": day.isoformat(timespec="minutes")}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
