"""What holds for every dashboard, however it is put together."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from datadog_api_client.v1.model.dashboard import Dashboard
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.dashboards.grid import Cell, Extent, extents, packed
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.lower.layout import Grid
from tests.backends.datadog.dashboards.boards import all_widgets, compiled
from tests.backends.grafana.specs import HEAD, dashboards
from tests.fakes.datadog_models import understood

QUICK = settings(max_examples=60, deadline=None)
BOTH: dict[str, Any] = {
    **HEAD,
    "targets": {**HEAD["targets"], "datadog": {}},
    "teams": {"shop": {"datadog": "@slack-acme-shop"}},
    "escalation": {"page": [{"notify": "shop"}]},
    "slos": {
        name: {**slo, "escalation": "page", "backends": ["prometheus", "datadog"]} for name, slo in HEAD["slos"].items()
    },
}


def built(spec: dict[str, Any]) -> Document:
    """The only dashboard of a project that has ``spec``, for Datadog, where logs have a search of their own."""
    spec = copy.deepcopy(spec) | {"backends": ["grafana", "datadog"]}
    for row in spec["rows"]:
        for panel in row["panels"]:
            if panel["type"] == "logs":
                panel["datadog"] = "service:web"
    documents, _ = compiled(json.dumps(BOTH | {"dashboards": {"home": spec}}))
    (found,) = [each for each in documents if "dashboards.home" in each.objects]
    assert found.resource is not None, found.content
    return found


def read(document: Document) -> dict[str, Any]:
    """What is pushed."""
    found = json.loads(write_json(document.content))
    assert isinstance(found, dict)
    return found


def overlap(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether two places share a cell of the grid."""
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


@QUICK
@given(dashboards())
def test_widgets_stand_beside_each_other_within_12_columns(spec: dict[str, Any]) -> None:
    for widgets in all_widgets(read(built(spec))):
        places = [widget["layout"] for widget in widgets]
        assert all(place["x"] >= 0 and place["x"] + place["width"] <= 12 for place in places)
        assert all(place["width"] >= 1 and place["height"] >= 1 for place in places)
        assert [pair for pair in combinations(places, 2) if overlap(*pair)] == []
        assert places == sorted(places, key=lambda place: (place["y"], place["x"]))


@QUICK
@given(dashboards())
def test_a_group_is_as_high_as_its_heading_and_its_widgets(spec: dict[str, Any]) -> None:
    for widget in read(built(spec))["widgets"]:
        inside = widget["definition"].get("widgets")
        if inside is not None:
            bottom = max(each["layout"]["y"] + each["layout"]["height"] for each in inside)
            assert widget["layout"]["height"] == bottom + 1


@QUICK
@given(dashboards())
def test_the_client_understands_every_dashboard(spec: dict[str, Any]) -> None:
    assert understood(read(built(spec)), Dashboard, "dashboard") == []


def titles(widgets: list[dict[str, Any]]) -> Iterator[str]:
    """The titles of widgets, from top to bottom; that of a note is its first line."""
    for widget in widgets:
        definition = widget["definition"]
        if definition["type"] == "group":
            yield from titles(definition["widgets"])
        elif definition["type"] == "note":
            yield definition["content"].split("\n")[0].removeprefix("#### ")
        else:
            yield definition["title"]


@QUICK
@given(dashboards())
def test_everything_that_the_user_wrote_is_there_in_its_order(spec: dict[str, Any]) -> None:
    rest = titles(read(built(spec))["widgets"])
    assert all(panel["title"] in rest for row in spec["rows"] for panel in row["panels"])


@QUICK
@given(dashboards())
def test_the_same_spec_gives_the_same_dashboard(spec: dict[str, Any]) -> None:
    assert built(spec) == built(copy.deepcopy(spec))


@given(
    st.lists(st.builds(Extent, st.integers(1, 12), st.integers(1, 9), st.booleans()), max_size=12), st.integers(0, 5)
)
def test_packed_widgets_keep_their_sizes_and_begin_lines_where_they_should(wanted: list[Extent], top: int) -> None:
    cells = packed(wanted, top)
    assert [(cell.width, cell.height) for cell in cells] == [(each.width, each.height) for each in wanted]
    assert all(cell.x == 0 for cell, each in zip(cells, wanted, strict=True) if each.first)
    assert all(cell.y >= top for cell in cells)


def test_a_line_of_24_narrow_panels_becomes_two() -> None:
    cells = packed(extents([Grid(x, 0, 1, 8) for x in range(24)]))
    assert cells == tuple(Cell(index % 12, 3 * (index // 12), 1, 3) for index in range(24))


def test_neighbours_that_fill_a_line_still_do() -> None:
    cells = packed(
        extents([Grid(0, 0, 5, 4), Grid(5, 0, 5, 4), Grid(10, 0, 5, 4), Grid(15, 0, 5, 4), Grid(20, 0, 4, 6)])
    )
    assert cells == (Cell(0, 0, 2, 2), Cell(2, 0, 3, 2), Cell(5, 0, 2, 2), Cell(7, 0, 3, 2), Cell(10, 0, 2, 2))
