"""The tags of a monitor or an SLO: what it is about, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from skillforge_mon.backends.datadog import codes
from skillforge_mon.backends.datadog.capabilities import TAG_LENGTH
from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.maintenance import window_tags
from skillforge_mon.backends.datadog.markers import MANAGED, OWNER_TAG
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.model.project import Alert, AlertSeverity, Place, Project, Slo
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

_OF_ONE_SEVERITY = frozenset(("severity", "priority"))


def owner(project: Project, key: str) -> str:
    """Who owns a monitor, and of which object it is: ``shop/production/alerts.HighErrorRate``."""
    return f"{project.name}/{project.environment}/{key}"


def monitor_tags(
    project: Project, alert: Alert, severities: tuple[AlertSeverity, ...], key: str, report: Report
) -> list[str]:
    """The tags, each once, as Datadog writes them. One that is too long is reported."""
    return _written(_tags(project, alert, severities, key), alert.name, alert.place, report)


def slo_tags(project: Project, slo: Slo, report: Report) -> list[str]:
    """The tags of an SLO itself, as those of a monitor."""
    labels = (slo.service.spec.labels if slo.service is not None else {}) | slo.spec.labels
    if slo.service is not None:
        labels |= {"service": slo.service.name}
        if slo.service.team is not None:
            labels |= {"team": slo.service.team.name}
    texts = (*_about(project, labels), *_ours(project, slo.id), *_further(project, labels))
    return _written(texts, slo.name, slo.place, report)


def _written(texts: Iterable[str], name: str, place: Place, report: Report) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        if len(text) > TAG_LENGTH:
            report.add(
                codes.TAG_TOO_LONG.at(
                    place.span,
                    f"the tag `{text.partition(':')[0]}` of `{name}` has {len(text)} characters",
                    notes=(f"Datadog takes {TAG_LENGTH}, key and value together",),
                    help="shorten the name or the value that it is made of",
                )
            )
        found[tag_text(text)] = None
    return list(found)


def _tags(project: Project, alert: Alert, severities: tuple[AlertSeverity, ...], key: str) -> Iterator[str]:
    labels = condition_labels(alert, severities[0])
    yield from _about(project, labels)
    for severity in severities:
        yield f"severity:{severity.severity}"
    yield from _ours(project, key)
    yield from window_tags(project, alert, severities)
    yield from _further(project, labels)
    yield from alert.spec.tags


def _about(project: Project, labels: Mapping[str, str]) -> Iterator[str]:
    yield f"project:{project.name}"
    if project.environment != DEFAULT_ENVIRONMENT:
        yield f"env:{project.environment}"
    for name in ("service", "team"):
        if name in labels:
            yield f"{name}:{labels[name]}"


def _ours(project: Project, key: str) -> Iterator[str]:
    yield MANAGED
    yield f"{OWNER_TAG}:{owner(project, key)}"


def _further(project: Project, labels: Mapping[str, str]) -> Iterator[str]:
    for name, value in labels.items():
        if name not in _OF_ONE_SEVERITY:
            yield f"{name}:{value}"
    target = project.targets.datadog
    for name, value in target.tags.items() if target is not None else ():
        yield f"{name}:{value}"
