"""What is not ours stays as it is, byte for byte, whatever is pushed, renamed, made anew or deleted beside it."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.datadog.api import connect
from skillforge_mon.remote.connection import Connection
from tests.backends.datadog import live as datadog_live
from tests.backends.datadog.bodies import BODIES
from tests.live.world import SYSTEMS, World, with_every_kind_of_datadog, world
from tests.projects import project


def text(objects: Any) -> str:
    return json.dumps(sorted((*key, body) for key, body in objects.items()), default=str)


def by_hand(here: World) -> None:
    """Somebody makes objects of the kinds of the fake by hand."""
    server = here.server
    match here.system.backend:
        case "datadog":
            with Connection({}, here.system.environ) as connection:
                api = connect(datadog_live.at(project(datadog_live.SPEC, "production"), server), connection)
                for kind, body in (each for each in BODIES.values() if each[0] != "downtime"):
                    named: dict[str, Any] = {key: "by-hand" for key in ("name", "title") if key in body}
                    api.create(kind, {**deepcopy(body), **named}, None, "")
        case "pagerduty":
            server.add("team", {"name": "shop-managers by hand", "description": "Ours"})
        case "elasticsearch":
            server.objects["index_template"]["by-hand"] = {
                "index_patterns": ["shop*"],
                "_meta": {"owner": "shop/production/x"},
            }
            server.objects["ingest_pipeline"]["by-hand"] = {"processors": [], "_meta": {"managed_by": "ann"}}
        case "grafana":
            server.folders["hand"] = {"id": 9000, "uid": "hand", "title": "By hand", "version": 1}
        case _:
            pass  # everything in Sentry is made by the other project below


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_is_not_ours_stays(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with world(name, tmp_path, monkeypatch) as here:
        by_hand(here)
        other = here.system.other
        here.write(other)
        with monkeypatch.context() as patch:
            with_every_kind_of_datadog(patch)
            here.pushed()
        theirs = here.objects()
        for changes in ((*here.before,), (*here.after,), (here.system.deleted,), (*here.before, here.system.changed)):
            here.write(*changes)
            here.build()
            run = here.push("--prune", "--prune-limit", "100")
            assert run.code == 0, run.out + run.err
            live = here.objects()
            assert len(live) > len(theirs)
            assert text({key: live.get(key) for key in theirs}) == text(theirs)
        here.write(other)
        with monkeypatch.context() as patch:
            with_every_kind_of_datadog(patch)
            here.build()
            found = here.diff("--exit-code")
        assert (found.code, found.err) == (0, ""), found.out


def test_another_environment_is_another_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with world("datadog", tmp_path, monkeypatch) as here:
        here.pushed()
        theirs = here.objects()
        here.system = SYSTEMS["datadog"]
        text_ = Path("shop.yaml").read_text().replace("environments: {production: {}}", "environments: {staging: {}}")
        Path("shop.yaml").write_text(text_)
        assert here.monmc("build", "shop.yaml", "--env", "staging").code == 0
        run = here.monmc("push", "shop.yaml", "--env", "staging", "--yes", "--prune", "--prune-limit", "9")
        assert run.code == 0, run.out + run.err
        live = here.objects()
        assert len(live) == 2 * len(theirs)
        assert text({key: live.get(key) for key in theirs}) == text(theirs)
