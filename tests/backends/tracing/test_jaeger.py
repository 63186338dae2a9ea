"""Jaeger's configuration: what the vendor takes, and how well each store forgets in time."""

from __future__ import annotations

from typing import cast

import pytest
import yaml
from pydantic import BaseModel

from skillforge_mon.backends.jaeger.storage import lifecycle_policy
from skillforge_mon.documents.document import Document, Grade
from skillforge_mon.documents.render import render
from skillforge_mon.spec.quantities import Duration
from tests.backends.tracing.compiled import CASES, case, documents
from tests.backends.tracing.jaeger_schema import JaegerConfiguration, LifecyclePolicy, Strategies

HEAD = """\
version: 1
project: shop
targets: {jaeger: {storage: STORAGE}}
services: {web: {}, api: {}}
traces: {}
"""
RETENTION = "retention: {traces: 14d}\n"
STORAGES = {
    "memory": "memory",
    "memory of another size": "{kind: memory, max_traces: 50}",
    "badger": "badger",
    "elasticsearch": "elasticsearch",
    "opensearch": '{kind: opensearch, servers: ["https://a:9200", "https://b:9200"]}',
    "cassandra": '{kind: cassandra, servers: a, username: jaeger, password: "${secret:CASSANDRA}"}',
}


def files(text: str) -> dict[str, Document]:
    return {document.path: document for document in documents(text, backends=("jaeger",))}


@pytest.mark.parametrize("retention", ["", RETENTION], ids=["usual", "14d"])
@pytest.mark.parametrize("storage", STORAGES.values(), ids=STORAGES)
def test_jaeger_takes_every_store(storage: str, retention: str) -> None:
    made = files(HEAD.replace("STORAGE", storage) + retention)
    JaegerConfiguration.model_validate(yaml.safe_load(render(made["jaeger/config.yaml"])))


@pytest.mark.parametrize("name", [name for name in CASES if name != "small"])
def test_jaeger_takes_the_cases(name: str) -> None:
    for document in documents(case(name), CASES[name], backends=("jaeger",)):
        model = {
            "jaeger/config.yaml": JaegerConfiguration,
            "jaeger/sampling-strategies.json": Strategies,
            "jaeger/ilm-policy.json": LifecyclePolicy,
        }[document.path]
        cast("type[BaseModel]", model).model_validate(yaml.safe_load(render(document)))


@pytest.mark.parametrize(
    ("servers", "written"),
    [
        ("", ["cassandra:9042"]),
        (", servers: [a, 'b:9043', '10.0.0.1']", ["a:9042", "b:9043", "10.0.0.1:9042"]),
        (", servers: '${env:CASSANDRA}'", ["${env:CASSANDRA}"]),
    ],
    ids=["the usual one", "some with a port", "a reference"],
)
def test_servers_of_cassandra_have_ports(servers: str, written: list[str]) -> None:
    made = files(HEAD.replace("STORAGE", f"{{kind: cassandra{servers}}}"))
    content = yaml.safe_load(render(made["jaeger/config.yaml"]))
    cassandra = content["extensions"]["jaeger_storage"]["backends"]["main"]["cassandra"]
    assert cassandra["connection"]["servers"] == written


@pytest.mark.parametrize(
    ("storage", "grade", "reason"),
    [
        (
            "memory",
            Grade.UNTRANSLATABLE,
            "it keeps the last 100000 traces, however old they are, not those of the last 14d",
        ),
        ("badger", Grade.EXACT, ""),
        (
            "elasticsearch",
            Grade.APPROXIMATE,
            "Jaeger deletes nothing in Elasticsearch: its policy `shop-traces` (jaeger/ilm-policy.json) does after 14d",
        ),
        (
            "opensearch",
            Grade.APPROXIMATE,
            "Jaeger deletes nothing in OpenSearch; a policy `shop-traces` of its index state management must",
        ),
        (
            "cassandra",
            Grade.APPROXIMATE,
            "only tables that Jaeger makes itself forget traces after 14d; others stay as they are",
        ),
    ],
)
def test_a_store_says_how_well_it_forgets_in_time(storage: str, grade: Grade, reason: str) -> None:
    (verdict,) = files(HEAD.replace("STORAGE", storage) + RETENTION)["jaeger/config.yaml"].verdicts
    assert (verdict.object_id, verdict.grade, verdict.reason) == ("targets.jaeger", grade, reason)


@pytest.mark.parametrize("storage", ["memory", "badger", "elasticsearch", "opensearch", "cassandra"])
def test_where_no_time_is_said_none_is_missed(storage: str) -> None:
    (verdict,) = files(HEAD.replace("STORAGE", storage))["jaeger/config.yaml"].verdicts
    assert verdict.grade is Grade.EXACT


@pytest.mark.parametrize(
    ("kept", "rollover", "delete"),
    [("30d", "1d", "29d"), ("36h", "18h", "18h"), ("2d", "1d", "1d"), ("1h", "30m", "30m")],
)
def test_an_index_goes_when_its_oldest_trace_is_as_old_as_is_kept(kept: str, rollover: str, delete: str) -> None:
    policy = LifecyclePolicy.model_validate(lifecycle_policy(Duration.parse(kept))).policy
    assert (policy.phases.hot.actions.rollover.max_age, policy.phases.delete.min_age) == (rollover, delete)


def test_an_older_jaeger_is_refused() -> None:
    text = HEAD.replace("{storage: STORAGE}", '{version: "2.19"}')
    (verdict,) = files(text)["jaeger/config.yaml"].verdicts
    assert (verdict.grade, verdict.reason) == (
        Grade.UNTRANSLATABLE,
        "Jaeger 2.19 does not read what monmc writes; 2.20 is the first that does",
    )


@pytest.mark.parametrize(
    ("sampling", "written"),
    [("100%", False), ("10%", True), ("{services: {api: 10%}}", True)],
)
def test_clients_are_told_what_to_keep_where_not_everything_is(sampling: str, written: bool) -> None:
    made = files(HEAD.replace("STORAGE", "badger").replace("traces: {}", f"traces: {{sampling: {sampling}}}"))
    assert ("jaeger/sampling-strategies.json" in made) == written


def test_where_a_collector_decides_clients_are_told_nothing() -> None:
    text = HEAD.replace("{storage: STORAGE}", "{}, collector: {}").replace("traces: {}", "traces: {sampling: 10%}")
    assert list(files(text)) == ["jaeger/config.yaml"]
