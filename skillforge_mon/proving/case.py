"""One case: rules as they were written, the series that they see, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.documents.document import Plain
from skillforge_mon.proving.traffic import AnySeries
from skillforge_mon.query.promql import Expr, VectorSelector, selectors
from skillforge_mon.spec.quantities import Duration


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that fires: its labels (``alertname`` is not among them) and its annotations, as people see them."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AlertCheck:
    """At ``time`` (milliseconds) exactly these alerts of the name fire. ``what`` says why in a few words."""

    time: int
    alert: str
    firing: tuple[Firing, ...]
    what: str


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """At ``time`` (milliseconds) the query has exactly these samples: label sets, as promtool reads them, to values."""

    time: int
    query: str
    samples: Mapping[str, float]
    what: str


Check = AlertCheck | ValueCheck


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One run of rules over series.

    ``subject`` is the id of the object (``alerts.HighErrorRate``), ``scenario`` what happens to it.

    ``groups`` are the groups of rules, in order. ``reads`` are the selectors of the rules: what other cases write must
    not be seen by them. ``step`` milliseconds lie between two samples, ``evaluation`` between two evaluations; the
    series and the run are ``steps`` long. ``expr`` is shown when the case fails. One that is
    ``alone`` shares its run with no other.
    """

    subject: str
    scenario: str
    place: Span | None
    expr: str
    groups: tuple[Plain, ...]
    series: tuple[AnySeries, ...]
    reads: tuple[VectorSelector, ...]
    checks: tuple[Check, ...]
    step: int
    evaluation: int
    steps: int
    alone: bool = False

    @property
    def alerts(self) -> frozenset[str]:
        """The names of the alerts that are looked at."""
        return frozenset(check.alert for check in self.checks if isinstance(check, AlertCheck))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that cannot be made, and why."""

    subject: str
    scenario: str
    place: Span | None
    reason: str


def selectors_of(expr: Expr) -> tuple[VectorSelector, ...]:
    """All selectors of a query."""
    return tuple(selectors(expr))


def duration(milliseconds: int) -> str:
    """``2m30s``."""
    return str(Duration(milliseconds))
