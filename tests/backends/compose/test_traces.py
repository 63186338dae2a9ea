"""The servers of traces in the compose file: pinned, told where their files are, and asked by what is in their images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from skillforge_mon.compiler import compile_project, write
from tests.backends.compose.schema import SCHEMA
from tests.backends.deployment.emitted import built, deployed, page
from tests.backends.deployment.traced import SAMPLED, SPEC
from tests.real.single_program import compose_config

PATH = "compose/compose.yaml"
COMPOSE = "  compose: {networks: [shop_default]}\n"
CHECKED: dict[str, Any] = {"interval": "30s", "timeout": "5s", "retries": 3, "start_period": "1m"}
HARDENED: dict[str, Any] = {
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "restart": "unless-stopped",
}
TREE = {"type": "bind", "source": "../..", "target": "/monmc", "read_only": True}
BOTH = ["monitoring", "shop_default"]


@pytest.fixture
def services(tmp_path: Path) -> Any:
    documents, reported = built(SPEC + COMPOSE, tmp_path)
    assert reported == []
    content: Any = documents[PATH].content
    jsonschema.validate(content, SCHEMA)
    return content["services"]


def test_the_collector_takes_what_services_send_and_nothing_in_its_image_can_ask(services: Any) -> None:
    assert services["otel-collector"] == {
        "image": "otel/opentelemetry-collector-contrib:0.159.0",
        "command": ["--config=/monmc/default/collector/config.yaml"],
        "environment": {"TEAM": "${TEAM:?}"},
        "ports": ["127.0.0.1:4318:4318", "127.0.0.1:4317:4317"],
        "volumes": [TREE],
        "depends_on": {
            "jaeger": {"condition": "service_healthy"},
            "tempo": {"condition": "service_healthy"},
            "loki": {"condition": "service_healthy"},
        },
        "networks": BOTH,
        **HARDENED,
    }


def test_jaeger_is_asked_by_wget_and_its_new_volume_is_given_to_its_user(services: Any) -> None:
    data = {"type": "volume", "source": "jaeger-data", "target": "/badger"}
    assert services["jaeger"] == {
        "image": "jaegertracing/jaeger:2.20.0",
        "command": ["--config=/monmc/default/jaeger/config.yaml"],
        "ports": ["127.0.0.1:16687:16686"],
        "volumes": [TREE, data],
        "healthcheck": {"test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:13133/status"], **CHECKED},
        "depends_on": {"jaeger-owner": {"condition": "service_completed_successfully"}},
        "networks": BOTH,
        **HARDENED,
    }
    assert services["jaeger-owner"] == {
        "image": "busybox:1.37.0",
        "command": ["chown", "10001:10001", "/badger"],
        "volumes": [data],
        "network_mode": "none",
        "cap_drop": ["ALL"],
        "cap_add": ["CHOWN"],
        "security_opt": ["no-new-privileges:true"],
    }


def test_tempo_asks_itself_and_has_secrets_as_variables_for_want_of_a_shell(services: Any) -> None:
    assert services["tempo"] == {
        "image": "grafana/tempo:3.0.0",
        "command": ["-config.file=/monmc/default/tempo/tempo.yaml", "-config.expand-env=true"],
        "environment": {"TEMPO_KEY": "${TEMPO_KEY:?}", "TEMPO_SECRET": "${TEMPO_SECRET:?}"},
        "ports": ["127.0.0.1:3200:3200"],
        "volumes": [TREE, {"type": "volume", "source": "tempo-data", "target": "/var/tempo"}],
        "healthcheck": {"test": ["CMD", "/tempo", "-health", "-health.url=http://127.0.0.1:3200/ready"], **CHECKED},
        "networks": BOTH,
        **HARDENED,
    }


def test_without_a_collector_jaeger_is_where_services_send_and_has_its_strategies_where_it_looks(
    tmp_path: Path,
) -> None:
    documents, reported = built(SAMPLED + "  compose: {}\n", tmp_path)
    assert reported == []
    content: Any = documents[PATH].content
    jaeger = content["services"]["jaeger"]
    assert jaeger["ports"] == ["127.0.0.1:16686:16686", "127.0.0.1:4317:4317", "127.0.0.1:4318:4318"]
    assert jaeger["volumes"] == [
        TREE,
        {"type": "bind", "source": "../jaeger", "target": "/etc/jaeger", "read_only": True},
    ]
    assert "volumes" not in content


def test_a_folder_that_no_image_has_belongs_to_the_user_of_the_program() -> None:
    text = SPEC.replace("storage:\n      bucket: traces", "storage:\n      path: /data/traces/\n      bucket: traces")
    files, _ = deployed("compose", text + "  compose: {}\n", [page("tempo/tempo.yaml")])
    services = files[PATH]["services"]
    assert services["tempo-owner"]["command"] == ["chown", "10001:10001", "/data/traces"]
    assert services["tempo"]["volumes"][-1] == {"type": "volume", "source": "tempo-data", "target": "/data/traces"}


def test_services_that_send_elsewhere_are_reported() -> None:
    text = SPEC.replace("jaeger: {", 'jaeger: {otlp: "traces:4317", ') + "  compose: {}\n"
    assert deployed("compose", text, [page("jaeger/config.yaml")])[1] == [
        "MON4488 `jaeger` runs here, and services send to `traces:4317`"
    ]
    assert (
        deployed("compose", text.replace("compose: {}", "compose: {without: [jaeger]}"), [page("jaeger/config.yaml")])[
            1
        ]
        == []
    )


def test_a_server_that_is_reached_over_tls_is_none_that_runs_here() -> None:
    text = SPEC.replace("jaeger: {", "jaeger: {tls: true, ") + "  compose: {}\n"
    assert deployed("compose", text, [page("jaeger/config.yaml")])[1] == [
        "MON4488 `jaeger` runs here without TLS, and the spec reaches it over TLS"
    ]
    search = "version: 1\nproject: shop\ntargets:\n  elasticsearch: {url: 'https://elasticsearch:9200'}\ndeploy: {compose: {}}\n"
    files, reported = deployed("compose", search)
    assert reported == ["MON4488 `elasticsearch` runs here without TLS, and the spec reaches it over TLS"]
    assert files[PATH]["services"]["elasticsearch"]["environment"]["xpack.security.enabled"] == "false"


def test_the_rules_of_loki_are_where_it_looks_for_them() -> None:
    pages = [page("loki/loki.yaml"), page("loki/rules/fake/web.yaml")]
    files, _ = deployed("compose", SPEC + "  compose: {}\n", pages)
    bound = {"type": "bind", "source": "../loki/rules", "target": "/etc/loki/rules", "read_only": True}
    assert bound in files[PATH]["services"]["loki"]["volumes"]


def test_the_real_compose_reads_it(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(SPEC + COMPOSE, encoding="utf-8")
    write(compile_project(spec), tmp_path / "generated")
    variables = {"TEMPO_KEY": "a", "TEMPO_SECRET": "b", "TEAM": "c"}
    result = compose_config(tmp_path / "generated/shop/default" / PATH, variables)
    assert result.exit_code == 0, result.output
    read = yaml.safe_load(result.output)
    assert read["services"]["tempo"]["environment"] == {"TEMPO_KEY": "a", "TEMPO_SECRET": "b"}
    assert read["services"]["jaeger"]["depends_on"]["jaeger-owner"]["condition"] == "service_completed_successfully"
