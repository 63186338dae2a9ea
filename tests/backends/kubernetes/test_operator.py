"""The objects of prometheus-operator say what the files say, in fields that the operator has."""

from __future__ import annotations

import copy
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from skillforge_mon.backends.alertmanager.message_templates import TEXT_OF_FILE
from skillforge_mon.backends.kubernetes.operator.alerting import written_out
from skillforge_mon.documents.document import Document, Format, Plain
from tests.backends.deployment.emitted import built, deployed
from tests.backends.kubernetes.crds.schemas import hold, is_known
from tests.backends.kubernetes.objects import applied, by_name, tree, valid
from tests.real.tools import tools

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {kubernetes: {roles: [pod, service], namespaces: [shop]}, sample_limit: 1000, scrape_timeout: 9s}
  alertmanager:
    slack_api_url: "${secret:SLACK_WEBHOOK}"
    default_team: ops
    pagerduty_url: https://events.eu.pagerduty.com/v2/enqueue
    smtp: {smarthost: "mail:25", from: ops@example.com, username: ops, password: "${secret:SMTP}"}
metrics:
  jobs_total: {type: counter, help: Jobs, labels: {queue: bounded}}
teams:
  ops:
    slack: "#ops"
    email: ops@example.com
    pagerduty: {routing_key: "${secret:PAGERDUTY_KEY}"}
    opsgenie: {api_key: "${secret:OPSGENIE_KEY}", team: ops}
    msteams: "${secret:TEAMS_URL}"
    webhook: "${secret:HOOK}"
escalation:
  page: [{notify: ops}]
runbooks:
  jobs: {resolve: [Wait.]}
alerts:
  Many:
    service: web
    severity: {critical: "> 5", warning: "> 3"}
    expr: sum by (queue) (rate(jobs_total[5m]))
    for: 5m
    keep_firing_for: 10m
    summary: Jobs wait
    runbook: jobs
    escalation: page
recordings:
  jobs: {record: queue:jobs:rate5m, expr: "sum by (queue) (rate(jobs_total[5m]))"}
maintenance:
  weekly: {services: [web], every: [saturday], from: "23:00", for: 2h}
  once: {services: [web.api, web], on: "2027-02-03", from: "10:00", for: 1h}
services:
  web:
    team: ops
    workload: {name: web, namespace: shop, labels: {app: web}, metrics_port: http}
    scrape: [{targets: ["web:8000"], path: /metrics/app, scheme: https, honor_labels: true, interval: 30s, timeout: 5s}]
  web.api: {scrape: [{targets: ["api:80", "api:81"], params: {part: [a, b]}, bearer_token: "${secret:API_TOKEN}"}]}
deploy:
  kubernetes:
    operator: {labels: {release: stack}, every_namespace: true}
    exporters:
      node-exporter: {}
      redis-exporter: {environment: {REDIS_ADDR: "redis://redis:6379"}}
