"""Windows that happen once, as silences of a real Alertmanager: pushed, compared, changed, ended; and they do mute."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.alertmanager.api import AlertmanagerApi
from skillforge_mon.documents.document import Document
from skillforge_mon.model.project import Project
from skillforge_mon.remote.errors import ConflictError
from skillforge_mon.remote.live import Live, Owner
from tests.backends.alertmanager.emitting import documents, write
from tests.projects import project
from tests.real.applying import asked
from tests.real.generation import Generation
from tests.real.servers import alertmanager_server
from tests.real.test_alertmanager_live import LATE, PATIENCE, _fire, sink

TODAY = datetime.datetime.now(datetime.UTC).date()
SPEC = f"""\
version: 1
project: shop
targets:
  prometheus: {{}}
  alertmanager: {{version: "0.25", group_wait: 1s, default_team: rest, maintenance: silences}}
metrics:
  errors_total: {{type: counter, help: Errors, labels: {{path: bounded}}}}
teams:
  rest: {{webhook: "http://127.0.0.1:PORT/rest"}}
services:
  web.one: {{team: rest}}
  web.two: {{team: rest}}
alerts:
  Errors: {{service: web.one, severity: {{critical: "> 10", info: "> 1"}}, expr: "rate(errors_total[5m])"}}
  Few: {{service: web.two, severity: {{warning: "< 1"}}, expr: "sum(rate(errors_total[5m]))"}}
maintenance:
  now:
    {{services: [web.one, web.two], severities: [info, warning], on: {TODAY}, from: "00:00", for: 72h, description: Moving house}}
  later: {{alerts: [Errors], on: 2031-12-24, from: "18:00", for: 90m30s, timezone: Europe/Paris, reason: CHG-1}}
  everything: {{on: 2032-02-29, from: "23:30", for: 1h}}
  gone: {{services: [web.one], on: 2024-01-01, from: "08:00", for: 1h}}
  weekly: {{services: [web.one], severities: [info], every: sunday, from: "03:00", for: 1h}}
