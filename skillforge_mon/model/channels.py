"""The channels that reach a team, as one list, and which of them page."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from skillforge_mon.model.project import Team

if TYPE_CHECKING:
    from skillforge_mon.spec.models.people import (
        JiraChannel,
        MsTeamsChannel,
        OpsgenieChannel,
        PagerDutyChannel,
        SlackChannel,
        WebhookChannel,
    )

    ChannelSpec: TypeAlias = (
        PagerDutyChannel | OpsgenieChannel | SlackChannel | WebhookChannel | MsTeamsChannel | JiraChannel | str
    )


class ChannelKind(enum.StrEnum):
    """What a channel is, in the words of the language, the most urgent first."""

    PAGERDUTY = "pagerduty"
    OPSGENIE = "opsgenie"
    SLACK = "slack"
    MSTEAMS = "msteams"
    WEBHOOK = "webhook"
    EMAIL = "email"
    JIRA = "jira"


PAGING = frozenset((ChannelKind.PAGERDUTY, ChannelKind.OPSGENIE))
"""What wakes people and waits for an acknowledgement."""
MAYBE_PAGING = PAGING | {ChannelKind.WEBHOOK}
"""These, and a webhook, which may lead to any on-call system."""


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One way to reach a team. ``path`` is its place below the team; ``spec`` an address (``str``) for e-mail."""

    kind: ChannelKind
    team: Team
    path: tuple[str | int, ...]
    spec: ChannelSpec

    @property
    def pages(self) -> bool:
        """True when it wakes somebody."""
        return self.kind in PAGING


def channels(team: Team) -> tuple[Channel, ...]:
    """Every channel of ``team``, in the order of ChannelKind. Handles of Datadog and Sentry are not among them."""
    found: list[Channel] = []
    for kind in ChannelKind:
        value = getattr(team.spec, kind.value)
        if isinstance(value, list):
            # A single one may be written without a list, and has no index then.
            many = len(value) > 1 or team.place.find(kind.value, 0) is not None
            found += [
                Channel(kind, team, (kind.value, index) if many else (kind.value,), item)
                for index, item in enumerate(value)
            ]
        elif value is not None:
            found.append(Channel(kind, team, (kind.value,), value))
    return tuple(found)


def reachable(team: Team) -> bool:
    """True when the team has a channel on any system."""
    return bool(channels(team) or team.spec.datadog or team.spec.sentry or team.spec.kibana)
