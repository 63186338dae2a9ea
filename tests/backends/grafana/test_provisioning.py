"""The files that tell Grafana what to read, and from where."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from skillforge_mon.backends.grafana.sources import provisioned
from skillforge_mon.documents.render import render
from tests.backends.grafana.compiled import compiled

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
