"""What Elasticsearch adds to templates, policies and pipelines, or writes otherwise than it was told.

[es] elastic/elasticsearch; [spec] elastic/elasticsearch-specification. What the server writes for itself
(``version`` and ``modified_date`` of a policy, ``created_date`` of a pipeline) is among no fields that are compared.

- Settings come back as one tree below ``index``, every value as text, whatever form they were sent in ([es]
  ``Template.toXContent``, ``Settings.toXContent``).
- A lifecycle says ``enabled`` ([es] ``DataStreamLifecycle``), ``data_stream`` its two flags ([es]
  ``ComposableIndexTemplate.DataStreamTemplate``), and ``delete`` of a policy that snapshots go too ([es]
  ``DeleteAction``, ``delete_searchable_snapshot``). A phase begins at once without ``min_age`` ([es] ``Phase``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.elasticsearch.ownership import without_mark

Fields = Mapping[str, Any]
NAME: Final = "name"
"""Of the object, in a body that was kept: Elasticsearch has it in the address only."""
_TEMPLATE: Final = ("template", "version", "deprecated", "_meta")
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "component_template": _TEMPLATE,
    "index_template": (
        *_TEMPLATE, "index_patterns", "composed_of", "ignore_missing_component_templates", "priority", "data_stream",
        "allow_auto_create",
    ),
    "ingest_pipeline": ("description", "processors", "on_failure", "version", "deprecated", "_meta"),
    "ilm_policy": ("policy",),
}  # fmt: skip
"""Kind -> what a request may say. [spec] ``put_index_template``, ``put_component_template``, ``put_pipeline``,
``put_lifecycle``"""
_POLICY: Final = ("phases", "deprecated", "_meta")
_LIFECYCLE: Final[Fields] = {"enabled": True}
_EFFECTIVE: Final = ("effective_retention", "retention_determined_by", "rollover")
"""What Elasticsearch tells of a lifecycle beside what was said."""
_DATA_STREAM: Final[Fields] = {"hidden": False, "allow_custom_routing": False}
_DELETE: Final[Fields] = {"delete_searchable_snapshot": True}
_PHASE: Final[Fields] = {"min_age": "0ms", "actions": {}}


def sendable(kind: str, body: Fields) -> dict[str, Any]:
    """What of ``body`` a request may say."""
    sent = _only(body, _FIELDS[kind])
    if "policy" in sent:
        sent["policy"] = _only(sent["policy"], _POLICY)
    return sent


def normal(kind: str, body: Fields) -> dict[str, Any]:
    """What ``body`` says without its mark, in the one form in which the same things are equal."""
    fields = sendable(kind, body)
    fields = fields.get("policy", fields)
    meta = without_mark(fields.pop("_meta", None) or {})
    found = {name: _SHAPES.get(name, _as_it_is)(value) for name, value in fields.items() if value is not None}
    return {**found, "_meta": meta} if meta else found


def _only(body: Fields, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: body[name] for name in names if name in body}


def _as_it_is(value: Any) -> Any:
    return value


def _template(template: Fields) -> dict[str, Any]:
    """Without the parts that are empty, but for a lifecycle: an empty one keeps everything."""
    parts = {
        "settings": dict(sorted(_settings(template.get("settings") or {}, ""))),
        "mappings": template.get("mappings"),
        "aliases": template.get("aliases"),
    }
    said = {name: part for name, part in parts.items() if part}
    lifecycle = template.get("lifecycle")
    if lifecycle is None:
        return said
    own = {name: value for name, value in lifecycle.items() if name not in _EFFECTIVE}
    return {**said, "lifecycle": {**_LIFECYCLE, **own}}


def _settings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """``index.number_of_replicas`` -> ``1``."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _settings(member, f"{name}.{key}" if name else str(key))
        return
    text = ("false", "true")[value] if isinstance(value, bool) else str(value)
    yield name if name.startswith("index.") else f"index.{name}", text


def _phases(phases: Fields) -> dict[str, Any]:
    return {name: _phase(phase) for name, phase in phases.items()}


def _phase(phase: Fields) -> dict[str, Any]:
    actions = dict(phase.get("actions") or {})
    if "delete" in actions:
        actions["delete"] = {**_DELETE, **(actions["delete"] or {})}
    return {**_PHASE, **phase, "actions": actions}


def _data_stream(flags: Fields) -> dict[str, Any]:
    return {**_DATA_STREAM, **_only(flags, tuple(_DATA_STREAM))}


_SHAPES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "template": _template, "phases": _phases, "data_stream": _data_stream,
}  # fmt: skip
