"""Sentry with policies that PagerDuty has, and with working hours, which Sentry does not know."""

from __future__ import annotations

from typing import Any

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Verdict
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.paging import PagerDutyService
from tests.backends.sentry.compiled import compiled
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  sentry: {organization: acme, integrations: {pagerduty: acme-pages, slack: acme}}
  pagerduty: {from: robot@example.com}
teams:
  on-call: {pagerduty: {users: ann@example.com}}
  cto: {pagerduty: {users: cto@example.com}}
  chat: {slack: "#chat"}
escalation:
  page: LEVELS
services:
  web: {escalation: page, errors: {sentry_project: web}}
alerts:
  Broken: {SERVICE, severity: SEVERITY, summary: Broken, sentry: {project: web, issue: {when: first_seen}}}
"""
PAGED_TWICE = "[{notify: on-call, timeout: 5m}, {notify: cto}]"
HOURS = '{from: "09:00", to: "18:00", timezone: Europe/Paris}'


def spec(levels: str, service: str = "service: web", severity: str = "critical") -> str:
    """The spec with these levels."""
    return SPEC.replace("LEVELS", levels).replace("SERVICE", service).replace("SEVERITY", severity)


def documents(text: str) -> tuple[Document, ...]:
    """The documents, about which nothing must be reported."""
    found, problems = compiled(text)
    assert problems == ()
    return found


def paged(text: str) -> list[str]:
    """The services in PagerDuty that the workflow pages."""
    return [
        line.partition("service: ")[2]
        for line in render(documents(text)[0]).decode().splitlines()
        if "service: " in line
    ]


def actions(text: str) -> Any:
    """The actions of the workflow."""
    (workflow,) = (each.content for each in documents(text) if each.resource and each.resource.kind == "workflow")
    assert isinstance(workflow, dict)
    return workflow["actionFilters"][0]["actions"]


def verdicts(text: str) -> dict[str, Verdict]:
    """What is said, by object."""
    return {verdict.object_id: verdict for document in documents(text) for verdict in document.verdicts}


def services(text: str) -> list[PagerDutyService]:
    """The services that PagerDuty needs."""
    found = project(text)
    return list(Lowering(found, Report()).notifications.paging.services.values())


def test_the_service_that_monmc_makes_is_paged() -> None:
    text = spec(PAGED_TWICE)
    (service,) = services(text)
    assert (service.name, service.climbing, service.staying) == ("shop-web-page", frozenset({"critical"}), frozenset())
    (action,) = actions(text)
    assert (action["type"], action["config"]["targetDisplay"]) == ("pagerduty", "shop-web-page")


def test_an_alert_without_a_service_pages_the_one_of_the_policy() -> None:
    text = spec(PAGED_TWICE, "escalation: page")
    assert [service.name for service in services(text)] == ["shop-page"]
    assert actions(text)[0]["config"]["targetDisplay"] == "shop-page"


def test_what_pagerduty_goes_on_to_page_is_exact() -> None:
    found = verdicts(spec(PAGED_TWICE))
    assert {name: str(verdict.grade) for name, verdict in found.items()} == {"alerts.Broken": "exact"}


def test_later_levels_that_others_tell_are_lost() -> None:
    verdict = verdicts(spec("[{notify: on-call, timeout: 5m}, {notify: [cto, chat]}]"))["escalation.page"]
    assert (verdict.reason, verdict.instead) == (
        (
            "Sentry tells the first level only, and PagerDuty pages by its policy: level 2 (cto, chat, after 5m) hears nothing "
            "beside that"
        ),
        "tell the later levels through PagerDuty alone, or accept it with `approximate: [sentry]`",
    )


def test_a_policy_that_is_handed_over_later_is_not_handed_over_by_sentry() -> None:
    text = spec("[{notify: chat, timeout: 5m}, {notify: cto}]")
    assert services(text) == []
    assert [action["type"] for action in actions(text)] == ["slack"]
    assert verdicts(text)["escalation.page"].reason.startswith(
        "Sentry tells the first level only, and nothing that it calls escalates: level 2 (cto, after 5m)"
    )


def test_only_the_worst_severity_of_an_issue_is_handed_over() -> None:
    (service,) = services(spec(PAGED_TWICE, severity='{critical: "> 5", warning: "> 1"}'))
    assert service.climbing == {"critical"}


def test_people_are_told_at_all_hours_and_the_verdict_says_so() -> None:
    text = spec(f"[{{notify: chat, hours: {HOURS}, otherwise: on-call}}]")
    assert sorted(action["type"] for action in actions(text)) == ["pagerduty", "slack"]
    verdict = verdicts(text)["alerts.Broken"]
    assert (verdict.reason, verdict.instead) == (
        "chat is told at all hours, not only during Monday to Friday 09:00 - 18:00 Europe/Paris: Sentry knows no hours",
        "leave them out, or accept it with `approximate: [sentry]`",
    )
