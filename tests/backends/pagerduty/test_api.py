"""The API against a fake account: what is made is found again, and only what is ours is touched."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import ConflictError, LostAnswerError, RefusedError, UnauthorisedError
from skillforge_mon.remote.live import Live, Owner
from tests.backends.pagerduty.account import USERS, Account, account
from tests.backends.pagerduty.specs import SPEC, documents, replaced
from tests.fakes.server import Fault, RateLimit

CHANGES = {
    "handoff": ("handoff: monday 09:00", "handoff: tuesday 10:00"),
    "users of a rota": ("[ann@example.com, bob@example.com]", "[bob@example.com, ann@example.com]"),
    "hours": ("handoff: monday 09:00", "rotation: daily"),
    "a target": ("[em@example.com, dan@example.com]", "em@example.com"),
    "a delay": ("timeout: 15m", "timeout: 20m"),
    "a text": ("Who decide.", "Who must know."),
    "urgency": ("Odd: {severity: critical", "Odd: {severity: warning"),
    "closing": ("from: robot@example.com", "auto_resolve: 1d, from: robot@example.com"),
}


def test_what_was_pushed_says_what_the_spec_says() -> None:
    with account() as here:
        here.push()
        assert here.differences() == []
        here.push()
        assert here.differences() == []


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_and_pushed(change: tuple[str, str]) -> None:
    changed = replaced(change)
    with account() as here:
        here.push()
        assert here.differences(changed) != []
        here.push(changed)
        assert here.differences(changed) == []


def test_a_difference_names_people_and_objects() -> None:
    with account() as here:
        here.push()
        later = here.later()
        document = documents(replaced(("[ann@example.com, bob@example.com]", "[ann@example.com, dan@example.com]")))
        schedule = later.api.read("schedule", here.made["schedule", "teams.on-call"].id)
        assert schedule is not None
        body = later.resolved(document["pagerduty/schedules/on-call.json"])
        is_now, wanted = (
            [each["user"]["id"] for each in side["schedule_layers"][0]["users"]]
            for side in later.api.comparable("schedule", body, schedule)
            if isinstance(side, dict)
        )
        assert (is_now, wanted) == (
            ["ann@example.com", "bob (PBOB)"],
            ["ann@example.com", "dan@example.com"],
        )


def test_a_rota_that_is_no_longer_wanted_is_ended_and_forgotten() -> None:
    night = "{timezone: Europe/Paris, start: 2026-01-01, users: bob@example.com, hours: {from: '20:00', for: 12h}}"
    day = "{timezone: Europe/Paris, start: 2026-01-01, users: ann@example.com}"
    rota = SPEC[SPEC.index("        timezone") : SPEC.index("  managers")]
    both, one = replaced((rota, f"        - {day}\n        - {night}\n")), replaced((rota, f"        - {day}\n"))
    with account() as here:
        here.push(both)
        assert here.differences(both) == []
        assert here.differences(one) == [("schedule", "teams.on-call")]
        here.push(one)
        assert here.differences(one) == []
        (schedule,) = here.fake.objects["schedule"].values()
        assert [(layer["name"], layer["end"] is None) for layer in schedule["schedule_layers"]] == [
            ("rota 1", True),
            ("rota 2", False),
        ]
        here.push(both)
        assert here.differences(both) == []


def test_requests_carry_the_token_the_version_and_in_whose_name_they_come() -> None:
    with account() as here:
        here.push()
        assert {
            (request.headers["authorization"], request.headers["accept"], request.headers["from"])
            for request in here.fake.requests
        } == {
            (
                "Token token=u+FakeTokenOfPagerDuty",
                "application/vnd.pagerduty+json;version=2",
                "robot@example.com",
            )
        }


def test_objects_say_whose_they_are_in_their_description() -> None:
    with account() as here:
        here.push()
        (policy,) = here.fake.objects["escalation_policy"].values()
        assert policy["description"] == (
            "The policy critical of shop.\n\n"
            "-- managed by monmc shop/default/escalation.critical, do not edit here (monmc_rev:r1)"
        )
        (found,) = here.api.list("escalation_policy")
        assert (found.owner, found.revision) == (Owner("shop", "default", "escalation.critical"), "r1")


def test_what_others_made_is_not_ours_whatever_it_is_called() -> None:
    with account() as here:
        here.push()
        theirs = here.fake.add("team", {"type": "team", "name": "people", "description": "monmc shop/default/x"})
        service = here.fake.objects["service"][here.made["service", "escalation.critical.web"].id]
        service["integrations"].append({**service["integrations"][0], "id": "PTHEIRS", "name": "by hand"})
        assert [live.id for live in here.api.list("team") if live.owner is None] == [theirs["id"]]
        assert [(live.name, live.owner) for live in here.api.list("integration")] == [
            ("shop-web-critical: monmc", Owner("shop", "default", "escalation.critical.web")),
            ("shop-web-critical: by hand", None),
            ("shop-critical: monmc", Owner("shop", "default", "escalation.critical")),
        ]


def test_the_key_of_an_integration_is_kept_nowhere() -> None:
    with account() as here:
        here.push()
        key = here.fake.key_of("shop-web-critical")
        (own, _) = here.api.list("integration")
        read = here.api.read("integration", own.id)
        assert read is not None
        assert key not in repr(own) + repr(read) + repr(here.made) + repr(here.api.restorable(read))
        assert here.connection.redactor.clean(f"the key is {key}") == "the key is [hidden]"


def test_every_page_is_asked_for() -> None:
    with account() as here:
        for number in range(230):
            here.fake.add("team", {"type": "team", "name": f"team {number}"})
        assert len(list(here.api.list("team"))) == 230
        assert [request.parameter("offset") for request in here.fake.requests] == ["0", "100", "200"]


def test_a_user_is_found_by_the_whole_address_and_nothing_else() -> None:
    with account() as here:
        found = [here.api.lookup(Reference("user", name)) for name in ("ann@example.com", "bob@example.com", "bob")]
        assert found == ["PANN", "PBOB", None]
        team = here.fake.add("team", {"type": "team", "name": "people"})
        assert here.api.lookup(Reference("team", "people")) == team["id"]
        assert here.api.lookup(Reference("team", "peopl")) is None
        assert here.api.lookup(Reference("vendor", "Datadog")) is None


def test_a_user_on_a_later_page_is_found() -> None:
    users = {f"P{number}": f"x{number}.zoe@example.com" for number in range(120)} | {"PZOE": "zoe@example.com"}
    with account(users=users) as here:
        assert here.api.lookup(Reference("user", "zoe@example.com")) == "PZOE"


def test_what_is_gone_is_read_as_nothing_and_deleted_without_an_error() -> None:
    with account() as here:
        here.push()
        ordered = [here.made[key] for key in sorted(here.made, key=lambda key: -_order(here, key[0]))]
        for live in ordered:
            here.api.delete(live)
            here.api.delete(live)
            assert here.api.read(live.kind, live.id) is None
        assert {kind: len(objects) for kind, objects in here.fake.objects.items()} == {
            "team": 0, "schedule": 0, "escalation_policy": 0, "service": 0,
        }  # fmt: skip


def _order(here: Account, name: str) -> int:
    return next(kind.order for kind in here.api.kinds if kind.name == name)


def test_a_policy_in_use_is_not_deleted() -> None:
    with account() as here:
        here.push()
        with pytest.raises(RefusedError, match="It is used by service shop-web-critical, service shop-critical"):
            here.api.delete(here.made["escalation_policy", "escalation.critical"])


def test_a_change_by_somebody_else_since_it_was_read_is_a_conflict() -> None:
    with account() as here:
        here.push()
        live = here.made["service", "escalation.critical.web"]
        body = here.resolved(documents()["pagerduty/services/critical/web.json"])
        here.fake.objects["service"][live.id]["auto_resolve_timeout"] = 600
        with pytest.raises(ConflictError, match=r"the service \w+ “shop-web-critical” has changed since it was read"):
            here.api.update(live, body, Owner("shop", "default", "escalation.critical.web"), "r2")
        here.fake.objects["service"].pop(live.id)
        with pytest.raises(ConflictError, match=r"the service \w+ “shop-web-critical” is gone"):
            here.api.update(live, body, Owner("shop", "default", "escalation.critical.web"), "r2")


def test_a_name_that_somebody_else_uses_is_said_to_be_taken() -> None:
    with account() as here:
        here.fake.add("team", {"type": "team", "name": "shop-on-call"})
        with pytest.raises(RefusedError) as caught:
            here.push()
        assert str(caught.value).startswith(
            "PagerDuty has a team called `shop-on-call` that is not ours, and names are unique there: "
            "rename one of the two. PagerDuty answered 400 to POST /teams"
        )


def test_only_an_integration_must_be_replaced_and_only_for_another_service() -> None:
    with account() as here:
        here.push()
        body = here.resolved(documents()["pagerduty/integrations/critical/web.json"])
        live = here.made["integration", "escalation.critical.web"]
        elsewhere: dict[str, Any] = {**body, "service": {"type": "service_reference", "id": "POTHER"}}
        assert here.api.must_replace("integration", body, live) == ""
        assert here.api.must_replace("integration", elsewhere, live) == "its service cannot change"
        assert here.api.must_replace("integration", {**body, "type": "generic"}, live) == "its type cannot change"
        team = here.made["team", "teams.cto"]
        assert here.api.must_replace("team", {"type": "team", "name": "x", "description": ""}, team) == ""


def test_what_was_deleted_can_be_made_again_from_what_was_kept() -> None:
    with account() as here:
        here.push()
        kept = {address: here.api.restorable(live) for address, live in here.made.items()}
        for address in sorted(here.made, key=lambda address: -_order(here, address[0])):
            here.api.delete(here.made[address])
        renamed: dict[str, str] = {}
        for address, body in sorted(kept.items(), key=lambda item: _order(here, item[0][0])):
            kind, key = address
            made = here.api.create(kind, _with_ids(body, renamed), Owner("shop", "default", key), "r1")
            renamed[here.made[address].id] = made.id
            here.made[address] = made
        assert here.differences() == []


def _with_ids(body: Any, renamed: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {name: _with_ids(member, renamed) for name, member in body.items()}
    if isinstance(body, list):
        return [_with_ids(member, renamed) for member in body]
    return renamed.get(body, body) if isinstance(body, str) else body


def test_what_the_server_leaves_out_has_its_default() -> None:
    with account() as here:
        live = Live("service", "P1", "x", {"id": "P1", "name": "x", "summary": "x"})
        wanted: dict[str, Plain] = {"name": "x", "auto_resolve_timeout": 14400, "acknowledgement_timeout": 1800}
        assert here.api.comparable("service", wanted, live) == (wanted, wanted)
        found, _ = here.api.comparable("service", {**wanted, "auto_resolve_timeout": None}, live)
        assert found == wanted


def test_what_was_made_although_its_answer_was_lost_is_found_by_its_marker() -> None:
    with account() as here:
        here.fake.fail(Fault.NO_ANSWER_AFTER, lambda request: request.method == "POST")
        with pytest.raises(LostAnswerError):
            here.push()
        (found,) = here.api.list("team")
        assert found.owner == Owner("shop", "default", "teams.on-call")


def test_requests_wait_for_the_limit() -> None:
    with account() as here:
        here.fake.limits.append(RateLimit("rest", 5, 0.2))
        here.push()
        assert here.differences() == []


def test_health_asks_for_the_token_the_abilities_and_every_user() -> None:
    users = {own: address for own, address in USERS.items() if own != "PDAN"}
    with account(users=users) as here:
        here.fake.abilities.remove("teams")
        found = list(here.api.health())
        assert found == [
            Check("token", ok=True, detail=f"accepted by {here.fake.url}"),
            Check("permission to write", ok=True, detail="PagerDuty does not say whether a key is read-only", skipped=True),
            Check("teams", ok=False, detail="the account has no teams", help="write `teams: false` in `targets.pagerduty`, or change the plan"),
            Check("user robot@example.com", ok=True),
            Check("user ann@example.com", ok=True),
            Check("user bob@example.com", ok=True),
            Check("user em@example.com", ok=True),
            Check(
                "user dan@example.com",
                ok=False,
                detail="the account has no user with this address",
                help="invite them, or correct the address: users are never made by monmc",
            ),
            Check("user cto@example.com", ok=True),
        ]  # fmt: skip


def test_a_wrong_token_is_the_only_thing_that_health_tells_of() -> None:
    with account(token="u+Wrong") as here:
        (found,) = here.api.health()
        assert (found.subject, found.ok, found.help) == (
            "token", False, "set `PAGERDUTY_TOKEN` to a REST API key of the account",
        )  # fmt: skip


def test_a_key_that_may_only_read_is_told_when_it_must_write() -> None:
    with account() as here:
        here.fake.read_only = True
        assert all(check.ok for check in here.api.health())
        with pytest.raises(UnauthorisedError, match="This API key is read-only"):
            here.push()
