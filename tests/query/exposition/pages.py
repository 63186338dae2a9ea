"""Metric pages for the tests, written and generated."""

from __future__ import annotations

from skillforge_mon.query.exposition.page import Page
from skillforge_mon.query.exposition.reader import read_page

FILE = "page.txt"

TEXT = r"""# HELP http_requests_total Requests \\ answered,\nby method.
# TYPE http_requests_total counter
http_requests_total{method="GET",code="200"} 1027 1395066363000
http_requests_total{method="POST",code="200"} 3

# A comment that says nothing.
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.5"} 4773
rpc_duration_seconds{quantile="0.99"} NaN
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
# TYPE job_seconds histogram
job_seconds_bucket{ queue = "a\"b" , le = "0.1" , } 1
job_seconds_bucket{queue="a\"b",le="+Inf"} 2
job_seconds_sum{queue="a\"b"} 0.5
job_seconds_count{queue="a\"b"} 2
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9
something_weird{problem="division by zero"} +Inf -3982045
"""

OPENMETRICS = r"""# TYPE acme_http_router_request_seconds summary
# UNIT acme_http_router_request_seconds seconds
# HELP acme_http_router_request_seconds Latency of \"all\" router requests.
acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
acme_http_router_request_seconds_count{path="/api/v1",method="GET"} 807283.0
acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 1605281325.0
# TYPE requests counter
requests_total{code="200"} 17 1520879607.789 # {trace_id="oHg5SJYRHA0"} 0.67 1520879606.1
# TYPE job_seconds histogram
job_seconds_bucket{le="0.1"} 8
job_seconds_bucket{le="+Inf"} 17 # {} 9.8
job_seconds_count 17
job_seconds_sum 324789.3
# TYPE node info
node_info{version="1.2"} 1
# TYPE phase stateset
phase{phase="running"} 1
phase{phase="stopped"} 0
# TYPE waiting gaugehistogram
waiting_bucket{le="+Inf"} 42
waiting_gcount 42
waiting_gsum 3289.5
# TYPE free unknown
free 3
# EOF
"""


def page_of(text: str, content_type: str = "") -> Page:
    """The page that ``text`` is, read without a problem."""
    page, problems = read_page(text.encode(), FILE, content_type)
    assert [f"{problem.span}: {problem.headline}" for problem in problems] == []
    assert page is not None
    return page


def problems_of(text: str, content_type: str = "") -> list[str]:
    """What is wrong with the page ``text``: places, codes and headlines."""
    page, problems = read_page(text.encode(), FILE, content_type)
    assert (page is None) == bool(problems)
    return [
        f"{problem.span.line}:{problem.span.column} {problem.code} {problem.headline}"
        for problem in problems
        if problem.span is not None
    ]
