"""Specs with random teams, policies, services, alerts and maintenance windows, as hypothesis strategies."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

TEAMS = ("ops", "payments", "web")
POLICIES = ("page", "ticket")
SERVICES = ("api", "shop.web", "worker")
ALERTS = ("Down", "Full", "Slow")
SEVERITIES = ("critical", "warning", "info")
_THRESHOLDS = {"critical": "> 9", "warning": "> 5", "info": "> 1"}


def _some(names: tuple[str, ...], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True, min_size=least) if names else st.just([])


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


@st.composite
def windows(draw: st.DrawFn, alerts: tuple[str, ...] = ALERTS) -> dict[str, Any]:
    """One maintenance window."""
    recurs = draw(st.booleans())
    window: dict[str, Any] = {
        "services": draw(_some(SERVICES)),
        "alerts": draw(_some(alerts)),
        "severities": draw(_some(SEVERITIES)),
        "from": f"{draw(st.integers(0, 23)):02d}:{draw(st.integers(0, 59)):02d}",
        "for": f"{draw(st.integers(1, 9 * 24 * 60))}m",
        "timezone": draw(st.sampled_from(("UTC", "Europe/Paris"))),
    }
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "day", "weekday", "weekend")
    if recurs:
        window["every"] = draw(_some(days, least=1))
    else:
        window["on"] = str(draw(st.dates()))
    return window


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """A whole spec; its alerts and SLOs are those of Prometheus."""
    teams = {name: {"webhook": f"http://hooks:80/{name}"} for name in TEAMS}
    escalation = {}
    for name in POLICIES:
        notified = draw(st.lists(_some(TEAMS, least=1), min_size=1, max_size=3))
        levels = [{"notify": team, "timeout": "5m"} for team in notified[:-1]] + [{"notify": notified[-1]}]
        escalation[name] = {"levels": levels, **({"repeat": "1h"} if draw(st.booleans()) else {})}
    services = {
        name: {"team": draw(_maybe(st.sampled_from(TEAMS))), "escalation": draw(_maybe(st.sampled_from(POLICIES)))}
        for name in SERVICES
    }
    alerts = {}
    for name in draw(_some(ALERTS)):
        alerts[name] = {
            "service": draw(_maybe(st.sampled_from(SERVICES))),
            "severity": {severity: _THRESHOLDS[severity] for severity in draw(_some(SEVERITIES, least=1))},
            "expr": "sum by (queue) (queue_length)",
            "escalation": draw(_maybe(st.sampled_from(POLICIES))),
            "labels": draw(st.sampled_from(({}, {"team": "web"}, {"team": "elsewhere"}))),
        }
    slo = {
        "service": draw(_maybe(st.sampled_from(SERVICES))),
        "objective": "99%",
        "bad": "bad_total",
        "total": "all_total",
    }
    maintenance = draw(st.lists(windows(tuple(alerts)), max_size=4))
    counter = {"type": "counter", "help": "Requests"}
    spec = {
        "version": 1,
        "project": "shop",
        "targets": {
            "prometheus": {},
            "alertmanager": {
                "default_team": draw(_maybe(st.sampled_from(TEAMS))),
                "group_wait": draw(st.sampled_from(("5s", "30s"))),
            },
        },
        "metrics": {
            "queue_length": {"type": "gauge", "help": "Jobs", "labels": {"queue": "bounded"}},
            "bad_total": counter,
            "all_total": counter,
        },
        "teams": teams,
        "escalation": escalation,
        "services": services,
        "alerts": alerts,
        "slos": {"Reliability": slo},
        "maintenance": {f"window-{index}": window for index, window in enumerate(maintenance)},
    }
    found = _without_none(spec)
    assert isinstance(found, dict)
    return found


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return value


def text(spec: dict[str, Any]) -> str:
    """The spec as a text: JSON is YAML."""
    return json.dumps(spec, indent=1)
