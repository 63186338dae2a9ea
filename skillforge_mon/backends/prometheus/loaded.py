"""A running Prometheus that reads the files of a build: what it has loaded, reading again, and its health."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from skillforge_mon.backends.authorization import authorization
from skillforge_mon.backends.prometheus.configuration import RULES
from skillforge_mon.backends.prometheus.loaded_health import health
from skillforge_mon.backends.prometheus.loaded_rules import loaded_groups, rule_differences, written_groups
from skillforge_mon.backends.prometheus.loaded_settings import evaluation_interval, setting_differences
from skillforge_mon.backends.prometheus.loaded_targets import target_differences
from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check, Difference
from skillforge_mon.remote.clock import Clock
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import LostAnswerError, RefusedError, UnauthorisedError
from skillforge_mon.remote.service import Answer, Service

TITLE: Final = "Prometheus"
DISCOVERY_SECONDS: Final = 8.0
"""After loading a file, a server hands on what it discovered every 5 seconds (updatert in discovery/manager.go)."""

_AGAIN_SECONDS: Final = 0.5
_WITHOUT_LIFECYCLE: Final = (
    "Prometheus does not reload on request: start it with `--web.enable-lifecycle`, or send its process SIGHUP "
    "(`docker compose kill --signal=SIGHUP prometheus`)"
)


def connect_files(project: Project, connection: Connection) -> LoadedPrometheus | None:
    """The server of ``targets.prometheus``; None where that has no ``url``."""
    target = project.targets.prometheus
    if target is None or target.url is None:
        return None
    service = connection.service(TITLE, target.url, authorization(target, connection))
    return LoadedPrometheus(service, connection.clock, tells_somebody=bool(target.alertmanagers))


class LoadedPrometheus:
    """A ``FileServer``. ``tells_somebody`` is whether the build names Alertmanagers."""

    title = TITLE

    def __init__(self, service: Service, clock: Clock, *, tells_somebody: bool) -> None:
        self._service = service
        self._clock = clock
        self._tells_somebody = tells_somebody

    def differences(self, documents: Sequence[Document]) -> Iterator[Difference]:
        """Settings, scrape jobs, targets from files, and rules that the server has otherwise."""
        wanted: Mapping[str, Plain] = {}
        for document in documents:
            if document.path.endswith("/prometheus.yml") and isinstance(document.content, Mapping):
                wanted = document.content
        printed = self._get("status/config").body["data"]["yaml"]
        yield from setting_differences(printed, wanted)
        yield from self._targets(documents)
        # The files of rules that the configuration does not name are for a ruler.
        rules = [document for document in documents if f"/{RULES}/" in document.path and "rule_files" in wanted]
        written = written_groups(rules, evaluation_interval(wanted))
        yield from rule_differences(loaded_groups(self._get("rules").body["data"]), written)

    def reload(self) -> None:
        """Let it read its files again, which needs ``--web.enable-lifecycle``."""
        try:
            self._service.request("POST", "/-/reload", repeatable=False)
        except UnauthorisedError as error:
            if "Lifecycle API is not enabled" in str(error):
                raise RefusedError(_WITHOUT_LIFECYCLE, error.status) from None
            raise
        except LostAnswerError as error:
            # What it cannot load it tells with a 500, and goes on with what it had.
            if error.status == 500:
                raise RefusedError(str(error), error.status) from None
            raise

    def health(self) -> Iterator[Check]:
        """Ready, configuration, targets, rules, Alertmanagers, storage."""
        return health(self._service, tells_somebody=self._tells_somebody)

    def _targets(self, documents: Sequence[Document]) -> Iterator[Difference]:
        """Right after a reload the server does not know its targets yet: what differs is looked at again."""
        while True:
            found = list(target_differences(documents, self._get("targets").body["data"]))
            if not found or not self._has_just_loaded():
                return iter(found)
            self._clock.sleep(_AGAIN_SECONDS)

    def _has_just_loaded(self) -> bool:
        answer = self._get("status/runtimeinfo")
        loaded: Any = answer.body["data"]["lastConfigTime"]
        age = _server_time(answer) - datetime.fromisoformat(loaded)
        return age.total_seconds() < DISCOVERY_SECONDS

    def _get(self, path: str) -> Answer:
        return self._service.request("GET", f"/api/v1/{path}")


def _server_time(answer: Answer) -> datetime:
    """Now, by the clock of the server: ours may be another."""
    date = answer.headers.get("Date")
    return parsedate_to_datetime(date) if date else datetime.now(UTC)