"""


@contextmanager
def running(generation: Generation, source: Project, folder: Path) -> Iterator[tuple[AlertmanagerApi, str]]:
    """The API of an Alertmanager that has loaded the files of ``source``, and its address."""
    config = write(source, folder)
    with alertmanager_server(generation, config, folder) as address, asked("Alertmanager", address) as service:
        yield AlertmanagerApi(source, service), address


def silences(source: Project) -> dict[str, Document]:
    """The documents that are silences, by their keys."""
    return {each.resource.key: each for each in documents(source) if each.resource is not None}


def push(api: AlertmanagerApi, source: Project) -> None:
    """Make what is missing and change what differs, as the engine does."""
    lives = owned(api)
    for key, document in silences(source).items():
        owner = Owner("shop", "default", key)
        if key not in lives:
            api.create("silence", document.content, owner, "r1")
        elif differs(api, document, lives[key]):
            api.update(lives[key], document.content, owner, "r2")


def differs(api: AlertmanagerApi, document: Document, live: Live) -> bool:
    """Whether the live silence says something else than the document."""
    old, new = api.comparable("silence", document.content, live)
    return old != new


def owned(api: AlertmanagerApi) -> dict[str, Live]:
    """The silences of the project by their keys."""
    return {live.owner.key: live for live in api.list("silence") if live.owner is not None}


def listed(api: AlertmanagerApi) -> list[dict[str, Any]]:
    """Everything that the server lists, expired or not."""
    answer = api._service.request("GET", "/api/v2/silences")
    return sorted(answer.body, key=lambda silence: str(silence["comment"]))


def test_pushing_twice_makes_each_silence_once_and_differs_in_nothing(generation: Generation, tmp_path: Path) -> None:
    source = project(SPEC.replace("PORT", "1"))
    with running(generation, source, tmp_path) as (api, _):
        push(api, source)
        first = listed(api)
        push(api, source)
        assert listed(api) == first
        lives = owned(api)
        different = [key for key, document in silences(source).items() if differs(api, document, lives[key])]
    assert different == []
    assert set(silences(source)) == {f"maintenance.{name}" for name in ("now", "later", "everything", "gone")}
    assert [(each["comment"], each["matchers"], each["endsAt"]) for each in first] == [
        (
            "CHG-1\n\n-- managed by monmc shop/default/maintenance.later, do not edit here (monmc_rev:r1)",
            [matcher("alertname", "Errors")],
            "2031-12-24T18:30:30.000Z",
        ),
        (
            "Moving house\n\n-- managed by monmc shop/default/maintenance.now, do not edit here (monmc_rev:r1)",
            [matcher("service", r"web\.one|web\.two", regex=True), matcher("severity", "info|warning", regex=True)],
            f"{TODAY + datetime.timedelta(days=3)}T00:00:00.000Z",
        ),
        (
            "everything\n\n-- managed by monmc shop/default/maintenance.everything, do not edit here (monmc_rev:r1)",
            [matcher("alertname", ".+", regex=True)],
            "2032-03-01T00:30:00.000Z",
        ),
    ]


def matcher(name: str, value: str, *, regex: bool = False) -> dict[str, Any]:
    """A matcher as the server gives it back."""
    return {"name": name, "value": value, "isRegex": regex, "isEqual": True}


@pytest.mark.parametrize(
    ("old", "new"),
    [("for: 72h", "for: 96h"), ("[info, warning], on", "[info], on"), ("Moving house", "Moving back")],
)
def test_a_change_leaves_one_silence_that_says_it(generation: Generation, tmp_path: Path, old: str, new: str) -> None:
    """Other matchers make another silence of it: what was there has expired, and is not ours any more."""
    text = SPEC.replace("PORT", "1")
    before, after = project(text), project(text.replace(old, new))
    with running(generation, before, tmp_path) as (api, _):
        push(api, before)
        started = owned(api)["maintenance.now"].body["startsAt"]
        push(api, after)
        lives = owned(api)
        assert [key for key, document in silences(after).items() if differs(api, document, lives[key])] == []
        alive = [each for each in listed(api) if each["status"]["state"] != "expired"]
        assert len(alive) == 3
        assert lives["maintenance.now"].revision == "r2"
        if "[" not in new:
            assert lives["maintenance.now"].body["startsAt"] == started


def test_one_that_is_ended_is_gone_and_ending_it_again_is_no_error(generation: Generation, tmp_path: Path) -> None:
    source = project(SPEC.replace("PORT", "1"))
    with running(generation, source, tmp_path) as (api, _):
        push(api, source)
        live = owned(api)["maintenance.now"]
        api.delete(live)
        api.delete(live)
        api.delete(Live("silence", "00000000-0000-0000-0000-000000000000", "", {}))
        assert "maintenance.now" not in owned(api)
        assert api.read("silence", live.id) is None
        with pytest.raises(ConflictError, match="has been ended since it was read"):
            api.update(live, silences(source)["maintenance.now"].content, live.owner, "r2")
        push(api, source)
        assert owned(api)["maintenance.now"].id != live.id


def test_what_somebody_changed_meanwhile_is_not_overwritten(generation: Generation, tmp_path: Path) -> None:
    source = project(SPEC.replace("PORT", "1"))
    with running(generation, source, tmp_path) as (api, _):
        push(api, source)
        live = owned(api)["maintenance.later"]
        theirs = {**api.restorable(live), "id": live.id, "createdBy": "ann", "endsAt": "2031-12-25T00:00:00.000Z"}  # type: ignore[dict-item]
        api._service.request("POST", "/api/v2/silences", body=theirs)
        with pytest.raises(ConflictError, match="has been changed since it was read"):
            api.update(live, silences(source)["maintenance.later"].content, live.owner, "r2")
        assert owned(api)["maintenance.later"].changed_by == "ann"


def test_a_silence_mutes_what_its_window_is_about_and_nothing_else(generation: Generation, tmp_path: Path) -> None:
    errors = {"alertname": "Errors", "service": "web.one", "team": "rest"}
    fired = [
        {**errors, "severity": "critical", "path": "/a"},
        {**errors, "severity": "info", "path": "/b"},
        {**errors, "service": "webxone", "severity": "info", "path": "/c"},
        {"alertname": "Few", "service": "web.two", "severity": "warning", "path": "/d"},
    ]
    expected = {("/rest", "Errors", "critical", "/a", ""), ("/rest", "Errors", "info", "/c", "")}
    with sink() as webhook:
        source = project(SPEC.replace("PORT", str(webhook.server_port)))
        with running(generation, source, tmp_path) as (api, address):
            push(api, source)
            _fire(address, fired)
            give_up = time.monotonic() + PATIENCE
            while not webhook.told >= expected and time.monotonic() < give_up:
                time.sleep(0.05)
            time.sleep(LATE)
    assert webhook.told == expected


def test_the_routes_know_only_the_windows_that_recur() -> None:
    found = documents(SPEC.replace("PORT", "1"))
    config: Any = found[0].content
    assert [interval["name"] for interval in config["time_intervals"]] == ["weekly"]
    assert "later" not in json.dumps(config)
