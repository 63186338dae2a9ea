"""The annotations of an alert as templates: what is wrong, what it means, where its runbook is, and the user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.alerts import Condition
from skillforge_mon.lower.go_templates import VALUE, literal, render
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.codes import BAD_PLACEHOLDER
from skillforge_mon.model.message import Message, parse_message
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.spec.yaml.nodes import ScalarNode


def alert_annotations(
    project: Project,
    condition: Condition,
    labels: Mapping[str, str],
    backend: str,
    report: Report,
    value: str = VALUE,
    ways: Mapping[str, str] = MappingProxyType({}),
    label_name: Callable[[str], str] = str,
) -> dict[str, str]:
    """The annotations of ``condition`` on ``backend``; ``labels`` are those that the rule puts on the alert.

    ``ways`` are the addresses of what shows more, as templates, by the names of their annotations. ``label_name`` says
    what the series call a label that the spec names, where ``backend`` has other names.
    What is wrong with the placeholders of the user's own annotations is reported.
    """
    alert = condition.alert
    link = runbook_link(project, alert.runbook, backend)
    messages = {"summary": alert.summary, "description": alert.description}
    found = {name: render(text, condition, labels, link, value, label_name) for name, text in messages.items() if text}
    if link is not None:
        found["runbook_url"] = literal(link)
    found |= ways
    for name in alert.spec.annotations:
        found[name] = render(_own(alert, name, report), condition, labels, link, value, label_name)
    return found


def _own(alert: Alert, name: str, report: Report) -> Message:
    message, problems = parse_message(alert.spec.annotations[name])
    node = alert.place.find("annotations", name)
    for problem in problems:
        span = node.text_span(problem.start, problem.end) if isinstance(node, ScalarNode) else alert.place.span
        report.add(BAD_PLACEHOLDER.at(span, problem.text, help=problem.help))
    return message
