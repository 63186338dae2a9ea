"""The worse of two alerts silences the lesser of the same thing, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.alertmanager.emitting import configuration, verdicts

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {version: "0.27"}
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded, host: bounded}}
  disk_free_bytes: {type: gauge, help: Space, labels: {device: bounded, k8s.node: bounded}}
services:
  web: {labels: {tier: gold}}
alerts:
"""
THREE = """\
  Backlog:
    severity: {critical: "> 9", warning: "> 5", info: "> 1"}
    service: web
    labels: {host: all}
    expr: sum by (queue, host) (queue_length)
"""
TWO = """\
  Full:
    severity: {warning: "< 5GiB", info: "< 9GiB"}
    expr: EXPR
"""
ONE = """\
  Single:
    severity: critical
    expr: sum by (device) (disk_free_bytes) < 5
"""


def rules(alerts: str) -> list[dict[str, Any]] | None:
    """The inhibition rules of a project with these alerts."""
    found: list[dict[str, Any]] | None = configuration(HEAD + alerts).get("inhibit_rules")
    return found


def _rule(source: str, target: str, equal: list[str]) -> dict[str, Any]:
    return {"source_matchers": [source], "target_matchers": [target], "equal": equal}


def test_alerts_of_one_severity_need_no_rule() -> None:
    assert rules(ONE) is None


def test_each_severity_silences_the_lesser_ones_per_series_that_the_alert_can_have() -> None:
    equal = ["alertname", "service", "queue"]
    assert rules(THREE) == [
        _rule('severity="critical"', 'severity=~"info|warning"', equal),
        _rule('severity="warning"', 'severity="info"', equal),
    ]


def test_the_labels_of_all_alerts_are_compared_since_two_missing_ones_are_equal() -> None:
    alerts = THREE + TWO.replace("EXPR", "sum by (device) (disk_free_bytes)") + ONE
    assert rules(alerts) == [
        _rule('severity="critical"', 'severity=~"info|warning"', ["alertname", "service", "device", "queue"]),
        _rule('severity="warning"', 'severity="info"', ["alertname", "service", "device", "queue"]),
    ]


def test_a_query_that_leaves_unknown_labels_is_compared_by_instance_and_job() -> None:
    alerts = TWO.replace("EXPR", "disk_of_another_exporter_bytes")
    assert rules(alerts) == [
        _rule('severity="warning"', 'severity="info"', ["alertname", "service", "instance", "job"])
    ]


PLACES = ["container", "filename", "http_route", "method", "namespace", "pod", "region", "service_name"]
LOGS = """\
version: 1
project: shop
targets:
  alertmanager: {}
  loki: {}
services:
  web: {}
logs:
  web: {service: web, index_by: [method, http.route], labels: {region: eu}}
  app: {source: {otlp: true}}
  pods: {source: {kubernetes: {namespace: shop}}}
  boxes: {source: {docker: box}}
  files: {source: {files: /var/log/x.log}}
alerts:
  Lines:
    service: web
    severity: {critical: "> 9", warning: "> 5"}
"""


@pytest.mark.parametrize(
    ("condition", "apart"),
    [
        ("logs: {of: web}", []),
        ("logs: {of: web, by: [http.route, method]}", ["http_route", "method"]),
        ("loki: 'sum by (method) (rate({service=\"web\"}[5m]))'", ["method"]),
        ("loki: 'rate({service=\"web\"}[5m])'", PLACES),
    ],
)
def test_alerts_on_lines_are_told_apart_by_the_labels_that_are_counted_by(condition: str, apart: list[str]) -> None:
    """A real Alertmanager kept quiet about many failed POSTs, because there were more failed GETs."""
    assert configuration(f"{LOGS}    {condition}\n")["inhibit_rules"] == [
        _rule('severity="critical"', 'severity="warning"', ["alertname", "service", *apart])
    ]


def test_the_page_of_an_slo_silences_its_ticket() -> None:
    metrics = "  bad_total: {type: counter, help: Bad}\n  all_total: {type: counter, help: All}\nservices:\n"
    spec = HEAD.replace("services:\n", metrics).replace("alerts:\n", "slos:\n")
    spec = spec.replace("prometheus: {}", "prometheus: {external_labels: {cluster: eu}}")
    spec += "  availability: {service: web, objective: 99%, bad: bad_total, total: all_total}\n"
    assert configuration(spec)["inhibit_rules"] == [
        _rule('severity="critical"', 'severity="warning"', ["alertname", "service", "cluster", "slo"])
    ]


def test_label_names_beyond_the_old_alphabet_need_a_version_that_knows_them() -> None:
    alerts = TWO.replace("EXPR", "'sum by (\"k8s.node\") (disk_free_bytes)'")
    assert rules(alerts) == [_rule('severity="warning"', 'severity="info"', ["alertname", "service", "k8s.node"])]
    old = (HEAD + alerts).replace('"0.27"', '"0.26"')
    assert "inhibit_rules" not in configuration(old)
    assert verdicts(old) == (
        Verdict(
            "alertmanager",
            "targets.alertmanager",
            Grade.UNTRANSLATABLE,
            "alerts differ by labels whose names Alertmanager knows from 0.27 on: k8s.node",
            "name version 0.27 or later, or use label names of letters, digits and _ only",
            "version",
        ),
    )
