"""Probes in Sentry: uptime monitors and cron monitors, each with an alert that tells people.

sentry/probes/NAME.yaml              for people, with the verdicts
sentry/probes/NAME.detector.json     the monitor
sentry/probes/NAME.workflow.json     the alert; none where the probe tells nobody
"""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.sentry import capabilities, codes
from skillforge_mon.backends.sentry.differences import BACKEND, Differences
from skillforge_mon.backends.sentry.maintenance import unmuted
from skillforge_mon.backends.sentry.markers import PROBES
from skillforge_mon.backends.sentry.plan import Notification
from skillforge_mon.backends.sentry.planning import notification_of, object_name, owner_slug
from skillforge_mon.backends.sentry.probe_plan import ProbePlan
from skillforge_mon.backends.sentry.probe_sources import (
    CRON,
    INTERVALS,
    UPTIME,
    cron_source,
    uptime_config,
    uptime_source,
)
from skillforge_mon.backends.sentry.readable import readable_action
from skillforge_mon.backends.sentry.rounding import allowed
from skillforge_mon.backends.sentry.text import filled
from skillforge_mon.backends.sentry.workflows import told_by
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Plain, Resource
from skillforge_mon.documents.references import reference, references_in
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.paging import Paging
from skillforge_mon.lower.probe_alerts import ProbeAlert, failing_alert, missed_alert
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.targets import SentryTarget

HEADER = "Written by monmc, for people: it shows what the JSON files beside it say. Change the spec instead."
_ASK_ELSEWHERE = "let blackbox_exporter or Datadog ask it: `backends: [prometheus]`"


def probe_documents(project: Project, target: SentryTarget, lowering: Lowering, report: Report) -> Iterator[Document]:
    """The documents of every probe that Sentry is to ask, or to wait for."""
    for probe in project.probes.values():
        if BACKEND in probe.backends and probe.kind:
            yield from _documents(project, probe, target, lowering.notifications.paging, report)


def _documents(
    project: Project, probe: Probe, target: SentryTarget, paging: Paging, report: Report
) -> Iterator[Document]:
    differences = Differences(probe.id)
    key = PROBES + probe.name
    alert = (
        missed_alert(probe, BACKEND, key)
        if probe.kind == "cron"
        else failing_alert(probe, BACKEND, key, probe.failures, allowed(probe.every, INTERVALS))
    )
    plan = _plan(project, probe, alert, target, paging, differences, report)
    windows = tuple(unmuted(project, (alert,))) if plan is not None and probe.spec.alerting else ()
    verdicts = (*differences.verdicts, *windows)
    if plan is None:
        if not differences.translatable:
            text = "".join(f"{verdict.reason}\n{verdict.instead}\n" for verdict in verdicts)
            path = f"sentry/probes/{probe.name}.txt"
            yield Document(path, f"{probe.id} is not in Sentry.\n{text}", Format.TEXT, (probe.id,), verdicts)
        return
    yield Document(
        f"sentry/probes/{probe.name}.yaml", _readable(plan), Format.YAML, (probe.id,), verdicts, header=HEADER
    )
    detector: Plain = {
        "type": plan.type,
        "name": plan.name,
        "description": f"{plan.text}\n\n{plan.marker}" if plan.text else plan.marker,
        "projectId": reference("project", plan.project),
        "owner": reference("owner", plan.owner) if plan.owner is not None else None,
        "enabled": True,
        "dataSources": [plan.source],
        "config": plan.config,
    }
    yield _resource(project, plan, "detector", detector)
    if probe.spec.alerting:
        yield _resource(project, plan, "workflow", told_by(reference("detector", "probes", probe.name), plan))


def _resource(project: Project, plan: ProbePlan, kind: str, payload: Plain) -> Document:
    """What is adopted is the monitor, which has the history of the probe."""
    probe = plan.probe
    was, adopt = probe.spec.was, probe.spec.adopt
    resource = Resource(
        BACKEND,
        kind,
        PROBES + probe.name,
        references_in(payload),
        was=PROBES + was if was is not None and was not in project.probes else "",
        adopt=(adopt.sentry or "") if adopt is not None and kind == "detector" else "",
    )
    path = f"sentry/probes/{probe.name}.{kind}.json"
    return Document(path, payload, Format.JSON, (probe.id,), resource=resource)


