"""The vendors' own words out of an answer that reports a problem, in one line that is fit for a terminal.

Shapes: ``{"errors": […]}`` with texts or with objects that have ``title`` and ``detail`` (Datadog v1 and v2, JSON:API),
``{"error": {"message", "errors"}}`` (PagerDuty), ``{"message"}`` (Grafana, Alertmanager), ``{"error"}`` (Prometheus),
``{"detail"}`` and fields with lists of texts (Sentry), ``{"message", "errors": {field: text}}`` (Opsgenie),
``{"error": {"reason", "root_cause": [{"reason"}]}}`` (Elasticsearch).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

PAGE = "a page of HTML"
LONGEST = 500
"""Code points of an answer that are shown."""
_SPEAKING = (
    "error", "message", "msg", "title", "detail", "errors", "nonFieldErrors", "non_field_errors", "reason",
    "root_cause",
)  # fmt: skip
"""Keys whose value is a text for people. What stands under any other key is about the field of that name."""
_SILENT = frozenset((
    "status", "code", "statusCode", "errorType", "type", "traceID", "trace_id", "requestId", "messageId",
    "accessErrorId", "took", "id", "links", "meta", "version", "extra", "url", "documentation_url",
))  # fmt: skip
"""Keys that hold nothing that a person could act on."""
_DEEPEST = 6
_PAGES = ("<!doctype", "<html", "<head", "<body", "<h1", "<center", "<?xml")


def told(body: Any, clean: Callable[[str], str] = str) -> str:
    """What ``body`` (parsed JSON, or a text) says; ``a page of HTML`` for one, empty when it says nothing.

    ``clean`` takes secrets out; it sees each text before anything is cut, so that no part of a secret is left.
    """
    if isinstance(body, str) and is_page(body):
        return PAGE
    words = dict.fromkeys(text for text in (one_line(clean(found)) for found in _texts(body, "", 0)) if text)
    return _cut("; ".join(words))


def is_page(text: str) -> bool:
    """Whether ``text`` is HTML (or XML), made for a browser and not for us."""
    return text.lstrip("\ufeff \t\r\n")[:200].lower().startswith(_PAGES)


def one_line(text: str) -> str:
    """``text`` without line breaks, and without characters that a terminal would obey (Unicode Cc, Cf, Cs, Co)."""
    shown = "".join(" " if character.isspace() else character for character in text)
    return " ".join("".join(c for c in shown if not unicodedata.category(c).startswith("C")).split())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _texts(value: Any, field: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield f"{field}: {value}" if field and value.strip() else value
    elif isinstance(value, Mapping):
        yield from _of_mapping(value, field, depth)
    elif isinstance(value, Sequence):
        for member in value:
            yield from _texts(member, field, depth + 1)


def _of_mapping(value: Mapping[str, Any], field: str, depth: int) -> Iterator[str]:
    field = _pointed_at(value) or field
    title, detail = value.get("title"), value.get("detail")
    if isinstance(title, str) and isinstance(detail, str) and title and detail:
        yield from _texts(f"{title}: {detail}", field, depth)
        value = {key: member for key, member in value.items() if key not in {"title", "detail"}}
    for key in _SPEAKING:
        if key in value:
            yield from _texts(value[key], field, depth + 1)
    for key, member in value.items():
        if key in _SPEAKING or key in _SILENT or key == "source":
            continue
        yield from _texts(member, f"{field}.{key}" if field else key, depth + 1)


def _pointed_at(value: Mapping[str, Any]) -> str:
    """The field that an error of JSON:API is about (``source.pointer``)."""
    source = value.get("source")
    pointer = source.get("pointer") or source.get("parameter") if isinstance(source, Mapping) else None
    return pointer.removeprefix("/data/attributes/").strip("/").replace("/", ".") if isinstance(pointer, str) else ""
