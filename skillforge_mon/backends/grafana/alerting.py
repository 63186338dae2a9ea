"""Everything of Grafana's alerting: rules, who is told, and when not; as files for its provisioning, and for its API.

Every rule says itself who is told. The policy tree, of which an organisation has one, is left alone. A rule has one
contact point, so what tells some in working hours and others outside them is two rules, each muted at the other times.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from skillforge_mon.backends.alertmanager.time_intervals import hours_interval, time_interval
from skillforge_mon.backends.grafana import contact_points
from skillforge_mon.backends.grafana.alert_rules import Rule, RuleSettings, alert_rule
from skillforge_mon.backends.grafana.alerting_verdicts import alert_verdict, policy_verdicts, team_verdicts
from skillforge_mon.backends.grafana.capabilities import RULES_WITH_RECEIVERS, version_of
from skillforge_mon.backends.grafana.codes import TOLD_TWICE
from skillforge_mon.backends.grafana.folders import folder_body, folder_uid, rule_folder
from skillforge_mon.backends.grafana.identity import slug
from skillforge_mon.backends.grafana.notification import Notification
from skillforge_mon.backends.grafana.ownership import name_prefix
from skillforge_mon.backends.grafana.provisioning import alerting_file
from skillforge_mon.backends.grafana.sources import data_sources
from skillforge_mon.backends.ways.found import known_layouts
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Plain, Reference, Resource, Verdict
from skillforge_mon.documents.references import reference
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.fired_alerts import fired_alerts
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.notifications import NotificationRoute
from skillforge_mon.model.project import Project
from skillforge_mon.model.working_hours import Hours
from skillforge_mon.spec.models.targets import GrafanaTarget, PrometheusTarget
from skillforge_mon.spec.quantities import Duration

STEP = Duration.of(seconds=10)
"""Groups are evaluated at multiples of this (``base_interval`` of ``[unified_alerting]``)."""
WITHOUT_SERVICE = "project"


def alerting_documents(
    project: Project, lowering: Lowering, target: GrafanaTarget, report: Report, folders: tuple[str, ...]
) -> Iterator[Document]:
    """The documents of the alerts that are compiled for Grafana; ``folders`` are the titles that have a document."""
    conditions = [each for each in lowering.conditions if "grafana" in each.alert.backends]
    if not conditions:
        return
    _report_told_twice(project, conditions, report)
    title = rule_folder(project, target)
    if title.casefold() not in {each.casefold() for each in folders}:
        yield folder_body(project, title, slug(title) or "folder")
    notification = Notification(project, lowering.notifications)
    settings = RuleSettings(
        project,
        version_of(target.version),
        report,
        data_sources(project, target)["prometheus"].uid,
        known_layouts(project, lowering),
    )
    groups = dict(_groups(settings, conditions, notification))
    taken = (notification.routes(fired) for fired in fired_alerts(project, conditions))
    routes = tuple(dict.fromkeys(route for together in taken for route in together))
    points = list(contact_points.receivers(project, routes))
    windows = [notification.mute_timing_of(window) for window in notification.windows]
    yield from points
    for name, window in windows:
        resource = Resource("grafana", "mute_timing", name)
        body: Plain = {**time_interval(window), "name": name}
        path = f"grafana/alerting/mute-timings/{window.name}.json"
        yield Document(path, body, Format.JSON, (window.maintenance.id,), resource=resource)
    outside = list(_outside(notification, routes))
    for timing, objects in outside:
        name = str(timing["name"])
        path = f"grafana/alerting/mute-timings/hours/{slug(name.removeprefix(name_prefix(project)))}.json"
        yield Document(path, timing, Format.JSON, objects, resource=Resource("grafana", "mute_timing", name))
    for name, (of_group, rules) in groups.items():
        yield _group(project, title, name, of_group, rules)
    yield Document(
        "grafana/provisioning/alerting/monmc.yaml",
        alerting_file(
            target.org_id or 1,
            title,
            [
                (name_prefix(project) + name, _interval(project, of_group[0]), rules)
                for name, (of_group, rules) in groups.items()
            ],
            [point.content for point in points],
            [
                *({**time_interval(window), "name": name} for name, window in windows),
                *(timing for timing, _ in outside),
            ],
        ),
        Format.YAML,
        tuple(dict.fromkeys(condition.alert.id for condition in conditions)),
        (*_verdicts(settings, conditions, notification, routes), *contact_points.verdicts(project, routes)),
    )


def _outside(
    notification: Notification, routes: tuple[NotificationRoute, ...]
) -> Iterator[tuple[dict[str, Plain], tuple[str, ...]]]:
    """A mute timing for all times outside the hours of each of ``routes``, with the objects that it comes from."""
    objects: dict[Hours, dict[str, None]] = {}
    for route in routes:
        if route.hours is not None:
            objects.setdefault(route.hours, {}).update(dict.fromkeys(route.objects))
    for hours, origin in objects.items():
        yield {**hours_interval(hours.opposite), "name": notification.mute_timing_outside(hours)}, tuple(origin)


def _report_told_twice(project: Project, conditions: list[AlertCondition], report: Report) -> None:
    if project.targets.alertmanager is None:
        return
    for alert in dict.fromkeys(condition.alert for condition in conditions):
        if "prometheus" in alert.backends:
            report.add(
                TOLD_TWICE.at(
                    alert.place.key_at("backends"),
                    f"both Alertmanager and Grafana tell people of `{alert.name}`",
                    help="write `backends: [grafana]`, or `backends: [prometheus]`",
                )
            )


def _groups(
    settings: RuleSettings, conditions: list[AlertCondition], notification: Notification
) -> Iterator[tuple[str, tuple[list[AlertCondition], list[Rule]]]]:
    """One per service; an alert with an interval of its own is a group of its own."""
    by_name: dict[str, list[AlertCondition]] = {}
    for condition in conditions:
        service = condition.alert.service
        name = service.name if service is not None else WITHOUT_SERVICE
        if condition.alert.spec.interval is not None:
            name = f"{name} {condition.alert.name}"
        by_name.setdefault(name, []).append(condition)
    for name, of_group in by_name.items():
        rules = [
            alert_rule(settings, fired, notification.of(fired, route), _apart(number, route))
            for fired in fired_alerts(settings.project, of_group)
            for number, route in enumerate(notification.routes(fired) or (None,))
        ]
        yield name, (of_group, rules)


def _apart(number: int, route: NotificationRoute | None) -> str:
    """What tells the rules of one alert and level apart: nothing for the first, then whom they tell."""
    if number == 0 or route is None:
        return ""
    outside = route.hours is not None and route.hours.outside
    return "otherwise" if outside else " and ".join(team.name for team in route.teams)


def _group(project: Project, folder: str, name: str, of_group: list[AlertCondition], rules: list[Rule]) -> Document:
    key = name_prefix(project) + name
    uid = folder_uid(project, folder)
    body: Plain = {
        "title": key,
        "folderUid": reference("folder", uid),
        "interval": _interval(project, of_group[0]) // Duration.of(seconds=1),
        "rules": list(rules),
    }
    objects = tuple(dict.fromkeys(condition.alert.id for condition in of_group))
    resource = Resource("grafana", "rule_group", key, (Reference("folder", uid),))
    return Document(
        f"grafana/alerting/rule-groups/{name.replace(' ', '/')}.json", body, Format.JSON, objects, resource=resource
    )


def _interval(project: Project, condition: AlertCondition) -> Duration:
    """How often the group of ``condition`` is evaluated: as Prometheus would, in whole steps."""
    prometheus = project.targets.prometheus or PrometheusTarget.model_validate({})
    wanted = condition.alert.spec.interval or prometheus.evaluation_interval
    return Duration(-(-wanted // STEP) * STEP)


def _verdicts(
    settings: RuleSettings,
    conditions: list[AlertCondition],
    notification: Notification,
    routes: tuple[NotificationRoute, ...],
) -> list[Verdict]:
    by_alert = groupby(conditions, key=lambda condition: condition.alert)
    found = [alert_verdict(settings, list(of_one), notification, STEP) for _, of_one in by_alert]
    if settings.version >= RULES_WITH_RECEIVERS:
        found += policy_verdicts(settings.project, conditions, routes)
        found += team_verdicts(routes)
    return found
