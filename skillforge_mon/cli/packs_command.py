"""``monmc packs``: which packs there are, what one brings, and what a service would get of it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.options import Colour, ColourOption, OutputFormat, print_diagnostics, write_text
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.spec.suggest import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillforge_mon.spec.packing.pack import Pack


class Action(StrEnum):
    """What is to be done."""

    list = "list"
    show = "show"


def command(
    action: Annotated[Action, typer.Argument(metavar="list|show", help="What to do.")] = Action.list,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="With `show`: which pack.")] = None,
    service: Annotated[
        str | None, typer.Option("--service", metavar="NAME", help="With `show`: the YAML that this service would get.")
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="PARAMETER=VALUE", help="With `--service`: a parameter; may be repeated."),
    ] = None,
    spec: Annotated[
        Path | None, typer.Option("--spec", metavar="SPEC", help="A spec, for the packs of its own.")
    ] = None,
    colour: ColourOption = Colour.auto,
) -> int:
    """List the packs, or show what one brings: its parameters, metrics, alerts, SLOs, dashboards and runbooks."""
    packs = _packs(spec, colour)
    if packs is None:
        return 1
    if action is Action.list:
        if name is not None or service is not None or with_:
            raise typer.BadParameter("`list` takes no name and no service: write `monmc packs show NAME`")
        width = max(len(each) for each in packs)
        lines = [f"{each:<{width}}  {packs[each].description}" for each in sorted(packs)]
        write_text(sys.stdout, "\n".join(lines) + "\n")
        return 0
    if name is None:
        raise typer.BadParameter("name a pack, or use `monmc packs list`")
    if name not in packs:
        near = suggestion(name, packs)
        raise typer.BadParameter(f"there is no pack `{name}`{f'; {near}' if near else ''}")
    if service is None:
        if with_:
            raise typer.BadParameter("--with goes with --service only")
        from skillforge_mon.spec.packing.describing import described

        write_text(sys.stdout, described(packs[name]))
        return 0
    return _expanded(packs[name], service, with_ or [], spec, colour)


def _packs(spec: Path | None, colour: Colour) -> Mapping[str, Pack] | None:
    """The packs by name; None, with what is wrong printed, when the spec cannot be read."""
    from skillforge_mon.spec.packing.expansion import known_packs

    if spec is None:
        return known_packs(None)
    from skillforge_mon.compiler import merged_spec

    merged = merged_spec(spec)
    if merged.root is None:
        summary = Summary(len(merged.sources.texts))
        print_diagnostics(merged.report, merged.sources, summary, OutputFormat.text, colour, sys.stderr)
        return None
    return known_packs(merged.root)


def _expanded(pack: Pack, service: str, given: list[str], spec: Path | None, colour: Colour) -> int:
    from skillforge_mon.diagnostics.diagnostic import Report
    from skillforge_mon.diagnostics.sources import Sources
    from skillforge_mon.spec.origins import with_origins
    from skillforge_mon.spec.packing.expansion import expanded_for

    values = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals or not key:
            raise typer.BadParameter(f"`{each}` should be PARAMETER=VALUE", param_hint="--with")
        values[key] = value
    report = Report()
    text, fragment = expanded_for(pack, service, values, report)
    if fragment is None:
        sources = Sources.from_texts({"use": text})
        print_diagnostics(report, sources, Summary(0), OutputFormat.text, colour, sys.stderr)
        return 1
    write_text(sys.stdout, with_origins(fragment, "", origins=False))
    return 0
