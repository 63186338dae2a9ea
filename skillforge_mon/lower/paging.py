"""The services that PagerDuty needs: one for each service of the project and policy that pages it.

Incidents are told apart by service there: who looks at a phone reads which service it is about, each service has its
own history and its own maintenance, and a service has exactly one policy. So alerts of one service that follow two
policies need two. An alert whose service only its series can tell goes to the one of that service, if there is one, and
else to one of the policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skillforge_mon.model.channels import Channel, ChannelKind
from skillforge_mon.model.paging import hand_over, on_call
from skillforge_mon.model.policies import Told, everything_told, notifying
from skillforge_mon.model.project import Alert, Escalation, Level, Project, Slo
from skillforge_mon.model.secrets import SecretReference
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from skillforge_mon.lower.notices import Notice

ANY = ""
"""In place of a service's name: alerts whose service is known only when they fire, or that have none."""


@dataclass(frozen=True, slots=True, eq=False)
class PagerDutyService:
    """A service in PagerDuty: what alerts of ``service`` (or ANY) that follow ``policy`` page.

    ``name`` is what it is called there. ``climbing`` are the severities of the alerts that may reach the later levels
    of the policy, ``staying`` those of alerts that keep to the first.
    """

    policy: Escalation
    level: Level
    service: str
    name: str
    climbing: frozenset[str]
    staying: frozenset[str]
    channel: Channel

    @property
    def key(self) -> str:
        """What it is known by: ``escalation.critical.web``, and ``escalation.critical`` for ANY."""
        return f"{self.policy.id}.{self.service}" if self.service else self.policy.id


@dataclass(frozen=True, slots=True, eq=False)
class Paging:
    """The services of a project, by policy and service."""

    services: Mapping[tuple[str, str], PagerDutyService]

    def of(self, policy: Escalation | None, service: str) -> PagerDutyService | None:
        """What an alert of ``service`` (or ANY) that follows ``policy`` pages; None when PagerDuty does not have it."""
        return self.services.get((policy.name, service)) if policy is not None else None

    def of_policy(self, policy: Escalation) -> tuple[PagerDutyService, ...]:
        """Those of one policy, in the order of the spec, ANY last."""
        found = [each for (name, _), each in self.services.items() if name == policy.name]
        return tuple(sorted(found, key=lambda each: each.service == ANY))


def paging(project: Project, notices: Iterable[Notice]) -> Paging:
    """The services that alerts of ``project`` page; ``notices`` are those of Prometheus. None without the target."""
    climbing: dict[tuple[str, str], dict[str, bool]] = {}
    if project.targets.pagerduty is not None:
        for policy, service, severity, climbs in _followers(project, notices):
            if hand_over(project, policy) is not None:
                severities = climbing.setdefault((policy.name, service), {})
                severities[severity] = severities.get(severity, False) or climbs
    found: dict[tuple[str, str], PagerDutyService] = {}
    secrets: set[str] = set()
    for (policy_name, service), severities in climbing.items():
        policy = project.escalation[policy_name]
        level = hand_over(project, policy)
        assert level is not None  # noqa: S101 - only policies that are handed over are there
        name = wanted = account_name(project, *filter(None, (service, policy_name)))
        number = 2
        while _secret(name).name in secrets:
            name, number = f"{wanted}-{number}", number + 1
        secrets.add(_secret(name).name)
        found[policy_name, service] = PagerDutyService(
            policy,
            level,
            service,
            name,
            frozenset(severity for severity, climbs in severities.items() if climbs),
            frozenset(severity for severity, climbs in severities.items() if not climbs),
            _channel(project, level, name),
        )
    return Paging(found)


def account_name(project: Project, *parts: str) -> str:
    """What an object is called in PagerDuty, where names are unique in the account: ``shop-staging-web-critical``."""
    environment = (project.environment,) if project.environment != DEFAULT_ENVIRONMENT else ()
    return "-".join((project.name, *environment, *parts))


def _followers(project: Project, notices: Iterable[Notice]) -> Iterator[tuple[Escalation, str, str, bool]]:
    """Policy, service, severity, and whether it goes on to later levels, of everything that tells somebody."""
    for told in everything_told(project):
        if told.policy is not None and (notifying(project, told) or _pages_from_sentry(project, told)):
            levels = told.object.levels(told.severity) if isinstance(told.object, Slo) else told.policy.levels
            service = told.object.service
            yield told.policy, service.name if service is not None else ANY, told.severity, len(levels) > 1
    for notice in notices:
        if notice.policy is not None and notice.scope.services is None and project.targets.alertmanager is not None:
            severity = notice.labels["severity"]
            levels = notice.slo.levels(severity) if notice.slo is not None else notice.policy.levels
            yield notice.policy, ANY, severity, len(levels) > 1


def _pages_from_sentry(project: Project, told: Told) -> bool:
    """Whether Sentry hands it over: it tells the first level alone, and issues at the worst severity alone."""
    alert, policy = told.object, told.policy
    if not isinstance(alert, Alert) or policy is None or "sentry" not in alert.backends or alert.spec.sentry is None:
        return False
    worst = alert.severities[0].severity == told.severity
    return hand_over(project, policy) is policy.levels[0] and (worst or alert.spec.sentry.metric is not None)


def _secret(name: str) -> SecretReference:
    """The key of the integration: ``PAGERDUTY_SHOP_WEB_CRITICAL``, in the file ``pagerduty-shop-web-critical``."""
    return SecretReference("secret", f"PAGERDUTY_{name}".upper().replace("-", "_"))


def _channel(project: Project, level: Level, name: str) -> Channel:
    from skillforge_mon.spec.models.people import PagerDutyChannel

    team = next(team for team in level.teams if on_call(project, team))
    channel = PagerDutyChannel(routing_key=str(_secret(name)), service=name)
    return Channel(ChannelKind.PAGERDUTY, team, ("pagerduty",), channel)
