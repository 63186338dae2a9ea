"""A null deletes what baselines and probes stand for as it deletes what is written, in the spec and in environments."""

from __future__ import annotations

import pytest

from tests.model.test_expansion import HEAD, LATENCY
from tests.projects import project, resolved

ALERT = "ApiLatencyRegression"
PACK = HEAD.replace("{web: {}}", "{web: {use: [redis]}}")


def alerts(text: str, environment: str | None = None) -> dict[str, str]:
    """Each alert of the project with its `for`."""
    found = project(text, environment)
    return {name: str(alert.severities[0].hold) for name, alert in found.alerts.items()}


def told(text: str, environment: str | None = None) -> list[tuple[str, str, str, str]]:
    return [(each.code, str(each.span), each.headline, each.help) for each in resolved(text, environment)[1]]


def in_environment(overlay: str) -> str:
    return HEAD + LATENCY + f"environments:\n  staging: {{{overlay}}}\n"


@pytest.mark.parametrize("head", [HEAD, PACK])
def test_the_spec_deletes_what_a_baseline_stands_for(head: str) -> None:
    assert ALERT in alerts(head + LATENCY)
    assert ALERT not in alerts(head + LATENCY + f"alerts: {{{ALERT}: null}}\n")


@pytest.mark.parametrize(
    "written",
    [
        "",
        f"alerts: {{{ALERT}: {{for: 7m}}}}\n",
        "alerts: {Other: {service: web, severity: info, expr: queue_length > 1}}\n",
    ],
)
def test_an_environment_deletes_what_a_baseline_stands_for(written: str) -> None:
    text = in_environment(f"alerts: {{{ALERT}: null}}") + written
    assert ALERT in alerts(text)
    assert ALERT not in alerts(text, "staging")


def test_an_environment_deletes_a_field_of_what_a_baseline_stands_for() -> None:
    text = in_environment(f"alerts: {{{ALERT}: {{for: null}}}}")
    assert (alerts(text)[ALERT], alerts(text, "staging")[ALERT]) == ("5m", "0s")


def test_an_environment_brings_back_what_the_spec_deletes() -> None:
    text = in_environment(f"alerts: {{{ALERT}: {{for: 9m}}}}") + f"alerts: {{{ALERT}: null}}\n"
    assert alerts(text) == {}
    assert alerts(text, "staging") == {ALERT: "9m"}


def test_an_environment_may_leave_out_the_baseline_whose_alert_the_spec_deletes() -> None:
    text = in_environment("baselines: {api-latency: null}") + f"alerts: {{{ALERT}: null}}\n"
    assert alerts(text, "staging") == alerts(text) == {}


def test_a_null_that_deletes_nothing_is_told() -> None:
    name, meant = "ApiLatencyRegresion", f"did you mean `{ALERT}`?"
    assert told(in_environment(f"alerts: {{{name}: null}}"), "staging") == [
        ("MON1115", "spec.yaml:18:22", f"there is no `alerts.{name}` to delete", meant)
    ]
    assert told(PACK + LATENCY + f"alerts: {{{name}: null}}\n") == [
        ("MON1246", "spec.yaml:17:10", f"no pack brings `alerts.{name}`", meant)
    ]
    assert told(in_environment("") + f"alerts: {{{name}: null}}\n", "staging") == [
        ("MON1103", "spec.yaml:19:31", f"`alerts.{name}` should be a map, this is empty", "")
    ]
