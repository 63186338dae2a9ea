"""One push from its lock to the end of its journal; a push that was stopped is taken up where it ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from skillforge_mon.push.apply import apply
from skillforge_mon.push.events import Outcome, Told
from skillforge_mon.push.journal import Journal, Unfinished, recover
from skillforge_mon.push.kept import Now, now
from skillforge_mon.push.lock import exclusive
from skillforge_mon.push.planning import Target
from skillforge_mon.push.pushed import Pushed, Record, read_record, write_record
from skillforge_mon.push.sending import Memory
from skillforge_mon.push.state import State
from skillforge_mon.push.steps import Action, Address, Plan, Step
from skillforge_mon.push.systems import System


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """The right to push one project and environment; ``unfinished`` is what a push that was stopped had begun."""

    state: State
    record: Record
    unfinished: Unfinished | None

    def apply(
        self,
        plan: Plan,
        systems: Iterable[System],
        target: Target,
        told: Told,
        *,
        plan_hash: str = "",
        clock: Now = now,
    ) -> Outcome:
        """Carry out ``plan`` and remember what was done. ``plan_hash`` is that of the plan file, if there is one.

        After an interruption the journal stays, for the next push. Raises OSError when the journal or the record
        cannot be written.
        """
        with Journal(self.state.journal, plan_hash) as journal:
            memory = Memory(self.state, journal, self.record, clock)
            outcome = apply(plan, {system.backend: system for system in systems}, target, memory, told)
            _remember_unchanged(plan, self.record)
            write_record(self.state.pushed, self.record)
            if not outcome.interrupted:
                journal.remove()
        return outcome


@contextmanager
def open_session(state: State) -> Iterator[Session]:
    """The session for ``state``, until the end of the block.

    Raises PushGoesOn while another one is open, OSError where the folder cannot be used, and ValueError for a record
    that is damaged.
    """
    state.prepare()
    with exclusive(state.lock):
        record, unfinished = last_state(state)
        yield Session(state, record, unfinished)


def last_state(state: State) -> tuple[Record, Unfinished | None]:
    """What was pushed last, with what a stopped push had done. Writes nothing. Raises OSError and ValueError."""
    record = read_record(state.pushed)
    return record, recover(state.journal, record)


def _remember_unchanged(plan: Plan, record: Record) -> None:
    """Objects that are as they should be are known from now on, and those that are gone from everywhere forgotten."""
    present: set[Address] = set()
    backends = {system.backend for system in plan.systems}
    for system in plan.systems:
        for step in (*system.steps, *system.leftovers):
            present.add(step.address)
            if step.action is Action.NOTHING:
                _remember(step, record.entries)
    for address in list(record.entries):
        if address[0] in backends and address not in present:
            del record.entries[address]


def _remember(step: Step, entries: dict[Address, Pushed]) -> None:
    if step.wanted is None or step.live is None:
        return
    known = entries.get(step.address)
    superseded = known.superseded if known is not None else ()
    entries[step.address] = Pushed(step.live.id, step.wanted.revision, step.wanted.body, superseded)
