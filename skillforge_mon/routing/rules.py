"""The alert rules that a compiled project holds, as far as they decide on who is told, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.query.logql import LogQLSyntaxError, parse_logql
from skillforge_mon.query.logql.walk import lengths
from skillforge_mon.query.promql import MatrixSelector, PromQLSyntaxError, Subquery, parse, walk
from skillforge_mon.query.promql.duration import duration_milliseconds
from skillforge_mon.spec.quantities import Duration

DEFAULT_INTERVAL = Duration.of(minutes=1)
"""Prometheus's own, where the configuration says nothing: of scrapes, and of evaluations."""


@dataclass(frozen=True, slots=True, eq=False)
class AlertRule:
    """A rule that fires after ``hold``, and for ``keep`` after its condition has ended.

    ``interval`` is how often it is evaluated, ``window`` its longest range.
    """

    name: str
    labels: Mapping[str, str]
    hold: Duration
    keep: Duration
    interval: Duration
    window: Duration

    @property
    def sent(self) -> dict[str, str]:
        """The labels that are known beforehand, the name among them."""
        return {"alertname": self.name, **self.labels}

    @property
    def fires_after(self) -> Duration:
        """``hold`` as whole evaluations: a rule can only begin to fire when it is evaluated."""
        return Duration(-(-self.hold // self.interval) * self.interval)


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """All rules of a project; ``scrape`` is how often targets are asked, ``external`` what is put on every alert."""

    rules: tuple[AlertRule, ...]
    scrape: Duration
    external: Mapping[str, str]


def rule_set(documents: Iterable[Document]) -> RuleSet:
    """The rules among the documents that the backends of Prometheus and Loki made."""
    settings: Mapping[str, Plain] = {}
    ruler: Mapping[str, Plain] = {}
    groups: list[Mapping[str, Plain]] = []
    on_lines: list[Mapping[str, Plain]] = []
    for document in documents:
        if document.path == "prometheus/prometheus.yml":
            settings = _map(_map(document.content).get("global"))
        elif document.path == "loki/loki.yaml":
            ruler = _map(_map(document.content).get("ruler"))
        elif document.path.startswith("prometheus/rules/"):
            groups += _groups(document)
        elif document.path.startswith("loki/rules/"):
            on_lines += _groups(document)
    rules = (
        *_of(groups, _duration(settings.get("evaluation_interval"), DEFAULT_INTERVAL), _window),
        *_of(on_lines, _duration(ruler.get("evaluation_interval"), DEFAULT_INTERVAL), _log_window),
    )
    external = {name: str(value) for name, value in _map(settings.get("external_labels")).items()}
    return RuleSet(rules, _duration(settings.get("scrape_interval"), DEFAULT_INTERVAL), external)


def _groups(document: Document) -> list[Mapping[str, Plain]]:
    return [_map(group) for group in _list(_map(document.content).get("groups"))]


def _of(
    groups: Iterable[Mapping[str, Plain]], usual: Duration, window: Callable[[str], Duration]
) -> Iterator[AlertRule]:
    for group in groups:
        yield from _rules(group, _duration(group.get("interval"), usual), window)


def _rules(group: Mapping[str, Plain], interval: Duration, window: Callable[[str], Duration]) -> Iterator[AlertRule]:
    for item in _list(group.get("rules")):
        rule = _map(item)
        if "alert" in rule:
            labels = {name: str(value) for name, value in _map(rule.get("labels")).items()}
            hold = _duration(rule.get("for"), Duration(0))
            keep = _duration(rule.get("keep_firing_for"), Duration(0))
            yield AlertRule(str(rule["alert"]), labels, hold, keep, interval, window(str(rule["expr"])))


def _window(text: str) -> Duration:
    """The longest range that a query looks back over: so long may it take until what it sees is all new."""
    try:
        nodes = list(walk(parse(text)))
    except PromQLSyntaxError:
        return Duration(0)
    ranges = (node.range for node in nodes if isinstance(node, MatrixSelector | Subquery))
    return Duration(max((each.milliseconds for each in ranges), default=0))


def _log_window(text: str) -> Duration:
    """The same of a query in LogQL."""
    try:
        return Duration(max((duration_milliseconds(length) for length in lengths(parse_logql(text))), default=0))
    except (LogQLSyntaxError, ValueError):
        return Duration(0)


def _duration(value: Plain, default: Duration) -> Duration:
    return Duration.parse(value) if isinstance(value, str) else default


def _map(value: Plain) -> Mapping[str, Plain]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Plain) -> list[Plain]:
    return list(value) if isinstance(value, list | tuple) else []
