"""What Kibana imports."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest

from skillforge_mon.backends.elasticsearch.kibana import VERSIONS
from skillforge_mon.backends.elasticsearch.saved_objects import made_of
from skillforge_mon.documents.document import Grade, Resource, Verdict
from tests.backends.elasticsearch.specs import HEAD, compiled

SPEC = (
    HEAD
    + """\
retention: {logs: {default: 30d, error: 90d}}
logs:
  web: {service: web, description: Requests, index_by: [endpoint, agent]}
dashboards:
  lines: {backends: [elasticsearch], rows: [{use: logs, service: web}]}
"""
)
PATH = "elasticsearch/kibana/shop.ndjson"


def saved(spec: str) -> list[dict[str, Any]]:
    """The saved objects, one a line."""
    text = compiled(spec)[PATH].content
    assert isinstance(text, str)
    return [json.loads(line) for line in text.splitlines()]


def titles(spec: str) -> list[tuple[str, str]]:
    """Type and title of each, but for the tag that all bear."""
    return [(each["type"], each["attributes"]["title"]) for each in saved(spec) if each["type"] != "tag"]


def plain(each: dict[str, Any]) -> list[dict[str, str]]:
    """The references of an object, but for that to the tag."""
    return [reference for reference in each["references"] if reference["type"] != "tag"]


def test_what_is_saved() -> None:
    assert titles(SPEC) == [
        ("index-pattern", "logs-web-default,logs-web.error-default"),
        ("search", "shop: web: latest errors"),
        ("lens", "web: lines by level"),
        ("lens", "web: share of errors"),
        ("lens", "web: errors over time"),
        ("lens", "web: share of errors over time"),
        ("lens", "web: lines by hour of the day"),
        ("lens", "web: lines by endpoint"),
        ("lens", "web: lines by agent"),
        ("dashboard", "Shop: lines"),
    ]


def test_every_reference_leads_to_an_object_of_the_file() -> None:
    objects = saved(SPEC)
    there = {(each["type"], each["id"]) for each in objects}
    assert len(there) == len(objects)
    for each in objects:
        assert {(reference["type"], reference["id"]) for reference in each["references"]} <= there
        assert each["typeMigrationVersion"] == {**VERSIONS, "tag": "8.0.0"}[each["type"]]
        assert uuid.UUID(each["id"]).version == 5


def test_every_panel_of_the_dashboard_is_a_reference_and_none_overlap() -> None:
    (dashboard,) = [each for each in saved(SPEC) if each["type"] == "dashboard"]
    panels = json.loads(dashboard["attributes"]["panelsJSON"])
    assert [f"{each['panelIndex']}:{each['panelRefName']}" for each in panels] == [
        each["name"] for each in plain(dashboard)
    ]
    taken: set[tuple[int, int]] = set()
    for grid in (each["gridData"] for each in panels):
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not cells & taken
        assert grid["x"] + grid["w"] <= 48
        taken |= cells


COLUMNS: Any = {
    "date_histogram": {"interval", "includeEmptyRows", "dropPartials"},
    "terms": {"size", "orderBy", "orderDirection", "otherBucket", "missingBucket", "parentFormat"},
    "count": {"emptyAsNull"},
    "formula": {"formula", "isFormulaBroken", "format"},
    "math": {"tinymathAst"},
    "static_value": {"value"},
}
"""Operation -> what it may say. Kibana, ``x-pack/platform/plugins/shared/lens/public/datasources/form_based``."""


@pytest.mark.parametrize("chart", [each for each in saved(SPEC) if each["type"] == "lens"])
def test_every_chart_has_the_columns_that_it_shows(chart: dict[str, Any]) -> None:
    state = chart["attributes"]["state"]
    (layer,) = state["datasourceStates"]["formBased"]["layers"].values()
    columns = layer["columns"]
    assert layer["columnOrder"] == list(columns)
    for column in columns.values():
        assert set(column["params"]) <= COLUMNS[column["operationType"]]
        assert set(column.get("references", ())) <= set(columns)
    shown = json.dumps(state["visualization"])
    visualization = state["visualization"]
    layers = visualization.get("layers", [visualization])
    named = [value for each in layers for key, value in each.items() if key.endswith("Accessor")]
    lists = [
        value for each in layers for key in ("accessors", "metrics", "primaryGroups") for value in each.get(key, ())
    ]
    assert set(named + lists) <= set(columns), shown
    assert plain(chart) == [
        {
            "type": "index-pattern",
            "id": plain(chart)[0]["id"],
            "name": "indexpattern-datasource-layer-lines",
        }
    ]


@pytest.mark.parametrize(
    ("refresh", "expected"),
    [("30s", {"pause": False, "value": 30_000}), ("0s", {"pause": True, "value": 0}), (None, None)],
)
def test_a_dashboard_is_refreshed_as_often_as_is_said(refresh: str | None, expected: dict[str, Any] | None) -> None:
    said = f", refresh: {refresh}" if refresh is not None else ""
    spec = SPEC.replace("backends: [elasticsearch]", f"backends: [elasticsearch]{said}")
    (dashboard,) = (each["attributes"] for each in saved(spec) if each["type"] == "dashboard")
    assert dashboard.get("refreshInterval") == expected


def test_lines_without_levels_have_no_share_of_errors() -> None:
    spec = SPEC.replace("service: web, description", "service: web, format: plain, description").replace(
        "endpoint, agent", ""
    )
    assert [title for _, title in titles(spec)] == [
        "logs-web-default",
        "shop: web: latest lines",
        "web: lines",
        "web: lines by hour of the day",
        "Shop: lines",
    ]


def test_rows_of_metrics_are_left_out() -> None:
    spec = SPEC.replace("{use: logs, service: web}", "{use: logs, service: web}, {use: alerts}")
    assert compiled(spec)[PATH].verdicts == (
        Verdict(
            "elasticsearch",
            "dashboards.lines",
            Grade.APPROXIMATE,
            "row 2 is left out: Kibana shows rows of `use: logs` alone",
        ),
    )


def test_a_dashboard_without_lines_cannot_be_said() -> None:
    spec = SPEC.replace("{use: logs, service: web}", "{use: alerts}")
    assert compiled(spec)[PATH].verdicts == (
        Verdict(
            "elasticsearch",
            "dashboards.lines",
            Grade.UNTRANSLATABLE,
            "none of its rows shows log lines that Elasticsearch keeps",
            "write rows with `use: logs`",
        ),
    )


def test_two_environments_have_objects_of_their_own() -> None:
    spec = SPEC + "environments: {staging: {}}\n"
    other = compiled(spec, "staging")[PATH].content
    assert isinstance(other, str)
    ids = {json.loads(line)["id"] for line in other.splitlines()}
    assert ids.isdisjoint({each["id"] for each in saved(spec)})


def test_all_bear_the_tag_that_says_whose_they_are() -> None:
    tag, *others = saved(SPEC)
    assert (tag["type"], tag["attributes"]["name"]) == ("tag", "monmc shop/default")
    names = [[own["name"] for own in each["references"] if own["id"] == tag["id"]] for each in (tag, *others)]
    assert all(len(each) == 1 and re.fullmatch("monmc-[0-9a-f]{12}", each[0]) for each in names)
    assert len({each[0] for each in names}) == len(names)


def test_what_an_object_is_made_of_is_in_the_name_of_the_reference() -> None:
    before, after = (
        {each["id"]: made_of(each["references"]) for each in saved(spec)}
        for spec in (SPEC, SPEC.replace("Requests", "X"))
    )
    assert before.keys() == after.keys()
    kinds = {each["id"]: each["type"] for each in saved(SPEC)}
    assert [kinds[key] for key in before if before[key] != after[key]] == ["search"]


def test_they_are_resources_where_kibana_can_be_reached() -> None:
    document = compiled(SPEC)[PATH]
    assert (document.resource, document.parts) == (None, ())
    there = SPEC.replace('version: "9.1"', 'version: "9.1", kibana_url: "http://kibana:5601"')
    found = compiled(there)[PATH]
    assert found.content == document.content
    assert [part.content for part in found.parts] == saved(SPEC)
    assert [(part.resource.kind, part.resource.key) for part in found.parts][:4] == [
        ("kibana_tag", "monmc"),
        ("kibana_data_view", "logs.web"),
        ("kibana_search", "logs.web"),
        ("kibana_chart", "dashboards.lines/0/web/web: lines by level"),
    ]
    assert found.parts[-1].resource == Resource("elasticsearch", "kibana_dashboard", "dashboards.lines")
