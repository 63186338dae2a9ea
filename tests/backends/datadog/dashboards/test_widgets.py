"""What kinds of panels become: units, limits, thresholds, legends, links, and what is written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.backends.datadog.dashboards.thresholds import conditional_formats, markers
from skillforge_mon.backends.datadog.dashboards.units import number_format
from skillforge_mon.backends.datadog.dashboards.widgets import alias_of, live_span
from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.spec.quantities import Duration
from tests.backends.datadog.dashboards.boards import board, body, reasons, widget


def canonical(name: str, per: str = "") -> dict[str, Any]:
    return {"type": "canonical_unit", "unit_name": name, **({"per_unit_name": per} if per else {})}


@pytest.mark.parametrize(
    ("unit", "written", "shown"),
    [
        ("", False, None),
        ("short", True, None),
        ("seconds", False, {"unit": canonical("second")}),
        ("ms", True, {"unit": canonical("millisecond")}),
        ("ratio", False, {"unit": canonical("fraction"), "unit_scale": canonical("percent")}),
        ("percentunit", True, {"unit": canonical("fraction"), "unit_scale": canonical("percent")}),
        ("bytes_per_second", False, {"unit": canonical("byte", "second")}),
        ("reqps", True, {"unit": canonical("request", "second")}),
        ("currencyEUR", True, {"unit": canonical("euro")}),
        ("inferences", False, None),
        ("inferences_per_second", True, {"unit": {"type": "custom_unit_label", "label": "inferences/s"}}),
        ("suffix:seats", True, {"unit": {"type": "custom_unit_label", "label": "seats"}}),
    ],
)
def test_units(unit: str, written: bool, shown: Any) -> None:
    assert number_format(unit, written=written) == shown


OK, WARNING, CRITICAL = ("ok", "warning", "critical")
HIGH = (ThresholdStep(None, OK), ThresholdStep(0.5, WARNING), ThresholdStep(2, CRITICAL))
LOW = (ThresholdStep(None, CRITICAL), ThresholdStep(0.3, WARNING), ThresholdStep(0.7, OK))


@pytest.mark.parametrize(
    ("steps", "lines"),
    [
        ((), []),
        (HIGH, [("y = 0.5", "warning dashed", WARNING), ("y = 2", "error dashed", CRITICAL)]),
        (LOW, [("y = 0.3", "error dashed", CRITICAL), ("y = 0.7", "warning dashed", WARNING)]),
    ],
)
def test_a_line_stands_where_things_become_worse(
    steps: tuple[ThresholdStep, ...], lines: list[tuple[str, str, str]]
) -> None:
    assert markers(steps) == [{"value": value, "display_type": kind, "label": label} for value, kind, label in lines]


@pytest.mark.parametrize("steps", [HIGH, LOW])
@pytest.mark.parametrize("value", [-1, 0.2, 0.3, 0.5, 0.6, 0.7, 2, 9])
def test_the_first_colour_that_fits_is_that_of_the_step(steps: tuple[ThresholdStep, ...], value: float) -> None:
    compare = {">=": float.__ge__, "<": float.__lt__}
    formats: Any = conditional_formats(steps)
    first = next(each for each in formats if compare[each["comparator"]](float(value), float(each["value"])))
    state = [step.state for step in steps if step.start is None or step.start <= value][-1]
    assert first["palette"] == {OK: "white_on_green", WARNING: "white_on_yellow", CRITICAL: "white_on_red"}[state]


@pytest.mark.parametrize(
    ("legend", "alias"),
    [
        ("all", "all"),
        ("{{ labels.service }}", ""),
        ("{{ labels.service }} p95", "p95"),
        ("p95 of {{labels.service}}, all", "p95 of , all"),
        ("{{ labels.namespace }}/{{ labels.pod }}", ""),
        ("in ({{ labels.host }})", "in"),
    ],
)
def test_an_alias_is_what_all_lines_have_in_common(legend: str, alias: str) -> None:
    assert alias_of(legend) == alias


@pytest.mark.parametrize(
    ("length", "unit", "value"),
    [
        ("5m", "minute", 5),
        ("90m", "minute", 90),
        ("2h", "hour", 2),
        ("1d", "day", 1),
        ("7d", "week", 1),
        ("30d", "day", 30),
    ],
)
def test_a_time_is_as_few_units_as_it_can_be(length: str, unit: str, value: int) -> None:
    assert live_span(Duration.parse(length)) == {"type": "live", "unit": unit, "value": value}


def test_limits_and_stacks_and_links() -> None:
    found = widget(
        "{title: Q, query: sum(queue_length), min: 0, max: 1.5, stack: true, description: What waits., "
        'links: [{title: Wiki, url: "https://wiki.example"}]}'
    )
    assert found["yaxis"] == {"min": "0", "max": "1.5"}
    assert found["requests"][0]["display_type"] == "area"
    assert found["description"] == "What waits."
    assert found["custom_links"] == [{"label": "Wiki", "link": "https://wiki.example"}]


def by_hand(words: str, type_: str = "timeseries") -> dict[str, Any]:
    """The request of a panel that has ``words`` for Datadog."""
    found = widget(f"{{title: Q, type: {type_}, query: {{expr: sum(queue_length), legend: jobs}}, datadog: {words}}}")
    request = found["requests"][0]
    assert isinstance(request, dict)
    return {"type": found["type"], "time": found.get("time"), **request}


def test_a_query_by_hand_keeps_legend_and_unit() -> None:
    found = by_hand("'sum:shop.jobs{*}'")
    assert found["queries"] == [{"data_source": "metrics", "name": "a", "query": "sum:shop.jobs{*}"}]
    assert found["formulas"] == [{"formula": "a", "alias": "jobs", "number_format": {"unit": canonical("job")}}]


def test_formulas_by_hand_have_legends_of_their_own() -> None:
    found = by_hand(
        "{queries: {bad: 'sum:a{*}', all: 'sum:b{*}'}, formulas: [{formula: bad / all, legend: share}, all]}"
    )
    assert [each["name"] for each in found["queries"]] == ["bad", "all"]
    assert [(each["formula"], each.get("alias")) for each in found["formulas"]] == [
        ("bad / all", "share"),
        ("all", None),
    ]


def test_queries_by_hand_without_formulas_are_shown_by_their_names() -> None:
    found = by_hand("{queries: {mail: 'sum:a{*}', print: 'sum:b{*}'}}")
    assert [(each["formula"], each["alias"]) for each in found["formulas"]] == [("mail", "mail"), ("print", "print")]


@pytest.mark.parametrize(
    ("query", "aggregator"),
    [("sum:a{*}.as_count()", "sum"), ("avg:a{*}", "last"), ("p95:a{*}", "percentile"), ("sum:a{*}.as_rate()", "last")],
)
def test_how_a_query_by_hand_becomes_one_number(query: str, aggregator: str) -> None:
    found = by_hand(f"{{query: '{query}', over: 2h}}", "stat")
    assert (found["type"], found["time"]) == ("query_value", {"type": "live", "unit": "hour", "value": 2})
    assert found["queries"][0]["aggregator"] == aggregator


def test_a_grouped_number_by_hand_is_a_table() -> None:
    assert by_hand("'sum:a{*} by {queue}'", "stat")["type"] == "query_table"


def test_a_panel_that_only_datadog_shows_needs_no_promql() -> None:
    found = widget("{title: Q, datadog: 'avg:aws.rds.cpuutilization{*} by {dbinstanceidentifier}'}")
    (request,) = found["requests"]
    assert request["queries"] == [
        {"data_source": "metrics", "name": "a", "query": "avg:aws.rds.cpuutilization{*} by {dbinstanceidentifier}"}
    ]
    found = widget("{title: L, type: logs, datadog: 'source:cloudtrail'}")
    assert found["requests"][0]["query"]["query_string"] == "source:cloudtrail"


def test_logs_by_hand() -> None:
    found = widget("{title: L, type: logs, query: '{app=\"web\"}', datadog: 'service:web status:error'}")
    assert found["requests"][0]["query"] == {
        "data_source": "logs_stream",
        "query_string": "service:web status:error",
        "indexes": [],
        "sort": {"column": "timestamp", "order": "desc"},
    }


def test_what_is_left_out_is_told() -> None:
    text = board(
        "{title: Q, query: vector(1), datadog: {omit: it says nothing}}\n{title: R, type: text, content: Hello}"
    )
    assert reasons(text) == ["the panel `Q` is left out: it says nothing"]
    assert [each["definition"]["type"] for each in body(text)["widgets"]] == ["note"]
