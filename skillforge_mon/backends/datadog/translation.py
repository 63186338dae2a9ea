"""One PromQL expression said in Datadog's language, outside any alert."""

from __future__ import annotations

from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.query.printer import print_query
from skillforge_mon.backends.datadog.translate import translate
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.backends.translated import Translated
from skillforge_mon.documents.document import Grade
from skillforge_mon.model.conditions import split_comparison
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Expr
from skillforge_mon.spec.quantities import Duration


def translate_query(project: Project, expr: Expr, hold: Duration) -> Translated:
    """The monitor query of ``expr`` when it has been true for ``hold``, with the names of ``project``'s metrics."""
    value, comparison = split_comparison(expr)
    try:
        found = translate(project, Names(project), value, comparison, hold)
    except Untranslatable as stop:
        return Translated("", Grade.UNTRANSLATABLE, (stop.reason,), stop.instead)
    grade = Grade.APPROXIMATE if found.differences else Grade.EXACT
    return Translated(print_query(found.query), grade, found.differences)
