"""The row of objectives offers a choice of groups, and leaves out what is recorded for Sloth's dashboards."""

from __future__ import annotations

from typing import Any

from tests.backends.grafana.compiled import dashboards

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {}}
metrics: {requests_total: {type: counter, labels: {code: bounded, k8s.tenant: bounded}}}
services: {web: {}}
slos:
  api: {service: web, objective: 99.9%, bad: 'requests_total{code="500"}', total: requests_total, group_by: [k8s.tenant]}
  all: {service: web, objective: 99.9%, bad: 'requests_total{code="500"}', total: requests_total}
dashboards:
  home:
    rows: [{use: slo, service: web}]
"""


def variables(spec: str) -> dict[str, Any]:
    """The choices of the dashboard, but for the data source."""
    [dashboard] = dashboards(spec)
    return {each["name"]: each for each in dashboard["templating"]["list"] if each["type"] != "datasource"}


def expressions(spec: str) -> list[str]:
    """The queries of the dashboard."""
    [dashboard] = dashboards(spec)
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def test_each_label_is_a_choice_and_slos_without_it_are_always_shown() -> None:
    [(name, variable)] = variables(SPEC).items()
    assert name == "k8s_tenant"
    assert variable["label"] == "k8s.tenant"
    assert variable["definition"] == 'label_values(slo:error_budget_remaining:ratio{slo=~"api"}, k8s.tenant)'
    assert 'slo:error_budget_remaining:ratio{service="web", "k8s.tenant"=~"$k8s_tenant|"}' in expressions(SPEC)
    assert 'slo:objective:ratio{service="web"}' in expressions(SPEC)


def test_a_choice_of_the_users_own_is_taken_instead() -> None:
    own = "    variables: {k8s_tenant: {options: [a, b]}}\n    rows:"
    assert variables(SPEC.replace("    rows:", own))["k8s_tenant"]["type"] == "custom"


def test_what_is_recorded_for_sloth_is_not_shown() -> None:
    spec = SPEC.replace("prometheus: {}", "prometheus: {compat: sloth}").replace(", service: web}]", "}]")
    assert 'slo:objective:ratio{slo!=""}' in expressions(spec)
    assert "slo:objective:ratio" in expressions(spec.replace("compat: sloth", ""))
