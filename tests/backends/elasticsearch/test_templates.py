"""Templates and lifecycles: whole bodies, held against closed schemas, and what is always so."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.elasticsearch.capabilities import BACKING_INDEX, LONGEST_NAME
from skillforge_mon.backends.elasticsearch.streams import name_part, time_text
from skillforge_mon.backends.elasticsearch.templates import rollover_age
from skillforge_mon.documents.document import Document
from skillforge_mon.spec.quantities import Duration
from tests.backends.elasticsearch.schemas import OF_KINDS
from tests.backends.elasticsearch.specs import HEAD, body, compiled
from tests.projects import resolved

SPEC = (
    HEAD
    + """\
retention: {logs: {default: 30d, error: 90d, debug: 1d}}
logs:
  web-api:
    service: web
    description: Requests
    index_by: [method]
    metadata: [http.status_code]
    labels: {stage: live}
"""
)
ILM = SPEC.replace('{version: "9.1"}', '{version: "8.12", lifecycle: ilm, replicas: 2}')


def judged(documents: dict[str, Document]) -> None:
    """Every body is one that Elasticsearch takes."""
    for document in documents.values():
        if document.resource is not None and document.resource.kind in OF_KINDS:
            jsonschema.validate(json.loads(json.dumps(document.content)), OF_KINDS[document.resource.kind])


def test_a_level_with_a_retention_of_its_own_has_a_data_stream_of_its_own() -> None:
    documents = compiled(SPEC)
    judged(documents)
    found = {
        name: body(documents, f"index_templates/{name}")["template"]["lifecycle"]
        for name in ("logs-web_api-default", "logs-web_api.error-default", "logs-web_api.debug-default")
    }
    assert found == {
        "logs-web_api-default": {"data_retention": "30d"},
        "logs-web_api.error-default": {"data_retention": "90d"},
        "logs-web_api.debug-default": {"data_retention": "1d"},
    }
    assert len([path for path in documents if "/index_templates/" in path]) == 3


def test_the_template_of_a_data_stream() -> None:
    documents = compiled(SPEC)
    keyword = {"type": "keyword", "ignore_above": 1024}
    assert body(documents, "index_templates/logs-web_api-default") == {
        "index_patterns": ["logs-web_api-default"],
        "composed_of": ["shop-default-logs"],
        "priority": 200,
        "data_stream": {},
        "template": {
            "settings": {"index": {"default_pipeline": "logs-web_api-default"}},
            "mappings": {
                "properties": {
                    "stage": keyword,
                    "method": keyword,
                    "http": {"properties": {"status_code": keyword}},
                    "level": {"type": "alias", "path": "log.level"},
                }
            },
            "lifecycle": {"data_retention": "30d"},
        },
        "_meta": {"managed_by": "monmc", "owner": "shop/default/logs.web-api"},
    }


def test_what_all_streams_have_in_common() -> None:
    keyword = {"type": "keyword", "ignore_above": 1024}
    constant = {"type": "constant_keyword"}
    assert body(compiled(SPEC), "component_templates/shop-default-logs") == {
        "template": {
            "settings": {
                "index": {
                    "number_of_replicas": 1,
                    "mapping": {"total_fields": {"ignore_dynamic_beyond_limit": True}},
                }
            },
            "mappings": {
                "date_detection": False,
                "dynamic_templates": [{"strings": {"match_mapping_type": "string", "mapping": keyword}}],
                "properties": {
                    "@timestamp": {"type": "date"},
                    "message": {"type": "match_only_text"},
                    "tags": keyword,
                    "attributes": {"type": "flattened", "ignore_above": 1024},
                    "error": {"properties": {"message": {"type": "match_only_text"}}},
                    "data_stream": {"properties": {"type": constant, "dataset": constant, "namespace": constant}},
                    "log": {"properties": {"level": keyword}},
                    "service": {"properties": {"name": keyword}},
                    "trace": {"properties": {"id": keyword}},
                },
            },
        },
        "_meta": {"managed_by": "monmc", "owner": "shop/default/logs"},
    }


def test_a_policy_counts_from_the_rollover_on() -> None:
    documents = compiled(ILM)
    judged(documents)
    found = {
        path.rpartition("/")[2]: {
            "rollover": document.content["policy"]["phases"]["hot"]["actions"]["rollover"]["max_age"],  # type: ignore[index,call-overload]
            "delete": document.content["policy"]["phases"]["delete"]["min_age"],  # type: ignore[index,call-overload]
        }
        for path, document in documents.items()
        if "/ilm_policies/" in path
    }
    assert found == {
        "shop-default-logs-30d.json": {"rollover": "102h", "delete": "618h"},
        "shop-default-logs-90d.json": {"rollover": "7d", "delete": "83d"},
        "shop-default-logs-1d.json": {"rollover": "3h", "delete": "21h"},
    }
    template = body(documents, "index_templates/logs-web_api.error-default")["template"]
    assert template["settings"] == {"index": {"lifecycle": {"name": "shop-default-logs-90d"}}}
    assert "lifecycle" not in template


def test_without_a_retention_nothing_is_deleted() -> None:
    spec = HEAD + "logs: {web: {service: web}}\n"
    assert body(compiled(spec), "index_templates/logs-web-default")["template"]["lifecycle"] == {}
    ilm = spec.replace('{version: "9.1"}', '{version: "9.1", lifecycle: ilm}')
    assert body(compiled(ilm), "ilm_policies/shop-default-logs-forever")["policy"]["phases"] == {
        "hot": {"min_age": "0ms", "actions": {"rollover": {"max_age": "7d", "max_primary_shard_size": "50gb"}}}
    }


@given(st.integers(1, 100 * 365 * 86_400_000))
def test_a_line_lives_no_longer_than_said_and_not_much_shorter(milliseconds: int) -> None:
    age = rollover_age(Duration(milliseconds))
    rest = max(milliseconds - age, 0)
    assert rest >= 0
    if milliseconds >= 60_000:
        assert age + rest == milliseconds
    if milliseconds >= 7 * 60_000:
        assert age <= milliseconds / 7


@given(st.integers(0, 10**13))
def test_lengths_of_time_are_written_in_one_unit(milliseconds: int) -> None:
    units = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
    text = time_text(milliseconds)
    number = text.rstrip("dhms")
    assert int(number) * units[text[len(number) :]] == milliseconds


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,90}", fullmatch=True)


@given(NAMES, NAMES)
def test_every_name_is_one_that_elasticsearch_takes(stream: str, environment: str) -> None:
    """Reference, "Create data stream": small letters, none of ``\\ / * ? " < > | , # :`` and space, at most 255 bytes."""
    name = f"logs-{name_part(stream)}.warning-{name_part(environment)}"
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")
    assert name.count("-") == 2
    assert len(name.encode()) + BACKING_INDEX <= LONGEST_NAME


def test_every_stream_of_a_named_environment_is_another() -> None:
    spec = SPEC + "environments: {pre-prod: {}}\n"
    assert "elasticsearch/index_templates/logs-web_api-pre_prod.json" in compiled(spec, "pre-prod")


@pytest.mark.parametrize("spec", [SPEC, ILM])
def test_references_lead_to_what_is_written(spec: str) -> None:
    documents = compiled(spec)
    names: dict[str, set[str]] = {}
    for document in documents.values():
        if document.resource is not None:
            names.setdefault(document.resource.kind, set()).add(document.resource.key)
    for path, document in documents.items():
        if "/index_templates/" not in path:
            continue
        content: Any = document.content
        assert set(content["composed_of"]) <= names["component_template"]
        index = content["template"]["settings"]["index"]
        assert {index.get("default_pipeline")} - {None} <= names["ingest_pipeline"]
        assert {index.get("lifecycle", {}).get("name")} - {None} <= names.get("ilm_policy", set())


def test_a_spec_without_streams_has_no_files() -> None:
    assert compiled(HEAD) == {}
    assert resolved(HEAD)[0] is not None
