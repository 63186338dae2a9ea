"""Metrics of log lines: rules of Loki's ruler, what Prometheus is told, and what the language knows of them."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.checks import log_metric_nowhere, log_metric_unclear
from skillforge_mon.documents.document import Grade
from tests.backends.loki.compiled import emitted
from tests.backends.loki.schema import LokiConfiguration
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, loki: {}}
services:
  web: {}
logs:
  web:
    service: web
    index_by: [method]
    metrics:
      web_lines: {within: 5m}
      web_errors: {lines: {level: error}, by: [method]}
      web_seconds: 'quantile_over_time(0.9, {service="web"} | json | unwrap seconds [5m])'
  worker:
    format: plain
    metrics:
      worker_failures: {lines: failed}
      worker_500: {lines: {fields: {status: "500"}}}
"""


def groups(path: str) -> list[dict[str, Any]]:
    content = emitted(SPEC).content(path)
    assert isinstance(content["groups"], list)
    return content["groups"]


def test_each_stream_is_a_group_of_recording_rules() -> None:
    of_web = {"service": "web"}
    assert groups("loki/rules/fake/web.yaml") == [
        {
            "name": "metrics of web",
            "rules": [
                {
                    "record": "web_lines",
                    "expr": 'sum(count_over_time({service="web"}[5m])) or vector(0)',
                    "labels": of_web,
                },
                {
                    "record": "web_errors",
                    "expr": 'sum by (method) (count_over_time({service="web", level="error"}[1m]))',
                    "labels": of_web,
                },
                {
                    "record": "web_seconds",
                    "expr": 'quantile_over_time(0.9, {service="web"} | json | unwrap seconds [5m])',
                    "labels": of_web,
                },
            ],
        }
    ]


def test_what_plain_text_has_no_field_for_is_told_and_left_out() -> None:
    assert [rule["record"] for rule in groups("loki/rules/fake/worker.yaml")[0]["rules"]] == ["worker_failures"]
    verdict = emitted(SPEC).verdict("logs.worker")
    assert (verdict.grade, verdict.reason) == (
        Grade.APPROXIMATE,
        "`worker_500` is not made: its lines are plain text, and have no field `status`",
    )


def test_the_ruler_writes_to_prometheus() -> None:
    content = emitted(SPEC).content("loki/loki.yaml")
    LokiConfiguration.model_validate(content)
    assert {key: content["ruler"][key] for key in ("wal", "remote_write")} == {
        "wal": {"dir": "/loki/ruler-wal"},
        "remote_write": {"enabled": True, "clients": {"prometheus": {"url": "http://prometheus:9090/api/v1/write"}}},
    }


def test_the_ruler_writes_where_the_target_says() -> None:
    there = emitted(SPEC.replace("loki: {}", "loki: {metrics_to: 'https://mimir/api/v1/push'}"))
    written = there.content("loki/loki.yaml")["ruler"]["remote_write"]
    assert written == {"enabled": True, "clients": {"prometheus": {"url": "https://mimir/api/v1/push"}}}


def test_without_metrics_the_ruler_writes_nothing() -> None:
    without = SPEC[: SPEC.index("    metrics:")]
    assert "ruler" not in emitted(without).content("loki/loki.yaml")


def test_the_catalogue_knows_them() -> None:
    catalogue = project(SPEC).catalogue
    found = {name: catalogue.lookup(name) for name in ("web_errors", "web_lines")}
    told = {
        name: (each.type, each.unit, sorted(each.labels), each.help, each.origin)
        for name, each in found.items()
        if each
    }
    assert told == {
        "web_errors": ("gauge", "lines", ["method", "service"], "Lines of web within 1m.", "logs"),
        "web_lines": ("gauge", "lines", ["service"], "Lines of web within 5m.", "logs"),
    }


@pytest.mark.parametrize(
    ("before", "after", "headline"),
    [
        (", by: [method]", ", by: [methud]", "`web` does not index its lines by `methud`"),
        (
            "web_lines: {within: 5m}",
            "web_lines: {lines: a, query: 'rate({service=\"web\"}[5m])'}",
            "`web_lines` has a query, which chooses its lines itself",
        ),
        (
            "web_lines: {within: 5m}",
            "web_lines: '{service=\"web\"}'",
            "the query of `web_lines` finds lines, and a metric is a number",
        ),
        ("worker_failures:", "web_lines:", "`web_lines` is a metric of `logs.web` too"),
        (
            "services:",
            "metrics:\n  web_lines: {type: gauge, help: Lines}\nservices:",
            "`web_lines` is a metric of `metrics` too",
        ),
        (
            "lines: {level: error}, by: [method]",
            "query: 'sum by (service) (rate({service=\"web\"}[5m]))', by: [service], within: 5m",
            "`web_errors` has the label `service` in any case: it says whose lines they are",
        ),
    ],
)
def test_what_could_mean_two_things_is_refused(before: str, after: str, headline: str) -> None:
    told = [each.headline for each in log_metric_unclear.check(project(SPEC.replace(before, after)))]
    assert told == [headline]


@pytest.mark.parametrize(
    ("before", "after", "headline"),
    [
        ("prometheus: {}, ", "", "nobody keeps the metrics of `web`"),
        (
            "logs:\n  web:\n",
            "logs:\n  web:\n    backends: [elasticsearch]\n",
            "Loki does not keep the lines of `web`, so that no metrics are made of them",
        ),
    ],
)
def test_metrics_that_nobody_makes_or_keeps_are_refused(before: str, after: str, headline: str) -> None:
    text = SPEC.replace("loki: {}", "loki: {}, elasticsearch: {}").replace(before, after)
    told = [each.headline for each in log_metric_nowhere.check(project(text))]
    assert headline in told


def test_a_field_is_a_label_under_the_name_that_loki_has_for_it() -> None:
    text = SPEC.replace("index_by: [method]", "index_by: [method, http.status]").replace(
        "by: [method]}", "by: [http.status]}"
    )
    rule = emitted(text).content("loki/rules/fake/web.yaml")["groups"][0]["rules"][1]
    assert rule["expr"] == 'sum by (http_status) (count_over_time({service="web", level="error"}[1m]))'
    found = project(text).catalogue.lookup("web_errors")
    assert found is not None
    assert sorted(found.labels) == ["http_status", "service"]
