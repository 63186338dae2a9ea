"""Dashboards, pushed: after the SLOs that they show, and then nothing is left to do."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.diff.change import ChangeKind
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.push.changes import change_sets
from tests.backends.datadog.dashboards.boards import HERE, board, compiled
from tests.backends.datadog.live import datadog
from tests.backends.datadog.pushing import Place, placed, writes

SHOP = (HERE / "cases" / "shop.yaml").read_text(encoding="utf-8").replace("  staging: {}", "  production: {}")
PANEL = "{title: Waiting, query: sum(queue_length)}"


def documents(text: str) -> list[Document]:
    """What ``text`` is compiled to in production."""
    found, problems = compiled(text, "production")
    assert problems == ()
    return list(found)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with placed(tmp_path) as found:
        yield found


def the_one(place: Place) -> dict[str, Any]:
    """The only dashboard there."""
    (found,) = place.server.objects["dashboard"].values()
    return found


def edited(place: Place, change: Any) -> None:
    """Somebody changes the dashboard in the browser."""
    live = the_one(place)
    change(live)
    live["modified_at"] = place.server.moment()


def test_pushed_means_nothing_left_to_do(place: Place) -> None:
    wanted = documents(SHOP.replace("    adopt: {datadog: abc-def-ghi}\n", ""))
    outcome = place.push(wanted)
    assert {event.what for event in outcome.events} == {"done"}
    assert place.plan(wanted).work == ()


def test_the_slos_come_first_and_the_dashboard_names_them(place: Place) -> None:
    place.push(documents(SHOP.replace("    adopt: {datadog: abc-def-ghi}\n", "")))
    made = [path for _, path in writes(place.server)]
    assert made.index("slo") < made.index("dashboard")
    (identifier,) = place.server.objects["slo"]
    shown = json.dumps(the_one(place))
    assert f'"slo_id": "{identifier}"' in shown
    assert "%{" not in shown


def test_it_says_whose_it_is_and_which_revision_it_holds(place: Place) -> None:
    place.push(documents(board(PANEL, "description: What waits")))
    text = the_one(place)["description"]
    head, _, rest = text.partition(" (monmc_rev:")
    assert head == "What waits\n\n-- managed by monmc shop/production/dashboards.home, do not edit here"
    assert rest.endswith(")")


def test_a_change_by_hand_is_drift(place: Place) -> None:
    wanted = documents(board(PANEL))
    place.push(wanted)
    edited(place, lambda live: live["widgets"][0]["definition"]["requests"][0].update(display_type="bars"))
    (changes,) = change_sets(place.plan(wanted))
    assert changes.changes == ()
    (drift,) = changes.drift
    assert (drift.kind, drift.object_kind, drift.name) == (ChangeKind.CHANGE, "dashboard", "home")
    assert drift.headline == (
        "changed outside monmc on 2026-11-21: widgets[Waiting].definition.requests[1].display_type line -> bars"
    )


def test_a_change_of_ours_names_the_widget(place: Place) -> None:
    place.push(documents(board(PANEL)))
    two = board(PANEL.replace("}", ", stack: true}") + "\n{title: Limit, query: sum(queue_limit)}")
    (changes,) = change_sets(place.plan(documents(two)))
    (change,) = changes.changes
    assert [field.sentence for field in change.fields] == [
        "widgets[Waiting].definition.requests[1].display_type line -> area",
        "widgets[Waiting].layout.width 12 -> 6",
        "widgets now also Limit",
    ]


def test_a_push_takes_back_what_was_changed_by_hand(place: Place) -> None:
    wanted = documents(board(PANEL))
    place.push(wanted)
    before = copy.deepcopy(the_one(place)["widgets"])
    edited(place, lambda live: live["widgets"].append({"id": 1, **live["widgets"][0]}))
    place.push(wanted)
    assert [each["definition"] for each in the_one(place)["widgets"]] == [each["definition"] for each in before]


def test_widgets_keep_their_identifiers_when_others_change(place: Place) -> None:
    place.push(documents(board(PANEL)))
    before = the_one(place)["widgets"][0]["id"]
    place.push(documents(board(PANEL + "\n{title: Limit, query: sum(queue_limit)}")))
    assert [(each["definition"]["title"], each["id"] == before) for each in the_one(place)["widgets"]] == [
        ("Waiting", True),
        ("Limit", False),
    ]


def test_what_a_browser_adds_is_no_change(place: Place) -> None:
    """[K] dashboard.rb: an edit in the browser writes its defaults into every widget."""
    wanted = documents(board(PANEL))
    place.push(wanted)
    written = {"title_size": "16", "title_align": "left"}
    edited(place, lambda live: live["widgets"][0]["definition"].update(written))
    assert place.plan(wanted).work == ()


def test_a_renamed_dashboard_stays_the_same_object(place: Place) -> None:
    place.push(documents(board(PANEL)))
    before = set(place.server.objects["dashboard"])
    place.push(documents(board(PANEL, "was: home").replace("  home:", "  start:")))
    assert set(place.server.objects["dashboard"]) == before
    assert the_one(place)["title"] == "Shop: start (production)"


def test_a_dashboard_that_is_named_is_adopted(place: Place) -> None:
    theirs = {"title": "Old", "layout_type": "ordered", "widgets": []}
    identifier = place.system.api.create("dashboard", theirs, None, "").id  # type: ignore[union-attr]
    place.push(documents(board(PANEL, f'adopt: {{datadog: "{identifier}"}}')))
    assert list(place.server.objects["dashboard"]) == [identifier]
    assert the_one(place)["title"] == "Shop: home (production)"


def test_what_is_taken_out_of_the_spec_is_deleted_before_its_slos(place: Place) -> None:
    place.push(documents(SHOP.replace("    adopt: {datadog: abc-def-ghi}\n", "")))
    place.server.requests.clear()
    place.push([])
    gone = [path for method, path in writes(place.server) if method == "DELETE"]
    assert gone.index("dashboard") < gone.index("slo")
    assert place.server.objects["dashboard"] == {}


def test_those_of_others_are_left_alone(place: Place) -> None:
    theirs = {"title": "Shop: home (production)", "layout_type": "ordered", "widgets": []}
    place.system.api.create("dashboard", theirs, None, "")  # type: ignore[union-attr]
    place.push(documents(board(PANEL)))
    place.push([])
    assert the_one(place)["description"] is None


def test_what_was_kept_makes_it_again() -> None:
    """A backup holds what the server tells, without what only the server writes."""
    (wanted,) = documents(board(PANEL))
    body = json.loads(write_json(wanted.content))
    with datadog() as (server, api):
        live = api.create("dashboard", body, None, "")
        kept = api.restorable(live)
        api.delete(live)
        again = api.create("dashboard", kept, None, "")
        assert api.comparable("dashboard", body, again)[0] == api.comparable("dashboard", body, live)[0]
        assert set(server.objects["dashboard"]) == {again.id}
