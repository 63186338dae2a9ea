"""Pages are read whole: families, escapes, timestamps and exemplars; every problem has its line."""

from __future__ import annotations

import math

import pytest

from skillforge_mon.query.exposition import reader
from skillforge_mon.query.exposition.page import Exemplar, Family, Sample
from skillforge_mon.query.exposition.reader import read_page
from tests.query.exposition.pages import FILE, OPENMETRICS, TEXT, page_of, problems_of


def test_a_page_in_the_text_format() -> None:
    page = page_of(TEXT)
    quantile = page.families[1].samples.pop(1)
    assert (quantile.name, quantile.labels) == ("rpc_duration_seconds", {"quantile": "0.99"})
    assert math.isnan(quantile.value)
    queue = {"queue": 'a"b'}
    assert page.format == "text"
    assert page.families == (
        Family(
            "http_requests_total",
            "counter",
            "Requests \\ answered,\nby method.",
            samples=[
                Sample("http_requests_total", {"method": "GET", "code": "200"}, 1027, 1395066363.0),
                Sample("http_requests_total", {"method": "POST", "code": "200"}, 3),
            ],
        ),
        Family(
            "rpc_duration_seconds",
            "summary",
            samples=[
                Sample("rpc_duration_seconds", {"quantile": "0.5"}, 4773),
                Sample("rpc_duration_seconds_sum", {}, 17560473),
                Sample("rpc_duration_seconds_count", {}, 2693),
            ],
        ),
        Family(
            "job_seconds",
            "histogram",
            samples=[
                Sample("job_seconds_bucket", {**queue, "le": "0.1"}, 1),
                Sample("job_seconds_bucket", {**queue, "le": "+Inf"}, 2),
                Sample("job_seconds_sum", queue, 0.5),
                Sample("job_seconds_count", queue, 2),
            ],
        ),
        Family(
            "msdos_file_access_time_seconds",
            "untyped",
            samples=[
                Sample(
                    "msdos_file_access_time_seconds",
                    {"path": "C:\\DIR\\FILE.TXT", "error": 'Cannot find file:\n"FILE.TXT"'},
                    1458255915.0,
                )
            ],
        ),
        Family(
            "something_weird",
            "untyped",
            samples=[Sample("something_weird", {"problem": "division by zero"}, math.inf, -3982.045)],
        ),
    )


def test_a_page_in_openmetrics() -> None:
    router = {"path": "/api/v1", "method": "GET"}
    seconds = "acme_http_router_request_seconds"
    page = page_of(OPENMETRICS)
    assert page.format == "openmetrics"
    assert page.families == (
        Family(
            seconds,
            "summary",
            'Latency of "all" router requests.',
            "seconds",
            [
                Sample(f"{seconds}_sum", router, 9036.32),
                Sample(f"{seconds}_count", router, 807283),
                Sample(f"{seconds}_created", router, 1605281325),
            ],
        ),
        Family(
            "requests",
            "counter",
            samples=[
                Sample(
                    "requests_total",
                    {"code": "200"},
                    17,
                    1520879607.789,
                    Exemplar({"trace_id": "oHg5SJYRHA0"}, 0.67, 1520879606.1),
                )
            ],
        ),
        Family(
            "job_seconds",
            "histogram",
            samples=[
                Sample("job_seconds_bucket", {"le": "0.1"}, 8),
                Sample("job_seconds_bucket", {"le": "+Inf"}, 17, None, Exemplar({}, 9.8)),
                Sample("job_seconds_count", {}, 17),
                Sample("job_seconds_sum", {}, 324789.3),
            ],
        ),
        Family("node", "info", samples=[Sample("node_info", {"version": "1.2"}, 1)]),
        Family(
            "phase",
            "stateset",
            samples=[Sample("phase", {"phase": "running"}, 1), Sample("phase", {"phase": "stopped"}, 0)],
        ),
        Family(
            "waiting",
            "gaugehistogram",
            samples=[
                Sample("waiting_bucket", {"le": "+Inf"}, 42),
                Sample("waiting_gcount", {}, 42),
                Sample("waiting_gsum", {}, 3289.5),
            ],
        ),
        Family("free", "unknown", samples=[Sample("free", {}, 3)]),
    )


def test_names_may_be_quoted() -> None:
    page = page_of('# TYPE "http.requests" gauge\n{"http.requests","server.name"="a"} 1\n')
    assert page.families == (
        Family("http.requests", "gauge", samples=[Sample("http.requests", {"server.name": "a"}, 1)]),
    )


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("0x1p-2", 0.25),
        ("-0x1.8p1", -3.0),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
        ("inf", math.inf),
        ("-Inf", -math.inf),
    ],
)
def test_numbers_of_the_text_format_are_those_of_go(said: str, value: float) -> None:
    assert page_of(f"a {said}\n").families[0].samples == [Sample("a", {}, value)]


