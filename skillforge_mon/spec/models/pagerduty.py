"""What the language says of PagerDuty: the account (``targets.pagerduty``), people on call, and their rotas."""

from __future__ import annotations

import datetime
import re
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.base import (
    DurationField,
    OneOrMany,
    PositiveDurationField,
    SpecModel,
    Text,
    TimeOfDayField,
)
from skillforge_mon.spec.models.services import WEEKDAYS, Every
from skillforge_mon.spec.quantities import TimeOfDay

_HANDOFF = re.compile(rf"(?:({'|'.join(WEEKDAYS)}) )?(\d{{1,2}}:\d{{2}})")
_USUAL_TIME = "09:00"
_EVERY_DAY: tuple[Every, ...] = ("day",)


class PagerDutyTarget(SpecModel):
    """PagerDuty: teams, schedules, escalation policies and services."""

    region: Literal["us", "eu"] = Field("us", description="The service region of the account.")
    url: Text | None = Field(None, description="Base URL of the API when it is not the region's.")
    token: Text | None = Field(None, description="A secret reference; default: the variable `PAGERDUTY_TOKEN`.")
    sender: Text | None = Field(
        None, alias="from", description="E-mail address of the user in whose name objects are changed."
    )
    teams: bool = Field(True, description="Make teams; needs a plan of PagerDuty's that has them.")
    auto_resolve: PositiveDurationField | None = Field(
        None, description="Close an incident after this time; default: never, whoever opened it tells its end."
    )
    acknowledgement: DurationField = Field(
        "30m", description="Page again this long after an acknowledgement; 0s: never.", validate_default=True
    )

    @property
    def api_url(self) -> str:
        """Where the REST API is: https://support.pagerduty.com/main/docs/service-regions."""
        return self.url or ("https://api.eu.pagerduty.com" if self.region == "eu" else "https://api.pagerduty.com")

    @property
    def events_url(self) -> str | None:
        """Where events are sent to, None for the address that everybody takes by default."""
        return "https://events.eu.pagerduty.com/v2/enqueue" if self.region == "eu" else None


class OnCallHours(SpecModel):
    """A part of the week."""

    every: OneOrMany[Every] = Field(default_factory=lambda: list(_EVERY_DAY), description="Days on which it starts.")
    start: TimeOfDayField = Field(alias="from", description="Time of day at which it starts.")
    length: PositiveDurationField = Field(alias="for", description="How long it lasts.")


class Rota(SpecModel):
    """People who are on call in turn."""

    users: OneOrMany[Text] = Field(description="E-mail addresses of users in PagerDuty, in the order of their turns.")
    rotation: Literal["weekly", "daily"] = Field("weekly", description="How long a turn is.")
    start: Text = Field(
        description="A day, as 2026-01-05: the first turn begins with the first handoff from then on.",
        pattern=r"^\d{4}-\d{2}-\d{2}$",
    )
    handoff: Text | None = Field(
        None,
        description='When turns change: `"monday 09:00"`, or `"09:00"` of a daily rotation. These are the defaults.',
    )
    timezone: Text = Field("UTC", description="IANA time zone, such as Europe/Paris.")
    hours: OneOrMany[OnCallHours] = Field(
        default_factory=list, description="Only in these parts of the week; default: always."
    )

    @property
    def first_day(self) -> datetime.date:
        """``start`` as a date."""
        return datetime.date.fromisoformat(self.start)

    @property
    def handoff_day(self) -> int | None:
        """The weekday of the handoff, Monday is 0; None for a daily rotation."""
        if self.rotation == "daily":
            return None
        found = _HANDOFF.fullmatch(self.handoff or "")
        return WEEKDAYS.index(found[1]) if found is not None and found[1] else 0

    @property
    def handoff_time(self) -> TimeOfDay:
        """The time of day of the handoff."""
        found = _HANDOFF.fullmatch(self.handoff or _USUAL_TIME)
        return TimeOfDay.parse(found[2] if found is not None else _USUAL_TIME)

    @model_validator(mode="after")
    def _understood(self) -> Self:
        try:
            _ = self.first_day
        except ValueError:
            raise _rota_error(f"`{self.start}` is not a day of the calendar") from None
        if self.handoff is None:
            return self
        found = _HANDOFF.fullmatch(self.handoff)
        try:
            known = found is not None and TimeOfDay.parse(found[2]).minutes < TimeOfDay.parse("24:00").minutes
        except ValueError:
            known = False
        if not known or found is None or (found[1] is not None) != (self.rotation == "weekly"):
            example = "monday 09:00" if self.rotation == "weekly" else "09:00"
            raise _rota_error(
                f"`{self.handoff}` is not when the turns of a {self.rotation} rotation change: `{example}` is"
            )
        return self


def _rota_error(message: str) -> PydanticCustomError:
    return PydanticCustomError("rota", "{message}", {"message": message})
