"""Panels as the definitions of widgets. [api] WidgetDefinition, as ``datadog-api-client`` has it.

Left to Datadog are palettes, sizes of titles, and all else that the API has a default for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from skillforge_mon.backends.datadog.dashboards.drawing import Drawn, NamedQuery
from skillforge_mon.backends.datadog.dashboards.thresholds import conditional_formats, markers
from skillforge_mon.backends.datadog.dashboards.units import number_format
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.layout import PanelLink, ShownPanel
from skillforge_mon.spec.quantities import Duration, plain_number

SCALAR = frozenset(("stat", "gauge", "bargauge", "table", "piechart"))
"""Panels that show one number for each series."""
_MOST_GROUPS = 100
_LABEL = re.compile(r"\{\{\s*labels\.[A-Za-z_][A-Za-z0-9_.]*\s*\}\}")
_SEPARATORS = " ,;:/|-()[]"
_MINUTE = 60_000
_UNITS = (("week", 7 * 24 * 60), ("day", 24 * 60), ("hour", 60), ("minute", 1))
_LOG_COLUMNS = ("status_line", "timestamp", "host", "service", "content")
"""What Datadog's own list of logs shows."""


def metric_widget(panel: ShownPanel, title: str, drawn: Drawn, differs: Callable[[str], None]) -> dict[str, Plain]:
    """The widget that shows ``drawn``. Tells ``differs`` where Datadog has no such picture."""
    scalar = panel.type in SCALAR
    requests: dict[str, Plain] = {
        "response_format": "scalar" if scalar else "timeseries",
        "queries": [_query(query) for query in drawn.queries],
        "formulas": _formulas(panel, drawn),
    }
    if panel.type in {"stat", "gauge"} and len(drawn.formulas) == 1 and not drawn.by[0]:
        if panel.type == "gauge":
            differs(f"`{panel.title}` is a number there: Datadog has no gauge")
        made = _query_value(panel, title, requests)
    elif panel.type in {"bargauge", "piechart"}:
        made = _ranked(panel, title, requests, drawn)
    elif scalar:
        if panel.type != "table":
            differs(f"`{panel.title}` is a table there: a number of Datadog's has one value")
        requests["sort"] = _sort(drawn, 0)
        made = {"type": "query_table", "title": title, "requests": [_with_formats(panel, requests)]}
    elif panel.type == "heatmap":
        made = {"type": "heatmap", "title": title, "requests": [requests]}
    else:
        made = _timeseries(panel, title, requests)
    return made | _time(drawn.over) | _around(panel)


def histogram_widget(panel: ShownPanel, title: str, text: str) -> dict[str, Plain]:
    """A heatmap of all values of a distribution. [P] test_create_a_new_dashboard_with_heatmap_widget_with_markers_*."""
    query: Plain = {"data_source": "metrics", "name": "a", "query": text}
    requests: list[Plain] = [{"request_type": "histogram", "query": query}]
    return {"type": "heatmap", "title": title, "requests": requests} | _axis(panel) | _around(panel)


def note_widget(title: str, content: str) -> dict[str, Plain]:
    """A text; notes have no titles, so it is the first line."""
    text = f"#### {title}\n\n{content}" if title else content
    return {"type": "note", "content": text, "background_color": "white", "font_size": "14", "has_padding": True}


def logs_widget(panel: ShownPanel, title: str, search: str) -> dict[str, Plain]:
    """The newest logs that ``search`` finds."""
    columns: list[Plain] = [{"field": name, "width": "full" if name == "content" else "auto"} for name in _LOG_COLUMNS]
    newest: Plain = {"column": "timestamp", "order": "desc"}
    query: Plain = {"data_source": "logs_stream", "query_string": search, "indexes": [], "sort": newest}
    requests: list[Plain] = [{"response_format": "event_list", "query": query, "columns": columns}]
    return {"type": "list_stream", "title": title, "requests": requests} | _described(panel)


def monitors_widget(panel: ShownPanel, title: str, tags: Sequence[str]) -> dict[str, Plain]:
    """The monitors with all of ``tags``, those that alert first."""
    made: dict[str, Plain] = {
        "type": "manage_status",
        "title": title,
        "summary_type": "monitors",
        "display_format": "countsAndList",
        "color_preference": "text",
        "hide_zero_counts": True,
        "show_last_triggered": True,
        "show_priority": True,
        "query": f"tag:({' AND '.join(tags)})",
        "sort": "status,asc",
    }
    return made | _described(panel)


