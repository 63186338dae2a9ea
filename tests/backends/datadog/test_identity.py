"""A monitor is known under its former name, and takes the place of one that is adopted."""

from __future__ import annotations

import pytest

from tests.backends.datadog.monitors import alert, documents

TWO = 'severity: {critical: "> 5", info: "> 1"}'


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ("", [("alerts.Busy", "", "")]),
        ("was: Slow", [("alerts.Busy", "alerts.Slow", "")]),
        ('adopt: {datadog: "42"}', [("alerts.Busy", "", "42")]),
        (f"{TWO}; was: Slow", [("alerts.Busy", "alerts.Slow", ""), ("alerts.Busy.info", "alerts.Slow.info", "")]),
        (f'{TWO}; adopt: {{datadog: "42"}}', [("alerts.Busy", "", "42"), ("alerts.Busy.info", "", "")]),
    ],
)
def test_a_monitor_says_what_it_was_and_what_it_adopts(fields: str, known: list[tuple[str, str, str]]) -> None:
    found, _reported = documents(alert(fields))
    resources = [document.resource for document in found if document.resource is not None]
    assert [(each.key, each.was, each.adopt) for each in resources] == known


def test_a_former_name_that_another_alert_has_is_no_former_name() -> None:
    found, _reported = documents(alert("was: Slow") + alert("", name="Slow"))
    assert {each.resource.key: each.resource.was for each in found if each.resource is not None} == {
        "alerts.Busy": "",
        "alerts.Slow": "",
    }
