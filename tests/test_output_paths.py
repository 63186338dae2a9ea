"""What cannot be written side by side is told by whatever compiles, and not only when it is written."""

from __future__ import annotations

from pathlib import Path

from skillforge_mon.compiler import check_project

SPEC = """\
version: 1
project: shop
targets: {prometheus: {version: "3.5"}}
metrics: {depth: {type: gauge, help: Jobs that wait}}
teams: {ops: {}}
services: {order-api: {team: ops}, NAME: {team: ops}}
alerts:
  Deep: {service: order-api, severity: warning, expr: depth > 1, for: 5m, summary: deep, runbook: https://runbooks/deep}
  Deeper: {service: NAME, severity: warning, expr: depth > 2, for: 5m, summary: deep, runbook: https://runbooks/deep}
deploy: {kubernetes: {operator: {}}}
"""
TWICE = "two documents are named `kubernetes/base/order-api.alerts-prometheusrule.yaml`"


def errors(folder: Path, name: str) -> list[tuple[str, str]]:
    path = folder / "shop.yaml"
    path.write_text(SPEC.replace("NAME", name), encoding="utf-8")
    (found,) = check_project(path)
    return [(each.code, each.headline) for each in found.diagnostics if each.severity.name == "ERROR"]


def test_two_services_whose_names_become_one_file_are_told_by_check(tmp_path: Path) -> None:
    assert errors(tmp_path, "order_api") == [("MON5011", TWICE)]
    assert errors(tmp_path, "orders") == []
