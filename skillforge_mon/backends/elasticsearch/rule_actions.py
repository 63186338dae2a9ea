"""What a rule of Kibana does when it is true, and when that ends: through which connectors, with which words.

Connectors are found by their names when the rule is pushed. [kbn] "Connectors", the page of each type, "Action
parameters"; "Rule action variables", for ``context`` and ``alert``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from skillforge_mon.backends.elasticsearch.streams import BACKEND
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import reference
from skillforge_mon.lower.line_counts import LineCount
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.message import Message, Placeholder
from skillforge_mon.model.project import Project, Team
from skillforge_mon.spec.models.people import KibanaConnector

CONNECTOR: Final = "kibana_connector"
_FIRED: Final = "query matched"
_RECOVERED: Final = "recovered"
_GROUP: Final = "{{alert.id}}"
"""The group that an alert is about: the values of ``by``, with commas between them."""


def actions(project: Project, count: LineCount, teams: Sequence[Team], told: dict[str, None]) -> list[Plain]:
    """The actions for ``teams``; what differs is added to ``told``."""
    connectors = [(team, each) for team in teams for each in team.spec.kibana]
    unheard = [team.name for team in teams if not team.spec.kibana]
    if unheard or not connectors:
        whose = f"for {', '.join(unheard)}" if unheard else "for it"
        told[f"no connector of Kibana is named {whose}, so that the rule tells nobody: `teams.NAME.kibana`"] = None
    summary = _rendered(project, count, count.alert.summary, told) or count.alert.name
    description = _rendered(project, count, count.alert.description, told)
    link = runbook_link(project, count.alert.runbook, BACKEND)
    text = "\n".join(part for part in (summary, description, f"Runbook: {link}" if link else "") if part)
    found: list[Plain] = []
    for team, connector in connectors:
        found.append(_action(connector, _FIRED, _params(connector, team, count, summary, text, over=False), count))
        over = f"It is over: {summary}"
        found.append(_action(connector, _RECOVERED, _params(connector, team, count, over, over, over=True), count))
    return found


def _action(connector: KibanaConnector, group: str, params: Plain, count: LineCount) -> Plain:
    policy = count.severity.escalation
    repeat = policy.spec.repeat if policy is not None and group == _FIRED else None
    frequency: dict[str, Plain] = {"summary": False, "notify_when": "onActionGroupChange", "throttle": None}
    if repeat is not None and connector.type != "pagerduty":
        frequency |= {"notify_when": "onThrottleInterval", "throttle": f"{-(-int(repeat) // 60_000)}m"}
    return {"group": group, "id": reference(CONNECTOR, connector.name), "params": params, "frequency": frequency}


def _params(connector: KibanaConnector, team: Team, count: LineCount, summary: str, text: str, *, over: bool) -> Plain:
    severity = count.severity.severity
    match connector.type:
        case "email":
            return {"to": connector.to or list(team.spec.email), "subject": summary, "message": text}
        case "webhook":
            return {"body": text}
        case "pagerduty":
            key = "{{rule.id}}:{{alert.id}}"
            if over:
                return {"eventAction": "resolve", "dedupKey": key}
            return {"eventAction": "trigger", "dedupKey": key, "summary": summary, "severity": severity}
        case "server-log":
            return {"message": text, "level": "error" if severity == "critical" else "warn"}
    return {"message": text}


def _rendered(project: Project, count: LineCount, message: Message, told: dict[str, None]) -> str:
    return "".join(
        _filled(project, part, count, told) if isinstance(part, Placeholder) else part for part in message.parts
    )


def _filled(project: Project, placeholder: Placeholder, count: LineCount, told: dict[str, None]) -> str:
    severity, alert = count.severity, count.alert
    if placeholder.label:
        own = count.labels.get(placeholder.label)
        if own is not None:
            return own
        if placeholder.label in count.lines.spec.by:
            if len(count.lines.spec.by) > 1:
                told["a message says all values of `by` where it is to say one of them"] = None
            return _GROUP
        told[
            f"the message says `({placeholder.label})` for `labels.{placeholder.label}`: lines are not counted by it"
        ] = None
        return f"({placeholder.label})"
    if placeholder.name == "value":
        if placeholder.format:
            told[f"the value is written as a number, and not as `{placeholder.format}`"] = None
        return "{{context.value}}"
    values = {
        "threshold": str(severity.threshold.quantity) if severity.threshold is not None else "",
        "for": str(severity.hold),
        "severity": severity.severity,
        "service": alert.service.name if alert.service is not None else "",
        "alert": alert.name,
        "runbook": runbook_link(project, alert.runbook, BACKEND) or "",
    }
    return values[placeholder.name]
