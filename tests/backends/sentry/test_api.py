"""Alerts in a Sentry: what is pushed is there, says what it should, is known as ours, and can be changed and taken away."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given, settings

from skillforge_mon.backends.sentry.markers import owner_of
from skillforge_mon.remote.errors import ConflictError, LostAnswerError, RefusedError
from skillforge_mon.remote.live import Owner
from tests.backends.sentry.pushing import REVISION, Pushing, case, pushing
from tests.backends.sentry.specs import specs
from tests.fakes.sentry_refusals import problems
from tests.fakes.server import Fault
from tests.projects import resolved
from tests.specs.compiled import compiled as platform

MODES = ("workflows", "legacy")
SET_UP = {"project": 3, "key": 6, "ownership": 3}
"""Of the keys, three are those that Sentry makes with a project. Staging leaves the projects to production."""
SKILLFORGE = {"workflows": {"detector": 5, "workflow": 10}, "legacy": {"alert_rule": 4, "issue_rule": 5}}


def test_after_a_push_nothing_differs_and_everything_is_known_as_ours(shop: Pushing) -> None:
    shop.push()
    assert shop.differences() == {}
    for kind in shop.kinds:
        assert shop.of_kind(kind)
        assert {live.owner for live in shop.live(kind)} == {shop.owner(document) for document in shop.of_kind(kind)}
        assert {live.revision for live in shop.live(kind)} == {REVISION}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("environment", [None, "staging", "production"])
def test_the_whole_platform_is_pushed_without_a_difference(mode: str, environment: str | None) -> None:
    skillforge = platform("skillforge", environment).project
    assert skillforge is not None
    with pushing(skillforge, mode) as found:
        found.push()
        assert found.differences() == {}
        set_up = {} if environment == "staging" else SET_UP
        assert {kind: len(found.live(kind)) for kind in found.kinds} == SKILLFORGE[mode] | set_up


@settings(max_examples=20)
@given(specs())
def test_any_spec_is_pushed_without_a_difference(spec: str) -> None:
    found = resolved(spec)[0]
    assert found is not None
    assert found.targets.sentry is not None
    with pushing(found, found.targets.sentry.mode) as there:
        there.push()
        assert there.differences() == {}


def test_a_listing_is_read_page_by_page(shop: Pushing) -> None:
    shop.push()
    shop.fake.page_size = 1
    for kind in shop.kinds:
        assert len(list(shop.again().list(kind))) == len(shop.of_kind(kind))


def test_alerts_of_projects_that_the_token_is_no_member_of_are_listed_too(shop: Pushing) -> None:
    shop.push()
    assert shop.fake.own_projects == set()
    assert all(shop.live(kind) for kind in shop.kinds)


def test_a_change_by_somebody_else_is_seen(shop: Pushing) -> None:
    shop.push()
    for kind in shop.kinds:
        document = shop.of_kind(kind)[0]
        live = shop.only(document.objects[0].removeprefix("alerts."), kind)[1]
        shop.fake.change(kind, live.id.rpartition("/")[2], DRIFT[kind])
        assert [path for path in shop.differences() if path == document.path] == [document.path]


def _set(key: str, value: Any) -> Any:
    return lambda body: body.update({key: value})


DRIFT: dict[str, Any] = {
    "detector": lambda body: body["conditionGroup"]["conditions"][0].update(comparison=1.5),
    "workflow": lambda body: body["actionFilters"][-1]["actions"].pop(),
    "issue_rule": _set("frequency", 1440),
    "alert_rule": lambda body: body["triggers"][0].update(alertThreshold=7.0),
}


@pytest.mark.parametrize(
    ("kind", "change", "there", "wanted"),
    [
        ("detector", _set("enabled", False), {"enabled": False}, {"enabled": True}),
        ("detector", _set("name", "Mine"), {"name": "Mine"}, {"name": "[shop] ManyCheckoutErrors"}),
        ("detector", _set("owner", None), {"owner": None}, {"owner": "team:*"}),
        ("workflow", _set("enabled", False), {"enabled": False}, {"enabled": True}),
        ("workflow", _set("config", {"frequency": 5}), {"config": {"frequency": 5}}, {"config": {"frequency": 0}}),
        ("workflow", _set("environment", "other"), {"environment": "other"}, {"environment": "production"}),
        ("workflow", _set("detectorIds", []), {"detectorIds": []}, None),
        ("issue_rule", _set("frequency", 5), {"frequency": 5}, {"frequency": 30}),
        ("issue_rule", _set("actionMatch", "all"), {"actionMatch": "all"}, {"actionMatch": "any"}),
        ("alert_rule", _set("timeWindow", 60.0), {"timeWindow": 60}, {"timeWindow": 5}),
        ("alert_rule", _set("comparisonDelta", None), {"comparisonDelta": None}, {"comparisonDelta": 60}),
    ],
)
def test_a_difference_is_what_differs_and_nothing_else(kind: str, change: Any, there: Any, wanted: Any) -> None:
    mode = "legacy" if kind.endswith("rule") else "workflows"
    with pushing(case(mode), mode) as shop:
        shop.push()
        name = "NewCheckoutError" if kind == "issue_rule" else "ManyCheckoutErrors"
        document, live = shop.only(name, kind)
        shop.fake.change(kind, live.id.rpartition("/")[2], change)
        found, said = shop.differences()[document.path]
        different = {key for key in said if found[key] != said[key]}
        assert {key: found[key] for key in different} == there
        if wanted is not None and wanted != {"owner": "team:*"}:
            assert {key: said[key] for key in different} == wanted


def test_an_update_makes_it_say_so_under_the_same_identifier(shop: Pushing) -> None:
    shop.push()
    for kind in shop.kinds:
        for live in shop.live(kind):
            shop.fake.change(kind, live.id.rpartition("/")[2], DRIFT[kind])
    assert shop.differences()
    for kind in shop.kinds:
        for document in shop.of_kind(kind):
            live = shop.only(document.objects[0].removeprefix("alerts."), kind)[1]
            after = shop.api.update(live, shop.body(document), shop.owner(document), "feedbeef")
            assert (after.id, after.owner, after.revision) == (live.id, live.owner, "feedbeef")
    assert shop.differences() == {}


def test_a_rename_keeps_the_object_and_moves_its_marker(shop: Pushing) -> None:
    shop.push()
    for kind in reversed(shop.kinds):
        document, live = shop.of_kind(kind)[0], shop.live(kind)[0]
        owner = shop.owner(document)
        renamed = Owner(owner.project, owner.environment, f"{owner.key}.v2")
        after = shop.api.update(live, shop.body(document), renamed, REVISION)
        assert (after.id, after.owner) == (live.id, renamed)


def test_an_object_that_changed_since_it_was_read_is_not_overwritten(shop: Pushing) -> None:
    shop.push()
    for kind in reversed(shop.kinds):
        document = shop.of_kind(kind)[0]
        live = shop.only(document.objects[0].removeprefix("alerts."), kind)[1]
        number = live.id.rpartition("/")[2]
        shop.fake.change(kind, number, DRIFT[kind])
        with pytest.raises(ConflictError, match="has been changed since it was read"):
            shop.api.update(live, shop.body(document), shop.owner(document), REVISION)
        del shop.fake.objects[kind][number]
        with pytest.raises(ConflictError, match="has been deleted since it was read"):
            shop.api.update(live, shop.body(document), shop.owner(document), REVISION)


def test_what_is_deleted_is_gone_even_while_the_server_still_lists_it(shop: Pushing) -> None:
    shop.push()
    shop.fake.linger = True
    for kind in reversed(shop.kinds):
        for live in shop.live(kind):
            shop.api.delete(live)
            shop.api.delete(live)
            assert shop.api.read(kind, live.id) is None
        assert shop.live(kind) == []


def test_a_detector_changes_neither_its_project_nor_its_type() -> None:
    with pushing(case("workflows")) as shop:
        shop.push()
        document, live = shop.only("ManyCheckoutErrors", "detector")
        body = shop.wire(document)
        assert shop.api.must_replace("detector", body, live) == ""
        moved = body | {"projectId": "1"}
        assert shop.api.must_replace("detector", moved, live) == "a monitor cannot move to another project"
        other = body | {"type": "uptime_domain_failure"}
        assert shop.api.must_replace("detector", other, live) == (
            "a monitor of the type `metric_issue` cannot become `uptime_domain_failure`"
        )
        workflow, there = shop.only("ManyCheckoutErrors", "workflow")
        assert shop.api.must_replace("workflow", shop.body(workflow), there) == ""


def test_a_document_whose_references_stand_for_nothing_yet_can_be_compared(shop: Pushing) -> None:
    shop.push()
    for kind in shop.kinds:
        for document in shop.of_kind(kind):
            live = shop.only(document.objects[0].removeprefix("alerts."), kind)[1]
            there, wanted = cast("Any", shop.api.comparable(kind, document.content, live))
            assert there["name"] == wanted["name"]
            assert there != wanted
            assert shop.api.must_replace(kind, document.content, live) == ""


def test_what_was_there_can_be_made_again(shop: Pushing) -> None:
    shop.push()
    for kind in reversed(shop.kinds):
        for live in shop.live(kind):
            whole = shop.api.read(kind, live.id)
            assert whole is not None
            assert whole.owner is not None
            shop.api.delete(whole)
            body = shop.api.restorable(whole)
            assert owner_of(kind, {"projects": ["x"], **cast("dict[str, Any]", body)}) == (None, "")
            shop.api.create(kind, body, whole.owner, whole.revision)
        paths = {document.path for document in shop.of_kind(kind)}
        assert paths
        assert paths.isdisjoint(shop.differences())


def test_dates_and_summaries_are_said_as_the_api_says_them() -> None:
    with pushing(case("legacy"), "legacy") as shop:
        shop.push()
        rule = shop.live("alert_rule")[0]
        assert not rule.complete
        assert rule.changed_at == rule.body["dateModified"]
        assert shop.live("issue_rule")[0].changed_at == ""
        assert shop.live("issue_rule")[0].id.partition("/")[0] in shop.fake.projects
    with pushing(case("workflows")) as shop:
        shop.push()
        detector = shop.live("detector")[0]
        assert (detector.changed_at, detector.changed_by) == (detector.body["dateUpdated"], "")


def test_a_server_that_does_not_list_owners_of_workflows_makes_no_difference() -> None:
    with pushing(case("workflows")) as shop:
        shop.fake.unlisted = {"owner"}
        shop.push()
        assert [path for path in shop.differences() if "workflows" in path] == []


def test_rules_whose_channel_is_looked_up_later_are_waited_for() -> None:
    with pushing(case("legacy"), "legacy") as shop:
        shop.push()
        tasks = [request.path for request in shop.fake.requests if "alert-rule-task" in request.path]
        assert len(tasks) == 2 * len(set(tasks)) > 0


def test_a_refusal_says_what_sentry_says() -> None:
    with pushing(case("workflows")) as shop:
        shop.fake.channels_unknown = {"backend"}
        document = next(each for each in shop.of_kind("workflow") if each.objects == ("alerts.NewCheckoutError",))
        with pytest.raises(RefusedError) as refused:
            shop.api.create("workflow", shop.body(document), shop.owner(document), REVISION)
        assert 'The resource "backend" does not exist' in str(refused.value)
        assert shop.live("workflow") == []


def test_a_lost_answer_to_a_create_is_not_sent_again(shop: Pushing) -> None:
    kind = shop.kinds[0]
    document = shop.of_kind(kind)[0]
    body = shop.body(document)
    shop.fake.fail(Fault.NO_ANSWER_AFTER, lambda request: request.method == "POST")
    with pytest.raises(LostAnswerError):
        shop.api.create(kind, body, shop.owner(document), REVISION)
    assert [live.owner for live in shop.live(kind)] == [shop.owner(document)]


@pytest.mark.parametrize("status", [404, 410])
def test_servers_without_the_old_rules_say_to_leave_the_mode(status: int) -> None:
    with pushing(case("legacy"), "legacy") as shop:
        shop.push()
        live = shop.live("alert_rule")[0]
        if status == 410:
            shop.fake.gone = True
        else:
            shop.fake.slug = "another"
        with pytest.raises(RefusedError, match="remove `mode: legacy` from") as refused:
            list(shop.api.list("alert_rule"))
        assert refused.value.status == status
        if status == 410:
            with pytest.raises(RefusedError, match="remove `mode: legacy` from"):
                shop.api.delete(live)


def test_old_servers_say_to_use_the_old_rules() -> None:
    with pushing(case("workflows")) as shop:
        shop.fake.without_workflows = True
        with pytest.raises(RefusedError, match="`mode: legacy` writes the old rules"):
            list(shop.api.list("workflow"))


def test_the_stand_in_refuses_what_sentry_would() -> None:
    with pushing(case("workflows")) as shop:
        detector = shop.of_kind("detector")[0]
        body = shop.wire(detector)
        assert problems("detector", body) == {}
        assert "nonFieldErrors" in problems("detector", body | {"project_id": 1})
        body["conditionGroup"]["conditions"].pop()
        with pytest.raises(RefusedError, match="Resolution condition required"):
            shop.api.create("detector", body, shop.owner(detector), REVISION)
