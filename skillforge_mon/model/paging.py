"""What PagerDuty takes over of an escalation policy, where the project has it as a target.

A team is *on call* when PagerDuty knows its people: users, or a schedule. A policy with such a team is handed over at
the first level that has one: that level pages a service, and PagerDuty's own policy pages the people of the later
levels, for it knows whether somebody has acknowledged. Everything else is still told by Alertmanager or Datadog.
"""

from __future__ import annotations

from skillforge_mon.model.channels import Channel, ChannelKind, channels
from skillforge_mon.model.project import Escalation, Level, Project, Slo, Team


def on_call(project: Project, team: Team) -> bool:
    """True when PagerDuty pages people of ``team`` by a policy that monmc writes."""
    people = team.spec.pagerduty
    return project.targets.pagerduty is not None and people is not None and bool(people.users or people.schedule)


def paged_levels(project: Project, policy: Escalation) -> tuple[Level, ...]:
    """The levels with a team that is on call: the rules of the policy in PagerDuty. None: it is not handed over."""
    if project.targets.pagerduty is None:
        return ()
    return tuple(level for level in policy.levels if any(on_call(project, team) for team in level.teams))


def hand_over(project: Project, policy: Escalation) -> Level | None:
    """The level at which a service of PagerDuty is paged, None for a policy that is not handed over."""
    return next(iter(paged_levels(project, policy)), None)


def own_channels(project: Project, team: Team) -> tuple[Channel, ...]:
    """The channels of ``team``, at a level of a policy, that PagerDuty does not see to."""
    managed = on_call(project, team)
    return tuple(channel for channel in channels(team) if not (managed and channel.kind is ChannelKind.PAGERDUTY))


def without_key(channel: Channel) -> bool:
    """True for a channel to PagerDuty that has no key of its own: nobody else can page it."""
    return channel.kind is ChannelKind.PAGERDUTY and getattr(channel.spec, "routing_key", None) is None


def told_levels(project: Project, policy: Escalation) -> tuple[Level, ...]:
    """The levels that Alertmanager and Datadog tell: all but later ones at which only PagerDuty pages."""
    paged = paged_levels(project, policy)
    return tuple(
        level
        for level in policy.levels
        if level not in paged[1:] or any(own_channels(project, team) for team in level.teams)
    )


def slo_levels(project: Project, slo: Slo, severity: str) -> tuple[Level, ...]:
    """The levels at which the alerts of ``slo`` of this severity fire."""
    policy, levels = slo.policy(severity), slo.levels(severity)
    if policy is None or project.targets.pagerduty is None:
        return levels
    told = told_levels(project, policy)
    return tuple(level for level in levels if level in told)
