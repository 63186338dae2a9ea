"""Who is told of what, after how long, how often, and when not: escalation, teams and maintenance without any backend.

An alert that follows a policy fires once per level, each level later than the one before by that one's timeout, and
carries the labels ESCALATION and LEVEL; an alert without one carries neither and goes to its team, which the label TEAM
names, or to the default team.

Where PagerDuty has the policy, the level at which it is handed over pages one of its services, and the later levels
tell only what PagerDuty does not page (see model/paging.py).

Where a level tells some only in their hours, and others outside them, each of them is a route with the same labels: an
alert goes to all of these routes, and each sends only during its ``hours``. What comes to a route outside its hours is
told when they begin, if it still goes on.

A lower level is never inhibited by a higher one. Who has been told of an alert must also be told that it is over, and
Alertmanager does not send the end of an alert that is inhibited when it ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.notices import TEAM, Notice, notices
from skillforge_mon.lower.paging import ANY, Paging, paging
from skillforge_mon.lower.scope import OTHER, Scope
from skillforge_mon.lower.windows import MuteWindow, mute_window
from skillforge_mon.model.channels import Channel, channels
from skillforge_mon.model.paging import hand_over, on_call, own_channels, paged_levels, told_levels, without_key
from skillforge_mon.model.project import Escalation, Level, Project, Team
from skillforge_mon.model.working_hours import Hours, Shift, hours_of, who_is
from skillforge_mon.spec.quantities import Duration

ESCALATION = "escalation"
LEVEL = "level"


@dataclass(frozen=True, slots=True, eq=False)
class NotificationRoute:
    """Those of ``teams`` who are told together of the alerts that carry ``labels``, during ``hours`` (None is always).

    Either ``policy`` and ``level`` are set, or ``team``. ``name`` is unique among the routes of a plan. ``channels``
    are those of all its teams, each once. ``repeat`` is how often they are told again, None for the backend's own
    setting. ``reach`` are the alerts that come here, as far as windows can tell them apart; for a team also those of
    rules that monmc did not write. ``handed_over`` are the levels of the policy that PagerDuty goes on to page.
    """

    name: str
    labels: Mapping[str, str]
    channels: tuple[Channel, ...]
    policy: Escalation | None
    level: Level | None
    team: Team | None
    teams: tuple[Team, ...]
    hours: Hours | None
    repeat: Duration | None
    reach: tuple[Scope, ...]
    handed_over: tuple[Level, ...] = ()

    @property
    def objects(self) -> tuple[str, ...]:
        """The ids of the spec objects that it comes from."""
        policy = (self.policy.id,) if self.policy is not None else ()
        return (*policy, *dict.fromkeys(channel.team.id for channel in self.channels))


@dataclass(frozen=True, slots=True, eq=False)
class NotificationPlan:
    """Where alerts go: to the first of ``routes`` whose labels they carry, else to ``default``, else to nobody.

    Routes with the same labels follow each other, and an alert goes to all of them: they send at different hours.

    ``windows`` are the times at which alerts are not sent, whatever their route. ``paging`` are the services in
    PagerDuty that are paged.
    """

    routes: tuple[NotificationRoute, ...]
    default: NotificationRoute | None
    windows: tuple[MuteWindow, ...]
    notices: tuple[Notice, ...]
    paging: Paging

    def levels(self, escalation: Escalation | None) -> tuple[Level, ...]:
        """The levels at which an alert with this policy fires, in order; none without a policy."""
        if escalation is None:
            return ()
        found = (route.level for route in self.routes if route.policy is escalation)
        return tuple(dict.fromkeys(level for level in found if level is not None))

    @property
    def everyone(self) -> tuple[NotificationRoute, ...]:
        """The routes, and the default where there is one."""
        return (*self.routes, self.default) if self.default is not None else self.routes

    @property
    def hours(self) -> tuple[Hours, ...]:
        """The hours of all routes, each once."""
        return tuple(dict.fromkeys(route.hours for route in self.everyone if route.hours is not None))


def level_labels(escalation: Escalation, level: Level) -> dict[str, str]:
    """The labels that an alert carries at ``level``, besides its own."""
    return {ESCALATION: escalation.name, LEVEL: str(level.number)}


def notification_plan(project: Project, _report: Report) -> NotificationPlan:
    """The plan of ``project``: a route for each level of every policy, one for each team that owns something."""
    alerts = notices(project)
    target = project.targets.alertmanager
    default = project.teams.get(target.default_team) if target is not None and target.default_team else None
    services = paging(project, alerts)
    routes = [*_level_routes(project, alerts, services), *_team_routes(project, alerts, default)]
    fallback = None
    if default is not None:
        fallback = _team_route(project, default, {}, (*_unclaimed(alerts, default), Scope(alerts=OTHER)))
    return NotificationPlan(
        tuple(_uniquely_named(routes)),
        fallback,
        tuple(mute_window(maintenance) for maintenance in project.maintenance.values()),
        alerts,
        services,
    )


def ends_lost(routes: Iterable[NotificationRoute]) -> list[str]:
    """What is lost where an alert that ends while a route does not send is forgotten: one text per shift of a level."""
    shifts = dict.fromkeys((route.level, route.teams, route.hours) for route in routes if route.hours is not None)
    return [
        f"{who_is(teams)} not told the end of an alert that ends {hours.opposite.when}" for _, teams, hours in shifts
    ]


def _level_routes(project: Project, alerts: tuple[Notice, ...], services: Paging) -> Iterator[NotificationRoute]:
    for policy in project.escalation.values():
        reach = tuple(alert.scope for alert in alerts if alert.policy is policy)
        handed_over = hand_over(project, policy)
        for level in told_levels(project, policy):
            route = NotificationRoute(
                name=f"{policy.name}-level-{level.number}",
                labels=level_labels(policy, level),
                channels=(),
                policy=policy,
                level=level,
                team=None,
                teams=level.teams,
                hours=None,
                repeat=policy.spec.repeat,
                reach=reach,
            )
            for each in _paging_routes(project, route, services) if level is handed_over else (route,):
                yield from _shift_routes(project, each, level)


def _shift_routes(project: Project, route: NotificationRoute, level: Level) -> Iterator[NotificationRoute]:
    """``route`` once for each shift of its level; ``route.channels`` is the page of those whom PagerDuty pages."""
    for number, shift in enumerate(level.shifts, 1):
        page = route.channels if any(on_call(project, team) for team in shift.teams) else ()
        own = _channels(own_channels(project, team) for team in shift.teams)
        name = route.name if number == 1 else f"{route.name}-{_shift_word(shift, number)}"
        yield replace(
            route,
            name=name,
            channels=(*page, *own),
            teams=shift.teams,
            hours=shift.hours,
            handed_over=route.handed_over if page else (),
        )


def _shift_word(shift: Shift, number: int) -> str:
    return "otherwise" if shift.hours is not None and shift.hours.outside else str(number)


def _paging_routes(project: Project, route: NotificationRoute, services: Paging) -> Iterator[NotificationRoute]:
    """``route``, whose level is the one that hands over, once for each service that it pages."""
    assert route.policy is not None  # noqa: S101 - the route of a level
    later = paged_levels(project, route.policy)[1:]
    by_service: defaultdict[str, list[Scope]] = defaultdict(list)
    for scope in route.reach:
        for name in scope.services if scope.services is not None else (ANY,):
            by_service[name].append(scope)
    pages = services.of_policy(route.policy)
    others = frozenset(project.services).difference(page.service for page in pages) | OTHER
    for page in pages:
        paging_route = replace(route, channels=(page.channel,), handed_over=later)
        if page.service == ANY:
            yield replace(paging_route, reach=tuple(replace(scope, services=others) for scope in by_service[ANY]))
            continue
        own = frozenset((page.service,))
        yield replace(
            paging_route,
            name=f"{route.name}-{page.service}",
            labels={**route.labels, "service": page.service},
            reach=(*by_service[page.service], *(replace(scope, services=own) for scope in by_service[ANY])),
        )


def _team_routes(project: Project, alerts: tuple[Notice, ...], default: Team | None) -> Iterator[NotificationRoute]:
    """One for each team that owns a service or an alert. The default team needs none: what is left is its own."""
    for team in project.teams.values():
        owned = frozenset(service.name for service in project.services.values() if service.team is team)
        own = tuple(alert.scope for alert in alerts if alert.policy is None and alert.labels.get(TEAM) == team.name)
        if team is not default and (owned or own):
            yield _team_route(project, team, {TEAM: team.name}, (*own, Scope(services=owned | OTHER, alerts=OTHER)))


def _unclaimed(alerts: tuple[Notice, ...], default: Team) -> Iterator[Scope]:
    for alert in alerts:
        if alert.policy is None and alert.labels.get(TEAM, default.name) == default.name:
            yield alert.scope


def _team_route(project: Project, team: Team, labels: Mapping[str, str], reach: tuple[Scope, ...]) -> NotificationRoute:
    """Without a key, PagerDuty pages ``team`` through policies alone: a check tells of the alerts that follow none."""
    told = [channel for channel in channels(team) if not (on_call(project, team) and without_key(channel))]
    return NotificationRoute(
        name=f"team-{team.name}",
        labels=labels,
        channels=_channels((told,)),
        policy=None,
        level=None,
        team=team,
        teams=(team,),
        hours=hours_of(team.spec.hours),
        repeat=None,
        reach=reach,
    )


def _channels(of_teams: Iterable[Iterable[Channel]]) -> tuple[Channel, ...]:
    """The channels of several teams; one that some of them share is used once."""
    found: list[Channel] = []
    for own in of_teams:
        for channel in own:
            if not any((channel.kind, channel.spec) == (other.kind, other.spec) for other in found):
                found.append(channel)
    return tuple(found)


def _uniquely_named(routes: Iterable[NotificationRoute]) -> Iterator[NotificationRoute]:
    """A policy called `team-a` and a team called `a-level-1` would otherwise share a receiver."""
    taken: set[str] = set()
    for route in routes:
        name = route.name
        while name in taken:
            name += "-too"
        taken.add(name)
        yield route if name == route.name else replace(route, name=name)
