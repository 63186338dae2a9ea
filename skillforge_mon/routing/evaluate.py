"""What a configuration does with an alert: receivers, groups, inhibition, mutes.

The rules are those of Alertmanager's ``dispatch``, ``inhibit`` and ``timeinterval`` packages. A route is taken only if
none of its children is; children are asked in order, and one that matches ends the search unless it says ``continue``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skillforge_mon.routing.config import EVERY_LABEL, Configuration, InhibitRule, Route
from skillforge_mon.routing.matchers import Labels, Matcher
from skillforge_mon.spec.quantities import Duration

MINUTE = datetime.timedelta(minutes=1)
LONGEST_LOOK = 15 * 24 * 60
"""Minutes for which the end of a mute is looked for."""


def fits(matchers: Iterable[Matcher], labels: Labels) -> bool:
    """Whether every one of ``matchers`` fits."""
    return all(each.fits(labels) for each in matchers)


def routes_of(root: Route, labels: Labels) -> list[Route]:
    """The routes that an alert with ``labels`` takes, in the order of the tree; never none."""
    return list(_taken(root, labels))


def _taken(route: Route, labels: Labels) -> Iterator[Route]:
    below = False
    for child in route.routes:
        if fits(child.matchers, labels):
            below = True
            yield from _taken(child, labels)
            if not child.goes_on:
                break
    if not below:
        yield route


def group_labels(route: Route, labels: Labels) -> dict[str, str]:
    """The labels that the alert's group shares: alerts that have the same ones are told of together."""
    if EVERY_LABEL in route.group_by:
        return dict(sorted(labels.items()))
    return {name: labels[name] for name in sorted(route.group_by) if name in labels}


def repeats_after(route: Route) -> Duration:
    """When people are told again: at the first flush after more than ``repeat_interval``."""
    interval = route.group_interval
    return Duration((route.repeat_interval // interval + 1) * interval)


def inhibits(rule: InhibitRule, source: Labels, target: Labels) -> bool:
    """Whether an alert with the labels ``source`` keeps one with ``target`` from being sent.

    A label of ``equal`` that both are without counts as equal. An alert that fits both sides of the rule is not
    inhibited by another one that does.
    """
    if not fits(rule.source, source) or not fits(rule.target, target):
        return False
    if fits(rule.source, target) and fits(rule.target, source):
        return False
    return all(source.get(name, "") == target.get(name, "") for name in rule.equal)


def inhibiting_rules(configuration: Configuration, labels: Labels) -> tuple[InhibitRule, ...]:
    """The rules that some other alert could silence this one by."""
    return tuple(rule for rule in configuration.inhibit_rules if fits(rule.target, labels))


@dataclass(frozen=True, slots=True)
class Muted:
    """Why a route sends nothing: the intervals that mute it, or those outside of which it sends."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]


def muted(route: Route, moment: datetime.datetime) -> Muted | None:
    """What keeps ``route`` from sending at ``moment``, or None when it sends."""
    if route.active and not any(interval.holds(moment) for interval in route.active):
        return Muted((), tuple(interval.name for interval in route.active))
    inside = tuple(interval.name for interval in route.mute if interval.holds(moment))
    return Muted(inside, ()) if inside else None


def end_of_mute(route: Route, moment: datetime.datetime) -> datetime.datetime | None:
    """The minute at which ``route`` sends again, in UTC; None when that is more than LONGEST_LOOK away."""
    start = moment.astimezone(datetime.UTC).replace(second=0, microsecond=0)
    for minutes in range(LONGEST_LOOK):
        then = start + minutes * MINUTE
        if then >= moment.astimezone(datetime.UTC) - MINUTE and muted(route, then) is None:
            return max(then, moment.astimezone(datetime.UTC))
    return None
