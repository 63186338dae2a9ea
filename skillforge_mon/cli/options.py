"""The options that several commands share, and how a run's diagnostics are printed."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from skillforge_mon.backends.backend import REGISTRY
from skillforge_mon.compiler import SPECS_FOLDER, spec_paths
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diagnostics.render import render
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.spec.quantities import QuantityError, parse_day
from skillforge_mon.spec.suggest import suggestion


class OutputFormat(StrEnum):
    """The formats of diagnostics; a test holds them against the renderers."""

    text = "text"
    concise = "concise"
    json = "json"
    sarif = "sarif"
    github = "github"
    markdown = "markdown"


class Colour(StrEnum):
    """When output is coloured."""

    auto = "auto"
    always = "always"
    never = "never"


SpecPaths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="SPEC", help="Spec files or folders; default: everything in `specs/`."),
]
EnvironmentOption = Annotated[
    str | None, typer.Option("--env", metavar="NAME", help="The environment to lay over the spec.")
]
BackendOption = Annotated[
    list[str] | None,
    typer.Option("--backend", metavar="NAME", help="Only this backend; may be given several times."),
]
FormatOption = Annotated[OutputFormat, typer.Option("--format", help="How problems are printed.")]
ColourOption = Annotated[Colour, typer.Option("--color", "--colour", help="When to use colour.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Warnings and approximate renderings are errors.")]

TodayOption = Annotated[
    str | None,
    typer.Option(
        "--today",
        metavar="DAY",
        help="The day to hold `until` under `ignore` against, as 2027-01-31; default: `SOURCE_DATE_EPOCH`, or today.",
    ),
]
_EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


def day_of_run(given: str | None) -> datetime.date:
    """The day of ``--today``, else that of ``SOURCE_DATE_EPOCH`` (seconds since 1970), else today's; in UTC."""
    if given is not None:
        try:
            return parse_day(given)
        except QuantityError as error:
            raise typer.BadParameter(f"{error}: `--today` takes {error.expected}") from None
    epoch = os.environ.get(_EPOCH_VARIABLE)
    if not epoch:
        return datetime.datetime.now(datetime.UTC).date()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise typer.BadParameter(f"`{_EPOCH_VARIABLE}` should be seconds since 1970, and is `{epoch}`") from None


def named_specs(paths: Sequence[Path] | None) -> list[Path]:
    """The projects that a command is about; without any, it says how to get one and ends."""
    found = spec_paths(paths or [])
    if not paths and not Path(SPECS_FOLDER).is_dir():
        write_text(
            sys.stderr, f"there is no folder `{SPECS_FOLDER}` here: name a spec, or write one: `monmc init NAME`\n"
        )
        raise typer.Exit(1)
    if not found:
        write_text(sys.stderr, f"the folder `{SPECS_FOLDER}` holds no spec: write one with `monmc init NAME`\n")
        raise typer.Exit(1)
    return found


def backend_names(names: Sequence[str]) -> tuple[str, ...]:
    """The backends of ``--backend``, each known."""
    for name in names:
        if name not in REGISTRY:
            known = ", ".join(REGISTRY)
            meant = suggestion(name, REGISTRY)
            raise typer.BadParameter(f"there is no backend `{name}`; {meant or f'there are: {known}'}")
    return tuple(names)


def coloured(colour: Colour, stream: TextIO) -> bool:
    """Whether to colour what goes to ``stream``: ``NO_COLOR`` and ``FORCE_COLOR`` are obeyed, then the terminal."""
    if colour is not Colour.auto:
        return colour is Colour.always
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write_text(stream: TextIO, text: str) -> None:
    """Write ``text``; characters that the stream cannot say become ``?`` instead of an error."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()


def print_diagnostics(
    diagnostics: Iterable[Diagnostic],
    sources: Sources,
    summary: Summary,
    output_format: OutputFormat,
    colour: Colour,
    stream: TextIO = sys.stdout,
) -> int:
    """Print ``diagnostics`` in the chosen format; the result is how many characters that took."""
    text = render(diagnostics, sources, str(output_format), summary, coloured(colour, stream))
    write_text(stream, text)
    return len(text)
