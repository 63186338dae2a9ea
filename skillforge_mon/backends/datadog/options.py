"""What a monitor watches, and ``options`` of it as the API has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from skillforge_mon.backends.datadog import capabilities, codes
from skillforge_mon.backends.datadog.renotification import Renotification
from skillforge_mon.backends.datadog.translate import Translation
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Alert
from skillforge_mon.spec.suggest import nearest


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """A query, translated or not (then ``translation`` is None), and its thresholds by their API names.

    ``op`` is empty for types that do not compare. ``by`` are the tags that it is grouped by, ``fixed`` the labels that
    it limits to one value. ``value`` is the variable of messages that holds what is compared. ``counts_lines`` says
    that it is a number of log lines, which is 0 where there are none.
    """

    type: str
    text: str
    op: str
    thresholds: dict[str, Decimal]
    by: tuple[str, ...]
    fixed: Mapping[str, str]
    translation: Translation | None
    value: str = "value"
    counts_lines: bool = False


def monitor_options(
    alert: Alert, query: Watched, renotify: Renotification | None, *, warns: bool, no_data: bool
) -> dict[str, Plain]:
    """``options`` of the monitor; what the user wrote wins, and the thresholds of both are joined.

    ``warns`` says that there is a warning, ``no_data`` that missing data is notified.
    """
    spec = alert.spec.datadog
    own: dict[str, Any] = dict(spec.options) if spec is not None else {}
    options: dict[str, Plain] = {}
    if query.thresholds or own.get("thresholds"):
        options["thresholds"] = {**query.thresholds, **(own.pop("thresholds", None) or {})}
    if spec is not None and spec.threshold_windows:
        options["threshold_windows"] = spec.threshold_windows
    options["include_tags"] = True
    options["notify_audit"] = False
    options |= _missing_data(alert, query, own, notify=no_data)
    if query.type in capabilities.METRIC_TYPES:
        options["require_full_window"] = False
    if query.by and query.type in capabilities.METRIC_TYPES and "new_host_delay" not in own:
        options["new_group_delay"] = capabilities.NEW_GROUP_DELAY_SECONDS
    if query.translation is not None and query.translation.divides_counts:
        options["evaluation_delay"] = capabilities.RATIO_DELAY_SECONDS
    if renotify is not None:
        options["renotify_interval"] = renotify.minutes
        if renotify.occurrences is not None:
            options["renotify_occurrences"] = renotify.occurrences
        statuses = ["alert", *(["warn"] if warns else []), *(["no data"] if no_data else [])]
        options["renotify_statuses"] = statuses
    return options | own


def _missing_data(alert: Alert, query: Watched, own: Mapping[str, Any], *, notify: bool) -> dict[str, Plain]:
    """What happens without data.

    An alert of Prometheus ends when its series do: that is ``resolve``. For a query of the user's own, Datadog's
    default stays unless the spec says something else. Where a query fills gaps with zeros, only the default is taken.
    """
    if {"notify_no_data", "no_data_timeframe", "on_missing_data"} & set(own):
        return {}
    if query.type in capabilities.NO_MISSING_DATA:
        return {"notify_no_data": True} if notify and query.type == "service check" else {}
    if query.counts_lines or (query.translation is not None and query.translation.zero_when_missing):
        return {"on_missing_data": "default"}
    if notify:
        return {"on_missing_data": "show_and_notify_no_data"}
    if alert.spec.no_data != "ignore" or query.translation is not None:
        return {"on_missing_data": "resolve"}
    return {}


def optional_thresholds(alert: Alert) -> dict[str, Decimal]:
    """The numbers in ``options.thresholds``, by their names there."""
    spec = alert.spec.datadog
    own = spec.options.get("thresholds") if spec is not None else None
    found = own.items() if isinstance(own, Mapping) else ()
    return {
        str(name): Decimal(str(value))
        for name, value in found
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    }


def options_known(alert: Alert, report: Report) -> bool:
    """False, and a report of each, when the alert has options that monitors do not have."""
    spec = alert.spec.datadog
    unknown = [name for name in (spec.options if spec is not None else ()) if name not in capabilities.OPTIONS]
    for name in unknown:
        meant = nearest(name, sorted(capabilities.OPTIONS))
        report.add(
            codes.UNKNOWN_OPTION.at(
                alert.place.key_at("datadog", "options", name),
                f"monitors have no option `{name}`",
                help=f"did you mean `{meant}`?" if meant else "see `options` in Datadog's API reference of monitors",
            )
        )
    return not unknown
