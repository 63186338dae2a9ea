"""Windows that happen once, as documents, and compared with what an Alertmanager says of them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from skillforge_mon.backends.alertmanager.api import AlertmanagerApi, connect
from skillforge_mon.backends.alertmanager.loaded_settings import setting_differences
from skillforge_mon.backends.alertmanager.normalise import compared
from skillforge_mon.documents.document import Grade
from skillforge_mon.documents.render import render
from skillforge_mon.model.project import Project
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Owner
from tests.backends.alertmanager.emitting import documents
from tests.fakes.server import FakeServer, Reply
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  alertmanager: {url: "URL", maintenance: silences}
services:
  web: {}
  api.v2: {}
maintenance:
  move: {services: [web, api.v2], on: 2026-10-24, from: "23:30", for: 3h, timezone: Europe/Paris, description: Moving}
"""
NOW = datetime.datetime(2026, 10, 24, 22, 0, tzinfo=datetime.UTC)
FILE = """\
{
  "matchers": [
    {
      "name": "service",
      "value": "api\\\\.v2|web",
      "isRegex": true,
      "isEqual": true
    }
  ],
  "startsAt": "2026-10-24T21:30:00.000Z",
  "endsAt": "2026-10-25T00:30:00.000Z",
  "createdBy": "monmc",
  "comment": "Moving"
}
"""


def source(url: str = "http://127.0.0.1:1") -> Project:
    """The project, with its Alertmanager at ``url``."""
    return project(SPEC.replace("URL", url))


def silence() -> Any:
    """The body of its one silence."""
    return documents(source())[-1].content


def test_a_silence_lasts_as_long_as_its_window_says_also_when_clocks_change() -> None:
    document = documents(source())[-1]
    assert document.path == "alertmanager/silences/move.json"
    assert render(document).decode() == FILE
    assert document.resource is not None
    assert (document.resource.kind, document.resource.key) == ("silence", "maintenance.move")
    assert [(verdict.object_id, verdict.grade) for verdict in document.verdicts] == [("maintenance.move", Grade.EXACT)]


def test_without_the_setting_a_window_is_an_interval_as_before() -> None:
    found = documents(project(SPEC.replace("URL", "http://x").replace(", maintenance: silences", "")))
    config: Any = found[0].content
    assert [interval["name"] for interval in config["time_intervals"]] == ["move"]
    assert len(found) == 2


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"startsAt": "2026-10-24T21:59:30.123Z"}, True),
        ({"startsAt": "2026-10-24T23:59:30.123Z"}, False),
        ({"endsAt": "2026-10-25T01:30:00.000+01:00"}, True),
        ({"endsAt": "2026-10-25T00:31:00.000Z"}, False),
        ({"createdBy": "ann"}, True),
        ({"comment": "Moving\n\n-- managed by monmc shop/default/maintenance.move, do not edit here"}, True),
        ({"comment": "Moving out"}, False),
        ({"matchers": [{"name": "service", "value": "api\\.v2|web", "isRegex": True}]}, True),
        ({"matchers": [{"name": "service", "value": "api\\.v2|web", "isRegex": False}]}, False),
        ({"matchers": [{"name": "service", "value": "api\\.v2|web", "isRegex": True, "isEqual": False}]}, False),
    ],
)
def test_what_the_server_makes_of_a_silence_is_no_difference(change: dict[str, Any], same: bool) -> None:
    live, wanted = compared(silence(), {**silence(), **change}, NOW)
    assert (live == wanted) is same


def test_a_silence_whose_time_is_over_is_neither_made_nor_missed() -> None:
    fake = FakeServer()
    fake.route("GET", "/api/v2/silences", lambda _request: Reply(200, []))
    owner = Owner("shop", "default", "maintenance.move")
    with fake.started(), Connection({}, {}) as connection:
        found = connect(source(fake.url), connection)
        assert isinstance(found, AlertmanagerApi)
        later = AlertmanagerApi(source(fake.url), found._service, lambda: NOW + datetime.timedelta(days=1))
        (live,) = later.list("silence")
        assert (live.name, live.owner) == ("move", owner)
        old, new = later.comparable("silence", silence(), live)
        assert old == new
        later.create("silence", silence(), owner, "r")
        sooner = AlertmanagerApi(source(fake.url), found._service, lambda: NOW)
        assert list(sooner.list("silence")) == []
    assert {request.method for request in fake.requests} == {"GET"}


def test_without_an_address_there_is_no_api() -> None:
    with Connection({}, {}) as connection:
        assert connect(project(SPEC.replace('url: "URL", ', "")), connection) is None


@pytest.mark.parametrize(
    ("printed", "wanted", "same"),
    [
        (
            "route: {receiver: a, continue: false, group_wait: 1m30s}",
            {"route": {"receiver": "a", "group_wait": "90s"}},
            True,
        ),
        ("route: {receiver: a, group_wait: 0s}", {"route": {"receiver": "a"}}, False),
        ('route: {matchers: [b="1", a="1"]}', {"route": {"matchers": ['a="1"', 'b="1"']}}, True),
        ("templates: [/x/y/monmc.tmpl]", {"templates": ["monmc.tmpl"]}, True),
        ("receivers: [{name: a, labels: {name: a}}]", {"receivers": [{"name": "a"}]}, True),
        ("receivers: [{name: a, labels: {name: b}}]", {"receivers": [{"name": "a"}]}, False),
        (
            "receivers: [{name: a, webhook_configs: [{url: <secret>, send_resolved: true, max_alerts: 0}]}]",
            {"receivers": [{"name": "a", "webhook_configs": [{"url": "http://x"}]}]},
            True,
        ),
        (
            "global: {slack_api_url_file: /s}\nreceivers: [{name: a, slack_configs: [{api_url_file: /s, channel: c}]}]",
            {"global": {"slack_api_url_file": "/s"}, "receivers": [{"name": "a", "slack_configs": [{"channel": "c"}]}]},
            True,
        ),
        (
            "receivers: [{name: a, pagerduty_configs: [{details: {firing: '{{ .Alerts.Firing | toJson }}', x: y}}]}]",
            {"receivers": [{"name": "a", "pagerduty_configs": [{"details": {"x": "y"}}]}]},
            True,
        ),
        (
            "time_intervals: [{name: a, time_intervals: [{months: ['december'], years: ['2031:2031'], location: UTC}]}]",
            {"time_intervals": [{"name": "a", "time_intervals": [{"months": ["12"], "years": ["2031"]}]}]},
            True,
        ),
        ("time_intervals: [{name: a, time_intervals: [{}]}]", {}, False),
    ],
)
def test_settings_are_compared_without_what_the_server_fills_in(
    printed: str, wanted: dict[str, Any], same: bool
) -> None:
    assert (list(setting_differences(printed, wanted)) == []) is same
