"""What happens from the moment a condition becomes true: when it is seen, who is told of it, when not, how it ends.

Times are counted from that moment, each as the earliest and the latest that it can be. The earliest is when a scrape
and an evaluation follow at once; the latest, when a whole interval of each passes first, and the window of the query
must be full of what is new. What is told comes from the emitted files: routes, groups and intervals from
``alertmanager.yml``, delays from the rules.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.backends.pagerduty.capabilities import HIGH
from skillforge_mon.routing.config import Configuration, Route
from skillforge_mon.routing.evaluate import Muted, end_of_mute, fits, group_labels, muted, repeats_after, routes_of
from skillforge_mon.routing.matchers import Labels
from skillforge_mon.routing.rules import AlertRule, RuleSet
from skillforge_mon.routing.words import Told
from skillforge_mon.spec.quantities import Duration

NOBODY = Told((), (), pages=False)


@dataclass(frozen=True, slots=True)
class Between:
    """A time that is not known exactly, counted from the moment at which the condition became true."""

    earliest: Duration
    latest: Duration

    def plus(self, earliest: int, latest: int | None = None) -> Between:
        """Both moved on."""
        later = earliest if latest is None else latest
        return Between(Duration(self.earliest + earliest), Duration(self.latest + later))


@dataclass(frozen=True, slots=True, eq=False)
class Notification:
    """One message. ``level`` is None without a policy; ``repeats`` is how often it comes again.

    With a moment, ``muted`` says what keeps it back and ``until`` when that ends. ``windows`` are all that ever can,
    and ``only`` those during which it is sent, if there are any.
    """

    level: int | None
    fires: Between
    told: Between
    receiver: str
    who: Told
    group: Mapping[str, str]
    repeats: Duration
    windows: tuple[str, ...]
    only: tuple[str, ...]
    muted: Muted | None
    until: datetime.datetime | None
    over: tuple[str, ...]
    over_within: Duration


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """``fill`` is what the window of the query adds, ``rule`` the one that fires first."""

    name: str
    severity: str
    labels: Labels
    at: datetime.datetime | None
    scrape: Duration
    fill: Between
    rule: AlertRule
    notifications: tuple[Notification, ...]
    inhibited_by: tuple[str, ...]
    inhibits: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of a compiled project: ``rules`` are those of one alert at one severity, one per level.

    ``fill`` and ``drain`` are given where the rules do not show how long their windows take to see that something is
    wrong, and that it is over; ``series`` are labels of the series.
    """

    name: str
    severity: str
    rules: tuple[AlertRule, ...]
    series: Labels
    at: datetime.datetime | None = None
    fill: Between | None = None
    drain: Duration | None = None


def timeline(
    question: Question, configuration: Configuration, rules: RuleSet, receivers: Mapping[str, Told]
) -> Timeline:
    """The answer to ``question``."""
    first = question.rules[0]
    fill = question.fill or Between(Duration(0), first.window)
    labels = sent_labels(question, first, rules)
    notifications: list[Notification] = []
    for rule in question.rules:
        sent = sent_labels(question, rule, rules)
        fires = fill.plus(rule.fires_after, rule.fires_after + rules.scrape + rule.interval)
        drain = question.drain if question.drain is not None else fill.latest
        over = Duration(rules.scrape + rule.interval + drain + rule.keep)
        notifications += [
            _notification(question, configuration, receivers, route, sent, fires, over)
            for route in routes_of(configuration.root, sent)
        ]
    inhibited_by, inhibits = _inhibition(configuration, labels, rules)
    return Timeline(
        question.name,
        question.severity,
        labels,
        question.at,
        rules.scrape,
        fill,
        first,
        tuple(sorted(notifications, key=lambda each: each.told.earliest)),
        inhibited_by,
        inhibits,
    )


def paged_next(found: Timeline, item: Notification) -> tuple[tuple[Duration, tuple[str, ...]], ...]:
    """Whom PagerDuty's policy pages after ``item``: after how long, and which teams. Only urgent incidents escalate."""
    return item.who.goes_on if found.severity == HIGH else ()


def sent_labels(question: Question, rule: AlertRule, rules: RuleSet) -> dict[str, str]:
    """What the alert carries: a label of the rule takes the place of the series' own, as in Prometheus."""
    return {**rules.external, **question.series, **rule.sent}


def _notification(
    question: Question,
    configuration: Configuration,
    receivers: Mapping[str, Told],
    route: Route,
    labels: Labels,
    fires: Between,
    over: Duration,
) -> Notification:
    told = fires.plus(route.group_wait)
    receiver = configuration.receivers[route.receiver]
    kept_back = until = None
    if question.at is not None:
        then = question.at.astimezone(datetime.UTC) + datetime.timedelta(milliseconds=told.latest)
        kept_back = muted(route, then)
        until = end_of_mute(route, then) if kept_back is not None else None
    level = labels.get("level", "")
    return Notification(
        int(level) if level.isdecimal() else None,
        fires,
        told,
        route.receiver,
        receivers.get(route.receiver, NOBODY),
        group_labels(route, labels),
        repeats_after(route),
        tuple(interval.name for interval in route.mute),
        tuple(interval.name for interval in route.active),
        kept_back,
        until,
        tuple(kind for kind in dict.fromkeys(receiver.integrations) if kind in receiver.resolved),
        Duration(over + route.group_interval),
    )


def _inhibition(
    configuration: Configuration, labels: Labels, rules: RuleSet
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The alerts of the project that can silence this one, and those that it can silence, as ``Name severity``."""
    by: dict[str, None] = {}
    inhibits: dict[str, None] = {}
    for rule in rules.rules:
        other = {**rules.external, **rule.sent}
        name = f"{rule.name} {other.get('severity', '')}".strip()
        for each in configuration.inhibit_rules:
            if any(labels.get(key, other.get(key)) != other.get(key, labels.get(key)) for key in each.equal):
                continue
            both = fits((*each.source, *each.target), labels) and fits((*each.source, *each.target), other)
            if not both and fits(each.target, labels) and fits(each.source, other):
                by[name] = None
            if not both and fits(each.source, labels) and fits(each.target, other):
                inhibits[name] = None
    return tuple(by), tuple(inhibits)
