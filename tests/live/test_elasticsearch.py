"""What only Elasticsearch and Kibana ask of a push: an order, names that are taken, objects in use, connectors."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.server import Fault, Request
from tests.live.world import READING, Change, World, world

TEMPLATES = Change("  shop_jobs: {service: web, format: plain}\n", "")
WITHOUT_JOBS = (TEMPLATES, Change("logs: {of: shop_jobs, within: 1h}", "logs: {of: shop_web, within: 1h}"))

OF_EACH_KIND = {
    "component_template": 1, "ilm_policy": 2, "ingest_pipeline": 2, "index_template": 3, "tag": 1, "index-pattern": 2,
    "search": 2, "lens": 8, "dashboard": 1, "kibana_rule": 3,
}  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world("elasticsearch", tmp_path, monkeypatch) as made:
        yield made


def written(here: World, method: str) -> list[str]:
    """The paths of the requests of ``method``, up to the names in them; each kind once, as it came first."""
    paths = [
        request.path.removeprefix("/kibana/s/ops").rpartition("/")[0]
        for request in here.server.requests
        if request.method == method and not request.path.endswith("_export")
    ]
    return list(dict.fromkeys(paths))


def imported(here: World) -> list[str]:
    """The types that were imported, each once, as it came first."""
    bodies = [request.body for request in here.server.requests if request.path.endswith("_import")]
    return list(dict.fromkeys(body.partition('{"type":"')[2].partition('"')[0] for body in bodies))


def test_what_is_named_comes_first_and_goes_last(here: World) -> None:
    here.pushed()
    assert written(here, "PUT") == ["/_component_template", "/_ilm/policy", "/_ingest/pipeline", "/_index_template"]
    assert imported(here) == ["tag", "index-pattern", "search", "lens", "dashboard"]
    assert written(here, "POST")[-1] == "/api/alerting/rule"
    text = here.system.spec
    begin = text.index("logs:\n")
    here.write(Change(text[begin : text.index("environments:")], ""), Change("retention:", "retention: {}\n#"))
    here.build()
    here.server.requests.clear()
    run = here.push("--prune", "--prune-limit", "100")
    assert run.code == 0, run.out + run.err
    assert written(here, "DELETE") == [
        "/api/alerting/rule",
        *(f"/api/saved_objects/{each}" for each in ("dashboard", "lens", "search", "index-pattern", "tag")),
        *("/_index_template", "/_ingest/pipeline", "/_ilm/policy", "/_component_template"),
    ]
    assert here.objects() == {}


def test_a_name_that_is_taken_is_told_and_can_be_adopted(here: World) -> None:
    theirs = {"template": {"settings": {"index": {"refresh_interval": "5s"}}}}
    here.server.objects["component_template"]["shop-production-logs"] = dict(theirs)
    here.build()
    run = here.push()
    assert run.code == 1
    assert (
        "there is a component template shop-production-logs that is not this project's; to take it over, run `monmc "
        "adopt elasticsearch component_template shop-production-logs shop-production-logs`"
    ) in run.out
    assert here.objects()["component_template", "shop-production-logs"] == theirs
    name = "shop-production-logs"
    adopted = here.monmc("adopt", "elasticsearch", "component_template", name, name, "--yes", "--spec", *here.named)
    assert (adopted.code, adopted.out.splitlines()[-1]) == (0, "1 adopted"), adopted.out + adopted.err
    (kept,) = Path(".monmc/kept").rglob("*.json")
    assert '"refresh_interval": "5s"' in kept.read_text()
    assert here.push().code == 0
    here.is_steady()


def test_a_template_in_use_is_told_and_everything_else_is_deleted(here: World) -> None:
    here.pushed()
    here.server.streams.add("logs-shop_jobs-production")
    here.write(*WITHOUT_JOBS)
    here.build()
    run = here.push("--prune", "--prune-limit", "100")
    assert run.code == 1
    assert (
        "unable to remove composable templates [logs-shop_jobs-production] as they are in use by a data streams "
        "[logs-shop_jobs-production]"
    ) in run.out
    left = {address for address in here.objects() if "shop_jobs" in address[1]}
    assert left == {
        ("index_template", "logs-shop_jobs-production"),
        ("ingest_pipeline", "logs-shop_jobs-production"),
    }
    here.server.streams.clear()
    assert here.push("--prune", "--prune-limit", "100").code == 0
    here.is_steady()


def test_a_connector_that_is_missing_stops_its_rules_only(here: World) -> None:
    (pager,) = [each for each in here.server.rules.connectors if each["name"] == "Pager"]
    here.server.rules.connectors.remove(pager)
    here.build()
    run = here.push()
    assert run.code == 1
    assert "error[MON6013]: Elasticsearch has no kibana_connector `Pager`, to which" in run.err
    assert "make a connector `Pager` in Kibana (Stack Management, Connectors)" in run.err
    here.server.rules.connectors.append(pager)
    assert here.push().code == 0
    here.is_steady()


def test_what_somebody_saved_in_kibana_is_drift(here: World) -> None:
    here.pushed()
    (board,) = here.server.objects["dashboard"].values()
    (own,) = [each for each in board["references"] if each["type"] == "tag"]
    own["name"] = f"tag-ref-{own['id']}"
    found = here.diff("--exit-code")
    assert found.code == 2
    assert "dashboard of Kibana  lines" in found.out
    assert "changed outside monmc" in found.out
    assert "what was saved in Kibana" in found.out
    assert here.push().code == 0
    here.is_steady()


def test_what_was_saved_comes_back(here: World) -> None:
    here.pushed()
    before = here.objects()
    saved = here.monmc("backup", *here.named, "--backend", "elasticsearch", "--out", "backup")
    assert saved.code == 0, saved.err
    for group in here.server.objects.values():
        group.clear()
    files = sorted(str(path) for path in Path(saved.out.strip()).rglob("*.json"))
    run = here.monmc("restore", *files, "--spec", here.named[0], *here.named[1:], "--yes")
    assert run.code == 0, run.out + run.err
    assert here.objects().keys() == before.keys()
    here.is_steady()


@pytest.mark.parametrize("written_before", [0, 2, 7, 12, 18])
def test_a_push_that_is_killed_ends_right_when_it_is_run_again(here: World, written_before: int) -> None:
    here.build()
    seen: list[str] = []
    killed: list[subprocess.Popen[bytes]] = []

    def kill(request: Request) -> bool:
        if request.method != "GET" and not request.path.endswith(READING):
            seen.append(request.path)
            if len(seen) > written_before:
                killed[0].kill()
        return False

    here.server.fail(Fault.SLOW, kill, 1000)
    command = [sys.executable, "-m", "skillforge_mon.cli", "push", "--yes", *here.named]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        killed.append(process)
        assert process.wait() == -9
    here.server.faults.clear()
    assert len(here.objects()) < sum(OF_EACH_KIND.values())
    run = here.push()
    assert run.code == 0, run.out + run.err
    assert Counter(kind for kind, _ in here.objects()) == OF_EACH_KIND
    here.is_steady()
