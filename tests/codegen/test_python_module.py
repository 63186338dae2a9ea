"""The instrumentation module: its text, its typing, and what it exports when it is driven."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.codegen.instruments import instruments_of, metrics_of
from skillforge_mon.codegen.python_module import python_module
from skillforge_mon.codegen.python_text import docstring, string
from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.query.exposition.comparison import label_differences, type_differences
from skillforge_mon.query.exposition.entries import entries_of
from skillforge_mon.query.exposition.reader import read_page
from skillforge_mon.spec.models.metrics import Metric
from tests.query.catalogues import catalogue_of

ROOT = Path(__file__).resolve().parents[2]

METRICS = """\
  http_requests_total:
    {type: counter, help: HTTP requests served, labels: {method: [GET, POST], class: ["2xx"]}, service: backend}
  http_request_duration_seconds:
    {type: histogram, help: Time to answer, buckets: [0.1, 0.25, 1], labels: {endpoint: bounded}, service: backend}
  sessions_open:
    {type: gauge, help: 'Sessions that are "open"', deprecated: count them with http_requests_total, service: backend}
  payload_bytes: {type: summary, help: Size of a body, labels: {Counter: bounded, self: bounded}, service: backend}
"""
SPEC = f"version: 1\nproject: shop\nservices: {{backend: {{}}}}\nmetrics:\n{METRICS}"

MODULE = '''\
# Written by `monmc codegen metrics`: change the spec, not this file.
"""The metrics of the service backend of shop, one object for each."""

from __future__ import annotations

from typing import Final, Literal

from prometheus_client import Counter, Gauge, Histogram, Summary


class _HttpRequestDurationSeconds:
    """Time to answer.

    A histogram in seconds, exported as http_request_duration_seconds.
    """

    def __init__(self) -> None:
        self._metric = Histogram(
            "http_request_duration_seconds",
            "Time to answer",
            labelnames=[
                "endpoint",
            ],
            buckets=[
                0.1,
                0.25,
                1.0,
            ],
        )

    def labels(
        self,
        *,
        endpoint: str,
    ) -> Histogram:
        """The one series with these labels."""
        return self._metric.labels(
            endpoint,
        )


class _HttpRequestsTotal:
    """HTTP requests served.

    A counter of requests, exported as http_requests_total.
    """

    def __init__(self) -> None:
        self._metric = Counter(
            "http_requests_total",
            "HTTP requests served",
            labelnames=[
                "method",
                "class",
            ],
        )

    def labels(
        self,
        *,
        method: Literal[
            "GET",
            "POST",
        ],
        class_: Literal["2xx"],
    ) -> Counter:
        """The one series with these labels."""
        return self._metric.labels(
            method,
            class_,
        )


class _PayloadBytes:
    """Size of a body.

    A summary in bytes, exported as payload_bytes.
    """

    def __init__(self) -> None:
        self._metric = Summary(
            "payload_bytes",
            "Size of a body",
            labelnames=[
                "Counter",
                "self",
            ],
        )

    def labels(
        self,
        *,
        counter: str,
        self_: str,
    ) -> Summary:
        """The one series with these labels."""
        return self._metric.labels(
            counter,
            self_,
        )


http_request_duration_seconds: Final = _HttpRequestDurationSeconds()

http_requests_total: Final = _HttpRequestsTotal()

payload_bytes: Final = _PayloadBytes()

sessions_open: Final = Gauge(
    "sessions_open",
    'Sessions that are "open"',
)
"""Sessions that are "open".

A gauge, exported as sessions_open.

Deprecated: count them with http_requests_total.
"""
'''

DRIVER = """\
import sys

import instrumentation
from prometheus_client import generate_latest

