"""``monmc check``: all problems of the specs at once."""

from __future__ import annotations

import datetime
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    FormatOption,
    OutputFormat,
    SpecPaths,
    StrictOption,
    TodayOption,
    day_of_run,
    named_specs,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import check_project
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.fixes import apply_fixes


def command(
    paths: SpecPaths = None,
    environments: Annotated[
        list[str] | None,
        typer.Option("--env", metavar="NAME", help="Only this environment; default: the spec and every environment."),
    ] = None,
    output_format: FormatOption = OutputFormat.text,
    colour: ColourOption = Colour.auto,
    strict: StrictOption = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Put right what can be without changing a meaning; comments and layout stay.")
    ] = False,
    today: TodayOption = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even when errors were found.")] = False,
) -> int:
    """Report every problem of the specs, of each environment that they declare, and write nothing."""
    started = time.monotonic()
    day = day_of_run(today)
    seen = _check(paths, environments, day, strict=strict)
    if fix:
        done = apply_fixes(seen.report)
        for file, count in done.items():
            write_text(sys.stderr, f"{file}: {count} fixed\n")
        if done:
            seen = _check(paths, environments, day, strict=strict)
    summary = Summary(len(seen.texts), time.monotonic() - started, len(seen.ignored))
    print_diagnostics(seen.report, Sources.from_texts(seen.texts), summary, output_format, colour, sys.stdout)
    return 1 if seen.report.failed and not exit_zero else 0


@dataclass(slots=True)
class _Seen:
    """What the projects of a run have to say together."""

    report: Report = field(default_factory=Report)
    texts: dict[str, str] = field(default_factory=dict)
    ignored: Report = field(default_factory=Report)


def _check(paths: list[Path] | None, environments: list[str] | None, today: datetime.date, *, strict: bool) -> _Seen:
    seen = _Seen()
    for path in named_specs(paths):
        for compilation in check_project(path, environments=environments, strict=strict, today=today):
            seen.report.extend(compilation.diagnostics)
            seen.texts.update(compilation.sources.texts)
            seen.ignored.extend(compilation.ignored)
    return seen
