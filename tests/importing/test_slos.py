"""Specs of Sloth, Pyrra and OpenSLO mean the same when they are ours."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Severity
from skillforge_mon.importing.slos import import_slos
from tests.importing.examples import EXAMPLES, KUBERNETES, OPENSLO, PYRRA, SLOTH, V1ALPHA
from tests.importing.reading import check, imported, spec_of, told

HEAD = {"version": 1, "project": "imported", "targets": {"prometheus": {}}}


def test_rates_of_sloth_become_the_counters_inside_them() -> None:
    labels = {"cell": "eu"}
    assert spec_of(imported(SLOTH)) == HEAD | {
        "services": {"checkout": {}},
        "slos": {
            "checkout-availability": {
                "service": "checkout",
                "description": "Orders are taken.",
                "objective": "99.9%",
                "bad": 'orders_total{code=~"5.."}',
                "total": "orders_total",
                "runbook": "https://example.com/orders",
                "labels": labels | {"category": "money"},
                "burn": [
                    {"short": "5m", "long": "1h", "budget": "2%", "severity": "critical"},
                    {"short": "30m", "long": "6h", "budget": "5%", "severity": "critical"},
                ],
                "ignore": {"MON3110": "imported from Sloth like this"},
            },
            "checkout-quickness": {
                "service": "checkout",
                "objective": "95%",
                "latency": {"metric": 'order_seconds{job="x"}', "below": "500ms"},
                "labels": labels,
                "alerting": False,
            },
            "checkout-reachable": {
                "service": "checkout",
                "objective": "99%",
                "available": "probe_success",
                "labels": labels,
                "alerting": False,
            },
            "checkout-pressure": {
                "service": "checkout",
                "objective": "99%",
                "ratio": "avg(pressure_ratio)",
                "labels": labels,
                "alerting": False,
                "ignore": {"MON3115": "imported from Sloth like this"},
            },
        },
    }


def test_sloths_kubernetes_kind_means_the_same() -> None:
    assert spec_of(imported(KUBERNETES))["slos"] == {
        "checkout-availability": {
            "service": "checkout",
            "objective": "99.9%",
            "bad": 'orders_total{code=~"5.."}',
            "total": "orders_total",
            "alerting": False,
        }
    }


def test_the_four_indicators_of_pyrra() -> None:
    assert spec_of(imported(PYRRA))["slos"] == {
        "errors": {
            "objective": "99.5%",
            "window": "28d",
            "alerting": False,
            "labels": {"tier": "gold"},
            "bad": 'orders_total{code=~"5.."}',
            "total": "orders_total",
            "group_by": ["region"],
        },
        "slow": {
            "objective": "99%",
            "window": "14d",
            "alerting": False,
            "latency": {"metric": "order_seconds", "below": "2.5s"},
        },
        "native": {
            "objective": "99%",
            "window": "30d",
            "alerting": False,
            "ratio": "1 - histogram_fraction(0, 0.2, sum(rate(order_duration_seconds[5m])))",
            "ignore": {"MON3115": "imported from Pyrra like this"},
        },
        "up": {"objective": "99%", "window": "30d", "alerting": False, "available": 'up{job="x"}'},
    }


def test_openslo_objects_are_put_together_by_their_names() -> None:
    like_this = "imported from OpenSLO like this"
    assert spec_of(imported(OPENSLO)) == HEAD | {
        "teams": {"shopkeepers": {"slack": "#shop"}},
        "escalation": {"shopkeepers": {"levels": [{"notify": ["shopkeepers"]}]}},
        "services": {"shop": {"description": "Sells things"}},
        "slos": {
            "orders": {
                "service": "shop",
                "objective": "99.9%",
                "window": "30d",
                "good": 'orders_total{code!~"5.."}',
                "total": "orders_total",
                "burn": [{"short": "5m", "long": "1h", "budget": "2%", "severity": "warning"}],
                "escalation": "shopkeepers",
                "ignore": {"MON3110": like_this},
            },
            "queue": {
                "service": "shop",
                "objective": "99%",
                "window": "month",
                "slices": {"expr": "avg_over_time((max(queue_size) < bool 100)[5m:])", "good": ">= 0.95"},
                "alerting": False,
            },
        },
    }


def test_openslo_v1alpha_has_its_metrics_with_the_objectives() -> None:
    assert spec_of(imported(V1ALPHA))["slos"] == {
        "orders": {
            "service": "shop",
            "description": "Orders",
            "objective": "99%",
            "window": "30d",
            "good": 'orders_total{code!~"5.."}',
            "total": "orders_total",
            "alerting": False,
        }
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_written_has_no_problem(name: str) -> None:
    assert check(imported(EXAMPLES[name]).text) == ()


def test_several_files_of_several_tools_make_one_spec() -> None:
    result = import_slos([(name, text.encode()) for name, text in EXAMPLES.items()], "shop", check)
    assert (len(spec_of(result)["slos"]), result.documents) == (12, 15)
    assert "orders-2" in spec_of(result)["slos"]


def test_an_unknown_kind_is_an_error_and_nothing_is_written() -> None:
    result = imported(f"{V1ALPHA}---\napiVersion: openslo/v1\nkind: SLOO\nmetadata: {{name: x}}\n")
    assert result.text == ""
    assert ("MON3541", 15, "`openslo/v1 SLOO` is no kind of document that is imported") in told(result)


def test_a_field_that_is_missing_is_an_error() -> None:
    result = imported(SLOTH.replace("    objective: 95\n", ""))
    assert result.text == ""
    assert [each for each in told(result) if each[0] == "MON3542"] == [
        ("MON3542", 17, "the SLO `quickness` has no `objective`")
    ]


def test_fields_without_a_counterpart_are_told_with_their_line() -> None:
    result = imported(V1ALPHA.replace("  service: shop\n", "  service: shop\n  tier: 3\n"))
    assert told(result) == [
        ("MON3544", 6, "`tier` of the SLO `orders` is left out: monmc does not know this field"),
        ("MON3545", 9, "the SLO `orders`: OpenSLO v1alpha says nothing of alerts, so it does not alert"),
    ]


def test_an_slo_of_another_system_is_left_out_with_the_reason() -> None:
    result = imported(OPENSLO.replace("type: Prometheus, spec: {query: max(queue_size)}", "type: Datadog, spec: {query: 'max:q{*}'}"))  # fmt: skip
    assert list(spec_of(result)["slos"]) == ["orders"]
    assert [each for each in told(result) if each[0] == "MON3543"] == [
        ("MON3543", 55, "the SLO `queue` is left out: its metrics are in Datadog")
    ]


def test_of_an_slo_that_is_left_out_nothing_more_is_told() -> None:
    result = imported(OPENSLO.replace("duration: 1M", "duration: 1d"))
    assert [each for each in told(result) if each[2].startswith(("the SLO `queue`", "`"))] == [
        ("MON3543", 56, "the SLO `queue` is left out: monmc knows no period of the calendar of `1d`")
    ]


def test_an_objective_that_no_slo_can_have_is_left_out_with_what_check_says() -> None:
    result = imported(KUBERNETES.replace("99.9", "100"))
    assert "slos" not in spec_of(result)
    assert [each[0] for each in told(result)] == ["MON3543"]


_WORDS = ["{", "}", "[", "]", "null", "'", '"', "\t", "{{.window}}", "-1", "1e999", "true", "[]", "{}", "---", "&a", "*a", "x" * 300]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(EXAMPLES)), st.integers(0, 2**32), st.integers(1, 4))
def test_no_mistake_in_a_file_is_more_than_a_diagnostic(name: str, seed: int, count: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which mistakes are made is no secret
    lines = EXAMPLES[name].splitlines(keepends=True)
    for _ in range(count):
        at = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, chance.choice(lines))
            case 2:
                cut = chance.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:cut] + chance.choice(_WORDS) + lines[at][cut + chance.randrange(3) :]
            case _:
                key, colon, rest = lines[at].partition(": ")
                lines[at] = f"{key}{colon}{chance.choice(_WORDS)}\n" if colon else rest or "\n"
        lines = lines or ["\n"]
    result = imported("".join(lines))
    if result.text:
        assert check(result.text) == ()
    else:
        assert any(each.severity is Severity.ERROR for each in result.diagnostics)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_told_to_be_no_slos(content: bytes) -> None:
    result = imported(content)
    assert result.text == ""
    assert result.diagnostics
