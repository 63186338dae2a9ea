"""A plan on disk is carried out exactly, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.document import Document
from skillforge_mon.push.journal import Unfinished
from skillforge_mon.push.plan_file import (
    PlannedProject,
    changed_inputs,
    changed_live,
    planned_project,
    read_plan,
    write_plan,
)
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import open_session
from skillforge_mon.remote.connection import Connection
from tests.push.bench import Bench, NoWaiting, bench, noon
from tests.push.toy import monitor, policy, tags

PAGE = policy("escalation.page")
SLOW = monitor("alerts.Slow", "escalation.page", threshold=1, url="https://${env:TOKEN}")
CHANGED = monitor("alerts.Slow", "escalation.page", threshold=2, url="https://${env:TOKEN}")
MANIFEST = b"{}"


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as found:
        found.push(PAGE, SLOW)
        yield found


def planned(one: Bench, *documents: Document, prune: bool = False) -> PlannedProject:
    """The plan of ``documents``, written and read again."""
    path = one.folder / "plan.json"
    found = planned_project(
        one.plan(*documents, prune=prune), spec=Path("specs/shop"), inputs="inputs", manifest=MANIFEST
    )
    write_plan(path, [found])
    again = read_plan(path)
    assert not isinstance(again, Diagnostic)
    assert again[0] == (found,)
    return found


def problems(one: Bench, plan: PlannedProject, *documents: Document, prune: bool = False) -> list[tuple[str, str]]:
    """Why the plan is refused now: code and headline each."""
    return [(each.code, each.headline) for each in changed_live(plan, one.plan(*documents, prune=prune), None, "hash")]


def test_a_plan_file_says_what_happens_and_holds_no_body_and_no_secret(one: Bench) -> None:
    plan = planned(one, PAGE, CHANGED, monitor("alerts.New"))
    text = (one.folder / "plan.json").read_text()
    assert json.loads(text) == {
        "format_version": 1,
        "projects": [
            {
                "spec": "specs/shop",
                "project": "shop",
                "environment": "production",
                "inputs": "inputs",
                "tree": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
                "prune": False,
                "backends": [],
                "steps": [
                    {
                        "backend": "toy", "kind": "monitor", "key": "alerts.Slow", "action": "update", "id": "m2",
                        "fingerprint": plan.steps[0].fingerprint, "revision": plan.steps[0].revision,
                    },
                    {
                        "backend": "toy", "kind": "monitor", "key": "alerts.New", "action": "create", "id": "",
                        "fingerprint": "", "revision": plan.steps[1].revision,
                    },
                ],
            }
        ],
    }  # fmt: skip
    assert "s3cr3t" not in text
    assert "https" not in text


def test_a_plan_is_good_as_long_as_nothing_changes(one: Bench) -> None:
    plan = planned(one, PAGE, CHANGED)
    assert problems(one, plan, PAGE, CHANGED) == []
    assert changed_inputs(plan, "inputs", MANIFEST) is None


def test_another_spec_or_another_output_is_refused(one: Bench) -> None:
    plan = planned(one, PAGE, CHANGED)
    spec, tree = changed_inputs(plan, "others", MANIFEST), changed_inputs(plan, "inputs", b"")
    assert spec is not None
    assert tree is not None
    assert (spec.code, tree.code) == ("MON6019", "MON6020")


def test_a_live_object_that_has_changed_since_is_refused(one: Bench) -> None:
    plan = planned(one, PAGE, CHANGED)
    one.server.edit("monitor", "m2", threshold=5)
    assert problems(one, plan, PAGE, CHANGED) == [
        ("MON6021", "toy monitor Slow is no longer what it was when the plan was made")
    ]


def test_a_live_object_that_was_deleted_or_put_right_since_is_refused(one: Bench) -> None:
    plan = planned(one, PAGE, CHANGED)
    one.server.edit("monitor", "m2", threshold=2)
    moved = [("MON6021", "toy monitor Slow is no longer what it was when the plan was made")]
    assert problems(one, plan, PAGE, CHANGED) == moved
    one.server.objects["monitor"].clear()
    assert problems(one, plan, PAGE, CHANGED) == moved


def test_something_new_to_do_is_refused(one: Bench) -> None:
    plan = planned(one, PAGE, CHANGED)
    one.server.edit("policy", "p1", repeat=7)
    assert problems(one, plan, PAGE, CHANGED) == [
        ("MON6022", "toy policy page is to be changed, which the plan does not have")
    ]


def test_something_new_to_delete_is_refused(one: Bench) -> None:
    plan = planned(one, PAGE, prune=True)
    one.server.add("monitor", {"name": "late", **tags("alerts.Late")})
    assert problems(one, plan, PAGE, prune=True) == [
        ("MON6022", "toy monitor Late is to be deleted, which the plan does not have")
    ]


def test_what_a_stopped_run_of_the_same_plan_has_done_is_no_change(one: Bench) -> None:
    plan = planned(one, PAGE, CHANGED)
    one.server.edit("monitor", "m2", threshold=2)
    now = one.plan(PAGE, CHANGED)
    begun = frozenset({("toy", "monitor", "alerts.Slow")})
    assert changed_live(plan, now, Unfinished("hash", begun), "hash") == []
    assert changed_live(plan, now, Unfinished("another", begun), "hash") != []


def test_a_stopped_run_is_taken_up_with_the_plan(one: Bench) -> None:
    documents = (PAGE, CHANGED, monitor("alerts.New"))
    plan = planned(one, *documents)
    with open_session(one.state) as session, Connection({}, one.environ, clock=NoWaiting()) as connection:
        systems = one.systems(connection)
        target = Target("shop", "production", documents, session.record, connection)
        session.apply(plan_push(target, systems), systems, target, lambda _event: None, plan_hash="hash", clock=noon)
    path = one.state.journal
    lines = [
        {"event": "start", "plan": "hash"},
        {"event": "intent", "action": "update", "backend": "toy", "kind": "monitor", "key": "alerts.Slow", "id": "m2"},
        {"event": "intent", "action": "create", "backend": "toy", "kind": "monitor", "key": "alerts.New", "id": ""},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"event": "do')
    with open_session(one.state) as session:
        assert changed_live(plan, one.plan(*documents), session.unfinished, "hash") == []


@pytest.mark.parametrize(
    ("content", "headline"),
    [
        ("{", "`FILE` is not a plan of monmc"),
        ("[]", "`FILE` is not a plan of monmc"),
        ('{"format_version": 1, "projects": [{}]}', "`FILE` is not a plan of monmc"),
        ('{"format_version": 7}', "the plan `FILE` has format 7, which this monmc does not know"),
    ],
)
def test_what_is_no_plan_is_told(tmp_path: Path, content: str, headline: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(content)
    found = read_plan(path)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.headline) == ("MON6018", headline.replace("FILE", str(path)))


def test_a_plan_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = read_plan(tmp_path / "plan.json")
    assert isinstance(found, Diagnostic)
    assert found.headline == f"cannot read the plan `{tmp_path / 'plan.json'}`: No such file or directory"
