"""The catalogue: which metric a series name belongs to, and what is known of it."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Report, Severity, Span
from skillforge_mon.query.catalogue import MetricEntry, build_catalogue
from skillforge_mon.spec.models.metrics import LabelValues
from skillforge_mon.spec.validate import validate
from skillforge_mon.spec.yaml.loader import load_text
from tests.query.catalogues import FILE, catalogue_of

BOUNDED = LabelValues("bounded")
TARGET = {"job": BOUNDED, "instance": BOUNDED}


def test_an_entry_holds_all_that_is_declared() -> None:
    catalogue = catalogue_of(
        """\
version: 1
project: shop
services:
  web: {scrape: {targets: ["web:80"], labels: {zone: a}}}
  worker: {scrape: {targets: ["worker:80"], labels: {queue: b}}}
metrics:
  request_duration_seconds:
    type: histogram
    help: Time to answer
    buckets: [0.1, 1]
    labels: {code: [ok, failed], user: unbounded}
    service: web
    deprecated: use http_request_duration_seconds
"""
    )
    assert catalogue.lookup("request_duration_seconds_bucket") == MetricEntry(
        name="request_duration_seconds_bucket",
        metric="request_duration_seconds",
        series="bucket",
        type="histogram",
        unit="requests",
        labels={
            "code": LabelValues("enum", ("ok", "failed")),
            "user": LabelValues("unbounded"),
            "le": BOUNDED,
            **TARGET,
            "service": LabelValues("enum", ("web",)),
            "zone": BOUNDED,
        },
        observed_unit="seconds",
        open_labels=False,
        certain_labels=frozenset(("code", "user", "le", "job", "instance", "service")),
        buckets=(0.1, 1),
        help="Time to answer",
        deprecated="use http_request_duration_seconds",
        origin="spec",
        service="web",
        place=Span(FILE, 7, 3, 7, 27),
    )


SERIES = {
    "http_requests_total": ("http_requests_total", "counter", "requests"),
    "http_requests_created": ("http_requests_total", "gauge", "seconds"),
    "http_request_duration_seconds_bucket": ("http_request_duration_seconds", "bucket", "requests"),
    "http_request_duration_seconds_sum": ("http_request_duration_seconds", "sum", "seconds"),
    "http_request_duration_seconds_count": ("http_request_duration_seconds", "count", "requests"),
    "job_seconds": ("job_seconds", "native_histogram", "observations"),
    "rpc_duration_seconds": ("rpc_duration_seconds", "quantile", "seconds"),
    "rpc_duration_seconds_sum": ("rpc_duration_seconds", "sum", "seconds"),
    "rpc_duration_seconds_count": ("rpc_duration_seconds", "count", "rpcs"),
    "memory_bytes": ("memory_bytes", "gauge", "bytes"),
    "up": ("up", "gauge", "boolean"),
    "scrape_duration_seconds": ("scrape_duration_seconds", "gauge", "seconds"),
    "ALERTS": ("ALERTS", "gauge", "boolean"),
    "slo:burn_rate:1h": ("slo:burn_rate:1h", "gauge", ""),
}


@pytest.mark.parametrize("name", SERIES)
def test_a_series_belongs_to_a_metric(name: str) -> None:
    entry = catalogue_of().lookup(name)
    assert entry is not None
    assert (entry.metric, entry.series, entry.unit) == SERIES[name]


@pytest.mark.parametrize(
    "name",
    ["http_request_duration_seconds", "http_requests_total_sum", "job_seconds_bucket", "rpc_duration_seconds_bucket",
     "memory_bytes_created", "nothing", "UP"],
)  # fmt: skip
def test_other_names_are_unknown(name: str) -> None:
    assert catalogue_of().lookup(name) is None


def test_a_classic_histogram_is_found_by_its_own_name_as_a_metric() -> None:
    entry = catalogue_of().metric("http_request_duration_seconds")
    assert entry is not None
    assert (entry.series, entry.unit, sorted(entry.labels)) == ("histogram", "seconds", ["instance", "job", "service"])


def test_only_growing_series_are_counters() -> None:
    catalogue = catalogue_of()
    counters = [entry.name for name in SERIES if (entry := catalogue.lookup(name)) is not None and entry.is_counter]
    assert counters == [
        "http_requests_total",
        "http_request_duration_seconds_bucket",
        "http_request_duration_seconds_sum",
        "http_request_duration_seconds_count",
        "rpc_duration_seconds_sum",
        "rpc_duration_seconds_count",
    ]


def test_pushed_metrics_are_without_target_labels() -> None:
    entry = catalogue_of().lookup("started_timestamp_seconds")
    assert entry is not None
    assert entry.labels == {}


def test_metrics_of_no_service_may_carry_the_labels_of_every_scrape() -> None:
    catalogue = catalogue_of(
        """\
version: 1
project: shop
targets: {prometheus: {external_labels: {region: north}}}
services:
  web: {scrape: {targets: ["web:80"], labels: {zone: a}}}
  batch: {}
metrics:
  any: {type: gauge}
  of_web: {type: gauge, service: web}
  of_batch: {type: gauge, service: batch}
