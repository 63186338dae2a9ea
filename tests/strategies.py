"""Hypothesis strategies for whole specs: ones that mean something, and ones that somebody has spoilt."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(["web", "api", "db", "queue-1", "Backlog", "a.b"])
SEVERITIES = st.sampled_from(["critical", "warning", "info"])
DURATIONS = st.sampled_from(["0s", "30s", "1m", "5m", "90s", "1h30m", "3d"])
EXPRESSIONS = st.sampled_from([
    "up == 0",
    "sum by (service) (rate(requests_total{code=~\"5..\"}[5m])) > 1",
    "sum(rate(requests_total[5m]))",
    "histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m])))",
    "depth > 10",
    "absent(up{job=\"web\"})",
    "max_over_time(depth[1h]) / 2",
])  # fmt: skip
TEXTS = st.sampled_from(
    ["It fails", "{{ value | percent }} of {{ labels.service }}", "a: b #c", "✓ {{ threshold }}", "%"]
)


def _some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(NAMES, items, max_size=3)


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """A spec whose references resolve, though the checks may have much to say about it."""
    teams = draw(
        _some(st.sampled_from([{"slack": "#ops"}, {"webhook": "http://hooks:1/"}, {"email": ["a@b.example"]}]))
    )
    levels = st.lists(
        st.fixed_dictionaries(
            {"notify": st.lists(st.sampled_from(sorted(teams) or ["x"]), min_size=1, max_size=2)},
            optional={"timeout": DURATIONS},
        ),
        min_size=1,
        max_size=3,
    )
    policies = draw(_some(levels)) if teams else {}
    services = draw(
        _some(
            st.fixed_dictionaries(
                {},
                optional={
                    "team": st.sampled_from(sorted(teams) or ["x"]),
                    "scrape": st.just(["web:80"]),
                    "tier": st.integers(1, 4),
                },
            )
        )
    )
    alert: dict[str, st.SearchStrategy[Any]] = {
        "for": DURATIONS,
        "summary": TEXTS,
        "keep_firing_for": DURATIONS,
        "labels": st.just({"area": "x"}),
        "runbook": st.just("https://wiki.example/x"),
    }
    if services:
        alert["service"] = st.sampled_from(sorted(services))
    if policies:
        alert["escalation"] = st.sampled_from(sorted(policies))
    severity = st.one_of(SEVERITIES, st.dictionaries(SEVERITIES, st.sampled_from(["> 5%", "> 1", "< 0.5"]), min_size=1))
    alerts = draw(_some(st.fixed_dictionaries({"severity": severity, "expr": EXPRESSIONS}, optional=alert)))
    slos = draw(
        _some(
            st.fixed_dictionaries(
                {"objective": st.sampled_from(["99%", "99.95%", 0.5])},
                optional={
                    "bad": st.just('requests_total{code=~"5.."}'),
                    "total": st.just("requests_total"),
                    "window": DURATIONS,
                },
            )
        )
    )
    windows = draw(
        _some(
            st.fixed_dictionaries(
                {
                    "every": st.sampled_from(["day", "saturday", ["monday", "sunday"]]),
                    "from": st.just("23:00"),
                    "for": DURATIONS,
                }
            )
        )
    )
    panel = st.fixed_dictionaries(
        {"title": TEXTS, "query": EXPRESSIONS},
        optional={"width": st.integers(1, 24), "type": st.sampled_from(["stat", "gauge", "table", "heatmap"])},
    )
    dashboards = draw(
        _some(
            st.fixed_dictionaries(
                {
                    "rows": st.lists(
                        st.fixed_dictionaries({"panels": st.lists(panel, min_size=1, max_size=3)}),
                        min_size=1,
                        max_size=2,
                    )
                }
            )
        )
    )
    return {
        "version": 1,
        "project": "shop",
        "targets": draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "prometheus": st.sampled_from([{}, {"version": "2.42"}]),
                    "alertmanager": st.sampled_from([{}, {"version": "0.25"}]),
                    "grafana": st.just({}),
                    "datadog": st.just({}),
                },
            )
        ),
        "metrics": {
            "requests_total": {
                "type": "counter",
                "help": "Requests",
                "labels": {"code": "bounded", "service": "bounded"},
            },
            "latency_seconds": {
                "type": "histogram",
                "help": "Latency",
                "buckets": [0.1, 1],
                "labels": {"service": "bounded"},
            },
            "depth": {"type": "gauge", "help": "Depth"},
        },
        "teams": teams,
        "escalation": policies,
        "services": services,
        "alerts": alerts,
        "slos": slos,
        "maintenance": windows,
        "dashboards": dashboards,
    }


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["../x", "${secret:X}", "{{", "a\nb", "\x00", "9" * 400, "> 5%", "up ==", "-1s", [], {}, [[]]]),
)


@st.composite
def spoilt_specs(draw: st.DrawFn) -> dict[str, Any]:
    """A spec in which values, keys or whole sections have been replaced by something else."""
    spec: dict[str, Any] = json.loads(json.dumps(draw(specs())))
    for _ in range(draw(st.integers(1, 4))):
        node: Any = spec
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and node[key] and draw(st.booleans()):
                node = node[key]
                continue
            if isinstance(node, dict) and draw(st.booleans()):
                node[draw(st.one_of(NAMES, st.text(max_size=6)))] = node.pop(key)
            else:
                node[key] = draw(JUNK)
            break
    return spec
