"""Data sources in Grafana's API: secrets go in and never come out."""

from __future__ import annotations

import pytest

from skillforge_mon.remote.errors import ConflictError, RefusedError
from skillforge_mon.remote.live import Live, Owner
from tests.backends.grafana.live import Pushing, pushing, running, spec

SECRET = spec(
    'prometheus_token: "${secret:PROMETHEUS_TOKEN}", loki_url: "http://loki:${secret:LOKI_WORD}@loki", '
    "alertmanager_url: http://alertmanager"
)
SECRETS = {"PROMETHEUS_TOKEN": "the-first-secret", "LOKI_WORD": "the-second-secret"}
UID = "shop-prometheus"
OWNER = Owner("shop", "default", UID)


def source(pushed: Pushing, uid: str = UID) -> Live:
    """The data source as it is on the server."""
    found = pushed.api.read("datasource", uid)
    assert found is not None
    return found


def test_a_data_source_says_whose_it_is_in_a_setting_that_grafana_keeps() -> None:
    with running() as server:
        pushed = pushing(server, spec(), "production")
        pushed.push()
        live = source(pushed, "shop-production-prometheus")
        assert live.owner == Owner("shop", "production", "shop-production-prometheus")
        assert live.body["jsonData"]["monmc"] == f"shop/production {live.revision}"
        assert pushing(server, spec()).api.read("datasource", live.id) == Live(
            "datasource", live.id, live.name, live.body
        )


def test_secrets_are_sent_and_neither_shown_nor_compared() -> None:
    with running() as server:
        pushed = pushing(server, SECRET, **SECRETS)
        pushed.push()
        assert server.secrets[UID] == {"httpHeaderValue1": "Bearer the-first-secret"}
        assert server.sources["shop-loki"]["url"] == "http://loki:the-second-secret@loki"
        assert (pushed.push(), pushed.differences()) == ([], [])
        other = pushing(server, SECRET, **SECRETS | {"LOKI_WORD": "the-third-secret"})
        ((_, found, wanted),) = other.differences()
        assert (found["url"], wanted["url"]) == ("[hidden]", "http://loki:${secret:LOKI_WORD}@loki")
        assert found | {"url": ""} == wanted | {"url": ""}
        assert other.push() == ["update datasource Loki (shop)"]
        assert server.sources["shop-loki"]["url"] == "http://loki:the-third-secret@loki"


def test_further_data_sources_are_pushed_with_their_secrets() -> None:
    text = spec('sources: {datadog: {type: grafana-datadog-datasource, secrets: {apiKey: "${secret:DD_API_KEY}"}}}')
    with running() as server:
        pushed = pushing(server, text, DD_API_KEY="the-key")
        pushed.push()
        assert server.sources["shop-source-datadog"]["type"] == "grafana-datadog-datasource"
        assert server.secrets["shop-source-datadog"] == {"apiKey": "the-key"}
        assert (pushed.push(), pushed.differences()) == ([], [])


def test_a_secret_that_is_not_there_yet_is_a_difference() -> None:
    with running() as server:
        pushing(server, spec()).push()
        pushed = pushing(server, spec('prometheus_token: "${secret:PROMETHEUS_TOKEN}"'), **SECRETS)
        assert pushed.push() == ["update datasource Prometheus (shop)"]
        assert pushed.push() == []


def test_what_somebody_switched_on_is_seen() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        server.sources[UID] |= {"basicAuth": True, "basicAuthUser": "ann"}
        ((_, found, wanted),) = pushed.differences()
        assert found == wanted | {"basicAuth": True, "basicAuthUser": "ann"}


def test_a_data_source_that_changed_after_it_was_read_is_not_overwritten() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        read = source(pushed)
        server.sources[UID]["version"] += 1
        (document,) = pushed.resources("datasource")
        with pytest.raises(ConflictError):
            pushed.api.update(read, document[1], OWNER, "r2")


def test_a_data_source_from_a_file_is_refused_in_words_that_help() -> None:
    words = (
        "the data source Prometheus (shop) comes from a file on the server, and only that file can change it: "
        "take it out of there, or leave data sources to files"
    )
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        server.sources[UID]["readOnly"] = True
        del server.sources[UID]["jsonData"]["monmc"]
        found = source(pushed)
        for attempt in (pushed.push, lambda: pushed.api.update(found, {}, OWNER, ""), lambda: pushed.api.delete(found)):
            with pytest.raises(RefusedError) as refused:
                attempt()
            assert str(refused.value) == words


def test_a_data_source_of_somebody_else_is_left_alone() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        del server.sources[UID]["jsonData"]["monmc"]
        with pytest.raises(RefusedError) as refused:
            pushed.push()
        assert str(refused.value) == (
            "there is a data source Prometheus (shop) with the uid shop-prometheus that monmc did not make"
        )


def test_a_deleted_data_source_can_be_made_again_from_what_was_kept() -> None:
    with running() as server:
        pushed = pushing(server, spec())
        pushed.push()
        live = source(pushed)
        kept = pushed.api.restorable(live)
        pushed.api.delete(live)
        assert pushed.api.read("datasource", UID) is None
        assert pushed.api.create("datasource", kept, OWNER, live.revision).owner == OWNER
        assert pushed.push() == []
