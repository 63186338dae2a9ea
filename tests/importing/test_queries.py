"""What is found in the queries of other tools: counters, latencies, scrapes, and the groups that they are for."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.importing.queries import grouped_by, measured_by_events, query_of
from tests.importing.reading import imported, spec_of, told

BAD, ALL = 'orders_total{code=~"5.."}', "orders_total"
WHOLE, QUICK = 'order_seconds_bucket{le="+Inf"}', 'order_seconds_bucket{le="0.5"}'


def rate(selector: str, by: str = "") -> str:
    """The rate of a counter as Sloth's users write it."""
    return f"sum{by}(rate({selector}[{{{{.window}}}}]))"


@pytest.mark.parametrize(
    ("bad", "total", "expected"),
    [
        (rate(BAD), rate(ALL), {"bad": BAD, "total": ALL}),
        (rate(BAD), f"{rate(ALL)} > 0", {"bad": BAD, "total": ALL}),
        (f"{rate(BAD)} or on() vector(0)", f"({rate(ALL)} > 0)", {"bad": BAD, "total": ALL}),
        (rate(BAD), f"{rate(ALL)} > 5", None),
        (rate(BAD), f"{rate(ALL)} > bool 0", None),
        (rate(BAD, " by (region, cell) "), rate(ALL, " by (cell, region) "), {"bad": BAD, "total": ALL, "group_by": ["cell", "region"]}),
        (rate(BAD, " by () "), rate(ALL), {"bad": BAD, "total": ALL}),
        (rate(BAD, " by (region) "), rate(ALL), None),
        (rate(BAD, " without (instance) "), rate(ALL, " without (instance) "), None),
        (
            f"{rate(WHOLE)} - {rate(QUICK)}",
            rate(WHOLE),
            {"latency": {"metric": "order_seconds", "below": "500ms"}},
        ),
        (
            f"{rate('order_seconds_count', ' by (region) ')} - {rate(QUICK, ' by (region) ')}",
            rate("order_seconds_count", " by (region) "),
            {"latency": {"metric": "order_seconds", "below": "500ms"}, "group_by": ["region"]},
        ),
    ],
)  # fmt: skip
def test_what_is_counted(bad: str, total: str, expected: dict[str, Any] | None) -> None:
    assert measured_by_events(query_of(bad), query_of(total), good=False) == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("sum by (region) (a) / sum by (region) (b)", {"group_by": ["region"]}),
        ("1 - (sum by (region) (a) / sum by (region) (b))", {"group_by": ["region"]}),
        ("clamp_max(sum by (region) (a), 1)", {"group_by": ["region"]}),
        ("sum by (region) (a) / sum(b)", {}),
        ("sum by (region) (a) / on (region) b", {}),
        ("histogram_quantile(0.9, sum by (le) (a))", {}),
        ("sum without (region) (a)", {}),
        ("a / b", {}),
        ("1 / 2", {}),
    ],
)
def test_which_groups_a_ratio_has(expr: str, expected: dict[str, list[str]]) -> None:
    assert grouped_by(query_of(expr)) == expected


SLOTH = """\
version: prometheus/v1
service: checkout
slos:
  - name: regions
    objective: 99
    sli: {raw: {error_ratio_query: 'avg by (region) (pressure_ratio)'}}
    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
  - name: sums
    objective: 99
    sli:
      events:
        error_query: sum by (region) (rate(a_total[{{.window}}])) + sum by (region) (rate(b_total[{{.window}}]))
        total_query: sum by (region) (rate(c_total[{{.window}}]))
    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
"""


def test_a_ratio_that_is_kept_keeps_its_groups() -> None:
    slos = spec_of(imported(SLOTH))["slos"]
    assert {name: (slo["ratio"], slo["group_by"]) for name, slo in slos.items()} == {
        "checkout-regions": ("avg by (region) (pressure_ratio)", ["region"]),
        "checkout-sums": (
            (
                "(sum by (region) (rate(a_total[5m])) + sum by (region) (rate(b_total[5m]))) / "
                "sum by (region) (rate(c_total[5m]))"
            ),
            ["region"],
        ),
    }


OPENSLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: minutes}
spec:
  service: checkout
  indicator:
    metadata: {name: minutes-sli}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum by (region) (orders_total{code=~"5.."})'}}}
        total: {metricSource: {type: Prometheus, spec: {query: sum by (region) (orders_total)}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Timeslices
  objectives: [{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 10m}]
"""


def test_slices_of_counters_keep_their_groups() -> None:
    slo = spec_of(imported(OPENSLO))["slos"]["minutes"]
    assert (slo["slices"], slo["group_by"]) == (
        {
            "expr": (
                'sum by (region) (rate(orders_total{code=~"5.."}[10m])) / sum by (region) (rate(orders_total[10m]))'
            ),
            "good": "<= 0.05",
        },
        ["region"],
    )


PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: errors
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: "{}"
    pyrra.dev/runbook_url: https://example.com/orders
    pyrra.dev/summary: Orders fail
    pyrra.dev/grafana: https://example.com/board
spec:
  target: "99"
  window: 30d
  indicator:
    ratio:
      errors: {metric: 'orders_total{code=~"5.."}'}
      total: {metric: orders_total}
"""


def test_the_annotations_that_pyrra_puts_on_alerts_are_not_lost_in_silence() -> None:
    result = imported(PYRRA)
    assert spec_of(result)["slos"]["errors"]["runbook"] == "https://example.com/orders"
    assert [each for each in told(result) if each[0] == "MON3544"] == [
        (
            "MON3544",
            8,
            "`summary` of the SLO `errors` is left out: monmc writes this text itself, with the numbers of the burn",
        ),
        ("MON3544", 9, "`grafana` of the SLO `errors` is left out: an SLO has no annotations of its own"),
    ]
