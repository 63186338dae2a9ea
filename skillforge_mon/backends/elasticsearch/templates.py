"""Index templates: which fields lines have, how they are found, and how long they are kept.

Bodies of ``PUT _component_template/{name}``, ``PUT _index_template/{name}`` and ``PUT _ilm/policy/{name}``:
[spec] elastic/elasticsearch-specification, ``specification/indices/put_index_template``,
``specification/cluster/put_component_template``, ``specification/ilm/put_lifecycle``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from skillforge_mon.backends.elasticsearch import fields
from skillforge_mon.backends.elasticsearch.capabilities import (
    LONGEST_KEYWORD,
    LONGEST_ROLLOVER_DAYS,
    PRIORITY,
    ROLLOVER_SHARE,
    SHARD_SIZE,
)
from skillforge_mon.backends.elasticsearch.ownership import meta, server_name
from skillforge_mon.backends.elasticsearch.streams import DataStream, time_text
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.log_targets import ElasticsearchTarget
from skillforge_mon.spec.quantities import Duration

_KEYWORD: Final[dict[str, Plain]] = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}
_HOUR: Final = 3_600_000
_MINUTE: Final = 60_000


def shared_template(project: Project, target: ElasticsearchTarget) -> Plain:
    """What all streams of the project have in common."""
    properties: dict[str, Any] = {
        "@timestamp": {"type": "date"},
        "message": {"type": "match_only_text"},
        "tags": dict(_KEYWORD),
        fields.ATTRIBUTES: {"type": "flattened", "ignore_above": LONGEST_KEYWORD},
        "error": {"properties": {"message": {"type": "match_only_text"}}},
        "data_stream": {
            "properties": {part: {"type": "constant_keyword"} for part in ("type", "dataset", "namespace")}
        },
        **_nested((fields.LEVEL, fields.SERVICE, fields.TRACE)),
    }
    strings: Plain = {"match_mapping_type": "string", "mapping": dict(_KEYWORD)}
    index: Plain = {
        "number_of_replicas": target.replicas,
        "mapping": {"total_fields": {"ignore_dynamic_beyond_limit": True}},
    }
    mappings: Plain = {
        "date_detection": False,
        "dynamic_templates": [{"strings": strings}],
        "properties": properties,
    }
    return {"template": {"settings": {"index": index}, "mappings": mappings}, "_meta": meta(project, "logs")}


def index_template(project: Project, target: ElasticsearchTarget, stream: LogStream, of: DataStream) -> Plain:
    """The template of one data stream of ``stream``. Lines go through the pipeline before they are routed, once."""
    index: dict[str, Plain] = {}
    if of.level is None:
        index["default_pipeline"] = of.name
    template: dict[str, Plain] = {}
    if target.lifecycle == "ilm":
        index["lifecycle"] = {"name": policy_name(project, of.retention)}
    else:
        template["lifecycle"] = {"data_retention": time_text(of.retention)} if of.retention is not None else {}
    mappings: dict[str, Plain] = {"properties": _stream_properties(stream)}
    return {
        "index_patterns": [of.name],
        "composed_of": [server_name(project, "logs")],
        "priority": PRIORITY,
        "data_stream": {},
        "template": {"settings": {"index": index}, "mappings": mappings, **template},
        "_meta": meta(project, stream.id),
    }


def policy_name(project: Project, retention: Duration | None, what: str = "logs") -> str:
    """One policy for each length of time, of logs and of traces."""
    return server_name(project, f"{what}-{time_text(retention)}" if retention is not None else f"{what}-forever")


def policy(project: Project, retention: Duration | None, what: str = "logs") -> Plain:
    """The policy that keeps lines, or traces, no longer than ``retention``.

    After a rollover ``min_age`` counts from the rollover, not from when a line came ("Index lifecycle", "Phase
    transitions"): a line lives up to the age of a rollover and ``min_age`` together. So that age is taken off.
    """
    age = rollover_age(retention)
    hot: Plain = {
        "min_age": "0ms",
        "actions": {"rollover": {"max_age": time_text(age), "max_primary_shard_size": SHARD_SIZE}},
    }
    phases: dict[str, Plain] = {"hot": hot}
    if retention is not None:
        phases["delete"] = {"min_age": time_text(max(int(retention) - age, 0)), "actions": {"delete": {}}}
    return {"policy": {"phases": phases, "_meta": meta(project, f"retention.{what}")}}


def rollover_age(retention: Duration | None) -> int:
    """Milliseconds after which an index is rolled over: a seventh of the retention, and at most a week.

    In whole hours where that is an hour or more, else in minutes, and at least one.
    """
    longest = LONGEST_ROLLOVER_DAYS * 24 * _HOUR
    share = int(retention) // ROLLOVER_SHARE if retention is not None else longest
    unit = _HOUR if share >= _HOUR else _MINUTE
    return min(max(share // unit * unit, _MINUTE), longest)


def _stream_properties(stream: LogStream) -> dict[str, Any]:
    """Fields of the stream, and ``level`` as another name of ``log.level`` where no field is called so."""
    found = _nested(fields.kept_fields(stream))
    if "level" not in found:
        found["level"] = {"type": "alias", "path": fields.LEVEL}
    return found


def _nested(names: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        *heads, last = name.split(".")
        place = found
        for head in heads:
            place = place.setdefault(head, {"properties": {}})["properties"]
        place[last] = dict(_KEYWORD)
    return found
