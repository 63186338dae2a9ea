"""Whose change it is: the spec's, somebody else's, or both; field by field with the record, else by the revision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.push.bench import Bench, bench, told
from tests.push.toy import board, monitor, policy

SLOW = monitor("alerts.Slow", threshold=1, text="Slow")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as found:
        found.push(SLOW)
        yield found


def edit(one: Bench, **fields: object) -> None:
    one.server.edit("monitor", one.server.named("Slow")["id"], **fields)


def forget(one: Bench) -> None:
    """As on another machine."""
    one.state.pushed.unlink()


def test_a_change_in_the_web_page_is_drift_and_says_who_and_when(one: Bench) -> None:
    edit(one, threshold=5)
    assert one.shown(SLOW) == (
        "Toy  production\n"
        "  ! monitor  Slow  changed outside monmc by ann@example.com on 2026-11-03: threshold 1 -> 5\n"
        "no changes of ours, 1 drifted\n"
    )


def test_a_push_undoes_drift(one: Bench) -> None:
    edit(one, threshold=5)
    assert told(one.push(SLOW)) == ["toy monitor Slow: updated"]
    assert one.server.named("Slow")["threshold"] == 1
    assert one.plan(SLOW).work == ()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_without_a_record_the_revision_tells(one: Bench, elsewhere: bool) -> None:
    edit(one, threshold=5)
    if elsewhere:
        forget(one)
    assert one.shown(SLOW).splitlines()[-1] == "no changes of ours, 1 drifted"


def test_both_changes_are_told_apart_field_by_field(one: Bench) -> None:
    edit(one, threshold=5)
    assert one.shown(monitor("alerts.Slow", threshold=1, text="Slower")) == (
        "Toy  production\n"
        "  ~ monitor  Slow  text Slow -> Slower\n"
        "  ! monitor  Slow  changed outside monmc by ann@example.com on 2026-11-03: threshold 1 -> 5\n"
        "1 to change, 0 to add, 0 to delete, 1 drifted\n"
    )


def test_both_changes_of_one_field_are_both_told(one: Bench) -> None:
    edit(one, threshold=5)
    assert one.shown(monitor("alerts.Slow", threshold=7, text="Slow")) == (
        "Toy  production\n"
        "  ~ monitor  Slow  threshold 5 -> 7\n"
        "  ! monitor  Slow  changed outside monmc by ann@example.com on 2026-11-03: threshold 1 -> 5\n"
        "1 to change, 0 to add, 0 to delete, 1 drifted\n"
    )


def test_without_a_record_another_revision_makes_every_difference_ours(one: Bench) -> None:
    edit(one, threshold=5)
    forget(one)
    assert one.shown(monitor("alerts.Slow", threshold=1, text="Slower")) == (
        "Toy  production\n"
        "  ~ monitor  Slow  threshold 5 -> 1\n"
        "               text Slow -> Slower\n"
        "1 to change, 0 to add, 0 to delete\n"
    )


def test_the_record_alone_tells_where_the_server_carries_no_revision(one: Bench) -> None:
    found = one.server.named("Slow")
    edit(one, threshold=5, tags=[tag for tag in found["tags"] if "revision" not in tag])
    assert one.shown(SLOW).splitlines()[-1] == "no changes of ours, 1 drifted"


def test_a_push_from_another_machine_makes_our_record_worthless(one: Bench) -> None:
    stale = one.state.pushed.read_bytes()
    one.push(monitor("alerts.Slow", threshold=2, text="Slow"))
    one.state.pushed.write_bytes(stale)
    assert one.shown(SLOW) == (
        "Toy  production\n  ~ monitor  Slow  threshold 2 -> 1\n1 to change, 0 to add, 0 to delete\n"
    )


def test_what_the_spec_does_not_say_is_left_to_whoever_sets_it(one: Bench) -> None:
    edit(one, colour="red")
    assert one.plan(SLOW).work == ()


def test_an_object_that_was_deleted_outside_is_made_again(one: Bench) -> None:
    one.server.objects["monitor"].clear()
    assert one.shown(SLOW) == (
        "Toy  production\n  + monitor  Slow  deleted outside monmc\n0 to change, 1 to add, 0 to delete\n"
    )


def test_an_object_whose_marker_somebody_took_away_is_not_called_deleted(one: Bench) -> None:
    found = one.server.named("Slow")
    one.server.edit("monitor", found["id"], tags=[])
    assert one.shown(SLOW) == (
        "Toy  production\n"
        f"  + monitor  Slow  {found['id']} does not carry our marker any more; `adopt: {found['id']}` takes it back\n"
        "0 to change, 1 to add, 0 to delete\n"
    )


def test_a_new_identifier_of_something_referred_to_is_no_drift(one: Bench) -> None:
    documents = (
        policy("escalation.page"),
        monitor("alerts.Paged", "escalation.page"),
        board("dashboards.all", "alerts.Paged"),
    )
    one.push(*documents)
    one.server.objects["board"].clear()
    one.server.objects["monitor"].pop(one.server.named("Paged")["id"])
    one.server.objects["policy"].clear()
    one.push(*documents)
    assert one.plan(*documents).work == ()


def test_secrets_are_compared_and_never_shown(one: Bench) -> None:
    calling = monitor("alerts.Calling", url="https://hooks/${env:TOKEN}")
    one.push(SLOW, calling)
    assert one.server.named("Calling")["url"] == "https://hooks/s3cr3t-value"
    assert one.plan(SLOW, calling).work == ()
    one.environ["TOKEN"] = "another-value"
    assert one.shown(SLOW, calling) == (
        "Toy  production\n"
        "  ! monitor  Calling  changed outside monmc by monmc on 2026-11-01: url https://hooks/${env:TOKEN} -> [hidden]\n"
        "no changes of ours, 1 drifted\n"
    )
    one.push(SLOW, calling)
    assert one.server.named("Calling")["url"] == "https://hooks/another-value"


def test_no_secret_is_written_down(one: Bench) -> None:
    calling = monitor("alerts.Calling", url="https://hooks/${env:TOKEN}", threshold=1)
    one.push(calling)
    one.push(monitor("alerts.Calling", url="https://hooks/${env:TOKEN}", threshold=2))
    files = [path for path in one.state.root.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert not [path for path in files if "s3cr3t-value" in path.read_text()]
    assert one.kept()[0]["body"]["url"] == "https://hooks/${env:TOKEN}"
