"""What must stay true of the rules of an SLO, whatever the traffic: run by the real promtool of both generations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from skillforge_mon.checks import run_checks
from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.slo import slo_plans
from skillforge_mon.routing.config import read_configuration
from skillforge_mon.routing.evaluate import inhibits
from tests.backends.alertmanager.emitting import write
from tests.backends.prometheus.emitting import emitted
from tests.projects import project
from tests.real.servers import asked, prometheus_server
from tests.real.slo_promtool import RULES, SPEC, WHO, filled, firing, named, remaining, run, series, value
from tests.real.tools import Generation, amtool_check_config

SCRAPED = SPEC.replace("escalation: page}", 'escalation: page, scrape: {targets: ["web:80"]}}')
"""The service is scraped, so that it is known which targets export the counters."""


def test_good_health_keeps_the_whole_budget(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+600x120", c500="0+0x120"),
        value('slo:error_ratio:rate1h{slo="availability"}', 90, {f"slo:error_ratio:rate1h{{{WHO}}}": 0}),
        value('slo:current_burn_rate:ratio{slo="availability"}', 90, {f"slo:current_burn_rate:ratio{{{WHO}}}": 0}),
        remaining(90, 1),
        firing(90),
    )


def test_half_an_hour_without_requests_leaves_no_trace(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+0x30 0+600x120", c500="0+0x150"),
        value('slo:error_ratio:rate5m{slo="availability"}', 20, {}),
        remaining(20, 1),
        remaining(60, 1),
        remaining(140, 1),
        value('slo:error_ratio:rate5m{slo="availability"}', 60, {f"slo:error_ratio:rate5m{{{WHO}}}": 0}),
        firing(20),
        firing(140),
    )


def test_errors_that_never_happened_are_zero_and_not_unknown(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+600x120"),
        value('slo:events_bad:rate5m{slo="availability"}', 60, {f"slo:events_bad:rate5m{{{WHO}}}": 0}),
        value('slo:error_ratio:rate1h{slo="availability"}', 60, {f"slo:error_ratio:rate1h{{{WHO}}}": 0}),
        remaining(60, 1),
        firing(60),
    )


def test_successes_that_never_happened_are_an_outage(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c500="0+600x60"),
        value('slo:error_ratio:rate5m{slo="success"}', 30, {'slo:error_ratio:rate5m{service="web", slo="success"}': 1}),
    )


def test_a_busy_minute_weighs_as_much_as_its_requests(generation: Generation, tmp_path: Path) -> None:
    """Ten minutes of 1,000 requests with 10 % errors in a day of 10 a minute: 1,000 of 24,300 are bad.

    A mean of ratios would say 0.07 %, and hide that the budget of the month is spent.
    """
    bad = value('round(slo:error_ratio:rate30d{slo="availability"} / (1000 / 24300), 0.01)', 1439, {f"{{{WHO}}}": 1})
    run(
        generation,
        tmp_path,
        series(c200="0+10x600 6900+900x9 15010+10x829", c500="0+0x600 100+100x9 1000+0x829"),
        bad,
        evaluation="5m",
    )


def test_an_outage_pages_in_minutes_escalates_and_ends(generation: Generation, tmp_path: Path) -> None:
    """30 % of the requests fail from minute 60 to 80: the budget burns 300 times too fast."""
    run(
        generation,
        tmp_path,
        series(c200="0+600x60 36420+420x19 45000+600x220", c500="0+0x60 180+180x19 3600+0x220"),
        firing(60),
        firing(67, "critical 1", "warning 1"),
        firing(79, "critical 1", "critical 2", "warning 1"),
        firing(125, "warning 1"),
    )


def test_the_page_says_what_burns_in_numbers(generation: Generation, tmp_path: Path) -> None:
    page: dict[str, Any] = {
        "exp_labels": {
            "severity": "critical", "priority": "P1", "slo": "availability", "service": "web", "team": "shop",
            "escalation": "page", "level": "1",
        },
        "exp_annotations": {
            "summary": "availability burns its error budget too fast: 100% of events are bad, 0.1% may be",
            "description": "The budget of 43m 12s per 30d burns 14.4 times as fast as it may over 1h and 5m (more than 1.44% bad "
            "events; 2% of the budget in 1h), or 6 times as fast as it may over 6h and 30m (more than 0.6% bad events; 5% of the "
            "budget in 6h).",
        },
    }  # fmt: skip
    ticket_text = (
        "The budget of 43m 12s per 30d burns 3 times as fast as it may over 1d and 2h (more than 0.3% bad events; 10% of the "
        "budget in 1d), or faster than it may over 3d and 6h (more than 0.1% bad events; 10% of the budget in 3d)."
    )
    ticket = {
        "exp_labels": page["exp_labels"] | {"severity": "warning", "priority": "P2"},
        "exp_annotations": page["exp_annotations"] | {"description": ticket_text},
    }
    told = {"eval_time": "6m", "alertname": "AvailabilityBudgetBurn", "exp_alerts": [page, ticket]}
    run(generation, tmp_path, series(c500="0+600x60"), alerts=(told,))


def test_a_restart_of_the_service_counts_no_errors_twice(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+600x60 0+600x60", c500="5000x60 0x60"),
        value('slo:error_ratio:rate1h{slo="availability"}', 100, {f"slo:error_ratio:rate1h{{{WHO}}}": 0}),
        remaining(100, 1),
        firing(62),
        firing(100),
    )


def test_an_slo_that_is_no_longer_measured_is_told(generation: Generation, tmp_path: Path) -> None:
    """The metrics vanish after a day and an hour. Before that, and for an SLO that never had any, nobody is told."""
    run(
        generation,
        tmp_path,
        series(c200="0+60x1500"),
        value('ALERTS{alertname=~".*NoData"}', 1500, {}),
        value(
            'count by (alertname) (ALERTS{alertname=~".*NoData", alertstate="firing"})',
            1540,
            {'{alertname="AvailabilityNoData"}': 1, '{alertname="SuccessNoData"}': 1},
        ),
        evaluation="4m",
    )


@pytest.mark.parametrize("spelling", ["1", "1.0"])
def test_a_bucket_is_found_however_it_is_written(generation: Generation, tmp_path: Path, spelling: str) -> None:
    """Prometheus 2 stores what the exporter writes; Prometheus 3 stores ``1.0`` of what it scrapes, ``1`` by OTLP."""
    run(
        generation,
        tmp_path,
        [
            {"series": f'request_duration_seconds_bucket{{le="{spelling}"}}', "values": "0+90x60"},
            {"series": 'request_duration_seconds_bucket{le="+Inf"}', "values": "0+100x60"},
            {"series": "request_duration_seconds_count", "values": "0+100x60"},
        ],
        value('round(slo:error_ratio:rate5m{slo="latency"}, 0.0001)', 30, {'{service="web", slo="latency"}': 0.1}),
    )


ONE = SCRAPED[: SCRAPED.index("  success:")]


def test_a_target_that_is_down_is_told_from_one_that_says_nothing_and_from_an_idle_one(
    generation: Generation, tmp_path: Path
) -> None:
    """After a day and an hour: the target is gone, or it is up and its counters are gone, or it has nothing to do."""
    up = {"series": 'up{service="web", instance="a"}', "values": "1x1600"}
    down = {"series": 'up{service="web", instance="a"}', "values": "1x1500 0x100"}
    gone = {"series": 'up{service="web", instance="a"}', "values": "1x1500"}
    vanished, idle = series(c200="0+60x1500"), series(c200="0+60x1500 90000x100")
    for number, (inputs, told) in enumerate(
        [
            ([down, *vanished], ("AvailabilityTargetDown",)),
            ([gone, *vanished], ("AvailabilityTargetDown",)),
            ([up, *vanished], ("AvailabilityInstrumentationBroken",)),
            ([up, *idle], ()),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        idle_budget = [remaining(1560, 1)] if not told else []
        run(
            generation,
            folder,
            inputs,
            named(1500),
            named(1560, *told),
            *idle_budget,
            evaluation="2m",
            spec=ONE,
        )


def test_a_free_label_changes_and_no_rule_fails_and_no_window_begins_anew(
    generation: Generation, tmp_path: Path
) -> None:
    """It was `tier: gold` until minute 60, and is `silver` now; its version on the counters changes as well."""
    gold, silver = (ONE.replace("objective", f"labels: {{tier: {tier}}}\n    objective") for tier in ("gold", "silver"))
    recorded = [
        {rule["record"]: rule for rule in emitted(filled(spec)).rules(RULES) if "record" in rule}
        for spec in (gold, silver)
    ]
    assert [name for name in recorded[0] if recorded[0][name] != recorded[1][name]] == ["slo:info"]
    was = {"series": 'slo:info{slo="availability", service="web", team="shop", tier="gold"}', "values": "1x60"}
    inputs = [
        was,
        {"series": 'requests_total{code="200", version="1"}', "values": "0+600x60"},
        {"series": 'requests_total{code="200", version="2"}', "values": "_x60 0+600x60"},
        {"series": 'requests_total{code="500", version="1"}', "values": "0+6x60"},
    ]
    ratio = value("round(slo:error_ratio:rate30d, 0.001)", 118, {f"{{{WHO}}}": 0.005})
    info = value('count by (tier) (slo:info{slo="availability"})', 118, {'{tier="silver"}': 1.0})
    run(generation, tmp_path, inputs, ratio, info, spec=silver)


def test_a_deploy_that_replaces_targets_and_resets_counters_is_no_outage(
    generation: Generation, tmp_path: Path
) -> None:
    """Target a stops at minute 60, b begins at 61 from 0; c restarts at 90 and counts its 7 old errors no second time."""
    inputs = [
        {"series": 'requests_total{code="200", instance="a"}', "values": "50000+600x60"},
        {"series": 'requests_total{code="500", instance="a"}', "values": "40x60"},
        {"series": 'requests_total{code="200", instance="b"}', "values": "_x60 0+600x140"},
        {"series": 'requests_total{code="200", instance="c"}', "values": "9000+600x90 0+600x110"},
        {"series": 'requests_total{code="500", instance="c"}', "values": "7x90 0x110"},
    ]
    run(
        generation,
        tmp_path,
        inputs,
        *(
            value("slo:events_bad:rate5m", minute, {f"slo:events_bad:rate5m{{{WHO}}}": 0})
            for minute in (62, 70, 92, 190)
        ),
        *(remaining(minute, 1) for minute in (62, 70, 92, 190)),
        *(named(minute) for minute in (62, 70, 92, 190)),
        spec=ONE,
    )


REFUSED = {
    "an objective of everything": ("99.9%", "100%", "MON3101", "the objective of `availability` leaves no error budget"),
    "a burn rate beyond all events": (
        "99.9%", "90%", "MON3103",
        "the budget of `availability` cannot burn 14.4 times too fast, as the windows 5m and 1h ask for",
    ),
    "short not shorter than long": (
        "99.9%", "99.9%\n    burn: [{short: 1h, long: 1h, budget: 2%, severity: critical}]", "MON3104",
        "the short window of 1h is not shorter than the long window of 1h",
    ),
    "a window beyond the retention": (
        "99.9%", "99.9%\n    window: 90d", "MON3105", "`availability` looks back 90d, and Prometheus keeps 30d",
    ),
    "a month of 31 days beyond the retention": (
        "99.9%", "99.9%\n    window: month", "MON3105", "`availability` looks back 31d, and Prometheus keeps 30d",
    ),
    "a window too short for the evaluations": (
        "99.9%", "99.9%\n    burn: [{short: 30s, long: 10m, budget: 2%, severity: critical}]", "MON3106",
        "the window of 30s is too short to be measured",
    ),
    "bad events that are not among all": (
        "total: requests_total", 'total: requests_total{path="/pay"}', "MON3107",
        "`bad` of the SLO `availability` counts events that `total` leaves out",
    ),
    "bad events that all leaves out by a pattern": (
        "total: requests_total", 'total: requests_total{code!~"5.."}', "MON3107",
        "`bad` of the SLO `availability` counts events that `total` leaves out",
    ),
    "good and bad swapped": (
        '"5.."', '"2.."', "MON3108", "`bad` of the SLO `availability` seems to select its good events",
    ),
}  # fmt: skip
"""What is wrong -> what is written, for what; the code, and what is said."""


@pytest.mark.parametrize(("right", "wrong", "code", "headline"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_work_is_said_when_it_is_compiled(right: str, wrong: str, code: str, headline: str) -> None:
    compiled, report = project(GOOD.replace(right, wrong)), Report()
    slo_plans(compiled, report)
    found = [(each.code, each.headline) for each in (*run_checks(compiled), *report)]
    assert (code, headline) in found


def test_the_page_of_an_slo_silences_its_ticket_and_nobody_elses(generation: Generation, tmp_path: Path) -> None:
    """For each tenant by itself; the rule is in the configuration that the real amtool accepts."""
    spec = filled(ONE).replace("code: bounded", "code: bounded, tenant: bounded")
    spec = spec.replace("objective:", "group_by: [tenant]\n    objective:").replace(
        "metrics:", "  alertmanager: {}\nmetrics:"
    )
    written = write(spec, tmp_path)
    assert amtool_check_config(generation, written).exit_code == 0
    report = Report()
    configuration = read_configuration(written.read_bytes(), str(written), report)
    assert configuration is not None
    page, ticket = (
        next(
            {"alertname": rule["alert"], **rule["labels"]}
            for rule in emitted(spec).rules(RULES)
            if rule.get("alert", "").endswith("BudgetBurn") and rule["labels"]["severity"] == severity
        )
        for severity in ("critical", "warning")
    )

    def silenced(source: dict[str, str], target: dict[str, str]) -> bool:
        return any(inhibits(rule, source, target) for rule in configuration.inhibit_rules)

    assert silenced({**page, "tenant": "a"}, {**ticket, "tenant": "a"})
    assert not silenced({**page, "tenant": "a"}, {**ticket, "tenant": "b"})
    assert not silenced({**ticket, "tenant": "a"}, {**page, "tenant": "a"})
    assert not silenced({**page, "tenant": "a"}, {**ticket, "tenant": "a", "slo": "other"})


RULES_OF_A_GROUP = 20
"""What a ruler of Mimir or Cortex takes in one group unless it is told otherwise."""


def test_two_hundred_slos_load_whole(generation: Generation, tmp_path: Path) -> None:
    """One file, one document: the server has every group and every rule of it, and none fails."""
    slo = ONE[ONE.index("  availability:") :]
    head = filled(ONE[: ONE.index("  availability:")], "2.42", "30s")
    made = emitted(head + "".join(slo.replace("availability", f"availability-{number}") for number in range(200)))
    config = made.write(tmp_path)
    [document] = list(yaml.safe_load_all(made.text(RULES)))
    groups = {group["name"]: len(group["rules"]) for group in document["groups"]}
    assert len(groups) == 400
    assert max(groups.values()) <= RULES_OF_A_GROUP
    with prometheus_server(generation, config, tmp_path) as address:
        loaded = {group["name"]: len(group["rules"]) for group in asked(address, "rules")["groups"]}
    assert loaded == groups
