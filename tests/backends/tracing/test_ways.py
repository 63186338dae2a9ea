"""Ways between Grafana's data sources lead somewhere: every uid that is named is provided, and of the right kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from skillforge_mon.documents.render import render
from skillforge_mon.query.promql import parse
from tests.backends.tracing.compiled import case, documents

FILE = "grafana/provisioning/datasources/monmc.yaml"
SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {LOKI}, TARGETS}
services: {web: {}}
LOGS
traces: TRACES
"""
LOGS = "logs: {web: {service: web, trace_id: trace}}"


def sources(text: str) -> dict[str, dict[str, Any]]:
    """By kind, what is provided, as Grafana reads it: ``$$`` is one dollar."""
    (document,) = [each for each in documents(text, backends=("grafana",)) if each.path == FILE]
    return {each["type"]: _interpolated(each) for each in yaml.safe_load(render(document))["datasources"]}


def _interpolated(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, dict):
        return {key: _interpolated(member) for key, member in value.items()}
    return [_interpolated(member) for member in value] if isinstance(value, list) else value


def named(value: Any) -> Iterator[str]:
    """Every uid of a data source that is named anywhere in ``value``."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in {"datasourceUid", "alertmanagerUid"}:
                yield member
            yield from named(member)
    elif isinstance(value, list):
        for member in value:
            yield from named(member)


COMBINATIONS = [
    SPEC.replace("LOKI", loki)
    .replace("TARGETS", f"{stores}{collector}{', loki: {}' if logs else ''}")
    .replace("LOGS", logs)
    .replace("TRACES", traces)
    for loki, logs in (("", ""), ('loki_url: "http://loki:3100"', ""), ('loki_url: "http://loki:3100"', LOGS))
    for stores in ("jaeger: {}", "tempo: {}", "jaeger: {}, tempo: {}")
    for collector, traces in ((", collector: {}", "{span_metrics: {}}"), (", collector: {}", "{}"))
]


@pytest.mark.parametrize("text", [*COMBINATIONS, case("collected")])
def test_every_uid_that_is_named_is_provided(text: str) -> None:
    found = sources(text)
    assert set(named(list(found.values()))) <= {each["uid"] for each in found.values()}


def test_each_way_leads_to_a_data_source_of_its_kind() -> None:
    found = sources(case("collected"))
    uid = {kind: each["uid"] for kind, each in found.items()}
    settings = {kind: each["jsonData"] for kind, each in found.items()}
    for kind in ("jaeger", "tempo"):
        assert settings[kind]["tracesToLogsV2"]["datasourceUid"] == uid["loki"]
        assert settings[kind]["tracesToMetrics"]["datasourceUid"] == uid["prometheus"]
    assert settings["tempo"]["serviceMap"] == {"datasourceUid": uid["prometheus"]}
    assert "serviceMap" not in settings["jaeger"]
    assert settings["prometheus"]["exemplarTraceIdDestinations"] == [
        {"name": "trace_id", "datasourceUid": uid["tempo"], "urlDisplayLabel": "Trace"}
    ]
    assert [(each["matcherRegex"], each["datasourceUid"]) for each in settings["loki"]["derivedFields"]] == [
        ("traceId", uid["tempo"]),
        ("trace_id", uid["tempo"]),
    ]


def test_the_lines_of_a_trace_are_found_by_the_names_that_it_has_in_loki() -> None:
    way = sources(case("collected"))["tempo"]["jsonData"]["tracesToLogsV2"]
    assert (way["tags"], way["query"]) == (
        [{"key": "service.name", "value": "service_name"}],
        '{${__tags}} | traceId="${__trace.traceId}" or trace_id="${__trace.traceId}"',
    )


def test_the_queries_of_a_span_are_promql() -> None:
    way = sources(case("collected"))["jaeger"]["jsonData"]["tracesToMetrics"]
    for each in way["queries"]:
        parse(each["query"].replace("$__tags", 'service_name="web"').replace("$__rate_interval", "5m"))


def test_without_traces_nothing_leads_to_any() -> None:
    text = SPEC.replace("LOKI", "").replace("TARGETS", "datadog: {}").replace("LOGS", "").replace("TRACES", "{}")
    found = sources(text)
    assert list(found) == ["prometheus"]
    assert "exemplarTraceIdDestinations" not in found["prometheus"]["jsonData"]
