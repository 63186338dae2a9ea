"""Alertmanager's API, as far as push, live diff, backup and health use it: silences.

Everything else that Alertmanager does it reads from files; see ``loaded.py``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from skillforge_mon.backends.alertmanager.normalise import (
    SAID,
    compared,
    is_over,
    marked,
    moment_of,
    owner_of,
    time_text,
)
from skillforge_mon.backends.alertmanager.silences import CREATOR, KIND, silenced_from_to
from skillforge_mon.backends.authorization import authorization
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.remote.api import Check, Kind
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RemoteError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.service import Service

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.connection import Connection

TITLE: Final = "Alertmanager"
CONCURRENCY: Final = 4
_EXPIRED: Final = "expired"


def connect(project: Project, connection: Connection) -> AlertmanagerApi | None:
    """The API of ``targets.alertmanager``; None where that has no ``url``."""
    target = project.targets.alertmanager
    if target is None or target.url is None:
        return None
    service = connection.service(TITLE, target.url, authorization(target, connection), concurrency=CONCURRENCY)
    return AlertmanagerApi(project, service)


class AlertmanagerApi:
    """The silences of one Alertmanager, or of one cluster: each member tells the others."""

    title = TITLE
    concurrency = CONCURRENCY
    kinds = (Kind(KIND, 10, "silence"),)

    def __init__(
        self,
        project: Project,
        service: Service,
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        self._project = project
        self._service = service
        self._now = now

    def list(self, kind: str) -> Iterator[Live]:
        """Every silence that is in force or to come; and for every window that is over, what there was of it.

        A silence whose time is over is gone, and is not to be made again: it stands for itself as it was.
        """
        found = [
            self._live(body)
            for body in self._service.request("GET", "/api/v2/silences").body
            if body["status"]["state"] != _EXPIRED
        ]
        yield from found
        there = {live.owner.key for live in found if live.owner is not None and self._is_ours(live.owner)}
        yield from self._over(kind, there)

    def read(self, kind: str, identifier: str) -> Live | None:
        """The silence; None when it has expired, or there never was one."""
        try:
            body = self._service.request("GET", f"/api/v2/silence/{identifier}").body
        except NotFoundError:
            return None
        return None if body["status"]["state"] == _EXPIRED else self._live(body)

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make a silence, unless its time is over."""
        fields = _fields(body)
        if is_over(fields, self._now()):
            return Live(kind, "", _name(fields), fields, owner, revision)
        return self._sent(fields, owner, revision)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make ``live`` say what ``body`` says. Alertmanager may end it and make another: the result has its id."""
        there = self.read(live.kind, live.id)
        if there is None:
            raise ConflictError(f"the silence {live.id} has been ended since it was read")
        if there.body["updatedAt"] != live.body["updatedAt"]:
            raise ConflictError(f"the silence {live.id} has been changed since it was read")
        fields = _fields(body)
        if all(moment_of(side["startsAt"]) <= self._now() for side in (fields, there.body)):
            # The start of one that has begun cannot be changed: with another start it would be another silence.
            fields["startsAt"] = there.body["startsAt"]
        return self._sent({**fields, "id": live.id}, owner, revision)

    def delete(self, live: Live) -> None:
        """End it now. One that has ended already is answered with 404 or 500, depending on the version."""
        try:
            self._service.request("DELETE", f"/api/v2/silence/{live.id}", repeatable=False)
        except NotFoundError:
            return
        except RemoteError:
            if self.read(live.kind, live.id) is not None:
                raise

    def lookup(self, reference: Reference) -> str | int | None:
        """Nothing: no silence refers to anything."""
        return None

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)``: matchers in order, times in UTC, without marker, creator and a start that is over."""
        return compared(_fields(body), live.body, self._now())

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """Never: what cannot be changed in place Alertmanager replaces itself."""
        return ""

    def restorable(self, live: Live) -> Plain:
        """What it says."""
        return {key: live.body[key] for key in SAID if key in live.body}

    def health(self) -> Iterator[Check]:
        """Nothing that the files' own check does not ask."""
        return iter(())

    def _sent(self, fields: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        body = dict(fields)
        if owner is not None:
            body["comment"] = marked(str(body["comment"]), owner, revision)
        answer = self._service.request("POST", "/api/v2/silences", body=body, repeatable=False)
        made = self.read(KIND, answer.body["silenceID"])
        if made is None:
            raise ConflictError(f"the silence {answer.body['silenceID']} was ended as soon as it was made")
        return made

    def _live(self, body: Mapping[str, Any]) -> Live:
        owner, revision = owner_of(body["comment"])
        creator = str(body["createdBy"])
        return Live(
            KIND,
            body["id"],
            _name(body),
            body,
            owner,
            revision,
            changed_by="" if creator == CREATOR else creator,
            changed_at=body["updatedAt"],
        )

    def _over(self, kind: str, there: set[str]) -> Iterator[Live]:
        target = self._project.targets.alertmanager
        if target is None or target.maintenance != "silences":
            return
        for window in self._project.maintenance.values():
            if window.spec.on is None or window.id in there:
                continue
            begin, end = silenced_from_to(window)
            if end <= self._now():
                body = {"startsAt": time_text(begin), "endsAt": time_text(end), "comment": "", "matchers": []}
                owner = Owner(self._project.name, self._project.environment, window.id)
                yield Live(kind, f"over-{window.name}", window.name, body, owner)

    def _is_ours(self, owner: Owner) -> bool:
        return (owner.project, owner.environment) == (self._project.name, self._project.environment)


def _fields(body: Plain) -> dict[str, Any]:
    return dict(body) if isinstance(body, Mapping) else {}


def _name(body: Mapping[str, Any]) -> str:
    """The first line of its comment: a silence has no name."""
    return str(body["comment"]).partition("\n")[0]
