"""The contract between emitters and everything behind them (writers, manifest, diff, push)."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Plain = Mapping[str, "Plain"] | Sequence["Plain"] | str | int | float | Decimal | bool | None
"""What a document may hold: what JSON can say. Keys keep the order in which the emitter put them."""


class Format(enum.StrEnum):
    """How a document is written."""

    YAML = "yaml"
    JSON = "json"
    TEXT = "text"


class Grade(enum.StrEnum):
    """How well a backend can say what an object means (law 1 of the design)."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNTRANSLATABLE = "untranslatable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well ``backend`` says the object ``object_id`` (``alerts.HighErrorRate``).

    ``reason`` names the difference, with numbers where there are any, or the construct that stops the translation;
    ``instead`` says what to write. Both are empty for an exact verdict. ``field`` is the key below the object that the
    verdict is about (``expr``, ``rows.0.panels.2.query``), so that a diagnostic can point at it.
    """

    backend: str
    object_id: str
    grade: Grade
    reason: str = ""
    instead: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another resource that this one names. Its identifier is filled in when the tree is pushed."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Resource:
    """What a document is to an API: its backend, its kind (``monitor``), and its key, unique within the kind.

    ``was`` is the key that it had before its object was renamed (``was:`` in the spec). ``adopt`` is the identifier of
    an object that lives on the server and is to become this one, as the spec says.
    """

    backend: str
    kind: str
    key: str
    references: tuple[Reference, ...] = ()
    was: str = ""
    adopt: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several resources in one file, such as a line of what Kibana imports."""

    resource: Resource
    content: Plain


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the output tree.

    ``path`` is relative to the output folder of the project and environment, with ``/`` between its parts.
    ``content`` is plain data for YAML and JSON, and the text itself for TEXT. ``header`` is comment text, without
    comment signs, for formats that have comments. ``objects`` are the ids of the spec objects that it came from.
    ``parts`` are the resources of a file that holds several; then it is none itself.
    """

    path: str
    content: Plain
    format: Format
    objects: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    resource: Resource | None = None
    header: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def resources(self) -> Iterator[Part]:
        """Itself, where it is a resource, or its parts."""
        if self.resource is not None:
            yield Part(self.resource, self.content)
        yield from self.parts
