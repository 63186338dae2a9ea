"""Ready-made rows: what a set of panels is, and the one of ``use: alerts``. The others have a file each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from skillforge_mon.lower.layout import Grid, ShownPanel, ShownQuery
from skillforge_mon.model.project import Service
from skillforge_mon.query.adaptive_window import ADAPTIVE_WINDOW
from skillforge_mon.query.promql import (
    Aggregate,
    Call,
    Expr,
    Grouping,
    LabelName,
    MatrixSelector,
    VectorSelector,
)
from skillforge_mon.spec.models.dashboards import PanelType, Variable

UNPLACED = Grid(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A panel without a place. ``watched`` are the values whose alerts concern it."""

    panel: ShownPanel
    watched: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A panel that cannot be drawn, and what to declare for it."""

    panel: str
    help: str


@dataclass(frozen=True, slots=True)
class PanelSet:
    """The panels of a ready-made row, those that could not be drawn, and the choices that the panels depend on."""

    title: str
    drafts: tuple[Draft, ...]
    missing: tuple[Missing, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)


def draft(type_: PanelType, title: str, queries: Sequence[tuple[Expr, str]], **options: object) -> Draft:
    """A panel of ready-made queries, each with its legend, which concerns the alerts on these very values."""
    shown = tuple(ShownQuery("", expr, legend) for expr, legend in queries)
    panel = replace(ShownPanel(0, type_, title, UNPLACED, shown), **options)  # type: ignore[arg-type]
    return Draft(panel, tuple(expr for expr, _ in queries))


def rate_of(selector: VectorSelector) -> Expr:
    """``rate(selector[ADAPTIVE_WINDOW])``."""
    return Call("rate", (MatrixSelector(selector, ADAPTIVE_WINDOW),))


def sum_by(expr: Expr, *labels: str) -> Expr:
    """``sum by (labels) (expr)``."""
    grouping = Grouping(False, tuple(LabelName(label) for label in labels)) if labels else None
    return Aggregate("sum", expr, grouping=grouping)


def alert_set(service: Service | None) -> PanelSet:
    """What is firing: of ``service``, or at all."""
    title = "Alerts" if service is None else f"{service.name}: alerts"
    name = "" if service is None else service.name
    return PanelSet(title, (draft("alertlist", "Firing alerts", (), alerts_of=name),))
