"""One step of a plan sent to its API: looked at once more, kept, written down, sent, and found again if need be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from skillforge_mon.diff.change import headline_of
from skillforge_mon.diff.plain import differences, same
from skillforge_mon.push.drift import Comparer, who_changed
from skillforge_mon.push.identifiers import Identifiers
from skillforge_mon.push.journal import Journal
from skillforge_mon.push.kept import Now, keep
from skillforge_mon.push.pushed import Pushed, Record
from skillforge_mon.push.secret_values import without_values
from skillforge_mon.push.state import State
from skillforge_mon.push.steps import Action, Step, Wanted
from skillforge_mon.remote.api import Api
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import ConflictError, LostAnswerError, NotFoundError, RemoteError
from skillforge_mon.remote.live import Live, Owner

TRIES: Final = 3
"""How often a request is sent whose answer was lost, or that met a change of somebody else."""
PAUSE: Final = 1.0
"""Seconds before an object is looked for whose creation was not answered."""


OwnerOf = Callable[[str], Owner]
"""The owner that the marker of a key names."""


class StepFailed(Exception):  # noqa: N818 - it says what is the case
    """The step was not done; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """What a run writes down: journal, record and kept bodies."""

    state: State
    journal: Journal
    record: Record
    now: Now


class Sender:
    """Carries out the steps of one API. Safe to use from many threads.

    Every method raises StepFailed, RemoteError, MissingSecretError, and OSError where nothing can be written down.
    """

    def __init__(
        self, api: Api, identifiers: Identifiers, connection: Connection, memory: Memory, owner: OwnerOf
    ) -> None:
        self._api = api
        self._identifiers = identifiers
        self._comparer = Comparer(api, identifiers, connection)
        self._connection = connection
        self._secrets = {kind.name: kind.secrets for kind in api.kinds}
        self._memory = memory
        self._owner = owner
        self._lock = threading.Lock()

    def write(self, step: Step) -> bool:
        """Make the object what the spec says; False when it was so already."""
        wanted = step.wanted
        if step.blocked or wanted is None:
            raise StepFailed(step.blocked)
        if unknown := self._identifiers.unknown(wanted.body):
            raise StepFailed(f"it refers to the {unknown[0].kind} `{unknown[0].key}`, which is not there")
        body = self._identifiers.fill(wanted.body)
        if self._secrets[wanted.kind]:
            body = self._connection.filled(body)
        known = self._memory.record.get(step.address)
        superseded = known.superseded if known is not None else ()
        changed = True
        if step.live is None:
            live = self._create(step, wanted, body, superseded)
        elif step.action is Action.REPLACE:
            live = self._replace(step, wanted, body, step.live)
            superseded = (*superseded, step.live.id)
        else:
            live, changed = self._update(step, wanted, body, step.live)
        self._identifiers.learn(wanted.key, live)
        self._wrote(step, Pushed(live.id, wanted.revision, wanted.body, superseded))
        return changed

    def delete(self, step: Step) -> bool:
        """Take the live object of ``step`` away; False when it was gone already."""
        if step.blocked or step.live is None:
            raise StepFailed(step.blocked)
        problem: RemoteError | None = None
        for _ in range(TRIES):
            live = self._api.read(step.kind, step.live.id)
            if live is None:
                self._deleted(step, step.live.id)
                return problem is not None
            self._must_be(live, step.live.owner)
            self._must_say(self._api.restorable(step.live), self._api.restorable(live), live)
            self._keep(step, live, step.action)
            self._memory.journal.intent(step, Action.DELETE, live.id)
            try:
                self._api.delete(live)
            except NotFoundError:
                pass
            except (ConflictError, LostAnswerError) as error:
                problem = error
                continue
            except RemoteError:
                self._memory.journal.failed(step, Action.DELETE)
                raise
            self._deleted(step, live.id)
            return True
        raise problem or StepFailed("it is still there")

    def _create(self, step: Step, wanted: Wanted, body: Any, others: tuple[str, ...]) -> Live:
        """A new object beside ``others``. One whose answer was lost is looked for before it is sent again."""
        owner = self._owner(wanted.key)
        problem: RemoteError | None = None
        for _ in range(TRIES):
            self._memory.journal.intent(step, step.action, step.live.id if step.live is not None else "")
            try:
                return self._api.create(wanted.kind, body, owner, wanted.revision)
            except LostAnswerError as error:
                problem = error
                self._connection.clock.sleep(PAUSE)
                if (found := self._marked(wanted.kind, owner, others)) is not None:
                    return found
            except RemoteError:
                self._memory.journal.failed(step, step.action)
                raise
        raise problem or StepFailed("it was not made")

    def _marked(self, kind: str, owner: Owner, others: tuple[str, ...]) -> Live | None:
        return next((live for live in self._api.list(kind) if live.owner == owner and live.id not in others), None)

    def _replace(self, step: Step, wanted: Wanted, body: Any, old: Live) -> Live:
        """A new object beside the old one, which goes when nothing refers to it any more.

        Where the server does not suffer both at a time, the old one goes first.
        """
        live = self._fresh(step, wanted, old)
        self._keep(step, live, Action.REPLACE)
        others = (old.id,)
        try:
            return self._create(step, wanted, body, others)
        except ConflictError:
            self._memory.journal.intent(step, Action.DELETE, old.id)
            self._api.delete(live)
            try:
                return self._create(step, wanted, body, others)
            except ConflictError as conflict:  # it was not ours that is in the way, so ours comes back
                former = self._api.create(live.kind, self._api.restorable(live), live.owner, live.revision)
                raise StepFailed(f"{conflict}; the former object is back as {former.id}") from None

    def _update(self, step: Step, wanted: Wanted, body: Any, planned: Live) -> tuple[Live, bool]:
        owner = self._owner(wanted.key)
        problem: RemoteError | None = None
        for _ in range(TRIES):
            live = self._api.read(wanted.kind, planned.id)
            if live is not None and live.owner == owner and same(*self._comparer.sides(wanted.kind, wanted.body, live)):
                return live, problem is not None
            live = self._fresh(step, wanted, planned, live)
            self._keep(step, live, step.action)
            self._memory.journal.intent(step, step.action, live.id)
            try:
                return self._api.update(live, body, owner, wanted.revision), True
            except (ConflictError, LostAnswerError) as error:
                problem = error
            except RemoteError:
                self._memory.journal.failed(step, step.action)
                raise
        raise problem or StepFailed("it was not changed")

    def _fresh(self, step: Step, wanted: Wanted, planned: Live, live: Live | None = None) -> Live:
        """The object as it is now, which must be what it was when the step was planned."""
        live = live or self._api.read(wanted.kind, planned.id)
        if live is None:
            raise StepFailed("somebody deleted it after this was planned; run it again")
        self._must_be(live, planned.owner)
        before, now = (self._comparer.sides(wanted.kind, wanted.body, each)[0] for each in (planned, live))
        self._must_say(before, now, live)
        return live

    @staticmethod
    def _must_be(live: Live, owner: Owner | None) -> None:
        if live.owner != owner:
            raise StepFailed(f"it belongs to {live.owner or 'nobody'} by now, so it is left alone")

    def _must_say(self, planned: Any, now: Any, live: Live) -> None:
        if not same(planned, now):
            what = self._connection.redactor.clean(headline_of(tuple(differences(planned, now))))
            words = who_changed(live).replace("changed outside monmc", "changed")
            raise StepFailed(f"somebody else {words} after this was planned: {what}; run it again to see both")

    def _keep(self, step: Step, live: Live, action: Action) -> None:
        body = self._api.restorable(live)
        if step.wanted is not None:
            body = without_values(body, step.wanted.body, self._connection, hide=False)
        try:
            keep(self._memory.state.kept, step, live, action, body, self._memory.now())
        except OSError as error:
            raise StepFailed(f"its last body cannot be kept: {error.strerror}") from None

    def _wrote(self, step: Step, pushed: Pushed) -> None:
        self._memory.journal.wrote(step, step.action, pushed)
        with self._lock:
            self._memory.record.entries[step.address] = pushed
            if step.action is Action.RENAME and step.wanted is not None:
                self._memory.record.entries.pop((step.backend, step.kind, step.wanted.was), None)

    def _deleted(self, step: Step, identifier: str) -> None:
        self._memory.journal.deleted(step, identifier)
        with self._lock:
            self._memory.record.forget(step.address, identifier)
