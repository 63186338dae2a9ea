"""Moments as people name them: ``Sunday 03:00 Europe/Paris``, ``2025-03-30 14:00``."""

from __future__ import annotations

import datetime
import re
from zoneinfo import ZoneInfo, available_timezones

from skillforge_mon.spec.models.services import WEEKDAYS
from skillforge_mon.spec.quantities import QuantityError, TimeOfDay
from skillforge_mon.spec.suggest import nearest, suggestion

REFERENCE_MONDAY = datetime.date(2025, 1, 13)
"""A weekday without a date is a day of this week: no clock is read, and clocks change in it nowhere."""
YEARS = range(1970, 2200)
"""Of dates: no rule of any zone is known for others."""
FORMS = 'write a day, a time and a zone, such as "Sunday 03:00 Europe/Paris" or "2025-03-30 14:00 UTC"'


class MomentError(Exception):
    """A text that names no moment; ``args[0]`` says why, and what to write."""


def parse_moment(text: str) -> datetime.datetime:
    """The moment that ``text`` names, in its zone (UTC without one). Raises MomentError."""
    words = text.split()
    if len(words) not in (2, 3):
        raise MomentError(f"`{text}` is not a moment: {FORMS}")
    zone = _zone(words[2]) if len(words) == 3 else ZoneInfo("UTC")
    day = _day(words[0])
    try:
        minutes = TimeOfDay.parse(words[1]).minutes
    except QuantityError as error:
        raise MomentError(f"{error}: {FORMS}") from None
    if minutes == 24 * 60:
        raise MomentError(f"`24:00` is 00:00 of the following day: {FORMS}")
    naive = datetime.datetime.combine(day, datetime.time(*divmod(minutes, 60)))
    moment = naive.replace(tzinfo=zone)
    back = moment.astimezone(datetime.UTC).astimezone(zone)
    if back.replace(tzinfo=None) != naive:
        raise MomentError(
            f"there is no {words[1]} on {day} in {zone.key}: clocks are put forward that night, "
            f"and show {back:%H:%M} instead"
        )
    return moment


def moment_text(moment: datetime.datetime, zone: datetime.tzinfo | None = None) -> str:
    """``Sunday 2025-01-19 03:00 Europe/Paris``, in ``zone`` or in its own."""
    local = moment.astimezone(zone) if zone is not None else moment
    return f"{WEEKDAYS[local.weekday()].capitalize()} {local:%Y-%m-%d %H:%M} {local.tzinfo}"


def _day(word: str) -> datetime.date:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", word, re.ASCII):
        try:
            day = datetime.date.fromisoformat(word)
        except ValueError:
            raise MomentError(f"there is no day `{word}`: {FORMS}") from None
        if day.year not in YEARS:
            raise MomentError(f"`{word}` is not within the years from {YEARS[0]} to {YEARS[-1]}: {FORMS}")
        return day
    folded = word.lower()
    if folded not in WEEKDAYS:
        meant = suggestion(word, [day.capitalize() for day in WEEKDAYS])
        raise MomentError(f"`{word}` is neither a weekday nor a date: {meant or FORMS}")
    return REFERENCE_MONDAY + datetime.timedelta(days=WEEKDAYS.index(folded))


def _zone(word: str) -> ZoneInfo:
    try:
        return ZoneInfo(word)
    except (KeyError, ValueError, OSError):
        near = nearest(word, available_timezones())
        meant = f"did you mean `{near}`?" if near else "write a name such as Europe/Paris"
        raise MomentError(f"there is no time zone `{word}`: {meant}") from None
