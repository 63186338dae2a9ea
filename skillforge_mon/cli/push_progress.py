"""How a push is followed: bars on a terminal, a line for each step elsewhere, events for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from skillforge_mon.cli.options import write_text
from skillforge_mon.push.events import BEGUN, Event, Told, line
from skillforge_mon.push.scheduler import Status

if TYPE_CHECKING:
    from skillforge_mon.push.steps import Plan


@contextmanager
def progress(plan: Plan, as_events: bool, colour: bool) -> Iterator[Told]:
    """What hears of each step of ``plan``. Bars and lines go to stderr, events to stdout."""
    if as_events:
        yield _write_event
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and plan.work:
        with _bars(plan, colour) as told:
            yield told
    else:
        yield _write_line


def _write_event(event: Event) -> None:
    write_text(sys.stdout, json.dumps(event.to_plain()) + "\n")


def _write_line(event: Event) -> None:
    if event.what != BEGUN:
        write_text(sys.stderr, line(event) + "\n")


@contextmanager
def _bars(plan: Plan, colour: bool) -> Iterator[Told]:
    """A bar for each system; what fails is told above them."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=not colour, highlight=False, markup=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        of_backend = {
            system.backend: bars.add_task(system.title, total=len(system.work))
            for system in plan.systems
            if system.work
        }

        def told(event: Event) -> None:
            if event.what == BEGUN:
                return
            bars.advance(of_backend[event.step.backend])
            if event.what in {Status.FAILED, Status.SKIPPED}:
                console.print(line(event))

        yield told
