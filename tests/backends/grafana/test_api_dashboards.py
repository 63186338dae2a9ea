"""Dashboards in Grafana's API: made once, changed in place, found again, and never taken from anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from skillforge_mon.backends.grafana.api import connect
from skillforge_mon.remote.errors import ConflictError, LostAnswerError, RefusedError
from skillforge_mon.remote.live import Live, Owner
from tests.backends.grafana.live import Pushing, at, connection, pushing, revision, running, spec
from tests.fakes.grafana import FakeGrafana
from tests.fakes.server import Fault, Request
from tests.specs.compiled import compiled as compiled_spec

OWNER = Owner("shop", "default", "shop-queue")
CHANGED = spec(old="title: Depth", new="title: Jobs that wait")


def dashboard(pushed: Pushing, uid: str = "shop-queue") -> Live:
    """The dashboard as it is on the server."""
    found = pushed.api.read("dashboard", uid)
    assert found is not None
    return found


def body(pushed: Pushing) -> Any:
    """The body of the only dashboard of the spec."""
    return next(content for _, content in pushed.resources("dashboard"))


def is_save(request: Request) -> bool:
    """True for the request that saves a dashboard."""
    return (request.method, request.path) == ("POST", "/api/dashboards/db")


def saves(server: FakeGrafana) -> list[Any]:
    """The bodies of all saves."""
    return [request.body for request in server.requests if is_save(request)]


@pytest.mark.parametrize("unified", [False, True])
def test_a_push_makes_everything_and_the_next_one_nothing(*, unified: bool) -> None:
    with running(unified=unified) as server:
        pushed = pushing(server, spec())
        assert pushed.push() == ["create folder shop", "create datasource Prometheus (shop)", "create dashboard Queue"]
        assert (pushed.push(), pushed.differences()) == ([], [])
        assert pushing(server, CHANGED).push() == ["update dashboard Queue"]
        assert pushing(server, CHANGED).push() == []
        assert len(server.dashboards) == 1


@pytest.mark.parametrize("name", ["jac.yaml", "skillforge", "toolboxai.yaml", "tutoring.yaml"])
def test_everything_of_every_spec_is_the_same_after_it_was_pushed(name: str) -> None:
    with running() as server:
        compilation = compiled_spec(name)
        found = compilation.project
        assert found is not None
        documents = tuple(each for each in compilation.documents if each.path.startswith("grafana/"))
        reached = connection(server, DD_API_KEY="an-api-key", DD_APP_KEY="an-application-key")
        pushed = Pushing(connect(at(found, server), reached), found, documents, reached)
        made = len([each for each in documents if each.resource is not None])
        assert json.dumps([each.content for each in documents if each.resource is not None])
        assert made > 3
        assert [line.partition(" ")[0] for line in pushed.push()] == ["create"] * made
        assert (pushed.push(), pushed.differences()) == ([], [])


def test_what_is_saved_says_whose_it_is_where_it_belongs_and_what_it_is() -> None:
    with running() as server:
        pushed = pushing(server, spec(), "production")
        pushed.push()
        (sent,) = saves(server)
        wanted = body(pushed)
        (folder,) = server.folders
        tags = ["jobs", "shop", "production", "monmc", "monmc:shop/production"]
        assert sent == {
            "dashboard": wanted | {"tags": tags},
            "folderUid": folder,
            "message": f"monmc {revision(wanted)}",
            "overwrite": False,
        }
        live = dashboard(pushed, "shop-production-queue")
        assert (live.name, live.owner) == ("Queue", Owner("shop", "production", "shop-production-queue"))
        assert (live.revision, live.changed_by, live.changed_at) == (
            revision(wanted),
            "sa-1-monmc",
            "2026-11-03T10:00:00Z",
        )


def test_a_marker_that_is_too_long_for_a_tag_is_a_hash() -> None:
    name = "a-project-with-a-name-that-nobody-wants-to-read"
    with running() as server:
        pushed = pushing(server, spec().replace("project: shop", f"project: {name}"))
        pushed.push()
        (found,) = server.stored
        assert found["dashboard"]["tags"][-1] == "monmc:cda1445c1e"
        assert pushed.push() == []


def test_objects_of_another_environment_are_not_ours() -> None:
    with running() as server:
        pushing(server, spec()).push()
        pushing(server, spec(), "production").push()
        for environment in (None, "production"):
            pushed = pushing(server, spec(), environment)
            owned = [each for kind in pushed.api.kinds for each in pushed.api.list(kind.name) if each.owner is not None]
            assert {each.kind for each in owned} == {"folder", "datasource", "dashboard"}
            assert (len(owned), pushed.push(), pushed.prune()) == (3, [], [])


def test_an_option_that_is_gone_from_the_spec_goes_from_the_server() -> None:
    with running() as server:
        with_limit = spec(old="query: depth", new="query: depth, max: 5, description: Jobs")
        pushing(server, with_limit).push()
        assert pushing(server, spec()).push() == ["update dashboard Queue"]
        defaults = server.stored[0]["dashboard"]["panels"][0]
        assert "max" not in defaults["fieldConfig"]["defaults"]
        assert "description" not in defaults


def test_what_somebody_changed_is_seen_with_who_did_it_and_what_monmc_wrote_last() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        server.login = "ann@example.com"
        changed = server.stored[0]["dashboard"] | {"title": "Queue of Ann"}
        server.put(changed, "", "bigger")
        live = dashboard(pushed)
        # The list of versions calls the first one "Initial save", so that what was written then is not known.
        assert (live.changed_by, live.revision) == ("ann@example.com", "")
        ((_, found, wanted),) = pushed.differences()
        (folder,) = server.folders
        assert {key: found[key] for key in found if found[key] != wanted[key]} == {
            "title": "Queue of Ann",
            "folderUid": "",
        }
        assert wanted["folderUid"] == folder
        server.login = "sa-1-monmc"
        assert pushed.push() == ["update dashboard Queue"]
        server.put(changed, folder, "again")
        assert dashboard(pushed).revision == revision(body(pushed))


def test_numbers_nulls_and_the_order_of_keys_make_no_difference() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        found = server.stored[0]["dashboard"]
        panel = found["panels"][0] | {"id": float(found["panels"][0]["id"]), "links": None}
        again = dict(reversed(list((found | {"panels": [panel], "gnetId": None}).items())))
        server.put(again, server.stored[0]["meta"]["folderUid"], "in the browser")
        assert pushed.differences() == []


def test_a_dashboard_that_changed_after_it_was_read_is_not_overwritten() -> None:
    for unified in (False, True):
        with running(unified=unified) as server:
            pushed = pushing(server, spec())
            pushed.push()
            read = dashboard(pushed)
            server.put(server.stored[0]["dashboard"] | {"title": "Ann's"}, "", "")
            with pytest.raises(ConflictError):
                pushed.api.update(read, body(pushed), OWNER, "r2")
            assert server.stored[0]["dashboard"]["title"] == "Ann's"


def test_a_dashboard_from_a_file_is_refused_in_words_that_help() -> None:
    words = (
        "the dashboard Queue comes from a file on the server (shop/queue.json), and only that file can change it: "
        "take it out of the server's folder, or leave dashboards to files"
    )
    with running() as server:
        pushed = pushing(server, spec())
        server.provisioned["shop-queue"] = "shop/queue.json"
        server.put(body(pushed), "", "")
        with pytest.raises(RefusedError) as making:
            pushed.push()
        found = dashboard(pushed)
        with pytest.raises(RefusedError) as changing:
            pushed.api.update(found, body(pushed), OWNER, "r1")
        with pytest.raises(RefusedError) as deleting:
            pushed.api.delete(found)
        assert {str(making.value), str(changing.value), str(deleting.value)} == {words}


def test_a_dashboard_of_somebody_else_is_left_alone_until_it_is_adopted() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        server.put(body(pushed), "", "mine")
        with pytest.raises(RefusedError) as refused:
            pushed.push()
        assert str(refused.value) == (
            "there is a dashboard Queue with the uid shop-queue that is not this project's; to take it over, write "
            '`adopt: {grafana: "shop-queue"}` in the spec'
        )
        assert server.versions["shop-queue"][0]["message"] == "mine"
        adopting = pushing(server, spec(old="title: Queue", new="adopt: {grafana: shop-queue}, title: Queue"))
        assert adopting.push() == ["update dashboard Queue"]
        assert adopting.push() == []


def test_an_adopted_dashboard_keeps_its_address_also_without_the_word_in_the_spec() -> None:
    with running() as server:
        server.put({"uid": "by-hand", "title": "Old", "panels": []}, "", "")
        assert pushing(server, spec(old="title: Queue", new="adopt: {grafana: by-hand}, title: Queue")).push() == [
            "create folder shop",
            "create datasource Prometheus (shop)",
            "update dashboard Queue",
        ]
        assert list(server.dashboards) == ["by-hand"]
        assert server.stored[0]["dashboard"]["tags"][-2:] == ["monmc:shop/default", "monmc-key:shop-queue"]
        assert pushing(server, spec()).push() == []


def test_a_renamed_dashboard_keeps_its_address() -> None:
    with running() as server:
        pushing(server, spec()).push()
        renamed = pushing(server, spec(old="queue: {", new="jobs: {was: queue, "))
        assert renamed.push() == ["update dashboard Queue"]
        assert list(server.dashboards) == ["shop-queue"]
        forgotten = pushing(server, spec(old="queue: {", new="jobs: {"))
        assert (forgotten.push(), forgotten.prune()) == ([], [])
        assert dashboard(forgotten).owner == Owner("shop", "default", "shop-jobs")


def test_a_body_of_before_a_renaming_is_compared_in_the_folder_where_it_is() -> None:
    with running() as server:
        before = pushing(server, spec())
        before.push()
        renamed = pushing(server, spec(old="queue: {", new="jobs: {was: queue, "))
        found, wanted = renamed.api.comparable("dashboard", body(before), dashboard(renamed))
        assert found == wanted


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY_AFTER, Fault.NO_ANSWER_AFTER])
def test_a_lost_answer_leaves_no_duplicate(fault: Fault) -> None:
    with running() as server:
        server.fail(fault, is_save)
        pushed = pushing(server, spec())
        with pytest.raises(LostAnswerError):
            pushed.push()
        live = pushed.api.create("dashboard", body(pushed), OWNER, "r2")
        assert (live.id, len(server.dashboards)) == ("shop-queue", 1)
        assert pushed.push() == []


def test_a_deleted_dashboard_can_be_made_again_from_what_was_kept() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        before = dashboard(pushed)
        kept = pushed.api.restorable(before)
        pushed.api.delete(before)
        pushed.api.delete(before)
        assert pushed.api.read("dashboard", "shop-queue") is None
        again = pushed.api.create("dashboard", kept, OWNER, revision(body(pushed)))
        assert again.owner == OWNER
        assert pushed.differences() == []


def test_many_dashboards_are_listed_page_by_page() -> None:
    with running() as server:
        for number in range(1001):
            server.put({"uid": f"u{number}", "title": f"T{number}", "tags": None}, "", "")
        pushed = pushing(server, spec())
        assert {each.id for each in pushed.api.list("dashboard")} == set(server.dashboards)
        assert [request.query["page"] for request in server.requests] == [["1"], ["2"]]
