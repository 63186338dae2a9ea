"""Whose health tells why an SLO is not measured: that of the targets that count, by the real promtool."""

from __future__ import annotations

from pathlib import Path

from tests.real.slo_promtool import SPEC, named, run, series
from tests.real.tools import Generation

ASKED = (
    SPEC[: SPEC.index("  success:")]
    .replace("escalation: page}", 'escalation: page, scrape: {targets: ["web:80"]}}')
    .replace("slos:", 'probes: {front: {service: web, http: "http://web:80/"}}\nslos:')
)
"""The service is scraped, and asked by blackbox_exporter: the probe's own `up` carries the service's name too."""


def test_a_probe_that_asks_is_no_target_that_counts(generation: Generation, tmp_path: Path) -> None:
    """blackbox_exporter is up when the service is down: that is no sign of counters that are gone."""
    down = {"series": 'up{service="web", job="web", instance="a"}', "values": "1x1500 0x100"}
    up = {"series": 'up{service="web", job="web", instance="a"}', "values": "1x1600"}
    asks = {"series": 'up{service="web", job="probe-http", instance="http://web:80/", probe="front"}'}
    always, never = {**asks, "values": "1x1600"}, {**asks, "values": "0x1600"}
    vanished = series(c200="0+60x1500")
    for number, (inputs, told) in enumerate(
        [([down, always], "AvailabilityTargetDown"), ([up, never], "AvailabilityInstrumentationBroken")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        run(generation, folder, [*inputs, *vanished], named(1560, told), evaluation="2m", spec=ASKED)
