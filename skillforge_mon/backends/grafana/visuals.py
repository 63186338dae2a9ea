"""The options and field configuration of every panel type, complete: as Grafana itself would save them.

Values are the defaults of ``@grafana/schema`` (``raw/composable/<type>/panelcfg``), but where a comment says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skillforge_mon.backends.grafana.capabilities import SHOW_VALUES, Version
from skillforge_mon.backends.grafana.units import grafana_unit, natural_maximum
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.layout import ShownPanel, ThresholdStep

COLOURS = {"ok": "green", "warning": "yellow", "critical": "red"}
_HIDE_FROM: dict[str, Plain] = {"legend": False, "tooltip": False, "viz": False}
_LAST_VALUE: dict[str, Plain] = {"calcs": ["lastNotNull"], "fields": "", "values": False}
_NO_TRANSFORMATIONS: list[Plain] = []


@dataclass(frozen=True, slots=True)
class Visual:
    """How a panel looks: its options, its field configuration, and what is done to the data before."""

    options: dict[str, Plain]
    field_config: dict[str, Plain]
    transformations: list[Plain]


def visual(panel: ShownPanel, version: Version) -> Visual:
    """The look of ``panel`` on a server of ``version``."""
    return _VISUALS[panel.type](panel, version)


def threshold_steps(steps: Iterable[ThresholdStep]) -> dict[str, Plain]:
    """Absolute thresholds; the first step is minus infinity, which Grafana writes as null. Without any all is green."""
    shown: list[Plain] = [{"color": COLOURS[step.state], "value": step.start} for step in steps]
    return {"mode": "absolute", "steps": shown or [{"color": COLOURS["ok"], "value": None}]}


def _defaults(
    panel: ShownPanel, colour: str, custom: dict[str, Plain] | None, *, whole: bool = False
) -> dict[str, Plain]:
    """``fieldConfig.defaults``. With ``whole`` a ratio without limits goes from 0 to all."""
    unit = grafana_unit(panel.unit, written=panel.unit_written)
    maximum = natural_maximum(unit) if whole else None
    highest = panel.max if panel.max is not None else maximum
    lowest = panel.min if panel.min is not None or maximum is None else 0
    optional: dict[str, Plain] = {
        "custom": custom,
        "decimals": panel.decimals,
        "mappings": [],
        "max": highest,
        "min": lowest,
        "thresholds": threshold_steps(panel.thresholds),
        "unit": unit or None,
    }
    return {"color": {"mode": colour}} | {key: value for key, value in optional.items() if value is not None}


def _field_config(defaults: dict[str, Plain]) -> dict[str, Plain]:
    return {"defaults": defaults, "overrides": []}


def _timeseries(panel: ShownPanel, version: Version) -> Visual:
    custom: dict[str, Plain] = {
        "axisBorderShow": False,
        "axisCenteredZero": False,
        "axisColorMode": "text",
        "axisLabel": "",
        "axisPlacement": "auto",
        "barAlignment": 0,
        "barWidthFactor": 0.6,
        "drawStyle": "line",
        # A filled area says "all of this adds up", so only stacks are filled well.
        "fillOpacity": 30 if panel.stack else 10,
        "gradientMode": "none",
        "hideFrom": _HIDE_FROM,
        "insertNulls": False,
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "pointSize": 5,
        "scaleDistribution": {"type": "linear"},
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "normal" if panel.stack else "none"},
        "thresholdsStyle": {"mode": "dashed" if panel.thresholds else "off"},
    }
    if version >= SHOW_VALUES:
        custom["showValues"] = False
    options: dict[str, Plain] = {
        "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True},
        # All series at the cursor, the largest first: what people look for in an incident.
        "tooltip": {"hideZeros": False, "mode": "multi", "sort": "desc"},
    }
    return Visual(options, _field_config(_defaults(panel, "palette-classic", custom)), _NO_TRANSFORMATIONS)


def _stat(panel: ShownPanel, version: Version) -> Visual:
    options: dict[str, Plain] = {
        "colorMode": "value",
        "graphMode": "area",
        "justifyMode": "auto",
        "orientation": "auto",
        "percentChangeColorMode": "standard",
        "reduceOptions": _LAST_VALUE,
        "showPercentChange": False,
        "textMode": "auto",
        "wideLayout": True,
    }
    return Visual(options, _field_config(_defaults(panel, "thresholds", None)), _NO_TRANSFORMATIONS)


def _gauge(panel: ShownPanel, version: Version) -> Visual:
    options: dict[str, Plain] = {
        "minVizHeight": 75,
        "minVizWidth": 75,
        "orientation": "auto",
        "reduceOptions": _LAST_VALUE,
        "showThresholdLabels": False,
        "showThresholdMarkers": True,
        "sizing": "auto",
    }
    return Visual(options, _field_config(_defaults(panel, "thresholds", None, whole=True)), _NO_TRANSFORMATIONS)


def _bargauge(panel: ShownPanel, version: Version) -> Visual:
    options: dict[str, Plain] = {
        "displayMode": "gradient",
        "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": False},
        "maxVizHeight": 300,
        "minVizHeight": 16,
        "minVizWidth": 8,
        "namePlacement": "auto",
        "orientation": "horizontal",
        "reduceOptions": _LAST_VALUE,
        "showUnfilled": True,
        "sizing": "auto",
        "valueMode": "color",
    }
    return Visual(options, _field_config(_defaults(panel, "thresholds", None, whole=True)), _NO_TRANSFORMATIONS)


def _table(panel: ShownPanel, version: Version) -> Visual:
    custom: dict[str, Plain] = {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False}
    options: dict[str, Plain] = {
        "cellHeight": "sm",
        "footer": {"countRows": False, "fields": "", "reducer": ["sum"], "show": False},
        "showHeader": True,
        "sortBy": [],
    }
    # Several queries make one table, joined by their labels; the time of an instant query is the same everywhere.
    transformations: list[Plain] = [{"id": "merge", "options": {}}] if len(panel.queries) > 1 else []
    hidden: Plain = {"excludeByName": {"Time": True}, "includeByName": {}, "indexByName": {}, "renameByName": {}}
    transformations.append({"id": "organize", "options": hidden})
    return Visual(options, _field_config(_defaults(panel, "thresholds", custom)), transformations)


def _heatmap(panel: ShownPanel, version: Version) -> Visual:
    unit = grafana_unit(panel.unit, written=panel.unit_written)
    axis: dict[str, Plain] = {"axisPlacement": "left", "reverse": False}
    optional: dict[str, Plain] = {"decimals": panel.decimals, "max": panel.max, "min": panel.min, "unit": unit or None}
    axis |= {key: value for key, value in optional.items() if value is not None}
    options: dict[str, Plain] = {
        # Buckets come from the histogram, so nothing is computed here.
        "calculate": False,
        "cellGap": 1,
        "color": {
            "exponent": 0.5,
            "fill": "dark-orange",
            "mode": "scheme",
            "reverse": False,
            "scale": "exponential",
            "scheme": "Oranges",
            "steps": 64,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": axis,
    }
    custom: dict[str, Plain] = {"hideFrom": _HIDE_FROM, "scaleDistribution": {"type": "linear"}}
    return Visual(options, _field_config({"custom": custom}), _NO_TRANSFORMATIONS)


def _piechart(panel: ShownPanel, version: Version) -> Visual:
    options: dict[str, Plain] = {
        "displayLabels": ["percent"],
        "legend": {"displayMode": "table", "placement": "right", "showLegend": True, "values": ["value"]},
        "pieType": "pie",
        "reduceOptions": _LAST_VALUE,
        "sort": "desc",
        "tooltip": {"hideZeros": False, "mode": "single", "sort": "none"},
    }
    defaults = _defaults(panel, "palette-classic", {"hideFrom": _HIDE_FROM})
    del defaults["thresholds"]  # the colours of a pie tell its parts apart
    return Visual(options, _field_config(defaults), _NO_TRANSFORMATIONS)


def _logs(panel: ShownPanel, version: Version) -> Visual:
    options: dict[str, Plain] = {
        "dedupStrategy": "none",
        "enableInfiniteScrolling": False,
        "enableLogDetails": True,
        "prettifyLogMessage": False,
        "showCommonLabels": False,
        "showLabels": False,
        "showLogContextToggle": False,
        "showTime": True,
        "sortOrder": "Descending",
        "wrapLogMessage": True,
    }
    return Visual(options, _field_config({}), _NO_TRANSFORMATIONS)


def _text(panel: ShownPanel, version: Version) -> Visual:
    options: dict[str, Plain] = {
        "code": {"language": "plaintext", "showLineNumbers": False, "showMiniMap": False},
        "content": panel.content,
        "mode": "markdown",
    }
    return Visual(options, _field_config({}), _NO_TRANSFORMATIONS)


def _alertlist(panel: ShownPanel, version: Version) -> Visual:
    limit = f'{{service="{panel.alerts_of}"}}' if panel.alerts_of else ""
    options: dict[str, Plain] = {
        "alertInstanceLabelFilter": limit,
        "alertName": "",
        "dashboardAlerts": False,
        "groupBy": [],
        "groupMode": "default",
        "maxItems": 20,
        "showInactiveAlerts": False,
        # By importance: what is firing first.
        "sortOrder": 3,
        "stateFilter": {"error": True, "firing": True, "noData": False, "normal": False, "pending": True},
        "viewMode": "list",
    }
    return Visual(options, _field_config({}), _NO_TRANSFORMATIONS)


_VISUALS: dict[str, Callable[[ShownPanel, Version], Visual]] = {
    "timeseries": _timeseries,
    "stat": _stat,
    "gauge": _gauge,
    "bargauge": _bargauge,
    "table": _table,
    "heatmap": _heatmap,
    "piechart": _piechart,
    "logs": _logs,
    "text": _text,
    "alertlist": _alertlist,
}
