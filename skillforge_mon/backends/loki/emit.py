"""The files of Loki.

loki/loki.yaml                          the server: storage, schema, retention, limits, ruler
loki/rules/<tenant>/<service>.yaml      alerts on log lines, and metrics made of them; those of alerts without a
                                        service are in project.yaml
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from skillforge_mon.backends.environment_variables import is_expanded
from skillforge_mon.backends.loki.address import report_references
from skillforge_mon.backends.loki.capabilities import OLDEST, WITHOUT_TENANT, version_of
from skillforge_mon.backends.loki.codes import TOLD_TWICE
from skillforge_mon.backends.loki.configuration import configuration
from skillforge_mon.backends.loki.metrics import metric_groups, unmade_metrics
from skillforge_mon.backends.loki.retention import differs_by_level, too_short
from skillforge_mon.backends.loki.rules import log_alert_verdict, log_rules
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.backends.ways.found import known_layouts
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.lower.log_alerts import LogAlertCondition
from skillforge_mon.lower.loki_streams import BACKEND, has_level_label, is_read, service_of, streams_in_loki
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.log_targets import LokiTarget

TARGET_ID: Final = "targets.loki"
WITHOUT_SERVICE: Final = "project"


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """The files of Loki for ``project``; none when it has no such target."""
    target = project.targets.loki
    if target is None:
        return
    rules = list(_rule_files(project, target, lowering, report))
    if rules:
        report_references(project, report, ("tenant",), "the folder of rules")
    streams = streams_in_loki(project)
    objects = (TARGET_ID, *(stream.id for stream in streams))
    content = configuration(project, target, rules=bool(rules))
    yield Document(
        f"{BACKEND}/loki.yaml",
        content,
        Format.YAML,
        objects,
        (_target_verdict(target), *(stream_verdict(project, stream) for stream in streams)),
        header=header(objects),
    )
    if is_expanded(content):
        # Without it the references would be taken for what they stand for.
        yield Document(f"{BACKEND}/loki.flags", "-config.expand-env=true\n", Format.TEXT, (TARGET_ID,))
    yield from rules


def _target_verdict(target: LokiTarget) -> Verdict:
    if version_of(target.version) < OLDEST:
        reason = f"Loki {target.version} has no structured metadata and no OTLP, and refuses the configuration"
        return Verdict(BACKEND, TARGET_ID, Grade.UNTRANSLATABLE, reason, "Loki 3.0 or later", "version")
    return Verdict(BACKEND, TARGET_ID, Grade.EXACT)


def stream_verdict(project: Project, stream: LogStream) -> Verdict:
    """How well Loki keeps the lines of ``stream``."""
    twin = next((other.name for other in streams_in_loki(project) if _is_twin(other, stream)), stream.name)
    if twin != stream.name:
        reason = f"the lines of `{twin}` come by OTLP from the same service: nothing tells Loki which are whose"
        advice = "make one stream of them, or give each a service"
        return Verdict(BACKEND, stream.id, Grade.UNTRANSLATABLE, reason, advice, "source")
    reasons: list[tuple[str, str, str]] = []
    if short := too_short(stream):
        reason = f"Loki keeps lines for a day at the least, and {' and '.join(short)} is less"
        reasons.append((reason, "keep them for 1d or longer", "retention"))
    if differs_by_level(stream) and not has_level_label(stream):
        plain = "are plain text" if stream.spec.format == "plain" else "name no `level`"
        why = "come by OTLP" if stream.spec.source.otlp else plain
        reason = f"its lines {why} and have no label `level`: all are kept for {stream.retention.longest}"
        reasons.append((reason, "give the stream one retention, or a `format` with a level", "retention"))
    undone = [key for key in ("drop", "mask", "labels", "multiline") if getattr(stream.spec, key)]
    if undone and stream.spec.source.otlp:
        reason = f"lines that come by OTLP are kept as they are sent: {', '.join(undone)} is left to the application"
        reasons.append((reason, "do it in the application, or read its files", undone[0]))
    elif undone and not _is_brought(project, stream):
        reason = f"nothing of this project reads its lines: {', '.join(undone)} is left to what sends them"
        reasons.append((reason, "say its `source`, and add `alloy` to `targets`", undone[0]))
    for metric, field in unmade_metrics(project, stream):
        reason = f"`{metric}` is not made: its lines are plain text, and have no field `{field}`"
        reasons.append((reason, "give the stream a `format`, or look for a text with `contains`", "metrics"))
    if not reasons:
        return Verdict(BACKEND, stream.id, Grade.EXACT)
    texts, instead, fields = zip(*reasons, strict=True)
    return Verdict(BACKEND, stream.id, Grade.APPROXIMATE, "; ".join(texts), "; ".join(instead), fields[0])


def _is_brought(project: Project, stream: LogStream) -> bool:
    """Whether Alloy or Promtail brings the lines, and does on the way what the stream says."""
    return is_read(stream) and (project.targets.alloy is not None or project.targets.promtail is not None)


def _is_twin(other: LogStream, stream: LogStream) -> bool:
    """Whether the lines of both, which may be the same stream, look alike to Loki."""
    return other.spec.source.otlp and stream.spec.source.otlp and service_of(other) == service_of(stream)


def _rule_files(project: Project, target: LokiTarget, lowering: Lowering, report: Report) -> Iterator[Document]:
    """One file per service. An alert with an interval of its own is a group of its own."""
    conditions = [condition for condition in lowering.log_conditions if BACKEND in condition.alert.backends]
    for alert in dict.fromkeys(condition.alert for condition in conditions):
        if "prometheus" in alert.backends:
            report.add(
                TOLD_TWICE.at(
                    alert.place.key_at("loki"),
                    f"both Prometheus and Loki tell Alertmanager of `{alert.name}`",
                    help="make two alerts of it",
                )
            )
    files: dict[str, list[list[LogAlertCondition]]] = {}
    for _, of_one in groupby(conditions, key=lambda condition: condition.alert.name):
        severities = list(of_one)
        service = severities[0].alert.service
        files.setdefault(service.name if service is not None else WITHOUT_SERVICE, []).append(severities)
    metrics: dict[str, list[tuple[str, Plain]]] = {}
    for owner, stream, group in metric_groups(project):
        metrics.setdefault(owner, []).append((stream, group))
    for name in dict.fromkeys((*files, *metrics)):
        alerts, made = files.get(name, []), metrics.get(name, [])
        usual: list[Plain] = []
        groups: list[Plain] = [{"name": name, "rules": usual}]
        for severities in alerts:
            rules = list(log_rules(project, report, severities, known_layouts(project, lowering)))
            alert = severities[0].alert
            if alert.spec.interval is None:
                usual.extend(rules)
            elif rules:
                groups.append(
                    {"name": f"{name} {alert.name}", "interval": str(alert.spec.interval), "rules": list(rules)}
                )
        groups = [*(groups if usual else groups[1:]), *(group for _, group in made)]
        objects = (*(severities[0].alert.id for severities in alerts), *(stream for stream, _ in made))
        yield Document(
            f"{BACKEND}/rules/{target.tenant or WITHOUT_TENANT}/{name}.yaml",
            {"groups": groups},
            Format.YAML,
            objects,
            tuple(log_alert_verdict(project, severities) for severities in alerts),
            header=header(objects),
        )
