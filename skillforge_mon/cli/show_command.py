"""``monmc show``: the spec as it is after merging, with origins."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import merged_spec
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.spec.origins import with_origins


def command(
    path: Annotated[Path, typer.Argument(metavar="SPEC", help="A spec file or folder.")],
    environment: EnvironmentOption = None,
    origin: Annotated[bool, typer.Option("--origin", help="Say where each value came from.")] = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="ID", help="Only this part, such as `alerts.HighErrorRate`.")
    ] = None,
    colour: ColourOption = Colour.auto,
) -> int:
    """Print the merged spec: files joined, the environment laid over, defaults applied, ready to be read."""
    merged = merged_spec(path, environment)
    if merged.root is None or merged.report.failed:
        print_diagnostics(
            merged.report, merged.sources, Summary(len(merged.sources.texts)), OutputFormat.text, colour, sys.stderr
        )
        if merged.root is None:
            return 1
    try:
        text = with_origins(merged.root, only or "", origins=origin)
    except KeyError as error:
        raise typer.BadParameter(f"the spec has no `{error.args[0]}`", param_hint="--only") from None
    write_text(sys.stdout, text)
    return 1 if merged.report.failed else 0
