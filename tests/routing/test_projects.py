"""A project, compiled and asked: pictures, windows, services that only the series know."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.routing.inspection import Inspection, inspect
from skillforge_mon.routing.moment import parse_moment
from skillforge_mon.routing.timeline_svg import timeline_svg
from skillforge_mon.routing.timeline_text import timeline_text

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {scrape_interval: 10s, evaluation_interval: 20s}
  alertmanager: {default_team: ops, repeat_interval: 12m}
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {service: bounded}}
teams:
  ops: {webhook: "http://hooks:80/"}
services:
  api: {team: ops}
  web: {team: ops}
alerts:
  Backlog:
    service: api
    severity: critical
    expr: sum by (service) (queue_length) > 10
    for: 30s
    keep_firing_for: 1m
    summary: Jobs <wait>
    runbook: https://runbooks/backlog
maintenance:
  deploy: {services: [web], every: monday, from: "12:00", for: 1h}
"""


@pytest.fixture
def asked(tmp_path: Path) -> Inspection:
    """The project of SPEC."""
    path = tmp_path / "shop.yaml"
    path.write_text(SPEC, encoding="utf-8")
    compilation = compile_project(path)
    assert [item.headline for item in compilation.diagnostics] == []
    assert compilation.project is not None
    found = inspect(compilation.project, compilation.documents)
    assert found is not None
    return found


def test_a_label_of_the_series_decides_which_window_mutes(asked: Inspection) -> None:
    (subject,) = asked.subjects
    moment = parse_moment("Monday 12:30")
    of_web = timeline_text(asked.timeline(subject, {"service": "web"}, moment))
    of_api = timeline_text(asked.timeline(subject, {"service": "api"}, moment))
    assert (
        of_web
        == """\
Backlog, critical, Monday 2025-01-13 12:30 UTC
       0:00  condition true
0:40 - 1:10  fires           scrape 10s, evaluation 20s, for 30s
0:50 - 1:20  ops             webhook - muted by deploy
             repeats every 15m
             team-ops is muted until Monday 2025-01-13 13:00 UTC; a firing alert is told of afterwards, one that is over is not
             its end is told within 6m30s
"""
    )
    assert "muted" not in of_api


def test_coverage_tries_every_service_that_series_may_bring(asked: Inspection) -> None:
    (hole,) = asked.coverage().holes
    assert (hole.subject.name, hole.service, hole.minutes, hole.windows) == ("Backlog", "web", 60, ("deploy",))
    assert hole.example == parse_moment("Monday 12:00")
    assert asked.coverage().failed


def test_the_picture_is_well_formed_and_always_the_same(asked: Inspection) -> None:
    (subject,) = asked.subjects
    drawn = timeline_svg(asked.timeline(subject, {}, None))
    assert drawn == timeline_svg(asked.timeline(subject, {}, None))
    picture = ET.fromstring(drawn)  # noqa: S314 - it comes from this program
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [
        "Backlog, critical",
        *("0", "10s", "20s", "30s", "40s", "50s", "1m", "1m10s", "1m20s"),
        *("fires", "0:40 - 1:10", "scrape 10s, evaluation 20s, for 30s"),
        *("ops", "0:50 - 1:20", "webhook"),
    ]