"""


@pytest.fixture
def objects(tmp_path: Path) -> dict[str, dict[str, Any]]:
    return by_name(applied(tree(SPEC, tmp_path)))


def test_every_object_has_only_fields_of_the_operator(objects: dict[str, dict[str, Any]]) -> None:
    found = {name for name, each in objects.items() if is_known(each)}
    assert sorted(found) == [
        "AlertmanagerConfig/shop",
        "PodMonitor/web",
        "PrometheusRule/recordings",
        "PrometheusRule/web.alerts",
        "ScrapeConfig/kubernetes-pods",
        "ScrapeConfig/kubernetes-services",
        "ScrapeConfig/web.api",
        "ServiceMonitor/node-exporter",
        "ServiceMonitor/redis-exporter",
    ]
    for name in found:
        hold(objects[name])
        assert objects[name]["metadata"]["labels"]["release"] == "stack"
    valid([each for name, each in objects.items() if name not in found])


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("PodMonitor/web", ("podMetricsEndpoints", 0, "honourLabels"), True),
        ("PodMonitor/web", ("podMetricsEndpoints", 0, "interval"), "soon"),
        ("PrometheusRule/web.alerts", ("groups", 0, "rules", 0, "keep_firing"), "5m"),
        ("ScrapeConfig/web.api", ("scheme",), "ftp"),
        ("AlertmanagerConfig/shop", ("route", "routes", 0, "receivers"), "nobody"),
    ],
)
def test_what_the_operator_would_drop_or_refuse_is_seen(
    objects: dict[str, dict[str, Any]], name: str, place: tuple[str | int, ...], value: object
) -> None:
    spoilt = copy.deepcopy(objects[name])
    holder = spoilt["spec"]
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        hold(spoilt)


def test_the_operator_runs_prometheus_and_alertmanager_and_we_do_not(objects: dict[str, dict[str, Any]]) -> None:
    assert not any(name.startswith(("StatefulSet/", "ConfigMap/")) for name in objects)


def test_groups_are_those_of_the_files_with_their_interval(objects: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    root = tmp_path / "generated/shop/default/prometheus/rules"
    for name in ("web.alerts", "recordings"):
        groups = yaml.safe_load((root / f"{name}.yml").read_text())["groups"]
        assert objects[f"PrometheusRule/{name}"]["spec"]["groups"] == [{"interval": "30s"} | group for group in groups]


def test_pods_that_are_known_are_scraped_themselves(objects: dict[str, dict[str, Any]]) -> None:
    assert objects["PodMonitor/web"]["spec"] == {
        "selector": {"matchLabels": {"app": "web"}},
        "namespaceSelector": {"matchNames": ["shop"]},
        "podMetricsEndpoints": [
            {
                "port": "http",
                "path": "/metrics/app",
                "scheme": "https",
                "interval": "30s",
                "scrapeTimeout": "5s",
                "honorLabels": True,
                "relabelings": [
                    {"targetLabel": "job", "replacement": "web", "action": "replace"},
                    {"targetLabel": "service", "replacement": "web", "action": "replace"},
                ],
            }
        ],
        "sampleLimit": 1000,
    }


def test_other_jobs_are_scraped_as_in_the_file(objects: dict[str, dict[str, Any]]) -> None:
    assert objects["ScrapeConfig/web.api"]["spec"] == {
        "jobName": "web.api",
        "staticConfigs": [{"targets": ["api:80", "api:81"], "labels": {"job": "web.api", "service": "web.api"}}],
        "scrapeInterval": "15s",
        "scrapeTimeout": "9s",
        "params": {"part": ["a", "b"]},
        "authorization": {"credentials": {"name": "monitoring-secrets", "key": "API_TOKEN"}},
        "sampleLimit": 1000,
    }
    discovery = objects["ScrapeConfig/kubernetes-services"]["spec"]
    assert discovery["kubernetesSDConfigs"] == [{"role": "EndpointSlice", "namespaces": {"names": ["shop"]}}]
    assert discovery["relabelings"][:2] == [
        {"targetLabel": "job", "replacement": "kubernetes-services", "action": "replace"},
        {
            "sourceLabels": ["__meta_kubernetes_service_annotation_prometheus_io_scrape"],
            "regex": "true",
            "action": "keep",
        },
    ]


def test_routes_are_those_of_the_file(objects: dict[str, dict[str, Any]]) -> None:
    spec = objects["AlertmanagerConfig/shop"]["spec"]
    route = spec["route"]
    assert {key: route[key] for key in route if key != "routes"} == {
        "receiver": "team-ops",
        "groupBy": ["alertname", "service"],
        "groupWait": "30s",
        "groupInterval": "5m",
        "repeatInterval": "4h",
    }
    assert route["routes"][0]["matchers"] == [
        {"name": "escalation", "matchType": "=", "value": "page"},
        {"name": "level", "matchType": "=", "value": "1"},
    ]
    assert {"name": "service", "matchType": "=~", "value": r"web|web\.api"} in [
        matcher
        for first in route["routes"]
        for each in (first, *first.get("routes", []))
        for matcher in each.get("matchers", [])
    ]
    assert spec["inhibitRules"] == [
        {
            "sourceMatch": [{"name": "severity", "matchType": "=", "value": "critical"}],
            "targetMatch": [{"name": "severity", "matchType": "=", "value": "warning"}],
            "equal": ["alertname", "service", "queue"],
        }
    ]
    assert spec["muteTimeIntervals"] == [
        {
            "name": "weekly",
            "timeIntervals": [
                {"times": [{"startTime": "23:00", "endTime": "24:00"}], "weekdays": ["saturday"]},
                {"times": [{"startTime": "00:00", "endTime": "01:00"}], "weekdays": ["sunday"]},
            ],
        },
        {
            "name": "once",
            "timeIntervals": [
                {
                    "times": [{"startTime": "10:00", "endTime": "11:00"}],
                    "daysOfMonth": [{"start": 3, "end": 3}],
                    "months": ["2"],
                    "years": ["2027"],
                }
            ],
        },
    ]


def key(name: str) -> dict[str, str]:
    return {"name": "monitoring-secrets", "key": name}


def test_receivers_take_secrets_by_their_keys_and_what_was_global(objects: dict[str, dict[str, Any]]) -> None:
    receivers = {each["name"]: each for each in objects["AlertmanagerConfig/shop"]["spec"]["receivers"]}
    ops = receivers["team-ops"]
    (pagerduty,), (opsgenie,), (slack,), (email,), (teams,), (webhook,) = (
        ops[f"{kind}Configs"] for kind in ("pagerduty", "opsgenie", "slack", "email", "msteamsv2", "webhook")
    )
    assert pagerduty["routingKey"] == key("PAGERDUTY_KEY")
    assert pagerduty["url"] == "https://events.eu.pagerduty.com/v2/enqueue"
    assert (opsgenie["apiKey"], opsgenie["responders"]) == (key("OPSGENIE_KEY"), [{"name": "ops", "type": "team"}])
    assert slack["apiURL"] == key("SLACK_WEBHOOK")
    assert {name: value for name, value in email.items() if name not in {"headers", "text"}} == {
        "to": "ops@example.com",
        "sendResolved": True,
        "smarthost": "mail:25",
        "from": "ops@example.com",
        "authUsername": "ops",
        "authPassword": key("SMTP"),
        "requireTLS": True,
    }
    assert teams["webhookURL"] == key("TEAMS_URL")
    assert webhook == {"urlSecret": key("HOOK")}


def test_no_template_is_named_that_is_not_there(objects: dict[str, dict[str, Any]]) -> None:
    written = yaml.safe_dump(objects["AlertmanagerConfig/shop"], width=10_000)
    assert "monmc." not in written.replace("managed-by: monmc", "")


def test_a_written_out_template_is_what_the_file_defines(tmp_path: Path) -> None:
    """amtool renders both forms of every template for the same alerts to the same text."""
    (tmp_path / "monmc.tmpl").write_text(TEXT_OF_FILE)
    for name in re.findall(r'define "([^"]+)"', TEXT_OF_FILE):
        named = f'{{{{ template "{name}" . }}}}'
        rendered = [
            subprocess.run(
                [tools("new").amtool, "template", "render", f"--template.glob={tmp_path}/*.tmpl", f"--template.text={text}"],
                capture_output=True, text=True, check=True, timeout=60,
            ).stdout
            for text in (named, written_out(named))
        ]  # fmt: skip
        assert rendered[0] == rendered[1], name


def test_what_the_operator_cannot_say_stops_the_build(tmp_path: Path) -> None:
    text = (
        SPEC.replace('from: "23:00", for: 2h', 'from: "23:00", for: 2h, timezone: Europe/Paris')
        .replace("roles: [pod, service]", "roles: [pod, node]")
        .replace('webhook: "${secret:HOOK}"', 'jira: {api_url: "https://j", project: A, api_token: "${secret:JIRA}"}')
        .replace('bearer_token: "${secret:API_TOKEN}"', 'username: me, password: "${secret:API_TOKEN}"')
        .replace("every_namespace: true", "every_namespace: false")
    )
    documents, reported = built(text, tmp_path)
    assert documents == {}
    assert reported == [
        "MON4302 `deploy.kubernetes` cannot be said in Kubernetes",
        'MON4486 only alerts with the label `namespace="monitoring"` reach these routes',
    ]


def test_pods_that_are_looked_for_beside_the_monitor_only_are_reported(tmp_path: Path) -> None:
    _, reported = built(SPEC.replace("{name: web, namespace: shop, ", "{name: web, "), tmp_path)
    assert reported == ["MON4691 pods of `web` are looked for in the namespace `monitoring` only"]


def test_settings_of_the_prometheus_object_are_named(tmp_path: Path) -> None:
    text = SPEC.replace("sample_limit: 1000", "external_labels: {cluster: eu}, retention: 30d")
    _, reported = built(text, tmp_path)
    assert reported == ["MON4485 the Prometheus object has to say `externalLabels`, `retention` itself"]


def test_what_blackbox_exporter_asks_is_a_probe() -> None:
    job: Plain = {
        "job_name": "probe-http",
        "metrics_path": "/probe",
        "params": {"module": ["http_2xx"]},
        "scrape_interval": "1m",
        "scrape_timeout": "9s",
        "file_sd_configs": [{"files": ["targets/probe-http.json"]}],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": "blackbox-exporter:9115"},
        ],
    }
    targets: Plain = [
        {"targets": ["https://shop.example.com"], "labels": {"probe": "front", "service": "web"}},
        {"targets": ["https://api.example.com"], "labels": {"probe": "api"}},
    ]
    config: Plain = {"global": {"scrape_interval": "15s", "evaluation_interval": "30s"}, "scrape_configs": [job]}
    documents = [
        Document("prometheus/prometheus.yml", config, Format.YAML),
        Document("prometheus/targets/probe-http.json", targets, Format.JSON),
    ]
    text = "version: 1\nproject: shop\ntargets: {prometheus: {}}\ndeploy: {kubernetes: {operator: '0.93'}}\n"
    files, reported = deployed("kubernetes", text, documents)
    assert reported == []
    first, second = (files[f"kubernetes/base/probe-http{number}-probe.yaml"] for number in ("", "-2"))
    hold(first)
    hold(second)
    assert first["spec"] == {
        "jobName": "probe-http",
        "prober": {"url": "blackbox-exporter:9115"},
        "module": "http_2xx",
        "targets": {
            "staticConfig": {
                "static": ["https://shop.example.com"],
                "labels": {"job": "probe-http", "probe": "front", "service": "web"},
            }
        },
        "interval": "1m",
        "scrapeTimeout": "9s",
    }
    assert second["spec"]["targets"]["staticConfig"]["labels"] == {"job": "probe-http", "probe": "api"}
