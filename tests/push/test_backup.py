"""``backup`` saves what is live, ``restore`` puts it back: nothing else is touched, nothing is lost on the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.documents.document import Plain
from skillforge_mon.push.backup import Backup, back_up
from skillforge_mon.push.restore import Return, Returned, Returning, plan_return, put_back
from skillforge_mon.push.saved import NotSavedError, SavedBody, read_saved, save
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Live
from tests.push.shelf import Objects, Shelf

MOMENT = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
SAVED_AT = "2026-11-21T07:30:00Z"
SHOP: dict[str, Any] = {"project": "shop", "environment": "default", "connection": Connection({}, {})}
OURS = "shop/default/alerts.Down"


def objects() -> Objects:
    return {
        ("box", "1"): {"name": "Down", "size": 3, "owner": OURS, "seen": 7},
        ("box", "2"): {"name": "made by hand ../!", "size": 4},
        ("label", "9"): {"name": "of another environment", "owner": "shop/staging/alerts.Down"},
    }


def taken(shelf: Shelf, folder: Path, *, everything: bool = False) -> Backup:
    return back_up({"shelf": shelf}, folder, MOMENT, project="shop", environment="default", everything=everything)


def files(folder: Path) -> dict[str, Any]:
    return {path.relative_to(folder).as_posix(): json.loads(path.read_text()) for path in folder.rglob("*.json")}


def down(action: str = "backup", saved_at: str = SAVED_AT, size: int = 3) -> SavedBody:
    body: Plain = {"name": "Down", "size": size, "owner": OURS}
    return SavedBody("shelf", "box", "1", "Down", "alerts.Down", OURS, action, saved_at, body)


@pytest.mark.parametrize("summaries", [False, True])
def test_ours_are_saved_each_in_a_file_of_its_own(tmp_path: Path, summaries: bool) -> None:
    shelf = Shelf(objects(), summaries=summaries)
    assert taken(shelf, tmp_path / "b" / "one") == Backup({("shelf", "box"): 1}, [])
    assert files(tmp_path) == {
        "b/one/shelf/box/Down-1.json": {
            "format_version": 1,
            "backend": "shelf",
            "kind": "box",
            "id": "1",
            "name": "Down",
            "key": "alerts.Down",
            "owner": OURS,
            "action": "backup",
            "saved_at": SAVED_AT,
            "body": {"name": "Down", "size": 3, "owner": OURS},
        }
    }
    assert read_saved(tmp_path / "b/one/shelf/box/Down-1.json") == down()
    assert shelf.objects == objects()
    assert shelf.reads == ([("box", "1")] if summaries else [])


def test_all_means_what_others_made_too(tmp_path: Path) -> None:
    done = taken(Shelf(objects()), tmp_path / "one", everything=True)
    assert done == Backup({("shelf", "box"): 2, ("shelf", "label"): 1}, [])
    assert sorted(files(tmp_path / "one")) == [
        "shelf/box/Down-1.json",
        "shelf/box/made-by-hand-2.json",
        "shelf/label/of-another-environment-9.json",
    ]


def test_objects_whose_names_no_file_may_have_are_all_saved(tmp_path: Path) -> None:
    names = ["a/b", "a b", "ä" * 300, "ö" * 300, "x" * 300]
    shelf = Shelf({("box", name): {"name": name} for name in names})
    assert taken(shelf, tmp_path / "one", everything=True) == Backup({("shelf", "box"): 5}, [])
    assert sorted(saved["id"] for saved in files(tmp_path / "one").values()) == sorted(names)


def test_a_kind_that_cannot_be_listed_does_not_keep_the_others(tmp_path: Path) -> None:
    shelf = Shelf(objects())
    shelf.refuses = {"label"}
    done = taken(shelf, tmp_path / "one", everything=True)
    assert done == Backup({("shelf", "box"): 2}, ["Shelf answered 400 to GET /label: no"])


def test_a_backup_is_never_laid_over_another(tmp_path: Path) -> None:
    taken(Shelf(objects()), tmp_path / "one")
    with pytest.raises(FileExistsError):
        taken(Shelf(), tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert list(files(tmp_path / "one")) == ["shelf/box/Down-1.json"]


def test_a_backup_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    class Broken(Shelf):
        def restorable(self, live: Live) -> Any:
            if live.id == "2":
                raise KeyboardInterrupt
            return super().restorable(live)

    with pytest.raises(KeyboardInterrupt):
        taken(Broken(objects()), tmp_path / "one", everything=True)
    assert list(tmp_path.iterdir()) == []


def test_restore_puts_right_makes_again_and_leaves_alone(tmp_path: Path) -> None:
    shelf = Shelf(objects())
    taken(shelf, tmp_path / "one", everything=True)
    shelf.objects["box", "1"] |= {"size": 99}
    del shelf.objects["box", "2"]
    saved = [(path, read_saved(path)) for path in sorted((tmp_path / "one").rglob("*.json"))]
    planned = plan_return({"shelf": shelf}, reversed(saved), **SHOP)
    assert [(each.action, each.saved.id, [field.sentence for field in each.fields]) for each in planned] == [
        (Return.CREATE, "2", []),
        (Return.UPDATE, "1", ["size 99 -> 3"]),
        (Return.REFUSED, "9", []),
    ]
    kept: list[tuple[str, dict[str, Any]]] = []

    def keep(each: Returning, live: Live) -> None:
        kept.append((each.saved.id, dict(live.body)))

    assert list(put_back({"shelf": shelf}, planned, keep, **SHOP)) == [
        Returned(planned[0], identifier="new-3"),
        Returned(planned[1]),
        Returned(planned[2], problem="it belongs to shop/staging/alerts.Down, so it is left alone"),
    ]
    assert kept == [("1", {"name": "Down", "size": 99, "owner": OURS, "seen": 7})]
    assert shelf.objects == {
        ("box", "1"): {"name": "Down", "size": 3, "owner": OURS},
        ("box", "new-3"): {"name": "made by hand ../!", "size": 4},
        ("label", "9"): {"name": "of another environment", "owner": "shop/staging/alerts.Down"},
    }


def test_what_fails_is_told_and_the_rest_is_done(tmp_path: Path) -> None:
    shelf = Shelf(objects())
    taken(shelf, tmp_path / "one", everything=True)
    shelf.objects.clear()
    saved = [(path, read_saved(path)) for path in sorted((tmp_path / "one").rglob("*.json"))]
    planned = plan_return({"shelf": shelf}, saved, **SHOP)
    shelf.refuses = {"box"}
    results = list(put_back({"shelf": shelf}, planned, lambda _each, _live: None, **SHOP))
    problem = "Shelf answered 400 to POST /box: no"
    foreign = "it belongs to shop/staging/alerts.Down, so it is left alone"
    assert [each.problem for each in results] == [problem, problem, foreign]
    shelf.refuses = set()
    results = list(put_back({"shelf": shelf}, planned, lambda _each, _live: None, **SHOP))
    assert [(each.identifier, each.problem) for each in results] == [("new-1", ""), ("new-2", ""), ("", foreign)]


def test_what_belongs_to_another_environment_by_now_is_left_alone(tmp_path: Path) -> None:
    theirs = {"name": "Down", "size": 99, "owner": "shop/staging/alerts.Down"}
    shelf = Shelf({("box", "1"): dict(theirs)})
    planned = plan_return({"shelf": shelf}, [(tmp_path / "x.json", down())], **SHOP)
    assert [(each.action, each.belongs_to) for each in planned] == [(Return.REFUSED, "shop/staging/alerts.Down")]
    (done,) = put_back({"shelf": shelf}, planned, lambda _each, _live: None, **SHOP)
    assert done.problem == "it belongs to shop/staging/alerts.Down, so it is left alone"
    assert shelf.objects == {("box", "1"): theirs}


def test_restoring_twice_makes_nothing_twice(tmp_path: Path) -> None:
    shelf = Shelf({})
    for action in (Return.CREATE, Return.NOTHING):
        planned = plan_return({"shelf": shelf}, [(tmp_path / "x.json", down())], **SHOP)
        assert [each.action for each in planned] == [action]
        assert [each.problem for each in put_back({"shelf": shelf}, planned, lambda _each, _live: None, **SHOP)] == [""]
    assert len(shelf.objects) == 1


def test_what_was_adopted_is_put_back_without_our_mark(tmp_path: Path) -> None:
    shelf = Shelf({("box", "1"): {"name": "Down", "size": 99, "owner": OURS}})
    by_hand = SavedBody("shelf", "box", "1", "Down", "alerts.Down", "", "adopt", SAVED_AT, {"name": "Down", "size": 3})
    planned = plan_return({"shelf": shelf}, [(tmp_path / "x.json", by_hand)], **SHOP)
    assert [each.problem for each in put_back({"shelf": shelf}, planned, lambda _each, _live: None, **SHOP)] == [""]
    assert shelf.objects == {("box", "1"): {"name": "Down", "size": 3}}


def test_nothing_is_overwritten_that_cannot_be_kept(tmp_path: Path) -> None:
    shelf = Shelf({("box", "1"): {"name": "Down", "size": 99, "owner": OURS}})
    planned = plan_return({"shelf": shelf}, [(tmp_path / "x.json", down())], **SHOP)

    def keep(_each: Returning, _live: Live) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        list(put_back({"shelf": shelf}, planned, keep, **SHOP))
    assert shelf.objects["box", "1"]["size"] == 99


def test_bodies_saved_in_the_same_moment_do_not_overwrite_each_other(tmp_path: Path) -> None:
    paths = [save(tmp_path, down(size=size)) for size in (1, 2)]
    assert [path.name for path in paths] == [
        "20261121T073000Z-shelf-box-alerts.Down.json",
        "20261121T073000Z-shelf-box-alerts.Down-2.json",
    ]
    assert [read_saved(path) for path in paths] == [down(size=1), down(size=2)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[1]", "it is not a body that monmc has saved"),
        ('{"name": "x"}', "it is not a body that monmc has saved"),
        ('{"format_version": 2}', "it has the format 2, and this monmc reads 1"),
        (down().text().replace('"kind": "box"', '"kind": 5'), "`kind` is missing or of another type"),
        (down().text().replace('"body": {', '"bode": {'), "`body` is missing or of another type"),
    ],
)
def test_what_is_not_a_saved_body_is_refused_with_the_reason(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(NotSavedError) as refused:
        read_saved(path)
    assert str(refused.value) == why
