"""Exporters are what `exporters` declares: with their files, their secrets, and what is different where they are run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from skillforge_mon.compiler import compile_project, write
from tests.backends.compose.schema import SCHEMA
from tests.backends.deployment.emitted import built, deployed, page
from tests.backends.deployment.exporting import SPEC
from tests.real.single_program import compose_config

PATH = "compose/compose.yaml"
TEXT = SPEC.replace("TARGET", "")
COMPOSE = "  compose: {networks: [shop_default]}\n"
LEAST = "version: 1\nproject: shop\ntargets:\n  prometheus: {}\n"
CONFIGURED = [page("prometheus/prometheus.yml")]


@pytest.fixture
def services(tmp_path: Path) -> Any:
    documents, reported = built(TEXT + COMPOSE, tmp_path)
    assert reported == []
    content: Any = documents[PATH].content
    jsonschema.validate(content, SCHEMA)
    return content["services"]


def checked(port: int, path: str) -> dict[str, Any]:
    test = ["CMD", "wget", "-q", "-O", "/dev/null", f"http://127.0.0.1:{port}{path}"]
    return {"test": test, "interval": "30s", "timeout": "5s", "retries": 3, "start_period": "1m"}


def test_an_exporter_is_told_what_its_declaration_says_whatever_its_host_is_called(services: Any) -> None:
    assert services["cache-metrics"] == {
        "image": "oliver006/redis_exporter:v1.88.0-alpine",
        "entrypoint": [
            "/bin/sh",
            "-c",
            'set -e; REDIS_PASSWORD="$$(cat /run/secrets/redis-password)"; export REDIS_PASSWORD; exec "$$@"',
            "sh",
            "/redis_exporter",
        ],
        "command": ["--include-system-metrics"],
        "environment": {"REDIS_ADDR": "redis://redis:6379"},
        "secrets": [{"source": "redis-password", "target": "/run/secrets/redis-password"}],
        "healthcheck": checked(9121, "/health"),
        "networks": ["monitoring", "shop_default"],
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "restart": "unless-stopped",
    }


def test_sql_exporter_has_its_queries_and_reads_its_connection_from_a_secret(services: Any) -> None:
    script = (
        'set -e; SQLEXPORTER_TARGET_DSN="$$(cat /run/secrets/orders-dsn)"; export SQLEXPORTER_TARGET_DSN; exec "$$@"'
    )
    assert services["sql-exporter"] == {
        "image": "burningalchemist/sql_exporter:0.18.0",
        "entrypoint": ["/bin/sh", "-c", script, "sh", "/bin/sql_exporter"],
        "command": ["--config.file=/monmc/default/exporters/orders/sql_exporter.yml"],
        "environment": {"SQLEXPORTER_TARGET_COLLECTORS": "orders;customers"},
        "volumes": [{"type": "bind", "source": "../..", "target": "/monmc", "read_only": True}],
        "secrets": [{"source": "orders-dsn", "target": "/run/secrets/orders-dsn"}],
        "healthcheck": checked(9399, "/healthz"),
        "networks": ["monitoring", "shop_default"],
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "restart": "unless-stopped",
    }


def test_json_exporter_has_its_documents_and_its_tokens_where_it_looks_for_them(services: Any) -> None:
    found = services["json-exporter"]
    assert found["image"] == "quay.io/prometheuscommunity/json-exporter:v0.7.0"
    assert found["command"] == ["--config.file=/monmc/default/exporters/payments/json_exporter.yml"]
    assert found["secrets"] == [{"source": "payments-token", "target": "/etc/json_exporter/secrets/payments-token"}]
    assert found["healthcheck"] == checked(7979, "/metrics")


def test_what_is_different_here_lies_over_what_is_declared(tmp_path: Path) -> None:
    here = (
        "  compose:\n    exporters:\n      cache-metrics:\n"
        "        environment: {REDIS_ADDR: 'redis://localhost:6379'}\n        arguments: [--debug]\n"
    )
    documents, reported = built(TEXT + here, tmp_path)
    content: Any = documents[PATH].content
    found = content["services"]["cache-metrics"]
    assert reported == []
    assert found["environment"] == {"REDIS_ADDR": "redis://localhost:6379"}
    assert found["secrets"] == [{"source": "redis-password", "target": "/run/secrets/redis-password"}]
    assert found["command"] == ["--include-system-metrics", "--debug"]


@pytest.mark.parametrize(
    ("here", "reported"),
    [
        (
            "{cache-metrics: {kind: node}}",
            ["MON4582 `cache-metrics` is of the kind `redis` under `exporters.redis`, and `node` here"],
        ),
        ("{node-exporter: {}}", ["MON4583 `node-exporter` is run, and nobody asks it"]),
        ("{cache-metrics: {kind: redis}}", []),
    ],
)
def test_deploy_does_not_say_again_what_an_exporter_is(here: str, reported: list[str], tmp_path: Path) -> None:
    assert built(TEXT + f"  compose: {{exporters: {here}}}\n", tmp_path)[1] == reported


def test_two_exporters_of_one_host_are_reported() -> None:
    text = TEXT.replace('service: database\n    targets: ["sql-exporter:9399"]', 'service: database\n    host: one').replace(
        "  payments:\n    kind: json", "  other:\n    kind: redis\n    service: payments\n    host: cache-metrics\n"
        '    with: {selector: \'job="other"\'}\n    environment: {REDIS_ADDR: "redis://other:6379"}\n  payments:\n    kind: json'
    )  # fmt: skip
    _, reported = deployed("compose", text + COMPOSE, CONFIGURED)
    assert [each for each in reported if "MON4584" in each] == [
        "MON4584 `redis` and `other` are one program at `cache-metrics`, and say different things of it"
    ]


@pytest.mark.parametrize(
    ("address", "runs"),
    [
        ("cache_metrics:9121", ["prometheus", "cache_metrics"]),
        ("localhost:9121", ["prometheus"]),
        ("[::1]:9121", ["prometheus"]),
        ("cache.example.com:9121", ["prometheus"]),
        ("cache-metrics:9999", ["prometheus"]),
        ("cache-metrics", ["prometheus"]),
    ],
)
def test_only_what_may_be_a_program_of_the_project_is_run(address: str, runs: list[str], tmp_path: Path) -> None:
    text = TEXT.replace("cache-metrics:9121", address).partition("  orders:\n")[0] + "deploy:\n  compose: {}\n"
    content: Any = built(text, tmp_path)[0][PATH].content
    assert [*content["services"]] == runs


KINDS = """\
services:
  workers: {scrape: ["celery-exporter:9808"]}
  proxy: {scrape: ["nginx-exporter:9113"]}
  search: {scrape: ["elasticsearch-exporter:9114"]}
