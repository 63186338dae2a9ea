"""What a configuration that monmc did not write does with an alert, for people who have no spec."""

from __future__ import annotations

import datetime

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.working_hours import when
from skillforge_mon.routing.config import Configuration, Route
from skillforge_mon.routing.evaluate import end_of_mute, group_labels, inhibiting_rules, muted, repeats_after, routes_of
from skillforge_mon.routing.matchers import Labels
from skillforge_mon.routing.moment import moment_text

FORMAT_VERSION = 1


def answer_data(configuration: Configuration, labels: Labels, at: datetime.datetime | None) -> dict[str, Plain]:
    """The receivers in the order of the tree, and what could silence the alert. Times are in seconds."""
    return {
        "format_version": FORMAT_VERSION,
        "labels": dict(labels),
        "at": at.isoformat() if at is not None else None,
        "receivers": [_route_data(route, labels, at) for route in routes_of(configuration.root, labels)],
        "inhibited_by": [
            {
                "source_matchers": [str(each) for each in rule.source],
                "equal": {name: labels.get(name, "") for name in rule.equal},
            }
            for rule in inhibiting_rules(configuration, labels)
        ],
    }


def _route_data(route: Route, labels: Labels, at: datetime.datetime | None) -> dict[str, Plain]:
    kept = muted(route, at) if at is not None else None
    until = end_of_mute(route, at) if at is not None and kept is not None else None
    return {
        "receiver": route.receiver,
        "line": route.line,
        "matchers": [str(each) for each in route.matchers],
        "group": group_labels(route, labels),
        "group_wait": route.group_wait.seconds,
        "group_interval": route.group_interval.seconds,
        "repeats_every": repeats_after(route).seconds,
        "mute_time_intervals": [each.name for each in route.mute],
        "active_time_intervals": [each.name for each in route.active],
        "muted": kept is not None if at is not None else None,
        "muted_until": until.isoformat() if until is not None else None,
    }


def answer_text(configuration: Configuration, labels: Labels, at: datetime.datetime | None) -> str:
    """The same for people."""
    lines = []
    for route in routes_of(configuration.root, labels):
        group = ", ".join(f"{name}={value}" for name, value in group_labels(route, labels).items())
        lines.append(f"{route.receiver}  (route at line {route.line})")
        lines.append(
            f"  first after {route.group_wait}, news every {route.group_interval}, again every {repeats_after(route)}"
        )
        lines.append(
            f"  together with other alerts of {group}" if group else "  together with all other alerts of the route"
        )
        lines += _mute_lines(route, at)
    for rule in inhibiting_rules(configuration, labels):
        equal = ", ".join(f"{name}={labels.get(name, '') or '(none)'}" for name in rule.equal)
        same = f" with {equal}" if equal else ""
        lines.append(f"silenced while an alert fires that has {', '.join(map(str, rule.source))}{same}")
    return "\n".join(lines) + "\n"


def _mute_lines(route: Route, at: datetime.datetime | None) -> list[str]:
    if at is None:
        lines = [f"  except during {', '.join(each.name for each in route.mute)}"] if route.mute else []
        return lines + ([f"  only {' or '.join(when(each.name) for each in route.active)}"] if route.active else [])
    kept = muted(route, at)
    if kept is None:
        return [f"  not muted on {moment_text(at)}"] if route.mute or route.active else []
    until = end_of_mute(route, at)
    end = f"until {moment_text(until, at.tzinfo)}" if until is not None else "for more than 15 days"
    by = f"by {', '.join(kept.inside)}"
    return [f"  muted {end} {by if kept.inside else 'as it sends only ' + ' or '.join(map(when, kept.outside))}"]