instrumentation.http_requests_total.labels(method="POST", class_="2xx").inc(3)
instrumentation.http_request_duration_seconds.labels(endpoint="/cart").observe(0.2)
instrumentation.sessions_open.set(7)
instrumentation.payload_bytes.labels(counter="a", self_="b").observe(512)
sys.stdout.buffer.write(generate_latest())
"""


def declared(**metrics: Mapping[str, object]) -> dict[str, Metric]:
    """Metrics of the language."""
    return {name: Metric.model_validate(fields) for name, fields in metrics.items()}


def generated(metrics: Mapping[str, Metric]) -> str:
    """The module for ``metrics``, without a problem."""
    report = Report()
    instruments = instruments_of(metrics, {}, report)
    assert list(report) == []
    return python_module("backend", "shop", instruments)


def of_spec() -> dict[str, Metric]:
    """The metrics of SPEC as the language reads them."""
    from tests.projects import project

    return dict(project(SPEC).spec.metrics)


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """``command`` in ``folder``, with this Python's programs."""
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_module() -> None:
    assert generated(of_spec()) == MODULE


def test_the_page_of_the_module_is_what_the_catalogue_says(tmp_path: Path) -> None:
    (tmp_path / "instrumentation.py").write_text(generated(of_spec()), encoding="utf-8")
    (tmp_path / "drive.py").write_text(DRIVER, encoding="utf-8")
    driven = run("drive.py", folder=tmp_path)
    assert driven.stderr == ""
    page, problems = read_page(driven.stdout.encode(), "page.txt")
    assert problems == ()
    assert page is not None
    catalogue = catalogue_of(f"{SPEC}use: [python]\n")
    entries = entries_of(page).metrics
    ours = {name: entry for name, entry in entries.items() if not name.startswith(("python_", "process_"))}
    assert ours == {
        "http_request_duration_seconds": {
            "type": "histogram",
            "help": "Time to answer",
            "unit": "seconds",
            "labels": {"endpoint": "bounded"},
            "buckets": [0.1, 0.25, 1],
        },
        "http_requests_total": {
            "type": "counter",
            "help": "HTTP requests served",
            "labels": {"method": "bounded", "class": "bounded"},
        },
        "payload_bytes": {
            "type": "summary",
            "help": "Size of a body",
            "unit": "bytes",
            "labels": {"Counter": "bounded", "self": "bounded"},
        },
        "sessions_open": {"type": "gauge", "help": 'Sessions that are "open"'},
    }
    series = {sample.name for family in page.families for sample in family.samples}
    assert {name for name in series if catalogue.lookup(name) is None} == set()
    assert list(type_differences(entries, catalogue)) == []
    assert list(label_differences(page, catalogue)) == []


AWKWARD = declared(
    long_help={"type": "gauge", "help": "A rather long sentence that has to be wrapped somewhere, " * 3},
    quoted={"type": "gauge", "help": '"Quoted" and \'single\', with """three""" and a backslash \\', "labels": {"Zone": ["a"]}},
    lines={"type": "gauge", "help": "One\nand  two", "labels": {"zone": ["é", 'say "x"', "it's"]}},
    no_help_total={"type": "counter"},
)  # fmt: skip


@pytest.mark.parametrize("module", [MODULE, generated(AWKWARD)], ids=["usual", "awkward"])
def test_the_module_is_clean(module: str, tmp_path: Path) -> None:
    (tmp_path / "instrumentation.py").write_text(module, encoding="utf-8")
    for length in ("88", "120"):
        formatted = run(
            "-m", "ruff", "format", "--isolated", "--diff", f"--line-length={length}", "instrumentation.py",
            folder=tmp_path,
        )  # fmt: skip
        assert (formatted.returncode, formatted.stdout) == (0, "")
    checked = run("-m", "ruff", "check", "--isolated", "instrumentation.py", folder=tmp_path)
    assert checked.stdout == "All checks passed!\n"
    ours = ["--ignore=E501", f"--config={ROOT / 'pyproject.toml'}"]
    assert run("-m", "ruff", "check", *ours, "instrumentation.py", folder=tmp_path).stdout == "All checks passed!\n"
    typed = run("-m", "mypy", "--strict", "--config-file=", "instrumentation.py", folder=tmp_path)
    assert typed.stdout == "Success: no issues found in 1 source file\n"


