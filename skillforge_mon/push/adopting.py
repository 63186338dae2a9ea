"""``monmc adopt``: one live object becomes an object of the spec, and nothing else is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.document import Document, Resource
from skillforge_mon.push.apply import apply
from skillforge_mon.push.codes import NOT_ADOPTABLE
from skillforge_mon.push.codes_adopting import LIVES_ALREADY, NO_SUCH_OBJECT
from skillforge_mon.push.events import Outcome, Told
from skillforge_mon.push.journal import Journal
from skillforge_mon.push.kept import Now, now
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.pushed import write_record
from skillforge_mon.push.sending import Memory
from skillforge_mon.push.session import Session
from skillforge_mon.push.steps import Action, Plan, Step
from skillforge_mon.push.systems import System


def adopter(
    documents: Sequence[Document], backend: str, kind: str, name: str
) -> tuple[Document, Resource] | Diagnostic:
    """The document of ``backend`` and ``kind`` that is called ``name``: its key, or its object in the spec."""
    of_kind = [
        (document, document.resource)
        for document in documents
        if document.resource is not None and (document.resource.backend, document.resource.kind) == (backend, kind)
    ]
    exact = [each for each in of_kind if each[1].key == name]
    found = exact or [each for each in of_kind if name in each[0].objects]
    if len(found) == 1:
        return found[0]
    keys = ", ".join(f"`{resource.key}`" for _, resource in found or of_kind)
    if found:
        headline = f"`{name}` is more than one {kind} in {backend}: {keys}"
        return NO_SUCH_OBJECT.at(None, headline, help="give the key of the one that is meant")
    kinds = dict.fromkeys(
        each.resource.kind for each in documents if each.resource and each.resource.backend == backend
    )
    there = f"there are: {keys}" if of_kind else f"its kinds in {backend}: {', '.join(kinds) or 'none'}"
    return NO_SUCH_OBJECT.at(None, f"the spec has no {kind} `{name}` for {backend}", help=there)


def plan_adoption(
    target: Target, system: System, chosen: tuple[Document, Resource], identifier: str
) -> tuple[Plan, list[Diagnostic]]:
    """What it changes to make the live object ``identifier`` the one that ``chosen`` says, and why it cannot be done.

    All other objects are in the plan for what refers to them, and nothing happens to them. No request changes anything.
    """
    document, resource = chosen
    adopting = replace(document, resource=replace(resource, adopt=identifier))
    documents = [adopting if each is document else each for each in target.documents]
    whole = plan_push(replace(target, documents=documents, prune=False), [system])
    if not whole.systems:
        return whole, list(whole.diagnostics)
    (planned,) = whole.systems
    address = (resource.backend, resource.kind, resource.key)
    steps = [_only(step, address) for step in planned.steps if step.action not in {Action.DELETE, Action.RELOAD}]
    (step,) = (each for each in steps if each.address == address)
    alone = replace(planned, steps=tuple(steps), leftovers=())
    return replace(whole, systems=(alone,), diagnostics=()), list(_problems(step, identifier))


def carry_out(plan: Plan, system: System, target: Target, session: Session, told: Told, *, clock: Now = now) -> Outcome:
    """Do it, and remember it as a push does; what is remembered of other objects stays. Raises OSError."""
    with Journal(session.state.journal) as journal:
        memory = Memory(session.state, journal, session.record, clock)
        outcome = apply(plan, {system.backend: system}, target, memory, told)
        write_record(session.state.pushed, session.record)
        if not outcome.interrupted:
            journal.remove()
    return outcome


def _only(step: Step, address: tuple[str, str, str]) -> Step:
    return step if step.address == address else replace(step, action=Action.NOTHING)


def _problems(step: Step, identifier: str) -> Sequence[Diagnostic]:
    if step.live is not None and step.action is not Action.ADOPT:
        headline = f"`{step.name}` lives already: it is {step.live.name} ({step.live.id})"
        what_to_do = "delete that one first, if the other is to take its place"
        return [LIVES_ALREADY.at(None, headline, help=what_to_do if step.live.id != identifier else "push changes it")]
    if step.blocked or step.action is not Action.ADOPT:
        headline = f"`{step.name}` cannot adopt: {step.blocked or 'it is to be made anew'}"
        return [NOT_ADOPTABLE.at(None, headline)]
    return []
