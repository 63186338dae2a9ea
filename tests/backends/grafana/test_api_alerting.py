"""Alert rules, contact points and mute timings in Grafana's API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from skillforge_mon.backends.grafana.api import connect
from skillforge_mon.remote.errors import RefusedError
from skillforge_mon.remote.live import Owner
from tests.backends.grafana.compiled import HERE, compiled
from tests.backends.grafana.live import Pushing, at, connection, running
from tests.fakes.grafana_alerting import BASE, FakeGrafanaAlerting
from tests.fakes.server import Fault
from tests.projects import project

SPEC = (HERE / "cases" / "alerting.yaml").read_text(encoding="utf-8")
SECRETS = {
    "SLACK_WEBHOOK": "https://hooks.example.com/services/one",
    "PAGERDUTY_KEY": "the-key-of-pagerduty",
    "OPSGENIE_KEY": "the-key-of-opsgenie",
    "HOOK": "https://hook.example.com/secret",
}
DEEP = "shop default: web Deep"


def pushing(server: FakeGrafanaAlerting, text: str = SPEC) -> Pushing:
    """``text`` compiled, and ready to be pushed."""
    found = project(text)
    reached = connection(server, **SECRETS)
    return Pushing(connect(at(found, server), reached), found, compiled(text)[0], reached)


def group(pushed: Pushing, name: str = DEEP) -> Any:
    """The group as it is on the server."""
    (found,) = (live for live in pushed.api.list("rule_group") if live.name == name)
    whole = pushed.api.read("rule_group", found.id)
    assert whole is not None
    return whole


def test_a_push_makes_everything_and_the_next_one_nothing() -> None:
    with running() as server:
        pushed = pushing(server)
        # A push sends the documents themselves: no number may be a Decimal.
        assert json.dumps([document.content for document in pushed.documents if document.resource is not None])
        done = pushed.push()
        assert [line.partition(" ")[2].split(" ")[0] for line in done] == [
            "folder", "datasource", "dashboard", *["contact_point"] * 9, *["mute_timing"] * 2, *["rule_group"] * 2,
        ]  # fmt: skip
        assert (pushed.push(), pushed.differences(), pushed.prune()) == ([], [], [])
        assert server.points[pushed_uid(server, "pagerduty")]["settings"] == {"integrationKey": "the-key-of-pagerduty"}
        assert not any("X-Disable-Provenance".lower() in request.headers for request in server.requests)
        assert [request.path for request in server.requests if request.path.startswith(f"{BASE}/policies")] == []


def pushed_uid(server: FakeGrafanaAlerting, kind: str) -> str:
    """The uid of the only receiver of a type."""
    (uid,) = (uid for uid, point in server.points.items() if point["type"] == kind)
    return uid


def test_everything_says_whose_it_is_by_its_name() -> None:
    with running() as server:
        pushed = pushing(server)
        pushed.push()
        assert group(pushed).owner == Owner("shop", "default", DEEP)
        server.timings["by hand"] = {"name": "by hand", "time_intervals": []}
        owners = {live.name: live.owner for live in pushed.api.list("mute_timing")}
        assert owners == {
            "shop default: deploy": Owner("shop", "default", "shop default: deploy"),
            "shop default: once": Owner("shop", "default", "shop default: once"),
            "by hand": None,
        }


def test_what_somebody_changed_is_seen() -> None:
    with running() as server:
        pushed = pushing(server)
        pushed.push()
        rule = next(rule for rule in server.rules if rule["title"] == "Deep")
        rule["for"] = "10m"
        ((_, found, wanted),) = pushed.differences()
        assert (found["rules"][0]["for"], wanted["rules"][0]["for"]) == ("10m", "0s")
        assert pushed.push() == [f"update rule_group {DEEP}"]
        assert next(rule for rule in server.rules if rule["title"] == "Deep")["for"] == "0s"


def test_an_alert_that_is_gone_takes_its_group_with_it() -> None:
    with running() as server:
        pushing(server).push()
        less = pushing(server, SPEC.replace("    interval: 2m\n", "    interval: 2m\n    enabled: false\n"))
        assert less.push() == []
        assert less.prune() == [f"delete rule_group {DEEP}"]
        assert {name for _, name in server.groups} == {"shop default: web"}


def test_a_group_moves_to_another_folder_by_being_made_there() -> None:
    with running() as server:
        pushing(server).push()
        moved = pushing(server, SPEC.replace('folder: "Shop $1"', "folder: Elsewhere"))
        assert moved.push() == [
            "create folder Elsewhere",
            "update dashboard Shop: home",
            "replace rule_group shop default: web",
            "create rule_group shop default: web",
            f"replace rule_group {DEEP}",
            f"create rule_group {DEEP}",
        ]
        assert moved.prune() == ["delete folder Shop $1"]
        assert moved.push() == []


def test_what_a_file_provides_is_refused_in_words_that_help() -> None:
    with running() as server:
        pushed = pushing(server)
        pushed.push()
        for rule in server.rules:
            rule["provenance"] = "file"
        live = group(pushed)
        for attempt in (
            lambda: pushed.api.update(live, live.body, Owner("shop", "default", DEEP), "r"),
            lambda: pushed.api.delete(live),
        ):
            with pytest.raises(RefusedError) as refused:
                attempt()
            assert str(refused.value) == (
                f"{DEEP} comes from a file on the server, and only that file can change it: "
                "take it out of there, or leave alerting to files"
            )


@pytest.mark.parametrize("kind", ["contact_point", "mute_timing", "rule_group"])
def test_a_lost_answer_leaves_no_duplicate(kind: str) -> None:
    with running() as server:
        pushed = pushing(server)
        pushed.push()
        document, body = next(iter(pushed.resources(kind)))
        assert document.resource is not None
        live = next(each for each in pushed.api.list(kind) if each.owner and each.owner.key == document.resource.key)
        sent = pushed.connection.filled(body) | (
            {"folderUid": live.id.partition("/")[0]} if kind == "rule_group" else {}
        )
        server.fail(Fault.SLOW)
        again = pushed.api.create(kind, sent, pushed.owner(document.resource.key), "r")
        assert again.id == live.id
        assert (len(server.points), len(server.timings), len(server.groups)) == (9, 2, 2)
        assert pushed.push() == []


@pytest.mark.parametrize("kind", ["mute_timing", "rule_group"])
def test_what_was_deleted_can_be_made_again_from_what_was_kept(kind: str) -> None:
    with running() as server:
        pushed = pushing(server)
        pushed.push()
        server.groups.clear() if kind == "mute_timing" else None
        live = pushed.whole(next(iter(pushed.api.list(kind))))
        kept = pushed.api.restorable(live)
        pushed.api.delete(live)
        assert pushed.api.read(kind, live.id) is None
        assert live.owner is not None
        again = pushed.api.create(kind, kept, live.owner, "r")
        assert pushed.api.comparable(kind, kept, again)[0] == pushed.api.comparable(kind, kept, live)[0]


def test_permissions_of_alerting_are_asked_for() -> None:
    with running() as server:
        pushed = pushing(server)
        del server.permissions["alert.provisioning:write"]
        found = [check for check in pushed.api.health() if check.subject == "token"]
        assert [(check.ok, check.detail) for check in found] == [(False, "accepted, without alert.provisioning:write")]
