"""What Datadog's server makes of a body is no difference; what somebody makes of it is one."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.normalise import comparable
from tests.fakes import datadog_rewrites as rewrites

NOW = "2026-11-21T06:00:00.000000+00:00"
QUERY = "avg(last_5m):avg:shop.queue{*} > 5"


def monitor(**fields: Any) -> dict[str, Any]:
    """A small monitor; ``fields`` replace its own."""
    return {"type": "query alert", "name": "a", "query": QUERY, "message": "", "options": {}, **fields}


def options(type_: str = "query alert", /, **fields: Any) -> dict[str, Any]:
    """A small monitor with ``fields`` as its options."""
    return monitor(type=type_, options=fields)


def test_of(**fields: Any) -> dict[str, Any]:
    """A small synthetic test."""
    return {"type": "api", "subtype": "http", "name": "a", "locations": ["aws:eu-west-1"], **fields}


test_of.__test__ = False  # type: ignore[attr-defined]


def widget(**definition: Any) -> dict[str, Any]:
    """A dashboard with one widget."""
    return {"title": "a", "layout_type": "ordered", "widgets": [{"definition": {"type": "note", **definition}}]}


def certificate(**part: Any) -> dict[str, Any]:
    """A test with a client certificate."""
    return test_of(config={"request": {"url": "https://a", "certificate": {"cert": {"filename": "c", **part}}}})


def variable(**fields: Any) -> dict[str, Any]:
    """A test with one variable."""
    return test_of(config={"configVariables": [{"name": "A", "type": "text", **fields}]})


def slo(**fields: Any) -> dict[str, Any]:
    """A small SLO."""
    return {"type": "metric", "name": "a", "thresholds": [{"timeframe": "7d", "target": 95}], **fields}


def once(start: str | None) -> dict[str, Any]:
    """A downtime that is not over and over again."""
    return {"scope": "env:a", "schedule": {"start": start, "end": "2026-11-22T00:00:00Z"}}


def again(**recurrence: Any) -> dict[str, Any]:
    """A downtime over and over again."""
    return {"scope": "env:a", "schedule": {"timezone": "UTC", "recurrences": [{"rrule": "FREQ=DAILY", **recurrence}]}}


def processor(**fields: Any) -> dict[str, Any]:
    """A pipeline with one processor."""
    return {"name": "a", "filter": {"query": "b"}, "processors": [{"type": "attribute-remapper", **fields}]}


# [P] recordings in the source distribution of datadog-api-client 2.62.0, by name; [T] recordings and issues of Datadog's
# Terraform provider; [K] kennel, lib/kennel/models/*.rb. What was sent, and what was answered.
SAME: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("[P] test_create_a_monitor_returns_ok_response: numbers", "monitor",
     options(thresholds={"critical": 5, "warning": Decimal(3)}), options(thresholds={"critical": 5.0, "warning": 3.0})),
    ("[P] the same: what the server keeps", "monitor", monitor(),
     {**monitor(), "id": 1, "org_id": 2, "creator": {"handle": "a"}, "created": NOW, "created_at": 3, "modified": NOW,
      "deleted": None, "multi": False, "overall_state": "No Data", "overall_state_modified": None, "tags": [],
      "priority": None, "restricted_roles": None, "restriction_policy": None, "restricted": True, "run_as": None,
      "draft_status": "published", "matching_downtimes": [], "assets": []}),
    ("[P] the same: options that are added", "monitor", options(),
     options(notify_audit=False, include_tags=True, new_host_delay=300, notify_no_data=False, silenced={})),
    ("[P] test_create_a_rum_formula_and_functions_monitor_returns_ok_response", "monitor", options("rum alert"),
     options("rum alert", groupby_simple_monitor=False, avalanche_window=20, locked=False)),
    ("[P] test_create_a_metric_monitor_with_a_custom_schedule_returns_ok_response", "monitor",
     options("data-quality alert", on_missing_data="default"), options("data-quality alert")),
    ("[P] test_edit_a_monitor_returns_ok_response: null thresholds; [T]: priority 0", "monitor",
     monitor(priority=0, options={"thresholds": {"critical": 2, "warning": None}}),
     monitor(priority=None, options={"thresholds": {"critical": 2.0}})),
    ("[P] test_create_a_metric_monitor_returns_ok_response: the older type of monitors on metrics", "monitor",
     monitor(type="metric alert"), monitor(type="query alert")),
    ("[P] test_create_a_monitor_with_aggregate_*_query_variables_*: and the other way round", "monitor",
     monitor(query='formula("query1").last("15m") > 5'),
     monitor(type="metric alert", query='formula("query1").last("15m") > 5')),
    ("white space, quotes and brackets without a meaning", "monitor",
     monitor(query="avg(last_5m):anomalies(avg:a{env:b, !c:d} by {e,f}.rollup(avg,60), 'agile', 2) >= 1"),
     monitor(query='avg( last_5m ):(anomalies(avg:a{env:b,!c:d}by{e, f}.rollup( avg, 60 ),"agile",2))>=1.0')),
    ("the same of searches", "monitor", monitor(type="log alert", query='logs("a").rollup("avg","@b").last("5m") > 1'),
     monitor(type="log alert", query="logs('a').rollup('avg', '@b').last('5m')>1")),
    ("the same of SLOs", "slo", slo(query={"numerator": "sum:a{b:c} - sum:d{*}.as_count()", "denominator": "sum:a{*}"}),
     slo(query={"numerator": "sum:a{ b:c }-sum:d{*}.as_count()", "denominator": "(sum:a{*})"})),
    ("a query that cannot be read", "monitor", monitor(query="what > 1"), monitor(query=" what > 1")),
    ("[T] recorded traffic of monitors: white space at the ends", "monitor",
     monitor(name=" a", message="b \n", query=f" {QUERY}", options={"escalation_message": "c\n"}),
     monitor(name="a", message="b", options={"escalation_message": "c"})),
    ("[T] TestAccDatadogMonitor_Updated: ok 0, and no thresholds", "monitor",
     options(thresholds={"ok": 0}), options()),
    ("[T] issue 2122: no full window unless it is asked for", "monitor", options(), options(require_full_window=False)),
    ("[K] monitor.rb: null, empty and 0", "monitor",
     options(evaluation_delay=None, renotify_interval=0, timeout_h=0, escalation_message=""), options()),
    ("[K] monitor.rb: service checks", "monitor",
     options("service check", thresholds={"critical": 3, "ok": 1, "warning": 1}, require_full_window=True),
     options("service check", thresholds={"critical": 3.0})),
    ("[K] monitor.rb: event alerts", "monitor",
     options("event alert", thresholds={"critical": 0}, include_tags=True), options("event alert")),
    ("assets that the spec says nothing of", "monitor", monitor(), monitor(assets=[{"name": "a", "url": "b"}])),
    ("[P] test_create_a_monitor_with_assets_returns_ok_response", "monitor", monitor(assets=[{"name": "a", "url": "b"}]),
     monitor(assets=[{"name": "a", "url": "b", "monitor_id": 1, "options": {}, "template_variables": {}}])),
    ("an option that is news to us", "monitor", options(), options(something_new=True)),
    ("[P] test_create_an_slo_object_returns_ok_response", "slo", slo(tags=["b", "a"]),
     slo(tags=["a", "b"], thresholds=[{"timeframe": "7d", "target": 95.0, "target_display": "95."}], description="",
         id="a", creator={}, created_at=1, modified_at=1, type_id=1, monitor_tags=[], timeframe="7d",
         target_threshold=95)),
    ("[T] issues 961 and 3638: tags", "slo", slo(tags=["Team:My Shop"]), slo(tags=["team:my_shop"])),
    ("[P] test_create_a_new_metric_slo_object_using_sli_specification_*: both forms", "slo",
     slo(sli_specification={"count": {"good_events_formula": {"formula": "a"}}}),
     slo(sli_specification={"count": {"good_events_formula": {"formula": "a"}}}, query={"numerator": "a"})),
    ("[P] test_create_a_timeslice_slo_object_returns_ok_response", "slo",
     slo(sli_specification={"time_slice": {"threshold": 5}}),
     slo(sli_specification={"time_slice": {"threshold": 5.0, "query_interval_seconds": 300}})),
    ("[P] test_create_a_new_dashboard_with_note_widget", "dashboard", widget(content="a"),
     {**widget(content="a"), "id": "a", "author_handle": "b", "author_name": None, "created_at": NOW,
      "modified_at": NOW, "url": "/dashboard/a", "description": None, "notify_list": None, "is_read_only": False,
      "template_variables": None, "restricted_roles": [], "experience_type": "default",
      "widgets": [{"id": 1, "definition": {"type": "note", "content": "a"}}]}),
    ("[T] notify_list is sorted", "dashboard", {**widget(), "notify_list": ["b", "a"]},
     {**widget(), "notify_list": ["a", "b"]}),
    ("[T] tabs name widgets by identifier", "dashboard",
     {**widget(), "tabs": [{"name": "t", "widget_ids": ["@1"]}]},
     {**widget(), "widgets": [{"id": 7, "definition": {"type": "note"}}],
      "tabs": [{"id": "x", "name": "t", "widget_ids": [7]}]}),
    ("[K] dashboard.rb: after an edit in the browser", "dashboard", widget(content="a", requests=[{"q": "b"}]),
     widget(content="a", background_color="white", font_size="14", show_tick=False, tick_edge="left", tick_pos="50%",
            text_align="left", requests=[{"q": "b", "style": {"line_width": "normal", "palette": "dog_classic",
                                                              "line_type": "solid"}}])),
    ("[K] dashboard.rb: formats in any order", "dashboard",
     widget(conditional_formats=[{"value": 1}, {"value": 2}]), widget(conditional_formats=[{"value": 2}, {"value": 1}])),
    ("[P] test_create_an_api_http_test_has_bodyhash_filled_out: a certificate is not told", "synthetics",
     certificate(content="secret"), certificate(updatedAt=NOW)),
    ("[P] test_create_a_browser_test_returns_ok_*: a secure variable", "synthetics",
     variable(secure=True, pattern="a", example="b"), variable(secure=True)),
    ("[T] issue 3675: global variables attach themselves", "synthetics", test_of(config={"request": {}}),
     test_of(config={"configVariables": [{"name": "G", "type": "global", "id": "x"}]})),
    ("[P] test_create_a_browser_test_*: paused without a status", "synthetics",
     test_of(type="browser", steps=[{"name": "a"}]),
     test_of(type="browser", status="paused", steps=[{"name": "a", "public_id": "b"}])),
    ("[P] test_create_a_mobile_test_*", "synthetics",
     {"type": "mobile", "name": "a", "steps": [{"name": "b", "hasNewStepElement": True}]},
     {"type": "mobile", "name": "a", "locations": ["aws:us-west-2"], "steps": [{"name": "b"}]}),
    ("[P] test_schedule_a_downtime_returns_ok_response", "downtime", once(None),
     {"type": "downtime", "id": "a", "relationships": {}, "attributes": {
         **once("2026-11-21T06:00:00+00:00"), "status": "active", "created": NOW, "modified": NOW, "canceled": None,
         "display_timezone": "UTC", "mute_first_recovery_notification": False,
         "notify_end_states": ["warn", "alert", "no data"], "notify_end_types": ["expired"], "message": None}}),
    ("a recurring one moves on", "downtime", again(duration="2h", start="2026-01-01T02:00"),
     again(duration="2h", start="2026-11-21T02:00")),
    ("[P] test_create_a_pipeline_with_array_map_processor_returns_ok_response", "log_pipeline", processor(target="a"),
     {**processor(target="a", override_on_conflict=False, preserve_source=True, is_enabled=False), "id": "a",
      "type": "pipeline", "is_read_only": False, "is_enabled": False, "tags": []}),
    ("[P] test_create_a_pipeline_with_schema_processor: empty fallback", "log_pipeline",
     processor(mappers=[{"name": "a"}]), processor(mappers=[{"name": "a", "fallback": {"values": {}, "sources": {}}}])),
    ("[api] LogsIndex", "log_index", {"name": "a", "filter": {"query": "b"}},
     {"name": "a", "filter": {"query": "b"}, "is_rate_limited": False, "daily_limit": None, "num_retention_days": 15,
      "num_flex_logs_retention_days": 0, "exclusion_filters": []}),
]  # fmt: skip

DIFFERENT: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("white space within a search", "monitor", monitor(type="log alert", query='logs("a b").rollup("count").last("5m") > 1'),
     monitor(type="log alert", query='logs("a  b").rollup("count").last("5m") > 1')),
    ("the unit of a window", "monitor", monitor(query="avg(last_60m):avg:a{*} > 1"), monitor(query="avg(last_1h):avg:a{*} > 1")),
    ("another filter", "monitor", monitor(query="avg(last_1h):avg:a{b:c} > 1"), monitor(query="avg(last_1h):avg:a{!b:c} > 1")),
    ("another threshold", "monitor", options(thresholds={"critical": 5}), options(thresholds={"critical": 6.0})),
    ("an option that somebody set", "monitor", options(), options(timeout_h=4)),
    ("an option that somebody took away", "monitor", options(timeout_h=4), options()),
    ("a default that somebody left", "monitor", options(), options(include_tags=False)),
    ("a tag", "monitor", monitor(tags=["a"]), monitor(tags=["a", "b"])),
    ("a message", "monitor", monitor(message="a"), monitor(message="a b")),
    ("another target", "slo", slo(), slo(thresholds=[{"timeframe": "7d", "target": 99.0}])),
    ("a widget more", "dashboard", widget(), {**widget(), "widgets": widget()["widgets"] * 2}),
    ("a setting of a widget", "dashboard", widget(content="a"), widget(content="a", font_size="18")),
    ("a test that is paused", "synthetics", test_of(status="live"), test_of(status="paused")),
    ("another rule", "downtime", again(), again(rrule="FREQ=WEEKLY")),
    ("a later end", "downtime", once("2026-11-21T06:00:00Z"),
     {**once("2026-11-21T06:00:00Z"), "schedule": {"start": "2026-11-21T06:00:00Z", "end": "2026-11-23T00:00:00Z"}}),
    ("a pipeline switched on", "log_pipeline", processor(), {**processor(), "is_enabled": True}),
    ("a limit", "log_index", {"name": "a"}, {"name": "a", "daily_limit": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "live"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_what_the_server_does_is_no_difference(kind: str, body: dict[str, Any], live: dict[str, Any]) -> None:
    current, wanted = comparable(kind, body, live)
    assert current == wanted


@pytest.mark.parametrize(
    ("kind", "body", "live"), [case[1:] for case in DIFFERENT], ids=[case[0] for case in DIFFERENT]
)
def test_what_somebody_does_is_a_difference(kind: str, body: dict[str, Any], live: dict[str, Any]) -> None:
    current, wanted = comparable(kind, body, live)
    assert current != wanted


def test_only_what_differs_is_different() -> None:
    body = monitor(tags=["team:a"], options={"thresholds": {"critical": 5}})
    live = monitor(tags=["team:b"], options={"thresholds": {"critical": 5.0}, "silenced": {}})
    assert comparable("monitor", body, live) == (
        {"type": "query alert", "name": "a", "query": QUERY, "tags": ["team:b"], "options": {"thresholds": {"critical": 5}}},
        {"type": "query alert", "name": "a", "query": QUERY, "tags": ["team:a"], "options": {"thresholds": {"critical": 5}}},
    )  # fmt: skip


TEXT = st.text("abc \n{}@#é", max_size=12)
NUMBER = st.one_of(st.integers(1, 10**6), st.decimals(1, 1000, places=2))
OPTIONS = st.fixed_dictionaries(
    {"thresholds": st.fixed_dictionaries({"critical": NUMBER}, optional={"warning": NUMBER})},
    optional={
        "notify_audit": st.booleans(),
        "include_tags": st.booleans(),
        "require_full_window": st.booleans(),
        "new_group_delay": st.integers(1, 600),
        "renotify_interval": st.sampled_from((0, 10, 60)),
        "timeout_h": st.integers(0, 24),
        "evaluation_delay": st.one_of(st.none(), st.integers(0, 900)),
        "escalation_message": TEXT,
        "on_missing_data": st.sampled_from(("default", "resolve", "show_no_data")),
        "renotify_statuses": st.lists(st.sampled_from(("alert", "warn", "no data")), unique=True),
    },
)
MONITORS = st.fixed_dictionaries(
    {
        "name": TEXT,
        "type": st.sampled_from(
            ("query alert", "metric alert", "log alert", "service check", "composite", "slo alert")
        ),
        "query": st.sampled_from((QUERY, f" {QUERY}", 'formula("a").last("5m") > 5', "avg(current_1mo):avg:a{*} > 5")),
        "message": TEXT,
        "tags": st.lists(st.sampled_from(("team:a", "env:b", "c")), unique=True),
        "priority": st.one_of(st.none(), st.integers(0, 5)),
        "options": OPTIONS,
    }
)


def as_sent(body: dict[str, Any]) -> dict[str, Any]:
    """``body`` in the numbers of JSON."""
    thresholds = {name: float(member) for name, member in body["options"]["thresholds"].items()}
    return {**copy.deepcopy(body), "options": {**copy.deepcopy(body["options"]), "thresholds": thresholds}}


@given(MONITORS)
def test_whatever_monitor_is_made_says_what_its_body_says(body: dict[str, Any]) -> None:
    live = rewrites.monitor(as_sent(body), NOW)
    current, wanted = comparable("monitor", body, live)
    assert current == wanted


@given(MONITORS, st.data())
def test_any_change_of_a_monitor_is_seen(body: dict[str, Any], data: st.DataObject) -> None:
    other = copy.deepcopy(body)
    field = data.draw(st.sampled_from(("name", "query", "message", "tags", "priority", "critical", "new_group_delay")))
    match field:
        case "name" | "query" | "message":
            other[field] += "x"
        case "tags":
            other["tags"] = [*other["tags"], "further"]
        case "priority":
            other["priority"] = (other["priority"] or 0) % 5 + 1
        case "critical":
            other["options"]["thresholds"]["critical"] += 1
        case _:
            other["options"]["new_group_delay"] = other["options"].get("new_group_delay", 0) + 1
    current, wanted = comparable("monitor", body, rewrites.monitor(as_sent(other), NOW))
    assert current != wanted


@given(
    st.lists(st.sampled_from(("7d", "30d", "90d")), min_size=1, unique=True),
    st.decimals("90", "99.98", places=2),
    st.lists(st.sampled_from(("Team:My Shop", "b:c", "a")), unique=True),
    TEXT,
)
def test_whatever_slo_is_made_says_what_its_body_says(
    frames: list[str], target: Decimal, tags: list[str], text: str
) -> None:
    thresholds = [{"timeframe": each, "target": target, "warning": target + Decimal("0.01")} for each in frames]
    body = slo(thresholds=thresholds, tags=tags, description=text, query={"numerator": "a", "denominator": "b"})
    limits = {"target": float(target), "warning": float(target + Decimal("0.01"))}
    sent = {**body, "thresholds": [{"timeframe": each, **limits} for each in frames]}
    current, wanted = comparable("slo", body, rewrites.slo(sent, NOW))
    assert current == wanted
    changed = {**sent, "thresholds": [{"timeframe": each, **limits, "target": 89.0} for each in frames]}
    assert comparable("slo", body, rewrites.slo(changed, NOW))[0] != wanted


@given(st.sampled_from((None, "2026-11-20T00:00:00Z", "2026-11-21T12:00:00Z")), TEXT)
def test_whatever_downtime_is_made_says_what_its_body_says(start: str | None, text: str) -> None:
    body = {**once(start), "message": text}
    live = {
        "type": "downtime",
        "attributes": rewrites.downtime(copy.deepcopy(body), NOW, datetime(2026, 11, 21, 6, tzinfo=UTC)),
    }
    current, wanted = comparable("downtime", body, live)
    assert current == wanted
