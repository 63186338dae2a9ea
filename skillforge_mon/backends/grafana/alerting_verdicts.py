"""How well Grafana's rules say what an alert means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from skillforge_mon.backends.grafana.alert_rules import RuleSettings, tells_of_no_data
from skillforge_mon.backends.grafana.capabilities import KEEP_FIRING_FOR, RULES_WITH_RECEIVERS
from skillforge_mon.backends.grafana.notification import Notification
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.fired_alerts import fired_alerts
from skillforge_mon.lower.notifications import NotificationRoute, ends_lost
from skillforge_mon.model.paging import told_levels
from skillforge_mon.model.project import Project
from skillforge_mon.spec.quantities import Duration

BACKEND = "grafana"
Difference = tuple[str, str, str]
"""What is not said, what to write instead, and the field that it is about."""


def alert_verdict(
    settings: RuleSettings, severities: list[AlertCondition], notification: Notification, step: Duration
) -> Verdict:
    """The verdict on one alert at all its severities; groups are evaluated at multiples of ``step``."""
    object_id = severities[0].alert.id
    if settings.version < RULES_WITH_RECEIVERS:
        oldest = ".".join(map(str, RULES_WITH_RECEIVERS))
        return Verdict(
            BACKEND,
            object_id,
            Grade.UNTRANSLATABLE,
            f"before Grafana {oldest} a rule cannot say who is told: only the organisation's one policy tree can",
            f'upgrade, and set `targets.grafana.version` to "{oldest}" or later',
        )
    found = list(dict.fromkeys(each for one in severities for each in _differences(settings, one, notification, step)))
    if not found:
        return Verdict(BACKEND, object_id, Grade.EXACT)
    reasons, instead, fields = zip(*found, strict=True)
    return Verdict(
        BACKEND, object_id, Grade.APPROXIMATE, "; ".join(reasons), "; ".join(dict.fromkeys(instead)), fields[0]
    )


def policy_verdicts(
    project: Project, conditions: Iterable[AlertCondition], routes: Sequence[NotificationRoute]
) -> Iterator[Verdict]:
    """Grafana knows that an alert goes on, not that somebody has taken it; and it keeps no end for later."""
    policies = dict.fromkeys(each.severity.escalation for each in conditions if each.severity.escalation is not None)
    for policy in policies:
        later = [f"level {level.number} is told after {level.after}" for level in told_levels(project, policy)[1:]]
        reasons = ends_lost(route for route in routes if route.policy is policy)
        instead = "leave `hours` out"
        if later:
            reasons.insert(
                0,
                f"Grafana cannot know that somebody has acknowledged an alert: {', '.join(later)}, "
                "even when somebody is on it",
            )
            instead = "let one level page a PagerDuty service whose own policy escalates"
        if not reasons:
            yield Verdict(BACKEND, policy.id, Grade.EXACT)
            continue
        accepting = f"{instead}, or accept it with `approximate: [grafana]`"
        yield Verdict(BACKEND, policy.id, Grade.APPROXIMATE, "; ".join(reasons), accepting)


def team_verdicts(routes: Iterable[NotificationRoute]) -> Iterator[Verdict]:
    """Teams that are told in their own hours of alerts without a policy."""
    for route in routes:
        if route.team is not None and route.hours is not None:
            instead = "leave `hours` out, or accept it with `approximate: [grafana]`"
            lost = "; ".join(ends_lost((route,)))
            yield Verdict(BACKEND, route.team.id, Grade.APPROXIMATE, lost, instead, "hours")


def _differences(
    settings: RuleSettings, condition: AlertCondition, notification: Notification, step: Duration
) -> Iterator[Difference]:
    alert = condition.alert
    if alert.spec.keep_firing_for and settings.version < KEEP_FIRING_FOR:
        since = ".".join(map(str, KEEP_FIRING_FOR))
        yield (
            f"Grafana keeps alerts firing from {since} on: the alert ends as soon as its condition does",
            f"leave it out, or raise `targets.grafana.version` to {since}",
            "keep_firing_for",
        )
    if alert.spec.no_data == "notify" and not tells_of_no_data(condition):
        yield (
            "missing data is not told: the query has no result either when all is well, because it filters its values",
            "give the threshold under `severity`, and leave the filters out",
            "no_data",
        )
    interval = alert.spec.interval
    if interval is not None and interval % step:
        rounded = Duration(-(-interval // step) * step)
        yield f"Grafana evaluates at multiples of {step}: every {rounded}", f"write a multiple of {step}", "interval"
    for window in notification.windows:
        if notification.covers_some(window, condition):
            reason = (
                f"the window {window.name} mutes nothing of it: a rule is muted as a whole, and the services of this "
                "one are known only when it fires"
            )
            yield reason, "let the query select one service", "expr"
    taken = [notification.routes(fired) for fired in fired_alerts(settings.project, [condition])]
    if not all(routes and all(map(notification.tells, routes)) for routes in taken):
        yield (
            "nobody is named to tell: it goes where the organisation's policy tree leads",
            "give it an escalation policy, or its service a team",
            "escalation",
        )
