"""Folders in Grafana's API: a folder of that title is used, and only an empty one of ours is deleted."""

from __future__ import annotations

import pytest

from skillforge_mon.remote.errors import RefusedError
from skillforge_mon.remote.live import Owner
from tests.backends.grafana.live import Pushing, pushing, running, spec
from tests.fakes.grafana import FakeGrafana

OWN = "monmc-ddb8058938-8d9001d32c"
PLATFORM = spec("folder: Platform")


def folder_by_hand(server: FakeGrafana, title: str) -> str:
    """The uid of a folder that somebody has made."""
    uid = f"hand-{len(server.folders)}"
    server.folders[uid] = {"id": server.next_id(), "uid": uid, "title": title, "version": 1}
    return uid


def without_dashboards(server: FakeGrafana) -> Pushing:
    """The spec with nothing for a folder to hold."""
    return pushing(server, spec(old="queue: {", new="queue: {backends: [], "))


def test_a_folder_is_made_with_a_uid_that_says_whose_it_is() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        (live,) = pushed.api.list("folder")
        assert (live.id, live.name, live.owner) == (OWN, "shop", Owner("shop", "default", OWN))
        assert server.stored[0]["meta"]["folderUid"] == OWN


def test_a_folder_of_that_title_is_used_and_left_as_it_is() -> None:
    with running() as server:
        uid = folder_by_hand(server, "platform")
        pushed = pushing(server, PLATFORM)
        assert pushed.push() == ["create datasource Prometheus (shop)", "create dashboard Queue"]
        assert server.folders[uid] == {"id": 1, "uid": uid, "title": "platform", "version": 1}
        assert server.stored[0]["meta"]["folderUid"] == uid
        assert pushed.push() == []
        (live,) = pushed.api.list("folder")
        pushed.api.delete(live)
        assert list(server.folders) == [uid]


def test_folders_that_the_spec_does_not_name_are_not_ours() -> None:
    with running() as server:
        folder_by_hand(server, "Finance")
        pushed = pushing(server, spec())
        assert [each.owner for each in pushed.api.list("folder")] == [None]


def test_another_folder_moves_the_dashboard_and_leaves_the_old_one_to_prune() -> None:
    with running() as server:
        pushing(server, spec()).push()
        moved = pushing(server, PLATFORM)
        assert moved.push() == ["create folder Platform", "update dashboard Queue"]
        assert moved.prune() == ["delete folder shop"]
        assert [each["title"] for each in server.folders.values()] == ["Platform"]
        assert moved.push() == []


def test_a_folder_with_something_of_others_in_it_is_not_deleted() -> None:
    with running() as server:
        pushing(server, spec()).push()
        server.put({"uid": "anns", "title": "Ann's"}, OWN, "")
        with pytest.raises(RefusedError) as refused:
            without_dashboards(server).prune()
        assert str(refused.value) == (
            "the folder shop is not deleted: it holds something that monmc did not make, "
            "which Grafana would delete with it"
        )
        assert list(server.dashboards) == ["anns"]


def test_the_general_folder_is_no_folder() -> None:
    with running() as server:
        pushed = pushing(server, spec("folder: General"))
        assert pushed.push() == ["create datasource Prometheus (shop)", "create dashboard Queue"]
        assert (server.folders, server.stored[0]["meta"]["folderUid"], pushed.push()) == ({}, "", [])


def test_letters_of_a_title_can_change_case() -> None:
    with running() as server:
        pushing(server, PLATFORM).push()
        assert pushing(server, spec("folder: platform")).push() == ["update folder platform"]


def test_a_folder_that_is_there_already_is_no_error() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        live = pushed.api.create("folder", {"uid": OWN, "title": "shop"}, Owner("shop", "default", OWN), "r")
        assert (live.id, pushed.api.restorable(live)) == (OWN, {"uid": OWN, "title": "shop"})
