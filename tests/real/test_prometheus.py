"""What the Prometheus backend writes, read by the real promtool and the real server of both generations."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillforge_mon.spec.quantities import Duration
from tests.backends.prometheus.emitting import emitted
from tests.real.servers import prometheus_server
from tests.real.tools import (
    Generation,
    promtool_check_config,
    promtool_check_rules,
    promtool_test_rules,
)

SPEC = """\
version: 1
project: shop
targets:
  prometheus:
    version: "VERSION"
    retention: 90d
    scrape_timeout: 5s
    external_labels: {cluster: eu-1, price: "US$5", k8s.cluster: main}
    alertmanagers: ["alertmanager-1:9093", "alertmanager-2:9093"]
    sample_limit: 50000
    body_size_limit: 33554433B
    kubernetes: {roles: [pod, service, node], namespaces: [shop, pay]}
    remote_write:
      - {url: "https://mimir.example/api/v1/push", name: mimir, bearer_token: "${secret:MIMIR_TOKEN}",
         headers: {X-Scope-OrgID: shop}}
      - {url: "https://thanos.example/api", username: shop, password: "${secret:THANOS_PASSWORD}"}
metrics:
  requests_total: {type: counter, labels: {code: bounded, k8s.pod: bounded}}
  request_duration_seconds: {type: histogram, buckets: [0.1, 1, 5]}
  work_seconds: {type: native_histogram}
  queue_length: {type: gauge, labels: {queue: bounded}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page:
    - {notify: shop, timeout: 10m}
    - {notify: shop}
services:
  web:
    team: shop
    escalation: page
    runbook: busy
    labels: {tier: gold}
    scrape:
      - {targets: ["web-1:8000", "web-2:8000"], path: /m, scheme: https, interval: 30s, timeout: 20s,
         labels: {zone: a, k8s.ns: shop}, params: {module: [http_2xx]}, bearer_token: "${secret:WEB_TOKEN}"}
      - {targets: ["web-1:9000"], job: web-admin, files: false, honor_labels: true, username: me,
         password: "${secret:WEB_PASSWORD}"}
  worker: {scrape: "worker:8000"}
runbooks:
  busy: {resolve: [Add a worker.]}
recordings:
  requests: {expr: "sum by (code) (rate(requests_total[5m]))", record: "code:requests:rate5m", labels: {kind: "{{x}}"}}
  slow: {expr: sum(queue_length), record: "queue:sum", interval: 2m}
alerts:
  HighErrorRate:
    service: web
    severity: {critical: "> 5%", warning: "> 1%"}
    expr: >
      sum by (code) (rate(requests_total{code=~"5.."}[5m]))
      / ignoring (code) group_left () sum(rate(requests_total[5m]))
    for: 5m
    keep_firing_for: 10m
    no_data: notify
    summary: "{{ labels.code }}: {{ value | percent }} on {{ labels.k8s.pod }}, more than {{ threshold }} for {{ for }}"
    description: '$labels, $value and { } }} are only text'
    annotations: {dash-board: "https://grafana.example/{{ alert }}"}
    labels: {k8s.ns: "a {{b}} c"}
  QueueLong:
    service: worker
    severity: info
    interval: 1m
    expr: queue_length > 1e3
  NoService:
    severity: warning
    expr: absent(up)
    for: 10m
slos:
  availability:
    service: web
    objective: 99.95%
    window: 28d
    labels: {k8s.ns: shop}
    bad: requests_total{code=~"5..|\\\\d"}
    total: requests_total
  good:
    objective: 90%
    window: 7d
    good: requests_total{code="200"}
    total: requests_total
  latency:
    service: web
    objective: 95%
    latency: {metric: request_duration_seconds, below: 1s}
  native:
    service: worker
    objective: 99%
    latency: {metric: work_seconds, below: 300ms}
    burn: [{short: 2m, long: 20m, budget: 1%, severity: critical}]
"""


KUBERNETES = "    kubernetes: {roles: [pod, service, node], namespaces: [shop, pay]}\n"


def spec_for(generation: Generation) -> str:
    """The spec for the version that the tools have. Debian's Prometheus 2 is built without Kubernetes discovery."""
    spec = SPEC.replace("VERSION", f"{generation.prometheus.major}.{generation.prometheus.minor}")
    return spec if generation.name != "old" else spec.replace(KUBERNETES, "")


def with_secrets(config: Path, folder: Path) -> None:
    """Put files in the place of the secrets, which promtool looks for."""
    text = config.read_text(encoding="utf-8")
    for secrets in ("/etc/prometheus/secrets", "/var/run/secrets/kubernetes.io/serviceaccount"):
        text = text.replace(secrets, str(folder))
    config.write_text(text, encoding="utf-8")
    for secret in ("mimir-token", "thanos-password", "web-token", "web-password", "token", "ca.crt"):
        (folder / secret).write_text("x", encoding="utf-8")


def test_promtool_accepts_every_file(generation: Generation, tmp_path: Path) -> None:
    files = emitted(spec_for(generation))
    assert [found.code for found in files.diagnostics] == ["MON3103"]
    config = files.write(tmp_path)
    rules = sorted(config.parent.glob("rules/*.yml"))
    assert [path.name for path in rules] == [
        "project.alerts.yml", "project.slos.yml", "recordings.yml", "web.alerts.yml", "web.slos.yml",
        "worker.alerts.yml", "worker.slos.yml",
    ]  # fmt: skip
    checked = promtool_check_rules(generation, *rules)
    assert checked.exit_code == 0, checked.output
    with_secrets(config, tmp_path)
    checked = promtool_check_config(generation, config)
    assert checked.exit_code == 0, checked.output
    assert "WARNING" not in checked.output


def test_the_server_loads_rules_and_targets_as_they_are_meant(generation: Generation, tmp_path: Path) -> None:
    files = emitted(spec_for(generation))
    config = files.write(tmp_path)
    with_secrets(config, tmp_path)
    with prometheus_server(generation, config, tmp_path, "--enable-feature=native-histograms") as address:
        groups = answer(f"{address}/api/v1/rules")["groups"]
        targets = targets_of(address)
        for _ in range(100):
            if targets == SCRAPED:
                break
            time.sleep(0.1)  # discovery hands targets over every five seconds
            targets = targets_of(address)
    rules = {(group["name"], rule["name"], rule.get("duration", 0)) for group in groups for rule in group["rules"]}
    written = {
        (group["name"], rule.get("alert") or rule["record"], seconds(rule.get("for", "0s")))
        for path in files.documents
        if "/rules/" in path
        for group in files.data(path)["groups"]
        for rule in group["rules"]
    }
    assert rules == written
    assert targets == SCRAPED


def test_the_server_starts_with_the_flags_that_are_written_beside_its_configuration(
    generation: Generation, tmp_path: Path
) -> None:
    files = emitted(spec_for(generation))
    config = files.write(tmp_path)
    with_secrets(config, tmp_path)
    flags = (config.parent / "prometheus.flags").read_text(encoding="utf-8").split()
    assert flags == ["--storage.tsdb.retention.time=90d", "--rules.alert.for-grace-period=5m"]
    with prometheus_server(generation, config, tmp_path, *flags) as address:
        found = answer(f"{address}/api/v1/status/flags")
    assert (found["storage.tsdb.retention.time"], found["rules.alert.for-grace-period"]) == ("90d", "5m")


SCRAPED = {
    ("alertmanager", "alertmanager", "alertmanager-1:9093"),
    ("alertmanager", "alertmanager", "alertmanager-2:9093"),
    ("prometheus", "prometheus", "localhost:9090"),
    ("web", "web", "web-1:8000"),
    ("web", "web", "web-2:8000"),
    ("web-admin", "web", "web-1:9000"),
    ("worker", "worker", "worker:8000"),
}
"""Job, service and address of every target."""


def targets_of(address: str) -> set[tuple[str, str, str]]:
    """Job, service and address of the targets that the server at ``address`` scrapes."""
    found = answer(f"{address}/api/v1/targets?state=active")["activeTargets"]
    return {
        (target["labels"]["job"], target["labels"]["service"], target["discoveredLabels"]["__address__"])
        for target in found
    }


def answer(url: str) -> Any:
    """The data of an answer of Prometheus's API."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, timeout=10) as response:
        return json.load(response)["data"]


def seconds(text: str) -> float:
    """A duration in seconds."""
    return Duration.parse(text).seconds


TEXTS = st.text(st.sampled_from("{}$%\"'\\`<>&|. \nabcé\u2028😀"), min_size=1, max_size=12)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=30, max_size=30, unique=True))
def test_whatever_stands_in_a_label_reaches_people_as_it_is(
    generation: Generation, tmp_path: Path, texts: list[str]
) -> None:
    texts = [text for text in texts if "${" not in text]
    alerts: dict[str, dict[str, Any]] = {
        f"Alert{number}": {"severity": "info", "expr": "up > 0", "labels": {"note": text}}
        for number, text in enumerate(texts)
    }
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    spec = {"version": 1, "project": "x", "targets": {"prometheus": {"version": version}}, "alerts": alerts}
    emitted(json.dumps(spec, ensure_ascii=False)).write(tmp_path)
    expected = [
        {
            "eval_time": "1m",
            "alertname": name,
            "exp_alerts": [{"exp_labels": {"severity": "info", "priority": "P3", "note": alert["labels"]["note"]}}],
        }
        for name, alert in alerts.items()
    ]
    inputs = [{"series": "up", "values": "1x5"}]
    test = {
        "rule_files": ["prometheus/rules/project.alerts.yml"],
        "tests": [{"interval": "1m", "input_series": inputs, "alert_rule_test": expected}],
    }
    path = tmp_path / "test.yml"
    path.write_text(json.dumps(test, ensure_ascii=False), encoding="utf-8")
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output