def _plan(
    project: Project,
    probe: Probe,
    alert: ProbeAlert,
    target: SentryTarget,
    paging: Paging,
    differences: Differences,
    report: Report,
) -> ProbePlan | None:
    """None for what Sentry cannot say, and for what the spec does not, which is reported."""
    if target.mode == "legacy":
        differences.untranslatable(
            "`mode: legacy` writes the old alert rules, and none of them asks", instead="`mode: workflows`"
        )
        return None
    if probe.kind not in {"http", "cron"}:
        asks = "asks by HTTP only" if probe.kind not in {"browser", "mobile"} else "makes no journeys"
        differences.untranslatable(f"Sentry {asks}", at=probe.kind, instead=_ASK_ELSEWHERE)
        return None
    source, config = _said(project, probe, differences)
    errors = probe.service.spec.errors if probe.service is not None else None
    if errors is None:
        report.add(
            codes.PROJECT_UNKNOWN.at(
                probe.place.span,
                f"`{probe.name}` does not say which project of Sentry it is about",
                help="write `errors: {sentry_project: …}` on its service",
            )
        )
        return None
    name = object_name(project, alert)
    limit = capabilities.NAME_LIMITS["detector"]
    if len(name) > limit:
        report.add(
            codes.NAME_TOO_LONG.at(
                probe.place.span,
                f"`{name}` has {len(name)} characters, and Sentry takes {limit}",
                help=f"shorten the probe's name by {len(name) - limit}",
            )
        )
        return None
    if not differences.translatable:
        return None
    notification = Notification(probe.spec.severity, ())
    if probe.spec.alerting:
        notification = notification_of(project, alert, alert.severities[0], paging, differences, metric=False)
        if not notification.actions:
            report.add(
                codes.NOBODY_TOLD.at(
                    probe.place.at("escalation"),
                    f"nobody would hear of `{probe.name}` from Sentry",
                    notes=tuple(verdict.reason for verdict in differences.verdicts if verdict.field == "escalation"),
                    help="give a team of the first level `sentry`, `slack` or `pagerduty`, or write `alerting: false`",
                )
            )
            return None
    link = runbook_link(project, probe.runbook, BACKEND)
    summary = filled(alert.summary, alert, link, differences, "summary")
    description = filled(alert.description, alert, link, differences, "description")
    runbook = f"Runbook: {link}" if link else ""
    return ProbePlan(
        probe=probe,
        name=name,
        organization=target.organization,
        project=errors.sentry_project,
        owner=owner_slug(alert),
        text="\n\n".join(filter(None, (summary, description, runbook))),
        notes=" - ".join(filter(None, (summary, runbook))),
        marker=f"monmc {project.name}/{project.environment} {probe.id}",
        type=CRON if probe.kind == "cron" else UPTIME,
        source=source,
        config=config,
        notification=notification,
    )


def _said(project: Project, probe: Probe, differences: Differences) -> tuple[dict[str, Plain], dict[str, Plain]]:
    spec = probe.spec
    if spec.http is not None:
        return uptime_source(spec.http, probe, differences), uptime_config(project, probe)
    assert spec.cron is not None  # noqa: S101 - no other kind is in Sentry
    return cron_source(project, spec.cron, probe, differences), {}


def _readable(plan: ProbePlan) -> Plain:
    found: dict[str, Plain] = {
        "name": plan.name,
        "type": "cron" if plan.type == CRON else "uptime",
        "organization": plan.organization,
        "project": plan.project,
        "owner": plan.owner,
        "text": plan.text,
        **{key: value for key, value in plan.source.items() if key != "name"},
        **plan.config,
        "notify": {plan.notification.severity: [readable_action(action) for action in plan.notification.actions]},
    }
    return {key: value for key, value in found.items() if value not in (None, "", {}, [], False)}
