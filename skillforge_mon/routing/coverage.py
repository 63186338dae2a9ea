"""Is there a minute of the week at which nobody would be told in time?

For every alert at every severity, and every minute at which it may begin to fire, somebody must be told before the
timeout of the policy's first level is over; without a policy, or with one level only, at once. A critical alert must
reach a channel that pages, any other one some channel. The next level counts, if it comes in time. What is not critical
may wait for working hours.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from skillforge_mon.routing.config import Configuration, Route
from skillforge_mon.routing.evaluate import MINUTE, muted, routes_of
from skillforge_mon.routing.rules import RuleSet
from skillforge_mon.routing.subjects import Subject
from skillforge_mon.routing.timeline import NOBODY
from skillforge_mon.routing.weeks import weeks
from skillforge_mon.routing.words import Told, when_not
from skillforge_mon.spec.quantities import Duration

MINUTES = 7 * 24 * 60
CRITICAL = "critical"


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """Minutes of one week at which ``subject``, with the label ``service``, would not be told in time.

    ``example`` is the first of them, in UTC; it is None when no minute is better than another, because there is no
    channel that serves. ``windows`` are those that keep the messages back then.
    """

    subject: Subject
    service: str
    example: datetime.datetime | None
    minutes: int
    windows: tuple[str, ...]

    @property
    def critical(self) -> bool:
        """Whether it must be put right."""
        return self.subject.severity == CRITICAL


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """``alerts`` is how many alerts and severities were asked about, ``weeks`` are the Mondays that stand for all.

    ``unused`` are receivers that no route names, ``idle`` those that only routes name which no alert takes.
    """

    alerts: int
    weeks: tuple[datetime.datetime, ...]
    holes: tuple[Hole, ...]
    unreached: tuple[Route, ...]
    unused: tuple[str, ...]
    idle: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether a critical alert has a hole."""
        return any(hole.critical for hole in self.holes)


def coverage(
    asked: Iterable[Subject],
    configuration: Configuration,
    rules: RuleSet,
    receivers: Mapping[str, Told],
    services: Iterable[str],
) -> Coverage:
    """Every hole, and what of the configuration no alert of the project ever uses.

    Where the series bring the label ``service``, the alert is tried with each of ``services`` and without any.
    """
    mondays = weeks(configuration.intervals.values())
    search = _Search(configuration, receivers, mondays)
    names = ("", *services)
    everything = list(asked)
    holes = [hole for subject in everything for hole in search.holes(subject, rules, names)]
    for rule in rules.rules:
        for service in names:
            search.take({**rules.external, **({"service": service} if service else {}), **rule.sent})
    unreached = tuple(route for route in configuration.root.walk() if route.number not in search.reached)
    used = {route.receiver for route in configuration.root.walk()}
    unused = tuple(name for name in configuration.receivers if name not in used)
    idle = tuple(name for name in configuration.receivers if name in used - search.receiving)
    return Coverage(len(everything), tuple(mondays), tuple(holes), unreached, unused, idle)


class _Search:
    """Remembers, for every route with windows, when it sends again from any minute of the weeks on."""

    def __init__(
        self, configuration: Configuration, receivers: Mapping[str, Told], mondays: list[datetime.datetime]
    ) -> None:
        self.configuration = configuration
        self.receivers = receivers
        self.mondays = mondays
        self.reached: set[int] = set()
        self.receiving: set[str] = set()
        self.opens: dict[tuple[tuple[str, ...], tuple[str, ...], datetime.datetime], list[int]] = {}
        self.above: dict[int, tuple[int, ...]] = {}
        self._number(configuration.root, ())

    def _number(self, route: Route, above: tuple[int, ...]) -> None:
        self.above[route.number] = (*above, route.number)
        for child in route.routes:
            self._number(child, (*above, route.number))

    def take(self, labels: Mapping[str, str]) -> list[Route]:
        """The routes that an alert takes; they, and those above them, are reached."""
        found = routes_of(self.configuration.root, labels)
        for route in found:
            self.reached.update(self.above[route.number])
            self.receiving.add(route.receiver)
        return found

    def holes(self, subject: Subject, rules: RuleSet, services: tuple[str, ...]) -> Iterator[Hole]:
        """The holes of one alert; weeks and services that differ in nothing else are one hole."""
        known = "service" in subject.rules[0].labels
        seen = set[tuple[int, tuple[str, ...]]]()
        for service in ("",) if known else services:
            for hole in self._holes(subject, rules, service):
                key = (hole.minutes, hole.windows)
                if key not in seen:
                    seen.add(key)
                    yield hole

    def _holes(self, subject: Subject, rules: RuleSet, service: str) -> Iterator[Hole]:
        first = subject.rules[0]
        ways: list[tuple[Route, int]] = []
        limit = subject.timeout or Duration(0)
        for rule in subject.rules:
            later = rule.fires_after - first.fires_after
            labels = {**rules.external, **({"service": service} if service else {}), **rule.sent}
            for route in self.take(labels):
                who = self.receivers.get(route.receiver, NOBODY)
                serves = who.pages if subject.severity == CRITICAL else bool(who.channels)
                if serves and (later == 0 or later + route.group_wait <= limit):
                    asked = route if subject.severity == CRITICAL else replace(route, active=())
                    ways.append((asked, (later + route.group_wait) // 60_000))
        if not ways:
            yield Hole(subject, service, None, MINUTES, ())
            return
        patience = limit // 60_000
        for monday in self.mondays:
            tables = [(self.next_open(route, monday), delay) for route, delay in ways]
            if any(not (route.mute or route.active) for route, _ in ways):
                continue
            missed = [
                minute
                for minute in range(MINUTES)
                if all(table[minute + delay] > minute + max(patience, delay) for table, delay in tables)
            ]
            yield from self._grouped(subject, service, monday, ways, missed)

    def _grouped(
        self,
        subject: Subject,
        service: str,
        monday: datetime.datetime,
        ways: list[tuple[Route, int]],
        missed: list[int],
    ) -> Iterator[Hole]:
        by_windows: dict[tuple[str, ...], list[int]] = {}
        previous, windows = -2, tuple[str, ...]()
        for minute in missed:
            if minute != previous + 1:
                windows = self._windows(ways, monday + minute * MINUTE)
            previous = minute
            by_windows.setdefault(windows, []).append(minute)
        for names, minutes in by_windows.items():
            yield Hole(subject, service, monday + minutes[0] * MINUTE, len(minutes), names)

    def _windows(self, ways: list[tuple[Route, int]], moment: datetime.datetime) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for route, delay in ways:
            kept = muted(route, moment + delay * MINUTE)
            if kept is not None:
                found.update(dict.fromkeys((*kept.inside, *map(when_not, kept.outside))))
        return tuple(found)

    def next_open(self, route: Route, monday: datetime.datetime) -> list[int]:
        """For each minute of two weeks the first minute, from it on, at which ``route`` sends."""
        key = (tuple(each.name for each in route.mute), tuple(each.name for each in route.active), monday)
        if key not in self.opens:
            table = list(range(2 * MINUTES))
            if route.mute or route.active:
                following = 3 * MINUTES
                for minute in reversed(range(2 * MINUTES)):
                    following = minute if muted(route, monday + minute * MINUTE) is None else following
                    table[minute] = following
            self.opens[key] = table
        return self.opens[key]
