"""What a panel's query says beyond what a monitor can watch: choices at the top, ranks, and numbers of series."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast

from skillforge_mon.backends.datadog.filters import tag_of
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.query.scope_tree import TagFilter
from skillforge_mon.backends.datadog.query.tree import Metric
from skillforge_mon.backends.datadog.reader import Reader
from skillforge_mon.backends.datadog.reading import How, Plan, Reading
from skillforge_mon.backends.datadog.series import BUCKET_LABEL, SeriesReader
from skillforge_mon.backends.datadog.untranslatable import Untranslatable, cannot
from skillforge_mon.model.project import Project
from skillforge_mon.query.algebra import Aggregated, Applied, Filled, Node, PointFunction, Selection, Unsaid, Window
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    Matcher,
    MatrixSelector,
    Paren,
)
from skillforge_mon.query.promql.printer import matcher_text

COUNT_SERIES = "count_not_null"
"""docs.datadoghq.com, "Functions", Count: the number of groups that have a value."""
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::\w+)?\})\|?")
"""A matcher's value that is a choice and nothing else. With ``|`` at its end, it selects what has no such label too."""
_RANKS: Mapping[str, Literal["asc", "desc"]] = {"topk": "desc", "bottomk": "asc"}


@dataclass(frozen=True, slots=True)
class Rank:
    """The first ``count`` series: the largest (``desc``) or the smallest."""

    count: int
    order: Literal["asc", "desc"]


class PanelReader(Reader):
    """Reads the queries of panels. ``tags`` are those that the dashboard's variables stand for, by their names."""

    def __init__(self, project: Project, names: Names, tags: Mapping[str, str], differs: Callable[[str], None]) -> None:
        super().__init__(project, names, differs)
        self._panel_series = self._series = _PanelSeries(names, tags, differs)

    def ranked(self, expr: Expr) -> tuple[Plan, Rank | None]:
        """The plan of ``expr``, and how many of its series are shown. Raises Untranslatable."""
        inner = _bare(expr)
        if not isinstance(inner, Aggregate) or inner.op not in _RANKS:
            return self.read(expr), None
        count = constant_value(inner.param) if inner.param is not None else None
        if inner.grouping is not None or count is None or count < 1:
            raise cannot(inner, f"Datadog ranks all series, by a number: not `{inner.op}` by groups")
        return self.read(inner.expr), Rank(int(count), _RANKS[inner.op])

    def histogram(self, expr: Expr) -> Metric | None:
        """What ``sum by (le) (rate(x_bucket[5m]))`` is in a heatmap; None for anything else. Raises Untranslatable."""
        inner = _bare(expr)
        if isinstance(inner, Aggregate):
            by = inner.grouping
            if inner.op != "sum" or by is None or by.without or [label.name for label in by.labels] != [BUCKET_LABEL]:
                return None
            inner = _bare(inner.expr)
        if not isinstance(inner, Call) or inner.function not in {"rate", "increase"}:
            return None
        matrix = inner.args[0]
        if not isinstance(matrix, MatrixSelector) or not (matrix.vector.name or "").endswith("_bucket"):
            return None
        selector = matrix.vector
        return self._panel_series.histogram(Selection(selector.name, selector.matchers, selector), expr)

    def _plan(self, node: Node) -> Plan:
        match node:
            case Aggregated(function="count", labels=(), without=False):
                return self._number_of_series(node)
            case Unsaid(source=Binary(op="or") as written) if _is_nothing(written.rhs):
                return Filled(self.read(written.lhs), Decimal(0), written)
        return super()._plan(node)

    def _number_of_series(self, node: Aggregated) -> Plan:
        inner = self._plan(node.argument)
        if not isinstance(inner, Reading) or not inner.by_known or not inner.metric.by:
            raise cannot(node.source, "Datadog counts the groups of one metric whose labels are known")
        return Applied(cast("PointFunction", COUNT_SERIES), inner, node.source)


class _PanelSeries(SeriesReader):
    """Reads selectors with choices in them: ``{queue=~"$queue"}`` is the filter ``$queue``."""

    def __init__(self, names: Names, tags: Mapping[str, str], differs: Callable[[str], None]) -> None:
        super().__init__(names, differs)
        self._tags = tags

    def reading(self, selection: Selection, how: How, range_: int = 0) -> Reading:
        """See ``SeriesReader``."""
        plain, chosen = self._split(selection)
        found = super().reading(plain, how, range_)
        return replace(found, metric=_filtered(found.metric, chosen))

    def percentile(self, window: Window, level: str, labels: tuple[str, ...] | None, written: Expr) -> Reading:
        """See ``SeriesReader``."""
        plain, chosen = self._split(window.argument)
        found = super().percentile(replace(window, argument=plain), level, labels, written)
        return replace(found, metric=_filtered(found.metric, chosen))

    def histogram(self, selection: Selection, written: Expr) -> Metric:
        """See ``SeriesReader``."""
        plain, chosen = self._split(selection)
        return _filtered(super().histogram(plain, written), chosen)

    def _split(self, selection: Selection) -> tuple[Selection, tuple[TagFilter, ...]]:
        """``selection`` without what depends on a choice, and that as filters. Raises Untranslatable."""
        plain: list[Matcher] = []
        chosen: list[TagFilter] = []
        for matcher in selection.matchers:
            if "$" not in matcher.value:
                plain.append(matcher)
                continue
            found = _VARIABLE.fullmatch(matcher.value)
            tag = tag_of(matcher.label)
            if found is None or matcher.op not in {"=", "=~"}:
                raise Untranslatable(
                    f"`{matcher_text(matcher)}`: a variable of Datadog stands for a tag with its value, alone"
                )
            name = found[1] or found[2]
            if self._tags.get(name, tag) != tag:
                raise Untranslatable(
                    f"`{matcher_text(matcher)}`: a variable of Datadog stands for one tag, `{self._tags[name]}` here",
                    f"declare a variable of its own for `{matcher.label}`",
                )
            chosen.append(TagFilter(f"${name}", ()))  # it stands for the tag and its value
        kept = tuple(plain)
        return replace(selection, matchers=kept, source=replace(selection.source, matchers=kept)), tuple(chosen)


def _filtered(metric: Metric, chosen: tuple[TagFilter, ...]) -> Metric:
    return replace(metric, filters=(*chosen, *metric.filters))


def _bare(expr: Expr) -> Expr:
    """``expr`` without brackets, and without an order, which a widget has anyway."""
    while isinstance(expr, Paren) or (isinstance(expr, Call) and expr.function in {"sort", "sort_desc"}):
        expr = expr.expr if isinstance(expr, Paren) else expr.args[0]
    return expr


def _is_nothing(expr: Expr) -> bool:
    """True for ``0 * …``: zero wherever there is anything."""
    expr = _bare(expr)
    return isinstance(expr, Binary) and expr.op == "*" and 0 in {constant_value(expr.lhs), constant_value(expr.rhs)}
