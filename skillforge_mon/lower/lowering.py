"""Everything that backends share, worked out once per build and only when somebody asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skillforge_mon.diagnostics.diagnostic import Report
    from skillforge_mon.lower.alerts import AlertCondition
    from skillforge_mon.lower.log_alerts import LogAlertCondition
    from skillforge_mon.lower.notifications import NotificationPlan
    from skillforge_mon.lower.panels import DashboardLayout
    from skillforge_mon.lower.slo import SloPlan
    from skillforge_mon.model.project import Project


class Lowering:
    """The backend-neutral expansion of a project."""

    def __init__(self, project: Project, report: Report) -> None:
        self._project = project
        self._report = report

    @cached_property
    def conditions(self) -> tuple[AlertCondition, ...]:
        """One per alert and severity."""
        from skillforge_mon.lower.alerts import alert_conditions

        return alert_conditions(self._project)

    @cached_property
    def log_conditions(self) -> tuple[LogAlertCondition, ...]:
        """One per alert on log lines and severity."""
        from skillforge_mon.lower.log_alerts import log_alert_conditions

        return log_alert_conditions(self._project)

    @cached_property
    def slos(self) -> tuple[SloPlan, ...]:
        """The burn-rate plan of every SLO."""
        from skillforge_mon.lower.slo import slo_plans

        return slo_plans(self._project, self._report)

    @cached_property
    def notifications(self) -> NotificationPlan:
        """Who is told, through which channel, after how long."""
        from skillforge_mon.lower.notifications import notification_plan

        return notification_plan(self._project, self._report)

    @cached_property
    def dashboards(self) -> tuple[DashboardLayout, ...]:
        """Every dashboard with its panels in place."""
        from skillforge_mon.lower.panels import dashboard_layouts

        return dashboard_layouts(self._project, self, self._report)
