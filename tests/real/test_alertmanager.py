"""What monmc writes for Alertmanager, held against the real amtool of two generations."""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.backends.alertmanager.emitting import configuration, documents, write
from tests.backends.alertmanager.routing import notifications
from tests.backends.alertmanager.specs import ALERTS, SERVICES, SEVERITIES, specs, text
from tests.backends.alertmanager.test_documents import SHOP, SMALLEST, every_channel
from tests.backends.alertmanager.test_time_intervals import HEAD as ONE_WINDOW
from tests.projects import project
from tests.real.tools import Generation, Version, amtool_check_config, amtool_routes_test, tools

WINDOWS = """\
  a: {every: weekday, from: "22:00", for: 4h, timezone: Europe/Paris}
  b: {every: day, from: "00:00", for: 24h, severities: [info]}
  c: {every: [sunday, friday, saturday], from: "23:59", for: 25h, severities: [warning]}
  d: {on: "2028-02-28", from: "18:00", for: 3d}
  e: {every: weekend, from: "24:00", for: 1m}
"""


def _checks(generation: Generation, spec: str, folder: Path) -> None:
    result = amtool_check_config(generation, write(spec, folder))
    assert result.exit_code == 0, result.output
    assert "1 templates" in result.output
    assert "WARN" not in result.output.upper(), result.output


@pytest.mark.parametrize("spec", [SMALLEST, SHOP, every_channel("0.25")], ids=["smallest", "shop", "every-channel"])
def test_what_is_written_for_025_loads_in_025_and_today(generation: Generation, spec: str, tmp_path: Path) -> None:
    _checks(generation, spec, tmp_path)


@pytest.mark.parametrize("version", ["0.26", "0.27", "0.28"])
def test_what_is_written_for_later_versions_loads_today(version: str, tmp_path: Path) -> None:
    assert tools("new").alertmanager >= Version(0, 28)
    _checks(tools("new"), every_channel(version), tmp_path)


def test_windows_across_midnights_months_and_leap_days_load(generation: Generation, tmp_path: Path) -> None:
    spec = ONE_WINDOW.replace("  window: ", WINDOWS)
    assert [interval["name"] for interval in configuration(spec)["time_intervals"]] == list("abcde")
    _checks(generation, spec, tmp_path)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=specs())
def test_amtool_reads_the_tree_as_our_own_evaluator_does(
    generation: Generation, tmp_path: Path, spec: dict[str, object]
) -> None:
    source = project(text(spec))
    path = write(source, tmp_path)
    root = configuration(source)["route"]
    assert amtool_check_config(generation, path).exit_code == 0
    for alert, service, severity in list(product(ALERTS[:2], (*SERVICES[:2], ""), SEVERITIES[:2]))[::4]:
        for more in ({}, {"team": "web"}, {"escalation": "page", "level": "1"}, {"escalation": "page", "level": "9"}):
            known = {"alertname": alert, "service": service, "severity": severity, **more}
            labels = {name: value for name, value in known.items() if value}
            result = amtool_routes_test(generation, path, labels)
            assert result.exit_code == 0
            assert result.output.split() == [item.receiver for item in notifications(root, labels)], labels


ALERT: dict[str, object] = {
    "status": "firing",
    "labels": {"alertname": "Errors", "service": "web", "severity": "critical", "priority": "P1", "level": "2"},
    "annotations": {"summary": "web fails", "description": "7 % of requests", "runbook_url": "https://runbooks/errors"},
    "startsAt": "2026-01-01T00:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus:9090/",
    "fingerprint": "1",
}
OVER = ALERT | {"status": "resolved", "labels": {"alertname": "Errors"}, "annotations": {}}


def _data(alerts: list[dict[str, object]], labels: object, annotations: object) -> dict[str, object]:
    return {
        "receiver": "team-web",
        "status": "firing" if any(alert["status"] == "firing" for alert in alerts) else "resolved",
        "alerts": alerts,
        "groupLabels": {},
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": "http://alertmanager:9093",
    }


ONE = _data([ALERT], ALERT["labels"], ALERT["annotations"])
MIXED = _data([ALERT, OVER], {"alertname": "Errors"}, {})
MANY = _data([ALERT] * 12, {"severity": "page"}, {})
ENDED = _data([OVER], {"alertname": "Errors", "service": "web", "level": "1"}, {})


@pytest.mark.parametrize(
    ("data", "template", "expected"),
    [
        (ONE, "title", "[FIRING:1] Errors: web fails (level 2)"),
        (MIXED, "title", "[FIRING:1] Errors"),
        (MANY, "title", "[FIRING:12] 12 alerts"),
        (ENDED, "title", "[RESOLVED] Errors of web"),
        (ONE, "text", "web fails\n7 % of requests\nRunbook: https://runbooks/errors"),
        (MIXED, "text", "web fails\n7 % of requests\nRunbook: https://runbooks/errors\nOver: Errors"),
        (
            MANY,
            "text",
            "web fails\n7 % of requests\nRunbook: https://runbooks/errors\n" * 10 + "and others, 12 in all",
        ),
        (ONE, "colour", "danger"),
        (MIXED, "colour", "warning"),
        (ENDED, "colour", "good"),
        (ONE, "pagerduty.severity", "critical"),
        (MANY, "pagerduty.severity", "error"),
        (ONE, "opsgenie.priority", "P1"),
        (MANY, "opsgenie.priority", "P3"),
    ],
)
def test_messages_read_as_they_should(
    generation: Generation, tmp_path: Path, data: dict[str, object], template: str, expected: str
) -> None:
    templates = tmp_path / "monmc.tmpl"
    templates.write_text(str(documents(SMALLEST)[1].content), encoding="utf-8")
    (tmp_path / "data.json").write_text(json.dumps(data), encoding="utf-8")
    done = subprocess.run(
        [
            generation.amtool,
            "template",
            "render",
            f"--template.glob={templates}",
            f'--template.text={{{{ template "monmc.{template}" . }}}}',
            f"--template.data={tmp_path / 'data.json'}",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == expected
