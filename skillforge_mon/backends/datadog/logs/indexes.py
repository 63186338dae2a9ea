"""Indexes: which lines are made searchable, and for how many days. Bodies of ``POST /api/v1/logs/config/indexes``.

[api] LogsIndex. A line goes to the first index whose filter it passes, and retention is that of an index: a level that
is kept for another time has an index of its own, before the one of its stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.datadog.differences import Differences
from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.logs import searches
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.logs import LogFilter
from skillforge_mon.spec.models.retention import LOG_LEVELS, LogLevel
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import Duration

DAYS: Final = (3, 7, 15, 30, 45, 60, 90, 180, 360)
"""[docs] logs/log_configuration/indexes, "Update log retention"; the plan of an organisation may have fewer."""
LONGEST_NAME: Final = 63
_DAY: Final = 86_400_000
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """One index. ``level`` is None for that of all lines which no other has; ``days`` None for what the plan says."""

    name: str
    level: LogLevel | None
    days: int | None


def indexes(project: Project, stream: LogStream, differences: Differences | None = None) -> tuple[Index, ...]:
    """The indexes of ``stream``, in the order in which they are asked. The name of one can never be changed."""
    said = stream.retention
    length = said.default if said.default is not None else said.longest
    usual = _days(length, differences)
    name = stream.spec.index.name or index_name(project, stream)
    found = []
    levels = stream.spec.level is not None and stream.spec.format != "plain"
    if not levels and differences is not None and any(stream.kept(level) not in {None, length} for level in LOG_LEVELS):
        differences(f"its lines have no level that can be read, so that all of them are kept for {length}")
    for level in LOG_LEVELS if levels else ():
        days = _days(stream.kept(level), differences)
        if days is not None and days != usual:
            found.append(Index(f"{name}-{level}", level, days))
    if found and differences is not None and stream.spec.index.daily_limit is not None:
        own = ", ".join(f"`{each.level}`" for each in found)
        differences(f"`daily_limit` holds for each of its {len(found) + 1} indexes: {own} are kept for another time")
    return (*found, Index(name, None, usual))


def index_name(project: Project, stream: LogStream) -> str:
    """``shop-web``, and ``shop-staging-web`` in a named environment: small letters, digits and ``-``."""
    named = project.environment != DEFAULT_ENVIRONMENT
    parts = (project.name, *([project.environment] if named else []), stream.name)
    return _NOT_IN_NAMES.sub("-", "-".join(parts).lower()).strip("-")


def body(project: Project, stream: LogStream, index: Index, differences: Differences) -> Plain:
    """What the API takes. Raises Untranslatable."""
    query = searches.of_stream(project, stream)
    if index.level is not None:
        query = f"{query} {searches.of_level(index.level)}"
    spec = stream.spec.index
    found: dict[str, Plain] = {
        "name": index.name,
        "filter": {"query": query},
        "exclusion_filters": list(_exclusions(stream, differences)),
        "tags": [f"project:{tag_text(project.name)}", f"service:{searches.service_of(stream)}"],
    }
    if index.days is not None:
        found["num_retention_days"] = index.days
    if spec.daily_limit is not None:
        found["daily_limit"] = spec.daily_limit
    return found


def _exclusions(stream: LogStream, differences: Differences) -> Iterator[Plain]:
    """The first that a line meets decides; ``sample_rate`` is the share that is left out."""
    for number, chosen in enumerate(stream.spec.drop, 1):
        differences(
            "lines to `drop` are not made searchable, and are paid for as taken in: the Agent can leave them out"
        )
        yield _exclusion(f"drop {number}", chosen, 1, differences)
    for each in stream.spec.index.exclude:
        yield _exclusion(each.name, each.lines, float(1 - each.keep), differences)


def _exclusion(name: str, chosen: LogFilter, share: float, differences: Differences) -> Plain:
    for reason in searches.differences(chosen):
        differences(reason)
    query = searches.search(chosen) or "*"
    return {"name": name, "is_enabled": True, "filter": {"query": query, "sample_rate": share}}


def _days(length: Duration | None, differences: Differences | None) -> int | None:
    """The shortest time to be had that is not shorter, in days."""
    if length is None:
        return None
    found = next((days for days in DAYS if days * _DAY >= length), DAYS[-1])
    if found * _DAY != length and differences is not None:
        differences(f"lines are kept for {found} days and not for {length}: Datadog has {', '.join(map(str, DAYS))}")
    return found
