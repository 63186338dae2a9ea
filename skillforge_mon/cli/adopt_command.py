"""``monmc adopt``: an object that somebody made by hand becomes one of the spec."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.live import LiveProject, SpecOption, only_spec, open_project
from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    backend_names,
    coloured,
    write_text,
)
from skillforge_mon.cli.push_session import begin
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.push.state import FOLDER

if TYPE_CHECKING:
    from skillforge_mon.documents.document import Document, Resource
    from skillforge_mon.push.session import Session
    from skillforge_mon.push.systems import System

INTERRUPTED = 130


def command(
    backend: Annotated[str, typer.Argument(metavar="BACKEND", help="The system that it lives on: `datadog`.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What it is there: `monitor`.")],
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Its identifier there: `12345`.")],
    name: Annotated[str, typer.Argument(metavar="OBJECT", help="What it becomes: `alerts.HighErrorRate`.")],
    spec: SpecOption = None,
    environment: EnvironmentOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    state: Annotated[
        Path, typer.Option("--state", metavar="FOLDER", help="What pushes remember, and where the old body is kept.")
    ] = Path(FOLDER),
    colour: ColourOption = Colour.auto,
) -> int:
    """Make a live object, which nobody owns, the one that the spec says: show what changes, ask, then change it."""
    from skillforge_mon.push.adopting import adopter

    backend_names([backend])
    opened = open_project(only_spec(spec), environment, (backend,), colour, whole=True)
    if opened is None:
        return 1
    with ExitStack() as stack:
        stack.enter_context(opened.connection)
        chosen = adopter(opened.compilation.documents, backend, kind, name)
        system = next((each for each in opened.systems if each.backend == backend and each.api is not None), None)
        if isinstance(chosen, Diagnostic):
            return _refused(opened, [chosen], colour)
        if system is None:
            return _refused(opened, opened.problems or [_nowhere(opened, backend)], colour)
        session = begin(state, opened.compilation, stack)
        if isinstance(session, list):
            return _refused(opened, session, colour)
        return _adopted(opened, session, system, chosen, identifier, colour, yes=yes)


def _adopted(
    opened: LiveProject,
    session: Session,
    system: System,
    chosen: tuple[Document, Resource],
    identifier: str,
    colour: Colour,
    *,
    yes: bool,
) -> int:
    """Plan, show, ask and do it; the result is the exit code."""
    from skillforge_mon.cli.push_progress import progress
    from skillforge_mon.diff.render.text import render_text
    from skillforge_mon.push.adopting import carry_out, plan_adoption
    from skillforge_mon.push.changes import change_sets
    from skillforge_mon.push.codes import NOT_CONFIRMED, STATE_UNUSABLE
    from skillforge_mon.push.planning import Target

    compilation = opened.compilation
    target = Target(compilation.name, compilation.environment, compilation.documents, session.record, opened.connection)
    plan, problems = plan_adoption(target, system, chosen, identifier)
    if problems:
        return _refused(opened, problems, colour)
    write_text(sys.stdout, render_text(change_sets(plan), coloured(colour, sys.stdout)))
    if not yes:
        if not sys.stdin.isatty():
            headline = "nobody is there to ask, so nothing was changed"
            return _refused(opened, [NOT_CONFIRMED.at(None, headline, help="adopt with --yes")], colour)
        if not typer.confirm("Adopt it?", err=True):
            return 1
    try:
        with progress(plan, as_events=False, colour=coloured(colour, sys.stderr)) as told:
            outcome = carry_out(plan, system, target, session, told)
    except OSError as error:
        headline = f"cannot write `{error.filename or session.state.root}`: {error.strerror}"
        return _refused(opened, [STATE_UNUSABLE.at(None, headline)], colour)
    write_text(sys.stdout, outcome.report())
    if outcome.interrupted:
        return INTERRUPTED
    return 1 if outcome.failed else 0


def _refused(opened: LiveProject, problems: Sequence[Diagnostic], colour: Colour) -> int:
    opened.tell(problems, colour)
    return 1


def _nowhere(opened: LiveProject, backend: str) -> Diagnostic:
    from skillforge_mon.push.codes import NOTHING_TO_REACH

    headline = f"`{opened.compilation.name}` has no {backend} whose objects could be adopted"
    return NOTHING_TO_REACH.at(None, headline, help="name it among the targets, with its `url`")
