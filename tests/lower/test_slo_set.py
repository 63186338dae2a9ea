"""The panels of ``use: slo``: what each asks of Prometheus, and from where on it turns red."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.lower.panel_sets import PanelSet
from skillforge_mon.lower.slo import slo_plans
from skillforge_mon.lower.slo_set import slo_set
from skillforge_mon.query.promql import print_expr
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}}
metrics: {requests_total: {type: counter, labels: {code: bounded, tenant: bounded}}}
services: {web: {}}
slos:
"""
BAD = "service: web, bad: 'requests_total{code=\"500\"}', total: requests_total"


def shown(slos: str, service: str | None = None) -> PanelSet:
    """The panels of ``slos``, lines of ``name: fields``."""
    found = project(HEAD + "".join(f"  {line}\n" for line in slos.splitlines()))
    plans = slo_plans(found, Report())
    return slo_set(found, plans, found.services[service] if service is not None else None)


def queries(panels: PanelSet) -> dict[str, list[tuple[str, str]]]:
    """The title of each panel, and its queries with their legends."""
    return {
        draft.panel.title: [
            (print_expr(query.expr), query.legend) for query in draft.panel.queries if query.expr is not None
        ]
        for draft in panels.drafts
    }


def steps(panels: PanelSet, title: str) -> tuple[ThresholdStep, ...]:
    """The thresholds of a panel."""
    return next(draft.panel.thresholds for draft in panels.drafts if draft.panel.title == title)


def test_one_slo_is_shown_in_all_its_numbers() -> None:
    slo = "{{ labels.slo }}"
    assert queries(shown(f"api: {{objective: 99.9%, {BAD}}}", "web")) == {
        "Objective": [('slo:objective:ratio{service="web"}', slo)],
        "SLI": [('1 - slo:error_ratio:rate30d{service="web"}', slo)],
        "Error budget left": [('slo:error_budget_remaining:ratio{service="web"}', slo)],
        "Minutes left": [
            (
                (
                    'slo:error_budget_remaining:ratio{service="web"} * on (slo) group_left () '
                    'slo:error_budget:ratio{service="web"} * 2592000'
                ),
                slo,
            )
        ],
        "Burn rate": [('slo:current_burn_rate:ratio{service="web"}', slo)],
        "Error budget left over time": [('slo:error_budget_remaining:ratio{service="web"}', slo)],
        "Burn rate over time": [('slo:current_burn_rate:ratio{service="web"}', slo)],
        "Share of bad events": [('slo:error_ratio:rate5m{service="web"}', slo)],
        "Events": [
            ('slo:events_total:rate5m{service="web"}', f"{slo} all"),
            ('slo:events_bad:rate5m{service="web"}', f"{slo} bad"),
        ],
    }


def test_windows_that_differ_are_asked_for_each_slo() -> None:
    slos = f"month: {{objective: 99.9%, window: month, {BAD}}}\na: {{objective: 99%, window: 7d, {BAD}}}\nb: {{objective: 99%, {BAD}}}"
    found = queries(shown(slos))
    assert [text for text, _ in found["SLI"]] == [
        '1 - slo:error_ratio:rate7d{slo=~"a"}',
        '1 - slo:error_ratio:month{slo=~"month"}',
        '1 - slo:error_ratio:rate30d{slo=~"b"}',
    ]
    assert [text for text, _ in found["Minutes left"]] == [
        'slo:error_budget_remaining:ratio{slo=~"a"} * on (slo) group_left () slo:error_budget:ratio * 604800',
        'slo:error_budget_remaining:ratio{slo=~"month|b"} * on (slo) group_left () slo:error_budget:ratio * 2592000',
    ]


def test_the_budget_is_the_same_for_every_group() -> None:
    found = queries(shown(f"api: {{objective: 99.9%, group_by: [tenant], {BAD}}}"))
    assert found["Minutes left"] == [
        (
            'slo:error_budget_remaining:ratio{tenant=~"$tenant|"} * on (slo) group_left () slo:error_budget:ratio * 2592000',
            "{{ labels.slo }} {{ labels.tenant }}",
        )
    ]


def test_every_tier_is_a_line() -> None:
    expected = (
        ThresholdStep(None, "ok"),
        ThresholdStep(1.0, "warning"),
        ThresholdStep(3.0, "warning"),
        ThresholdStep(6.0, "critical"),
        ThresholdStep(14.4, "critical"),
    )
    panels = shown(f"a: {{objective: 99.9%, {BAD}}}\nb: {{objective: 99.9%, window: 7d, {BAD}}}")
    assert (steps(panels, "Burn rate"), steps(panels, "Burn rate over time")) == (expected, expected)


def test_where_slos_disagree_there_are_no_lines() -> None:
    burn = "burn: [{short: 5m, long: 1h, budget: 5%, severity: critical}]"
    panels = shown(f"a: {{objective: 99.9%, {BAD}}}\nb: {{objective: 99.9%, {burn}, {BAD}}}")
    assert steps(panels, "Burn rate") == ()


def test_a_rate_of_two_severities_is_that_of_the_worse() -> None:
    burn = "burn: [{short: 5m, long: 1h, budget: 2%, severity: warning}, {short: 10m, long: 1h, budget: 2%, severity: critical}]"
    assert steps(shown(f"a: {{objective: 99.9%, {burn}, {BAD}}}"), "Burn rate") == (
        ThresholdStep(None, "ok"),
        ThresholdStep(14.4, "critical"),
    )


def test_an_slo_that_does_not_alert_has_no_lines() -> None:
    assert steps(shown(f"a: {{objective: 99.9%, alerting: false, {BAD}}}"), "Burn rate") == ()


def test_no_budget_left_is_red() -> None:
    panels = shown(f"a: {{objective: 99.9%, {BAD}}}")
    assert steps(panels, "Minutes left") == (ThresholdStep(None, "critical"), ThresholdStep(0, "ok"))
