"""``alertmanager.yml`` as data: https://prometheus.io/docs/alerting/latest/configuration/.

Only what decides on who is told, and when, is read: routes, receivers (names, and which integrations they have),
inhibition and time intervals. The rest may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.routing.codes import BAD_CONFIGURATION
from skillforge_mon.routing.intervals import UTC, Range, TimeEntry, TimeInterval
from skillforge_mon.routing.matchers import Matcher, MatcherError, matcher, parse_matchers
from skillforge_mon.spec.quantities import Duration, QuantityError, TimeOfDay
from skillforge_mon.spec.suggest import suggestion
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

GROUP_WAIT = Duration.of(seconds=30)
GROUP_INTERVAL = Duration.of(minutes=5)
REPEAT_INTERVAL = Duration.of(hours=4)
EVERY_LABEL = "..."

SUNDAY_FIRST = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
RESOLVED_BY_DEFAULT = frozenset(
    ("pagerduty", "opsgenie", "webhook", "victorops", "pushover", "telegram", "discord", "msteams", "msteamsv2",
     "webex", "sns", "jira", "rocketchat", "incidentio", "mattermost")
)  # fmt: skip
"""Integrations whose ``send_resolved`` is true when it is not written; of Slack, e-mail and WeChat it is false."""


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A node of the tree, with what it inherits filled in; intervals are its own, since they are not inherited.

    ``number`` counts the routes in the order of the text, 0 for the root; ``line`` is where it begins.
    """

    number: int
    line: int
    receiver: str
    matchers: tuple[Matcher, ...]
    group_by: tuple[str, ...]
    group_wait: Duration
    group_interval: Duration
    repeat_interval: Duration
    mute: tuple[TimeInterval, ...]
    active: tuple[TimeInterval, ...]
    goes_on: bool
    routes: tuple[Route, ...]

    def walk(self) -> Iterator[Route]:
        """The route, and every one below it."""
        yield self
        for route in self.routes:
            yield from route.walk()


@dataclass(frozen=True, slots=True)
class InhibitRule:
    """Alerts that fit ``target`` are not sent while one fires that fits ``source`` and has the same ``equal``."""

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receiver:
    """``integrations`` in the order of the text, such as ``slack``; ``resolved`` are those that are told of the end."""

    name: str
    integrations: tuple[str, ...]
    resolved: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """Everything that decides on who is told, and when."""

    root: Route
    receivers: Mapping[str, Receiver]
    inhibit_rules: tuple[InhibitRule, ...]
    intervals: Mapping[str, TimeInterval]


def read_configuration(content: bytes | str, name: str, report: Report) -> Configuration | None:
    """The configuration that the text ``content`` of the file ``name`` holds; None, with the reasons in ``report``."""
    root = load_text(content, name, report)
    if root is None:
        return None
    found = _Reader(report).configuration(root)
    return None if report.failed else found


@dataclass(frozen=True, slots=True)
class _Inherited:
    receiver: str = ""
    group_by: tuple[str, ...] = ()
    group_wait: Duration = GROUP_WAIT
    group_interval: Duration = GROUP_INTERVAL
    repeat_interval: Duration = REPEAT_INTERVAL


