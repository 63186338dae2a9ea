"""What the rules of an SLO cost a real Prometheus, in samples that they read."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.spec.quantities import Duration
from tests.backends.prometheus.emitting import emitted
from tests.real.servers import prometheus_server
from tests.real.tools import tools

DAY = 86_400
USUAL_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
"""An error ratio over each of these, from the raw counters, and the mean of the first over the SLO's window: eight rules."""
LEAST_SHARE = 10


def test_the_rules_of_an_slo_read_at_most_a_tenth_of_what_the_usual_eight_read(tmp_path: Path) -> None:
    """Measured with two raw series, the least that an SLO can have: theirs grows with the series, ours hardly does."""
    programs = tools("new")
    (tmp_path / "prometheus").mkdir()
    end = int(time.time()) // 300 * 300
    (tmp_path / "history.txt").write_text("".join(history(end)), encoding="utf-8")
    subprocess.run(
        [programs.promtool, "tsdb", "create-blocks-from", "openmetrics", "history.txt", "prometheus"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    (tmp_path / "empty.yml").write_text("global: {}\n", encoding="utf-8")
    groups = emitted(GOOD.replace("99.9%\n", "99.9%\n    window: 7d\n")).data("prometheus/rules/web.slos.yml")["groups"]
    with prometheus_server(programs, tmp_path / "empty.yml", tmp_path) as address:
        ours = sum(
            samples_read(address, rule["expr"], end) * 30 / Duration.parse(group["interval"]).seconds
            for group in groups
            for rule in group["rules"]
        )
        usual = sum(
            samples_read(
                address, f'sum(rate(requests_total{{code=~"5.."}}[{w}])) / sum(rate(requests_total[{w}]))', end
            )
            for w in USUAL_WINDOWS
        )
        mean = "sum_over_time(slo:events_bad:rate5m[7d]) / count_over_time(slo:events_bad:rate5m[7d])"
        usual += samples_read(address, mean, end)
    assert usual > 100_000
    assert ours > 0
    assert ours * LEAST_SHARE <= usual


def history(end: int) -> Iterator[str]:
    """Three days of two counters that are scraped every 15 s, and a week of the two counts that are recorded every 30 s."""
    yield "# TYPE requests counter\n"
    for code, rate in (("200", 10), ("500", 1)):
        for at in range(end - 3 * DAY, end + 1, 15):
            yield f'requests_total{{code="{code}"}} {rate * (at - end + 3 * DAY)} {at}\n'
    for name in ("slo:events_total:rate5m", "slo:events_bad:rate5m"):
        yield f"# TYPE {name} gauge\n"
        for at in range(end - 7 * DAY, end + 1, 30):
            yield f'{name}{{slo="availability",service="web"}} 1 {at}\n'
    yield "# EOF\n"


def samples_read(address: str, query: str, at: int) -> int:
    """How many samples Prometheus reads to answer ``query`` at a time."""
    parameters = urllib.parse.urlencode({"query": query, "time": at, "stats": "all"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{address}/api/v1/query?{parameters}", timeout=30) as answer:
        return int(json.load(answer)["data"]["stats"]["samples"]["totalQueryableSamples"])
