"""Monitors that count lines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from datadog_api_client.v1.model.monitor import Monitor

from skillforge_mon.backends.datadog.query.parser import normal_query
from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.datadog.logs.specs import compiled
from tests.fakes.datadog_models import understood

SPEC = """\
logs: {web: {service: web, index_by: [method]}}
alerts:
  ManyErrors:
    service: web
    severity: {critical: "> 10", warning: "> 5"}
    logs: {of: web, lines: {level: error, contains: card declined, fields: {user: "a b"}}, within: 10m, by: [method]}
    summary: "{{ value }} errors of {{ labels.method }}"
"""
PATH = "monitors/many-errors.json"
QUERY = (
    'logs("service:web status:(emergency OR alert OR critical OR error) \\"card declined\\" @user:\\"a b\\"")'
    '.index("shop-web").rollup("count").by("@method").last("10m") > 10'
)


def test_a_monitor() -> None:
    body: Any = compiled(SPEC)[PATH].content
    assert body["type"] == "log alert"
    assert body["query"] == QUERY
    assert normal_query("log alert", QUERY) == QUERY
    assert body["options"] == {
        "thresholds": {"critical": 10, "warning": 5},
        "include_tags": True,
        "notify_audit": False,
        "on_missing_data": "default",
    }
    assert body["message"].splitlines()[:3] == [
        "{{#is_alert}}",
        "{{value}} errors of {{@method.name}} @slack-acme-shop",
        "{{/is_alert}}",
    ]
    assert understood(json.loads(json.dumps(body, default=float)), Monitor, "monitor") == []


def test_a_monitor_that_counts_lines_says_nothing_of_missing_data() -> None:
    body: Any = compiled(SPEC.replace("    summary", "    no_data: notify\n    summary"))[PATH].content
    assert body == compiled(SPEC)[PATH].content


def test_lines_of_several_indexes_are_counted_in_all() -> None:
    body: Any = compiled("retention: {logs: {default: 30d, error: 90d}}\n" + SPEC)[PATH].content
    assert body["query"] == QUERY.replace("shop-web", "*")


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (
            ("within: 10m", "within: 90s"),
            ["the window becomes 2 min: Datadog's windows are whole minutes"],
        ),
        (
            ("    summary", "    for: 5m\n    summary"),
            [
                "`for: 5m` is left out: a monitor counts the lines of one window, 10m here, and notifies up to 5m sooner",
            ],
        ),
        (
            ("    summary", "    no_data: notify\n    summary"),
            ["`no_data: notify` is left out: to a monitor that counts lines, no line at all is the number 0"],
        ),
    ],
)
def test_what_differs(change: tuple[str, str], reasons: list[str]) -> None:
    words = "`contains` and `without` look for whole words of the text, and not for letters anywhere in the line"
    assert compiled(SPEC.replace(*change))[PATH].verdicts == (
        Verdict("datadog", "alerts.ManyErrors", Grade.APPROXIMATE, "; ".join([words, *reasons])),
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            ("contains: card declined", "matches: a+"),
            "`matches` is a regular expression, and Datadog's log search has none",
        ),
        (
            ("within: 10m", "within: 3d"),
            "the window is longer than two days, and those of log monitors are not",
        ),
        (
            ('{critical: "> 10", warning: "> 5"}', '{critical: "== 10"}'),
            "a monitor compares by >, >=, <, <=, and not by `==`",
        ),
    ],
)
def test_what_cannot_be_said(change: tuple[str, str], reason: str) -> None:
    (verdict,) = compiled(SPEC.replace(*change))["untranslatable/many-errors.txt"].verdicts
    assert (verdict.grade, verdict.reason) == (Grade.UNTRANSLATABLE, reason)
