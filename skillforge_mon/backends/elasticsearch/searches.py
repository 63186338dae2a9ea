"""Filters on lines, in Elasticsearch's query language (``bool``) and in Kibana's (KQL).

The text of a line is analysed: what is looked for are words that follow each other, not letters ("Match phrase query").
"""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.backends.elasticsearch.fields import LEVEL, place_of
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.logs import LogStream
from skillforge_mon.spec.models.logs import LogFilter


class UnsayableFilterError(Exception):
    """A filter has no counterpart; ``args`` are the reason, and what to write."""


def bool_query(stream: LogStream, chosen: LogFilter) -> Plain:
    """The lines of ``chosen`` as a query. Raises UnsayableFilterError."""
    if chosen.matches is not None:
        raise UnsayableFilterError(
            "`matches` looks at whole lines, and Elasticsearch's regular expressions at single words of a text",
            "write `contains`, or make a field of it and say `fields`",
        )
    wanted: list[Plain] = []
    if chosen.level:
        wanted.append({"terms": {LEVEL: list(chosen.level)}})
    wanted += [{"match_phrase": {"message": text}} for text in chosen.contains]
    wanted += [{"terms": {place_of(stream, field): list(values)}} for field, values in chosen.fields.items()]
    unwanted: list[Plain] = [{"match_phrase": {"message": text}} for text in chosen.without]
    found: dict[str, Plain] = {"filter": wanted or [{"match_all": {}}]}
    if unwanted:
        found["must_not"] = unwanted
    return {"bool": found}


def differences(chosen: LogFilter) -> Iterable[str]:
    """What a query finds otherwise than the filter says."""
    if chosen.contains or chosen.without:
        yield "`contains` and `without` look for whole words of `message`, and not for letters anywhere in the line"


def kql(field: str, value: str) -> str:
    """``field: "value"`` in Kibana's language ("KQL", "Escaping special characters")."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}: "{escaped}"'
