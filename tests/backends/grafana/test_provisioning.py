"""The files that tell Grafana what to read, and from where."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from skillforge_mon.backends.grafana.sources import data_sources, provisioned
from skillforge_mon.documents.render import render
from skillforge_mon.spec.models.grafana_sources import MADE_ANYWAY
from tests.backends.grafana.compiled import compiled
from tests.projects import project, resolved

HEAD = "version: 1\nproject: shop\ntargets: {grafana: {}}\n"
ROWS = "rows: [{panels: [{title: A, query: vector(1)}]}]"


def tree(text: str) -> dict[str, Any]:
    """Every file of the spec ``text`` by its path, as a YAML reader sees it."""
    documents, diagnostics = compiled(text)
    assert diagnostics == ()
    return {document.path: yaml.safe_load(render(document)) for document in documents}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("http://loki:3100", "http://loki:3100"),
        ("$", "$$"),
        ("a$b$$c", "a$$b$$$$c"),
        ("${secret:TOKEN}", "$__env{TOKEN}"),
        ("$a/${secret:ONE}$/${secret:TWO}-${secret:ONE}$", "$$a/$__env{ONE}$$/$__env{TWO}-$__env{ONE}$$"),
        ("${HOME}", "$${HOME}"),
    ],
)
def test_a_dollar_stays_one_and_secrets_come_from_the_environment(text: str, written: str) -> None:
    assert provisioned(text) == written


SOURCES = ["grafana/provisioning/datasources/monmc.yaml", "grafana/datasources/prometheus.json"]


def test_without_dashboards_only_the_data_sources_are_provided() -> None:
    assert list(tree(HEAD)) == SOURCES


def test_a_dashboard_for_another_backend_is_not_written() -> None:
    text = f"{HEAD}dashboards: {{home: {{backends: [], {ROWS}}}}}\n"
    assert list(tree(text)) == SOURCES


def test_folders_that_look_alike_have_paths_and_providers_of_their_own() -> None:
    boards = [f'  d{index}: {{folder: "{name}", {ROWS}}}\n' for index, name in enumerate(["A b", "a-b", "漢", "A b"])]
    files = tree(f"{HEAD}dashboards:\n{''.join(boards)}")
    assert [path for path in files if path.startswith("grafana/dashboards/")] == [
        "grafana/dashboards/a-b/d0.json",
        "grafana/dashboards/a-b-2/d1.json",
        "grafana/dashboards/folder/d2.json",
        "grafana/dashboards/a-b/d3.json",
    ]
    providers = files["grafana/provisioning/dashboards/monmc.yaml"]["providers"]
    assert [(each["folder"], each["options"]["path"]) for each in providers] == [
        ("A b", "/var/lib/grafana/dashboards/a-b"),
        ("a-b", "/var/lib/grafana/dashboards/a-b-2"),
        ("漢", "/var/lib/grafana/dashboards/folder"),
    ]
    assert len({each["name"] for each in providers}) == 3


def test_nothing_is_the_default_data_source() -> None:
    sources = tree(HEAD)["grafana/provisioning/datasources/monmc.yaml"]["datasources"]
    assert [(each["uid"], each["isDefault"], each["editable"]) for each in sources] == [
        ("shop-prometheus", False, False)
    ]


FURTHER = """\
version: 1
project: shop
targets:
  grafana:
    sources:
      CloudWatch: {type: cloudwatch, settings: {authType: default, defaultRegion: eu-central-1, prefix: a$b}}
      datadog:
        type: grafana-datadog-datasource
        settings: {url: "https://api.datadoghq.com", size: 100}
        secrets: {apiKey: "${secret:DD_API_KEY}", appKey: "${secret:DD_APP_KEY}"}
"""


def test_further_data_sources_are_written_as_the_spec_has_them() -> None:
    files = tree(FURTHER)
    _, cloudwatch, datadog = files["grafana/provisioning/datasources/monmc.yaml"]["datasources"]
    usual = {"access": "proxy", "isDefault": False, "orgId": 1, "editable": False}
    assert cloudwatch == usual | {
        "uid": "shop-source-cloudwatch-834c6ae606",
        "name": "CloudWatch (shop)",
        "type": "cloudwatch",
        "jsonData": {"authType": "default", "defaultRegion": "eu-central-1", "prefix": "a$$b"},
    }
    assert datadog == usual | {
        "uid": "shop-source-datadog",
        "name": "Datadog (shop)",
        "type": "grafana-datadog-datasource",
        "jsonData": {"url": "https://api.datadoghq.com", "size": 100},
        "secureJsonData": {"apiKey": "$__env{DD_API_KEY}", "appKey": "$__env{DD_APP_KEY}"},
    }
    assert files["grafana/datasources/source-CloudWatch.json"]["jsonData"]["prefix"] == "a$b"
    assert files["grafana/datasources/source-datadog.json"]["secureJsonData"] == {
        "apiKey": "${secret:DD_API_KEY}",
        "appKey": "${secret:DD_APP_KEY}",
    }


def test_the_names_of_data_sources_that_follow_from_the_targets_are_taken() -> None:
    text = (
        "version: 1\nproject: shop\ntargets:\n  prometheus: {}\n  loki: {}\n  jaeger: {}\n  tempo: {}\n"
        "  grafana: {alertmanager_url: http://alertmanager:9093}\ntraces: {backends: [jaeger, tempo]}\n"
        "retention: {traces: 1d}\n"
    )
    found = project(text)
    assert found.targets.grafana is not None
    assert set(data_sources(found, found.targets.grafana)) == MADE_ANYWAY
    refused = FURTHER.replace("CloudWatch:", "Loki:")
    assert [(item.code, item.headline) for item in resolved(refused)[1]] == [
        ("MON1113", "`targets.grafana.sources`: a data source called Loki follows from the targets")
    ]


def test_the_organisation_and_the_token_for_prometheus_are_in_the_file_and_the_token_is_read_there() -> None:
    text = HEAD.replace("grafana: {}", 'grafana: {org_id: 7, prometheus_token: "${secret:PROMETHEUS_TOKEN}"}')
    files = tree(f"{text}dashboards: {{home: {{{ROWS}}}}}\n")
    (source,) = files["grafana/provisioning/datasources/monmc.yaml"]["datasources"]
    assert (source["orgId"], source["jsonData"]["httpHeaderName1"], source["secureJsonData"]) == (
        7,
        "Authorization",
        {"httpHeaderValue1": "Bearer $__env{PROMETHEUS_TOKEN}"},
    )
    (provider,) = files["grafana/provisioning/dashboards/monmc.yaml"]["providers"]
    assert provider["orgId"] == 7
    assert files["grafana/datasources/prometheus.json"]["secureJsonData"] == {
        "httpHeaderValue1": "Bearer ${secret:PROMETHEUS_TOKEN}"
    }
