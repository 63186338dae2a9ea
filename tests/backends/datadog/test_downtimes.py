"""Maintenance windows in Datadog: what a downtime mutes, when, and what it says of itself."""

from __future__ import annotations

import datetime
import json
from typing import Any, cast

import pytest
from datadog_api_client.v2.model.downtime_create_request import DowntimeCreateRequest
from hypothesis import assume, given
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.markers import owner_of
from skillforge_mon.documents.document import Document, Format, Grade, Resource, Verdict
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.remote.live import Owner
from skillforge_mon.spec.models.services import WEEKDAYS
from tests.backends.datadog.monitors import HEAD, alert, documents
from tests.fakes.datadog_models import understood

DAY = 24 * 60
UNITS = {"m": 1, "h": 60, "d": DAY, "w": 7 * DAY}


def compiled(window: str, alerts: str = "", environment: str | None = None) -> list[Document]:
    """What ``alerts`` and one window called Deploy are compiled to."""
    head = HEAD.replace("alerts:\n", f"maintenance:\n  Deploy: {window}\nalerts:\n")
    found, reported = documents(alerts or alert(""), environment, head)
    assert reported == ()
    return list(found)


def downtime(window: str, alerts: str = "", environment: str | None = None) -> Document:
    """The document about the window."""
    return compiled(window, alerts, environment)[-1]


def schedule(window: str) -> dict[str, Any]:
    """When the downtime is."""
    content = cast("dict[str, Any]", downtime(window).content)
    return cast("dict[str, Any]", content["data"]["attributes"]["schedule"])


def test_a_recurring_window_is_a_downtime() -> None:
    found = compiled(
        "{description: Releases go out, reason: CHG-1, services: [web], every: tuesday, from: '09:00', for: 1h, timezone: "
        "Europe/Paris}"
    )
    assert [document.path for document in found] == ["datadog/monitors/busy.json", "datadog/downtimes/deploy.json"]
    assert found[-1] == Document(
        "datadog/downtimes/deploy.json",
        {
            "data": {
                "type": "downtime",
                "attributes": {
                    "message": "Releases go out\n\nCHG-1\n\n"
                    "-- managed by monmc shop/default/maintenance.Deploy, do not edit here",
                    "scope": "*",
                    "monitor_identifier": {"monitor_tags": ["maintenance:shop/default/deploy"]},
                    "schedule": {
                        "timezone": "Europe/Paris",
                        "recurrences": [
                            {
                                "rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU",
                                "duration": "1h",
                                "start": "2025-01-07T09:00",
                            }
                        ],
                    },
                    "display_timezone": "Europe/Paris",
                    "mute_first_recovery_notification": False,
                    "notify_end_states": ["alert", "no data", "warn"],
                    "notify_end_types": ["expired"],
                },
            }
        },
        Format.JSON,
        ("maintenance.Deploy",),
        (Verdict("datadog", "maintenance.Deploy", Grade.EXACT),),
        Resource("datadog", "downtime", "maintenance.Deploy"),
    )
    assert "maintenance:shop/default/deploy" in cast("dict[str, Any]", found[0].content)["tags"]


