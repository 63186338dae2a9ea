"""Downtimes that people make with ``monmc maintenance``: a ``Muter``.

docs.datadoghq.com, API reference, "Downtimes" (v2). A downtime mutes whole monitors. All monitors of a service are
found by their tag. Of one alert, or of one severity, each monitor gets a downtime of its own; one that tells of other
severities as well goes on telling, since nobody misses a message too many.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.markers import OWNER_TAG
from skillforge_mon.backends.datadog.tags import owner
from skillforge_mon.remote.errors import NotFoundError, RefusedError
from skillforge_mon.remote.muting import Muting, Subject, marked, read_mark
from skillforge_mon.remote.service import Service
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.connection import Connection

TITLE: Final = "Datadog"
PATH: Final = "/api/v2/downtime"
PAGE: Final = 100
_LASTING: Final = ("active", "scheduled")
_ENDLESS: Final = datetime.datetime.max.replace(tzinfo=datetime.UTC)

Downtime = Mapping[str, Any]


def connect_muter(project: Project, connection: Connection) -> RunningDowntimes | None:
    """The downtimes of ``targets.datadog``. Raises ``MissingSecretError`` without its two keys."""
    target = project.targets.datadog
    if target is None:
        return None
    headers = {
        "DD-API-KEY": connection.credential("DD_API_KEY", target.api_key),
        "DD-APPLICATION-KEY": connection.credential("DD_APP_KEY", target.app_key),
    }
    return RunningDowntimes(project, connection.service(TITLE, target.url or f"https://api.{target.site}", headers))


class RunningDowntimes:
    """A ``Muter``."""

    title = TITLE

    def __init__(self, project: Project, service: Service) -> None:
        self._project = project
        self._service = service

    def mute(self, subject: Subject, until: datetime.datetime, reason: str, author: str) -> tuple[Muting, ...]:
        """Make the downtimes, and let those of this subject that are there last longer."""
        message = marked(reason, subject, author, self._project.name, self._project.environment)
        there = [found for found in self._downtimes() if found[0].subject == subject]
        made = []
        for monitors in self._monitors(subject):
            known = next((pair for pair in there if _same(pair[1]["attributes"]["monitor_identifier"], monitors)), None)
            end = until if known is None else max(until, known[0].until)
            if known is None:
                identifier = self._make(message, monitors, end)
            else:
                identifier = known[0].identifier
                self._extend(identifier, message, end)
            made.append(Muting(subject, end, reason, author, identifier))
        return tuple(made)

    def unmute(self, service: str) -> tuple[Muting, ...]:
        """Cancel every downtime of ``service`` that was made so."""
        ended = []
        for muting, _ in list(self._downtimes()):
            if muting.subject.service == service:
                try:
                    self._service.request("DELETE", f"{PATH}/{muting.identifier}")
                except NotFoundError:
                    continue
                ended.append(muting)
        return tuple(ended)

    def muted(self) -> tuple[Muting, ...]:
        """What is down so now."""
        return tuple(muting for muting, _ in self._downtimes())

    def _make(self, message: str, monitors: Mapping[str, Any], end: datetime.datetime) -> str:
        attributes = {
            "message": message,
            "scope": "*",
            "monitor_identifier": monitors,
            "schedule": {"end": end.isoformat(timespec="seconds")},
            "mute_first_recovery_notification": False,
        }
        body = {"data": {"type": "downtime", "attributes": attributes}}
        return str(self._service.request("POST", PATH, body=body, repeatable=False).body["data"]["id"])

    def _extend(self, identifier: str, message: str, end: datetime.datetime) -> None:
        """The start of one in progress cannot be changed, and is not sent."""
        attributes = {"message": message, "schedule": {"end": end.isoformat(timespec="seconds")}}
        body = {"data": {"type": "downtime", "id": identifier, "attributes": attributes}}
        self._service.request("PATCH", f"{PATH}/{identifier}", body=body, repeatable=True)

    def _downtimes(self) -> Iterator[tuple[Muting, Downtime]]:
        project, environment = self._project.name, self._project.environment
        for downtime in self._listed(PATH, "page[limit]", "page[offset]"):
            attributes = downtime["attributes"]
            end = attributes["schedule"].get("end")
            until = datetime.datetime.fromisoformat(end) if end else _ENDLESS
            muting = read_mark(attributes.get("message") or "", project, environment, until, downtime["id"])
            if muting is not None and attributes["status"] in _LASTING:
                yield muting, downtime

    def _listed(self, path: str, limit: str, offset: str) -> Iterator[Downtime]:
        start = 0
        while True:
            found = self._service.request("GET", path, params={limit: PAGE, offset: start}).body["data"]
            yield from found
            start += len(found)
            if len(found) < PAGE:
                return

    def _monitors(self, subject: Subject) -> Iterator[Mapping[str, Any]]:
        """What finds the monitors of ``subject``, one for each downtime. Raises RefusedError where there are none."""
        service = tag_text(f"service:{subject.service}")
        project = [tag_text(f"project:{self._project.name}"), service]
        if self._project.environment != DEFAULT_ENVIRONMENT:
            project.append(tag_text(f"env:{self._project.environment}"))
        if not subject.alert and not subject.severity:
            yield {"monitor_tags": project}
            return
        found = [
            monitor
            for monitor in self._live_monitors(project)
            if set(project) <= set(monitor["tags"]) and self._is_meant(subject, monitor["tags"])
        ]
        if not found:
            raise RefusedError(f"Datadog has no monitor of ours that tells of {subject} and of nothing else")
        for monitor in found:
            yield {"monitor_id": monitor["id"]}

    def _live_monitors(self, tags: list[str]) -> Iterator[Mapping[str, Any]]:
        number = 0
        while True:
            params: dict[str, str | int] = {"monitor_tags": ",".join(tags), "page": number, "page_size": PAGE}
            found = self._service.request("GET", "/api/v1/monitor", params=params).body
            yield from found
            number += 1
            if len(found) < PAGE:
                return

    def _is_meant(self, subject: Subject, tags: list[str]) -> bool:
        severities = [tag.removeprefix("severity:") for tag in tags if tag.startswith("severity:")]
        if subject.severity and severities != [subject.severity]:
            return False
        own = tag_text(f"{OWNER_TAG}:{owner(self._project, f'alerts.{subject.alert}')}")
        # The second monitor of an alert has the severity after its name.
        return not subject.alert or any(tag == own or tag.startswith(f"{own}.") for tag in tags)


def _same(live: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(live.get(key) == value for key, value in wanted.items())
