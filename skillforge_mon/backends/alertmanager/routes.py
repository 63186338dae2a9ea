"""The tree of routes: https://prometheus.io/docs/alerting/latest/configuration/#route.

What a route does not do for its children is mute them: neither `mute_time_intervals` nor `active_time_intervals` is
inherited. So every route that a maintenance window concerns names it itself, and a window that concerns only some of a
route's alerts gets child routes for these, with the same receiver. Which receivers hear of an alert is the same with
and without windows.

Those who are told in their hours and those who are told outside them stand in routes with the same matchers, of which
all but the last say `continue`: every alert goes to all of them, and each sends during its own interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.notifications import NotificationPlan, NotificationRoute
from skillforge_mon.lower.scope import Scope
from skillforge_mon.spec.models.targets import AlertmanagerTarget
from skillforge_mon.spec.quantities import Duration

NOBODY = "nobody"
CRITICAL_GROUP_WAIT = Duration.of(seconds=10)
"""Long enough for alerts of one cause to come in one message, short beside the minutes that an escalation counts."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is different for the alerts in ``scope``: how long to wait for others of the group, or a time to mute.

    ``active`` is the one time at which they are sent.
    """

    scope: Scope
    group_wait: Duration | None = None
    mute: str = ""
    active: str = ""


def route_tree(plan: NotificationPlan, target: AlertmanagerTarget) -> dict[str, Plain]:
    """The root route, with everything below it."""
    adjustments = list(_adjustments(plan, target))
    root: dict[str, Plain] = {
        "receiver": plan.default.name if plan.default is not None else NOBODY,
        "group_by": list(target.group_by),
        "group_wait": str(target.group_wait),
        "group_interval": str(target.group_interval),
        "repeat_interval": str(target.repeat_interval),
    }
    routes: list[Plain] = [
        _route(route, adjustments, goes_on=after is not None and after.labels == route.labels)
        for route, after in zip_longest(plan.routes, plan.routes[1:])
    ]
    if plan.default is not None:
        settings, children = _adjusted(plan.default.reach, adjustments, _of_hours(plan.default))
        if settings:
            # The root itself can neither be muted nor differ from itself.
            routes.append({"receiver": plan.default.name, **settings, **_below(children)})
        else:
            routes += children
    if routes:
        root["routes"] = routes
    return root


def matchers(labels: Mapping[str, str]) -> list[Plain]:
    """One matcher per label, always quoted."""
    return [matcher(name, (value,)) for name, value in labels.items()]


def matcher(name: str, values: Iterable[str]) -> str:
    """``name`` is one of ``values``, names of the language: only their dots mean something in a regular expression."""
    some = sorted(values)
    if len(some) == 1:
        return f'{name}="{some[0]}"'
    # A backslash in a quoted value is written twice, for the matcher and for the regular expression.
    alternatives = "|".join(value.replace(".", "\\\\.") for value in some)
    return f'{name}=~"{alternatives}"'


def _adjustments(plan: NotificationPlan, target: AlertmanagerTarget) -> Iterable[Adjustment]:
    if target.group_wait > CRITICAL_GROUP_WAIT:
        yield Adjustment(Scope(severities=frozenset(("critical",))), group_wait=CRITICAL_GROUP_WAIT)
    for window in plan.windows:
        if window.ranges:
            yield Adjustment(window.scope, mute=window.name)


def _of_hours(route: NotificationRoute) -> tuple[Adjustment, ...]:
    """The hours of ``route``, which hold for all of its alerts."""
    return (Adjustment(Scope(), active=route.hours.name),) if route.hours is not None else ()


def _route(route: NotificationRoute, adjustments: Sequence[Adjustment], *, goes_on: bool) -> Plain:
    content: dict[str, Plain] = {"receiver": route.name, "matchers": matchers(route.labels)}
    if goes_on:
        content["continue"] = True
    if route.repeat is not None:
        content["repeat_interval"] = str(route.repeat)
    if not route.channels:
        return content
    settings, children = _adjusted(route.reach, adjustments, _of_hours(route))
    return {**content, **settings, **_below(children)}


def _adjusted(
    reach: Sequence[Scope],
    adjustments: Sequence[Adjustment],
    own: tuple[Adjustment, ...] = (),
    inherited: tuple[Adjustment, ...] = (),
) -> tuple[dict[str, Plain], list[Plain]]:
    """The settings and the child routes that make ``adjustments`` true for the alerts of ``reach``, beside ``own``.

    ``inherited`` are those whose settings the route above passes down; times are never among what is passed down.
    A child takes its alerts away from the children behind it, so each repeats below itself what those would have done.
    An adjustment that holds for all alerts that are left needs no child.
    """
    children: list[Plain] = []
    rest, taken = list(reach), list[Scope]()
    for index, adjustment in enumerate(adjustments):
        scope = adjustment.scope
        met = (alerts.meet(scope) for alerts in rest)
        inside = [alerts for alerts in met if alerts is not None and not any(map(alerts.within, taken))]
        if not inside:
            continue
        if all(alerts.within(scope) for alerts in rest):
            own = (*own, adjustment)
            continue
        settings, below = _adjusted(inside, adjustments[index + 1 :], (*own, adjustment), own)
        children.append({"matchers": _scope_matchers(scope), **settings, **_below(below)})
        rest = [alerts for alerts in rest if not alerts.within(scope)]
        taken.append(scope)
    return _settings(own, inherited), children


def _settings(own: Iterable[Adjustment], inherited: Iterable[Adjustment]) -> dict[str, Plain]:
    settings: dict[str, Plain] = {}
    mutes: list[Plain] = []
    for adjustment in own:
        if adjustment.group_wait is not None and adjustment not in inherited:
            settings["group_wait"] = str(adjustment.group_wait)
        if adjustment.mute:
            mutes.append(adjustment.mute)
        if adjustment.active:
            settings["active_time_intervals"] = [adjustment.active]
    return {**settings, "mute_time_intervals": mutes} if mutes else settings


def _below(children: list[Plain]) -> dict[str, Plain]:
    return {"routes": children} if children else {}


def _scope_matchers(scope: Scope) -> list[Plain]:
    names = {"service": scope.services, "alertname": scope.alerts, "severity": scope.severities}
    return [matcher(name, values) for name, values in names.items() if values is not None]