def test_the_downtime_of_an_environment_mutes_its_own_monitors_only() -> None:
    found = compiled("{every: sunday, from: '03:00', for: 1h}", environment="staging")
    attributes = cast("dict[str, Any]", found[-1].content)["data"]["attributes"]
    assert attributes["monitor_identifier"] == {"monitor_tags": ["maintenance:shop/staging/deploy"]}
    assert "maintenance:shop/staging/deploy" in cast("dict[str, Any]", found[0].content)["tags"]
    assert owner_of("downtime", cast("dict[str, Any]", found[-1].content)) == (
        Owner("shop", "staging", "maintenance.Deploy"),
        "",
    )


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("on: '2026-12-24', from: '18:00', for: 2h", ("2026-12-24T18:00", "2026-12-24T20:00")),
        ("on: '2026-12-24', from: '18:00', for: 2h, timezone: Europe/Paris", ("2026-12-24T17:00", "2026-12-24T19:00")),
        # Clocks are put back at 01:00 UTC: what lasts four hours ends at 02:00, by the clock.
        ("on: '2026-10-25', from: '00:00', for: 4h, timezone: Europe/Paris", ("2026-10-24T22:00", "2026-10-25T02:00")),
        ("on: '2026-12-31', from: '24:00', for: 3d", ("2027-01-01T00:00", "2027-01-04T00:00")),
        ("on: '9999-12-31', from: '12:00', for: 3d", ("9999-12-31T12:00", "9999-12-31T23:59")),
        ("on: '0001-01-01', from: '00:00', for: 1d, timezone: Asia/Tokyo", ("0001-01-01T00:00", "0001-01-02T00:00")),
    ],
)
def test_a_window_that_happens_once_begins_and_ends_in_utc(window: str, expected: tuple[str, str]) -> None:
    begin, end = expected
    assert schedule(f"{{{window}}}") == {"start": f"{begin}:00+00:00", "end": f"{end}:00+00:00"}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("every: day, from: '02:00', for: 90m", [("MO,TU,WE,TH,FR,SA,SU", "90m", "2025-01-06T02:00")]),
        ("every: weekday, from: '24:00', for: 1d", [("TU", "5d", "2025-01-07T00:00")]),
        ("every: sunday, from: '24:00', for: 30m", [("MO", "30m", "2025-01-06T00:00")]),
        ("every: weekend, from: '20:00', for: 25h", [("SA", "49h", "2025-01-11T20:00")]),
        ("every: [sunday, monday], from: '20:00', for: 25h", [("SU", "49h", "2025-01-12T20:00")]),
        (
            "every: [monday, tuesday, friday], from: '00:00', for: 1d",
            [("MO", "2d", "2025-01-06T00:00"), ("FR", "1d", "2025-01-10T00:00")],
        ),
        ("every: saturday, from: '02:00', for: 61s", [("SA", "2m", "2025-01-11T02:00")]),
    ],
)
def test_a_recurring_window_starts_at_a_fixed_time_of_its_zone(window: str, expected: list[tuple[str, ...]]) -> None:
    found = schedule(f"{{{window}}}")
    assert found == {
        "timezone": "UTC",
        "recurrences": [
            {"rrule": f"FREQ=WEEKLY;INTERVAL=1;BYDAY={days}", "duration": duration, "start": start}
            for days, duration, start in expected
        ],
    }


@given(
    st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1),
    st.integers(0, DAY),
    st.integers(1, 7 * DAY),
)
def test_the_recurrences_cover_exactly_the_minutes_of_the_window(days: list[str], start: int, length: int) -> None:
    meant = {
        (WEEKDAYS.index(day) * DAY + start + minute) % (7 * DAY) for day in days for minute in range(length)
    }  # fmt: skip
    assume(len(meant) < 7 * DAY)
    clock = f"{start // 60:02d}:{start % 60:02d}"
    found = schedule(f"{{every: [{', '.join(days)}], from: '{clock}', for: {length}m}}")["recurrences"]
    assert len(found) <= 5
    covered = list[int]()
    for each in found:
        names = each["rrule"].removeprefix("FREQ=WEEKLY;INTERVAL=1;BYDAY=").split(",")
        first = datetime.datetime.fromisoformat(each["start"])
        assert names[0] == WEEKDAYS[first.weekday()][:2].upper()
        lasts = int(each["duration"][:-1]) * UNITS[each["duration"][-1]]
        for name in names:
            day = next(index for index, weekday in enumerate(WEEKDAYS) if weekday[:2].upper() == name)
            begin = day * DAY + first.hour * 60 + first.minute
            covered += [(begin + minute) % (7 * DAY) for minute in range(lasts)]
    assert len(covered) == len(set(covered)), "no two overlap"
    assert set(covered) == meant


BOTH = 'severity: {critical: "> 100", warning: "> 50"}'
WARNING = 'severity: {warning: "> 50"}'
BY_SERVICE = 'expr: sum by (service) (rate(requests_total[5m])); severity: {critical: "> 5"}; service: '


