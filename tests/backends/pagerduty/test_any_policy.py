"""Whatever the spec says of people, levels and rotas: PagerDuty takes what is written, and nobody is forgotten."""

from __future__ import annotations

import datetime
import json
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from skillforge_mon.backends.pagerduty.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Grade, Reference
from skillforge_mon.documents.references import references_in, resolved
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.channels import ChannelKind
from skillforge_mon.model.project import Project
from tests.fakes.pagerduty_schema import SCHEMAS
from tests.projects import project

ADDRESSES = st.sampled_from([f"{name}@example.com" for name in ("ann", "bob", "cleo", "dan")])
DAYS = st.sampled_from(["day", "weekday", "weekend", "monday", "sunday"])
HOURS = st.fixed_dictionaries(
    {"from": st.sampled_from(["00:00", "09:00", "22:30", "24:00"]), "for": st.sampled_from(["30m", "8h", "1d", "3d", "7d", "90s"])},
    optional={"every": st.lists(DAYS, min_size=1, max_size=3)},
)  # fmt: skip
ROTA = st.one_of(
    *(
        st.fixed_dictionaries(
            {
                "users": st.lists(ADDRESSES, min_size=1, max_size=3),
                "start": st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 1, 1)).map(str),
                "rotation": st.just(rotation),
                "timezone": st.just("America/New_York"),
            },
            optional={"handoff": handoffs, "hours": st.lists(HOURS, max_size=3)},
        )
        for rotation, handoffs in (
            ("weekly", st.sampled_from(["sunday 02:30", "friday 17:00"])),
            ("daily", st.sampled_from(["02:30", "00:00", "23:59"])),
        )
    )
)
USERS = st.lists(ADDRESSES, min_size=1, max_size=12)
SCHEDULE = st.lists(ROTA, min_size=1, max_size=3)
PEOPLE = st.one_of(
    st.fixed_dictionaries({"users": USERS}, optional={"schedule": SCHEDULE}),
    st.fixed_dictionaries({"schedule": SCHEDULE}),
)
MAIL = st.just("all@example.com")
TEAM = st.one_of(
    st.fixed_dictionaries({"pagerduty": PEOPLE}, optional={"email": MAIL}), st.fixed_dictionaries({"email": MAIL})
)
TIMEOUTS = st.sampled_from(["1m", "90s", "15m", "61s", "2h"])
SEVERITIES = st.sampled_from(["critical", "warning", "info"])


@st.composite
def specs(draw: st.DrawFn) -> Project:
    """A project with two policies, whatever their levels notify."""
    teams = draw(st.fixed_dictionaries(dict.fromkeys(("one", "two", "three"), TEAM)))
    policies = {}
    for name in ("page", "tell"):
        notified = draw(st.lists(st.lists(st.sampled_from([*teams]), min_size=1, max_size=3), min_size=1, max_size=4))
        levels: list[dict[str, Any]] = [{"notify": each, "timeout": draw(TIMEOUTS)} for each in notified]
        policies[name] = {"levels": levels} | draw(st.fixed_dictionaries({}, optional={"repeat": TIMEOUTS}))
    smtp = {"smarthost": "mail:587", "from": "a@example.com"}
    spec = {
        "version": 1,
        "project": "shop",
        "targets": {
            "prometheus": {},
            "alertmanager": {"smtp": smtp},
            "pagerduty": draw(st.fixed_dictionaries({}, optional={"teams": st.booleans(), "auto_resolve": TIMEOUTS})),
        },
        "metrics": {"queue_length": {"type": "gauge", "help": "Jobs", "labels": {"queue": "bounded"}}},
        "teams": teams,
        "escalation": policies,
        "services": {"web": {"team": "one", "escalation": "page"}, "db": {"team": "two"}},
        "alerts": {
            "A": {"service": "web", "severity": draw(SEVERITIES), "expr": "queue_length > 1"},
            "B": {"severity": draw(SEVERITIES), "escalation": "page", "expr": "queue_length > 2"},
            "C": {"service": "db", "severity": draw(SEVERITIES), "escalation": "tell", "expr": "queue_length > 3"},
        },
    }
    return project(json.dumps(spec))


def emitted(found: Project) -> dict[str, Document]:
    """The documents, by kind and key."""
    documents = emit(found, Lowering(found, Report()), Report())
    return {f"{each.resource.kind} {each.resource.key}": each for each in documents if each.resource is not None}


@given(specs())
def test_pagerduty_takes_every_document(found: Project) -> None:
    made: set[Reference] = set()
    for document in emitted(found).values():
        assert document.resource is not None
        kind = document.resource.kind
        missing = {each for each in references_in(document.content) if each.kind != "user"} - made
        assert missing == set()
        made.add(Reference(kind, document.resource.key))
        if any(verdict.grade is Grade.UNTRANSLATABLE for verdict in document.verdicts):
            continue
        body = resolved(document.content, lambda reference: f"P{reference.key}")
        assert [error.message for error in Draft202012Validator(SCHEMAS[kind]).iter_errors(body)] == []


@given(specs())
def test_everybody_on_call_is_paged_by_a_rule_and_each_level_is_told_of_once(found: Project) -> None:
    documents = emitted(found)
    plan = Lowering(found, Report()).notifications
    for policy in found.escalation.values():
        document = documents.get(f"escalation_policy {policy.id}")
        people = {
            address.casefold()
            for level in policy.levels
            for team in level.teams
            if team.spec.pagerduty is not None
            for address in team.spec.pagerduty.users
        }
        schedules = {
            team.id
            for level in policy.levels
            for team in level.teams
            if team.spec.pagerduty and team.spec.pagerduty.schedule
        }
        assert (document is not None) == bool(people or schedules)
        own = [route for route in plan.routes if route.policy is policy]
        paging = {
            route.level.number
            for route in own
            if route.level is not None and any(channel.kind is ChannelKind.PAGERDUTY for channel in route.channels)
        }
        assert len(paging) == (1 if document is not None else 0)
        if document is not None:
            rules = cast("dict[str, Any]", document.content)["escalation_rules"]
            named = references_in(rules)
            assert {each.key.casefold() for each in named if each.kind == "user"} == people
            assert {each.key for each in named if each.kind == "schedule"} == schedules
