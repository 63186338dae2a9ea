"""Prometheus at scale: agents, replicas, federation, long-term stores. promtool of both generations reads it all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backends.deployment.emitted import deployed
from tests.backends.kubernetes.objects import valid
from tests.backends.prometheus.emitting import emitted
from tests.real.generation import GENERATIONS
from tests.real.tools import _run, promtool_check_config, tools

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {version: "VERSION", SETTINGS}
metrics:
  jobs: {type: gauge, help: Jobs}
recordings:
  mean: {record: "jobs:mean", expr: avg(jobs)}
"""
CONFIGURATION = "prometheus/prometheus.yml"
FLAGS = "prometheus/prometheus.flags"


def spec(settings: str, version: str = "3.5") -> str:
    return SPEC.replace("VERSION", version).replace("SETTINGS", settings)


def config(settings: str, version: str = "3.5") -> Any:
    return emitted(spec(settings, version)).data(CONFIGURATION)


AGENT = "mode: agent, retention: 30d, experimental_functions: true, remote_write: 'http://mimir/api/v1/push'"


@pytest.mark.parametrize(("version", "flag"), [("2.53", "--enable-feature=agent\n"), ("3.5", "--agent\n")])
def test_an_agent_scrapes_and_sends_on_and_does_nothing_else(version: str, flag: str) -> None:
    found = emitted(spec(AGENT, version))
    assert set(found.data(CONFIGURATION)) == {"global", "scrape_configs", "remote_write"}
    assert found.text(FLAGS) == flag


def test_the_rules_of_an_agent_are_there_for_whoever_evaluates_them() -> None:
    assert "prometheus/rules/recordings.yml" in emitted(spec(AGENT)).documents


def test_another_server_is_read_as_it_is() -> None:
    settings = "federation: [{targets: ['eu:9090', 'us:9090'], interval: 30s, bearer_token: '${secret:TOKEN}'}, {targets: 'x:1', job: other, match: ['up', '{a=\"b\"}'], scheme: https}]"
    jobs = {job["job_name"]: job for job in config(settings)["scrape_configs"]}
    assert jobs["federate"] == {
        "job_name": "federate",
        "scrape_interval": "30s",
        "honor_labels": True,
        "metrics_path": "/federate",
        "params": {"match[]": ['{__name__=~".+:.+"}']},
        "authorization": {"credentials_file": "/etc/prometheus/secrets/token"},
        "static_configs": [{"targets": ["eu:9090", "us:9090"]}],
    }
    assert jobs["other"] == {
        "job_name": "other",
        "scheme": "https",
        "honor_labels": True,
        "metrics_path": "/federate",
        "params": {"match[]": ["up", '{a="b"}']},
        "static_configs": [{"targets": ["x:1"]}],
    }


@pytest.mark.parametrize(
    ("federation", "jobs"),
    [
        ("['eu:9090', 'us:9090']", {"federate": ["eu:9090", "us:9090"]}),
        (
            "['eu:9090', {targets: 'us:9090', match: [up]}, 'asia:9090', {targets: 'cn:9090', match: [up]}]",
            {"federate": ["eu:9090", "asia:9090"], "federate-2": ["us:9090", "cn:9090"]},
        ),
        ("[{targets: 'eu:9090', job: web}]", {"web-2": ["eu:9090"]}),
        ("[{targets: 'eu:9090', job: prometheus}]", {"prometheus-2": ["eu:9090"]}),
    ],
)
def test_every_other_server_is_read(federation: str, jobs: dict[str, list[str]]) -> None:
    text = spec(f"federation: {federation}") + "services:\n  web: {scrape: 'web:80'}\n"
    written = emitted(text).data(CONFIGURATION)["scrape_configs"]
    read = {each["job_name"]: each for each in written if each.get("metrics_path") == "/federate"}
    assert {name: [*each["static_configs"][0]["targets"]] for name, each in read.items()} == jobs
    assert {"web", "prometheus"} <= {each["job_name"] for each in written}


REPLICAS = "replicas: 2, external_labels: {cluster: eu, price: 5$}"


@pytest.mark.parametrize(("version", "flags"), [("2.53", "--enable-feature=expand-external-labels\n"), ("3.5", None)])
def test_replicas_have_a_label_that_alertmanager_does_not_see(version: str, flags: str | None) -> None:
    found = emitted(spec(REPLICAS, version))
    data = found.data(CONFIGURATION)
    assert data["global"]["external_labels"] == {"cluster": "eu", "price": "5$$", "replica": "${REPLICA}"}
    assert data["alerting"] == {
        "alert_relabel_configs": [{"regex": "replica", "action": "labeldrop"}],
        "alertmanagers": [{"static_configs": [{"targets": ["alertmanager:9093"]}]}],
    }
    assert (found.text(FLAGS) if FLAGS in found.documents else None) == flags


