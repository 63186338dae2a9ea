"""Streams of log lines, resolved; and conditions on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.model.project import Place, Service
from skillforge_mon.spec.models.logs import LogCondition as LogConditionSpec
from skillforge_mon.spec.models.logs import LogFilter
from skillforge_mon.spec.models.logs import LogMetric as LogMetricSpec
from skillforge_mon.spec.models.logs import LogStream as LogStreamSpec
from skillforge_mon.spec.models.retention import LOG_LEVELS, LogLevel, LogRetention
from skillforge_mon.spec.quantities import Duration
from skillforge_mon.spec.yaml.nodes import ScalarNode

if TYPE_CHECKING:
    from skillforge_mon.query.logql.tree import LogQL

LEVEL_WORDS: Final[Mapping[LogLevel, tuple[str, ...]]] = {
    "error": ("error", "err", "fatal", "critical", "crit", "alert", "emergency", "emerg", "panic"),
    "warning": ("warning", "warn"),
    "info": ("info", "information", "informational", "notice"),
    "debug": ("debug", "trace", "verbose"),
}
"""What levels are called in lines, in lower case: RFC 5424 (severities), Python's logging, zap, winston, log4j."""

LOG_BACKENDS: Final = ("loki", "datadog", "elasticsearch")
"""Backends that keep logs."""


@dataclass(frozen=True, slots=True, eq=False)
class LogMetric:
    """A number made of lines: how many there are within a time, or what ``query`` says."""

    name: str
    spec: LogMetricSpec
    query: LogQuery | None


@dataclass(frozen=True, slots=True, eq=False)
class LogStream:
    """The lines of one application. ``retention`` is its own over the project's."""

    name: str
    spec: LogStreamSpec
    place: Place
    service: Service | None
    retention: LogRetention
    backends: tuple[str, ...]
    metrics: tuple[LogMetric, ...] = ()

    @property
    def id(self) -> str:
        return f"logs.{self.name}"

    def kept(self, level: LogLevel) -> Duration | None:
        """How long lines of ``level`` are kept; None where the store's own default holds."""
        return self.retention.of(level)

    @property
    def filters(self) -> tuple[LogFilter, ...]:
        """What chooses among its lines, beside alerts: what is dropped, what is not indexed, what metrics count."""
        chosen = [*self.spec.drop, *(exclusion.lines for exclusion in self.spec.index.exclude)]
        chosen += [metric.spec.lines for metric in self.metrics if metric.spec.lines is not None]
        return tuple(chosen)

    def words_of(self, level: LogLevel) -> tuple[str, ...]:
        """What ``level`` is called in its lines, the usual words and those that the spec names."""
        own = tuple(word for word, meant in self.spec.levels.items() if meant == level)
        taken = set(self.spec.levels)
        return (*own, *(word for word in LEVEL_WORDS[level] if word not in taken))


@dataclass(frozen=True, slots=True, eq=False)
class LogCondition:
    """A number of lines of ``stream`` within a time."""

    spec: LogConditionSpec
    stream: LogStream


@dataclass(frozen=True, slots=True, eq=False)
class LogQuery:
    """A LogQL text of the user's, parsed once. ``tree`` is None when it does not parse."""

    text: str
    tree: LogQL | None
    node: ScalarNode | None = None

    def span(self, start: int, end: int) -> Span | None:
        """The place in the spec of the code points ``start`` to ``end`` of the query."""
        return self.node.text_span(start, end) if self.node is not None else None


def levels_with_words(stream: LogStream) -> dict[LogLevel, tuple[str, ...]]:
    """Every level, the worst first, with what it is called in the lines of ``stream``."""
    return {level: stream.words_of(level) for level in LOG_LEVELS}
