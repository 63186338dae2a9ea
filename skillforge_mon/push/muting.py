"""``monmc maintenance``: the same asked of every system that can mute, at the same time; none waits for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skillforge_mon.backends.backend import MUTERS, muter_connector
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import RemoteError
from skillforge_mon.remote.understanding import understanding

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.api import Muter
    from skillforge_mon.remote.muting import Muting


@dataclass(frozen=True, slots=True)
class Muted:
    """What one system answered: ``mutings``, or why it did not do it in ``problem``."""

    title: str
    mutings: tuple[Muting, ...] = ()
    problem: str = ""


def muters(project: Project, connection: Connection) -> tuple[list[Muter], list[str]]:
    """The systems that can mute, and why some of those that the project names cannot be reached."""
    found: list[Muter] = []
    missing: list[str] = []
    for name in MUTERS:
        if name not in project.backends:
            continue
        try:
            muter = muter_connector(name)(project, connection)
        except MissingSecretError as error:
            missing.append(f"{name}: {error}")
            continue
        if muter is None:
            missing.append(f"{name}: `targets.{name}` has no `url`")
        else:
            found.append(muter)
    return found, missing


def on_each(systems: Sequence[Muter], act: Callable[[Muter], tuple[Muting, ...]]) -> tuple[Muted, ...]:
    """What ``act`` gives for each system, in their order. Nothing is raised."""
    with ThreadPoolExecutor(max(1, len(systems))) as pool:
        return tuple(pool.map(lambda system: _done(system, act), systems))


def _done(system: Muter, act: Callable[[Muter], tuple[Muting, ...]]) -> Muted:
    try:
        with understanding(system.title):
            return Muted(system.title, act(system))
    except (RemoteError, MissingSecretError) as error:
        return Muted(system.title, problem=str(error))
