"""Every kind of Datadog's objects is made, found again, changed and taken away; what is not ours stays as it is."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from skillforge_mon.documents.document import Reference
from skillforge_mon.remote.errors import ConflictError, RefusedError, UnauthorisedError
from skillforge_mon.remote.live import Owner
from tests.backends.datadog.bodies import API_TEST, BODIES, BROWSER_TEST, DASHBOARD, INDEX, MONITOR, PIPELINE, SLO
from tests.backends.datadog.live import REVISION, connected, datadog, found, made, owner, same
from tests.fakes.datadog import FakeDatadog

CHANGES: dict[str, tuple[str, Any]] = {
    "monitor": ("name", "[shop/production] Backlog grows"),
    "slo": ("name", "Answers"),
    "dashboard": ("title", "Queues"),
    "api test": ("name", "Shop is up"),
    "browser test": ("steps", [{"name": "Go", "type": "goToUrl", "params": {"value": "https://shop.example/pay"}}]),
    "mobile test": ("name", "App works"),
    "log pipeline": ("filter", {"query": "service:store"}),
    "log index": ("num_retention_days", 15),
}


def changed(what: str, body: dict[str, Any]) -> dict[str, Any]:
    """``body`` with another value in one place."""
    other = copy.deepcopy(body)
    if what == "downtime":
        other["data"]["attributes"]["schedule"]["recurrences"][0]["duration"] = "3h"
    else:
        name, value = CHANGES[what]
        other[name] = value
    return other


@pytest.mark.parametrize("what", BODIES)
def test_what_was_made_is_found_again_and_says_the_same(what: str) -> None:
    kind, body = BODIES[what]
    with datadog() as (_server, api):
        live = made(api, kind, body, "the.Key")
        again = found(api, kind, live.owner.key if live.owner else "")
        assert (again.id, again.owner, again.revision) == (live.id, live.owner, REVISION)
        key = "the.key" if kind == "log_index" else "the.Key"  # a tag has small letters only
        assert live.owner == owner(key)
        assert api.comparable(kind, body, live)[0] == api.comparable(kind, body, live)[1]
        assert api.comparable(kind, body, again)[0] == api.comparable(kind, body, again)[1]


@pytest.mark.parametrize("what", BODIES)
def test_a_change_in_the_spec_is_seen_and_made(what: str) -> None:
    kind, body = BODIES[what]
    other = changed(what, body)
    with datadog() as (_server, api):
        live = made(api, kind, body, "key")
        assert not same(api, kind, other, live)
        assert api.must_replace(kind, other, live) == ""
        after = api.update(found(api, kind, "key"), other, owner("key"), "c0ffee2")
        assert (after.id, after.revision) == (live.id, "c0ffee2")
        assert same(api, kind, other, found(api, kind, "key"))


@pytest.mark.parametrize("what", BODIES)
def test_a_renamed_object_is_the_same_object_with_another_owner(what: str) -> None:
    kind, body = BODIES[what]
    with datadog() as (_server, api):
        live = made(api, kind, body, "former")
        after = api.update(live, body, owner("new"), REVISION)
        assert (after.id, after.owner) == (live.id, owner("new"))
        assert [each.owner for each in api.list(kind)] == [owner("new")]


@pytest.mark.parametrize("what", [each for each in BODIES if each != "log index"])
def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(what: str) -> None:
    kind, body = BODIES[what]
    with datadog() as (_server, api):
        live = made(api, kind, body, "key")
        api.delete(live)
        api.delete(live)
        assert list(api.list(kind)) == []


@pytest.mark.parametrize("what", [each for each in BODIES if each != "log index"])
def test_what_is_gone_is_read_as_none_and_cannot_be_changed(what: str) -> None:
    kind, body = BODIES[what]
    with datadog() as (server, api):
        live = made(api, kind, body, "key")
        server.objects[kind].clear()
        assert api._read(kind, live.id) is None
        with pytest.raises(ConflictError, match=f"{live.id} “.*” is gone"):
            api.update(live, body, owner("key"), REVISION)


@pytest.mark.parametrize("what", BODIES)
def test_the_body_that_is_kept_makes_the_object_again(what: str) -> None:
    kind, body = BODIES[what]
    with datadog() as (server, api):
        made(api, kind, body, "key")
        live = found(api, kind, "key")
        server.objects[kind].clear()
        again = api.create(kind, api.restorable(live), owner("key"), REVISION)
        assert same(api, kind, body, again)


@pytest.mark.parametrize("what", BODIES)
def test_what_somebody_changed_since_it_was_read_is_not_overwritten(what: str) -> None:
    kind, body = BODIES[what]
    with datadog() as (server, api):
        live = made(api, kind, body, "key")
        other = connected(server)
        other.update(found(other, kind, "key"), changed(what, body), owner("key"), "by hand")
        before = copy.deepcopy(server.objects)
        with pytest.raises(ConflictError, match="has changed since it was read"):
            api.update(live, body, owner("key"), REVISION)
        assert server.objects == before


def by_hand(server: FakeDatadog, kind: str, change: dict[str, Any]) -> None:
    """What somebody changes in the browser."""
    (body,) = server.objects[kind].values()
    body |= change


def test_a_change_by_hand_is_seen() -> None:
    with datadog() as (server, api):
        made(api, "monitor", MONITOR, "key")
        by_hand(server, "monitor", {"options": {**server.objects["monitor"]["101"]["options"], "timeout_h": 4}})
        live, wanted = api.comparable("monitor", MONITOR, found(api, "monitor", "key"))
        assert isinstance(live, dict)
        assert isinstance(wanted, dict)
        assert live["options"] == {**wanted["options"], "timeout_h": 4}


def test_what_people_write_below_the_marker_is_a_change_and_loses_no_owner() -> None:
    with datadog() as (server, api):
        live = made(api, "monitor", MONITOR, "key")
        by_hand(server, "monitor", {"message": f"{live.body['message']}\n@ann@example.com"})
        again = found(api, "monitor", "key")
        assert not same(api, "monitor", MONITOR, again)
        assert same(api, "monitor", MONITOR, api.update(again, MONITOR, owner("key"), REVISION))


def test_a_monitor_whose_whole_message_somebody_replaced_is_ours_by_its_tag() -> None:
    with datadog() as (server, api):
        live = made(api, "monitor", MONITOR, "alerts.Backlog.warning")
        other = made(api, "monitor", {**MONITOR, "name": "of nobody in the spec"}, "alerts.Gone")
        for each in (live, other):
            server.objects["monitor"][each.id]["message"] = "Ann's own words"
        again = {each.id: (each.owner, each.revision) for each in api.list("monitor")}
    assert again == {live.id: (owner("alerts.Backlog.warning"), REVISION), other.id: (None, "")}


def test_a_test_says_who_changed_it_and_a_monitor_does_not() -> None:
    with datadog() as (_server, api):
        test, monitor = made(api, "synthetics", API_TEST, "test"), made(api, "monitor", MONITOR, "monitor")
        assert (test.changed_by, test.changed_at) == ("ann@example.com", "2026-11-21T06:00:00.001000Z")
        assert (monitor.changed_by, monitor.changed_at) == ("", "2026-11-21T06:00:00.003000Z")


def test_what_is_not_ours_has_no_owner_and_that_of_another_environment_has_another() -> None:
    with datadog() as (_server, api):
        made(api, "monitor", MONITOR, "ours")
        staging = {**MONITOR, "name": "[shop/staging] Backlog"}
        api.create("monitor", staging, owner("ours", "staging"), REVISION)
        api._service.request("POST", "/api/v1/monitor", body={**MONITOR, "name": "By hand"})
        owners = {live.name: live.owner for live in api.list("monitor")}
        assert owners == {
            "[shop/production] Backlog": Owner("shop", "production", "ours"),
            "[shop/staging] Backlog": Owner("shop", "staging", "ours"),
            "By hand": None,
        }


def test_the_monitor_that_datadog_makes_of_a_test_is_not_taken_for_ours() -> None:
    with datadog() as (server, api):
        made(api, "synthetics", API_TEST, "probes.live")
        (hidden,) = server.objects["monitor"].values()
        assert "-- managed by monmc shop/production/probes.live" in hidden["message"]
        assert list(api.list("monitor")) == []


def test_a_listing_is_read_page_by_page() -> None:
    with datadog() as (server, api):
        for number in range(1001):
            server.kept("monitor", number, {"type": "query alert", "name": str(number), "message": "", "tags": []})
            server.kept("dashboard", f"d{number}", dict.fromkeys(
                ("title", "description", "layout_type", "url", "is_read_only", "created_at", "modified_at", "author_handle")
            ))  # fmt: skip
        assert len({live.id for live in api.list("monitor")}) == 1001
        assert [request.parameter("page") for request in server.requests] == ["0", "1"]
        server.requests.clear()
        assert len({live.id for live in api.list("dashboard")}) == 1001
        assert len(server.requests) == 11


def test_a_dashboard_is_listed_without_its_widgets_and_read_once_until_it_changes() -> None:
    with datadog() as (server, api):
        made(api, "dashboard", DASHBOARD, "dashboards.queue")
        other = connected(server)
        (summary,) = other.list("dashboard")
        assert (summary.complete, summary.owner) == (False, owner("dashboards.queue"))
        whole = other.read("dashboard", summary.id)
        assert whole == other.read("dashboard", summary.id)
        reads = [request.path for request in server.requests if request.path.endswith(summary.id)]
        assert len(reads) == 1
        server.objects["dashboard"][summary.id]["modified_at"] = server.moment()
        list(other.list("dashboard"))
        assert other.read("dashboard", summary.id) != whole


def test_the_widgets_of_a_dashboard_keep_their_identifiers() -> None:
    def identifiers(body: Any) -> list[Any]:
        group = body["widgets"][-1]
        return [*(each["id"] for each in body["widgets"]), group["definition"]["widgets"][0]["id"]]

    with datadog() as (_server, api):
        live = made(api, "dashboard", DASHBOARD, "key")
        first = {**DASHBOARD["widgets"][0], "definition": {"type": "note", "content": "New."}}
        wanted = {**DASHBOARD, "widgets": [first, *DASHBOARD["widgets"]]}
        after = api.update(live, wanted, owner("key"), REVISION)
        assert identifiers(after.body)[1:] == identifiers(live.body)


def test_the_steps_of_a_browser_test_are_read_where_the_listing_has_none() -> None:
    with datadog() as (server, api):
        made(api, "synthetics", BROWSER_TEST, "key")
        other = connected(server)
        (listed,) = other.list("synthetics")
        assert not listed.complete
        whole = connected(server).read("synthetics", listed.id)
        assert whole is not None
        assert same(api, "synthetics", BROWSER_TEST, whole)


def test_a_monitor_that_was_made_before_the_answer_was_lost_is_taken_again() -> None:
    with datadog() as (server, api):
        live = made(api, "monitor", MONITOR, "alerts.Backlog")
        again = made(api, "monitor", MONITOR, "alerts.Backlog")
        assert again.id == live.id
        assert list(server.objects["monitor"]) == [live.id]


def test_a_monitor_that_equals_another_one_is_refused_with_the_way_out() -> None:
    with datadog() as (server, api):
        api._service.request("POST", "/api/v1/monitor", body={**MONITOR, "message": "by hand"})
        before = copy.deepcopy(server.objects)
        with pytest.raises(RefusedError) as refused:
            made(api, "monitor", MONITOR, "alerts.Backlog")
        assert str(refused.value) == (
            "Datadog has a monitor that equals this one: 101 “[shop/production] Backlog”. To take it over, write "
            '`adopt: {datadog: "101"}`; to keep both, change the query or the name'
        )
        assert server.objects == before


def test_a_monitor_that_equals_another_one_of_ours_is_refused_with_its_owner() -> None:
    with datadog() as (_server, api):
        made(api, "monitor", MONITOR, "alerts.Former")
        with pytest.raises(RefusedError, match=r"“.* Backlog”, which is shop/production/alerts\.Former\. To take"):
            made(api, "monitor", MONITOR, "alerts.Backlog")


def test_an_object_that_is_adopted_becomes_ours() -> None:
    with datadog() as (_server, api):
        api._service.request("POST", "/api/v1/monitor", body={**MONITOR, "message": "by hand", "priority": 5})
        theirs = api.read("monitor", "101")
        assert theirs is not None
        assert theirs.owner is None
        after = api.update(theirs, MONITOR, owner("alerts.Backlog"), REVISION)
        assert (after.id, after.owner) == ("101", owner("alerts.Backlog"))
        assert same(api, "monitor", MONITOR, after)


@pytest.mark.parametrize(
    ("what", "change", "reason"),
    [
        ("monitor", {"type": "log alert"}, "its type cannot change from query alert to log alert"),
        ("monitor", {"type": "metric alert"}, ""),
        ("slo", {"type": "time_slice"}, "its type cannot change from metric to time_slice"),
        ("dashboard", {"layout_type": "free"}, "its layout type cannot change from ordered to free"),
        ("api test", {"subtype": "ssl"}, "its subtype cannot change from http to ssl"),
        ("log index", {"name": "store"}, "its name cannot change from shop to store"),
        ("log pipeline", {"name": "store"}, ""),
    ],
)
def test_what_datadog_cannot_change_in_place_must_be_replaced(what: str, change: dict[str, Any], reason: str) -> None:
    kind, body = BODIES[what]
    with datadog() as (_server, api):
        live = made(api, kind, body, "key")
        assert api.must_replace(kind, {**body, **change}, live) == reason


def test_what_something_else_uses_is_deleted_with_force() -> None:
    with datadog() as (server, api):
        monitor = made(api, "monitor", MONITOR, "monitor")
        slo = {**SLO, "type": "monitor", "monitor_ids": [int(monitor.id)]}
        del slo["query"]
        used = made(api, "slo", slo, "slo")
        widget = {"definition": {"type": "slo", "slo_id": used.id, "view_type": "detail", "time_windows": ["7d"]}}
        made(api, "dashboard", {"title": "T", "layout_type": "ordered", "widgets": [widget]}, "dashboard")
        api.delete(used)
        api.delete(monitor)
        assert {kind: len(objects) for kind, objects in server.objects.items() if objects} == {"dashboard": 1}


def test_what_cannot_be_deleted_says_why() -> None:
    with datadog() as (server, api):
        live = made(api, "monitor", MONITOR, "monitor")
        server.scopes -= {"monitors_write"}
        with pytest.raises(UnauthorisedError) as refused:
            api.delete(live)
        assert str(refused.value).startswith(
            "Datadog: the monitor 101 “[shop/production] Backlog” cannot be deleted: something else in Datadog still "
            "uses it, or the application key may not (`monitors_write`). Datadog answered 403 to DELETE "
            "/api/v1/monitor/101: "
        )


def test_what_has_an_order_keeps_that_of_others() -> None:
    with datadog() as (server, api):
        theirs = ["theirs-0", "theirs-1", "theirs-2"]
        names = {}
        for name in (theirs[0], "a", theirs[1], "b", "c", theirs[2]):
            body = {**PIPELINE, "name": name}
            if name in theirs:
                api._service.request("POST", "/api/v1/logs/config/pipelines", body=body)
            else:
                made(api, "log_pipeline", body, name)
            names[list(server.objects["log_pipeline"])[-1]] = name
        identifiers = {name: identifier for identifier, name in names.items()}
        wanted = {"pipeline_ids": [identifiers[name] for name in ("c", "a", "b")]}
        (live,) = api.list("log_pipeline_order")
        assert live.owner == owner("order")
        assert not same(api, "log_pipeline_order", wanted, live)
        after = api.update(live, wanted, owner("order"), REVISION)
        assert [names[each] for each in server.objects["log_pipeline"]] == [
            "theirs-0", "c", "theirs-1", "a", "b", "theirs-2",
        ]  # fmt: skip
        assert same(api, "log_pipeline_order", wanted, after)


def test_an_order_is_nobodys_while_none_of_its_members_is_ours_and_leaves_out_dying_indexes() -> None:
    with datadog() as (server, api):
        server.objects["log_index"]["main"] = {"name": "main", "tags": []}
        server.gone_indexes.add("old")
        (live,) = api.list("log_index_order")
        assert (live.owner, live.body) == (None, {"index_names": ["main"]})
        made(api, "log_index", INDEX, "logs.shop")
        wanted = {"index_names": ["shop"]}
        after = api.create("log_index_order", wanted, owner("order"), REVISION)
        assert (after.owner, after.body) == (owner("order"), {"index_names": ["main", "shop"]})
        assert same(api, "log_index_order", wanted, after)


def test_something_that_lives_in_datadog_is_found_by_its_name() -> None:
    with datadog() as (_server, api):
        made(api, "monitor", MONITOR, "monitor")
        slo = made(api, "slo", SLO, "slo")
        assert api.lookup(Reference("monitor", "[shop/production] Backlog")) == 101
        assert api.lookup(Reference("slo", "Availability")) == slo.id
        made(api, "slo", SLO, "another")
        assert [api.lookup(Reference(*each)) for each in (("slo", "Availability"), ("monitor", "x"), ("team", "x"))] == [
            None, None, None,
        ]  # fmt: skip


def test_a_secret_reaches_the_server_and_no_comparison() -> None:
    body = copy.deepcopy(API_TEST)
    body["config"]["request"]["headers"] = {"authorization": "Bearer ${secret:SHOP_TOKEN}"}
    with datadog() as (server, _api):
        api = connected(server, SHOP_TOKEN="the-token")
        live = made(api, "synthetics", body, "key")
        assert live.body["config"]["request"]["headers"] == {"authorization": "Bearer the-token"}
        assert same(api, "synthetics", body, live)
        other = connected(server, SHOP_TOKEN="another")
        current, wanted = other.comparable("synthetics", body, live)
        assert "the-token" not in f"{current}{wanted}"
        assert current != wanted
