"""Rules sent to Kibana and compared with what it keeps, and the connectors that they name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from skillforge_mon.backends.elasticsearch.ownership import owner_of_tags, without_tags_of_owner
from skillforge_mon.backends.elasticsearch.rules import rule_id
from skillforge_mon.documents.document import Reference
from skillforge_mon.remote.errors import ConflictError, RefusedError
from skillforge_mon.remote.live import Owner
from tests.backends.elasticsearch.live import SPEC, connected, filled, lives, owner, push, send
from tests.fakes.elastic import FakeElastic
from tests.projects import project

KEY = "alerts.ManyErrors.critical"
RULE = f"kibana_rule {KEY}"
OWNER = Owner("shop", "production", KEY)


@pytest.fixture
def fake() -> Iterator[FakeElastic]:
    found = FakeElastic()
    with found.started():
        yield found


def test_a_rule_is_ours_by_its_tag_under_an_identifier_of_ours(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        live = push(api, documents)[RULE]
        assert (live.id, live.owner, live.changed_by) == (rule_id(project(SPEC, "production"), KEY), OWNER, "monmc")
        rule = fake.rules.rules[live.id]
        assert rule["tags"] == [
            *("monmc", f"monmc:shop/production/{KEY}"),
            *("severity:critical", "priority:P1", "service:web", "team:shop"),
        ]
        assert [action["id"] for action in rule["actions"]] == ["c-slack", "c-slack"]
        assert {request.path.split("/api/")[0] for request in fake.requests if "/api/" in request.path} == {
            "/kibana/s/ops"
        }


def test_an_update_says_everything_that_can_change_and_nothing_else(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        live = push(api, documents)[RULE]
    with connected(SPEC.replace('"> 10"', '"> 11"'), fake) as (api, documents):
        body = filled(api, documents[RULE])
        there, here = api.comparable("kibana_rule", body, live)
        assert there != here
        assert api.must_replace("kibana_rule", body, live) == ""
        changed = api.update(live, body, OWNER, "r2")
        there, here = api.comparable("kibana_rule", body, changed)
        assert there == here
        assert fake.rules.rules[live.id]["params"]["threshold"] == [11]
        assert fake.rules.rules[live.id]["revision"] == 1


def test_a_rule_that_somebody_switched_off_is_switched_on(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        push(api, documents)
        key = rule_id(project(SPEC, "production"), KEY)
        fake.rules.rules[key]["enabled"] = False
        live = lives(api)[RULE]
        there, here = api.comparable("kibana_rule", filled(api, documents[RULE]), live)
        assert isinstance(there, dict)
        assert isinstance(here, dict)
        assert {name for name in here if there[name] != here[name]} == {"enabled"}
        assert api.update(live, filled(api, documents[RULE]), OWNER, "r2").body["enabled"] is True
        assert fake.rules.rules[key]["enabled"] is True
        api.update(lives(api)[RULE], {**filled(api, documents[RULE]), "enabled": False}, OWNER, "r3")
        assert fake.rules.rules[key]["enabled"] is False


def test_a_rule_of_another_type_is_made_anew(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        live = push(api, documents)[RULE]
        body = {**filled(api, documents[RULE]), "consumer": "logs"}
        assert api.must_replace("kibana_rule", body, live) == "its `consumer` cannot change"
        with pytest.raises(ConflictError, match="conflict"):
            api.create("kibana_rule", body, OWNER, "r2")


def test_what_changed_meanwhile_is_not_overwritten(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        live = push(api, documents)[RULE]
        fake.rules.rules[live.id] = {**fake.rules.rules[live.id], "name": "By Ann"}
        with pytest.raises(ConflictError, match="has changed since it was read"):
            api.update(live, filled(api, documents[RULE]), OWNER, "r2")


def test_a_kept_body_makes_a_rule_again(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        live = push(api, documents)[RULE]
        api.delete(live)
        api.delete(live)
        assert RULE not in lives(api)
        made = api.create("kibana_rule", api.restorable(live), None, "")
        assert (made.id, made.owner) == (live.id, OWNER)
        there, here = api.comparable("kibana_rule", filled(api, documents[RULE]), made)
        assert there == here


def test_every_page_is_read(fake: FakeElastic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skillforge_mon.backends.elasticsearch.live_rules.PAGE", 2)
    with connected(SPEC, fake) as (api, documents):
        assert len([name for name in push(api, documents) if name.startswith("kibana_rule")]) == 3
        asked = [request for request in fake.requests if request.path.endswith("_find")]
        assert [request.query["page"] for request in asked] == [["1"], ["2"]]


def test_connectors_are_found_by_their_names(fake: FakeElastic) -> None:
    pager, other = Reference("kibana_connector", "Pager"), Reference("kibana_connector", "Pigeon")
    with connected(SPEC, fake) as (api, _):
        assert (api.lookup(pager), api.lookup(other)) == ("c-pager", None)
        assert api.absence(other).startswith("make a connector `Pigeon` in Kibana")
        assert sum(request.path.endswith("/connectors") for request in fake.requests) == 1
    fake.rules.connectors.append({**fake.rules.connectors[1], "id": "c-second"})
    with connected(SPEC, fake) as (api, _):
        assert (api.lookup(pager), api.absence(pager)) == (
            None,
            "2 connectors are called `Pager`: give each a name of its own",
        )


def test_without_an_address_of_kibana_nothing_is_asked_of_it(fake: FakeElastic) -> None:
    told = "the spec does not say where Kibana is: write `kibana_url` under `targets.elasticsearch`"
    spec = SPEC.replace("    kibana_url: http://elasticsearch:9200/kibana/\n", "").replace("elasticsearch:9200", "x")
    with connected(spec, fake) as (api, documents):
        assert list(api.list("kibana_rule")) == []
        assert api.read("kibana_rule", "x") is None
        assert (api.lookup(Reference("kibana_connector", "Pager")), api.absence(Reference("x", "Pager"))) == (
            None,
            told,
        )
        with pytest.raises(RefusedError, match="the spec does not say where Kibana is"):
            api.create("kibana_rule", {**filled(api, documents[RULE]), "actions": []}, owner(documents[RULE]), "r")
    assert fake.requests == []


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (["a", "monmc:shop/production/alerts.A/b"], Owner("shop", "production", "alerts.A/b")),
        (["monmc", "shop/production/alerts.A"], None),
        (["monmc:shop/production"], None),
        (["monmc://x"], None),
        ([], None),
    ],
)
def test_whose_a_rule_is(tags: list[str], found: Owner | None) -> None:
    assert owner_of_tags(tags) == found


def test_tags_of_people_stay() -> None:
    assert without_tags_of_owner(["monmc", "a", "monmc:b", "monmc:shop/production/x", "c"]) == ["a", "monmc:b", "c"]


def test_a_rule_is_made_once(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        push(api, documents)
        assert send(api, documents[RULE]).id == rule_id(project(SPEC, "production"), KEY)
        assert len(fake.rules.rules) == 3
        fake.rules.rules[rule_id(project(SPEC, "production"), KEY)]["tags"] = []
        with pytest.raises(ConflictError):
            send(api, documents[RULE])
