"""Projects of Sentry: made, set up, put right, never taken from somebody, never deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from skillforge_mon.push.events import Outcome
from skillforge_mon.remote.live import Owner
from tests.backends.sentry.pushing import pushing
from tests.backends.sentry.schemas import problems
from tests.backends.sentry.setting_up import FULL, HEAD, SettingUp, Shown, setting_up, to
from tests.backends.sentry.specs import set_ups
from tests.fakes.server import Fault
from tests.projects import project

CREATED: Shown = [
    ("create", "project web", [], []),
    ("create", "ownership web", [], []),
    ("create", "client key browser", [], []),
    ("create", "alert NewError", [], []),
]


@pytest.fixture
def sentry(tmp_path: Path) -> Iterator[SettingUp]:
    with setting_up(tmp_path / ".monmc") as found:
        yield found


def said(outcome: Outcome) -> dict[str, tuple[str, str]]:
    return {event.step.label: (event.what, event.reason) for event in outcome.events if event.reason}


def test_one_push_makes_a_project_and_everything_of_it_down_to_its_alerts(sentry: SettingUp) -> None:
    assert sentry.shown(FULL) == CREATED
    sentry.done(FULL)
    assert sentry.shown(FULL) == []
    set_up, number = sentry.fake.set_up, sentry.fake.projects["web"]
    kept = {key: set_up.of("web")[key] for key in ("slug", "name", "platform", "resolveAge", "sensitiveFields")}
    assert kept == {
        "slug": "web", "name": "web", "platform": "javascript-react", "resolveAge": 336, "sensitiveFields": ["iban"],
    }  # fmt: skip
    revision = set_up.of("web")["fingerprintingRules"].splitlines()[0].rpartition(" ")[2]
    assert set_up.of("web")["fingerprintingRules"] == (
        f"# monmc shop/default projects.web {revision}\nerror.type:Timeout -> timeout"
    )
    assert [team["slug"] for team in set_up.of("web")["teams"]] == ["shop"]
    assert set_up.filters[number] == {
        "browser-extensions": False, "filtered-transaction": False, "legacy-browsers": False, "localhost": True,
        "web-crawlers": False,
    }  # fmt: skip
    rules = set_up.ownership[number]["raw"].splitlines()
    assert [rules[0].rpartition(" ")[0], *rules[1:]] == ["# monmc shop/default web", "path:src/* #shop"]
    assert [(key["name"], key["rateLimit"]) for key in set_up.keys[number]] == [
        ("Default", None),
        ("browser [monmc shop/default]", {"count": 100, "window": 60}),
    ]
    assert set_up.default_rules == []


def test_what_sentry_is_asked_to_make_a_project(sentry: SettingUp) -> None:
    sentry.done(FULL.partition("      keys:")[0])
    paths = _paths(sentry)
    assert paths == [
        "POST /api/0/teams/acme/1001/projects/",
        "PUT /filters/browser-extensions/",
        "PUT /filters/filtered-transaction/",
        "PUT /filters/legacy-browsers/",
        "PUT /filters/localhost/",
        "PUT /filters/web-crawlers/",
        "PUT /",
        "POST /api/0/organizations/acme/workflows/",
    ]


def _paths(sentry: SettingUp) -> list[str]:
    number = sentry.fake.projects["web"]
    return [each.replace(f"/api/0/projects/acme/{number}", "") for each in sentry.writes()]


def test_a_project_is_called_by_its_slug_whatever_the_service_is_called(sentry: SettingUp) -> None:
    assert sentry.shown(FULL.replace("sentry_project: web", "sentry_project: web-shop"))[:2] == [
        ("create", "project web-shop", [], []),
        ("create", "ownership web-shop", [], []),
    ]


def test_what_is_pushed_twice_is_written_once(sentry: SettingUp) -> None:
    sentry.done(FULL)
    sentry.writes()
    sentry.done(FULL)
    assert sentry.writes() == []


def test_a_project_of_somebody_else_is_refused_and_nothing_of_it_is_changed(sentry: SettingUp) -> None:
    number = sentry.fake.add_project("web")
    before = json.dumps([sentry.fake.set_up.of("web"), sentry.fake.set_up.filters, sentry.fake.set_up.keys])
    outcome = sentry.push(FULL)
    assert said(outcome) == {
        "project web": (
            "failed",
            (
                f"there is a project `web` in Sentry that is not this spec's; to set it up from here, write "
                f'`adopt: {{sentry: "{number}"}}` in `errors` of its service'
            ),
        ),
        "ownership web": ("skipped", "project web, which has to go first, was not done"),
        "client key browser": ("skipped", "project web, which has to go first, was not done"),
    }
    assert json.dumps([sentry.fake.set_up.of("web"), sentry.fake.set_up.filters, sentry.fake.set_up.keys]) == before
    assert sentry.writes() == ["POST /api/0/organizations/acme/workflows/"]


def test_keys_and_owners_of_a_project_that_is_not_ours_are_refused_whoever_asks(sentry: SettingUp) -> None:
    number = sentry.fake.add_project("web")
    api = sentry.api(FULL)
    bodies: dict[str, tuple[Any, Owner]] = {
        "key": ({"projectId": number, "name": "browser", "rateLimit": None}, Owner("shop", "default", "web/browser")),
        "ownership": ({"projectId": number, "raw": "path:* #shop"}, Owner("shop", "default", "web")),
    }
    for kind, (body, owner) in bodies.items():
        with pytest.raises(Exception, match="the project `web` in Sentry is not set up by this spec yet"):
            api.create(kind, body, owner, "")
    assert sentry.writes() == []


def test_a_project_is_adopted_by_its_number_and_what_the_spec_does_not_say_stays(sentry: SettingUp) -> None:
    number = sentry.fake.add_project("web")
    sentry.fake.add_project("elsewhere")
    sentry.fake.set_up.add_team("web", "other")
    sentry.fake.set_up.of("web").update(name="The Web", fingerprintingRules="# by hand\na:b -> c", resolveAge=48)
    text = HEAD + f'      resolve_age: 14d\n      adopt: {{sentry: "{number}"}}\n'
    assert sentry.shown(text) == [
        ("adopt", "project web", ["teams now also 1001", "resolveAge 48 -> 336"], []),
        ("create", "alert NewError", [], []),
    ]
    sentry.done(text)
    assert sentry.shown(text) == []
    found = sentry.fake.set_up.of("web")
    assert (found["name"], found["resolveAge"]) == ("The Web", 336)
    assert found["fingerprintingRules"].partition("\n")[2] == "# by hand\na:b -> c"
    assert [team["slug"] for team in found["teams"]] == ["other", "shop"]
    assert sentry.fake.set_up.filters[number]["localhost"] is False


def test_another_environment_leaves_the_project_to_the_one_that_has_it(sentry: SettingUp) -> None:
    sentry.done(FULL)
    before = dict(sentry.fake.set_up.of("web"))
    assert said(sentry.push(FULL, "staging"))["project web"] == (
        "failed",
        (
            "the project `web` in Sentry is set up by shop/default; to leave it to that, write `set_up_projects: false` "
            "in `targets.sentry` of this environment"
        ),
    )
    assert sentry.fake.set_up.of("web") == before
    left = FULL.replace("  staging: {}", "  staging: {targets: {sentry: {set_up_projects: false}}}")
    sentry.done(left, "staging")
    assert sentry.shown(left, "staging") == []
    assert sentry.fake.set_up.of("web") == before


def test_a_change_by_hand_is_told_as_drift_and_taken_back(sentry: SettingUp) -> None:
    sentry.done(FULL)
    number = sentry.fake.projects["web"]
    sentry.fake.set_up.of("web").update(resolveAge=1, subjectPrefix="theirs")
    sentry.fake.set_up.filters[number]["web-crawlers"] = True
    sentry.fake.set_up.keys[number][1]["rateLimit"] = {"count": 5, "window": 60}
    sentry.fake.set_up.ownership[number] |= {
        "raw": sentry.fake.set_up.ownership[number]["raw"] + "\nurl:* #shop",
        "lastUpdated": "2026-01-09T10:00:00Z",
    }
    assert sentry.shown(FULL) == [
        ("update", "project web", [], ["resolveAge 336 -> 1", "filters.web-crawlers false -> true"]),
        ("update", "ownership web", [], ["raw: 1 line added"]),
        ("update", "client key browser", [], ["rateLimit.count 100 -> 5"]),
    ]
    sentry.done(FULL)
    assert sentry.shown(FULL) == []
    assert sentry.fake.set_up.of("web")["subjectPrefix"] == "theirs"


def test_a_change_of_the_spec_changes_that_and_nothing_else(sentry: SettingUp) -> None:
    sentry.done(FULL)
    sentry.writes()
    changed = FULL.replace("[localhost]", "[localhost, health-checks]").replace("count: 100", "count: 50")
    assert sentry.shown(changed) == [
        ("update", "project web", ["filters.filtered-transaction false -> true"], []),
        ("update", "client key browser", ["rateLimit.count 100 -> 50"], []),
    ]
    sentry.done(changed)
    assert [each for each in _paths(sentry) if "keys" not in each] == ["PUT /filters/filtered-transaction/", "PUT /"]


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.NO_ANSWER_BEFORE, Fault.NO_ANSWER_AFTER])
@pytest.mark.parametrize(
    "where", [("POST", "/projects/"), ("PUT", "/filters/localhost/"), ("PUT", "/"), ("POST", "/keys/")]
)
def test_a_push_that_is_cut_off_anywhere_ends_where_it_would_have_ended(
    sentry: SettingUp, fault: Fault, where: tuple[str, str]
) -> None:
    sentry.fake.fail(fault, to(*where), times=12)
    sentry.push(FULL)
    sentry.fake.faults.clear()
    sentry.push(FULL)
    assert sentry.shown(FULL) == []
    number = sentry.fake.projects["web"]
    assert list(sentry.fake.projects) == ["web"]
    assert sentry.fake.set_up.of("web")["name"] == "web"
    assert [key["name"] for key in sentry.fake.set_up.keys[number]] == ["Default", "browser [monmc shop/default]"]


def test_a_project_that_was_made_and_not_set_up_is_known_as_ours_without_any_record(sentry: SettingUp) -> None:
    sentry.fake.fail(Fault.SERVER_ERROR, to("PUT", f"/{1004}/"), times=20)
    sentry.push(FULL)
    sentry.fake.faults.clear()
    for file in sentry.folder.rglob("*"):
        if file.is_file():
            file.unlink()
    sentry.done(FULL)
    assert sentry.shown(FULL) == []


def test_a_lost_answer_to_the_creation_does_not_end_in_a_refusal(sentry: SettingUp) -> None:
    sentry.fake.fail(Fault.NO_ANSWER_AFTER, to("POST", "/projects/"))
    sentry.done(FULL)
    assert sentry.shown(FULL) == []


def test_a_project_whose_slug_somebody_changed_gets_it_back(sentry: SettingUp) -> None:
    sentry.done(FULL)
    number = sentry.fake.projects.pop("web")
    sentry.fake.projects["web-old"] = number
    sentry.fake.set_up.details[number]["slug"] = "web-old"
    sentry.push(FULL)
    assert sentry.fake.projects == {"web": number}
    sentry.done(FULL)
    assert sentry.shown(FULL) == []


def test_a_service_that_only_names_its_project_asks_for_nothing_about_it(sentry: SettingUp) -> None:
    sentry.fake.add_project("web")
    sentry.done(HEAD)
    assert [kind.name for kind in sentry.api(HEAD).kinds] == ["detector", "workflow"]
    assert [each.path for each in sentry.fake.requests if each.path.startswith("/api/0/projects/")] == []


def test_nothing_of_a_project_is_ever_deleted(sentry: SettingUp) -> None:
    assert [(kind.name, kind.deletable) for kind in sentry.api(FULL).kinds] == [
        ("project", False), ("key", False), ("ownership", False), ("detector", True), ("workflow", True),
    ]  # fmt: skip
    sentry.done(FULL)
    smaller = FULL.partition("      keys:")[0] + "      keys: {server: {}}\n"
    plan = sentry.plan(smaller)
    assert [(step.label, step.blocked) for system in plan.systems for step in system.leftovers] == [
        ("client key browser [monmc shop/default]", "monmc never deletes a client key")
    ]


def test_a_project_that_the_token_cannot_see_is_not_taken_for_a_new_one(sentry: SettingUp) -> None:
    sentry.done(FULL)
    hidden = sentry.fake.projects.copy()
    sentry.fake.set_up.hidden = set(hidden)
    reason = said(sentry.push(FULL))["project web"][1]
    assert reason.endswith(
        "A project with this slug already exists.; the token does not see it: give it access, or correct the slug"
    )


def test_the_same_push_serves_the_old_rules(sentry: SettingUp) -> None:
    legacy = FULL.replace("organization: acme,", "organization: acme, mode: legacy,")
    sentry.done(legacy)
    assert sentry.shown(legacy) == []


@settings(max_examples=30)
@given(set_ups())
def test_any_set_up_is_what_sentry_takes_and_is_pushed_without_a_difference(spec: str) -> None:
    found = project(spec)
    assert found.targets.sentry is not None
    with pushing(found, found.targets.sentry.mode) as there:
        assert [problem for each in there.documents if each.resource is not None for problem in problems(each)] == []
        there.push()
        assert there.differences() == {}
        for kind in there.kinds:
            for document in there.of_kind(kind):
                live = next(each for each in there.live(kind) if each.owner == there.owner(document))
                assert (
                    there.api.comparable(kind, there.api.restorable(live), live)[0]
                    == (there.api.comparable(kind, there.api.restorable(live), live)[1])
                )
