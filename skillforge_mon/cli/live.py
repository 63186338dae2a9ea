"""What the commands share that ask running systems: one project, its connection, and its systems."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.options import Colour, OutputFormat, named_specs, print_diagnostics
from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.remote.connection import Connection

if TYPE_CHECKING:
    from skillforge_mon.push.systems import System

SpecOption = Annotated[
    Path | None, typer.Option("--spec", metavar="SPEC", help="The project; needed where `specs/` holds several.")
]


@dataclass(frozen=True, slots=True, eq=False)
class LiveProject:
    """``problems`` say which systems cannot be reached, and why."""

    compilation: Compilation
    connection: Connection
    systems: Sequence[System]
    problems: Sequence[Diagnostic]

    def tell(self, problems: Sequence[Diagnostic], colour: Colour) -> None:
        """Print ``problems`` for people, without the specs that have nothing to do with them."""
        if problems:
            print_diagnostics(problems, self.compilation.sources, Summary(0), OutputFormat.text, colour, sys.stderr)


def open_project(
    path: Path, environment: str | None, backends: Sequence[str], colour: Colour, *, whole: bool = False
) -> LiveProject | None:
    """The project at ``path`` and its systems; None after its errors have been printed. No request is made.

    Nothing is compiled for the backends unless ``whole``.
    """
    from skillforge_mon.push.systems import connect

    compilation = compile_project(path, environment=environment, backends=() if whole else ("runbooks",))
    if compilation.failed or compilation.project is None:
        errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
        summary = Summary(len(compilation.sources.texts))
        print_diagnostics(errors, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
        return None
    connection = Connection(compilation.project.spec.secrets, os.environ)
    systems, problems = connect(compilation.project, connection, backends)
    return LiveProject(compilation, connection, systems, problems)


def only_spec(spec: Path | None) -> Path:
    """``spec``, or the only one in ``specs/``; wrong usage where there are several."""
    if spec is not None:
        return spec
    found = named_specs(None)
    if len(found) > 1:
        names = ", ".join(path.as_posix() for path in found)
        raise typer.BadParameter(f"there are several specs ({names}): name the one that is meant", param_hint="--spec")
    return found[0]
