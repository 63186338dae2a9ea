"""How many objects one push may delete: a spec that was moved or cut short must not take all monitoring with it."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.push.codes import TOO_MANY_DELETIONS
from skillforge_mon.push.planning import REPLACED
from skillforge_mon.push.steps import Action, Plan

MOST: Final = 10
"""Objects that are deleted without ``--prune-limit``."""
LARGEST_SHARE: Final = 0.2
"""Of the objects that are ours."""


def deletions(plan: Plan) -> int:
    """How many objects the plan deletes because the spec does not have them."""
    return sum(step.action is Action.DELETE and step.reason != REPLACED for step in plan.work)


def over_limit(plan: Plan, limit: int | None) -> Diagnostic | None:
    """Why the plan deletes more than is allowed; ``limit`` is what the user allows instead of the usual."""
    count = deletions(plan)
    ours = sum(1 for _ in plan.of_ours())
    if limit is not None:
        if count <= limit:
            return None
        headline = f"{count} of {ours} objects would be deleted, and --prune-limit allows {limit}"
    else:
        if count <= MOST and count <= ours * LARGEST_SHARE:
            return None
        headline = f"{count} of {ours} objects would be deleted"
    return TOO_MANY_DELETIONS.at(
        None,
        headline,
        notes=(f"allowed are {MOST}, and {LARGEST_SHARE:.0%} of what is ours",) if limit is None else (),
        help=f"if that is right: --prune-limit {count}",
    )