DROPPED = {"regex": "replica", "action": "labeldrop"}


@pytest.mark.parametrize(
    ("kind", "headers", "relabeling"),
    [
        (
            "mimir",
            {"X-Scope-OrgID": "shop"},
            [{"source_labels": ["replica"], "target_label": "__replica__", "action": "replace"}, DROPPED],
        ),
        ("thanos", {"THANOS-TENANT": "shop"}, None),
        ("victoriametrics", None, [DROPPED]),
        (None, {"X-Scope-OrgID": "shop"}, None),
    ],
)
def test_each_store_tells_replicas_and_tenants_apart_in_its_own_way(
    kind: str | None, headers: Any, relabeling: Any
) -> None:
    of_kind = f", kind: {kind}" if kind else ""
    tenant = "" if kind == "victoriametrics" else ", tenant: shop"
    (store,) = config(f"{REPLICAS}, remote_write: {{url: 'http://store/write'{of_kind}{tenant}}}")["remote_write"]
    assert (store.get("headers"), store.get("write_relabel_configs")) == (headers, relabeling)


def test_a_label_that_is_mimirs_own_needs_no_other() -> None:
    settings = "replicas: 2, replica_label: __replica__, external_labels: {cluster: eu}, remote_write: {url: 'http://m/w', kind: mimir}"
    assert "write_relabel_configs" not in config(settings)["remote_write"][0]


QUEUE = "remote_write: {url: 'http://store/write', only: ['slo:.+', up], queue: {capacity: 5000, max_shards: 20, batch_send_deadline: 10s}}"


def test_the_queue_is_as_the_spec_says_and_only_some_metrics_are_sent() -> None:
    (store,) = config(QUEUE)["remote_write"]
    assert store == {
        "url": "http://store/write",
        "write_relabel_configs": [{"source_labels": ["__name__"], "regex": "slo:.+|up", "action": "keep"}],
        "queue_config": {"capacity": 5000, "max_shards": 20, "batch_send_deadline": "10s"},
    }


ALL = f"{REPLICAS}, {QUEUE.replace('queue:', 'kind: mimir, tenant: shop, queue:')}, federation: ['eu:9090']"


@pytest.mark.parametrize("name", GENERATIONS)
@pytest.mark.parametrize("mode", ["server", "agent"])
def test_promtool_reads_it(name: str, mode: str, tmp_path: Path) -> None:
    generation = tools(name)
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    file = emitted(spec(f"{ALL}, mode: {mode}", version)).write(tmp_path)
    plain = promtool_check_config(generation, file)
    assert plain.exit_code == 0, plain.output
    as_agent = _run(generation.promtool, "check", "config", "--agent", file)
    assert (as_agent.exit_code == 0) == (mode == "agent"), as_agent.output


KUBERNETES = """\
deploy:
  kubernetes: {}
  compose: {}
"""


def documents(text: str) -> Any:
    return list(emitted(text).documents.values())


def test_replicas_run_under_names_of_their_own() -> None:
    text = spec(REPLICAS)
    files, reported = deployed("compose", text + KUBERNETES, documents(text))
    assert reported == []
    services = files["compose/compose.yaml"]["services"]
    assert {
        name: (each["environment"], each.get("ports"), each["volumes"][-1]["source"]) for name, each in services.items()
    } == {
        "prometheus": ({"REPLICA": "prometheus"}, ["127.0.0.1:9090:9090"], "prometheus-data"),
        "prometheus-2": ({"REPLICA": "prometheus-2"}, None, "prometheus-2-data"),
    }
    files, _ = deployed("kubernetes", text + KUBERNETES, documents(text))
    stateful = files["kubernetes/base/prometheus-statefulset.yaml"]
    valid([stateful, files["kubernetes/base/prometheus-service.yaml"]])
    assert stateful["spec"]["replicas"] == 2
    assert stateful["spec"]["template"]["spec"]["containers"][0]["env"] == [
        {"name": "REPLICA", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    ]
    assert files["kubernetes/base/prometheus-service.yaml"]["spec"]["sessionAffinity"] == "ClientIP"


def test_an_agent_is_started_as_one() -> None:
    text = spec(AGENT)
    files, _ = deployed("compose", text + KUBERNETES, documents(text))
    assert files["compose/compose.yaml"]["services"]["prometheus"]["command"] == [
        "--config.file=/monmc/default/prometheus/prometheus.yml",
        "--storage.agent.path=/prometheus",
        "--web.enable-lifecycle",
        "--agent",
    ]
