"""Templates, policies and pipelines sent to a cluster and compared with what it keeps."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.elasticsearch.api import connect
from skillforge_mon.backends.elasticsearch.normalise import normal
from skillforge_mon.backends.elasticsearch.ownership import owner_of_meta
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import ConflictError, RefusedError, UnauthorisedError
from skillforge_mon.remote.live import Owner
from tests.backends.elasticsearch.live import ENVIRON, SPEC, connected, filled, lives, owner, push, send
from tests.backends.elasticsearch.test_apm import APM
from tests.fakes.elastic import KEY, FakeElastic, kept
from tests.projects import project

STREAMS = SPEC.replace("    lifecycle: ilm\n", "").replace("error: 90d", "info: 1h")
FOREVER = STREAMS.replace("retention: {logs: {default: 30d, info: 1h}}\n", "")
TRACED = APM.replace('version: "9.1"\n', 'version: "9.1"\n    url: http://elasticsearch:9200\n').replace(
    "    apm:\n", '    api_key: "${secret:ELASTIC_API_KEY}"\n    apm:\n'
)
TEMPLATE = "index_template logs-shop_web-production"


@pytest.fixture
def fake() -> Iterator[FakeElastic]:
    found = FakeElastic()
    with found.started():
        yield found


@pytest.mark.parametrize(
    "spec",
    [SPEC, STREAMS, FOREVER, TRACED, TRACED.replace("    apm:\n", "    lifecycle: ilm\n    apm:\n")],
    ids=["ilm", "data streams", "forever", "apm", "apm with ilm"],
)
def test_what_was_sent_differs_in_nothing(fake: FakeElastic, spec: str) -> None:
    with connected(spec, fake) as (api, documents):
        found = push(api, documents)
        assert found.keys() == documents.keys()
        for name, document in documents.items():
            there, here = api.comparable(found[name].kind, filled(api, document), found[name])
            assert there == here
        assert {live.revision for live in found.values() if live.kind != "kibana_rule"} == {"r1"}


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        ("replicas: 1", "replicas: 2", {"component_template shop-production-logs"}),
        ("default: 30d", "default: 20d", {TEMPLATE, "index_template logs-shop_jobs-production"}),
        ("Lines of the shop", "Lines", {"ingest_pipeline logs-shop_web-production"}),
    ],
)
def test_a_change_is_seen(fake: FakeElastic, was: str, now: str, changed: set[str]) -> None:
    before = STREAMS.replace("    space: ops\n", "    space: ops\n    replicas: 1\n")
    with connected(before, fake) as (api, documents):
        push(api, documents)
    with connected(before.replace(was, now), fake) as (api, documents):
        found = lives(api)
        differ = set()
        for name, document in documents.items():
            there, here = api.comparable(found[name].kind, filled(api, document), found[name])
            differ |= {name} if there != here else set()
        assert differ == changed


def test_what_somebody_adds_is_seen(fake: FakeElastic) -> None:
    with connected(STREAMS, fake) as (api, documents):
        push(api, documents)
        fake.objects["index_template"]["logs-shop_web-production"]["template"]["aliases"] = {"web": {}}
        there, here = api.comparable("index_template", documents[TEMPLATE].content, lives(api)[TEMPLATE])
        assert isinstance(there, dict)
        assert isinstance(here, dict)
        assert there["template"].pop("aliases") == {"web": {}}
        assert there == here


def test_a_name_of_somebody_else_is_not_taken(fake: FakeElastic) -> None:
    theirs: dict[str, Any] = {"template": {"settings": {"index": {"refresh_interval": "5s"}}}}
    fake.objects["component_template"]["traces-apm@custom"] = dict(theirs)
    with connected(TRACED, fake) as (api, documents), pytest.raises(RefusedError) as refused:
        send(api, documents["component_template traces-apm@custom"])
    assert str(refused.value) == (
        "there is a component template traces-apm@custom that is not this project's; to take it over, run "
        "`monmc adopt elasticsearch component_template traces-apm@custom traces-apm@custom`"
    )
    assert fake.objects["component_template"] == {"traces-apm@custom": theirs}


def test_a_stream_of_another_project_is_not_taken(fake: FakeElastic) -> None:
    with connected(SPEC.replace("project: shop", "project: bakery"), fake) as (api, documents):
        document = documents["ingest_pipeline logs-shop_web-production"]
        theirs = Owner("bakery", "production", "logs-shop_web-production")
        made = api.create("ingest_pipeline", document.content, theirs, "r1")
        assert made.owner == theirs
    with connected(SPEC, fake) as (api, documents):
        with pytest.raises(RefusedError, match="logs-shop_web-production of bakery/production: two projects on one"):
            send(api, documents["ingest_pipeline logs-shop_web-production"])
        assert lives(api)["ingest_pipeline logs-shop_web-production"].owner == theirs


def test_no_name_can_change(fake: FakeElastic) -> None:
    with connected(STREAMS, fake) as (api, documents):
        found = push(api, documents)
        with pytest.raises(RefusedError, match="logs-shop_jobs-production is to be called logs-shop_web-production"):
            api.update(
                found["index_template logs-shop_jobs-production"],
                documents[TEMPLATE].content,
                owner(documents[TEMPLATE]),
                "r2",
            )


def test_what_changed_meanwhile_is_not_overwritten(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        live = push(api, documents)["ilm_policy shop-production-logs-90d"]
        fake.objects["ilm_policy"][live.id]["policy"]["phases"]["delete"]["min_age"] = "1d"
        with pytest.raises(ConflictError, match="shop-production-logs-90d has changed since it was read"):
            api.update(live, documents["ilm_policy shop-production-logs-90d"].content, live.owner, "r2")


def test_what_is_in_use_stays_and_elasticsearch_says_by_what(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        found = push(api, documents)
        fake.streams.add("logs-shop_web-production")
        told = {}
        for name in (TEMPLATE, "component_template shop-production-logs", "ilm_policy shop-production-logs-30d"):
            with pytest.raises(RefusedError) as refused:
                api.delete(found[name])
            told[name] = str(refused.value).partition(": ")[2]
    assert told == {
        TEMPLATE: "unable to remove composable templates [logs-shop_web-production] as they are in use by a data "
        "streams [logs-shop_web-production]",
        "component_template shop-production-logs": "component templates [shop-production-logs] cannot be removed as "
        "they are still in use by index templates [logs-shop_jobs-production, logs-shop_web-production, "
        "logs-shop_web.error-production]",
        "ilm_policy shop-production-logs-30d": "Cannot delete policy [shop-production-logs-30d]. It is in use by one "
        "or more indices: [.ds-logs-shop_web-production-000001]",
    }


def test_a_kept_body_makes_it_again(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, documents):
        found = push(api, documents)
        before = dict(fake.objects["index_template"])
        live = found[TEMPLATE]
        body = api.restorable(live)
        api.delete(live)
        api.delete(live)
        assert TEMPLATE not in lives(api)
        api.create("index_template", body, None, "")
        assert fake.objects["index_template"] == before
        assert lives(api)[TEMPLATE].revision == "r1"
        with pytest.raises(
            RefusedError, match="there is an index template logs-shop_web-production of shop/production"
        ):
            api.create("index_template", body, None, "")


def test_credentials_are_those_of_the_spec(fake: FakeElastic) -> None:
    named = SPEC.replace('api_key: "${secret:ELASTIC_API_KEY}"', 'username: ann\n    password: "${secret:PASS}"')
    for spec, sent in (
        (SPEC, f"ApiKey {KEY}"),
        (named, f"Basic {base64.b64encode(b'ann:s3cret').decode()}"),
        (SPEC.replace('    api_key: "${secret:ELASTIC_API_KEY}"\n', ""), None),
    ):
        with connected(spec, fake, {**ENVIRON, "PASS": "s3cret"}) as (api, _):
            if sent == f"ApiKey {KEY}":
                assert list(api.list("index_template")) == []
            else:
                with pytest.raises(UnauthorisedError, match="unable to authenticate with provided credentials"):
                    list(api.list("index_template"))
        assert fake.requests[-1].headers.get("authorization") == sent


def checks(api: Any) -> list[Check]:
    return list(api.health())


def test_health_tells_of_both(fake: FakeElastic) -> None:
    with connected(SPEC, fake) as (api, _):
        assert checks(api) == [
            Check("Elasticsearch", ok=True, detail="9.1.3 answers"),
            Check("privileges", ok=True, detail="all that a push needs"),
            Check("Kibana", ok=True, detail="9.1.3 is available"),
            Check("rules of Kibana", ok=True, detail="can be made"),
            Check("connector Pager", ok=True),
            Check("connector Shop Slack", ok=True),
        ]
        fake.version, fake.missing_privileges, fake.rules.sound = "8.15.0", {"manage_ilm"}, False
        fake.rules.connectors.pop()
    with connected(SPEC, fake) as (api, _):
        unwell = [each for each in checks(api) if not each.ok]
    make = (
        "make a connector `Pager` in Kibana (Stack Management, Connectors), or correct `teams.NAME.kibana`: "
        "monmc makes none, because they hold credentials"
    )
    assert unwell == [
        Check(
            "Elasticsearch",
            ok=False,
            detail="8.15.0, and the spec is for 9.1",
            help="write its version in `targets.elasticsearch.version`, or upgrade it",
        ),
        Check(
            "privileges",
            ok=False,
            detail="without manage_ilm",
            help="give them to the role of the API key or the user",
        ),
        Check(
            "rules of Kibana",
            ok=False,
            detail="cannot be made: Kibana has no encryption key that lasts, or no TLS",
            help="set `xpack.encryptedSavedObjects.encryptionKey` in kibana.yml",
        ),
        Check("connector Pager", ok=False, help=make),
    ]


def test_health_of_wrong_credentials(fake: FakeElastic) -> None:
    with connected(SPEC, fake, {"ELASTIC_API_KEY": "wrong"}) as (api, _):
        found = checks(api)
    assert [(each.subject, each.ok, each.help) for each in found] == [
        ("Elasticsearch", False, "write `api_key`, or `username` and `password`, under `targets.elasticsearch`"),
        ("Kibana", False, "write `api_key`, or `username` and `password`, under `targets.elasticsearch`"),
        ("connector Pager", False, ""),
        ("connector Shop Slack", False, ""),
    ]


@pytest.mark.parametrize(
    ("meta", "found"),
    [
        ({"managed_by": "monmc", "owner": "shop/production/logs.web"}, Owner("shop", "production", "logs-web")),
        ({"managed_by": "ann", "owner": "shop/production/logs.web"}, None),
        ({"managed_by": "monmc", "owner": "shop"}, None),
        ({"managed_by": "monmc"}, None),
        ("monmc", None),
        (None, None),
    ],
)
def test_whose_an_object_is(meta: object, found: Owner | None) -> None:
    assert owner_of_meta(meta, "logs-web") == found


SETTINGS = st.recursive(
    st.one_of(st.booleans(), st.integers(-5, 5), st.sampled_from(["30d", "true", ""])),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "lifecycle", "mapping"]), inner, min_size=1),
    max_leaves=6,
)


@given(settings=st.dictionaries(st.sampled_from(["index", "number_of_replicas", "mapping"]), SETTINGS))
def test_settings_are_the_same_in_every_form(settings: dict[str, Any]) -> None:
    # Elasticsearch has settings below `index` only once.
    if isinstance(settings.get("index"), dict) and settings.keys() & settings["index"].keys():
        del settings["index"]
    if not isinstance(settings.get("index", {}), dict):
        del settings["index"]
    body = {"template": {"settings": settings}}
    there = kept("component_template", {"template": {"settings": dict(settings)}})
    assert normal("component_template", there) == normal("component_template", body)


def test_without_an_address_there_is_nothing_to_push_to() -> None:
    unsaid = project(SPEC.replace("    url: http://elasticsearch:9200\n", ""), "production")
    with pytest.raises(RefusedError, match=r"write `url` under `targets\.elasticsearch`"):
        connect(unsaid, Connection({}, ENVIRON))