def test_wrong_labels_are_refused_by_the_type_checker(tmp_path: Path) -> None:
    (tmp_path / "instrumentation.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "use.py").write_text(
        "from instrumentation import http_requests_total\n\n"
        'http_requests_total.labels(method="PUT", class_="2xx").inc()\n'
        'http_requests_total.labels("GET", "2xx").inc()\n'
        'http_requests_total.labels(method="GET").inc()\n',
        encoding="utf-8",
    )
    typed = run("-m", "mypy", "--strict", "--config-file=", "use.py", folder=tmp_path)
    errors = [line.partition("  [")[0] for line in typed.stdout.splitlines() if ": error: " in line]
    allowed = "Literal['GET', 'POST']"
    refused = "Literal['PUT']"
    of = 'of "_HttpRequestsTotal"'
    assert errors == [
        f'use.py:3: error: Argument "method" to "labels" {of} has incompatible type "{refused}"; expected "{allowed}"',
        f'use.py:4: error: Too many positional arguments for "labels" {of}',
        f'use.py:5: error: Missing named argument "class_" for "labels" {of}',
    ]


def test_the_metrics_of_a_service() -> None:
    metrics = declared(
        a_total={"type": "counter", "service": "backend"}, b={"type": "gauge", "service": "worker"}, c={"type": "gauge"}
    )
    assert list(metrics_of("backend", metrics)) == ["a_total"]
    assert list(metrics_of("billing", metrics)) == []
    assert list(metrics_of("backend", {"c": metrics["c"]})) == ["c"]


OBSTACLES = {
    "jobs": ({"type": "counter"}, "`jobs` is a counter, to whose name prometheus_client adds `_total`", "call it `jobs_total`"),
    "job_seconds": (
        {"type": "native_histogram"},
        "`job_seconds` is a native_histogram, which prometheus_client cannot observe",
        "declare it as a histogram",
    ),
    "rpc_seconds": (
        {"type": "summary", "quantiles": [0.5]},
        "`rpc_seconds` has quantiles, which prometheus_client does not export",
        "leave `quantiles` out, or make it a histogram",
    ),
    "http.requests": ({"type": "gauge"}, "`http.requests` has a name that is none in Python", "use letters, digits and `_`"),
    "requests": (
        {"type": "gauge", "labels": {"server.name": "bounded"}},
        "`requests` has the label `server.name`, which is no name in Python",
        "use letters, digits and `_`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OBSTACLES)
def test_what_the_client_library_cannot_export_is_refused(name: str) -> None:
    fields, headline, way_out = OBSTACLES[name]
    span, report = Span.at("shop.yaml", 4, 3), Report()
    assert instruments_of({name: Metric.model_validate(fields)}, {name: span}, report) == ()
    assert [(found.code, found.span, found.headline, found.help) for found in report] == [
        ("MON3521", span, headline, way_out)
    ]


def test_metrics_that_clash_in_the_client_library_are_refused() -> None:
    report = Report()
    metrics = declared(jobs={"type": "gauge"}, jobs_total={"type": "counter"})
    assert [instrument.metric for instrument in instruments_of(metrics, {}, report)] == ["jobs"]
    assert [found.headline for found in report] == ["`jobs_total` shares a series with `jobs` in prometheus_client"]


def test_names_that_python_or_the_module_need_are_kept_free() -> None:
    metrics = declared(
        **{"class": {"type": "gauge"}, "Final": {"type": "gauge"}, "a_b": {"type": "gauge"}, "A_b": {"type": "gauge"}}
    )
    assert [(found.metric, found.name, found.class_name) for found in instruments_of(metrics, {}, Report())] == [
        ("A_b", "A_b", "_AB"),
        ("Final", "Final_", "_Final"),
        ("a_b", "a_b", "_AB_"),
        ("class", "class_", "_Class"),
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_is_the_literal_that_it_becomes(text: str) -> None:
    assert eval(string(text)) == text  # noqa: S307 - a literal of our own


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=3))
def test_every_docstring_is_one_literal(paragraphs: list[str]) -> None:
    assert isinstance(eval(docstring(paragraphs, "")), str)  # noqa: S307 - a literal of our own
