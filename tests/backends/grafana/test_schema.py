"""Every dashboard has the shape that Grafana reads: nothing is missing, and nothing is there that it does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.backends.grafana.compiled import CASES, HERE, panels, read
from tests.backends.grafana.schemas import problems
from tests.specs.compiled import compiled

SPECS = ("jac.yaml", "skillforge", "toolboxai.yaml", "tutoring.yaml")
EXPECTED = sorted((HERE / "expected").glob("*/dashboards/**/*.json"))


def single_panels() -> Iterator[dict[str, Any]]:
    """Dashboards with one panel or row each, together one of every type."""
    path = HERE / "expected/shop/dashboards/shop-1/Every.Panel.json"
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return (whole | {"panels": [panel | {"panels": []} if "panels" in panel else panel]} for panel in panels(whole))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_an_expected_dashboard_has_the_shape(path: Path) -> None:
    assert problems(json.loads(path.read_text(encoding="utf-8"))) == []


def test_there_are_expected_dashboards_of_every_case() -> None:
    assert {path.relative_to(HERE / "expected").parts[0] for path in EXPECTED} == set(CASES)


@pytest.mark.parametrize("name", SPECS)
def test_the_dashboards_of_a_spec_have_the_shape(name: str) -> None:
    made = [read(each) for each in compiled(name).documents if each.path.startswith("grafana/dashboards/")]
    assert made != []
    assert [problem for dashboard in made for problem in problems(dashboard)] == []


def test_an_unknown_key_of_any_panel_is_seen() -> None:
    for dashboard in single_panels():
        assert problems(dashboard) == []
        for part in {"", "gridPos", "options", "fieldConfig"} & {"", *dashboard["panels"][0]}:
            spoilt = deepcopy(dashboard)
            panel = spoilt["panels"][0]
            (panel[part] if part else panel)["colour"] = "blue"
            assert problems(spoilt) != [], (panel["title"], part)


def test_a_missing_key_of_any_panel_is_seen() -> None:
    for dashboard in single_panels():
        for key in set(dashboard["panels"][0]) - {"description", "links", "repeat"}:
            spoilt = deepcopy(dashboard)
            del spoilt["panels"][0][key]
            assert problems(spoilt) != [], (dashboard["panels"][0]["title"], key)
