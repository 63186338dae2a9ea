"""Working hours in Grafana: a rule for those who are told in them and one for the others, each muted at other times."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from skillforge_mon.documents.document import Grade
from skillforge_mon.documents.render import render
from tests.backends.grafana.compiled import compiled, of_kind, read

PATH = "grafana/provisioning/alerting/monmc.yaml"
SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {version: "12.0", alerting: true}}
metrics:
  depth: {type: gauge, help: Waiting jobs, labels: {queue: bounded}}
teams:
  dev: {email: dev@example.com}
  on-call: {email: on-call@example.com}
  late: {email: late@example.com, hours: {days: weekend}}
escalation:
  page:
    - {notify: dev, hours: {from: "09:00", to: "18:00", timezone: Europe/Paris}, otherwise: on-call}
services: {web: {team: late}}
alerts:
  Deep: {service: web, severity: warning, expr: depth > 5, escalation: page, backends: [grafana]}
  Dull: {service: web, severity: warning, expr: depth > 7, backends: [grafana]}
"""
DAY = "Monday to Friday 09:00 - 18:00 Europe Paris"


@pytest.fixture
def documents() -> dict[str, Any]:
    """Every document that is a resource, by its path, and the file of the provisioning."""
    found, problems = compiled(SPEC)
    assert problems == ()
    made = {each.path: read(each) for kind in ("rule_group", "mute_timing") for each in of_kind(found, kind)}
    return made | {each.path: yaml.safe_load(render(each)) for each in found if each.path == PATH}


def test_a_rule_for_each_shift_tells_its_own_people_at_its_own_times(documents: dict[str, Any]) -> None:
    rules = documents["grafana/alerting/rule-groups/web.json"]["rules"]
    assert [
        (rule["title"], rule["notification_settings"]["receiver"], rule["notification_settings"]["mute_time_intervals"])
        for rule in rules
    ] == [
        ("Deep", "shop default: page-level-1", [f"shop default: outside {DAY}"]),
        ("Deep (otherwise)", "shop default: page-level-1-otherwise", [f"shop default: {DAY}"]),
        ("Dull", "shop default: team-late", ["shop default: outside Saturday and Sunday UTC"]),
    ]
    assert len({rule["uid"] for rule in rules}) == 3
    assert rules[0]["data"] == rules[1]["data"]


def test_the_mute_timings_are_what_is_outside_the_hours(documents: dict[str, Any]) -> None:
    folder = "grafana/alerting/mute-timings/hours"
    paris = {"location": "Europe/Paris"}
    day = {
        "name": f"shop default: {DAY}",
        "time_intervals": [
            {"times": [{"start_time": "09:00", "end_time": "18:00"}], "weekdays": ["monday:friday"], **paris}
        ],
    }
    night = {
        "name": f"shop default: outside {DAY}",
        "time_intervals": [
            {"times": [{"start_time": "00:00", "end_time": "09:00"}], "weekdays": ["monday:friday"], **paris},
            {"times": [{"start_time": "18:00", "end_time": "24:00"}], "weekdays": ["monday:friday"], **paris},
            {"weekdays": ["sunday", "saturday"], **paris},
        ],
    }
    week = {
        "name": "shop default: outside Saturday and Sunday UTC",
        "time_intervals": [{"weekdays": ["monday:friday"]}],
    }
    assert {path: body for path, body in documents.items() if path.startswith(folder)} == {
        f"{folder}/outside-monday-to-friday-09-00-18-00-europe-paris.json": night,
        f"{folder}/monday-to-friday-09-00-18-00-europe-paris.json": day,
        f"{folder}/outside-saturday-and-sunday-utc.json": week,
    }
    assert [timing["name"] for timing in documents[PATH]["muteTimes"]] == [night["name"], day["name"], week["name"]]


def test_the_verdict_says_whose_end_is_lost() -> None:
    found = {each.object_id: each for document in compiled(SPEC)[0] for each in document.verdicts}
    hours = "Monday to Friday 09:00 - 18:00 Europe/Paris"
    accepting = "leave `hours` out, or accept it with `approximate: [grafana]`"
    assert {name: (each.grade, each.reason, each.instead) for name, each in found.items() if each.reason} == {
        "escalation.page": (
            Grade.APPROXIMATE,
            (
                f"dev is not told the end of an alert that ends outside {hours}; on-call is not told the end of an alert that "
                f"ends during {hours}"
            ),
            accepting,
        ),
        "teams.late": (
            Grade.APPROXIMATE,
            "late is not told the end of an alert that ends outside Saturday and Sunday UTC",
            accepting,
        ),
    }
