"""What series are called in Datadog."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.datadog.names import Names, Source
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from tests.projects import project

SPEC = """\
version: 1
project: web-shop
targets: {datadog: {openmetrics: {histograms: HISTOGRAMS}}, prometheus: {}}
use: [node]
metrics:
  orders_total: {type: counter, labels: {shop: [eu, us], kind: bounded}}
  started: {type: counter}
  paid_total: {type: counter, datadog: shop.paid}
  shipped_total: {type: counter, datadog: {name: shop.shipped, type: gauge}}
  stock: {type: gauge, exported_by_push: true, labels: {item: bounded}}
  wait_seconds: {type: histogram}
  load_seconds: {type: histogram, datadog: {name: shop.load, type: distribution}}
  pay_seconds: {type: histogram, datadog: {name: shop.pay, type: count}}
  rpc_seconds: {type: summary, datadog: shop.rpc}
  size_bytes: {type: native_histogram}
  used_bytes: {type: gauge, service: backend}
services:
  backend: {scrape: {targets: "backend:80", labels: {zone: a}}}
"""


def source(name: str, *, counted: bool = False, histograms: str = "distributions") -> Source:
    text = SPEC.replace("HISTOGRAMS", histograms)
    return Names(project(text)).source(name, counted=counted)


@pytest.mark.parametrize(
    ("series", "name", "stored"),
    [
        ("orders_total", "web_shop.orders.count", "count"),
        ("started", "web_shop.started.count", "count"),
        ("paid_total", "shop.paid", "count"),
        ("shipped_total", "shop.shipped", "gauge"),
        ("stock", "web_shop.stock", "gauge"),
        ("wait_seconds_bucket", "web_shop.wait_seconds", "distribution"),
        ("wait_seconds_count", "web_shop.wait_seconds", "distribution"),
        ("load_seconds_sum", "shop.load", "distribution"),
        ("pay_seconds_bucket", "shop.pay.bucket", "count"),
        ("rpc_seconds", "shop.rpc.quantile", "gauge"),
        ("rpc_seconds_count", "shop.rpc.count", "count"),
        ("size_bytes", "web_shop.size_bytes", "distribution"),
        ("node_cpu_seconds_total", "web_shop.node_cpu_seconds.count", "count"),
        ("node_memory_MemTotal_bytes", "web_shop.node_memory_MemTotal_bytes", "gauge"),
    ],
)
def test_names_are_those_of_the_agent_or_of_the_spec(series: str, name: str, stored: str) -> None:
    found = source(series)
    assert (found.name, found.stored, found.known) == (name, stored, True)


@pytest.mark.parametrize(
    ("series", "name", "stored"),
    [
        ("wait_seconds_bucket", "web_shop.wait_seconds.bucket", "count"),
        ("wait_seconds_sum", "web_shop.wait_seconds.sum", "count"),
        ("load_seconds_sum", "shop.load", "distribution"),
    ],
)
def test_histograms_may_be_sent_as_buckets(series: str, name: str, stored: str) -> None:
    found = source(series, histograms="buckets")
    assert (found.name, found.stored) == (name, stored)


@pytest.mark.parametrize(
    ("series", "counted", "name", "stored"),
    [
        ("jobs_total", True, "web_shop.jobs.count", "count"),
        ("jobs", True, "web_shop.jobs.count", "count"),
        ("jobs", False, "web_shop.jobs", "gauge"),
        ("job_seconds_bucket", True, "web_shop.job_seconds", "distribution"),
        ("http.server/active", False, "web_shop.http.server_active", "gauge"),
    ],
)
def test_what_nobody_declared_is_guessed_from_its_use(series: str, counted: bool, name: str, stored: str) -> None:
    found = source(series, counted=counted)
    assert (found.name, found.stored, found.labels, found.known) == (name, stored, None, False)


def test_labels_are_those_of_the_exporter_and_the_instance() -> None:
    found = source("orders_total")
    assert found.labels == ("shop", "kind", "instance")
    assert found.values == {"shop": ("eu", "us")}
    assert source("stock").labels == ("item",)
    assert source("used_bytes").labels == ("instance",)
    assert source("used_bytes").scraped == {"job", "instance", "service", "zone"}


@pytest.mark.parametrize("series", ["up", "scrape_duration_seconds", "ALERTS"])
def test_what_prometheus_makes_itself_is_not_in_datadog(series: str) -> None:
    with pytest.raises(Untranslatable, match=f"^`{series}` is made by Prometheus, and Datadog does not have it$"):
        source(series)


def test_what_loki_makes_of_lines_never_reaches_datadog() -> None:
    text = SPEC.replace("HISTOGRAMS", "distributions").replace("targets: {", "targets: {loki: {}, ")
    names = Names(project(text + "logs: {web: {backends: [loki], metrics: {web_lines: {}}}}\n"))
    with pytest.raises(
        Untranslatable, match=r"^`web_lines` is made of log lines by Loki, and Datadog does not have it$"
    ):
        names.source("web_lines", counted=False)
