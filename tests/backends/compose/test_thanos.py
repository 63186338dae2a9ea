"""Thanos in the compose file: a sidecar beside each replica, one querier over them, and what an object store needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from skillforge_mon.compiler import compile_project, write
from tests.backends.compose.schema import SCHEMA
from tests.backends.deployment.emitted import built, deployed, page
from tests.backends.deployment.scaled import READING, SPEC
from tests.real.single_program import compose_config

PATH = "compose/compose.yaml"
COMPOSE = "  compose: {}\n"
BUCKET = "--objstore.config-file=/etc/thanos/secrets/thanos-bucket"
MOUNTED = [{"source": "thanos-bucket", "target": "/etc/thanos/secrets/thanos-bucket"}]


def content(text: str, folder: Path) -> Any:
    """The compose file of a whole build of ``text``, which reports nothing."""
    documents, reported = built(text + COMPOSE, folder)
    assert reported == []
    jsonschema.validate(documents[PATH].content, SCHEMA)
    return documents[PATH].content


def commands(services: Any) -> dict[str, list[str]]:
    return {name: each["command"] for name, each in services.items() if each["image"].startswith("quay.io/thanos/")}


def endpoints(*addresses: str) -> str:
    listed = json.dumps({"endpoints": [{"address": address} for address in addresses]})
    return f"--endpoint.sd-config={listed}"


def test_with_an_object_store_blocks_are_uploaded_compacted_and_read(tmp_path: Path) -> None:
    services = content(SPEC, tmp_path)["services"]
    sidecar = ["sidecar", "--tsdb.path=/prometheus", "--prometheus.url=http://127.0.0.1:9090", BUCKET]
    kept = [f"--retention.resolution-{resolution}=400d" for resolution in ("raw", "5m", "1h")]
    assert commands(services) == {
        "thanos-sidecar": sidecar,
        "thanos-sidecar-2": sidecar,
        "thanos-store": ["store", "--data-dir=/var/thanos", BUCKET],
        "thanos-compact": ["compact", "--data-dir=/var/thanos", "--wait", *kept, BUCKET],
        "thanos-query": [
            "query",
            "--query.replica-label=replica",
            endpoints("prometheus:10901", "prometheus-2:10901", "thanos-store:10901"),
            "--query.auto-downsampling",
        ],
    }
    for name in ("prometheus", "prometheus-2"):
        assert [flag for flag in services[name]["command"] if "block-duration" in flag] == [
            "--storage.tsdb.min-block-duration=2h",
            "--storage.tsdb.max-block-duration=2h",
        ]


def test_a_sidecar_shares_the_network_and_the_data_of_its_replica(tmp_path: Path) -> None:
    assert content(SPEC, tmp_path)["services"]["thanos-sidecar-2"] == {
        "image": "quay.io/thanos/thanos:v0.42.4",
        "command": ["sidecar", "--tsdb.path=/prometheus", "--prometheus.url=http://127.0.0.1:9090", BUCKET],
        "volumes": [{"type": "volume", "source": "prometheus-2-data", "target": "/prometheus"}],
        "secrets": MOUNTED,
        "healthcheck": {
            "test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:10902/-/ready"],
            "interval": "30s",
            "timeout": "5s",
            "retries": 3,
            "start_period": "1m",
        },
        "depends_on": {"prometheus-2": {"condition": "service_healthy"}},
        "network_mode": "service:prometheus-2",
        "cap_drop": ["ALL"],
        "user": "65534:65534",
        "security_opt": ["no-new-privileges:true"],
        "restart": "unless-stopped",
    }


def test_folders_of_thanos_are_given_to_its_user_and_only_the_querier_is_published(tmp_path: Path) -> None:
    found = content(SPEC, tmp_path)
    owners = {name: each["command"] for name, each in found["services"].items() if name.endswith("-owner")}
    assert owners == {
        "thanos-store-owner": ["chown", "1001:1001", "/var/thanos"],
        "thanos-compact-owner": ["chown", "1001:1001", "/var/thanos"],
    }
    assert {name: each["ports"] for name, each in found["services"].items() if "ports" in each} == {
        "prometheus": ["127.0.0.1:9090:9090"],
        "grafana": ["127.0.0.1:3000:3000"],
        "thanos-query": ["127.0.0.1:10902:10902"],
    }
    assert [*found["volumes"]] == [
        "prometheus-data",
        "prometheus-2-data",
        "grafana-data",
        "thanos-store-data",
        "thanos-compact-data",
    ]


def test_grafana_waits_for_what_it_asks(tmp_path: Path) -> None:
    services = content(SPEC, tmp_path)["services"]
    assert services["grafana"]["depends_on"] == {
        "prometheus": {"condition": "service_healthy"},
        "thanos-query": {"condition": "service_healthy"},
    }


def test_without_an_object_store_thanos_only_reads(tmp_path: Path) -> None:
    found = content(READING, tmp_path)
    assert commands(found["services"]) == {
        "thanos-sidecar": ["sidecar", "--tsdb.path=/prometheus", "--prometheus.url=http://127.0.0.1:9090"],
        "thanos-sidecar-2": ["sidecar", "--tsdb.path=/prometheus", "--prometheus.url=http://127.0.0.1:9090"],
        "thanos-query": [
            "query",
            "--query.replica-label=replica",
            endpoints("prometheus:10901", "prometheus-2:10901"),
        ],
    }
    assert "secrets" not in found
    assert [flag for flag in found["services"]["prometheus"]["command"] if "block-duration" in flag] == []


@pytest.mark.parametrize(("kept", "downsamples"), [("10d", True), ("9d", False)])
def test_what_is_kept_for_less_than_ten_days_is_not_downsampled(tmp_path: Path, kept: str, downsamples: bool) -> None:
    services = content(SPEC.replace("400d", kept), tmp_path)["services"]
    assert ("--downsampling.disable" in services["thanos-compact"]["command"]) == (not downsamples)


def test_one_server_of_another_name_has_a_sidecar_too() -> None:
    text = SPEC.replace("replicas: 2", 'url: "http://localhost:9091"').replace(
        '{prometheus_url: "http://thanos-query:10902"}', '{prometheus_url: "http://prom:9090"}'
    )
    files, reported = deployed("compose", text + COMPOSE, [page("prometheus/prometheus.yml")])
    services = files[PATH]["services"]
    assert reported == []
    assert services["thanos-sidecar"]["network_mode"] == "service:prom"
    assert services["thanos-query"]["command"][1] == endpoints("prom:10901", "thanos-store:10901")


def test_a_prometheus_that_runs_elsewhere_has_no_sidecar_here() -> None:
    text = SPEC + "  compose: {without: [prometheus], ports: {thanos-sidecar: 1234, thanos-store: 1235}}\n"
    files, reported = deployed("compose", text, [page("prometheus/prometheus.yml")])
    services = files[PATH]["services"]
    assert reported == []
    assert "thanos-sidecar" not in services
    assert services["thanos-query"]["command"][2] == endpoints("thanos-store:10901")
    assert services["thanos-store"]["ports"] == ["127.0.0.1:1235:10902"]


def test_a_companion_publishes_nothing() -> None:
    text = SPEC + "  compose: {ports: {thanos-sidecar: 1234}}\n"
    files, _ = deployed("compose", text, [page("prometheus/prometheus.yml")])
    assert "ports" not in files[PATH]["services"]["thanos-sidecar"]


def test_the_real_compose_reads_it(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(SPEC + COMPOSE, encoding="utf-8")
    write(compile_project(spec), tmp_path / "generated")
    result = compose_config(tmp_path / "generated/shop/default" / PATH, {"MONMC_SECRETS_DIR": "/secrets"})
    assert result.exit_code == 0, result.output
    read = yaml.safe_load(result.output)
    assert read["secrets"]["thanos-bucket"]["file"] == "/secrets/THANOS_BUCKET"
    assert json.loads(read["services"]["thanos-query"]["command"][2].partition("=")[2]) == {
        "endpoints": [{"address": f"{name}:10901"} for name in ("prometheus", "prometheus-2", "thanos-store")]
    }
