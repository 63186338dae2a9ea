"""When the platforms' alerts fire, asked of the real promtool: their rules run over made-up series."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from skillforge_mon.documents.render import render
from tests.real.tools import promtool_test_rules, tools
from tests.specs.compiled import compiled

Firing = dict[int, str]
"""Minute -> the levels of the alert that fire then, such as ``"1 2"``; "" for none."""

ERRORS = 'http_requests_total{service="backend", status="500", pod="a"}'
DAMAGED = 'skillforge_data_integrity_errors_total{table="users", pod="a"}'
ROOM = 'node_filesystem_avail_bytes{{node="n", mountpoint="{mountpoint}", fstype="{fstype}", device="{mountpoint}"}}'
UP = 'up{{service="{service}", job="{service}", pod="a"}}'

CASES: dict[str, tuple[str, str, dict[str, str], Firing]] = {
    "eleven errors in a second page within minutes": (
        "skillforge", "HighErrorRate", {ERRORS: "0+330x100"}, {1: "", 4: "1", 9: "1 2", 25: "1 2 3"},
    ),
    "nine errors in a second do not": ("skillforge", "HighErrorRate", {ERRORS: "0+270x100"}, {25: ""}),
    "the first damaged record of a table is told, and up to the last level": (
        "skillforge", "DataCorruption", {DAMAGED: "_x20 1x200"}, {9: "", 11: "1", 16: "1 2", 35: "1 2 3", 75: ""},
    ),
    "so is a burst of them that is over at once": (
        "skillforge", "DataCorruption", {DAMAGED: "0x20 7x200"}, {9: "", 11: "1", 35: "1 2 3", 75: ""},
    ),
    "damage of the past is not told again": ("skillforge", "DataCorruption", {DAMAGED: "7x200"}, {75: ""}),
    "a service whose pods are all gone is missed": (
        "skillforge", "BackendGone", {UP.format(service="backend"): "1x20 stale"}, {10: "", 14: "", 16: "1"},
    ),
    "its probe, which is up when it is not, is none of its pods": (
        "skillforge",
        "BackendGone",
        {
            UP.format(service="backend"): "1x20 stale",
            'up{service="backend", job="probe-http", instance="http://backend:8000/health", probe="backend-full"}': "1x60",
        },
        {10: "", 14: "", 16: "1"},
    ),
    "so is one whose pods are all down": (
        "skillforge", "AIServicesGone", {UP.format(service="ai-services"): "1x20 0x40"}, {10: "", 16: "1"},
    ),
    "one pod that is up is enough": (
        "skillforge",
        "FrontendGone",
        {UP.format(service="frontend"): "0x60", 'up{service="frontend", job="frontend", pod="b"}': "1x60"},
        {30: ""},
    ),
    "the API of ToolboxAI is missed as well": (
        "toolboxai.yaml", "ApiGone", {UP.format(service="api"): "1x20 stale"}, {10: "", 16: "1"},
    ),
    "a small boot partition is no full disk": (
        "skillforge",
        "DiskSpaceLow",
        {
            ROOM.format(mountpoint="/boot/efi", fstype="vfat"): "100000000x60",
            ROOM.format(mountpoint="/boot", fstype="ext4"): "500000000x60",
            ROOM.format(mountpoint="/", fstype="ext4"): "5000000000x60",
        },
        {30: ""},
    ),
    "a small rest of a real one is": (
        "skillforge", "DiskSpaceLow", {ROOM.format(mountpoint="/", fstype="ext4"): "1000000000x60"}, {9: "", 11: "1"},
    ),
    "a boot partition that fills up is nobody's plan": (
        "skillforge",
        "DiskFullSoon",
        {ROOM.format(mountpoint="/boot/efi", fstype="vfat"): "100000000-100000x900"},
        {400: ""},
    ),
}  # fmt: skip
"""What is said -> the spec, the alert, the series in half minutes, and when which levels fire."""


@pytest.mark.parametrize(("name", "alert", "series", "firing"), CASES.values(), ids=CASES)
def test_alerts_fire_when_they_should(
    name: str, alert: str, series: dict[str, str], firing: Firing, tmp_path: Path
) -> None:
    rules = [
        document
        for document in compiled(name).documents
        if document.path.startswith("prometheus/rules/") and f"alerts.{alert}" in document.objects
    ]
    assert rules
    for document in rules:
        (tmp_path / Path(document.path).name).write_bytes(render(document))
    case = {
        "interval": "30s",
        "input_series": [{"series": labels, "values": values} for labels, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count by (alertname, level) (ALERTS{{alertstate="firing", alertname="{alert}"}})',
                "eval_time": f"{minute}m",
                "exp_samples": [
                    {"labels": f'{{alertname="{alert}", level="{level}"}}', "value": 1} for level in levels.split()
                ],
            }
            for minute, levels in firing.items()
        ],
    }
    path = tmp_path / "test.json"
    path.write_text(json.dumps({"rule_files": ["*.yml"], "evaluation_interval": "30s", "tests": [case]}))
    result = promtool_test_rules(tools("new"), path)
    assert result.exit_code == 0, result.output
