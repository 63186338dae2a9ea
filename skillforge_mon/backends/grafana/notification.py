"""``notification_settings`` of a rule: who is told of it, together with what, how often, and when not."""

from __future__ import annotations

from skillforge_mon.backends.grafana.contact_points import point_name, receiver
from skillforge_mon.backends.grafana.ownership import name_prefix
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.fired_alerts import FiredAlert
from skillforge_mon.lower.notices import alert_names
from skillforge_mon.lower.notifications import NotificationPlan, NotificationRoute
from skillforge_mon.lower.scope import Scope
from skillforge_mon.lower.windows import MuteWindow
from skillforge_mon.model.project import Project
from skillforge_mon.model.working_hours import Hours
from skillforge_mon.spec.models.targets import AlertmanagerTarget
from skillforge_mon.spec.quantities import Duration

ALWAYS = ("grafana_folder", "alertname")
"""Labels that Grafana groups by in any case (``AlertRuleNotificationSettings``, "must include")."""
CRITICAL_GROUP_WAIT = Duration.of(seconds=10)
"""Long enough for alerts of one cause to come in one message, short beside the minutes that an escalation counts."""


class Notification:
    """Which route each alert takes, and which maintenance windows mute it."""

    def __init__(self, project: Project, plan: NotificationPlan) -> None:
        self._project = project
        self._plan = plan
        self.windows = tuple(window for window in plan.windows if window.ranges)

    def routes(self, fired: FiredAlert[AlertCondition]) -> tuple[NotificationRoute, ...]:
        """The first route whose labels the alert carries and those of the other hours, else the default, if any."""
        carried = fired.labels.items()
        first = next((route for route in self._plan.routes if route.labels.items() <= carried), self._plan.default)
        if first is None or first is self._plan.default:
            return (first,) if first is not None else ()
        return tuple(route for route in self._plan.routes if route.labels == first.labels)

    def tells(self, route: NotificationRoute) -> bool:
        """Whether it has a channel that Grafana can use."""
        return any(receiver(self._project, channel) for channel in route.channels)

    def of(self, fired: FiredAlert[AlertCondition], route: NotificationRoute | None) -> dict[str, Plain]:
        """The settings of the rule of ``fired`` that tells those of ``route``; empty when nobody is named."""
        if route is None or not self.tells(route):
            return {}
        target = self._project.targets.alertmanager or AlertmanagerTarget.model_validate({})
        critical = fired.condition.severity.severity == "critical"
        labels = [label for label in target.group_by if label not in ALWAYS]
        settings: dict[str, Plain] = {
            "receiver": point_name(self._project, route),
            "group_by": ["..."] if "..." in labels else [*ALWAYS, *labels],
            "group_wait": str(min(target.group_wait, CRITICAL_GROUP_WAIT) if critical else target.group_wait),
            "group_interval": str(target.group_interval),
            "repeat_interval": str(route.repeat or target.repeat_interval),
        }
        mutes: list[Plain] = [
            self.mute_timing_of(window)[0] for window in self.windows if self.covers(window, fired.condition)
        ]
        if route.hours is not None:
            mutes.append(self.mute_timing_outside(route.hours))
        if mutes:
            settings["mute_time_intervals"] = mutes
        return settings

    def covers(self, window: MuteWindow, condition: AlertCondition) -> bool:
        """Whether ``window`` mutes all that the rule of ``condition`` tells."""
        service = condition.labels.get("service")
        own = Scope(
            frozenset((service,)) if service is not None else None,
            frozenset(alert_names(condition.alert)),
            frozenset((condition.severity.severity,)),
        )
        return own.within(window.scope)

    def covers_some(self, window: MuteWindow, condition: AlertCondition) -> bool:
        """Whether ``window`` should mute some series of the rule and not others: those of one of its services."""
        if "service" in condition.labels or window.scope.services is None:
            return False
        others = Scope(None, window.scope.alerts, window.scope.severities)
        own = Scope(None, frozenset(alert_names(condition.alert)), frozenset((condition.severity.severity,)))
        return own.within(others)

    def mute_timing_of(self, window: MuteWindow) -> tuple[str, MuteWindow]:
        """What the mute timing of ``window`` is called, and the window."""
        return f"{name_prefix(self._project)}{window.name}", window

    def mute_timing_outside(self, hours: Hours) -> str:
        """What the mute timing is called that leaves ``hours``: a name is a part of addresses, so without a slash."""
        return f"{name_prefix(self._project)}{hours.opposite.name}".replace("/", " ")
