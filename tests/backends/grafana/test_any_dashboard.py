"""What holds for every dashboard, however it is put together."""

from __future__ import annotations

import json
from copy import deepcopy
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.backends.grafana.compiled import compiled, of_kind, panels
from tests.backends.grafana.compiled import dashboards as made
from tests.backends.grafana.schemas import problems
from tests.backends.grafana.specs import HEAD, dashboards

QUICK = settings(max_examples=60, deadline=None)


def built(spec: dict[str, Any]) -> dict[str, Any]:
    """The only dashboard of a project that has ``spec``."""
    return made(json.dumps(HEAD | {"dashboards": {"home": spec}}))[0]


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether two places share a cell of the grid."""
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


@QUICK
@given(dashboards())
def test_panels_stand_beside_each_other_within_24_columns(spec: dict[str, Any]) -> None:
    dashboard = built(spec)
    assert problems(dashboard) == []
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels(dashboard))
    for group in (dashboard["panels"], *(panel.get("panels", []) for panel in dashboard["panels"])):
        places = [panel["gridPos"] for panel in group]
        assert [pair for pair in combinations(places, 2) if overlap(*pair)] == []
        assert [place["y"] for place in places] == sorted(place["y"] for place in places)


@QUICK
@given(dashboards())
def test_panels_of_a_closed_row_stand_below_its_heading(spec: dict[str, Any]) -> None:
    for row in built(spec)["panels"]:
        assert all(panel["gridPos"]["y"] > row["gridPos"]["y"] for panel in row.get("panels", []))


@QUICK
@given(dashboards())
def test_everything_that_the_user_wrote_is_there_in_its_order(spec: dict[str, Any]) -> None:
    wanted = [panel["title"] for row in spec["rows"] for panel in row["panels"]]
    shown = [panel["title"] for panel in panels(built(spec)) if panel["type"] != "row"]
    rest = iter(shown)
    assert all(title in rest for title in wanted)


@QUICK
@given(dashboards(), st.data())
def test_ids_are_unique_and_stay_when_a_panel_is_added(spec: dict[str, Any], data: st.DataObject) -> None:
    before = [(panel["title"], panel["id"]) for panel in panels(built(spec))]
    assert len({number for _, number in before}) == len(before)
    changed = deepcopy(spec)
    row = data.draw(st.sampled_from(changed["rows"]))
    row["panels"].insert(data.draw(st.integers(0, len(row["panels"]))), {"title": "ADDED", "query": "depth"})
    after = [(panel["title"], panel["id"]) for panel in panels(built(changed))]
    assert [entry for entry in after if entry[0] != "ADDED"] == before


@QUICK
@given(dashboards())
def test_the_same_spec_gives_the_same_dashboard(spec: dict[str, Any]) -> None:
    assert built(spec) == built(deepcopy(spec))


@settings(max_examples=100, deadline=None)
@given(
    project=st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,40}", fullmatch=True),
    names=st.sets(st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,50}", fullmatch=True), min_size=1, max_size=6),
    environment=st.sampled_from([None, "staging", "Pre.Prod"]),
)
def test_uids_are_short_plain_and_each_its_own(project: str, names: set[str], environment: str | None) -> None:
    rows = [{"panels": [{"title": "Depth", "query": "vector(1)"}]}]
    boards = {name: {"title": name, "rows": rows} for name in sorted(names)}
    spec = {"version": 1, "project": project, "targets": {"grafana": {}}, "dashboards": boards}
    text = json.dumps(spec | {"environments": {"staging": {}, "Pre.Prod": {}}})
    uids = [dashboard["uid"] for dashboard in made(text, environment)]
    assert len(set(uids)) == len(names)
    assert all(len(uid) <= 40 and set(uid) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for uid in uids)
    assert uids == [dashboard["uid"] for dashboard in made(text, environment)]
    documents = of_kind(compiled(text, environment)[0], "dashboard")
    keys = [each.resource.key for each in documents if each.resource is not None]
    assert keys == uids
