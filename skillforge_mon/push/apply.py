"""Carries out a plan: every step in its place, as many at a time as each system takes, whatever else fails."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace

from skillforge_mon.documents.document import Reference
from skillforge_mon.push.events import BEGUN, Event, Outcome, Told
from skillforge_mon.push.identifiers import Identifiers
from skillforge_mon.push.ordering import Cycle, levels
from skillforge_mon.push.planning import REPLACED, Target, documents_of
from skillforge_mon.push.reloading import reload
from skillforge_mon.push.scheduler import Ended, Interrupted, Status, Task, run
from skillforge_mon.push.sending import Memory, Sender, StepFailed
from skillforge_mon.push.steps import Action, Plan, Step, SystemPlan
from skillforge_mon.push.systems import System
from skillforge_mon.remote.api import Api
from skillforge_mon.remote.connection import MissingSecretError
from skillforge_mon.remote.errors import RemoteError, UnauthorisedError
from skillforge_mon.remote.live import Owner

_EXPIRED = 401
"""The status of an answer after which no other request with the same credentials will succeed."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A step, the task that it is, and what sends it."""

    task: Task
    step: Step
    sender: Sender | None


def apply(plan: Plan, systems: Mapping[str, System], target: Target, memory: Memory, told: Told) -> Outcome:
    """Do what ``plan`` says; ``told`` hears of each step when it begins and when it ends.

    ``systems`` are by backend; ``plan`` was made for ``target``. Nothing is raised: what failed is in the outcome.
    """
    jobs: dict[Hashable, Job] = {}
    lanes: dict[str, int] = {}
    for system in plan.systems:
        connected = systems[system.backend]
        lanes[_files_lane(system.backend)] = 1
        if connected.api is not None:
            lanes[system.backend] = max(1, connected.api.concurrency)
            jobs |= {job.task.id: job for job in _jobs(plan, system, connected.api, target, memory)}
        jobs |= {job.task.id: job for job in _reloads(system)}
    events: list[Event] = []

    def work(task: Task) -> Ended:
        job = jobs[task.id]
        try:
            changed = _do(job, systems, target)
        except (StepFailed, RemoteError, MissingSecretError) as error:
            expired = isinstance(error, UnauthorisedError) and error.status == _EXPIRED
            return Ended(task, Status.FAILED, str(error), stops_lane=expired)
        except OSError as error:
            return Ended(task, Status.FAILED, f"the state folder cannot be written: {error.strerror}")
        return Ended(task, Status.DONE if changed else Status.UNCHANGED)

    def begun(task: Task) -> None:
        told(Event(BEGUN, jobs[task.id].step))

    def ended(how: Ended) -> None:
        events.append(Event(how.status, jobs[how.task.id].step, how.reason, how.seconds))
        told(events[-1])

    try:
        run([job.task for job in jobs.values()], lanes, work, begun, ended)
    except Interrupted:
        return Outcome(tuple(events), len(jobs) - len(events), interrupted=True)
    return Outcome(tuple(events))


def _do(job: Job, systems: Mapping[str, System], target: Target) -> bool:
    step = job.step
    if job.sender is None:
        files = systems[step.backend].files
        if files is not None:
            reload(files, documents_of(target.documents, step.backend))
        return True
    return job.sender.delete(step) if step.action is Action.DELETE else job.sender.write(step)


def _files_lane(backend: str) -> str:
    return f"{backend} files"


def _reloads(system: SystemPlan) -> Iterator[Job]:
    for step in system.work:
        if step.action is Action.RELOAD:
            yield Job(
                Task((_files_lane(system.backend), step.key), _files_lane(system.backend), 0, step.label), step, None
            )


def _jobs(plan: Plan, system: SystemPlan, api: Api, target: Target, memory: Memory) -> Iterator[Job]:
    """The jobs of one API: what is referred to before what refers to it, deletions the other way round."""
    of_api = [step for step in system.steps if step.action is not Action.RELOAD]
    identifiers = Identifiers(api, (Reference(step.kind, step.key) for step in of_api if step.wanted is not None))
    for step in of_api:
        if step.wanted is not None and step.live is not None and step.action is not Action.REPLACE:
            identifiers.learn(step.key, step.live)

    def owner(key: str) -> Owner:
        return Owner(plan.project, plan.environment, key)

    sender = Sender(api, identifiers, target.connection, memory, owner)
    steps = {_id(step): step for step in of_api if step.action is not Action.NOTHING}
    steps |= {_id(step): step for step in map(_old_one, system.work) if step is not None}
    needs = _needs(steps, target)
    top = max((kind.order for kind in api.kinds), default=0)

    def level(name: Hashable) -> int:
        step = steps[name]
        return 2 * top + 1 - step.order if step.action is Action.DELETE else step.order

    try:
        level_of = levels(needs, level)
    except Cycle:  # of what is deleted and refers to each other: no order is right, so the kinds decide
        needs = {
            name: tuple(each for each in all_of_it if steps[each].action is not Action.DELETE)
            for name, all_of_it in needs.items()
        }
        level_of = levels(needs, level)
    for name, step in steps.items():
        yield Job(Task(name, system.backend, level_of[name], step.label, needs[name]), step, sender)


def _id(step: Step) -> Hashable:
    if step.action is Action.DELETE and step.live is not None:
        return (*step.address, step.live.id)
    return step.address


def _old_one(step: Step) -> Step | None:
    """The deletion of what ``step`` replaces."""
    if step.action is not Action.REPLACE:
        return None
    return replace(step, action=Action.DELETE, wanted=None, reason=REPLACED)


def _needs(steps: Mapping[Hashable, Step], target: Target) -> dict[Hashable, tuple[Hashable, ...]]:
    """What each step has to wait for.

    What is written waits for what it refers to. What is deleted waits for everything that referred to it, as far as
    the record knows, to be written without it or deleted; and for its own successor.
    """
    writes = {Reference(step.kind, step.key): name for name, step in steps.items() if step.wanted is not None}
    found: dict[Hashable, tuple[Hashable, ...]] = {}
    referring: dict[Reference, list[Hashable]] = {}
    for name, step in steps.items():
        pushed = target.record.get(step.address)
        now = step.wanted.references if step.wanted is not None else ()
        for reference in dict.fromkeys((*now, *(pushed.references if pushed is not None else ()))):
            referring.setdefault(reference, []).append(name)
    for name, step in steps.items():
        own = Reference(step.kind, step.key)
        if step.wanted is not None:
            needed = [writes[each] for each in step.wanted.references if each in writes and each != own]
        else:
            needed = [each for each in referring.get(own, ()) if each != name]
            needed += [writes[own]] if own in writes else []
        found[name] = tuple(dict.fromkeys(needed))
    return found
