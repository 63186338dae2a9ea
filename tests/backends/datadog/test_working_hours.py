"""Working hours on Datadog: a monitor knows none, tells everybody at all hours, and the verdict says so."""

from __future__ import annotations

from skillforge_mon.documents.document import Grade
from tests.backends.datadog.monitors import HEAD, alert, only

HOURS = '{from: "09:00", to: "18:00", timezone: Europe/Paris}'
NAMED = "Monday to Friday 09:00 - 18:00 Europe/Paris"
ALSO = "Datadog judges the points of the last minute, Prometheus the last one at each evaluation"
"""What is different about every alert here."""
BY_HOURS = HEAD.replace(
    "  page: [{notify: on-call}]\n", f"  page: [{{notify: manager, hours: {HOURS}, otherwise: on-call}}]\n"
)


def test_everybody_is_told_at_all_hours_and_the_verdict_says_so() -> None:
    document = only(alert("escalation: page; for: "), head=BY_HOURS)
    assert isinstance(document.content, dict)
    assert "@em@example.com @pagerduty-Primary" in str(document.content["message"])
    (verdict,) = document.verdicts
    way_out = "a monitor knows no hours, a schedule of PagerDuty does"
    assert (verdict.grade, verdict.reason) == (
        Grade.APPROXIMATE,
        (
            f"{ALSO}; manager is told at all hours, not only during {NAMED}: {way_out}; "
            f"on-call is told at all hours, not only outside {NAMED}: {way_out}"
        ),
    )


def test_the_hours_of_a_team_are_said_to_be_lost_too() -> None:
    head = HEAD.replace("manager: {email: em@example.com}", f"manager: {{email: em@example.com, hours: {HOURS}}}")
    (verdict,) = only(alert("escalation: ; for: "), head=head).verdicts
    assert verdict.reason.startswith(f"{ALSO}; manager is told at all hours, not only during {NAMED}: ")


def test_whom_pagerduty_pages_by_a_schedule_is_told_in_the_hours() -> None:
    head = BY_HOURS.replace("  prometheus: {}\n", "  prometheus: {}\n  pagerduty: {from: a@example.com}\n")
    head = head.replace('{routing_key: "${secret:KEY}", service: Primary}', "{users: ann@example.com}")
    head = head.replace("manager: {email: em@example.com}", "manager: {pagerduty: {users: em@example.com}}")
    document = only(alert("escalation: page; for: "), head=head)
    assert isinstance(document.content, dict)
    assert "@pagerduty-shop-web-page" in str(document.content["message"])
    assert [verdict.reason for verdict in document.verdicts] == [ALSO]
