"""What a page becomes in the language."""

from __future__ import annotations

import pytest

from skillforge_mon.query.exposition.comparison import declared_in, label_differences, type_differences
from skillforge_mon.query.exposition.entries import client_library_metrics, entries_of
from skillforge_mon.query.exposition.label_classes import cardinality_of
from tests.query.catalogues import catalogue_of
from tests.query.exposition.pages import OPENMETRICS, TEXT, page_of


def test_a_page_in_the_text_format() -> None:
    entries = entries_of(page_of(TEXT), "backend")
    assert dict(entries.metrics) == {
        "http_requests_total": {
            "type": "counter",
            "help": "Requests \\ answered, by method.",
            "labels": {"method": ["GET", "POST"], "code": "bounded"},
            "service": "backend",
        },
        "rpc_duration_seconds": {
            "type": "summary",
            "unit": "seconds",
            "quantiles": [0.5, 0.99],
            "service": "backend",
        },
        "job_seconds": {
            "type": "histogram",
            "unit": "seconds",
            "labels": {"queue": "bounded"},
            "buckets": [0.1],
            "service": "backend",
        },
        "msdos_file_access_time_seconds": {
            "type": "gauge",
            "unit": "seconds",
            "labels": {"path": "unbounded", "error": "bounded"},
            "service": "backend",
        },
        "something_weird": {"type": "gauge", "labels": {"problem": "bounded"}, "service": "backend"},
    }
    assert entries.untyped == ("msdos_file_access_time_seconds", "something_weird")
    assert dict(entries.left_out) == {}


def test_a_page_in_openmetrics() -> None:
    entries = entries_of(page_of(OPENMETRICS))
    assert dict(entries.metrics) == {
        "acme_http_router_request_seconds": {
            "type": "summary",
            "help": 'Latency of "all" router requests.',
            "unit": "seconds",
            "labels": {"path": "unbounded", "method": "bounded"},
        },
        "requests_total": {"type": "counter", "labels": {"code": "bounded"}},
        "job_seconds": {"type": "histogram", "unit": "seconds", "buckets": [0.1]},
        "node_info": {"type": "gauge", "labels": {"version": "bounded"}},
        "phase": {"type": "gauge", "unit": "boolean", "labels": {"phase": ["running", "stopped"]}},
        "free": {"type": "gauge"},
    }
    assert entries.untyped == ("free",)
    assert dict(entries.left_out) == {"waiting": "the language has no gauge histograms"}


def test_times_of_creation_belong_to_their_metric() -> None:
    page = page_of(
        "# TYPE jobs_total counter\njobs_total 1\n# TYPE jobs_created gauge\njobs_created 1.7e9\n"
        "# TYPE files_created gauge\nfiles_created 3\n"
    )
    assert list(entries_of(page).metrics) == ["jobs_total", "files_created"]


def test_what_the_language_cannot_name_is_left_out() -> None:
    page = page_of('{"größe"} 1\na{"b-c"="d"} 1\n# TYPE unused gauge\n')
    entries = entries_of(page)
    assert dict(entries.metrics) == {}
    assert dict(entries.left_out) == {
        "größe": "its name is none of the language",
        "a": "its label `b-c` is none of the language",
        "unused": "it has no samples, so its labels are not known",
    }


CARDINALITIES = [
    ("method", ["GET", "POST"], ["GET", "POST"]),
    ("method", ["GET"], "bounded"),
    ("code", ["200", "404"], "bounded"),
    ("device", ["eth0", "eth1"], "bounded"),
    ("state", [f"state {chr(97 + index)}" for index in range(11)], "bounded"),
    ("state", ["idle", "", "busy"], ["busy", "idle"]),
    ("user_id", ["7"], "unbounded"),
    ("request", ["0b59ad10-41a8-4b9c-a4b4-08b9ae2d0d3c"], "unbounded"),
    ("container", ["3f4e8a9b1c2d"], "unbounded"),
    ("order", ["1234567"], "unbounded"),
    ("peer", ["10.0.0.1:5432"], "unbounded"),
    ("peer", ["fe80::1ff:fe23:4567:890a"], "unbounded"),
    ("owner", ["ann@example.com"], "unbounded"),
    ("target", ["https://example.com/a"], "unbounded"),
    ("path", ["/var/log/a"], "unbounded"),
    ("file", ["/var/log/a"], "unbounded"),
    ("handler", ["/metrics", "/api/{id}"], "bounded"),
    ("mountpoint", ["/", "/boot"], "bounded"),
    ("version", ["1.2.3"], "bounded"),
]


@pytest.mark.parametrize(("label", "values", "expected"), CARDINALITIES)
def test_how_many_values_a_label_takes(label: str, values: list[str], expected: str | list[str]) -> None:
    assert cardinality_of(label, values) == expected


def test_metrics_of_client_libraries_are_known() -> None:
    python = ["python_info", "process_open_fds", "python_new_thing", "jobs_total"]
    assert dict(client_library_metrics(python)) == {"python_info": "python", "process_open_fds": "python"}
    assert dict(client_library_metrics(["process_open_fds"])) == {"process_open_fds": "go"}
    node = ["nodejs_heap_size_used_bytes", "process_heap_bytes"]
    assert dict(client_library_metrics(node)) == {
        "nodejs_heap_size_used_bytes": "nodejs",
        "process_heap_bytes": "nodejs",
    }


def test_a_page_beside_a_spec() -> None:
    catalogue = catalogue_of()
    page = page_of(
        '# TYPE errors_total counter\nerrors_total{service="a"} 1\n'
        '# TYPE memory_bytes counter\nmemory_bytes{user="a"} 1\n'
        "# TYPE new gauge\nnew 1\n"
        "# TYPE job_run gauge\njob_run 1\n"
        "# TYPE http_request_duration_seconds histogram\n"
        'http_request_duration_seconds_bucket{service="a",zone="b",le="+Inf"} 1\n'
    )
    metrics = entries_of(page).metrics
    assert declared_in(metrics, catalogue) == ("errors_total", "memory_bytes", "http_request_duration_seconds")
    assert [(found.metric, found.text) for found in type_differences(metrics, catalogue)] == [
        ("memory_bytes", "the page says counter, the spec says gauge")
    ]
    assert [(found.metric, found.text) for found in label_differences(page, catalogue)] == [
        ("http_request_duration_seconds", "the spec does not declare its label `zone`")
    ]
