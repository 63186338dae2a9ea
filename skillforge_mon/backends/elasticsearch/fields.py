"""What the fields of a line are called in Elasticsearch, in the words of the Elastic Common Schema where it has some.

The level is ``log.level``, the service ``service.name``, the trace ``trace.id``. Fields of ``index_by``, ``metadata``
and ``labels`` keep their names. All other fields of a line are in ``attributes``, one object whose members are found by
their whole value (reference, "Flattened field type"), so that no line can add fields to the mapping.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.model.logs import LogStream

ATTRIBUTES: Final = "attributes"
LEVEL: Final = "log.level"
SERVICE: Final = "service.name"
TRACE: Final = "trace.id"
RESERVED: Final = frozenset((
    "@timestamp", "message", "log", "service", "trace", "tags", "error", "event", "data_stream", ATTRIBUTES, "monmc",
))  # fmt: skip
"""First parts of names that mean something else here. Names that begin with ``_`` are Elasticsearch's own."""


def consumed(stream: LogStream) -> dict[str, str]:
    """Fields of a line that have a place of their own, each with that place."""
    spec = stream.spec
    places = ((spec.level, LEVEL), (spec.message, "message"), (spec.trace_id, TRACE))
    found = {field: place for field, place in places if field is not None}
    if spec.time is not None:
        found[spec.time.field] = "@timestamp"
    return found


def read_fields(stream: LogStream) -> tuple[str, ...]:
    """Fields of a line that keep their names, each once."""
    names = (*stream.spec.index_by, *stream.spec.metadata)
    taken = consumed(stream)
    return tuple(name for name in dict.fromkeys(names) if name not in taken)


def kept_fields(stream: LogStream) -> tuple[str, ...]:
    """These, and the labels of the whole stream."""
    return tuple(dict.fromkeys((*stream.spec.labels, *read_fields(stream))))


def place_of(stream: LogStream, field: str) -> str:
    """Where the field of a line is found."""
    special = consumed(stream).get(field)
    if special is not None:
        return special
    return field if field in kept_fields(stream) else f"{ATTRIBUTES}.{field}"


def unusable(stream: LogStream) -> Iterator[tuple[str, str]]:
    """Fields that cannot be kept under their names, each with the reason."""
    names = kept_fields(stream)
    for name in names:
        head = name.partition(".")[0]
        if head in RESERVED or head.startswith("_"):
            yield name, f"`{head}` is something else there"
        else:
            whole = next((other for other in names if name.startswith(f"{other}.")), None)
            if whole is not None:
                yield name, f"`{whole}` is a value there, and cannot have fields"