@pytest.mark.parametrize(
    ("scope", "muted", "still_told"),
    [
        ("", {"both", "warning", "other-service", "any-service"}, []),
        ("services: [web]", {"both", "warning"}, ["AnyService"]),
        ("services: [web, db]", {"both", "warning", "other-service"}, ["AnyService"]),
        ("severities: [warning, info]", {"warning"}, ["Both"]),
        ("severities: [critical, warning]", {"both", "warning", "other-service", "any-service"}, []),
        ("alerts: [Both]", {"both"}, []),
        ("alerts: [Both, OtherService], severities: [critical]", {"other-service"}, ["Both"]),
        ("alerts: [Both], severities: [warning]", set(), ["Both"]),
        ("services: [db], severities: [warning]", set(), []),
    ],
)
def test_a_downtime_mutes_the_monitors_that_are_all_within_the_window(
    scope: str, muted: set[str], still_told: list[str]
) -> None:
    alerts = alert(BOTH, "Both") + alert(WARNING, "Warning") + alert("service: db", "OtherService")
    alerts += alert(BY_SERVICE, "AnyService")
    head = HEAD.replace("services:\n", "services:\n  db: {}\n").replace(
        "alerts:\n",
        f"maintenance:\n  Deploy: {{every: sunday, from: '03:00', for: 1h{', ' if scope else ''}{scope}}}\nalerts:\n",
    )
    found, reported = documents(alerts, head=head)
    assert reported == ()
    tag = "maintenance:shop/default/deploy"
    tagged = {
        document.path.removeprefix("datadog/monitors/").removesuffix(".json")
        for document in found
        if tag in cast("dict[str, Any]", document.content if document.format is Format.JSON else {}).get("tags", ())
    }
    assert tagged == muted
    about = [document for document in found if document.objects == ("maintenance.Deploy",)]
    assert [document.path for document in about] == (
        ["datadog/downtimes/deploy.json"] if muted else ["datadog/downtimes/deploy.txt"] if still_told else []
    )
    reason = (
        "a downtime mutes whole monitors, and these tell of more than the window is about, so they notify during it as "
        f"well: {', '.join(still_told)}"
    )
    instead = "name all severities and services of such an alert in the window"
    expected = Verdict("datadog", "maintenance.Deploy", Grade.APPROXIMATE, reason, instead)
    if about:
        assert about[0].verdicts == (
            (expected,) if still_told else (Verdict("datadog", "maintenance.Deploy", Grade.EXACT),)
        )


def test_a_length_that_is_no_whole_number_of_minutes_is_rounded_up_and_said() -> None:
    found = downtime("{every: sunday, from: '03:00', for: 90s}")
    assert found.verdicts == (
        Verdict(
            "datadog",
            "maintenance.Deploy",
            Grade.APPROXIMATE,
            "Datadog counts whole minutes: the downtime ends 30s later",
            "write whole minutes",
        ),
    )


def test_windows_whose_names_differ_in_capital_letters_only_have_tags_of_their_own() -> None:
    found = compiled("{every: sunday, from: '03:00', for: 1h}\n  deploy: {every: monday, from: '03:00', for: 1h}")
    assert [document.path for document in found[1:]] == [
        "datadog/downtimes/deploy.json",
        "datadog/downtimes/deploy-2.json",
    ]
    tags = [
        cast("dict[str, Any]", document.content)["data"]["attributes"]["monitor_identifier"]["monitor_tags"]
        for document in found[1:]
    ]
    assert tags == [["maintenance:shop/default/deploy"], ["maintenance:shop/default/deploy/2"]]


@pytest.mark.parametrize(
    "window",
    [
        "{every: [monday, tuesday, friday], from: '00:00', for: 1d, timezone: Europe/Paris}",
        "{on: '2026-12-24', from: '18:00', for: 2h, description: A night of work}",
    ],
)
def test_the_client_understands_every_downtime(window: str) -> None:
    assert understood(json.loads(write_json(downtime(window).content)), DowntimeCreateRequest, "downtime") == []


@pytest.mark.parametrize(
    "change",
    [
        {"schedule": {"timezone": "UTC", "recurrences": [{"rule": "FREQ=WEEKLY"}]}},
        {"monitor_identifier": {"tags": ["a:b"]}},
        {"notify_end_states": ["alerts"]},
    ],
)
def test_the_client_would_not_understand_a_wrong_one(change: dict[str, Any]) -> None:
    data = json.loads(write_json(downtime("{every: sunday, from: '03:00', for: 1h}").content))
    data["data"]["attributes"] |= change
    assert understood(data, DowntimeCreateRequest, "downtime") != []
