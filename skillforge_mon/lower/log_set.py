"""``use: logs``: the lines that a service writes, how many of each level, and how much room they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from skillforge_mon.lower.layout import ShownQuery
from skillforge_mon.lower.loki_streams import (
    DETECTED_LEVEL,
    LEVEL,
    has_level_label,
    lines_of,
    streams_in_loki,
)
from skillforge_mon.lower.panel_sets import Draft, Missing, PanelSet, draft
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project, Service
from skillforge_mon.query.logql import print_logql
from skillforge_mon.query.logql.tree import Grouping, Length, LogLines, LogQL, RangeAggregate, VectorAggregate
from skillforge_mon.spec.models.dashboards import PanelType
from skillforge_mon.spec.models.logs import LogFilter

WINDOW: Final = Length("$__auto")
"""The window that fits the screen (Grafana, "Loki template variables"); LogQL has none of its own."""

_PROBLEMS: Final = LogFilter(level=["error", "warning"])


def log_set(project: Project, service: Service | None) -> PanelSet:
    """The panels of the streams of ``service``, or of all streams, as far as Loki keeps them."""
    streams = [stream for stream in streams_in_loki(project) if service is None or stream.service is service]
    title = "Logs" if service is None else f"{service.name}: logs"
    if not streams:
        whose = "any service" if service is None else f"`{service.name}`"
        help_ = f"declare a stream of {whose} under `logs`, and `targets.loki`"
        return PanelSet(title, (), (Missing("Lines", help_),))
    several = len(streams) > 1
    drafts = [
        _numbers(
            "Errors and warnings", "rate", [(each, lines_of(project, each, _PROBLEMS)) for each in streams], several,
            description="Lines a second that tell of a problem, by level.", min=0,
        ),
        _numbers(
            "Lines", "rate", [(each, lines_of(project, each)) for each in streams], several,
            description="Lines a second, by level.", stack=True, min=0,
        ),
        _numbers(
            "Volume", "bytes_rate", [(each, lines_of(project, each)) for each in streams], several,
            description="Bytes a second before they are packed, by level.", unit="Bps", unit_written=True,
            stack=True, min=0,
        ),
    ]  # fmt: skip
    drafts += (
        _lines(f"{each.name}: lines" if several else "Latest lines", lines_of(project, each)) for each in streams
    )
    return PanelSet(title, tuple(drafts))


def _numbers(
    title: str, operation: str, lines: list[tuple[LogStream, LogLines]], several: bool, **options: object
) -> Draft:
    queries = []
    for stream, chosen in lines:
        level = LEVEL if has_level_label(stream) else DETECTED_LEVEL
        counted = RangeAggregate(operation, chosen, WINDOW)
        legend = f"{{{{ labels.{level} }}}}"
        queries.append(
            (
                VectorAggregate("sum", counted, grouping=Grouping(False, (level,))),
                f"{stream.name} {legend}" if several else legend,
            )
        )
    return _drawn("timeseries", title, queries, **options)


def _lines(title: str, chosen: LogLines) -> Draft:
    return _drawn("logs", title, [(chosen, "")])


def _drawn(type_: PanelType, title: str, queries: Sequence[tuple[LogQL, str]], **options: object) -> Draft:
    made = draft(type_, title, (), **options)
    shown = tuple(ShownQuery(print_logql(query), None, legend) for query, legend in queries)
    return Draft(replace(made.panel, queries=shown, of_logs=True))
