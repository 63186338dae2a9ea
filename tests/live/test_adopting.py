"""``monmc adopt`` makes an object that nobody owns one of the spec, and nothing else is changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.datadog.api import connect
from skillforge_mon.remote.connection import Connection
from tests.backends.datadog import live as datadog_live
from tests.backends.datadog.bodies import MONITOR
from tests.live.world import World, world
from tests.projects import project

HAND = "101"
ARGUMENTS = ("--spec", "shop.yaml", "--env", "production")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world("datadog", tmp_path, monkeypatch) as made:
        with Connection({}, made.system.environ) as connection:
            api = connect(datadog_live.at(project(datadog_live.SPEC, "production"), made.server), connection)
            assert api.create("monitor", {**MONITOR, "name": "By hand"}, None, "").id == HAND
        yield made


def adopt(here: World, identifier: str, name: str, *options: str) -> Any:
    return here.monmc("adopt", "datadog", "monitor", identifier, name, *ARGUMENTS, *options)


def code_of(stderr: str) -> str:
    return stderr.partition("[")[2].partition("]")[0]


def test_an_object_made_by_hand_becomes_the_one_of_the_spec(here: World) -> None:
    run = adopt(here, HAND, "alerts.Backlog", "--yes")
    assert (run.code, run.err) == (0, "datadog monitor Backlog: adopted\n")
    assert run.out.startswith("Datadog  production\n  ~ monitor  Backlog  adopts 101 (By hand")
    assert run.out.endswith("1 adopted\n")
    assert list(here.objects()) == [("monitor", HAND)]
    (kept,) = Path(".monmc/kept").rglob("*.json")
    assert json.loads(kept.read_text())["body"]["name"] == "By hand"
    here.build()
    assert "2 created" in here.push().out
    here.is_steady()


def test_without_consent_nothing_happens(here: World) -> None:
    before = here.objects()
    run = adopt(here, HAND, "alerts.Backlog")
    assert (run.code, code_of(run.err), here.objects()) == (1, "MON6023", before)
    assert "adopts 101" in run.out


def test_an_object_that_lives_already_adopts_no_other(here: World) -> None:
    here.pushed()
    before = here.objects()
    run = adopt(here, HAND, "alerts.Backlog", "--yes")
    assert (run.code, code_of(run.err), here.objects()) == (1, "MON6081", before)


def test_an_object_of_another_project_is_not_adopted(here: World) -> None:
    here.pushed()
    before = here.objects()
    named = next(key for (kind, key), body in before.items() if kind == "monitor" and "Backlog" in body["name"])
    Path("shop.yaml").write_text(Path("shop.yaml").read_text().replace("project: shop", "project: bakery"))
    run = adopt(here, named, "alerts.Backlog", "--yes")
    assert (run.code, code_of(run.err), here.objects()) == (1, "MON6015", before)
    assert "is already `shop/production/alerts.Backlog`" in run.err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("monitor", "99", "alerts.Backlog"), "MON6015", "Datadog has no monitor 99 to adopt"),
        (("monitor", HAND, "alerts.Backlgo"), "MON6080", "the spec has no monitor `alerts.Backlgo` for datadog"),
        (("moniter", HAND, "alerts.Backlog"), "MON6080", "its kinds in datadog: monitor"),
    ],
)
def test_what_cannot_be_is_told(here: World, arguments: tuple[str, ...], code: str, told: str) -> None:
    before = here.objects()
    run = here.monmc("adopt", "datadog", *arguments, *ARGUMENTS, "--yes")
    assert (run.code, code_of(run.err), here.objects()) == (1, code, before)
    assert told in run.err


def test_adopting_forgets_nothing_that_was_pushed(here: World) -> None:
    here.write(*here.before)
    here.pushed()
    record = Path(".monmc/pushed/shop/production.json")
    before = json.loads(record.read_text())["objects"]
    here.write()
    assert adopt(here, HAND, "alerts.Slow", "--yes").code == 0
    after = json.loads(record.read_text())["objects"]
    assert [each for each in after if each["key"] != "alerts.Slow"] == before
    here.build()
    here.is_steady()
