"""Whoever must hear of an alert hears of it, once, and a maintenance window changes when, never who."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.alertmanager.routes import matcher
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.notifications import level_labels
from skillforge_mon.model.project import Project
from tests.backends.alertmanager.emitting import configuration
from tests.backends.alertmanager.routing import Labels, Notification, every_route, notifications
from tests.backends.alertmanager.specs import SERVICES, SEVERITIES, TEAMS, specs, text
from tests.projects import project


def _sent(source: Project) -> Iterator[tuple[dict[str, str], str, str]]:
    """Every label set that the rules of ``source`` can send, its receiver and how often it is repeated."""
    plan = Lowering(source, Report()).notifications
    default = source.spec.targets.alertmanager.default_team if source.spec.targets.alertmanager else None
    for notice in plan.notices:
        named = {"alertname": notice.alert.name} if notice.alert is not None else {"alertname": "BurnsQuickly"}
        for service in [None] if "service" in notice.labels else [None, "elsewhere", *SERVICES]:
            labels = {**named, **notice.labels, **({"service": service} if service is not None else {})}
            if notice.policy is not None:
                for level in plan.levels(notice.policy):
                    receiver = f"{notice.policy.name}-level-{level.number}"
                    repeat = str(notice.policy.spec.repeat or "4h")
                    yield labels | level_labels(notice.policy, level), receiver, repeat
            else:
                team = labels.get("team") if labels.get("team") in source.teams else default
                yield labels, f"team-{team}" if team is not None else "nobody", "4h"


def _muted_in(source: Project, labels: Labels) -> tuple[str, ...]:
    """The windows that ask for silence, by the words of the spec."""
    return tuple(
        name
        for name, window in source.spec.maintenance.items()
        if (not window.services or labels.get("service") in window.services)
        and (not window.alerts or labels.get("alertname") in window.alerts)
        and (not window.severities or labels.get("severity") in window.severities)
    )


def _group_wait(source: Project, labels: Labels) -> str:
    target = source.targets.alertmanager
    assert target is not None
    return "10s" if labels["severity"] == "critical" and target.group_wait.seconds == 30 else str(target.group_wait)


@given(specs())
def test_every_alert_reaches_its_own_receiver_once_outside_of_exactly_its_windows(spec: dict[str, Any]) -> None:
    source = project(text(spec))
    root = configuration(source)["route"]
    for labels, receiver, repeat in _sent(source):
        muted = _muted_in(source, labels) if receiver != "nobody" else ()
        expected = Notification(receiver, _group_wait(source, labels), repeat, muted)
        found = notifications(root, labels)
        if receiver == "nobody":
            assert [item.receiver for item in found] == ["nobody"]
        else:
            assert found == [expected], labels


@given(
    specs(),
    st.fixed_dictionaries(
        {"alertname": st.just("OfAnotherFile"), "severity": st.sampled_from((*SEVERITIES, "page"))},
        optional={"team": st.sampled_from((*TEAMS, "elsewhere")), "service": st.sampled_from((*SERVICES, "other"))},
    ),
)
def test_alerts_of_other_rule_files_reach_the_team_they_name(spec: dict[str, Any], labels: dict[str, str]) -> None:
    source = project(text(spec))
    bare = project(text({**spec, "maintenance": {}}))
    found = notifications(configuration(source)["route"], labels)
    assert [item.receiver for item in found] == [
        item.receiver for item in notifications(configuration(bare)["route"], labels)
    ]
    service = source.services.get(labels.get("service", ""))
    owner = service.team.name if service is not None and service.team is not None else None
    if found[0].receiver != "nobody" and ("team" not in labels or owner == labels["team"]):
        assert found[0].muted_in == _muted_in(source, labels)


def test_a_window_of_an_alert_covers_its_missing_data_too() -> None:
    root = configuration("""\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {}
metrics:
  queue_length: {type: gauge, help: Jobs}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
alerts:
  Backlog: {severity: warning, expr: queue_length > 1, escalation: page, no_data: notify}
  Other: {severity: warning, expr: queue_length > 2, escalation: page}
maintenance:
  deploy: {alerts: [Backlog], every: sunday, from: "02:00", for: 1h}
""")["route"]
    assert root["routes"] == [
        {
            "receiver": "page-level-1",
            "matchers": ['escalation="page"', 'level="1"'],
            "routes": [{"matchers": ['alertname=~"Backlog|BacklogNoData"'], "mute_time_intervals": ["deploy"]}],
        }
    ]


def test_matchers_are_quoted_for_the_matcher_and_for_the_regular_expression() -> None:
    assert matcher("service", ["shop.web"]) == 'service="shop.web"'
    assert matcher("service", ["shop.web", "api"]) == r'service=~"api|shop\\.web"'


@given(specs())
def test_no_route_is_shadowed_by_a_sibling_with_the_same_matchers(spec: dict[str, Any]) -> None:
    for route in every_route(configuration(project(text(spec)))["route"]):
        siblings = [tuple(child.get("matchers", ())) for child in route.get("routes", ())]
        assert len(siblings) == len(set(siblings))


@given(specs())
def test_every_receiver_is_used_and_every_one_used_is_there(spec: dict[str, Any]) -> None:
    content = configuration(project(text(spec)))
    used = {route["receiver"] for route in every_route(content["route"]) if "receiver" in route}
    there = [receiver["name"] for receiver in content["receivers"]]
    assert sorted(there) == sorted(used)
