"""The compose file: every program with its image, its configuration, its secrets, and how it is asked whether it is well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.compiler import compile_project, write
from tests.backends.compose.schema import SCHEMA
from tests.backends.deployment.emitted import COMPOSE, SPEC, built, deployed, page, text_of
from tests.real.single_program import compose_config
from tests.test_generated import ROOT

PATH = "compose/compose.yaml"
LEAST = "version: 1\nproject: shop\ntargets:\n  prometheus: {}\ndeploy:\n"
CONFIGURED = [page("prometheus/prometheus.yml")]


def content(text: str, folder: Path) -> Any:
    """The compose file of a whole build of ``text``, which reports nothing."""
    documents, reported = built(text, folder)
    assert reported == []
    return documents[PATH].content


def test_every_system_of_the_spec_is_a_service(tmp_path: Path) -> None:
    services = content(SPEC + COMPOSE, tmp_path)["services"]
    assert {name: service["image"] for name, service in services.items()} == {
        "prometheus": "prom/prometheus:v3.5.0",
        "alertmanager": "prom/alertmanager:v0.28.0",
        "grafana": "grafana/grafana:12.0.0",
        "node-exporter": "quay.io/prometheus/node-exporter:v1.12.1",
        "redis-exporter": "oliver006/redis_exporter:v1.88.0-alpine",
    }


def test_what_tells_of_nginx_and_of_containers_runs_beside_them(tmp_path: Path) -> None:
    scraped = SPEC.replace('scrape: ["redis-exporter:9121"]', 'scrape: ["nginx-exporter:9113", "cadvisor:8080"]')
    settings = '  compose:\n    exporters: {nginx-exporter: {environment: {SCRAPE_URI: "http://nginx/stub_status"}}}\n'
    services = content(scraped + settings, tmp_path)["services"]
    assert (services["nginx-exporter"]["image"], services["nginx-exporter"]["environment"]) == (
        "nginx/nginx-prometheus-exporter:1.5.1",
        {"SCRAPE_URI": "http://nginx/stub_status"},
    )
    assert services["cadvisor"]["image"] == "gcr.io/cadvisor/cadvisor:v0.52.1"
    assert [
        (volume["source"], volume["target"], volume["read_only"]) for volume in services["cadvisor"]["volumes"]
    ] == [
        ("/", "/rootfs", True),
        ("/var/run", "/var/run", True),
        ("/sys", "/sys", True),
        ("/var/lib/docker", "/var/lib/docker", True),
    ]


def test_prometheus_is_started_with_its_file_its_flags_and_what_it_must_reach(tmp_path: Path) -> None:
    assert content(SPEC + COMPOSE, tmp_path)["services"]["prometheus"] == {
        "image": "prom/prometheus:v3.5.0",
        "command": [
            "--config.file=/monmc/default/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--web.enable-lifecycle",
            "--web.external-url=http://localhost:9090/",
            "--rules.alert.for-grace-period=5m",
        ],
        "ports": ["127.0.0.1:9090:9090"],
        "volumes": [
            {"type": "bind", "source": "../..", "target": "/monmc", "read_only": True},
            {"type": "volume", "source": "prometheus-data", "target": "/prometheus"},
        ],
        "secrets": [{"source": "mimir-token", "target": "/etc/prometheus/secrets/mimir-token"}],
        "healthcheck": {
            "test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9090/-/ready"],
            "interval": "30s",
            "timeout": "5s",
            "retries": 3,
            "start_period": "1m",
        },
        "depends_on": {"alertmanager": {"condition": "service_healthy"}},
        "networks": ["monitoring", "shop_default"],
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "restart": "unless-stopped",
    }


def test_grafana_reads_its_secrets_from_files_into_its_environment(tmp_path: Path) -> None:
    grafana = content(SPEC + COMPOSE, tmp_path)["services"]["grafana"]
    assert {key: grafana[key] for key in ("entrypoint", "command", "environment", "ports", "volumes", "secrets")} == {
        "entrypoint": [
            "/bin/sh",
            "-c",
            'set -e; GF_SECURITY_ADMIN_PASSWORD="$$(cat /run/secrets/grafana-password)"; export GF_SECURITY_ADMIN_PASSWORD; PROMETHEUS_TOKEN="$$(cat /run/secrets/prometheus-token)"; export PROMETHEUS_TOKEN; exec "$$@"',
            "sh",
            "/run.sh",
        ],
        "command": [],
        "environment": {
            "GF_PATHS_PROVISIONING": "/monmc/default/grafana/provisioning",
            "GF_SERVER_ROOT_URL": "http://localhost:3001",
        },
        "ports": ["127.0.0.1:3001:3000"],
        "volumes": [
            {"type": "bind", "source": "../..", "target": "/monmc", "read_only": True},
            {
                "type": "bind",
                "source": "../grafana/dashboards",
                "target": "/var/lib/grafana/dashboards",
                "read_only": True,
            },
            {"type": "volume", "source": "grafana-data", "target": "/var/lib/grafana"},
        ],
        "secrets": [
            {"source": "grafana-password", "target": "/run/secrets/grafana-password"},
            {"source": "prometheus-token", "target": "/run/secrets/prometheus-token"},
        ],
    }


def test_loki_reads_its_secrets_from_variables_with_names_that_compose_and_loki_take(tmp_path: Path) -> None:
    storage = '{bucket: b, access_key: "${secret:loki.s3-key}", secret_key: "${env:S3_SECRET}"}'
    text = f"version: 1\nproject: shop\ntargets: {{loki: {{storage: {storage}}}}}\nservices: {{web: {{}}}}\n"
    loki = content(f"{text}logs: {{web: {{service: web}}}}\ndeploy: {{compose: {{}}}}\n", tmp_path)["services"]["loki"]
    assert loki["environment"] == {"S3_SECRET": "${S3_SECRET:?}", "loki_s3_key": "${loki_s3_key:?}"}


def test_secrets_are_files_of_the_machine_named_as_in_the_spec(tmp_path: Path) -> None:
    folder = "${MONMC_SECRETS_DIR:?a folder with one file for each secret}"
    said = "secrets:\n  MIMIR_TOKEN: {file: /run/keys/mimir$}\n  SLACK_WEBHOOK: {env: SLACK}\n"
    assert content(SPEC + COMPOSE + said, tmp_path)["secrets"] == {
        "grafana-password": {"file": f"{folder}/GRAFANA_PASSWORD"},
        "mimir-token": {"file": "/run/keys/mimir$$"},
        "prometheus-token": {"file": f"{folder}/PROMETHEUS_TOKEN"},
        "redis-password": {"file": f"{folder}/REDIS_PASSWORD"},
        "slack-webhook": {"environment": "SLACK"},
    }


def test_the_whole_file_is_what_the_specification_knows(tmp_path: Path) -> None:
    jsonschema.validate(content(SPEC + COMPOSE, tmp_path), SCHEMA)


def test_settings_replace_images_and_ports_and_leave_systems_out(tmp_path: Path) -> None:
    settings = (
        "  compose:\n    name: shop\n    bind: '::1'\n    without: [alertmanager, redis-exporter]\n"
        "    images: {grafana: 'registry.example.com:5000/grafana:12.0.2'}\n    ports: {grafana: 8080, node-exporter: 9101}\n"
    )
    found = content(SPEC + settings, tmp_path)
    assert found["name"] == "shop"
    assert found["services"]["grafana"]["image"] == "registry.example.com:5000/grafana:12.0.2"
    assert {name: service.get("ports") for name, service in found["services"].items()} == {
        "prometheus": ["[::1]:9090:9090"],
        "grafana": ["[::1]:8080:3000"],
        "node-exporter": ["[::1]:9101:9100"],
    }
    assert "depends_on" not in found["services"]["prometheus"]


def test_a_service_is_called_as_others_reach_it(tmp_path: Path) -> None:
    text = SPEC.replace('version: "3.5"\n', "version: \"3.5\"\n    alertmanagers: ['am:9093']\n") + COMPOSE
    services = content(text, tmp_path)["services"]
    assert [*services][:2] == ["prometheus", "am"]
    assert services["prometheus"]["depends_on"] == {"am": {"condition": "service_healthy"}}


@pytest.mark.parametrize(
    ("url", "flags"),
    [
        ("https://mon.example", ["--web.external-url=https://mon.example/"]),
        ("https://mon.example/prom/", ["--web.external-url=https://mon.example/prom/", "--web.route-prefix=/"]),
        ("${env:PROMETHEUS_URL}", []),
    ],
)
def test_links_lead_to_where_people_reach_it_also_below_a_path_of_a_proxy(url: str, flags: list[str]) -> None:
    text = LEAST.replace("prometheus: {}", f'prometheus: {{url: "{url}"}}') + "  compose: {}\n"
    documents, reported = deployed("compose", text, CONFIGURED)
    assert reported == []
    command = documents[PATH]["services"]["prometheus"]["command"]
    assert [flag for flag in command if flag.startswith("--web.") and flag != "--web.enable-lifecycle"] == flags


def test_an_older_prometheus_runs_in_its_own_version(tmp_path: Path) -> None:
    found = content(SPEC.replace('"3.5"', '"2.53.2"') + COMPOSE, tmp_path)
    assert found["services"]["prometheus"]["image"] == "prom/prometheus:v2.53.2"


LOGS = (
    LEAST.replace("  prometheus: {}", '  loki: {version: "VERSION"}\n  alloy: {}\n  promtail: {}\n  elasticsearch: {kibana_url: "http://localhost:5602"}')
    + "  compose: {}\n"
)  # fmt: skip
PAGES = [page(path) for path in ("loki/loki.yaml", "alloy/config.alloy", "promtail/promtail.yaml")]


def test_systems_of_logs_run_when_their_configuration_is_there() -> None:
    files, reported = deployed("compose", LOGS.replace("VERSION", "3.5"), PAGES)
    services = files[PATH]["services"]
    assert reported == []
    assert {name: (service["image"], service.get("command")) for name, service in services.items()} == {
        "loki": ("grafana/loki:3.5.0", ["-config.file=/monmc/default/loki/loki.yaml", "-config.expand-env=true"]),
        "alloy": (
            "grafana/alloy:v1.10.0",
            [
                "run",
                "--storage.path=/var/lib/alloy/data",
                "--server.http.listen-addr=0.0.0.0:12345",
                "/monmc/default/alloy/config.alloy",
            ],
        ),
        "promtail": (
            "grafana/promtail:3.5.0",
            ["-config.file=/monmc/default/promtail/promtail.yaml", "-config.expand-env=true"],
        ),
        "elasticsearch": ("docker.elastic.co/elasticsearch/elasticsearch:9.1.0", None),
        "kibana": ("docker.elastic.co/kibana/kibana:9.1.0", None),
    }
    assert services["kibana"]["ports"] == ["127.0.0.1:5602:5601"]
    jsonschema.validate(files[PATH], SCHEMA)


@pytest.mark.parametrize(("version", "condition"), [("3.5", "service_healthy"), ("3.6", "service_started")])
def test_nobody_waits_for_an_answer_of_a_loki_that_has_no_program_to_ask_with(version: str, condition: str) -> None:
    files, _ = deployed("compose", LOGS.replace("VERSION", version), PAGES)
    services = files[PATH]["services"]
    assert ("healthcheck" in services["loki"]) == (condition == "service_healthy")
    assert services["alloy"]["depends_on"] == {"loki": {"condition": condition}}


def test_systems_without_their_configuration_are_not_run() -> None:
    files, _ = deployed("compose", LOGS.replace("VERSION", "3.5"))
    assert [*files[PATH]["services"]] == ["elasticsearch", "kibana"]


def test_what_is_set_for_systems_that_are_not_run_is_reported() -> None:
    text = LEAST + "  compose: {images: {loki: 'x:1'}, without: [grafana], ports: {tempo: 1}}\n"
    assert deployed("compose", text, CONFIGURED)[1] == [
        "MON4480 no system `grafana` is run here",
        "MON4480 no system `loki` is run here",
        "MON4480 no system `tempo` is run here",
    ]


@pytest.mark.parametrize(
    ("targets", "compose", "reported"),
    [
        (
            "{prometheus: {url: 'http://localhost:3000'}, grafana: {}}",
            "{}",
            ["MON4690 `prometheus` and `grafana` would both be published on port 3000"],
        ),
        ("{prometheus: {url: 'http://localhost:3000'}, grafana: {}}", "{ports: {grafana: 3001}}", []),
        ("{prometheus: {url: 'http://localhost:3000'}, grafana: {}}", "{without: [grafana]}", []),
        ("{prometheus: {replicas: 2}, grafana: {}}", "{}", []),
        (
            "{prometheus: {}, grafana: {}}",
            "{ports: {grafana: 9090}}",
            ["MON4690 `prometheus` and `grafana` would both be published on port 9090"],
        ),
    ],
)
def test_a_port_of_the_machine_is_given_once(targets: str, compose: str, reported: list[str]) -> None:
    text = f"version: 1\nproject: shop\ntargets: {targets}\ndeploy: {{compose: {compose}}}\n"
    assert deployed("compose", text, CONFIGURED)[1] == reported


def test_a_server_that_is_reached_elsewhere_is_reported() -> None:
    text = (
        "version: 1\nproject: shop\ntargets:\n  prometheus: {alertmanagers: ['am.shop.svc:9093', 'b:9093']}\n"
        "  alertmanager: {}\ndeploy: {compose: {}, kubernetes: {namespace: shop}}\n"
    )
    pages = [*CONFIGURED, page("alertmanager/alertmanager.yml")]
    several = "MON4488 of 2 Alertmanagers that Prometheus tells, one runs here"
    elsewhere = "MON4488 `alertmanager` runs here, and the spec reaches it at `am.shop.svc:9093`"
    assert deployed("compose", text, pages)[1] == [elsewhere, several]
    files, reported = deployed("kubernetes", text, pages)
    assert reported == [several]
    assert "kubernetes/base/am-service.yaml" in files


def test_exporters_that_cannot_be_run_are_reported() -> None:
    text = LEAST + (
        "  compose:\n    exporters:\n      mine: {}\n      kube-state-metrics: {}\n      redis-exporter: {}\n"
        "      pg: {environment: {DATA_SOURCE_URI: 'postgres/${secret:DATABASE}'}}\n"
    )
    assert deployed("compose", text, CONFIGURED)[1] == [
        "MON4481 no image is known for the exporter `kube-state-metrics`",
        "MON4481 no image is known for the exporter `mine`",
        "MON4482 `redis-exporter` is not told what it is to watch",
        "MON4483 a secret is only a part of `DATA_SOURCE_URI`",
        "MON4583 `pg` is run, and nobody asks it",
        "MON4583 `redis-exporter` is run, and nobody asks it",
    ]


@given(
    st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S")), min_size=1).filter(
        lambda text: "${" not in text
    )
)
def test_compose_reads_no_variable_in_what_the_spec_says(value: str) -> None:
    quoted = value.replace("'", "''")
    text = LEAST + f"  compose: {{exporters: {{redis-exporter: {{environment: {{REDIS_ADDR: '{quoted}'}}}}}}}}\n"
    files, _ = deployed("compose", text, CONFIGURED)
    written = files[PATH]["services"]["redis-exporter"]["environment"]["REDIS_ADDR"]
    assert written.replace("$$", "") == written.replace("$", "")
    assert written.replace("$$", "$") == value


def test_the_real_compose_reads_the_file_as_it_is_meant(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(SPEC + COMPOSE, encoding="utf-8")
    compilation = compile_project(spec)
    write(compilation, tmp_path / "generated")
    file = tmp_path / "generated/shop/default" / PATH
    result = compose_config(file, {"MONMC_SECRETS_DIR": "/secrets"})
    assert result.exit_code == 0, result.output
    read = yaml.safe_load(result.output)
    assert read["services"]["grafana"]["entrypoint"][2].startswith('set -e; GF_SECURITY_ADMIN_PASSWORD="$$(cat ')
    assert read["services"]["prometheus"]["volumes"][0]["source"] == str(tmp_path / "generated/shop")
    assert read["secrets"]["mimir-token"]["file"] == "/secrets/MIMIR_TOKEN"


def test_the_real_compose_asks_for_the_folder_of_secrets(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(SPEC + COMPOSE, encoding="utf-8")
    write(compile_project(spec), tmp_path / "generated")
    result = compose_config(tmp_path / "generated/shop/default" / PATH, {}, "-q")
    assert result.exit_code != 0
    assert "a folder with one file for each secret" in result.output


@pytest.mark.parametrize("project", ["jac", "tutoring"])
def test_the_files_of_the_platforms_are_valid(project: str) -> None:
    file = ROOT / "generated" / project / "default" / PATH
    jsonschema.validate(yaml.safe_load(file.read_text(encoding="utf-8")), SCHEMA)
    result = compose_config(file, {"MONMC_SECRETS_DIR": "/secrets"}, "-q")
    assert (result.exit_code, result.output) == (0, "")


def test_the_real_compose_refuses_a_key_that_is_none(tmp_path: Path) -> None:
    documents, _ = built(SPEC + COMPOSE, tmp_path)
    file = tmp_path / "compose.yaml"
    file.write_text(text_of(documents[PATH]).replace("restart:", "restarts:"), encoding="utf-8")
    assert compose_config(file, {"MONMC_SECRETS_DIR": "/secrets"}, "-q").exit_code != 0
