"""A running Alertmanager that reads the files of a build: what it has loaded, reading again, and its health."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from skillforge_mon.backends.alertmanager.loaded_health import health
from skillforge_mon.backends.alertmanager.loaded_settings import setting_differences
from skillforge_mon.backends.authorization import authorization
from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check, Difference
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import LostAnswerError, RefusedError
from skillforge_mon.remote.service import Service

TITLE: Final = "Alertmanager"


def connect_files(project: Project, connection: Connection) -> LoadedAlertmanager | None:
    """The server of ``targets.alertmanager``; None where that has no ``url``."""
    target = project.targets.alertmanager
    if target is None or target.url is None:
        return None
    return LoadedAlertmanager(connection.service(TITLE, target.url, authorization(target, connection)))


class LoadedAlertmanager:
    """A ``FileServer``."""

    title = TITLE

    def __init__(self, service: Service) -> None:
        self._service = service

    def differences(self, documents: Sequence[Document]) -> Iterator[Difference]:
        """Settings, receivers, routes, inhibition and time intervals that the server has otherwise.

        The texts of template files are not to be had from a server.
        """
        wanted: Mapping[str, Plain] = {}
        for document in documents:
            if document.path.endswith("/alertmanager.yml") and isinstance(document.content, Mapping):
                wanted = document.content
        printed = self._service.request("GET", "/api/v2/status").body["config"]["original"]
        return setting_differences(printed, wanted)

    def reload(self) -> None:
        """Let it read its files again."""
        try:
            self._service.request("POST", "/-/reload", repeatable=False)
        except LostAnswerError as error:
            # What it cannot load it tells with a 500, and goes on with what it had.
            if error.status == 500:
                raise RefusedError(str(error), error.status) from None
            raise

    def health(self) -> Iterator[Check]:
        """Ready, configuration, cluster, notifications by integration, silences."""
        return health(self._service)
