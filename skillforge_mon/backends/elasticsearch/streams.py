"""Which data streams a stream of lines becomes, what they are called, and how long each keeps its lines.

A data stream is called ``<type>-<dataset>-<namespace>`` (Elasticsearch reference, "Data stream naming scheme"): the
dataset is our stream, the namespace our environment. Retention is a property of a data stream, so that a level with
one of its own has a data stream beside: ``logs-web.error-production``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.retention import LOG_LEVELS, LogLevel
from skillforge_mon.spec.quantities import Duration

BACKEND: Final = "elasticsearch"
_NOT_IN_PARTS: Final = re.compile(r"[^a-z0-9_.]")


@dataclass(frozen=True, slots=True)
class DataStream:
    """One data stream of a stream of lines. ``level`` is None for the one that lines are sent to.

    ``retention`` is None where nothing is ever deleted.
    """

    name: str
    dataset: str
    namespace: str
    level: LogLevel | None
    retention: Duration | None


def streams_in_elasticsearch(project: Project) -> tuple[LogStream, ...]:
    """The streams that Elasticsearch keeps, in the order of the spec."""
    return tuple(stream for stream in project.logs.values() if BACKEND in stream.backends)


def name_part(name: str) -> str:
    """``name`` as a dataset or a namespace: in small letters, and without ``-``, which parts them."""
    return _NOT_IN_PARTS.sub("_", name.lower())


def has_levels(stream: LogStream) -> bool:
    """Whether its lines have a level that Elasticsearch can read."""
    return stream.spec.level is not None and stream.spec.format != "plain"


def usual_retention(stream: LogStream) -> Duration | None:
    """How long lines without a level are kept: as long as said, else as long as any."""
    said = stream.retention
    return said.default if said.default is not None else said.longest


def data_streams(project: Project, stream: LogStream) -> tuple[DataStream, ...]:
    """The data stream that lines are sent to, and one for each level that is kept for another time."""
    dataset, namespace = name_part(stream.name), name_part(project.environment)
    usual = usual_retention(stream)
    found = [DataStream(f"logs-{dataset}-{namespace}", dataset, namespace, None, usual)]
    for level in LOG_LEVELS if has_levels(stream) else ():
        kept = stream.kept(level)
        if kept is not None and kept != usual:
            own = f"{dataset}.{level}"
            found.append(DataStream(f"logs-{own}-{namespace}", own, namespace, level, kept))
    return tuple(found)


def time_text(length: int) -> str:
    """A length of time as Elasticsearch writes it, in one unit: ``90d``, ``36h``, ``90m``.

    Reference, "Time units": one number, one unit; there are no weeks and years.
    """
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if length and length % size == 0:
            return f"{length // size}{unit}"
    return f"{length}ms" if length else "0ms"
