"""``monmc backup``: every live object in a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.live import LiveProject, open_project
from skillforge_mon.cli.options import (
    BackendOption,
    Colour,
    ColourOption,
    EnvironmentOption,
    SpecPaths,
    backend_names,
    named_specs,
    write_text,
)

if TYPE_CHECKING:
    from skillforge_mon.documents.document import Plain
    from skillforge_mon.push.backup import Hidden
    from skillforge_mon.push.steps import Address

FOLDER = "backup"


def command(
    paths: SpecPaths = None,
    environment: EnvironmentOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is not ours, as far as we may see it.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Default: one below `backup`, named after the time.")
    ] = None,
    backend: BackendOption = None,
    colour: ColourOption = Colour.auto,
) -> int:
    """Save live objects to a folder, each in a file of its own, from which `monmc restore` puts them back."""
    from skillforge_mon.push.kept import now

    moment = now()
    backends = backend_names(backend or [])
    folder = out or Path(FOLDER) / f"{moment:%Y%m%dT%H%M%SZ}"
    failed = False
    for path in named_specs(paths):
        opened = open_project(path, environment, backends, colour, whole=True)
        if opened is None or not _backed_up(opened, folder, moment, colour, everything=everything):
            failed = True
    return 1 if failed else 0


def _backed_up(opened: LiveProject, folder: Path, moment: datetime, colour: Colour, *, everything: bool) -> bool:
    from skillforge_mon.push.backup import back_up
    from skillforge_mon.push.codes_saved import BACKUP_NOT_WRITTEN, NOT_SAVED_WHOLLY

    name, environment = opened.compilation.name, opened.compilation.environment
    own = folder / name / environment
    apis = {system.backend: system.api for system in opened.systems if system.api is not None}
    if not apis:
        opened.tell(opened.problems, colour)
        write_text(sys.stderr, f"{name}/{environment}: no system of its targets has objects that could be saved\n")
        return not opened.problems
    try:
        with opened.connection:
            done = back_up(
                apis, own, moment, project=name, environment=environment, everything=everything, hidden=_hidden(opened)
            )
    except OSError as error:
        opened.tell([BACKUP_NOT_WRITTEN.at(None, f"`{own}` cannot be written: {error.strerror or error}")], colour)
        return False
    for (system, kind), count in done.counts.items():
        write_text(sys.stderr, f"{system:14} {kind:18} {count:6}\n")
    write_text(sys.stderr, f"{name}/{environment}: {sum(done.counts.values())} objects saved\n")
    write_text(sys.stdout, f"{own.as_posix()}\n")
    missed = [NOT_SAVED_WHOLLY.at(None, problem) for problem in done.problems]
    opened.tell([*opened.problems, *missed], colour)
    return not missed and not opened.problems


def _hidden(opened: LiveProject) -> Hidden:
    """What puts references where a live object has the values of the spec's secrets."""
    from skillforge_mon.push.secret_values import without_values

    wanted = {
        (part.resource.backend, part.resource.kind, part.resource.key): part.content
        for document in opened.compilation.documents
        for part in document.resources
    }

    def hidden(address: Address, body: Plain) -> Plain:
        found: Plain = without_values(body, wanted.get(address), opened.connection, hide=False)
        return found

    return hidden
