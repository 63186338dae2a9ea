"""Who is paged how often in the worst week, who only gets tickets, and what of the configuration nothing reaches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main
from skillforge_mon.routing.loads import Load, loads
from tests.routing.test_call_changes import SPEC, asked

TEAMS = (
    'cto: {webhook: "http://hooks:80/cto"}',
    "cto: {jira: {api_url: https://jira, project: OPS, api_token: '${secret:JIRA}'}}\n  idle: {slack: '#idle'}",
)


def test_every_alert_fires_once_at_each_severity_until_its_last_level(tmp_path: Path) -> None:
    found = loads(asked(tmp_path, "shop", SPEC))
    assert found == (
        Load("ops", 3, (("Backlog", 4), ("PaymentFailed", 2))),
        Load("cto", 3, (("Backlog", 2), ("PaymentFailed", 1))),
    )
    assert [load.total for load in found] == [6, 3]


def test_somebody_whom_nothing_pages_only_gets_tickets(tmp_path: Path) -> None:
    found = loads(asked(tmp_path, "shop", SPEC.replace(*TEAMS)))
    assert [(load.person, load.told, load.total, load.only_tickets) for load in found] == [
        ("ops", 3, 6, False),
        ("cto", 3, 0, True),
        ("idle", 0, 0, False),
    ]


@pytest.mark.parametrize(("most", "code"), [("6", 0), ("5", 1), ("0", 1)])
def test_more_pages_than_allowed_are_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], most: str, code: int
) -> None:
    asked(tmp_path, "shop", SPEC)
    assert main(["route", str(tmp_path / "shop.yaml"), "--coverage", "--max-pages", most]) == code
    errors = [line for line in capsys.readouterr().out.splitlines() if line.startswith("error")]
    worst = "error: ops is paged 6 times in the worst week, more than {}: Backlog 4 times, PaymentFailed twice"
    quiet = "error: cto is paged 3 times in the worst week, more than 0: Backlog twice, PaymentFailed once"
    assert errors == {"6": [], "5": [worst.format(5)], "0": [worst.format(0), quiet]}[most]


def test_the_whole_answer_names_what_nothing_reaches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked(tmp_path, "shop", SPEC.replace(*TEAMS).replace("  web: {team: ops}", "  web: {team: idle}"))
    arguments = ["route", str(tmp_path / "shop.yaml"), "--coverage"]
    assert main(arguments) == 0
    assert (
        capsys.readouterr().out
        == """\
note: cto only gets tickets: nothing pages them, and they are told of 3 alerts
note: no alert of this project takes the route {team="idle"} to team-idle
note: no alert of this project takes the route {severity="critical"} to team-idle
note: no alert of this project takes the route {severity="critical"} to team-ops
note: nothing reaches the receiver team-idle
note: nothing reaches the receiver team-ops
3 alerts and severities, every minute of the weeks from 2025-01-13: 0 holes of critical alerts, 0 of others
"""
    )
    assert main([*arguments, "--format", "json", "--max-pages", "6"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["idle_receivers"], data["unused_receivers"], data["most_pages"]) == (["team-idle", "team-ops"], [], 6)
    assert data["people"] == [
        {
            "person": "ops",
            "alerts": 3,
            "pages_in_the_worst_week": 6,
            "pages": [{"name": "Backlog", "times": 4}, {"name": "PaymentFailed", "times": 2}],
            "only_tickets": False,
        },
        {"person": "cto", "alerts": 3, "pages_in_the_worst_week": 0, "pages": [], "only_tickets": True},
        {"person": "idle", "alerts": 0, "pages_in_the_worst_week": 0, "pages": [], "only_tickets": False},
    ]
