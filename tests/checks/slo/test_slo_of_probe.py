"""What is said of an SLO that counts a probe which Prometheus does not ask."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import promql_unknown_metric, slo_of_probe
from skillforge_mon.checks.slo_example import HEAD
from tests.projects import project

TARGETS = {
    "neither": "  datadog: {locations: [aws:eu-west-1]}\n",
    "blackbox": "  blackbox: {}\n  datadog: {locations: [aws:eu-west-1]}\n",
}


def spec(targets: str, probe: str) -> str:
    """A spec whose only SLO counts ``probe``."""
    head = HEAD.replace("metrics:", f"{TARGETS[targets]}metrics:").replace(
        "slos:", f"probes:\n  front: {{service: web, {probe}}}\nslos:"
    )
    return head + "  front: {service: web, objective: 99.9%, available: {probe: front}}\n"


@pytest.mark.parametrize(
    ("targets", "probe", "helping"),
    [
        ("neither", "http: https://a.example.com", "add `targets.blackbox`"),
        (
            "neither",
            "http: https://a.example.com, backends: [datadog]",
            "add `targets.blackbox` and `prometheus` to its `backends`",
        ),
        ("blackbox", "http: https://a.example.com, backends: [datadog]", "add `prometheus` to its `backends`"),
        (
            "blackbox",
            "cron: {every: 1h}",
            "count a probe that blackbox_exporter can ask: http, tcp, dns, icmp, grpc",
        ),
    ],
)
def test_what_helps_an_slo_whose_probe_prometheus_does_not_ask(targets: str, probe: str, helping: str) -> None:
    resolved = project(spec(targets, probe))
    assert [(found.headline, found.help) for found in slo_of_probe.check(resolved)] == [
        ("Prometheus does not ask `front`, which the SLO `front` counts", helping)
    ]


def test_the_metric_of_a_probe_that_is_not_asked_is_not_reported_besides() -> None:
    resolved = project(spec("neither", "http: https://a.example.com"))
    assert list(promql_unknown_metric.check(resolved)) == []
