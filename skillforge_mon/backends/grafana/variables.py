"""The choices at the top of a dashboard: the data sources, and what the user declares."""

from __future__ import annotations

from skillforge_mon.backends.grafana.queries import PROMETHEUS
from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.models.dashboards import Variable

ALL = "$__all"
ON_TIME_RANGE_CHANGE = 2
ON_DASHBOARD_LOAD = 1
ALPHABETICAL = 1


def data_source_variable(name: str, kind: str, label: str, current: tuple[str, str]) -> Plain:
    """Which data source of ``kind`` is asked; ``current`` is the name and the uid of the one that we provide."""
    text, value = current
    return {
        "allowCustomValue": False,
        "current": {"text": text, "value": value},
        "includeAll": False,
        "label": label,
        "name": name,
        "options": [],
        "query": kind,
        "refresh": ON_DASHBOARD_LOAD,
        "regex": "",
        "type": "datasource",
    }


def declared_variable(name: str, variable: Variable) -> Plain:
    """A variable of the user's: a fixed list, or the values of a label."""
    return _custom(name, variable) if variable.options else _label_values(name, variable)


def _label_values(name: str, variable: Variable) -> Plain:
    query = f"label_values({variable.metric}, {variable.values_of})"
    made: dict[str, Plain] = {}
    if variable.include_all:
        made["allValue"] = ".+"
    made |= {
        "current": _chosen(variable, None),
        "datasource": PROMETHEUS,
        "definition": query,
        "includeAll": variable.include_all,
        "label": variable.label or name,
        "multi": variable.multi,
        "name": name,
        "options": [],
        "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
        "refresh": ON_TIME_RANGE_CHANGE,
        "regex": "",
        "sort": ALPHABETICAL,
        "type": "query",
    }
    return made


def _custom(name: str, variable: Variable) -> Plain:
    chosen = ALL if variable.include_all else variable.options[0]
    options: list[Plain] = []
    if variable.include_all:
        options.append({"selected": True, "text": "All", "value": ALL})
    options += ({"selected": option == chosen, "text": option, "value": option} for option in variable.options)
    made: dict[str, Plain] = {}
    if variable.include_all:
        made["allValue"] = ".+"
    made |= {
        "current": _chosen(variable, variable.options[0]),
        "includeAll": variable.include_all,
        "label": variable.label or name,
        "multi": variable.multi,
        "name": name,
        "options": options,
        # Options are separated by commas, so commas in them are escaped.
        "query": ",".join(option.replace(",", "\\,") for option in variable.options),
        "type": "custom",
    }
    return made


def _chosen(variable: Variable, first: str | None) -> Plain:
    """What is chosen before anybody chooses: all, or the first option; a query has no first one yet."""
    if variable.include_all:
        return {"text": ["All"] if variable.multi else "All", "value": [ALL] if variable.multi else ALL}
    if first is None:
        return {}
    return {"text": [first] if variable.multi else first, "value": [first] if variable.multi else first}
