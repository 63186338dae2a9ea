"""Silences that people make with ``monmc maintenance``: a ``Muter``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from skillforge_mon.backends.alertmanager.normalise import moment_of, time_text
from skillforge_mon.backends.alertmanager.silences import matchers_of
from skillforge_mon.backends.authorization import authorization
from skillforge_mon.lower.notices import alert_names
from skillforge_mon.lower.scope import Scope
from skillforge_mon.remote.errors import LostAnswerError, NotFoundError
from skillforge_mon.remote.muting import Muting, Subject, marked, read_mark
from skillforge_mon.remote.service import Service

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.connection import Connection

TITLE: Final = "Alertmanager"
_EXPIRED: Final = "expired"


def connect_muter(project: Project, connection: Connection) -> RunningSilences | None:
    """The silences of ``targets.alertmanager``; None where that has no ``url``."""
    target = project.targets.alertmanager
    if target is None or target.url is None:
        return None
    return RunningSilences(project, connection.service(TITLE, target.url, authorization(target, connection)))


class RunningSilences:
    """A ``Muter``."""

    title = TITLE

    def __init__(self, project: Project, service: Service) -> None:
        self._project = project
        self._service = service

    def mute(self, subject: Subject, until: datetime.datetime, reason: str, author: str) -> tuple[Muting, ...]:
        """Make a silence, or let the one of this subject last longer."""
        body: dict[str, Any] = {
            "matchers": matchers_of(self._scope(subject)),
            "startsAt": time_text(datetime.datetime.now(datetime.UTC)),
            "endsAt": time_text(until),
            "createdBy": author,
            "comment": marked(reason, subject, author, self._project.name, self._project.environment),
        }
        there = next((found for found in self._silences() if found[0].subject == subject), None)
        if there is not None:
            muting, silence = there
            body |= {"id": muting.identifier, "startsAt": silence["startsAt"]}
            body["endsAt"] = time_text(max(until, muting.until))
        # Sent twice it would be two silences of one line, which muting again or ending makes one again.
        answer = self._service.request("POST", "/api/v2/silences", body=body, repeatable=False)
        return (Muting(subject, moment_of(body["endsAt"]), reason, author, answer.body["silenceID"]),)

    def unmute(self, service: str) -> tuple[Muting, ...]:
        """End every silence of ``service`` that was made so."""
        ended = []
        for muting, _ in list(self._silences()):
            if muting.subject.service == service and self._end(muting):
                ended.append(muting)
        return tuple(ended)

    def muted(self) -> tuple[Muting, ...]:
        """What is silenced so now."""
        return tuple(muting for muting, _ in self._silences())

    def _end(self, muting: Muting) -> bool:
        """False when it has ended already, which is answered with 404 or 500, depending on the version."""
        try:
            self._service.request("DELETE", f"/api/v2/silence/{muting.identifier}", repeatable=False)
        except NotFoundError:
            return False
        except LostAnswerError:
            if any(muting.identifier == other.identifier for other in self.muted()):
                raise
            return False
        return True

    def _silences(self) -> Iterator[tuple[Muting, dict[str, Any]]]:
        project, environment = self._project.name, self._project.environment
        for silence in self._service.request("GET", "/api/v2/silences").body:
            end = moment_of(silence["endsAt"])
            muting = read_mark(silence["comment"], project, environment, end, silence["id"])
            if muting is not None and silence["status"]["state"] != _EXPIRED:
                yield muting, silence

    def _scope(self, subject: Subject) -> Scope:
        """An alert is meant with the rule that says that it has no data."""
        alert = self._project.alerts.get(subject.alert)
        names = alert_names(alert) if alert is not None else (subject.alert,)
        return Scope(
            frozenset((subject.service,)),
            frozenset(names) if subject.alert else None,
            frozenset((subject.severity,)) if subject.severity else None,
        )
