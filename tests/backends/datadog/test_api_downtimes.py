"""Downtimes begin when they can, and what began or ended is not begun again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from skillforge_mon.backends.datadog.starting import from_now
from skillforge_mon.remote.errors import RefusedError
from tests.backends.datadog.bodies import DOWNTIME
from tests.backends.datadog.live import REVISION, datadog, found, made, owner, same

SATURDAY = datetime(2026, 11, 21, 6, tzinfo=UTC)


def window(start: str, end: str) -> dict[str, Any]:
    """A downtime that is not over and over again."""
    attributes = {**DOWNTIME["data"]["attributes"], "schedule": {"start": start, "end": end}}
    return {"data": {"type": "downtime", "attributes": attributes}}


@pytest.mark.parametrize(
    ("days", "clock", "expected"),
    [
        ("SA", "08:00", "2026-11-21T08:00"),  # it is 07:00 in Paris
        ("SA", "07:00", "2026-11-28T07:00"),
        ("SA", "02:00", "2026-11-28T02:00"),
        ("MO,SU", "02:00", "2026-11-22T02:00"),
        ("MO,TU,WE,TH,FR,SA,SU", "06:59", "2026-11-22T06:59"),
    ],
)
def test_a_recurring_downtime_begins_with_the_next_time_that_its_rule_says(
    days: str, clock: str, expected: str
) -> None:
    rule = {"rrule": f"FREQ=WEEKLY;INTERVAL=1;BYDAY={days}", "duration": "2h", "start": f"2025-01-06T{clock}"}
    schedule = {"timezone": "Europe/Paris", "recurrences": [rule]}
    assert from_now(schedule, SATURDAY) == {**schedule, "recurrences": [{**rule, "start": expected}]}


def test_a_rule_that_we_did_not_write_stays_as_it_is() -> None:
    schedule = {"recurrences": [{"rrule": "FREQ=DAILY", "duration": "2h", "start": "2025-01-06T02:00"}]}
    assert from_now(schedule, SATURDAY) == schedule


def test_a_window_that_has_begun_begins_at_once_and_does_not_differ() -> None:
    body = window("2026-11-21T05:00:00+01:00", "2026-11-21T12:00:00+00:00")
    with datadog() as (server, api):
        live = made(api, "downtime", body, "maintenance.move")
        assert "start" not in server.requests[-1].body["data"]["attributes"]["schedule"]
        assert live.body["attributes"]["status"] == "active"
        assert same(api, "downtime", body, found(api, "downtime", "maintenance.move"))


def test_a_window_that_is_over_stays_over_and_cannot_be_made() -> None:
    body = window("2026-11-21T07:00:00Z", "2026-11-21T12:00:00Z")
    with datadog() as (server, api):
        made(api, "downtime", body, "maintenance.move")
        server.today += timedelta(days=2)
        live = found(api, "downtime", "maintenance.move")
        assert live.body["attributes"]["status"] == "ended"
        assert same(api, "downtime", body, live)
        later = window("2026-12-21T07:00:00Z", "2026-12-21T12:00:00Z")
        assert api.must_replace("downtime", later, live) == "it is over"
        server.objects["downtime"].clear()
        with pytest.raises(RefusedError) as refused:
            made(api, "downtime", body, "maintenance.move")
        assert str(refused.value) == (
            "the window ended at 2026-11-21T12:00:00Z, and Datadog takes none in the past: take it out of `maintenance`"
        )


def test_of_one_owner_only_the_window_that_is_to_come_is_told() -> None:
    with datadog() as (server, api):
        made(api, "downtime", window("2026-11-21T07:00:00Z", "2026-11-21T12:00:00Z"), "maintenance.move")
        server.today += timedelta(days=2)
        coming = made(api, "downtime", window("2026-12-21T07:00:00Z", "2026-12-21T12:00:00Z"), "maintenance.move")
        assert [live.id for live in api.list("downtime")] == [coming.id]


def test_a_window_in_progress_ends_later_in_place_and_begins_at_another_time_as_another_one() -> None:
    body = window("2026-11-21T05:00:00Z", "2026-11-21T12:00:00Z")
    longer = window("2026-11-21T05:00:00Z", "2026-11-21T13:00:00Z")
    later = window("2026-11-21T09:00:00Z", "2026-11-21T12:00:00Z")
    with datadog() as (_server, api):
        live = made(api, "downtime", body, "maintenance.move")
        assert api.must_replace("downtime", longer, live) == ""
        assert api.must_replace("downtime", later, live) == "its start cannot change while it is in progress"
        assert api.must_replace("downtime", DOWNTIME, live) == "it cannot change between once and again and again"
        after = api.update(live, longer, owner("maintenance.move"), REVISION)
        assert same(api, "downtime", longer, after)


def test_a_downtime_is_called_by_what_it_says() -> None:
    with datadog() as (_server, api):
        live = made(api, "downtime", DOWNTIME, "maintenance.deploy")
        assert (live.name, live.revision) == ("Deployment", REVISION)
        assert live.body["attributes"]["message"] == (
            "Deployment\n\n-- managed by monmc shop/production/maintenance.deploy, do not edit here (monmc_rev:c0ffee)"
        )