class _Reader:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.receivers: dict[str, Receiver] = {}
        self.intervals: dict[str, TimeInterval] = {}
        self.count = 0

    def bad(self, node: Node, headline: str, help: str = "") -> None:  # noqa: A002 - the field's word
        self.report.add(BAD_CONFIGURATION.at(node.span, headline, help=help))

    def configuration(self, root: MappingNode) -> Configuration | None:
        for item in self.items(root, "receivers"):
            if isinstance(item, MappingNode):
                self.receiver(item)
        for key in ("time_intervals", "mute_time_intervals"):
            for item in self.items(root, key):
                if isinstance(item, MappingNode):
                    name = self.text(item, "name")
                    entries = tuple(self.entry(entry) for entry in self.maps(item, "time_intervals"))
                    self.intervals[name] = TimeInterval(name, entries)
        top = root.get("route")
        if not isinstance(top, MappingNode):
            self.bad(root if top is None else top, "there is no `route`: nobody would be told of anything")
            return None
        if self.text(top, "receiver") == "":
            self.bad(top, "the root route has no `receiver`")
        for key in ("matchers", "match", "match_re", "continue", "mute_time_intervals", "active_time_intervals"):
            if (node := top.get(key)) is not None and not _empty(node):
                self.bad(node, f"the root route must not have `{key}`")
        route = self.route(top, _Inherited())
        rules = tuple(self.inhibit_rule(item) for item in self.maps(root, "inhibit_rules"))
        return Configuration(route, self.receivers, rules, self.intervals)

    def receiver(self, node: MappingNode) -> None:
        name = self.text(node, "name")
        integrations, resolved = [], set()
        for key in node.entries:
            if not key.endswith("_configs"):
                continue
            kind = key.removesuffix("_configs")
            for config in self.items(node, key):
                integrations.append(kind)
                said = config.get("send_resolved") if isinstance(config, MappingNode) else None
                if isinstance(said, ScalarNode) and said.value is not None:
                    if said.value is True:
                        resolved.add(kind)
                elif kind in RESOLVED_BY_DEFAULT:
                    resolved.add(kind)
        if name in self.receivers:
            self.bad(node, f"there are two receivers `{name}`")
        self.receivers[name] = Receiver(name, tuple(integrations), frozenset(resolved))

    def route(self, node: MappingNode, above: _Inherited) -> Route:
        number, self.count = self.count, self.count + 1
        receiver = self.text(node, "receiver")
        if receiver and receiver not in self.receivers:
            self.bad(
                node.get("receiver") or node, f"there is no receiver `{receiver}`", suggestion(receiver, self.receivers)
            )
        group_by = above.group_by
        if (group_node := node.get("group_by")) is not None and not _empty(group_node):
            group_by = tuple(self.texts(group_node))
        waits = [
            self.duration(node, key, inherited)
            for key, inherited in (
                ("group_wait", above.group_wait),
                ("group_interval", above.group_interval),
                ("repeat_interval", above.repeat_interval),
            )
        ]
        own = _Inherited(receiver or above.receiver, group_by, waits[0], waits[1], waits[2])
        goes_on = node.get("continue")
        return Route(
            number,
            node.span.line,
            own.receiver,
            self.matchers(node, "matchers", "match", "match_re"),
            own.group_by,
            own.group_wait,
            own.group_interval,
            own.repeat_interval,
            self.named_intervals(node, "mute_time_intervals"),
            self.named_intervals(node, "active_time_intervals"),
            isinstance(goes_on, ScalarNode) and goes_on.value is True,
            tuple(self.route(child, own) for child in self.maps(node, "routes")),
        )

    def inhibit_rule(self, node: MappingNode) -> InhibitRule:
        equal = node.get("equal")
        return InhibitRule(
            self.matchers(node, "source_matchers", "source_match", "source_match_re"),
            self.matchers(node, "target_matchers", "target_match", "target_match_re"),
            tuple(self.texts(equal)) if equal is not None else (),
        )

    def matchers(self, node: MappingNode, new: str, equal: str, regex: str) -> tuple[Matcher, ...]:
        found: list[Matcher] = []
        for key, op in ((equal, "="), (regex, "=~")):
            old = node.get(key)
            for entry in old.entries.values() if isinstance(old, MappingNode) else ():
                if isinstance(entry.node, ScalarNode):
                    try:
                        found.append(matcher(entry.key, op, entry.node.text))
                    except MatcherError as error:
                        self.bad(entry.node, str(error))
        for item in self.items(node, new):
            if isinstance(item, ScalarNode):
                try:
                    found += parse_matchers(item.text)
                except MatcherError as error:
                    self.bad(item, str(error))
            else:
                self.bad(item, 'a matcher is a text such as `service="api"`')
        return tuple(found)

    def named_intervals(self, node: MappingNode, key: str) -> tuple[TimeInterval, ...]:
        found = []
        for item in self.items(node, key):
            name = item.text if isinstance(item, ScalarNode) else ""
            if name in self.intervals:
                found.append(self.intervals[name])
            else:
                self.bad(item, f"there is no time interval `{name}`", suggestion(name, self.intervals))
        return tuple(found)

    def entry(self, node: MappingNode) -> TimeEntry:
        location = UTC
        zone = node.get("location")
        if isinstance(zone, ScalarNode) and zone.text not in ("", "UTC"):
            try:
                location = ZoneInfo(zone.text)
            except (KeyError, ValueError, OSError):
                self.bad(zone, f"there is no time zone `{zone.text}`")
        times: list[Range] | None = None if node.get("times") is None else []
        for item in self.maps(node, "times"):
            ends = [self.clock(item, key) for key in ("start_time", "end_time")]
            if ends[0] >= ends[1]:
                self.bad(item, "the time ends before it starts: a range cannot go beyond midnight")
            (times if times is not None else []).append((ends[0], ends[1]))
        return TimeEntry(
            tuple(times) if times is not None else None,
            self.ranges(node, "weekdays", SUNDAY_FIRST, 0, (0, 6)),
            self.ranges(node, "days_of_month", (), 0, (-31, 31)),
            # Alertmanager itself takes a month of 13, which never comes.
            self.ranges(node, "months", MONTHS, 1, (-(2**31), 2**31)),
            self.ranges(node, "years", (), 0, (-(2**31), 2**31)),
            location,
        )

    def clock(self, node: MappingNode, key: str) -> int:
        written = self.text(node, key)
        try:
            return TimeOfDay.parse(written).minutes
        except QuantityError as error:
            self.bad(node.get(key) or node, str(error))
            return 0

    def ranges(
        self, node: MappingNode, key: str, names: tuple[str, ...], first: int, limits: Range
    ) -> tuple[Range, ...] | None:
        """Ranges such as ``monday:friday`` or ``1:7``; ``first`` is the number of the first of ``names``."""
        if node.get(key) is None:
            return None
        found = []
        for item in self.items(node, key):
            written = item.text.lower() if isinstance(item, ScalarNode) else ""
            ends = [
                names.index(end) + first if end in names else int(end) if re.fullmatch(r"-?[0-9]{1,6}", end) else None
                for end in written.split(":")
            ]
            start, stop = ends[0], ends[-1]
            if len(ends) > 2 or start is None or stop is None or not limits[0] <= start <= stop <= limits[1]:
                backwards = key == "days_of_month" and start is not None and stop is not None and start > 0 > stop
                if not backwards or start is None or stop is None:
                    self.bad(item, f"`{written}` is no range of `{key}`")
                    continue
            if key == "days_of_month" and 0 in (start, stop):
                self.bad(item, "there is no day 0 in a month")
            found.append((start, stop))
        return tuple(found)

    def duration(self, node: MappingNode, key: str, inherited: Duration) -> Duration:
        written = node.get(key)
        if written is None or _empty(written):
            return inherited
        try:
            found = Duration.parse(written.text if isinstance(written, ScalarNode) else "")
        except QuantityError as error:
            self.bad(written, str(error))
            return inherited
        if found == 0 and key != "group_wait":
            self.bad(written, f"`{key}` must be more than zero")
        return found

    def text(self, node: MappingNode, key: str) -> str:
        found = node.get(key)
        return found.text if isinstance(found, ScalarNode) and found.value is not None else ""

    def texts(self, node: Node) -> list[str]:
        return (
            [item.text for item in node.items if isinstance(item, ScalarNode)] if isinstance(node, SequenceNode) else []
        )

    def items(self, node: MappingNode, key: str) -> list[Node]:
        found = node.get(key)
        if isinstance(found, SequenceNode):
            return found.items
        if found is not None and not _empty(found):
            self.bad(found, f"`{key}` must be a list")
        return []

    def maps(self, node: MappingNode, key: str) -> list[MappingNode]:
        found = []
        for item in self.items(node, key):
            if isinstance(item, MappingNode):
                found.append(item)
            else:
                self.bad(item, f"every item of `{key}` must be a map")
        return found


def _empty(node: Node) -> bool:
    if isinstance(node, ScalarNode):
        return node.value is None or node.value is False
    return not (node.items if isinstance(node, SequenceNode) else node.entries)
