"""``monmc health``: would the systems do what the specs count on?"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from skillforge_mon.cli.live import open_project
from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    SpecPaths,
    backend_names,
    coloured,
    named_specs,
    write_text,
)


class HealthFormat(StrEnum):
    """How health is printed."""

    text = "text"
    json = "json"


def command(
    paths: SpecPaths = None,
    environment: EnvironmentOption = None,
    backend: Annotated[
        list[str] | None,
        typer.Option("--backend", metavar="NAME", help="Only this backend; may be given several times."),
    ] = None,
    output_format: Annotated[HealthFormat, typer.Option("--format", help="How it is printed.")] = HealthFormat.text,
    colour: ColourOption = Colour.auto,
) -> int:
    """Ask every system whether it answers, takes the credentials, and does what it is there for. Changes nothing."""
    from skillforge_mon.push.health import Examined, SystemHealth, examine
    from skillforge_mon.push.health_report import health_json, health_text

    backends = backend_names(backend or [])
    found: list[SystemHealth] = []
    problems: list[str] = []
    failed = False
    for path in named_specs(paths):
        opened = open_project(path, environment, backends, colour)
        if opened is None:
            failed = True
            continue
        asked: dict[str, list[Examined]] = {
            system.backend: [each for each in (system.files, system.api) if each is not None]
            for system in opened.systems
        }
        with opened.connection:
            found.extend(examine(asked))
        problems.extend(problem.headline for problem in opened.problems)
        if not asked and not opened.problems:
            write_text(sys.stderr, f"{path}: no target has a `url` or an API, so there is nobody to ask\n")
            failed = True
    if output_format is HealthFormat.json:
        write_text(sys.stdout, health_json(found, problems, failed=failed))
    elif found or problems:
        write_text(sys.stdout, health_text(found, problems, coloured(colour, sys.stdout)))
    return 1 if failed or problems or not all(system.ok for system in found) else 0
