"""Values that only a server knows: named in the documents, looked up when they are pushed.

A document says ``{"$ref": {"kind": "monitor", "key": "alerts.HighErrorRate"}}`` where an API wants an identifier. The
kind and the key are those of a resource of the same backend in the same tree, or of something that the backend's
``lookup`` finds on the server. Within a text, where an API wants an identifier amid other characters, the same is
written ``%{kind:key}``, as in ``burn_rate("%{slo:slos.api}")``.

Within a part of a key ``/`` is written ``~1`` and ``~`` is written ``~0``, as in a JSON Pointer (RFC 6901, section 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from skillforge_mon.documents.document import Plain, Reference

REFERENCE_KEY = "$ref"
_IN_TEXT = re.compile(r"%\{([a-z_]+):([^{}]+)\}")


def reference(kind: str, *key: str) -> Plain:
    """The placeholder for an identifier; parts of the key are joined by ``/``."""
    return {REFERENCE_KEY: {"kind": kind, "key": "/".join(_escaped(part) for part in key)}}


def text_reference(kind: str, key: str) -> str:
    """The placeholder for an identifier within a text. ``key`` holds no brace."""
    return f"%{{{kind}:{key}}}"


def key_parts(key: str) -> tuple[str, ...]:
    """The parts of a reference's key: what ``reference`` was given."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in key.split("/"))


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def references_in(payload: Plain) -> tuple[Reference, ...]:
    """Every reference of ``payload``, each once, in the order in which they stand there."""
    return tuple(dict.fromkeys(_walk(payload)))


def _walk(value: Plain) -> Iterator[Reference]:
    if isinstance(value, str):
        for match in _IN_TEXT.finditer(value):
            yield Reference(match[1], match[2])
    elif isinstance(value, Mapping):
        named = value.get(REFERENCE_KEY)
        if isinstance(named, Mapping):
            yield Reference(str(named["kind"]), str(named["key"]))
        else:
            for member in value.values():
                yield from _walk(member)
    elif isinstance(value, Sequence):
        for member in value:
            yield from _walk(member)


def resolved(payload: Plain, identifier: Callable[[Reference], str | int]) -> Any:
    """``payload`` with every reference replaced by what ``identifier`` says of it."""
    if isinstance(payload, str):
        return _IN_TEXT.sub(lambda match: str(identifier(Reference(match[1], match[2]))), payload)
    if isinstance(payload, Mapping):
        named = payload.get(REFERENCE_KEY)
        if isinstance(named, Mapping):
            return identifier(Reference(str(named["kind"]), str(named["key"])))
        return {key: resolved(member, identifier) for key, member in payload.items()}
    if isinstance(payload, Sequence):
        return [resolved(member, identifier) for member in payload]
    return payload
