"""Alerts as rules that fire: one for each severity and each level of its policy, told apart by labels.

An alert that follows a policy fires once per level, each later than the one before by that one's timeout: its rule
waits so much longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from skillforge_mon.lower.alerts import Condition
from skillforge_mon.lower.notifications import level_labels
from skillforge_mon.model.paging import told_levels
from skillforge_mon.model.project import Escalation, Level, Project
from skillforge_mon.query.promql import Binary, Call, Expr, ValueType, walk
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.spec.quantities import Duration

FILTERING = frozenset(("and", "unless"))
"""Set operators that leave series out. (A comparison does too, unless it is one with ``bool``.)"""


AnyCondition = TypeVar("AnyCondition", bound=Condition)


@dataclass(frozen=True, slots=True, eq=False)
class FiredAlert(Generic[AnyCondition]):
    """``condition`` at ``level`` (None without a policy). ``hold`` is how long it must be true in all."""

    condition: AnyCondition
    level: Level | None
    labels: Mapping[str, str]
    hold: Duration


def levels_of(project: Project, policy: Escalation | None) -> tuple[Level | None, ...]:
    """The levels at which an alert fires; None stands for the one rule of an alert without a policy."""
    return (told_levels(project, policy) if policy is not None else ()) or (None,)


def escalated(labels: dict[str, str], policy: Escalation | None, level: Level | None) -> dict[str, str]:
    """``labels`` at a level of a policy."""
    return labels | level_labels(policy, level) if policy is not None and level is not None else labels


def fired_alerts(project: Project, conditions: Iterable[AnyCondition]) -> Iterator[FiredAlert[AnyCondition]]:
    """Every condition at every level of its policy, in their order."""
    for condition in conditions:
        policy = condition.severity.escalation
        for level in levels_of(project, policy):
            labels = escalated(dict(condition.labels), policy, level)
            hold = Duration(condition.severity.hold + (level.after if level is not None else 0))
            yield FiredAlert(condition, level, labels, hold)


def has_a_result_when_well(value: Expr) -> bool:
    """Whether no result means no data: not when the query keeps only what is wrong, or looks for what is missing."""
    return value.type is ValueType.VECTOR and not any(_filters(node) for node in walk(value))


def _filters(node: Expr) -> bool:
    if isinstance(node, Binary):
        return node.op in FILTERING or (node.op in COMPARISONS and not node.return_bool)
    return isinstance(node, Call) and node.function.startswith("absent")
