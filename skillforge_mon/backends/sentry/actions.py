"""Whom Sentry tells: the channels of a team as actions, before any wire format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skillforge_mon.backends.sentry.capabilities import SEVERITIES_OF_PAGERDUTY
from skillforge_mon.backends.sentry.differences import Differences
from skillforge_mon.lower.paging import PagerDutyService
from skillforge_mon.model.paging import on_call
from skillforge_mon.model.project import Alert, AlertSeverity, Project, Team
from skillforge_mon.model.working_hours import Shift, shifts_of_teams, told_always
from skillforge_mon.spec.models.targets import SentryIntegrations

MSTEAMS_CHANNEL = "General"
"""The channel that every team in Microsoft Teams has: a spec knows channels of Teams only by their webhooks."""


@dataclass(frozen=True, slots=True)
class Email:
    """A mail to every member of the Sentry team with the slug ``team``."""

    team: str


@dataclass(frozen=True, slots=True)
class Slack:
    """``channel`` is written with its ``#`` or ``@``."""

    workspace: str
    channel: str


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """``service`` is a row of the integration's table; ``severity`` is PagerDuty's."""

    account: str
    service: str
    severity: str


@dataclass(frozen=True, slots=True)
class Opsgenie:
    """``team`` is a row of the integration's table; ``priority`` is P1 to P5."""

    account: str
    team: str
    priority: str


@dataclass(frozen=True, slots=True)
class MsTeams:
    """A channel of a team in Microsoft Teams."""

    team: str
    channel: str


@dataclass(frozen=True, slots=True)
class Jira:
    """A new issue in a Jira project."""

    site: str
    project: str
    issue_type: str


Action = Email | Slack | PagerDuty | Opsgenie | MsTeams | Jira


def told_first(alert: Alert, severity: AlertSeverity) -> tuple[Shift, ...]:
    """The first level of the policy; the service's team when there is no policy."""
    if severity.escalation is not None and severity.escalation.levels:
        return severity.escalation.levels[0].shifts
    team = alert.service.team if alert.service is not None else None
    return shifts_of_teams((team,)) if team is not None else ()


def actions(
    project: Project,
    shifts: Iterable[Shift],
    severity: AlertSeverity,
    page: PagerDutyService | None,
    differences: Differences,
) -> tuple[Action, ...]:
    """One action per channel that Sentry reaches, each once; every channel that it does not is reported, and hours.

    ``page`` is the service in PagerDuty to which the policy is handed over at this level: it pages, in their hours, the
    people whom PagerDuty knows.
    """
    target = project.targets.sentry
    assert target is not None  # noqa: S101 - without it nothing is compiled for Sentry
    found: dict[Action, None] = {}
    if page is not None:
        found.update(dict.fromkeys(_page(page.name, "nobody is paged", severity, target.integrations, differences)))
    for shift in shifts:
        told = 0
        for team in shift.teams:
            managed = page is not None and on_call(project, team)
            own = dict.fromkeys(_of_team(team, severity, target.integrations, differences, managed=managed))
            told += len(own)
            found.update(own)
        for reason in told_always((shift,)) if told else ():
            _unreached(
                differences,
                f"{reason}: Sentry knows no hours",
                "leave them out, or accept it with `approximate: [sentry]`",
            )
    return tuple(found)


def _page(
    service: str, loss: str, severity: AlertSeverity, integrations: SentryIntegrations, differences: Differences
) -> Iterator[Action]:
    if _installed(integrations.pagerduty, "pagerduty", "PagerDuty", loss, differences):
        yield PagerDuty(integrations.pagerduty or "", service, SEVERITIES_OF_PAGERDUTY[severity.severity])


def _of_team(
    team: Team,
    severity: AlertSeverity,
    integrations: SentryIntegrations,
    differences: Differences,
    *,
    managed: bool,
) -> Iterator[Action]:
    """The actions of one team; ``managed`` is true when PagerDuty's policy pages it."""
    channels = team.spec
    if channels.sentry is not None:
        yield Email(channels.sentry)
    elif channels.email:
        _unreached(
            differences,
            f"`{team.name}` is not told by e-mail: Sentry writes to its own members, not to an address",
            f"name the team's slug in Sentry: `teams.{team.name}.sentry`",
        )
    if channels.pagerduty is not None and not managed:
        service = channels.pagerduty.service
        if service is None:
            _unreached(
                differences,
                f"`{team.name}` is not paged: Sentry finds services in PagerDuty by name, not by routing key",
                f"name the service: `teams.{team.name}.pagerduty.service`",
            )
        else:
            yield from _page(service, f"`{team.name}` is not paged", severity, integrations, differences)
    if channels.opsgenie is not None:
        name = channels.opsgenie.team
        if name is None:
            _unreached(
                differences,
                f"`{team.name}` is not paged: Sentry finds teams in Opsgenie by name, not by key",
                f"name the team: `teams.{team.name}.opsgenie.team`",
            )
        elif _installed(integrations.opsgenie, "opsgenie", "Opsgenie", f"`{team.name}` is not paged", differences):
            yield Opsgenie(integrations.opsgenie or "", name, f"P{severity.priority}")
    for slack in channels.slack:
        if _installed(integrations.slack, "slack", "Slack", f"`{slack.channel}` is not told", differences):
            yield Slack(integrations.slack or "", slack.channel)
    if channels.msteams and _installed(
        integrations.msteams, "msteams", "Microsoft Teams", f"`{team.name}` is not told in Teams", differences
    ):
        _unreached(
            differences,
            f"`{team.name}` is told in the channel `{MSTEAMS_CHANNEL}` of `{integrations.msteams}`: Sentry finds "
            "channels by name, and the spec has only webhooks",
            "accept it with `approximate: [sentry]`",
        )
        yield MsTeams(integrations.msteams or "", MSTEAMS_CHANNEL)
    if channels.jira is not None and _installed(
        integrations.jira, "jira", "Jira", f"no issue is made in `{channels.jira.project}`", differences
    ):
        yield Jira(integrations.jira or "", channels.jira.project, channels.jira.issue_type)
    if channels.webhook:
        _unreached(
            differences,
            f"the webhooks of `{team.name}` are not called: Sentry calls only webhooks that are installed there",
            "add a channel that Sentry reaches, or accept it with `approximate: [sentry]`",
        )


def _installed(name: str | None, key: str, product: str, loss: str, differences: Differences) -> bool:
    """True when the integration is named; otherwise what is lost is reported."""
    if name is None:
        _unreached(
            differences,
            f"{loss}: no {product} integration is named",
            f"name it as it is installed in Sentry: `targets.sentry.integrations.{key}`",
        )
    return name is not None


def _unreached(differences: Differences, reason: str, instead: str) -> None:
    differences.approximate(reason, at="escalation", instead=instead)