deploy:
  compose:
    exporters:
      celery-exporter: {environment: {CE_BROKER_URL: "${secret:BROKER}"}}
      nginx-exporter: {arguments: ["--nginx.scrape-uri=http://nginx/stub_status"]}
      elasticsearch-exporter: {arguments: ["--es.uri=http://elasticsearch:9200"]}
"""


def test_kinds_are_known_by_their_names_and_told_by_arguments_too() -> None:
    files, reported = deployed("compose", LEAST + KINDS, CONFIGURED)
    found = files[PATH]["services"]
    assert reported == []
    images = {name: found[name]["image"] for name in ("celery-exporter", "nginx-exporter", "elasticsearch-exporter")}
    assert images == {
        "celery-exporter": "danihodovic/celery-exporter:0.10.13",
        "nginx-exporter": "nginx/nginx-prometheus-exporter:1.5.1",
        "elasticsearch-exporter": "quay.io/prometheuscommunity/elasticsearch-exporter:v1.10.0",
    }
    assert found["celery-exporter"]["environment"] == {"CE_BROKER_URL": "${BROKER:?}"}
    assert found["celery-exporter"]["healthcheck"]["test"][1:3] == ["python", "-c"]
    compile(found["celery-exporter"]["healthcheck"]["test"][3], "health", "exec")
    assert "healthcheck" not in found["nginx-exporter"]


def test_kinds_that_are_not_told_what_to_watch_are_reported() -> None:
    text = LEAST + KINDS.partition("    exporters:")[0].replace("compose:\n", "compose: {}\n")
    assert deployed("compose", text, CONFIGURED)[1] == [
        f"MON4482 `{name}` is not told what it is to watch"
        for name in ("celery-exporter", "elasticsearch-exporter", "nginx-exporter")
    ]


def test_the_real_compose_reads_it(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(TEXT + COMPOSE, encoding="utf-8")
    write(compile_project(spec), tmp_path / "generated")
    result = compose_config(tmp_path / "generated/shop/default" / PATH, {"MONMC_SECRETS_DIR": "/secrets"}, "-q")
    assert (result.exit_code, result.output) == (0, "")
