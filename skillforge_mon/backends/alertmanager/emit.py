"""The files of Alertmanager: its configuration, and the template file that its receivers draw on."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.alertmanager import message_templates as messages
from skillforge_mon.backends.alertmanager.capabilities import OLDEST, parse_version
from skillforge_mon.backends.alertmanager.inhibition import inhibit_rules
from skillforge_mon.backends.alertmanager.receivers import global_settings, receivers
from skillforge_mon.backends.alertmanager.routes import NOBODY, route_tree
from skillforge_mon.backends.alertmanager.time_intervals import time_interval
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.windows import MuteWindow
from skillforge_mon.model.project import Escalation, Project
from skillforge_mon.spec.models.targets import AlertmanagerTarget
from skillforge_mon.spec.quantities import Duration

FOLDER = "alertmanager"
HEADER = "Written by monmc. Do not edit: change the spec and build again."


def emit(project: Project, lowering: Lowering, _report: Report) -> tuple[Document, ...]:
    """``alertmanager/alertmanager.yml`` and the templates beside it; nothing when the project has no such target."""
    target = project.targets.alertmanager
    if target is None:
        return ()
    return (
        _configuration(project, lowering, target),
        Document(f"{FOLDER}/{messages.FILE}", messages.TEXT_OF_FILE, Format.TEXT),
    )


def _configuration(project: Project, lowering: Lowering, target: AlertmanagerTarget) -> Document:
    plan = lowering.notifications
    version = parse_version(target.version)
    settings, shared_verdicts = global_settings(target)
    inhibition, inhibition_verdicts = inhibit_rules(project, plan.notices, version)
    told, receiver_verdicts = receivers(plan.everyone, target, version)
    intervals: list[Plain] = [time_interval(window) for window in plan.windows if window.ranges]
    content: dict[str, Plain] = {}
    if settings:
        content["global"] = settings
    content["templates"] = [messages.FILE]
    content["route"] = route_tree(plan, target)
    if inhibition:
        content["inhibit_rules"] = inhibition
    content["receivers"] = told if plan.default is not None else [*told, {"name": NOBODY}]
    if intervals:
        content["time_intervals"] = intervals
    followed = {notice.policy for notice in plan.notices}
    verdicts = (
        *_version_verdicts(target),
        *shared_verdicts,
        *(_escalation_verdict(policy) for policy in project.escalation.values() if policy in followed),
        *receiver_verdicts,
        *inhibition_verdicts,
        *(_window_verdict(window) for window in plan.windows),
    )
    objects = dict.fromkeys(
        (
            *(object_id for route in plan.everyone for object_id in route.objects),
            *(window.maintenance.id for window in plan.windows),
        )
    )
    return Document(f"{FOLDER}/alertmanager.yml", content, Format.YAML, tuple(objects), verdicts, header=HEADER)


def _version_verdicts(target: AlertmanagerTarget) -> Iterator[Verdict]:
    if parse_version(target.version) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        yield Verdict(
            "alertmanager",
            "targets.alertmanager",
            Grade.UNTRANSLATABLE,
            f"Alertmanager before {oldest} cannot read the keys of its receivers from files",
            f'write `version: "{oldest}"` or later',
            "version",
        )


def _escalation_verdict(policy: Escalation) -> Verdict:
    """Alertmanager knows that an alert goes on, not that somebody has taken it."""
    later = [f"level {level.number} is told after {level.after}" for level in policy.levels[1:]]
    if not later:
        return Verdict("alertmanager", policy.id, Grade.EXACT)
    return Verdict(
        "alertmanager",
        policy.id,
        Grade.APPROXIMATE,
        f"Alertmanager cannot know that somebody has acknowledged an alert: {', '.join(later)}, "
        "even when somebody is on it",
        "let one level page a PagerDuty service whose own policy escalates, or accept it with "
        "`approximate: [alertmanager]`",
    )


def _window_verdict(window: MuteWindow) -> Verdict:
    maintenance = window.maintenance
    if not window.rounded:
        return Verdict("alertmanager", maintenance.id, Grade.EXACT)
    beyond = Duration(-maintenance.spec.length % Duration.of(minutes=1))
    return Verdict(
        "alertmanager",
        maintenance.id,
        Grade.APPROXIMATE,
        f"Alertmanager counts whole minutes: the window ends {beyond} later",
        "write a length in whole minutes",
        "for",
    )