def live_span(length: Duration) -> dict[str, Plain]:
    """The last ``length``, which is whole minutes: ``{"type": "live", "unit": "hour", "value": 4}``."""
    minutes = int(length) // _MINUTE
    unit, size = next((unit, size) for unit, size in _UNITS if minutes % size == 0)
    return {"type": "live", "unit": unit, "value": minutes // size}


def alias_of(legend: str) -> str:
    """What of a legend is the same for all lines: Datadog writes the tags of each beside it by itself."""
    return re.sub(r"\s+", " ", _LABEL.sub("", legend)).strip(_SEPARATORS)


def _query(query: NamedQuery) -> Plain:
    made: dict[str, Plain] = {"data_source": "metrics", "name": query.name, "query": query.text}
    return made | ({"aggregator": query.aggregator} if query.aggregator is not None else {})


def _formulas(panel: ShownPanel, drawn: Drawn) -> list[Plain]:
    shown = number_format(panel.unit, written=panel.unit_written)
    legends = drawn.legends if drawn.legends is not None else tuple(query.legend for query in panel.queries)
    made: list[Plain] = []
    for index, formula in enumerate(drawn.formulas):
        alias = alias_of(legends[index]) if index < len(legends) else ""
        one: dict[str, Plain] = {"formula": formula}
        if alias:
            one["alias"] = alias
        if shown is not None:
            one["number_format"] = shown
        made.append(one)
    return made


def _timeseries(panel: ShownPanel, title: str, requests: dict[str, Plain]) -> dict[str, Plain]:
    made: dict[str, Plain] = {
        "type": "timeseries",
        "title": title,
        "show_legend": True,
        "legend_layout": "auto",
        "legend_columns": ["avg", "max", "value"],
        "requests": [requests | {"display_type": "area" if panel.stack else "line"}],
    }
    lines = markers(panel.thresholds)
    return made | _axis(panel) | ({"markers": lines} if lines else {})


def _query_value(panel: ShownPanel, title: str, requests: dict[str, Plain]) -> dict[str, Plain]:
    formats = conditional_formats(panel.thresholds)
    made: dict[str, Plain] = {"type": "query_value", "title": title, "autoscale": True}
    if panel.decimals is not None:
        made["precision"] = panel.decimals
    return made | {"requests": [requests | ({"conditional_formats": formats} if formats else {})]}


def _ranked(panel: ShownPanel, title: str, requests: dict[str, Plain], drawn: Drawn) -> dict[str, Plain]:
    requests = requests | {"sort": _sort(drawn, 0)}
    if panel.type == "piechart":
        return {"type": "sunburst", "title": title, "requests": [requests], "legend": {"type": "table"}}
    formats = conditional_formats(panel.thresholds)
    return {
        "type": "toplist",
        "title": title,
        "requests": [requests | ({"conditional_formats": formats} if formats else {})],
    }


def _with_formats(panel: ShownPanel, requests: dict[str, Plain]) -> Plain:
    """Cells of a table have their colours in the formula of their column."""
    formats = conditional_formats(panel.thresholds)
    formulas = requests["formulas"]
    assert isinstance(formulas, list)  # noqa: S101 - made above
    if not formats:
        return requests
    return requests | {"formulas": [formula | {"conditional_formats": formats} for formula in formulas]}


def _sort(drawn: Drawn, index: int) -> Plain:
    count = drawn.rank.count if drawn.rank is not None else _MOST_GROUPS
    order = drawn.rank.order if drawn.rank is not None else "desc"
    return {"count": count, "order_by": [{"type": "formula", "index": index, "order": order}]}


def _axis(panel: ShownPanel) -> dict[str, Plain]:
    limits = {"min": panel.min, "max": panel.max}
    given: dict[str, Plain] = {
        name: plain_number(Decimal(str(number))) for name, number in limits.items() if number is not None
    }
    return {"yaxis": given} if given else {}


def _time(over: Duration) -> dict[str, Plain]:
    return {"time": live_span(over)} if over else {}


def _around(panel: ShownPanel) -> dict[str, Plain]:
    return _described(panel) | ({"custom_links": list(map(_link, panel.links))} if panel.links else {})


def _described(panel: ShownPanel) -> dict[str, Plain]:
    return {"description": panel.description} if panel.description else {}


def _link(link: PanelLink) -> Plain:
    return {"label": link.title, "link": link.url}
