"""A plan as change sets, one for each system, so that it is shown like every other comparison."""

from __future__ import annotations

from collections import Counter

from skillforge_mon.diff.change import Change, ChangeKind, ChangeSet, headline_of
from skillforge_mon.diff.plain import differences
from skillforge_mon.push.planning import A_COPY, NOT_WANTED, REPLACED
from skillforge_mon.push.steps import Action, Plan, Step, SystemPlan
from skillforge_mon.remote.api import Difference

LIVE = "live"
_KINDS = {
    Action.CREATE: ChangeKind.ADD,
    Action.ADOPT: ChangeKind.CHANGE,
    Action.RENAME: ChangeKind.RENAME,
    Action.UPDATE: ChangeKind.CHANGE,
    Action.REPLACE: ChangeKind.REPLACE,
    Action.DELETE: ChangeKind.REMOVE,
}


def change_sets(plan: Plan) -> list[ChangeSet]:
    """What ``plan`` changes, system by system, those without a change too."""
    return [_set(plan, system) for system in plan.systems]


def _set(plan: Plan, system: SystemPlan) -> ChangeSet:
    changes: list[Change] = []
    drift: list[Change] = []
    for step in system.work:
        if step.action is Action.RELOAD:
            changes += [_loaded(step, each) for each in step.differences]
            continue
        if step.fields or step.action is not Action.UPDATE:
            changes.append(_change(step))
        if step.drift:
            drift.append(_drift(step))
    untouched = Counter(
        step.title for step in system.steps if step.action is Action.NOTHING and step.wanted is not None
    )
    leftovers = () if plan.prune else tuple(map(_leftover, system.leftovers))
    if plan.prune:
        leftovers = tuple(_leftover(step) for step in system.leftovers if step.blocked)
    return ChangeSet(
        plan.project,
        plan.environment,
        LIVE,
        tuple(changes),
        tuple(drift),
        system=system.title,
        unchanged=tuple(untouched.items()),
        leftovers=leftovers,
    )


def _change(step: Step) -> Change:
    was = ""
    match step.action:
        case Action.RENAME:
            headline, was = f"was {step.reason}", step.reason
        case Action.REPLACE:
            headline = f"made anew, because {step.reason}"
        case Action.DELETE:
            headline = {REPLACED: "the old one of what was made anew", NOT_WANTED: NOT_WANTED, A_COPY: A_COPY}[
                step.reason
            ]
            if step.reason == A_COPY and step.live is not None:
                headline = f"a copy: {step.live.name} ({step.live.id})"
        case Action.CREATE:
            headline = step.reason
        case Action.ADOPT:
            headline = step.reason
        case _:
            headline = headline_of(step.fields)
    if step.blocked:
        headline = f"cannot be done: {step.blocked}"
    return Change(_KINDS[step.action], step.backend, step.title, step.name, headline, step.fields, was)


def _drift(step: Step) -> Change:
    first = headline_of(step.drift)
    rest = tuple(field for field in step.drift if field.lines or field.sentence != first)
    return Change(ChangeKind.CHANGE, step.backend, step.title, step.name, f"{step.drift_words}: {first}", rest)


def _leftover(step: Step) -> Change:
    what = NOT_WANTED
    if step.reason == A_COPY and step.live is not None:
        what = f"a copy ({step.live.id})"
    ending = step.blocked or "push --prune deletes it"
    return Change(ChangeKind.REMOVE, step.backend, step.title, step.name, f"{what}: {ending}")


def _loaded(step: Step, of: Difference) -> Change:
    """What the server has loaded otherwise than the build says."""
    if of.live is None:
        return Change(ChangeKind.ADD, step.backend, of.kind, of.name, "not loaded")
    if of.wanted is None:
        return Change(ChangeKind.REMOVE, step.backend, of.kind, of.name, "loaded, and in no built file")
    fields = tuple(differences(of.live, of.wanted))
    return Change(ChangeKind.CHANGE, step.backend, of.kind, of.name, headline_of(fields), fields)
