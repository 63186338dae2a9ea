"""``monmc init``: a commented spec to start from."""

from __future__ import annotations

import re
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.cli.options import write_text
from skillforge_mon.spec.models.base import NAME_PATTERN

STARTING_SPEC = "starting_spec.yaml"


def command(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Name of the project.")],
    path: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where to write it; default: `specs/PROJECT.yaml`.")
    ] = None,
) -> int:
    """Write a commented spec that compiles as it is. A file that exists is never overwritten."""
    if not re.fullmatch(NAME_PATTERN, project):
        raise typer.BadParameter(
            f"`{project}` is not a name: it begins with a letter and holds letters, digits, `_`, `-` and `.`"
        )
    target = path or Path("specs") / f"{project}.yaml"
    template = resources.files("skillforge_mon.cli").joinpath(STARTING_SPEC).read_text(encoding="utf-8")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(template.replace("PROJECT_NAME", project))
    except FileExistsError:
        write_text(sys.stderr, f"monmc init: `{target}` exists already; nothing was written\n")
        return 1
    except OSError as error:
        write_text(sys.stderr, f"monmc init: `{target}` cannot be written: {error.strerror}\n")
        return 1
    write_text(sys.stderr, f"wrote {target}; next: `monmc check {target}`, then `monmc build {target}`\n")
    return 0
