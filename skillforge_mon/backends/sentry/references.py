"""Values that only the server knows: named in the files, looked up when they are pushed.

A file says ``{"$ref": {"kind": "team", "key": "backend"}}`` where Sentry wants an identifier:

- ``project``          id of the project with the slug ``key``
- ``team``             id of the team with the slug ``key``
- ``owner``            ``team:ID`` of the team with the slug ``key``
- ``detector``         id of the detector that this tree has under ``key`` (the alert's name)
- ``system_detector``  id of a detector that Sentry made itself; ``key`` is ``PROJECT/issue_stream``
- ``integration``      id of an installed integration; ``key`` is ``PROVIDER/NAME``
- ``integration_row``  id of a row in an integration's table of services or teams; ``key`` is ``PROVIDER/NAME/ROW``
- ``jira_project``     id of a Jira project; ``key`` is ``SITE/PROJECT``
- ``jira_issue_type``  id of an issue type of that project; ``key`` is ``SITE/PROJECT/TYPE``

Within a part of a key ``/`` is written ``~1`` and ``~`` is written ``~0``, as in a JSON Pointer (RFC 6901, section 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from skillforge_mon.documents.document import Plain, Reference

REFERENCE_KEY = "$ref"


def reference(kind: str, *key: str) -> Plain:
    """The placeholder for an identifier; parts of the key are joined by ``/``."""
    return {REFERENCE_KEY: {"kind": kind, "key": "/".join(_escaped(part) for part in key)}}


def key_parts(key: str) -> tuple[str, ...]:
    """The parts of a reference's key: what ``reference`` was given."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in key.split("/"))


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def references_in(payload: Plain) -> tuple[Reference, ...]:
    """Every reference of ``payload``, each once, in the order in which they stand there."""
    return tuple(dict.fromkeys(_walk(payload)))


def _walk(value: Plain) -> Iterator[Reference]:
    if isinstance(value, Mapping):
        named = value.get(REFERENCE_KEY)
        if isinstance(named, Mapping):
            yield Reference(str(named["kind"]), str(named["key"]))
        else:
            for member in value.values():
                yield from _walk(member)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for member in value:
            yield from _walk(member)
