"""What a configuration does with alerts: inheritance, groups, repeats, inhibition, and the time."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.routing.config import Configuration, read_configuration
from skillforge_mon.routing.evaluate import Muted, end_of_mute, group_labels, inhibits, muted, repeats_after, routes_of
from skillforge_mon.routing.intervals import TimeInterval


def read(text: str) -> Configuration:
    """The configuration that ``text`` holds, which must be without a problem."""
    report = Report()
    found = read_configuration(text, "alertmanager.yml", report)
    assert [item.headline for item in report] == []
    assert found is not None
    return found


def interval(entries: str) -> TimeInterval:
    """The interval that has these ``entries``."""
    text = (
        f"route: {{receiver: a}}\nreceivers: [{{name: a}}]\ntime_intervals: [{{name: i, time_intervals: {entries}}}]\n"
    )
    return read(text).intervals["i"]


TREE = """\
route:
  receiver: a
  group_by: [alertname, missing]
  repeat_interval: 10m
  routes:
    - receiver: b
      matchers: [x=1]
      group_wait: 0s
      mute_time_intervals: [always]
      routes: [{matchers: [y=1], group_interval: 3m, group_by: ['...']}]
receivers: [{name: a}, {name: b}]
mute_time_intervals: [{name: always, time_intervals: [{}]}]
"""


def test_everything_is_inherited_but_time_intervals() -> None:
    root = read(TREE).root
    moment = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    (top,), (parent,), (child,) = (routes_of(root, labels) for labels in ({}, {"x": "1"}, {"x": "1", "y": "1"}))
    assert [(route.receiver, str(route.group_wait), str(repeats_after(route))) for route in (top, parent, child)] == [
        ("a", "30s", "15m"),
        ("b", "0s", "15m"),
        ("b", "0s", "12m"),
    ]
    assert (muted(parent, moment), muted(child, moment)) == (Muted(("always",), ()), None)
    assert end_of_mute(parent, moment) is None
    labels = {"alertname": "Down", "x": "1", "y": "1"}
    assert group_labels(parent, labels) == {"alertname": "Down"}
    assert group_labels(child, labels) == labels


def test_inhibition_compares_labels_and_spares_alerts_that_fit_both_sides() -> None:
    (rule,) = read("""\
route: {receiver: a}
receivers: [{name: a}]
inhibit_rules: [{source_match: {s: c}, target_match_re: {s: c|w}, equal: [e]}]
""").inhibit_rules
    assert inhibits(rule, {"s": "c"}, {"s": "w"})
    assert inhibits(rule, {"s": "c", "e": "1"}, {"s": "w", "e": "1"})
    assert not inhibits(rule, {"s": "c", "e": "1"}, {"s": "w"})
    assert not inhibits(rule, {"s": "c"}, {"s": "c", "other": "1"})
    assert not inhibits(rule, {"s": "w"}, {"s": "w"})


@pytest.mark.parametrize(
    ("entries", "inside", "outside"),
    [
        ("[{weekdays: ['monday:friday']}]", ["2025-01-17 23:59"], ["2025-01-18 00:00"]),
        ("[{weekdays: [sunday, Saturday]}]", ["2025-01-18 00:00", "2025-01-19 10:00"], ["2025-01-17 23:59"]),
        ("[{times: [{start_time: '22:00', end_time: '24:00'}]}]", ["2025-01-18 23:59"], ["2025-01-18 21:59"]),
        ("[{days_of_month: ['-1']}]", ["2024-02-29 12:00", "2025-02-28 12:00"], ["2024-02-28 12:00"]),
        ("[{days_of_month: ['29:31']}]", ["2024-02-29 12:00"], ["2025-02-28 12:00"]),
        ("[{days_of_month: ['1:-1']}]", ["2025-02-28 12:00", "2025-03-01 12:00"], []),
        ("[{months: ['december:december', '1:2']}]", ["2025-12-01 00:00", "2025-02-01 00:00"], ["2025-03-01 00:00"]),
        ("[{years: ['2024:2025', '2030']}]", ["2025-06-01 00:00", "2030-01-01 00:00"], ["2026-01-01 00:00"]),
        ("[{times: []}]", [], ["2025-01-01 00:00"]),
        ("[]", [], ["2025-01-01 00:00"]),
        (
            "[{times: [{start_time: '02:00', end_time: '03:00'}], location: Europe/Paris}]",
            ["2025-01-19 01:30", "2025-07-01 00:30", "2025-10-26 00:30", "2025-10-26 01:30"],
            ["2025-01-19 00:30", "2025-07-01 01:30", "2025-03-30 00:59", "2025-03-30 01:00", "2025-10-26 02:30"],
        ),
    ],
)
def test_times_hold_where_their_clock_says_so(entries: str, inside: list[str], outside: list[str]) -> None:
    found = interval(entries)
    moments = [datetime.datetime.fromisoformat(f"{text}+00:00") for text in (*inside, *outside)]
    assert [found.holds(moment) for moment in moments] == [True] * len(inside) + [False] * len(outside)


@given(st.integers(0, 2_000_000_000).map(lambda second: datetime.datetime.fromtimestamp(second, datetime.UTC)))
def test_days_and_what_is_left_of_them_make_all_of_time(moment: datetime.datetime) -> None:
    early = interval("[{times: [{start_time: '00:00', end_time: '09:30'}], location: Asia/Kolkata}]")
    late = interval("[{times: [{start_time: '09:30', end_time: '24:00'}], location: Asia/Kolkata}]")
    assert early.holds(moment) is not late.holds(moment)
