"""A plan as text, JSON and Markdown: every system under its own heading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from skillforge_mon.diff.change import ChangeSet
from skillforge_mon.diff.render.json import render_json
from skillforge_mon.diff.render.markdown import render_markdown
from skillforge_mon.diff.render.text import render_text
from skillforge_mon.push.changes import change_sets
from skillforge_mon.push.prune import over_limit
from tests.push.bench import Bench, bench
from tests.push.toy import ToyFiles, monitor, policy, tags


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as found:
        found.push(policy("escalation.page"), policy("escalation.mail"), monitor("alerts.Slow", threshold=1))
        yield found


def sets(one: Bench) -> list[ChangeSet]:
    """A change, an addition, drift, a leftover, and something that is as it should be."""
    one.server.edit("policy", "p1", repeat=4)
    documents = (policy("escalation.page"), monitor("alerts.New"))
    renamed = monitor("alerts.Slower", threshold=1, was="alerts.Slow")
    return change_sets(one.plan(*documents, renamed))


def test_text(one: Bench) -> None:
    assert render_text(sets(one)) == (
        "Toy  production\n"
        "  + monitor  New\n"
        "  > monitor  Slower  was Slow\n"
        "               name Slow -> Slower\n"
        "  ! policy   page    changed outside monmc by ann@example.com on 2026-11-03: repeat 0 -> 4\n"
        "  - policy   mail    not in the spec any more: push --prune deletes it\n"
        "0 to change, 1 to add, 0 to delete, 1 to rename, 1 drifted\n"
    )


def test_several_projects_are_told_apart(one: Bench) -> None:
    nothing = ChangeSet("bakery", "production", "live", system="Toy", unchanged=(("data source", 1), ("policy", 3)))
    other = replace(nothing, project="shop", unchanged=())
    assert render_text([nothing, other]) == (
        "Toy  bakery/production\n"
        "  no changes (1 data source, 3 policies)\n"
        "Toy  shop/production\n"
        "  no changes\n"
        "no changes\n"
    )


def test_json(one: Bench) -> None:
    def change(kind: str, of: str, name: str, headline: str, was: str | None = None) -> dict[str, object]:
        return {
            "kind": kind, "backend": "toy", "object_kind": of, "name": name, "was": was, "headline": headline,
            "files": [], "fields": [],
        }  # fmt: skip

    field = {"path": "name", "old": "Slow", "new": "Slower", "words": "name Slow -> Slower", "lines": []}
    drifted = "changed outside monmc by ann@example.com on 2026-11-03: repeat 0 -> 4"
    assert json.loads(render_json(sets(one))) == {
        "format_version": 1,
        "counts": {"change": 0, "add": 1, "remove": 0, "rename": 1, "move": 0, "replace": 0, "drift": 1},
        "projects": [
            {
                "project": "shop",
                "environment": "production",
                "against": "live",
                "system": "Toy",
                "unchanged": {},
                "leftovers": [change("remove", "policy", "mail", "not in the spec any more: push --prune deletes it")],
                "changes": [
                    change("add", "monitor", "New", ""),
                    {**change("rename", "monitor", "Slower", "was Slow", "Slow"), "fields": [field]},
                ],
                "drift": [change("change", "policy", "page", drifted)],
                "files": {"added": 0, "changed": 0, "removed": 0, "layout": 0},
            }
        ],
    }


def test_markdown(one: Bench) -> None:
    assert render_markdown(sets(one)).splitlines()[:10] == [
        "### monmc diff: 0 to change, 1 to add, 0 to delete, 1 to rename, 1 drifted",
        "",
        "| | project | where | object | change |",
        "|---|---|---|---|---|",
        "| `+` | shop/production | toy | monitor New |  |",
        "| `>` | shop/production | toy | monitor Slower | was Slow |",
        (
            "| `!` | shop/production | toy | policy page | changed outside monmc by <code>ann&#64;example.com</code> on "
            "2026-11-03: repeat 0 -&#62; 4 |"
        ),
        "| `-` | shop/production | toy | policy mail | not in the spec any more: push --prune deletes it |",
        "",
        "<details><summary><code>&gt; monitor Slower</code></summary>",
    ]


def test_a_step_that_cannot_be_done_says_so(one: Bench) -> None:
    (found,) = change_sets(one.plan(monitor("alerts.Slow", threshold=1), monitor("alerts.New", adopt="m9")))
    assert [change.headline for change in found.changes] == ["cannot be done: Toy has no monitor m9 to adopt"]


def add(one: Bench, count: int) -> None:
    for number in range(count):
        one.server.add("monitor", {"name": f"a{number}", **tags(f"alerts.a{number}")})


@pytest.mark.parametrize(
    ("there", "gone", "limit", "headline"),
    [
        (20, 4, None, ""),
        (20, 5, None, "5 of 20 objects would be deleted"),
        (20, 5, 5, ""),
        (20, 5, 4, "5 of 20 objects would be deleted, and --prune-limit allows 4"),
        (100, 10, None, ""),
        (100, 11, None, "11 of 100 objects would be deleted"),
        (0, 0, None, ""),
        (1, 1, 0, "1 of 1 objects would be deleted, and --prune-limit allows 0"),
    ],
)
def test_how_many_may_be_deleted(tmp_path: Path, there: int, gone: int, limit: int | None, headline: str) -> None:
    with bench(tmp_path) as one:
        add(one, there)
        left = [monitor(f"alerts.a{number}") for number in range(there - gone)]
        problem = over_limit(one.plan(*left, prune=True), limit)
        assert (problem.headline if problem is not None else "") == headline


def test_files_that_are_not_loaded_as_built(one: Bench) -> None:
    one.files = ToyFiles(loaded={})
    (found,) = change_sets(one.plan(monitor("alerts.Slow", threshold=1)))
    assert [change.headline for change in found.changes] == ["not loaded"]
