"""MON3011: a label that monmc sets itself. MON3010: a label that is meant as a template."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Place, Project

OWN_ANNOTATIONS = frozenset({"summary", "description", "runbook_url"})
RESERVED = ("alertname", "severity", "priority", "service", "team", "escalation", "level", "slo")

RESERVED_LABEL = Code(
    "MON3011",
    "reserved-label",
    Severity.ERROR,
    "An alert, SLO or service sets a label, or an alert an annotation, that monmc sets itself.",
    "Routes and inhibitions rest on these labels; another value would send the alert to somebody else.",
    bad=changed(("    for: 5m\n", "    for: 5m\n    labels: {severity: high}\n")),
    good=changed(("    for: 5m\n", "    for: 5m\n    labels: {component: queue}\n")),
)
TEMPLATE_LABEL = Code(
    "MON3010",
    "template-in-label",
    Severity.ERROR,
    "A label holds a placeholder or a template.",
    "A label that changes with the value makes a new alert at each evaluation, which never fires because `for` starts again.",
    bad=changed(("    for: 5m\n", '    for: 5m\n    labels: {load: "{{ value }}"}\n')),
    good=GOOD,
)
CODES = (RESERVED_LABEL, TEMPLATE_LABEL)


def check(project: Project) -> Iterator[Diagnostic]:
    """The labels of alerts, SLOs and services."""
    for alert in project.alerts.values():
        for annotation in sorted(OWN_ANNOTATIONS & {*alert.spec.annotations}):
            yield RESERVED_LABEL.at(
                alert.place.key_at("annotations", annotation),
                f"`alerts.{alert.name}` sets the annotation `{annotation}`, which monmc sets itself",
                help=f"write it as `{annotation.removesuffix('_url')}` of the alert",
            )
    holders: list[tuple[str, dict[str, str], Place]] = [
        *((f"alerts.{name}", alert.spec.labels, alert.place) for name, alert in project.alerts.items()),
        *((f"slos.{name}", slo.spec.labels, slo.place) for name, slo in project.slos.items()),
        *((f"services.{name}", service.spec.labels, service.place) for name, service in project.services.items()),
    ]
    for owner, labels, place in holders:
        for label, value in labels.items():
            if label in RESERVED:
                yield RESERVED_LABEL.at(
                    place.key_at("labels", label),
                    f"`{owner}` sets the label `{label}`, which monmc sets itself",
                    notes=(f"labels of monmc: {', '.join(RESERVED)}",),
                    help="use another name",
                )
            if "{{" in value:
                yield TEMPLATE_LABEL.at(
                    place.at("labels", label),
                    f"the label `{label}` of `{owner}` is a template",
                    help="put it into the summary or the description",
                )