"""
    )
    labels = {name: sorted(entry.labels) for name in ("any", "of_web", "of_batch") if (entry := catalogue.lookup(name))}
    assert labels == {name: ["instance", "job", "service", "zone"] for name in ("any", "of_web", "of_batch")}


def test_where_kubernetes_is_discovered_the_usual_labels_of_workloads_are_possible() -> None:
    entry = catalogue_of("version: 1\nproject: shop\ntargets: {prometheus: {kubernetes: {}}}\n").lookup("up")
    assert entry is not None
    assert {"namespace", "pod", "node", "service", "container", "app"} < set(entry.labels)


RECORDINGS = """\
version: 1
project: shop
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
recordings:
  rate: {record: "code:requests:rate5m", expr: "sum by (code) (rate(requests_total[5m]))", labels: {level: code}}
  quick: {record: "requests:quantile", expr: "sum(rate(requests_total[5m]))", labels: {quantile: "0.5"}}
  slow: {record: "requests:quantile", expr: "sum(rate(requests_total[5m]))", labels: {quantile: "0.9"}}
  of_recording: {expr: "max(code:requests:rate5m)", unit: requests, help: The most}
  total: {expr: sum(requests_total)}
  circle: {expr: circle + 1}
  broken: {expr: "sum("}
"""


def test_a_recording_has_the_unit_and_the_labels_of_its_query() -> None:
    catalogue = catalogue_of(RECORDINGS)
    assert catalogue.lookup("code:requests:rate5m") == MetricEntry(
        name="code:requests:rate5m",
        metric="code:requests:rate5m",
        series="gauge",
        type="gauge",
        unit="requests_per_second",
        labels={"code": BOUNDED, "level": LabelValues("enum", ("code",))},
        certain_labels=frozenset(("code", "level")),
        origin="recording",
        place=Span(FILE, 6, 3, 6, 7),
    )
    later = catalogue.lookup("of_recording")
    assert later is not None
    assert (later.unit, later.help, later.labels, later.open_labels) == ("requests", "The most", {}, False)


def test_recordings_under_one_name_are_taken_together() -> None:
    entry = catalogue_of(RECORDINGS).lookup("requests:quantile")
    assert entry is not None
    assert (entry.labels, entry.unit) == ({"quantile": LabelValues("enum", ("0.5", "0.9"))}, "requests_per_second")


def test_a_recorded_total_is_still_a_counter() -> None:
    entry = catalogue_of(RECORDINGS).lookup("total")
    assert entry is not None
    assert entry.is_counter


@pytest.mark.parametrize("name", ["circle", "broken"])
def test_recordings_without_a_meaning_may_carry_any_label(name: str) -> None:
    entry = catalogue_of(RECORDINGS).lookup(name)
    assert entry is not None
    assert (entry.unit, entry.open_labels) == ("", True)


def test_no_chain_of_recordings_is_too_long() -> None:
    deep = "(" * 150 + "r{} + r{}" + ")" * 150
    chain = "".join(f"  r{number + 1}: {{expr: '{deep.format(number, number)}'}}\n" for number in range(300))
    catalogue = catalogue_of(f"version: 1\nproject: shop\nrecordings:\n  r0: {{expr: sum by (job) (up)}}\n{chain}")
    entry = catalogue.lookup("r300")
    assert entry is not None
    assert (entry.unit, entry.labels) == ("count", {"job": BOUNDED})


def test_a_metric_of_the_spec_hides_that_of_a_packaged_catalogue() -> None:
    catalogue = catalogue_of(
        "version: 1\nproject: shop\nuse: [node]\nmetrics:\n  node_load1: {type: gauge, help: Mine}\n"
    )
    own, packaged = catalogue.lookup("node_load1"), catalogue.lookup("node_load5")
    assert own is not None
    assert packaged is not None
    assert (own.help, own.origin, packaged.origin) == ("Mine", "spec", "node")


def test_entries_are_the_metrics_of_the_spec_first_each_once() -> None:
    catalogue = catalogue_of(
        "version: 1\nproject: shop\nuse: [nginx]\nmetrics:\n  b_seconds: {type: histogram}\n  nginx_up: {type: gauge}\n"
    )
    names = [entry.name for entry in catalogue.entries()]
    assert names[:3] == ["b_seconds", "nginx_up", "nginx_connections_accepted"]
    assert len(names) == len(set(names))


def test_names_are_those_of_all_series() -> None:
    names = catalogue_of(RECORDINGS).names
    assert names[:2] == ("requests_total", "up")
    assert names[-6:] == (
        "code:requests:rate5m", "requests:quantile", "of_recording", "total", "circle", "broken"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "complete"),
    [("", False), ("use: [node]\n", True), ("metrics:\n  a: {type: gauge}\n", True)],
)
def test_a_spec_without_metrics_has_no_catalogue_to_hold_queries_against(text: str, complete: bool) -> None:
    assert catalogue_of(f"version: 1\nproject: shop\n{text}").complete is complete


def test_an_unknown_packaged_catalogue_is_an_error_with_a_suggestion() -> None:
    report = Report()
    root = load_text("version: 1\nproject: shop\nuse: [node, postgress]\n", FILE, report)
    assert root is not None
    spec = validate(root, report)
    assert spec is not None
    build_catalogue(spec, root, report)
    span = Span(FILE, 3, 13, 3, 22)
    assert list(report) == [
        Diagnostic(
            code="MON1216",
            severity=Severity.ERROR,
            headline="there is no packaged catalogue `postgress`",
            span=span,
            notes=(
                (
                    "there are: alertmanager, blackbox, cadvisor, celery, elasticsearch, go, kube-state-metrics, kubelet, "
                    "loki, nginx, node, nodejs, postgres, prometheus, python, rabbitmq, redis"
                ),
            ),
            help="did you mean `postgres`?",
            fix=Fix(span, "postgres", "write `postgres`", safe=False),
        )
    ]
