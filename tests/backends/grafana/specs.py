"""Specs with dashboards of all kinds, as hypothesis makes them."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from skillforge_mon.spec.models.dashboards import PanelType

HEAD: dict[str, Any] = {
    "version": 1,
    "project": "shop",
    "targets": {"prometheus": {}, "grafana": {"loki_url": "http://loki:3100"}},
    "metrics": {
        "requests_total": {"type": "counter", "help": "Requests", "labels": {"status": "bounded", "service": "bounded"}},
        "request_duration_seconds": {
            "type": "histogram", "help": "Durations", "buckets": [0.1, 1], "labels": {"service": "bounded"},
        },
        "depth": {"type": "gauge", "help": "Waiting jobs", "unit": "jobs", "labels": {"queue": "bounded"}},
    },
    "services": {"web": {}, "api": {}},
    "slos": {
        "availability": {
            "service": "web", "objective": "99.9%", "bad": 'requests_total{service="web",status=~"5.."}',
            "total": 'requests_total{service="web"}',
        },
    },
}  # fmt: skip
EXPRESSIONS = st.sampled_from(
    ["depth", "sum by (queue) (depth)", "sum(rate(requests_total[5m]))", "depth / 0", 'depth{queue=~"$queue"}']
)
TITLES = st.one_of(st.sampled_from(["Depth", "Requests", "Ä € 漢"]), st.text("abc $", min_size=1, max_size=6)).filter(
    lambda title: bool(title.strip()) and "$" not in title
)


@st.composite
def _panels(draw: st.DrawFn) -> dict[str, Any]:
    type_ = draw(st.sampled_from(get_args(PanelType)))
    panel: dict[str, Any] = {"title": draw(TITLES), "type": type_}
    if type_ == "logs":
        panel["query"] = '{app="web"}'
    elif type_ == "text":
        panel["content"] = draw(st.sampled_from(["# Shop", "*"]))
    elif type_ != "alertlist":
        panel["query"] = draw(st.lists(EXPRESSIONS, min_size=1, max_size=3))
    options: dict[str, st.SearchStrategy[Any]] = {
        "width": st.integers(1, 24),
        "height": st.integers(2, 40),
        "repeat": st.just("queue"),
        "decimals": st.integers(0, 10),
        "unit": st.sampled_from(["s", "jobs", "currencyEUR", "%", "requests_per_second"]),
        "min": st.integers(-5, 5),
        "thresholds": st.dictionaries(st.sampled_from(["warning", "critical"]), st.integers(-5, 5)),
        "stack": st.booleans(),
    }
    for name in draw(st.lists(st.sampled_from(sorted(options)), unique=True, max_size=3)):
        panel[name] = draw(options[name])
    return panel


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, Any]:
    use = draw(st.sampled_from([None, None, "red", "slo", "alerts"]))
    least = 1 if use is None else 0
    row: dict[str, Any] = {"panels": draw(st.lists(_panels(), min_size=least, max_size=7))}
    row["collapsed"] = draw(st.booleans())
    if use is not None:
        row |= {"use": use, "service": "web"}
    if use is None or draw(st.booleans()):
        row["title"] = draw(TITLES)
    if draw(st.integers(0, 4)) == 0:
        row["repeat"] = "queue"
    if draw(st.integers(0, 4)) == 0 and use is None:
        del row["title"]
    return row


@st.composite
def dashboards(draw: st.DrawFn) -> dict[str, Any]:
    """A dashboard with one variable, ``queue``."""
    found: dict[str, Any] = {
        "variables": {"queue": {"metric": "depth", "values_of": "queue"}},
        "rows": draw(st.lists(_rows(), min_size=1, max_size=5)),
    }
    return found
