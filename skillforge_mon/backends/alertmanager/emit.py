"""The files of Alertmanager: its configuration, and the template file that its receivers draw on."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.alertmanager import message_templates as messages
from skillforge_mon.backends.alertmanager.capabilities import OLDEST, parse_version
from skillforge_mon.backends.alertmanager.inhibition import inhibit_rules
from skillforge_mon.backends.alertmanager.receivers import global_settings, receivers
from skillforge_mon.backends.alertmanager.routes import NOBODY, route_tree
from skillforge_mon.backends.alertmanager.silences import silence_documents, split_windows
from skillforge_mon.backends.alertmanager.time_intervals import hours_interval, time_interval
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.notifications import NotificationPlan, ends_lost
from skillforge_mon.lower.windows import MuteWindow
from skillforge_mon.model.paging import hand_over, told_levels
from skillforge_mon.model.project import Escalation, Project
from skillforge_mon.spec.models.targets import AlertmanagerTarget
from skillforge_mon.spec.quantities import Duration

FOLDER = "alertmanager"
HEADER = "Written by monmc. Do not edit: change the spec and build again."


def emit(project: Project, lowering: Lowering, _report: Report) -> tuple[Document, ...]:
    """``alertmanager/alertmanager.yml``, the templates beside it, and silences; nothing without such a target."""
    target = project.targets.alertmanager
    if target is None:
        return ()
    plan, silenced = split_windows(lowering.notifications, target)
    return (
        _configuration(project, plan, target),
        Document(f"{FOLDER}/{messages.FILE}", messages.TEXT_OF_FILE, Format.TEXT),
        *silence_documents(silenced),
    )


def _configuration(project: Project, plan: NotificationPlan, target: AlertmanagerTarget) -> Document:
    version = parse_version(target.version)
    pagerduty = project.targets.pagerduty
    settings, shared_verdicts = global_settings(target, pagerduty.events_url if pagerduty is not None else None)
    inhibition, inhibition_verdicts = inhibit_rules(project, plan.notices, version)
    told, receiver_verdicts = receivers(plan.everyone, target, version)
    intervals: list[Plain] = [time_interval(window) for window in plan.windows if window.ranges]
    intervals += [hours_interval(hours) for hours in plan.hours]
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
        *(_escalation_verdict(project, plan, policy) for policy in project.escalation.values() if policy in followed),
        *receiver_verdicts,
        *inhibition_verdicts,
        *(_window_verdict(window) for window in plan.windows),
        *_team_verdicts(plan),
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


def _escalation_verdict(project: Project, plan: NotificationPlan, policy: Escalation) -> Verdict:
    """Alertmanager knows that an alert goes on, not that somebody has taken it; and it keeps no end for later.

    What PagerDuty goes on to page is exact.
    """
    later = [f"level {level.number} is told after {level.after}" for level in told_levels(project, policy)[1:]]
    lost = ends_lost(route for route in plan.routes if route.policy is policy)
    if not later and not lost:
        return Verdict("alertmanager", policy.id, Grade.EXACT)
    acknowledgement = (
        f"Alertmanager cannot know that somebody has acknowledged an alert: {', '.join(later)}, "
        "even when somebody is on it"
    )
    instead = "leave `hours` out, or"
    if later:
        instead = (
            "tell the later levels through PagerDuty alone, or"
            if hand_over(project, policy) is not None
            else "let one level page a PagerDuty service whose own policy escalates, or"
        )
    return Verdict(
        "alertmanager",
        policy.id,
        Grade.APPROXIMATE,
        "; ".join(([acknowledgement] if later else []) + lost),
        f"{instead} accept it with `approximate: [alertmanager]`",
    )


def _team_verdicts(plan: NotificationPlan) -> Iterator[Verdict]:
    """Teams that are told in their own hours of alerts without a policy."""
    for route in plan.everyone:
        if route.team is not None and route.hours is not None:
            yield Verdict(
                "alertmanager",
                route.team.id,
                Grade.APPROXIMATE,
                "; ".join(ends_lost((route,))),
                "leave `hours` out, or accept it with `approximate: [alertmanager]`",
                "hours",
            )


def _window_verdict(window: MuteWindow) -> Verdict:
    maintenance = window.maintenance
    reasons = []
    if window.rounded:
        beyond = Duration(-maintenance.spec.length % Duration.of(minutes=1))
        reasons.append(f"Alertmanager counts whole minutes: the window ends {beyond} later")
    if window.uneasy:
        nights = ", ".join(f"{night.lasts} instead of {night.meant} from {night.day} on" for night in window.uneasy)
        reasons.append(f"Alertmanager goes by the clock, also when it is changed: the window lasts {nights}")
    if not reasons:
        return Verdict("alertmanager", maintenance.id, Grade.EXACT)
    instead = "write a length in whole minutes" if window.rounded else "start and end outside the hour of the change"
    return Verdict("alertmanager", maintenance.id, Grade.APPROXIMATE, "; ".join(reasons), instead, "for")
