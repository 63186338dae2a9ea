"""Charts of Kibana's Lens, as saved objects have them.

Shapes: saved dashboards of elastic/integrations (``packages/*/kibana/dashboard``) and Kibana's own sample data
(``src/plugins/home/server/services/sample_data``). Columns are named by what they are, so that every build is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from skillforge_mon.documents.document import Plain

LAYER: Final = "lines"
TIME: Final = "time"
COUNT: Final = "count"
SPLIT: Final = "split"
SHARE: Final = "share"
HOUR: Final = "hour_of_day"

Columns = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is shown: ``kind`` is Lens's name of the chart, ``visualization`` its settings. ``query`` is KQL."""

    title: str
    kind: str
    columns: Columns
    visualization: Plain
    query: str = ""


def over_time(title: str, split: str | None, query: str = "") -> Chart:
    """Lines as bars over time, by the values of a field."""
    columns: dict[str, Plain] = {TIME: _time("auto")}
    layer: dict[str, Plain] = _layer("bar_stacked", TIME, COUNT)
    if split is not None:
        columns[SPLIT] = _values(split, 5)
        layer["splitAccessor"] = SPLIT
    columns[COUNT] = _count()
    return Chart(title, "lnsXY", columns, _xy(layer, "bar_stacked"), query)


def share_over_time(title: str, of: str) -> Chart:
    """The share of the lines of ``of`` (KQL), as a line over time."""
    columns = {TIME: _time("auto"), **_share(of)}
    return Chart(title, "lnsXY", columns, _xy(_layer("line", TIME, SHARE), "line"))


def gauge(title: str, of: str) -> Chart:
    """The share of the lines of ``of`` (KQL) in the whole time, from 0 to 1."""
    columns = {**_share(of), "least": _static("0"), "most": _static("1")}
    visualization: Plain = {
        "layerId": LAYER,
        "layerType": "data",
        "shape": "horizontalBullet",
        "labelMajorMode": "auto",
        "ticksPosition": "auto",
        "metricAccessor": SHARE,
        "minAccessor": "least",
        "maxAccessor": "most",
    }
    return Chart(title, "lnsGauge", columns, visualization)


def parts(title: str, field: str) -> Chart:
    """Lines by the values of a field, as a ring."""
    layer: Plain = {
        "layerId": LAYER,
        "layerType": "data",
        "primaryGroups": [SPLIT],
        "metrics": [COUNT],
        "numberDisplay": "percent",
        "categoryDisplay": "default",
        "legendDisplay": "default",
    }
    return Chart(title, "lnsPie", {SPLIT: _values(field, 10), COUNT: _count()}, {"shape": "donut", "layers": [layer]})


def bars(title: str, field: str) -> Chart:
    """Lines by the values of a field, as bars beside each other."""
    layer = _layer("bar_horizontal", SPLIT, COUNT)
    return Chart(title, "lnsXY", {SPLIT: _values(field, 10), COUNT: _count()}, _xy(layer, "bar_horizontal"))


def by_hour(title: str) -> Chart:
    """How many lines there are in each hour of each day."""
    hours: Plain = {
        "label": "Hour of the day",
        "customLabel": True,
        "dataType": "number",
        "operationType": "terms",
        "sourceField": HOUR,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {"size": 24, "orderBy": {"type": "alphabetical"}, "orderDirection": "asc", "otherBucket": False},
    }
    visualization: Plain = {
        "layerId": LAYER,
        "layerType": "data",
        "shape": "heatmap",
        "xAccessor": TIME,
        "yAccessor": HOUR,
        "valueAccessor": COUNT,
        "legend": {"isVisible": True, "position": "right", "type": "heatmap_legend"},
        "gridConfig": {
            "type": "heatmap_grid",
            "isCellLabelVisible": False,
            "isXAxisLabelVisible": True,
            "isXAxisTitleVisible": False,
            "isYAxisLabelVisible": True,
            "isYAxisTitleVisible": True,
        },
    }
    return Chart(title, "lnsHeatmap", {TIME: _time("1d"), HOUR: hours, COUNT: _count()}, visualization)


def attributes(chart: Chart) -> dict[str, Plain]:
    """The attributes of the saved object; its one reference is to the data view of the layer."""
    return {
        "title": chart.title,
        "visualizationType": chart.kind,
        "state": {
            "datasourceStates": {
                "formBased": {
                    "layers": {
                        LAYER: {
                            "columnOrder": list(chart.columns),
                            "columns": dict(chart.columns),
                            "incompleteColumns": {},
                        }
                    }
                }
            },
            "visualization": chart.visualization,
            "query": {"language": "kuery", "query": chart.query},
            "filters": [],
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def _time(interval: str) -> Plain:
    return {
        "label": "@timestamp",
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": "@timestamp",
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": interval, "includeEmptyRows": True, "dropPartials": False},
    }


def _count(of: str | None = None, label: str = "Lines") -> Plain:
    found: dict[str, Plain] = {
        "label": label,
        "customLabel": True,
        "dataType": "number",
        "operationType": "count",
        "sourceField": "___records___",
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": False},
    }
    if of is not None:
        found["filter"] = {"language": "kuery", "query": of}
    return found


def _values(field: str, size: int) -> Plain:
    return {
        "label": field,
        "customLabel": True,
        "dataType": "string",
        "operationType": "terms",
        "sourceField": field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": COUNT},
            "orderDirection": "desc",
            "otherBucket": True,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _share(of: str) -> dict[str, Plain]:
    """``count(kql='…') / count()``: a formula is kept with the columns that it is made of."""
    quoted = of.replace("'", "\\'")
    formula = f"count(kql='{quoted}') / count()"
    label = "Share"
    parts = [f"{SHARE}X0", f"{SHARE}X1"]
    tree: Plain = {
        "type": "function",
        "name": "divide",
        "args": list(parts),
        "location": {"min": 0, "max": len(formula)},
        "text": formula,
    }
    return {
        SHARE: {
            "label": label,
            "customLabel": True,
            "dataType": "number",
            "operationType": "formula",
            "isBucketed": False,
            "scale": "ratio",
            "params": {
                "formula": formula,
                "isFormulaBroken": False,
                "format": {"id": "percent", "params": {"decimals": 1}},
            },
            "references": [f"{SHARE}X2"],
        },
        parts[0]: _count(of, f"Part of {label}"),
        parts[1]: _count(None, f"Part of {label}"),
        f"{SHARE}X2": {
            "label": f"Part of {label}",
            "customLabel": True,
            "dataType": "number",
            "operationType": "math",
            "isBucketed": False,
            "scale": "ratio",
            "params": {"tinymathAst": tree},
            "references": list(parts),
        },
    }


def _static(value: str) -> Plain:
    return {
        "label": f"Static value: {value}",
        "dataType": "number",
        "operationType": "static_value",
        "isBucketed": False,
        "isStaticValue": True,
        "scale": "ratio",
        "params": {"value": value},
        "references": [],
    }


def _layer(series: str, x: str, y: str) -> dict[str, Plain]:
    return {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": series,
        "position": "top",
        "showGridlines": False,
        "xAccessor": x,
        "accessors": [y],
    }


def _xy(layer: Plain, preferred: str) -> Plain:
    layers: Sequence[Plain] = [layer]
    return {
        "preferredSeriesType": preferred,
        "legend": {"isVisible": True, "position": "right"},
        "valueLabels": "hide",
        "fittingFunction": "None",
        "layers": layers,
    }