TEXT_PROBLEMS = {
    "a\n": ["1:2 MON3511 a value belongs here, after one space"],
    "a 1_000\n": ["1:3 MON3511 the value is not a number: `1_000`"],
    "a 1 2.5\n": ["1:5 MON3511 the timestamp is not a whole number of milliseconds: `2.5`"],
    "a 1 2 3\n": ["1:7 MON3511 nothing more belongs on this line: `3`"],
    "7a 1\n": ["1:1 MON3511 a line begins with the name of a metric, or with `#`"],
    'a{b="c} 1\n': ["1:5 MON3511 the value of the label `b` stands in double quotes, which end on the same line"],
    'a{b="c" d="e"} 1\n': ["1:9 MON3511 `,` is missing or `}` between labels"],
    'a{b="c",b="d"} 1\n': ["1:9 MON3511 the label `b` is given twice"],
    'a{="c"} 1\n': ["1:3 MON3511 the name of a label belongs here"],
    "a{b} 1\n": ["1:4 MON3511 `=` is missing after the label `b`"],
    "# TYPE a number\na 1\n": [
        "1:10 MON3511 `number` is not a type; there are: counter, gauge, histogram, summary, untyped"
    ],
    "# TYPE 7 gauge\n": ["1:8 MON3511 `7` is not the name of a metric"],
    "# TYPE a gauge\n# TYPE a gauge\na 1\n": ["2:1 MON3512 `# TYPE` of `a` is given a second time"],
    "a 1\n# TYPE a gauge\n": ["2:1 MON3512 `# TYPE` of `a` comes after its samples"],
    "a 1\nb 1\na 2\n": ["3:1 MON3513 this series stands on the page a second time"],
    "# TYPE a histogram\na_bucket 1\n": ["2:1 MON3513 a bucket of the histogram `a` has no label `le`"],
    '# TYPE a histogram\na_bucket{le="x"} 1\n': ["2:1 MON3513 the upper bound of a bucket is not a number: `x`"],
    "# TYPE a histogram\na 1\n": ["2:1 MON3511 `a` is a histogram, whose samples are called a_bucket, a_sum, a_count"],
    "# TYPE a summary\na 1\n": ["2:1 MON3513 a quantile of the summary `a` has a label `quantile` that is a number"],
    "x 1\n<html>\n": ["2:1 MON3511 a line begins with the name of a metric, or with `#`"],
}


@pytest.mark.parametrize("text", TEXT_PROBLEMS)
def test_problems_of_the_text_format_have_a_line(text: str) -> None:
    assert problems_of(text) == TEXT_PROBLEMS[text]


END = "# EOF\n"
OPENMETRICS_PROBLEMS = {
    "a 1\n": ["1:1 MON3511 an OpenMetrics page ends with the line `# EOF`: this one is cut short"],
    "": ["1:1 MON3511 an OpenMetrics page ends with the line `# EOF`: this one is cut short"],
    f"{END}a 1\n": ["2:1 MON3511 nothing follows `# EOF`"],
    f"a 1\n\n{END}": ["2:1 MON3511 OpenMetrics has no empty lines"],
    f"# hello\n{END}": ["1:1 MON3511 OpenMetrics knows only `# HELP`, `# TYPE`, `# UNIT` and, last of all, `# EOF`"],
    f"a  1\n{END}": ["1:3 MON3511 a value belongs here, after one space"],
    f'a{{b="c",}} 1\n{END}': ["1:8 MON3511 OpenMetrics has no comma after the last label"],
    f"a 0x1p2\n{END}": ["1:3 MON3511 the value is not a number: `0x1p2`"],
    f"# TYPE a untyped\n{END}": [
        "1:10 MON3511 `untyped` is not a type; there are: counter, gauge, histogram, summary, unknown, info, stateset, gaugehistogram"
    ],
    f"# TYPE a counter\na 1\n{END}": ["2:1 MON3511 `a` is a counter, whose samples are called a_total, a_created"],
    f"# TYPE a counter\na_total -1\n{END}": ["2:1 MON3513 `a_total` counts, so it is never below 0"],
    f"# TYPE a gauge\n# UNIT a seconds\n{END}": ["2:1 MON3512 the unit `seconds` is not the end of the name `a`"],
    f'# TYPE a gauge\na{{b="1"}} 1\nb 1\na{{b="2"}} 1\n{END}': [
        "4:1 MON3512 the lines of `a` do not stand together on the page"
    ],
    f'# TYPE a histogram\na_bucket{{le="1"}} 1\n{END}': ['2:1 MON3513 the buckets of `a` end with `le="+Inf"`'],
    f'# TYPE a histogram\na_bucket{{le="1"}} 2\na_bucket{{le="+Inf"}} 1\n{END}': [
        "3:1 MON3513 a bucket holds what the one before it holds, and more"
    ],
    f'# TYPE a histogram\na_bucket{{le="+Inf"}} 1\na_count 2\na_sum 1\n{END}': [
        "3:1 MON3513 the count is that of the last bucket"
    ],
    f"# TYPE a info\na_info 2\n{END}": ["2:1 MON3513 the value of the info `a` is 1"],
    f'# TYPE a stateset\na{{b="c"}} 1\n{END}': ["2:1 MON3513 a sample of the stateset `a` has a label of that name"],
    f"# TYPE a gauge\na 1 # {{}} 1\n{END}": ["2:1 MON3513 only counters and buckets have exemplars"],
}


@pytest.mark.parametrize("text", OPENMETRICS_PROBLEMS)
def test_problems_of_openmetrics_have_a_line(text: str) -> None:
    assert problems_of(text, "application/openmetrics-text; version=1.0.0") == OPENMETRICS_PROBLEMS[text]


def test_a_page_that_is_not_text() -> None:
    page, problems = read_page("é a".encode() + b"\xff\n", FILE)
    assert page is None
    assert [f"{problem.span}: {problem.headline}" for problem in problems] == [
        "page.txt:1:4: the page is not UTF-8 text"
    ]


def test_a_page_in_another_format_is_not_read_to_the_end() -> None:
    assert len(problems_of("?\n" * 1000)) == reader.MOST_PROBLEMS


def test_a_page_beyond_all_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 1024**2)
    page, problems = read_page(b"a" * (1024**2 + 1), FILE)
    assert page is None
    assert [problem.headline for problem in problems] == ["`page.txt` is larger than 1 MiB, the most that monmc reads"]
