"""What an SLO means in numbers, for those that count time, have groups, or a period of the calendar."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.explaining.slo import SloExplanation, explain_slo
from skillforge_mon.explaining.slo_text import slo_text
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.spec.quantities import Duration
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}}
metrics: {requests_total: {type: counter, labels: {code: bounded, tenant: bounded}}, probe_success: {type: gauge}}
services: {web: {}}
slos:
"""


def explained(fields: str, objective: str = "99.9%", head: str = HEAD) -> SloExplanation:
    """The only SLO of a spec, in numbers."""
    found = project(f"{head}  api: {{service: web, objective: {objective}, {fields}}}\n")
    [plan] = Lowering(found, Report()).slos
    return explain_slo(found, plan, ())


def test_scrapes_are_no_events_and_need_no_traffic() -> None:
    head, tiers, *_ = slo_text(explained("available: probe_success"), ()).split("\n\n")
    assert (
        head
        == """\
api of web: 99.9% over 30d
  budget  43m 12s of a total outage, or 1000 of a million scrapes"""
    )
    assert (
        tiers
        == """\
  told as   windows     faster than  bad scrapes  budget spent
  critical  1h and 5m   14.4 times   > 1.44%      2% in 1h
  critical  6h and 30m  6 times      > 0.6%       5% in 6h
  warning   1d and 2h   3 times      > 0.3%       10% in 1d
  warning   3d and 6h   even pace    > 0.1%       10% in 3d
  (in any case, it waits until 3 scrapes have gone bad within the long window)"""
    )


PAIRS = "burn: [{short: 5m, long: 1h, budget: 2%, severity: critical}]"
COUNTED = "bad: 'requests_total{code=\"500\"}', total: requests_total"


@pytest.mark.parametrize(
    ("minimum", "expected"),
    [
        (
            "",
            """\
  told as   windows    faster than  bad events  budget spent  needs traffic of  or waits for
  critical  1h and 5m  14.4 times   > 1.44%     2% in 1h      0.091/s           4 to 5 bad
  (with less traffic, it waits until 3 + 3 * sqrt(m) events have gone bad within the long window,
   in which the objective allows m)""",
        ),
        (
            ", min_bad_events: 10",
            """\
  told as   windows    faster than  bad events  budget spent  needs traffic of
  critical  1h and 5m  14.4 times   > 1.44%     2% in 1h      0.193/s
  (with less traffic, it waits until 10 events have gone bad within the long window)""",
        ),
        (
            ", min_bad_events: 0",
            """\
  told as   windows    faster than  bad events  budget spent
  critical  1h and 5m  14.4 times   > 1.44%     2% in 1h""",
        ),
    ],
)
def test_with_little_traffic_it_waits_for_so_many_bad_events(minimum: str, expected: str) -> None:
    assert slo_text(explained(f"{COUNTED}, {PAIRS}{minimum}"), ()).split("\n\n")[1] == expected


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("99.9%", [(4, 5), (4, 6), (4, 8), (4, 15)]),
        ("95%", [(5, 5), (5, 6), (5, 8), (5, 15)]),
        ("90%", [(6, 6), (6, 8), (6, 15)]),
    ],
)
def test_the_more_may_be_bad_the_more_it_waits_for(objective: str, expected: list[tuple[int, int]]) -> None:
    """At 90 %, the first pair can never fire."""
    found = explained(COUNTED, objective)
    assert [(each.least, each.most) for each in found.tiers] == expected


def test_a_period_of_the_calendar_and_its_groups_are_named() -> None:
    fields = "window: month, group_by: [tenant], bad: 'requests_total{code=\"500\"}', total: requests_total"
    assert (
        slo_text(explained(fields), ()).split("\n\n")[0]
        == """\
api of web: 99.9% over calendar month (taken for 30d)
  budget  43m 12s of a total outage, of each group, or 1000 of a million events"""
    )


def test_a_minimum_that_no_window_has_room_for_is_never_told() -> None:
    """A scrape every 15 seconds: an hour has 240 of them, six hours 1,440, and a tenth of those is bad."""
    worst, tenth, _ = explained("available: probe_success, min_bad_events: 150").outages
    assert worst.fires["critical"] is not None
    assert worst.fires["critical"].latest < Duration.of(minutes=45)
    assert tenth.fires["critical"] is None
    assert tenth.ends["critical"] is None
    assert tenth.fires["warning"] is not None


def test_an_slo_of_datadog_alone_has_no_rules_and_none_of_their_times() -> None:
    head = HEAD.replace("{prometheus: {}}", "{prometheus: {}, datadog: {}}")
    assert (
        slo_text(explained(f"{COUNTED}, {PAIRS}, backends: [datadog]", head=head), ())
        == """\
api of web: 99.9% over 30d
  budget  43m 12s of a total outage, or 1000 of a million events

  told as   windows    faster than  bad events  budget spent
  critical  1h and 5m  14.4 times   > 1.44%     2% in 1h
  (Prometheus does not get it: what becomes of these pairs elsewhere is told below)
"""
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("alerting: false", "It does not alert."),
        (PAIRS, "It does not alert: none of its pairs of windows can be reached (`monmc check` says why)."),
        ("window: 6h", "It does not alert: none of its pairs of windows can be reached (`monmc check` says why)."),
    ],
)
def test_why_it_does_not_alert(fields: str, expected: str) -> None:
    assert slo_text(explained(f"{COUNTED}, {fields}", "90%"), ()).split("\n\n")[1] == expected
