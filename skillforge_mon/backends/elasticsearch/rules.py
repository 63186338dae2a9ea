"""Rules of Kibana on a number of log lines: bodies of ``POST /api/alerting/rule/{id}``, one a severity and level.

[kbn] "Alerting APIs", "Create a rule"; rule type ``.es-query``, "Elasticsearch query"; connectors, "Action parameters".
A rule's ``alert_delay`` is how many checks in a row must be true before anybody is told; later levels of a policy are
rules of their own that wait so much longer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from skillforge_mon.backends.elasticsearch.capabilities import CHECK_SECONDS, COMPARATORS, GROUPS
from skillforge_mon.backends.elasticsearch.ownership import identifier
from skillforge_mon.backends.elasticsearch.rule_actions import actions
from skillforge_mon.backends.elasticsearch.searches import UnsayableFilterError, bool_query, differences
from skillforge_mon.backends.elasticsearch.streams import BACKEND, data_streams
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.documents.number_text import decimal_text
from skillforge_mon.documents.references import references_in
from skillforge_mon.lower.line_counts import LineCount, line_counts
from skillforge_mon.lower.log_alerts import holds_without_lines
from skillforge_mon.model.paging import told_levels
from skillforge_mon.model.project import Level, Project, Team
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

RULE: Final = "kibana_rule"
_UNITS: Final = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000))


def rule_documents(project: Project) -> Iterator[Document]:
    """``elasticsearch/kibana/rules/NAME.json``; the first of an alert carries its verdict."""
    found: dict[str, list[LineCount]] = {}
    for count in line_counts(project, BACKEND):
        found.setdefault(count.alert.name, []).append(count)
    for name, counts in found.items():
        alert = counts[0].alert
        told: dict[str, None] = {}
        try:
            bodies = [body for count in counts for body in _rules(project, count, told)]
        except UnsayableFilterError as stop:
            reason, instead = stop.args
            verdict = Verdict(BACKEND, alert.id, Grade.UNTRANSLATABLE, reason, instead, "logs")
            text = f"{alert.id} is not in Kibana.\n{reason}\n{instead}\n"
            path = f"elasticsearch/untranslatable/{name}.txt"
            yield Document(path, text, Format.TEXT, (alert.id,), (verdict,))
            continue
        grade = Grade.APPROXIMATE if told else Grade.EXACT
        verdict = Verdict(BACKEND, alert.id, grade, "; ".join(told))
        for number, (key, body) in enumerate(bodies):
            resource = Resource(BACKEND, RULE, key, references_in(body))
            path = f"elasticsearch/kibana/rules/{key.partition('.')[2]}.json"
            yield Document(path, body, Format.JSON, (alert.id,), (verdict,) if number == 0 else (), resource)


def _rules(project: Project, count: LineCount, told: dict[str, None]) -> Iterator[tuple[str, Plain]]:
    policy = count.severity.escalation
    levels: tuple[Level | None, ...] = (told_levels(project, policy) if policy is not None else ()) or (None,)
    alert = count.alert
    for level in levels:
        key = f"{alert.id}.{count.severity.severity}"
        later = level is not None and level is not levels[0]
        if level is not None and later:
            key += f".{level.number}"
        teams: Sequence[Team] = level.teams if level is not None else _owner(count)
        shifts = level.shifts if level is not None else ()
        if any(shift.hours is not None for shift in shifts) or any(team.spec.hours for team in teams):
            told["hours of work are left out: its teams are told at any time"] = None
        yield key, _rule(project, count, level, key, teams, told)


def _owner(count: LineCount) -> tuple[Team, ...]:
    service = count.alert.service
    return (service.team,) if service is not None and service.team is not None else ()


def _rule(
    project: Project, count: LineCount, level: Level | None, key: str, teams: Sequence[Team], told: dict[str, None]
) -> Plain:
    """The body, and what of the alert it does not say. Raises UnsayableFilterError."""
    alert, lines = count.alert, count.lines
    hold = int(count.severity.hold) + (int(level.after) if level is not None else 0)
    done = actions(project, count, teams, told)
    for reason in differences(lines.spec.lines):
        told[reason] = None
    if alert.spec.keep_firing_for is not None:
        told[f"`keep_firing_for: {alert.spec.keep_firing_for}` is left out: Kibana ends with the first quiet check"] = (
            None
        )
    if alert.spec.no_data == "notify":
        told["`no_data: notify` is left out: to a rule that counts lines, no line at all is the number 0"] = None
    if lines.spec.by and count.comparison is not None and holds_without_lines(count.comparison):
        told["a group without any line has no result, so that it is not told"] = None
    number = f", level {level.number}" if level is not None and level.number > 1 else ""
    tags = ["monmc", f"monmc:{project.name}/{project.environment}/{key}"]
    return {
        "name": f"{_head(project)} {alert.name} ({count.severity.severity}{number})",
        "rule_type_id": ".es-query",
        "consumer": "stackAlerts",
        "enabled": True,
        "schedule": {"interval": _length(int(alert.spec.interval) if alert.spec.interval else CHECK_SECONDS * 1000)},
        "params": _params(project, count),
        "actions": done,
        "alert_delay": {"active": _checks(hold, int(alert.spec.interval or 0) or CHECK_SECONDS * 1000)},
        "tags": [*tags, *(f"{name}:{value}" for name, value in count.labels.items())],
    }


def rule_id(project: Project, key: str) -> str:
    """The identifier in the address of the request."""
    return identifier(project, RULE, key)


def _params(project: Project, count: LineCount) -> Plain:
    comparison = count.comparison
    if comparison is None or comparison.op not in COMPARATORS:
        op = comparison.op if comparison is not None else "nothing"
        raise UnsayableFilterError(
            f"a rule of Kibana compares by {', '.join(COMPARATORS)}, and not by `{op}`", "write another comparison"
        )
    lines = count.lines
    window, unit = _amount(int(lines.spec.within))
    params: dict[str, Plain] = {
        "searchType": "esQuery",
        "index": [each.name for each in data_streams(project, lines.stream)],
        "timeField": "@timestamp",
        "esQuery": json.dumps({"query": bool_query(lines.stream, lines.spec.lines)}, ensure_ascii=False),
        "size": 0,
        "aggType": "count",
        "groupBy": "top" if lines.spec.by else "all",
        "timeWindowSize": window,
        "timeWindowUnit": unit,
        "threshold": [int(comparison.number) if comparison.number % 1 == 0 else float(decimal_text(comparison.number))],
        "thresholdComparator": comparison.op,
        "excludeHitsFromPreviousRun": False,
    }
    if lines.spec.by:
        params["termField"] = list(lines.spec.by) if len(lines.spec.by) > 1 else lines.spec.by[0]
        params["termSize"] = GROUPS
    return params


def _checks(hold: int, interval: int) -> int:
    """How many checks in a row: the first one and those that come until ``hold`` has passed."""
    return 1 + -(-hold // interval)


def _amount(length: int) -> tuple[int, str]:
    for unit, size in _UNITS:
        if length % size == 0:
            return length // size, unit
    return -(-length // 1000), "s"


def _length(length: int) -> str:
    amount, unit = _amount(length)
    return f"{amount}{unit}"


def _head(project: Project) -> str:
    named = project.environment != DEFAULT_ENVIRONMENT
    return f"[{project.name}/{project.environment}]" if named else f"[{project.name}]"
