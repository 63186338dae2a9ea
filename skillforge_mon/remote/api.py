"""The contract of ``api.py`` in a backend: what push, live diff, backup and health ask of a system.

A module ``backends/<name>/api.py`` has ``connect(project, connection) -> Api``. It makes no request: the first one is
made by the first call on the result. The engine that calls an ``Api`` knows no backend by name.

A system may be both: Alertmanager reads files, and has silences in its API.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from skillforge_mon.documents.document import Document, Plain, Reference
from skillforge_mon.remote.live import Live, Owner

if TYPE_CHECKING:
    from datetime import datetime

    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.connection import Connection
    from skillforge_mon.remote.muting import Muting, Subject


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object.

    ``order`` decides where no reference does: lower ones are created and updated first and deleted last. ``title`` is
    what people call one (``monitor``). A kind that is not ``deletable`` is never deleted, not even with ``--prune``.
    Without ``secrets``, ``${env:x}`` in a body is the system's own language (a variable of a dashboard).
    """

    name: str
    order: int
    title: str
    deletable: bool = True
    secrets: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``monmc health``: what was asked, whether it is well, and what to do where it is not.

    ``skipped`` is set, with the reason in ``detail``, for what cannot be asked of this system.
    """

    subject: str
    ok: bool
    detail: str = ""
    help: str = ""
    skipped: bool = False


class Api(Protocol):
    """One system of one project.

    Every method may raise ``RemoteError``. ``concurrency`` is how many requests the system takes at a time.
    """

    title: str
    concurrency: int
    kinds: tuple[Kind, ...]

    def list(self, kind: str) -> Iterator[Live]:
        """Every object of the kind that the credentials see, ours and others', with one request per page."""
        ...

    def read(self, kind: str, identifier: str) -> Live | None:
        """The whole of one object as it is now; None when there is none."""
        ...

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make a new one of ``body``, in which every reference is resolved. Marks it as ``owner``'s.

        With ``owner`` None it is made of ``body`` as it stands, without a mark: that is how a backup of an object that
        is not ours, or that bears its mark already, is put back. ``update`` does the same. Raises ``LostAnswerError``
        when it may or may not have been made.
        """
        ...

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make ``live`` say what ``body`` says. ``ConflictError`` when it has changed since it was read."""
        ...

    def delete(self, live: Live) -> None:
        """Take it away. That it is gone already is no error."""
        ...

    def lookup(self, reference: Reference) -> str | int | None:
        """The identifier of something that is on the server and not in the tree (a team, an integration)."""
        ...

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)`` in forms that are equal when the live object says what ``body`` says.

        ``body`` is the document's, with references resolved as far as they can be. What the server adds, defaults or
        rewrites is known from tables with their source; what it has and ``body`` has not is left out; markers and
        revisions are left out.
        """
        ...

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """Why the server cannot make this change in place (``its type cannot change``); empty when it can."""
        ...

    def restorable(self, live: Live) -> Plain:
        """The body that makes the object again: what it says, without what only the server writes."""
        ...

    def health(self) -> Iterator[Check]:
        """Whether the system answers, and accepts the credentials with the permissions that push needs."""
        ...


@runtime_checkable
class ExplainsAbsence(Protocol):
    """An ``Api`` that can say why ``lookup`` finds nothing."""

    def absence(self, reference: Reference) -> str:
        """Why there is none, and what to install, make or write where."""
        ...


@runtime_checkable
class BringsAlong(Protocol):
    """An ``Api`` in which making one object makes others that can be referred to."""

    def comes_with(self, reference: Reference) -> Reference | None:
        """The object of the tree that brings along what ``lookup`` finds under ``reference``; None where none does."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that a server has loaded from a file and a build says otherwise; None where one side has none.

    ``live`` and ``wanted`` are in comparable forms, as those of ``Api.comparable``.
    """

    kind: str
    name: str
    live: Plain
    wanted: Plain


class FileServer(Protocol):
    """A system that reads files (Prometheus, Alertmanager): it can say what it has loaded, and read again.

    Its module ``backends/<name>/loaded.py`` has ``connect_files(project, connection) -> FileServer | None``, None where
    the target has no ``url``.
    """

    title: str

    def differences(self, documents: Sequence[Document]) -> Iterator[Difference]:
        """What the server has loaded otherwise than ``documents``, which are all of its backend, say it."""
        ...

    def reload(self) -> None:
        """Let it read its files again; raises ``RefusedError`` with its own words when it does not take them."""
        ...

    def health(self) -> Iterator[Check]:
        """Whether it answers, and whether what it does succeeds (targets up, rules evaluated, notifications sent)."""
        ...


class Connect(Protocol):
    """``connect`` in ``api.py`` of a backend."""

    def __call__(self, project: Project, connection: Connection) -> Api:
        """The API of the project's target for this backend."""
        ...


class ConnectFiles(Protocol):
    """``connect_files`` in ``loaded.py`` of a backend."""

    def __call__(self, project: Project, connection: Connection) -> FileServer | None:
        """The server of the project's target; None where the spec does not say where it is."""
        ...


class Muter(Protocol):
    """A system on which alerts can be muted for a while by hand, without a build and without a push.

    Its module, which ``backends.backend.MUTERS`` names, has ``connect_muter(project, connection) -> Muter | None``,
    None where the target has no address. What it makes it knows again by a line of its own; nothing else is touched.
    """

    title: str

    def mute(self, subject: Subject, until: datetime, reason: str, author: str) -> tuple[Muting, ...]:
        """Mute ``subject`` until then, or for longer where it is muted already; the result is what mutes it now."""
        ...

    def unmute(self, service: str) -> tuple[Muting, ...]:
        """End everything that was muted by hand for ``service``; the result is what was ended."""
        ...

    def muted(self) -> tuple[Muting, ...]:
        """What is muted by hand now, for this project and environment."""
        ...


class ConnectMuter(Protocol):
    """``connect_muter`` of a backend."""

    def __call__(self, project: Project, connection: Connection) -> Muter | None:
        """The system of the project's target; None where the spec does not say where it is."""
        ...
