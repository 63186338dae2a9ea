"""``monmc explain``: the page of a code."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.cli.options import Colour, ColourOption, EnvironmentOption, named_specs, write_text
from skillforge_mon.diagnostics.catalogue import all_codes, find, nearest
from skillforge_mon.diagnostics.page import page, plain

SLO = "slo"


def command(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="Such as MON2104, 2104 or unknown-label; or `slo`.")
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="With `slo`: which one; default: all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every code.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the page as Markdown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --all or `slo`: print JSON.")] = False,
    spec: Annotated[
        list[Path] | None, typer.Option("--spec", metavar="SPEC", help="With `slo`: where it is; default: `specs/`.")
    ] = None,
    environment: EnvironmentOption = None,
    colour: ColourOption = Colour.auto,
) -> int:
    """Print the page of a diagnostic code: what it reports, why, and how to put it right.

    `monmc explain slo NAME` says what an SLO means in numbers: its budget, when it tells whom, and what it costs.
    """
    if code == SLO:
        from skillforge_mon.cli.explain_slo import explain_slos

        return explain_slos(named_specs(spec), name, environment, colour, as_json=as_json)
    if name is not None:
        raise typer.BadParameter(f"`{name}` is one word too many: name one code, or `slo NAME`")
    if code is None:
        codes = all_codes().values()
        if not everything:
            raise typer.BadParameter("name a code, or use --all to list them")
        if as_json:
            rows = [
                {"code": item.number, "name": item.name, "severity": str(item.severity), "what": item.what}
                for item in codes
            ]
            write_text(sys.stdout, json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        else:
            width = max(len(item.name) for item in codes)
            lines = [f"{item.number}  {item.severity:<7}  {item.name:<{width}}  {item.what}" for item in codes]
            write_text(sys.stdout, "\n".join(lines) + "\n")
        return 0
    found = find(code)
    if found is None:
        near = nearest(code)
        helping = f"; did you mean {' or '.join(near)}?" if near else "; `monmc explain --all` lists them"
        write_text(sys.stderr, f"monmc explain: there is no code `{code}`{helping}\n")
        return 1
    text = page(found)
    write_text(sys.stdout, text if as_markdown else plain(text))
    return 0
