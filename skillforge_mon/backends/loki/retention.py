"""How long Loki keeps lines: one period for all, and others for streams and levels.

Loki takes the entry of ``retention_stream`` with the highest priority that fits a stream, else ``retention_period``
("Log retention"). A stream here is a set of labels, so that a level can be told apart only where it is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.backends.loki.capabilities import LEAST_RETENTION
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.loki_streams import LEVEL, has_level_label, stream_labels, streams_in_loki
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.query.logql.printer import print_selector
from skillforge_mon.query.logql.tree import Matcher
from skillforge_mon.spec.models.retention import LOG_LEVELS, LogRetention
from skillforge_mon.spec.quantities import Duration

_HOUR = Duration.of(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines of the streams with ``labels`` are kept for ``period``; the highest ``priority`` that fits wins."""

    labels: tuple[tuple[str, str], ...]
    priority: int
    period: Duration


def global_period(project: Project) -> Duration | None:
    """How long lines are kept of which nothing else is said; None is for ever."""
    said = project.spec.retention.logs
    return said.default if said.default is not None else said.longest


def kept_periods(project: Project) -> list[Kept]:
    """What differs from ``global_period``: levels for all streams, then streams with a retention of their own."""
    usual = global_period(project)
    found = list(_levels(project.spec.retention.logs, (), 1, usual))
    for stream in streams_in_loki(project):
        labels = tuple(stream_labels(project, stream).items())
        if not has_level_label(stream):
            longest = stream.retention.longest
            if longest is not None and _enough(longest) != _enough(usual):
                found.append(Kept(labels, 2, _at_least(longest)))
        elif stream.spec.retention is not None:
            default = stream.retention.default or stream.retention.longest
            if default is not None:
                found.append(Kept(labels, 2, _at_least(default)))
            found += _levels(stream.retention, labels, 3, default)
    return found


def _levels(
    said: LogRetention, labels: tuple[tuple[str, str], ...], priority: int, usual: Duration | None
) -> Iterator[Kept]:
    for level in LOG_LEVELS:
        period = said.of(level)
        if period is not None and _enough(period) != _enough(usual):
            yield Kept((*labels, (LEVEL, level)), priority, _at_least(period))


def retention_limits(project: Project) -> dict[str, Plain]:
    """The fields of ``limits_config``; none where everything is kept for ever."""
    usual = global_period(project)
    each: list[Plain] = [
        {
            "selector": print_selector(tuple(Matcher(name, "=", value) for name, value in kept.labels)),
            "priority": kept.priority,
            "period": period_text(kept.period),
        }
        for kept in kept_periods(project)
    ]
    fields: dict[str, Plain] = {}
    if usual is not None:
        fields["retention_period"] = period_text(_at_least(usual))
    if each:
        fields["retention_stream"] = each
    return fields


def too_short(stream: LogStream) -> list[str]:
    """What is to be kept for less than Loki can: ``debug 12h``."""
    said = stream.retention
    named = [("default", said.default), *((level, getattr(said, level)) for level in LOG_LEVELS)]
    return [f"{name} {length}" for name, length in named if length is not None and length < LEAST_RETENTION]


def differs_by_level(stream: LogStream) -> bool:
    """Whether lines of different levels are to be kept for different times."""
    return len({_enough(stream.retention.of(level)) for level in LOG_LEVELS}) > 1


def period_text(period: Duration) -> str:
    """In hours, as Loki's own pages have it, where they are whole."""
    hours, rest = divmod(period, _HOUR)
    return str(period) if rest else f"{hours}h"


def _at_least(period: Duration) -> Duration:
    return max(period, LEAST_RETENTION)


def _enough(period: Duration | None) -> Duration | None:
    return None if period is None else _at_least(period)
