"""What SLOs that count time, and those in groups, make of made-up series, by the real promtool of both generations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.slo_promtool import named, run, value
from tests.real.tools import Generation

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {version: "{version}", evaluation_interval: {evaluation}, scrape_interval: 1m}
metrics:
  requests_total: {type: counter, labels: {code: bounded, tenant: bounded}}
  backup_done_timestamp_seconds: {type: gauge}
  queue_length: {type: gauge, labels: {queue: bounded}}
services:
  web: {}
slos:
"""
Series = list[dict[str, str]]


def slo(name: str, measured: str) -> str:
    """One SLO of the spec, measured in this way."""
    return f"  {name}: {{service: web, objective: 99%, {measured}}}\n"


def given(**values: str) -> Series:
    """Input series: ``up_a`` is `up` of the instance a."""
    return [
        {"series": f'{metric}{{job="web", instance="{instance}"}}', "values": text}
        for name, text in values.items()
        for metric, _, instance in [name.rpartition("_")]
    ]


def ratio(name: str, window: str, minute: int, expected: float) -> dict[str, object]:
    """At ``minute`` about this share of the time was bad."""
    query = f'round(slo:error_ratio:rate{window}{{slo="{name}"}}, 0.05)'
    return value(query, minute, {f'{{service="web", slo="{name}"}}': expected})


def test_every_scrape_of_every_target_counts(generation: Generation, tmp_path: Path) -> None:
    """Of two targets, one fails for 12 of 60 minutes: a tenth of the scrapes."""
    spec = HEAD + slo("reach", "available: 'up{job=\"web\"}'")
    inputs = given(up_a="1x300", up_b="1x200 0x11 1x103")
    run(generation, tmp_path, inputs, ratio("reach", "1h", 230, 0.1), ratio("reach", "1h", 300, 0), spec=spec)


@pytest.mark.parametrize(("counts", "one", "both"), [("any", 0, 1), ("all", 1, 1)])
def test_time_counts_in_which_any_or_all_targets_are_up(
    generation: Generation, tmp_path: Path, counts: str, one: float, both: float
) -> None:
    """Target b is down from minute 100 on, and a from minute 200 on."""
    measured = f"available: {{metric: 'up{{job=\"web\"}}', counts: {counts}}}"
    inputs = given(up_a="1x199 0x100", up_b="1x99 0x200")
    expected = [ratio("reach", "5m", minute, share) for minute, share in ((90, 0), (150, one), (250, both))]
    run(generation, tmp_path, inputs, *expected, spec=HEAD + slo("reach", measured))


def test_a_result_is_fresh_until_it_is_too_old(generation: Generation, tmp_path: Path) -> None:
    """The last success is at minute 60; it may be half an hour old: bad from 91 on, and nothing after a new one."""
    spec = HEAD + slo("fresh", "fresh: {metric: backup_done_timestamp_seconds, within: 30m}")
    inputs = given(backup_done_timestamp_seconds_a="0+60x60 3600x59 7200+60x100")
    expected = [ratio("fresh", "5m", minute, share) for minute, share in ((89, 0), (97, 1), (118, 1), (127, 0))]
    run(generation, tmp_path, inputs, *expected, ratio("fresh", "1h", 130, 0.5), spec=spec)


def test_time_counts_in_which_a_value_is_as_it_should_be(generation: Generation, tmp_path: Path) -> None:
    """A queue is too long for 12 of 60 minutes. Then it is NaN, which is no value."""
    spec = HEAD + slo("queue", 'slices: {expr: queue_length / (queue_length > bool 0), good: "< 100"}')
    inputs = given(queue_length_a="5x100 100x11 99x48 0x29 5x14 200x14 5x100")
    run(
        generation,
        tmp_path,
        inputs,
        ratio("queue", "1h", 160, 0.2),
        value('slo:events_total:rate5m{slo="queue"}', 180, {}),
        spec=spec,
    )


def test_a_ratio_counts_each_moment_the_same(generation: Generation, tmp_path: Path) -> None:
    """Ten minutes at 60 % of an hour are a tenth, however busy; beyond 0 and 1, and NaN, there is no share."""
    spec = HEAD + slo(
        "given",
        "ratio: queue_length * (queue_length != bool 9) / (queue_length != bool 9), ignore: {MON3115: nothing else is there}",
    )
    inputs = given(queue_length_a="0x100 0.6x9 0x100 7x100 -1x100 9x100")
    expected = [
        ratio("given", "1h", 140, 0.1),
        ratio("given", "5m", 250, 1),
        ratio("given", "5m", 350, 0),
        value('slo:error_ratio:rate5m{slo="given"}', 450, {}),
    ]
    run(generation, tmp_path, inputs, *expected, spec=spec)


@pytest.mark.parametrize(
    ("composite", "both", "one"),
    [
        ("all: [first, second]", 0.5, 0.5),
        ("weighted: {first: 1, second: 1}", 0.3, 0.5),
        ("weighted: {first: 3, second: 1}", 0.4, 0.5),
    ],
)
def test_several_slos_as_one(generation: Generation, tmp_path: Path, composite: str, both: float, one: float) -> None:
    """The first has 50 % errors and the second 10 %; from minute 200 on, the second has no requests and says nothing."""
    spec = HEAD + "".join(
        slo(name, f'bad: \'requests_total{{code="500", job="{name}"}}\', total: \'requests_total{{job="{name}"}}\'')
        for name in ("first", "second")
    )
    spec += slo("both", f"composite: {{{composite}}}")
    inputs = [
        {"series": f'requests_total{{job="{job}", code="{code}"}}', "values": values}
        for job, code, values in (
            ("first", "200", "0+500x300"),
            ("first", "500", "0+500x300"),
            ("second", "200", "0+90x200 18000x100"),
            ("second", "500", "0+10x200 2000x100"),
        )
    ]
    expected = [ratio("both", "5m", 190, both), ratio("both", "5m", 290, one), ratio("both", "1h", 190, both)]
    run(generation, tmp_path, inputs, *expected, spec=spec)


def test_every_group_has_a_budget_and_an_alert_of_its_own(generation: Generation, tmp_path: Path) -> None:
    """Tenant b fails from minute 60 on; at minute 100 it leaves, and nobody misses it; then all leave."""
    spec = HEAD + slo("api", "group_by: [tenant], bad: 'requests_total{code=\"500\"}', total: requests_total")
    inputs = [
        {"series": f'requests_total{{tenant="{tenant}", code="{code}"}}', "values": values}
        for tenant, code, values in (
            ("a", "200", "0+600x1500"),
            ("b", "200", "0+600x59 36000x40"),
            ("b", "500", "0x59 0+600x40"),
        )
    ]
    firing = 'count by (tenant, severity) (ALERTS{alertstate="firing"})'
    burning = {'{tenant="b", severity="critical"}': 1.0, '{tenant="b", severity="warning"}': 1.0}
    left = 'round(slo:error_budget_remaining:ratio{slo="api"}, 0.1)'
    run(
        generation,
        tmp_path,
        inputs,
        value(left, 58, {f'{{service="web", slo="api", tenant="{tenant}"}}': 1 for tenant in "ab"}),
        value(
            'slo:error_ratio:rate5m{slo="api", tenant="a"}',
            70,
            {'slo:error_ratio:rate5m{service="web", slo="api", tenant="a"}': 0},
        ),
        value(firing, 70, burning),
        named(1500),
        named(1540, "ApiNoData"),
        evaluation="2m",
        spec=spec,
    )
