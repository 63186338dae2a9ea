"""Alertmanager's reading of a tree of routes, in Python: who hears of an alert, how soon, and when not.

Held against ``amtool config routes test`` in tests/real/test_alertmanager.py. Rules: a node is taken only if none of
its children is, children are asked in order, and the first that matches ends the search unless it says ``continue``. A
label that is missing is empty, regular expressions match whole values. Everything is inherited but time intervals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"')
Route = Mapping[str, Any]
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Notification:
    """One receiver that hears of an alert, with the settings of the route that led there."""

    receiver: str
    group_wait: str
    repeat_interval: str
    muted_in: tuple[str, ...]


def notifications(root: Route, labels: Labels) -> list[Notification]:
    """Who hears of an alert with ``labels``, in the order of the tree."""
    return list(_notifications(root, labels, {}))


def _notifications(route: Route, labels: Labels, inherited: Mapping[str, Any]) -> Iterator[Notification]:
    settings = {**inherited, **{key: route[key] for key in _INHERITED if key in route}}
    taken = False
    for child in route.get("routes", ()):
        if matches(child, labels):
            taken = True
            yield from _notifications(child, labels, settings)
            if not child.get("continue", False):
                break
    if not taken:
        yield Notification(
            settings["receiver"],
            settings["group_wait"],
            settings["repeat_interval"],
            tuple(sorted(route.get("mute_time_intervals", ()))),
        )


_INHERITED = ("receiver", "group_wait", "repeat_interval")


def matches(route: Route, labels: Labels) -> bool:
    """True when every matcher of ``route`` fits ``labels``."""
    return all(_fits(matcher, labels) for matcher in route.get("matchers", ()))


def _fits(matcher: str, labels: Labels) -> bool:
    parts = _MATCHER.fullmatch(matcher)
    assert parts is not None, matcher
    name, op, quoted = parts.groups()
    value, wanted = labels.get(name, ""), re.sub(r"\\(.)", r"\1", quoted)
    equal = re.fullmatch(wanted, value) is not None if op.endswith("~") else value == wanted
    return equal is not op.startswith("!")


def every_route(root: Route) -> Iterator[Route]:
    """``root`` and everything below it."""
    yield root
    for child in root.get("routes", ()):
        yield from every_route(child)
