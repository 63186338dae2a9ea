"""Groups sent to a ruler and compared with what it keeps, for both kinds of ruler."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from skillforge_mon.backends.ruler.api import RulerApi, connect
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import ConflictError, RefusedError, UnauthorisedError
from skillforge_mon.remote.live import Live, Owner
from tests.backends.ruler.specs import compiled, documents
from tests.fakes.ruler import FakeRuler
from tests.fakes.server import Fault

THEIRS = {"name": "by hand", "rules": [{"record": "a:b", "expr": "vector(1)"}]}


@pytest.fixture(params=["mimir", "cortex"])
def ruler(request: pytest.FixtureRequest) -> Iterator[FakeRuler]:
    """A ruler of each kind, with a group that somebody else made in the same namespace."""
    fake = FakeRuler(request.param)
    fake.groups = {"shop-default": {"by hand": dict(THEIRS)}}
    with fake.started():
        yield fake


@pytest.fixture
def source(ruler: FakeRuler) -> Project:
    """The project that names the ruler."""
    return compiled(ruler.kind, ruler.url)


@pytest.fixture
def api(source: Project) -> Iterator[RulerApi]:
    """Its API."""
    with Connection({}, {}) as connection:
        yield connect(source, connection)


def push(api: RulerApi, source: Project) -> dict[str, Live]:
    """Send what is missing or differs; the groups of the project by their keys."""
    lives = {live.owner.key: live for live in api.list("rule_group") if live.owner is not None}
    for document in documents(source):
        assert document.resource is not None
        key = document.resource.key
        owner = Owner("shop", "default", key)
        if key not in lives:
            api.create("rule_group", document.content, owner, "r")
        else:
            old, new = api.comparable("rule_group", document.content, lives[key])
            if old != new:
                api.update(lives[key], document.content, owner, "r")
    return {live.owner.key: live for live in api.list("rule_group") if live.owner is not None}


def test_what_was_sent_differs_in_nothing_and_what_is_not_ours_stays(
    ruler: FakeRuler, api: RulerApi, source: Project
) -> None:
    lives = push(api, source)
    for document in documents(source):
        assert document.resource is not None
        old, new = api.comparable("rule_group", document.content, lives[document.resource.key])
        assert old == new
    posts = sum(request.method == "POST" for request in ruler.requests)
    push(api, source)
    assert sum(request.method == "POST" for request in ruler.requests) == posts == 4
    assert list(ruler.groups["shop-default"]) == [
        "by hand",
        "web (monmc shop default)",
        "web Often (monmc shop default)",
        "recordings (monmc shop default)",
        "recordings 2 (monmc shop default)",
    ]
    assert ruler.groups["shop-default"]["by hand"] == THEIRS
    assert {live.name for live in api.list("rule_group") if live.owner is None} == {"by hand"}
    assert {request.headers["x-scope-orgid"] for request in ruler.requests} == {"shop-team"}


@pytest.mark.parametrize(
    ("was", "now"), [("> 5", "> 6"), ("for: 90s", "for: 2m"), ("keep_firing_for: 10m", "labels: {a: b}")]
)
def test_a_change_is_seen_and_sent(ruler: FakeRuler, api: RulerApi, source: Project, was: str, now: str) -> None:
    push(api, source)
    changed = compiled(ruler.kind, ruler.url, was=was, now=now)
    before = dict(ruler.groups["shop-default"])
    push(api, changed)
    after = ruler.groups["shop-default"]
    assert [name for name in after if after[name] != before[name]] == ["web (monmc shop default)"]


def test_a_query_written_otherwise_is_no_difference(ruler: FakeRuler, api: RulerApi, source: Project) -> None:
    lives = push(api, source)
    kept = ruler.groups["shop-default"]["web (monmc shop default)"]["rules"][0]
    kept["expr"] = "sum(rate(jobs_total[300s]))by(queue)>5"
    live = api.read("rule_group", lives["shop-default/web"].id)
    assert live is not None
    old, new = api.comparable("rule_group", documents(source)[0].content, live)
    assert old == new


def test_a_group_that_changed_meanwhile_is_not_overwritten(ruler: FakeRuler, api: RulerApi, source: Project) -> None:
    live = push(api, source)["shop-default/web"]
    ruler.groups["shop-default"]["web (monmc shop default)"]["rules"][0]["for"] = "7m"
    with pytest.raises(ConflictError, match="the group `web` has changed since it was read"):
        api.update(live, documents(source)[0].content, live.owner, "r")


def test_a_group_under_another_name_takes_the_place_of_the_old_one(
    ruler: FakeRuler, api: RulerApi, source: Project
) -> None:
    live = push(api, source)["shop-default/web"]
    first = documents(source)[0].content
    assert isinstance(first, dict)
    body: Any = {"namespace": "shop-default", "groups": [{**first["groups"][0], "name": "site"}]}
    made = api.update(live, body, Owner("shop", "default", "shop-default/site"), "r")
    assert (made.name, made.id) == ("site", "shop-default/site%20%28monmc%20shop%20default%29")
    assert "web (monmc shop default)" not in ruler.groups["shop-default"]


def test_what_is_deleted_is_gone_and_can_be_put_back_as_it_was(
    ruler: FakeRuler, api: RulerApi, source: Project
) -> None:
    live = push(api, source)["shop-default/web Often"]
    before = dict(ruler.groups["shop-default"])
    api.delete(live)
    api.delete(live)
    assert api.read("rule_group", live.id) is None
    api.create("rule_group", api.restorable(live), None, "")
    assert ruler.groups["shop-default"] == before


def test_an_empty_tenant_has_no_groups(ruler: FakeRuler, api: RulerApi) -> None:
    ruler.groups.clear()
    assert list(api.list("rule_group")) == []


def test_a_lost_answer_leaves_one_group(ruler: FakeRuler, api: RulerApi, source: Project) -> None:
    ruler.fail(Fault.NO_ANSWER_AFTER, lambda request: request.method == "POST")
    assert len(push(api, source)) == 4


def test_the_ruler_s_own_words_are_told(api: RulerApi, ruler: FakeRuler) -> None:
    body: Any = {"namespace": "shop-default", "groups": [{"name": "empty", "interval": "1m", "rules": []}]}
    with pytest.raises(RefusedError, match=r"rule group 'empty .monmc shop default.' has no rules"):
        api.create("rule_group", body, Owner("shop", "default", "shop-default/empty"), "")
    assert list(ruler.groups["shop-default"]) == ["by hand"]


def test_a_wrong_tenant_is_told(ruler: FakeRuler, source: Project) -> None:
    wrong = compiled(ruler.kind, ruler.url, was="tenant: shop-team", now="tenant: other")
    with Connection({}, {}) as connection, pytest.raises(UnauthorisedError, match="no org id"):
        list(connect(wrong, connection).list("rule_group"))


def test_health_tells_which_group_fails(ruler: FakeRuler, api: RulerApi, source: Project) -> None:
    push(api, source)
    well = {"name": "up", "health": "ok"}
    ruler.evaluated = [{"name": "web", "rules": [well]}]
    assert list(api.health()) == [
        Check("rule groups", ok=True, detail="4 of monmc"),
        Check("evaluation", ok=True, detail="1 groups evaluated, none with an error"),
    ]
    ruler.evaluated[0]["rules"].append({"name": "Many", "health": "err", "lastError": "too many samples"})
    assert list(api.health())[1:] == [Check("rule group web", ok=False, detail="Many: too many samples")]
