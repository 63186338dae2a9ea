"""Ranges that Grafana chooses, on Datadog."""

from __future__ import annotations

import pytest

from tests.backends.datadog.dashboards.boards import board, stops, widget

ONLY = "backends: [datadog]\napproximate: [datadog]"


def asked(type_: str, query: str) -> tuple[list[str], list[str]]:
    """The queries and formulas of the only widget."""
    (request,) = widget(f"{{title: Requests, type: {type_}, query: '{query}'}}", ONLY)["requests"]
    return [each["query"] for each in request["queries"]], [each["formula"] for each in request["formulas"]]


def test_a_point_is_that_of_its_part_of_the_time() -> None:
    found = asked("timeseries", "sum(rate(requests_total[$__rate_interval]))")
    assert found == (["sum:shop.requests.count{*}.as_rate()"], ["a"])


def test_a_number_is_that_of_all_the_time() -> None:
    found = asked("stat", "sum(increase(requests_total[$__range]))")
    assert found == (["sum:shop.requests.count{*}.as_count()"], ["a"])


@pytest.mark.parametrize(
    ("type_", "query", "reason"),
    [
        (
            "timeseries",
            "sum(increase(requests_total[$__range]))",
            "a point of a graph is that of a part of the time, and `$__range` is all of it",
        ),
        (
            "stat",
            "sum(increase(requests_total[$__interval]))",
            "a single number is that of all the time, and `$__rate_interval` is a part of it",
        ),
        (
            "stat",
            "sum(increase(requests_total[$__range])) / sum(increase(requests_total[1h]))",
            "a widget shows one time, and there are `[$__range]` and `[1h]`",
        ),
    ],
)
def test_the_other_of_the_two_cannot_be_said(type_: str, query: str, reason: str) -> None:
    found = stops(board(f"{{title: Requests, type: {type_}, query: '{query}'}}", ONLY))
    assert [reason_ for _, reason_, _ in found] == [f"the panel `Requests`: {reason}"]
