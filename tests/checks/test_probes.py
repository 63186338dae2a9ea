"""The rules of probes, case by case: what they report, and what they leave alone."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import probe_duplicate, probe_says_nothing
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}, blackbox: {}}
teams: {shop: {webhook: "http://hooks:8080/"}}
escalation: {page: [{notify: shop}], night: [{notify: shop}]}
defaults: {services: {team: shop, escalation: page, runbook: "https://wiki.example/"}}
services: {web: {}, web-night: {}, order-api: {}, order_api: {}}
probes:
"""


@pytest.mark.parametrize(
    ("probes", "headlines"),
    [
        (
            """\
  a: {service: order-api, icmp: a}
  b: {service: order_api, icmp: b}
  c: {service: order_api, icmp: c}
""",
            ["that nobody asks `b` and that nobody asks `a` would both be `OrderApiProbesMissing`"],
        ),
        (
            """\
  a: {service: web, escalation: night, icmp: a}
  b: {service: web-night, icmp: b}
""",
            ["that nobody asks `b` and that nobody asks `a` would both be `WebNightProbesMissing`"],
        ),
        (
            """\
  a: {service: order-api, icmp: a}
  b: {service: order-api, icmp: b}
  c: {service: order_api, icmp: c, alerting: false}
  d: {service: order_api, icmp: d, every: 1h}
""",
            [],
        ),
        (
            """\
  a-b: {service: web, icmp: a}
  a_b: {service: web, icmp: b}
""",
            ["`a_b` and `a-b` would have alerts of the same names"],
        ),
    ],
)
def test_names_that_make_one_alert_of_two_are_told(probes: str, headlines: list[str]) -> None:
    assert [item.headline for item in probe_duplicate.check(project(HEAD + probes))] == headlines


@pytest.mark.parametrize(
    ("usual", "probes", "headlines"),
    [
        ("{every: 30s}", "  a: {service: web, icmp: a}\n  b: {service: web, cron: {every: 1d, metric: up}}\n", []),
        (
            "{every: 30s}",
            "  b: {service: web, cron: {every: 1d, metric: up}}\n",
            ["`every` of `b` has no effect: the job tells by itself; see `cron.every` and `cron.max_runtime`"],
        ),
        (
            "{every: 30s}",
            "  a: {service: web, icmp: a}\n  b: {service: web, every: 1m, cron: {every: 1d, metric: up}}\n",
            ["`every` of `b` has no effect: the job tells by itself; see `cron.every` and `cron.max_runtime`"],
        ),
    ],
)
def test_a_default_that_serves_another_probe_is_not_told_of(usual: str, probes: str, headlines: list[str]) -> None:
    text = HEAD.replace("defaults: {", f"defaults: {{probes: {usual}, ") + probes
    assert [item.headline for item in probe_says_nothing.check(project(text))] == headlines
