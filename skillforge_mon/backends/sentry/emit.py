"""Sentry's files: projects as they are set up; each alert once to read, and once in the form that its API takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.sentry.differences import BACKEND, Differences
from skillforge_mon.backends.sentry.legacy import alert_rule_payload, issue_rule_payload
from skillforge_mon.backends.sentry.maintenance import unmuted
from skillforge_mon.backends.sentry.plan import IssueCondition, Plan
from skillforge_mon.backends.sentry.planning import plan_alert
from skillforge_mon.backends.sentry.probes import probe_documents
from skillforge_mon.backends.sentry.readable import readable
from skillforge_mon.backends.sentry.sdk_settings import sdk_documents
from skillforge_mon.backends.sentry.setting_up import project_documents
from skillforge_mon.backends.sentry.workflows import detector_payload, workflow_payload
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Plain, Resource, Verdict
from skillforge_mon.documents.references import references_in
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.paging import Paging
from skillforge_mon.model.project import Project

HEADER = "Written by monmc, for people: it shows what the JSON files beside it say. Change the spec instead."


def emit(project: Project, lowering: Lowering, report: Report) -> Iterable[Document]:
    """Every project that is set up (``setting_up.py``), and every enabled alert that is to be in Sentry.

    ``sentry/alerts/NAME.yaml`` is for people and carries the verdicts. For the API there are
    ``sentry/detectors/NAME.json`` (metric alerts) and ``sentry/workflows/NAME.json``, or in ``legacy`` mode
    ``sentry/issue-rules/NAME.json`` or ``sentry/alert-rules/NAME.json``. An alert that Sentry cannot say is only
    written for people. Keys of resources are names of alerts; those of issue rules start with the project's slug,
    because their address needs it and their body does not have it. Probes are in ``sentry/probes/``.
    """
    target = project.targets.sentry
    if target is None:
        return
    yield from project_documents(project, report)
    yield from sdk_documents(project)
    told = tuple(
        alert
        for alert in project.alerts.values()
        if BACKEND in alert.backends and alert.spec.sentry is not None and alert.spec.enabled
    )
    said: set[Verdict] = set()
    windows = tuple(unmuted(project, told))
    # Nothing else of the lowering: in Sentry an alert counts Sentry's own events, never a query.
    paging = lowering.notifications.paging if told else Paging({})
    for alert in told:
        differences = Differences(alert.id)
        plan = plan_alert(project, alert, target, paging, differences, report)
        if plan is None:
            continue
        verdicts = tuple(verdict for verdict in (*differences.verdicts, *windows) if verdict not in said)
        said.update(verdicts)
        windows = ()
        yield Document(
            f"sentry/alerts/{alert.name}.yaml", readable(plan), Format.YAML, (alert.id,), verdicts, header=HEADER
        )
        if differences.translatable:
            yield from _legacy(plan) if target.mode == "legacy" else _workflows(plan)
    yield from probe_documents(project, target, lowering, report)


def _workflows(plan: Plan) -> Iterator[Document]:
    name = plan.alert.name
    if not isinstance(plan.condition, IssueCondition):
        yield _resource(plan, f"sentry/detectors/{name}.json", detector_payload(plan, plan.condition), "detector", name)
    yield _resource(plan, f"sentry/workflows/{name}.json", workflow_payload(plan), "workflow", name)


def _legacy(plan: Plan) -> Iterator[Document]:
    name = plan.alert.name
    if isinstance(plan.condition, IssueCondition):
        payload = issue_rule_payload(plan, plan.condition)
        yield _resource(plan, f"sentry/issue-rules/{name}.json", payload, "issue_rule", f"{plan.project}/{name}")
    else:
        payload = alert_rule_payload(plan, plan.condition)
        yield _resource(plan, f"sentry/alert-rules/{name}.json", payload, "alert_rule", name)


def _resource(plan: Plan, path: str, payload: Plain, kind: str, key: str) -> Document:
    """``was`` and ``adopt`` of an issue rule start with the project's slug, as its key does."""
    project = f"{plan.project}/" if kind == "issue_rule" else ""
    was, adopt = plan.alert.spec.was, _adopted(plan, kind)
    resource = Resource(
        BACKEND,
        kind,
        key,
        references_in(payload),
        was=project + was if was else "",
        adopt=project + adopt if adopt else "",
    )
    return Document(path, payload, Format.JSON, (plan.alert.id,), resource=resource)


def _adopted(plan: Plan, kind: str) -> str:
    """What is adopted is the object that tells people: a workflow, or an old rule; never a detector."""
    adopt = plan.alert.spec.adopt
    return (adopt.sentry or "") if adopt is not None and kind != "detector" else ""
