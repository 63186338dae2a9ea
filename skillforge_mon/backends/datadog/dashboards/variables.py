"""A dashboard's choices as template variables, and where texts show what was chosen.

docs.datadoghq.com, "Template Variables": ``$queue`` is the tag with its value, ``$queue.value`` the value alone, ``*``
stands for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from skillforge_mon.backends.datadog.filters import tag_of
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Dashboard
from skillforge_mon.query.promql import selectors

ALL = "*"
_USE = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)(?!\w*\.value)")


def variable_tags(dashboard: Dashboard) -> dict[str, str]:
    """The tag that each variable stands for: that of its label, else of the first label that is compared with it."""
    found = {}
    for name, variable in dashboard.spec.variables.items():
        label = variable.values_of or next(_compared(dashboard, name), None)
        if label is not None:
            found[name] = tag_of(label)
    return found


def template_variables(dashboard: Dashboard, tags: Mapping[str, str]) -> list[Plain]:
    """The variables, in the order of the spec."""
    found: list[Plain] = []
    for name, variable in dashboard.spec.variables.items():
        made: dict[str, Plain] = {"name": name}
        if name in tags:
            made["prefix"] = tags[name]
        if variable.options:
            made["available_values"] = list(variable.options)
        chosen = variable.options[0] if variable.options and not variable.include_all else ALL
        found.append({**made, "defaults": [chosen]})
    return found


def shown_text(text: str, dashboard: Dashboard) -> str:
    """``text`` with the values of the choices that it names: ``$queue`` is ``$queue.value``."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return f"${name}.value" if name in dashboard.spec.variables else found[0]

    return _USE.sub(value, text)


def _compared(dashboard: Dashboard, name: str) -> Iterator[str]:
    """The labels that queries compare with the variable."""
    chosen = re.compile(rf"\$(?:{name}\b|\{{{name}\b)")
    for row in dashboard.rows:
        for panel in row.panels:
            for query in panel.queries:
                for selector in selectors(query.expr) if query.expr is not None else ():
                    yield from (each.label for each in selector.matchers if chosen.match(each.value))
