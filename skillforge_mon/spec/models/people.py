"""``teams`` and ``escalation``: who is told, how, and who next."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import (
    BACKENDS,
    IGNORE_FIELD,
    Ignores,
    Name,
    OneOrMany,
    PositiveDurationField,
    SpecModel,
    Text,
    TimeOfDayField,
)
from skillforge_mon.spec.models.pagerduty import Rota
from skillforge_mon.spec.models.services import Every
from skillforge_mon.spec.quantities import TimeOfDay

_WEEKDAYS: tuple[Every, ...] = ("weekday",)
_MIDNIGHT = TimeOfDay.parse("00:00")
_END_OF_DAY = TimeOfDay.parse("24:00")


class WorkingHours(SpecModel):
    """A part of each week, by the clock: `{from: "09:00", to: "18:00", timezone: Europe/Paris}` from Monday to Friday."""

    days: OneOrMany[Every] = Field(default_factory=lambda: list(_WEEKDAYS), description="Days.", min_length=1)
    start: TimeOfDayField = Field(_MIDNIGHT, alias="from", description="Time of day at which they begin.")
    end: TimeOfDayField = Field(_END_OF_DAY, alias="to", description="Time of day at which they end, on the same day.")
    timezone: Text = Field("UTC", description="IANA time zone, such as Europe/Paris.")


class PagerDutyChannel(SpecModel):
    """People in PagerDuty whom its policies page; or a service that is looked after there, by its integration key."""

    users: OneOrMany[Text] = Field(
        default_factory=list,
        description="E-mail addresses of users in PagerDuty, who are paged together; needs `targets.pagerduty`.",
    )
    schedule: OneOrMany[Rota] = Field(
        default_factory=list,
        description="Who is on call when; of several rotas, a later one goes before the earlier ones in its hours. "
        "Needs `targets.pagerduty`.",
    )
    routing_key: Text | None = Field(
        None, description="A secret reference: the key of an Events API v2 integration of a service."
    )
    service: Text | None = Field(None, description="Name of the service in PagerDuty, for handles of other systems.")


class SlackChannel(SpecModel):
    """A Slack channel."""

    shorthand: ClassVar[str] = "channel"
    channel: Text = Field(description="`#channel` or `@person`.", pattern=r"^[#@].+$")
    api_url: Text | None = Field(None, description="A secret reference: an incoming webhook of its own.")


class WebhookChannel(SpecModel):
    """Any system that takes Alertmanager's JSON by HTTP POST."""

    shorthand: ClassVar[str] = "url"
    url: Text = Field(description="The address, or a secret reference when the address is secret.")


class OpsgenieChannel(SpecModel):
    """An Opsgenie team."""

    api_key: Text = Field(description="A secret reference: the key of an API integration.")
    team: Text | None = Field(None, description="Name of the team in Opsgenie.")


class MsTeamsChannel(SpecModel):
    """A Microsoft Teams channel, through a Flows webhook."""

    shorthand: ClassVar[str] = "webhook_url"
    webhook_url: Text = Field(description="A secret reference: the webhook of the channel.")


class JiraChannel(SpecModel):
    """Issues in a Jira project."""

    api_url: Text = Field(description="Base URL of the Jira REST API.")
    project: Text = Field(description="Key of the project.")
    issue_type: Text = Field("Bug", description="Type of the issues that are made.")
    username: Text | None = Field(None, description="User name for basic authentication.")
    api_token: Text = Field(description="A secret reference: token of that user, or a personal access token.")


class KibanaConnector(SpecModel):
    """A connector of Kibana, which rules on log lines act through. A bare value is its name."""

    shorthand: ClassVar[str] = "name"
    name: Text = Field(description="Its name in Kibana; its identifier is looked up by it.")
    type: Literal["slack", "msteams", "webhook", "email", "pagerduty", "server-log"] = Field(
        "slack", description="What it is, which decides what it is sent."
    )
    to: OneOrMany[Text] = Field(default_factory=list, description="Addresses, for `type: email`; default: `email`.")


class Team(SpecModel):
    """People who are told together, and the channels that reach them."""

    description: Text | None = Field(None, description="Who they are.")
    pagerduty: PagerDutyChannel | None = Field(None, description="Pages through PagerDuty.")
    opsgenie: OpsgenieChannel | None = Field(None, description="Pages through Opsgenie.")
    slack: OneOrMany[SlackChannel] = Field(default_factory=list, description="Slack channels.")
    email: OneOrMany[Text] = Field(default_factory=list, description="E-mail addresses.")
    webhook: OneOrMany[WebhookChannel] = Field(default_factory=list, description="Webhooks.")
    msteams: OneOrMany[MsTeamsChannel] = Field(default_factory=list, description="Teams channels.")
    jira: JiraChannel | None = Field(None, description="Issues in Jira.")
    datadog: OneOrMany[Text] = Field(
        default_factory=list,
        description="Datadog handles such as `@slack-acme-alerts`; default: made from the channels.",
    )
    sentry: Text | None = Field(None, description="Slug of the team in Sentry.")
    kibana: OneOrMany[KibanaConnector] = Field(
        default_factory=list, description="Connectors of Kibana, for alerts that it evaluates."
    )
    hours: OneOrMany[WorkingHours] = Field(
        default_factory=list,
        description="When they are told, where neither the level nor its policy says `hours`; default: always.",
    )
    approximate: list[Text] = Field(
        default_factory=list,
        description="Backends on which an approximate rendering of its hours is accepted.",
    )


class Level(SpecModel):
    """One step of an escalation policy."""

    notify: OneOrMany[Name] = Field(description="The teams that are told.", min_length=1)
    timeout: PositiveDurationField | None = Field(
        None, description="How long this level has before the next one is told. Only the last level goes without."
    )
    hours: OneOrMany[WorkingHours] = Field(
        default_factory=list,
        description="When `notify` is told; `{days: day}` is always. Default: as the policy says, else as each team does.",
    )
    otherwise: OneOrMany[Name] = Field(
        default_factory=list,
        description="The teams that are told outside the hours; without any, the message waits until they begin.",
    )


class Escalation(SpecModel):
    """Who is told first, and who next while the alert goes on. A bare list is the list of levels."""

    shorthand: ClassVar[str] = "levels"
    levels: list[Level] = Field(description="The levels in order.", min_length=1)
    repeat: PositiveDurationField | None = Field(None, description="How often an unresolved alert is told again.")
    hours: OneOrMany[WorkingHours] = Field(
        default_factory=list, description="The hours of each level that has none of its own."
    )
    otherwise: OneOrMany[Name] = Field(
        default_factory=list, description="The teams that are told outside these hours, at each of these levels."
    )
    approximate: list[Text] = Field(
        default_factory=list,
        description=f"Backends on which an approximate rendering is accepted: {', '.join(BACKENDS)}.",
    )
    ignore: Ignores = IGNORE_FIELD
