"""The systems of a project: each backend with an API, or with a server that reads its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skillforge_mon.backends.backend import APIS, FILE_SERVERS, connector, file_connector
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.push.codes import NO_ADDRESS, SECRET_MISSING, SYSTEM_FAILED
from skillforge_mon.remote.api import Api, FileServer
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import RefusedError, RemoteError

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """One backend of the project; at least one of ``api`` and ``files`` is there."""

    backend: str
    title: str
    api: Api | None = None
    files: FileServer | None = None


def connect(
    project: Project, connection: Connection, backends: Sequence[str] = ()
) -> tuple[list[System], list[Diagnostic]]:
    """The systems that the project names, in its order, and why some cannot be reached. No request is made.

    ``backends`` limits them; empty means all.
    """
    systems: list[System] = []
    problems: list[Diagnostic] = []
    for name in dict.fromkeys((*project.backends, *APIS, *FILE_SERVERS)):
        if name not in project.backends or (backends and name not in backends):
            continue
        try:
            api = connector(name)(project, connection) if name in APIS else None
            files = file_connector(name)(project, connection) if name in FILE_SERVERS else None
        except RefusedError as error:  # no request was made, so it is the spec that does not say where the system is
            severity = Severity.ERROR if name in backends else Severity.NOTE
            problems.append(NO_ADDRESS.at(None, f"{name} is left out: {error}", severity=severity))
            continue
        except MissingSecretError as error:
            problems.append(problem(name, error))
            continue
        found = api or files
        if found is not None:
            systems.append(System(name, found.title, api, files))
    return systems, problems


def problem(backend: str, error: MissingSecretError | RemoteError) -> Diagnostic:
    """Why nothing is known of what lives on a system."""
    if isinstance(error, MissingSecretError):
        return SECRET_MISSING.at(
            None, f"cannot reach {backend}: {error}", help="set it, or name its source in `secrets`"
        )
    return SYSTEM_FAILED.at(None, f"cannot compare with {backend}: {error}")
