"""Whose an alert in Sentry is: only what bears a whole marker of this project and environment is ours."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.sentry.markers import marked, owner_of, unmarked
from skillforge_mon.remote.live import Owner
from skillforge_mon.spec.models.base import NAME_PATTERN
from tests.backends.sentry.pushing import REVISION, Pushing, case, pushing


def test_what_people_made_by_hand_is_nobodys_even_where_it_says_the_same_under_the_same_name(shop: Pushing) -> None:
    for kind in shop.kinds:
        for document in shop.of_kind(kind):
            if kind == "workflow" and "detector" in {each.kind for each in document.resource.references}:  # type: ignore[union-attr]
                continue
            body = shop.wire(document) | ({"description": ""} if kind in {"detector", "alert_rule"} else {})
            where = body.get("projectId") or shop.owner(document).key.partition("/")[0]
            shop.fake.make(kind, body, where)
        listed = shop.live(kind)
        assert listed
        assert {(live.owner, live.revision) for live in listed} == {(None, "")}


def test_only_a_whole_marker_is_one() -> None:
    text = "The marker is monmc shop/default alerts.X, says the runbook.\n\nmonmc is not shop/default alerts.X"
    assert owner_of("detector", {"description": text}) == (None, "")
    assert owner_of("detector", {"description": None}) == (None, "")
    assert owner_of("workflow", {"actionFilters": None}) == (None, "")
    condition = {
        "type": "tagged_event",
        "comparison": {"key": "monmc", "match": "eq", "value": "shop/default alerts.X"},
    }
    group = {"logicType": "all", "conditions": [condition], "actions": []}
    assert owner_of("workflow", {"actionFilters": [group]}) == (Owner("shop", "default", "X"), "")
    assert owner_of("workflow", {"actionFilters": [group | {"actions": [{}]}]}) == (None, "")
    assert owner_of("workflow", {"actionFilters": [group | {"conditions": [condition, condition]}]}) == (None, "")


@given(st.from_regex(NAME_PATTERN, fullmatch=True), st.from_regex("[0-9a-f]{0,12}", fullmatch=True), st.text())
def test_a_marker_says_who_and_what_it_was_put_on_is_what_remains(name: str, revision: str, text: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "detector": {"description": text},
        "alert_rule": {"description": text},
        "workflow": {"actionFilters": [{"logicType": "all", "conditions": [], "actions": [{"type": "email"}]}]},
        "issue_rule": {"filters": [{"id": "other"}], "projects": ["web"]},
    }
    for kind, body in bodies.items():
        owner = Owner("shop", "production", f"web/{name}" if kind == "issue_rule" else name)
        marked_once = marked(kind, unmarked(kind, body), owner, revision)
        assert owner_of(kind, marked_once) == (owner, revision)
        assert marked(kind, marked_once, owner, revision) == marked_once
        assert unmarked(kind, marked_once) == unmarked(kind, body)


def test_an_old_rule_that_the_server_turned_into_a_workflow_is_still_ours() -> None:
    with pushing(case("workflows")) as shop:
        document = next(each for each in shop.of_kind("workflow") if each.objects == ("alerts.NewCheckoutError",))
        marker = {"key": f"monmc:shop:default:NewCheckoutError:{REVISION}", "match": "ns"}
        body = shop.wire(document)
        body["actionFilters"][0]["conditions"].append(
            {"type": "tagged_event", "comparison": marker, "conditionResult": True}
        )
        shop.fake.make("workflow", body)
        live = shop.only("NewCheckoutError", "workflow")[1]
        assert live.revision == REVISION
        there, wanted = shop.api.comparable("workflow", shop.body(document), live)
        assert there == wanted
        shop.api.update(live, shop.body(document), shop.owner(document), "feedbeef")
        assert [(each.id, each.owner, each.revision) for each in shop.live("workflow")] == [
            (live.id, live.owner, "feedbeef")
        ]
