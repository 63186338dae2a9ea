"""Saved objects imported into Kibana and compared with what it exports."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from skillforge_mon.backends.elasticsearch.saved_objects import is_ours
from skillforge_mon.documents.document import Document, Part
from skillforge_mon.remote.errors import ConflictError, RefusedError
from skillforge_mon.remote.live import Live, Owner
from tests.backends.elasticsearch.live import SPEC, connected, lives
from tests.backends.elasticsearch.specs import compiled
from tests.fakes.elastic import FakeElastic

BOARD, VIEW = "kibana_dashboard dashboards.lines", "kibana_data_view logs.shop_web"


@pytest.fixture
def fake() -> Iterator[FakeElastic]:
    found = FakeElastic()
    with found.started():
        yield found


def parts(spec: str = SPEC) -> dict[str, Part]:
    """The saved objects of ``spec`` by kind and key."""
    documents: dict[str, Document] = compiled(spec, "production")
    found = [part for document in documents.values() for part in document.parts]
    return {f"{part.resource.kind} {part.resource.key}": part for part in found}


def owner(part: Part) -> Owner:
    return Owner("shop", "production", part.resource.key)


def push(api: Any, spec: str = SPEC) -> dict[str, Live]:
    for part in parts(spec).values():
        api.create(part.resource.kind, part.content, owner(part), "r")
    return {name: live for name, live in lives(api).items() if name in parts(spec)}


def differing(api: Any, spec: str = SPEC) -> set[str]:
    """What a push would change."""
    found = lives(api)
    pairs = {name: api.comparable(part.resource.kind, part.content, found[name]) for name, part in parts(spec).items()}
    return {name for name, (there, here) in pairs.items() if there != here}


def test_what_was_imported_differs_in_nothing(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        found = push(api)
        assert found.keys() == parts().keys()
        assert differing(api) == set()
        assert {kind: len(each) for kind, each in fake.saved.objects.items()} == {
            "tag": 1,
            "index-pattern": 2,
            "search": 2,
            "lens": 8,
            "dashboard": 1,
        }
        assert {request.query["overwrite"][0] for request in fake.requests if "overwrite" in request.query} == {"false"}


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        ("description: Lines of the shop, rows", "description: Lines, rows", {"kibana_dashboard"}),
        ("index_by: [method]", "index_by: [method, user]", {"kibana_search", "kibana_dashboard"}),
        ("{logs: {default: 30d, error: 90d}}", "{logs: 30d}", {"kibana_data_view"}),
    ],
)
def test_a_change_of_the_spec_is_seen_and_sent(fake: FakeElastic, was: str, now: str, changed: set[str]) -> None:
    with connected(SPEC, fake) as (api, _):
        push(api)
    later = SPEC.replace(was, now)
    assert later != SPEC
    with connected(later, fake) as (api, _):
        new = {name for name in parts(later) if name not in lives(api)}
        for name in sorted(new):
            part = parts(later)[name]
            api.create(part.resource.kind, part.content, owner(part), "r")
        assert {name.partition(" ")[0] for name in differing(api, later)} == changed
        for name in differing(api, later):
            part = parts(later)[name]
            api.update(lives(api)[name], part.content, owner(part), "r")
        assert differing(api, later) == set()


def saved_by_hand(each: dict[str, Any]) -> None:
    """As Kibana writes an object that somebody has saved there: its tags are named anew."""
    for own in each["references"]:
        if own["type"] == "tag":
            own["name"] = f"tag-ref-{own['id']}"


def test_an_object_that_somebody_saved_is_seen_whatever_was_changed(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        push(api)
        (board,) = fake.saved.objects["dashboard"].values()
        saved_by_hand(board)
        assert differing(api) == {BOARD}
        there, here = api.comparable("kibana_dashboard", parts()[BOARD].content, lives(api)[BOARD])
        assert isinstance(there, dict)
        assert isinstance(here, dict)
        assert {name: there[name] for name in there if there[name] != here[name]} == {
            "made_of": "what was saved in Kibana"
        }


def test_a_data_view_is_compared_by_what_it_says(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        push(api)
        for view in fake.saved.objects["index-pattern"].values():
            view["attributes"]["fieldAttrs"] = '{"level":{"count":9}}'
        assert differing(api) == set()
        for view in fake.saved.objects["index-pattern"].values():
            view["attributes"]["runtimeFieldMap"] = "{}"
        assert differing(api) == {VIEW, "kibana_data_view logs.shop_jobs"}


def test_a_copy_and_what_others_made_are_not_ours(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        push(api)
        (board,) = fake.saved.objects["dashboard"].values()
        copy = deepcopy(board) | {"id": str(uuid.UUID(int=7, version=4))}
        fake.saved.objects["dashboard"][copy["id"]] = copy
        theirs = deepcopy(board) | {"id": str(uuid.UUID(int=8, version=5)), "references": []}
        fake.saved.objects["dashboard"][theirs["id"]] = theirs
        assert {live.id: live.owner for live in api.list("kibana_dashboard")} == {
            board["id"]: Owner("shop", "production", "dashboards.lines"),
            copy["id"]: None,
        }
        assert not is_ours({**board, "id": "by-hand"}, board["references"][-1]["id"])


def test_what_the_spec_has_no_more_is_still_ours(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        board = push(api)[BOARD]
    start, end = SPEC.index("dashboards:\n"), SPEC.index("alerts:\n")
    with connected(SPEC[:start] + SPEC[end:], fake) as (api, _):
        (left,) = api.list("kibana_dashboard")
        assert left.owner == Owner("shop", "production", board.id)
        api.delete(left)
        api.delete(left)
        assert list(api.list("kibana_dashboard")) == []


def test_an_object_without_our_tag_is_not_taken(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        push(api)
        (board,) = fake.saved.objects["dashboard"].values()
        board["references"] = [own for own in board["references"] if own["type"] != "tag"]
        before = deepcopy(board)
        with pytest.raises(ConflictError, match="that does not bear our tag: delete it, or give it back"):
            api.create("kibana_dashboard", parts()[BOARD].content, owner(parts()[BOARD]), "r")
        assert fake.saved.objects["dashboard"][board["id"]] == before


def test_what_changed_meanwhile_is_not_overwritten(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        live = push(api)[BOARD]
        fake.saved.objects["dashboard"][live.id]["attributes"]["title"] = "By Ann"
        with pytest.raises(ConflictError, match="has changed since it was read"):
            api.update(live, parts()[BOARD].content, live.owner, "r")


def test_what_kibana_does_not_import_is_told(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        part = parts()["kibana_search logs.shop_web"]
        with pytest.raises(RefusedError, match=r"Kibana did not import the saved search \S+: missing_references"):
            api.create("kibana_search", part.content, owner(part), "r")
        view = parts()[VIEW]
        assert isinstance(view.content, dict)
        fake.saved.elsewhere.add(view.content["id"])
        with pytest.raises(RefusedError, match="lives in another space, and Kibana made a copy, 0b4f24a1"):
            api.create("kibana_data_view", view.content, owner(view), "r")


def test_a_kept_body_makes_it_again(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        live = push(api)[BOARD]
        body = api.restorable(live)
        api.delete(live)
        made = api.create("kibana_dashboard", body, None, "")
        assert (made.id, made.owner) == (live.id, live.owner)
        assert differing(api) == set()


def test_without_an_address_of_kibana_nothing_is_asked_of_it(fake: FakeElastic) -> None:
    with connected(SPEC.replace("    kibana_url: http://elasticsearch:9200/kibana/\n", ""), fake) as (api, _):
        assert list(api.list("kibana_dashboard")) == []
        assert api.read("kibana_dashboard", "x") is None
        with pytest.raises(RefusedError, match="the spec does not say where Kibana is"):
            api.create("kibana_dashboard", parts()[BOARD].content, owner(parts()[BOARD]), "r")
    assert fake.requests == []
