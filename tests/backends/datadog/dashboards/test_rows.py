"""Rows: headings, ready-made sets, and what of them Datadog cannot show. And what stands around them."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.documents.document import Grade
from tests.backends.datadog.dashboards.boards import HEAD, board, body, compiled, only, reasons, stops

SLO = """\
slos:
  there: {service: web, objective: 99.9%, bad: errors_total, total: requests_total, alerting: false, backends: [prometheus, datadog]}
  grouped: {service: web, objective: 99%, window: 7d, bad: 'requests_total{status="500"}', total: requests_total, group_by: [region], alerting: false, backends: [datadog]}
  away: {service: web, objective: 99%, bad: errors_total, total: requests_total, alerting: false}
  other: {objective: 99%, bad: errors_total, total: requests_total, alerting: false, backends: [datadog]}
"""


def rows(*lines: str, head: str = HEAD, fields: str = "") -> str:
    """A spec with one dashboard of these rows."""
    return f"{head}dashboards:\n  home:\n{fields}    rows:\n" + "".join(f"      - {line}\n" for line in lines)


def definitions(text: str) -> list[dict[str, Any]]:
    """The widgets of the only group."""
    (group,) = body(text)["widgets"]
    return [each["definition"] for each in group["definition"]["widgets"]]


def test_a_row_without_a_heading_is_no_group() -> None:
    found = body(
        rows(
            "panels: [{title: A, type: text, content: a}]",
            "title: Second\n        panels: [{title: B, type: text, content: b}]",
        )
    )
    assert [(each["definition"]["type"], each["layout"]["y"]) for each in found["widgets"]] == [
        ("note", 0),
        ("group", 2),
    ]


def test_headings_that_datadog_does_not_have_are_told() -> None:
    text = rows(
        "{title: Closed, collapsed: true, panels: [{title: A, type: text, content: $queue}]}",
        "{title: Each, repeat: queue, panels: [{title: A, type: text, content: a, repeat: queue}]}",
        fields="    variables: {queue: {metric: queue_length, values_of: queue}}\n",
    )
    assert reasons(text) == [
        "the row `Closed` is open there: Datadog does not keep groups closed",
        "the panel `A` is there once, for all that is chosen of `queue`: Datadog repeats no widgets",
        "the row `Each` is there once, for all that is chosen of `queue`: Datadog repeats no groups",
    ]


def slo_board(row: str) -> str:
    """A dashboard of ``row`` in a project that has SLOs here and there."""
    return rows(row, head=HEAD + SLO, fields="    backends: [datadog]\n").replace(
        "targets:\n", "targets:\n  grafana: {}\n"
    )


def test_slos_are_shown_as_datadog_shows_them() -> None:
    found = definitions(slo_board("{use: slo, service: web}"))
    assert found[:2] == [
        {
            "type": "slo",
            "title": "there",
            "slo_id": "%{slo:slos.there}",
            "view_type": "detail",
            "view_mode": "overall",
            "time_windows": ["30d"],
            "show_error_budget": True,
        },
        {
            "type": "slo",
            "title": "grouped",
            "slo_id": "%{slo:slos.grouped}",
            "view_type": "detail",
            "view_mode": "both",
            "time_windows": ["7d"],
            "show_error_budget": True,
        },
    ]
    assert [each["title"] for each in found[2:]] == ["Error budget left over time", "Burn rate over time"]
    assert [query["slo_id"] for query in found[2]["requests"][0]["queries"]] == [
        "%{slo:slos.there}",
        "%{slo:slos.grouped}",
    ]


def test_slos_that_are_elsewhere_are_told() -> None:
    assert reasons(slo_board("{use: slo, service: web}")) == [
        "`use: slo` leaves out `away`, which Datadog does not have",
        "`use: slo` shows budgets as Datadog reckons them, over its own windows",
    ]


def test_without_a_service_all_slos_are_shown() -> None:
    assert [each["title"] for each in definitions(slo_board("{use: slo}"))[:3]] == ["there", "grouped", "other"]


def test_no_slo_in_datadog_is_an_error() -> None:
    head = HEAD + SLO.replace("backends: [prometheus, datadog]", "backends: [prometheus]").replace(
        "backends: [datadog]", "backends: [prometheus]"
    )
    text = rows("{use: slo, service: web}", head=head, fields="    backends: [datadog]\n")
    documents, _ = compiled(text)
    (verdict,) = [each for document in documents for each in document.verdicts if each.field]
    assert (verdict.grade, verdict.object_id, verdict.field, verdict.reason, verdict.instead) == (
        Grade.UNTRANSLATABLE,
        "dashboards.home",
        "rows.0.use",
        "`use: slo` shows SLOs that Datadog has, and none of them is there",
        "send one there: `backends: [prometheus, datadog]` in the SLO",
    )


BUCKETS = HEAD.replace("datadog: {}", "datadog: {openmetrics: {histograms: buckets}}")


def test_what_cannot_be_said_of_a_set_is_left_out_and_told() -> None:
    text = rows("{use: red, service: web}", head=BUCKETS)
    assert [each["title"] for each in definitions(text)] == ["Requests", "Errors"]
    assert reasons(text)[-1] == (
        '`use: red` leaves out `Duration`: `histogram_quantile(0.5, sum by (le) (rate(latency_seconds_bucket{service="web"}…`: '
        "quantiles need a distribution, and the Agent sends `shop.latency_seconds.bucket` as counts"
    )


def test_a_set_of_which_nothing_can_be_said_is_an_error() -> None:
    head = HEAD.replace("  web: {}", "  web: {selector: 'service=~\"w[0-9]+b\"'}")
    assert stops(rows("{use: red, service: web}", head=head)) == [
        (
            "rows.0.use",
            (
                '`use: red`: `service=~"w[0-9]+b"`: Datadog filters by values, lists of values and `*` at their ends, not by '
                "patterns"
            ),
            "write the panels yourself, under `panels`, in place of the ready-made set",
        )
    ]


def test_the_list_of_alerts_is_that_of_the_projects_monitors() -> None:
    text = rows("{use: alerts, service: web}")
    (found,) = definitions(text)
    assert (found["type"], found["query"]) == (
        "manage_status",
        "tag:(managed_by:monmc AND project:shop AND service:web)",
    )
    (found,) = (each["definition"] for each in body(text, "staging")["widgets"][0]["definition"]["widgets"])
    assert found["query"] == "tag:(managed_by:monmc AND project:shop AND env:staging AND service:web)"


PANEL = "{title: A, type: text, content: a}"


@pytest.mark.parametrize(
    ("fields", "key", "value"),
    [
        ("", "title", "Shop: home"),
        ("title: Jobs", "title", "Jobs"),
        ("", "description", "-- managed by monmc shop/default/dashboards.home, do not edit here"),
        (
            "description: What waits\nlinks: [{title: Wiki, url: 'https://wiki.example'}]",
            "description",
            "What waits\n\n- [Wiki](https://wiki.example)\n\n-- managed by monmc shop/default/dashboards.home, do not edit here",
        ),
        ("time_from: 2d", "default_timeframe", {"type": "live", "unit": "day", "value": 2}),
        ("tags: ['team:Front End', shop]", "tags", ["team:front_end"]),
        ("", "layout_type", "ordered"),
        ("", "reflow_type", "fixed"),
    ],
)
def test_around_the_widgets(fields: str, key: str, value: Any) -> None:
    assert body(board(PANEL, fields))[key] == value


def test_without_a_time_datadog_chooses_one() -> None:
    assert "default_timeframe" not in body(board(PANEL))


def test_the_copies_of_environments_differ_in_their_titles() -> None:
    assert body(board(PANEL), "staging")["title"] == "Shop: home (staging)"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("tags: [shop, 'team:a']", "the tags `shop` are left out: dashboards of Datadog take those of teams only"),
        ("refresh: 5m", "`refresh: 5m` is left out: Datadog decides how often a dashboard reloads"),
        ("folder: Shop", "`folder: Shop` is left out: Datadog has lists, which people fill by hand"),
    ],
)
def test_what_a_dashboard_of_datadog_does_not_have_is_told(fields: str, reason: str) -> None:
    assert reasons(board(PANEL, fields)) == [reason]


def test_a_dashboard_with_nothing_to_tell_is_exact() -> None:
    (verdict,) = only(board(PANEL)).verdicts
    assert verdict.grade is Grade.EXACT


@pytest.mark.parametrize(
    ("targets", "there"),
    [("  datadog: {}\n  prometheus: {}\n", True), ("  datadog: {}\n  prometheus: {}\n  grafana: {}\n", False)],
)
def test_by_default_a_dashboard_goes_to_grafana_where_that_is_a_target(targets: str, there: bool) -> None:
    documents, _ = compiled(board(PANEL).replace("  datadog: {}\n  prometheus: {}\n", targets))
    assert [each.path for each in documents] == (["datadog/dashboards/home.json"] if there else [])


def test_a_note_takes_the_place_of_what_cannot_be_said() -> None:
    (document,) = compiled(board("{title: A, query: vector(1)}"))[0]
    assert document.path == "datadog/untranslatable/dashboard-home.txt"
    assert len(stops(board("{title: A, query: vector(1)}"))) == 1
