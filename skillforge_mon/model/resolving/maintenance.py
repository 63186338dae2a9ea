"""``maintenance``: windows that recur or happen once."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping

from skillforge_mon.model import codes
from skillforge_mon.model.project import Alert, Maintenance, Service
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.spec.suggest import nearest


def window(resolver: Resolver, name: str, services: Mapping[str, Service], alerts: Mapping[str, Alert]) -> Maintenance:
    """The window ``name``, with what it covers."""
    spec = resolver.spec.maintenance[name]
    place = resolver.place("maintenance", name)
    if bool(spec.every) == (spec.on is not None):
        resolver.report.add(
            codes.BAD_RECURRENCE.at(
                place.span,
                f"the maintenance window `{name}` must either recur or happen once",
                help="write `every: saturday`, or `on: 2026-12-24`",
            )
        )
    if spec.on is not None:
        try:
            datetime.date.fromisoformat(spec.on)
        except ValueError:
            resolver.report.add(codes.BAD_RECURRENCE.at(place.at("on"), f"`{spec.on}` is not a day of the calendar"))
    try:
        zoneinfo.ZoneInfo(spec.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        zones = zoneinfo.available_timezones()
        resolver.report.add(
            codes.BAD_TIME_ZONE.at(
                place.at("timezone"),
                f"there is no time zone `{spec.timezone}`",
                help=f"did you mean `{meant}`?" if (meant := nearest(spec.timezone, sorted(zones))) else "",
            )
        )
    scope_services = [
        resolver.reference(place, ("services", index), "service", service, "services", services)
        for index, service in enumerate(spec.services)
    ]
    scope_alerts = [
        resolver.reference(place, ("alerts", index), "alert", alert, "alerts", alerts)
        for index, alert in enumerate(spec.alerts)
    ]
    return Maintenance(
        name,
        spec,
        place,
        tuple(service for service in scope_services if service is not None),
        tuple(alert for alert in scope_alerts if alert is not None),
    )
