"""``monmc codegen metrics``: the catalogue of a service in, a typed instrumentation module out."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.spec.suggest import listed, suggestion

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project

DIFFERENCES = 2


class What(StrEnum):
    """What code can be written from."""

    metrics = "metrics"


class Language(StrEnum):
    """The languages that code can be written in."""

    python = "python"


def command(
    what: Annotated[What, typer.Argument(metavar="metrics", help="What to write code from: `metrics`.")],
    path: Annotated[Path, typer.Argument(metavar="SPEC", help="A spec file or folder.")],
    service: Annotated[str, typer.Option("--service", metavar="NAME", help="The service that exports the metrics.")],
    language: Annotated[
        Language, typer.Option("--lang", help="The language; python is written for prometheus_client.")
    ] = Language.python,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write to this file, new or written by monmc, instead of stdout."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="With --out: write nothing; exit with 2 when the file is not up to date.")
    ] = False,
    environment: EnvironmentOption = None,
    colour: ColourOption = Colour.auto,
) -> int:
    """Write a typed instrumentation module from the metrics that a service exports.

    Those are the metrics whose `service` is NAME, or all of the spec's when none of them names a service.
    """
    if check and out is None:
        raise typer.BadParameter("it compares with a file: give --out too", param_hint="--check")
    compilation = compile_project(path, environment=environment)
    report = Report()
    text = ""
    if compilation.failed or compilation.project is None:
        report.extend(compilation.diagnostics)
    else:
        _check_service(service, compilation.project)
        text = _module(service, compilation.project, report)
    if report.failed:
        return _refused(report, compilation, colour)
    if out is None:
        write_text(sys.stdout, text)
        return 0
    if check:
        return _compared(out, text)
    return _written(out, text)


def _check_service(service: str, project: Project) -> None:
    services = project.spec.services
    if service not in services:
        meant = suggestion(service, services)
        known = meant or (f"there are: {listed(list(services), len(services))}" if services else "it declares none")
        raise typer.BadParameter(f"the spec has no service `{service}`; {known}", param_hint="--service")


def _module(service: str, project: Project, report: Report) -> str:
    from skillforge_mon.codegen.codes import NOTHING_TO_WRITE
    from skillforge_mon.codegen.instruments import instruments_of, metrics_of
    from skillforge_mon.codegen.python_module import python_module
    from skillforge_mon.model.project import Place
    from skillforge_mon.spec.yaml.nodes import MappingNode

    def places(section: str) -> dict[str, Span | None]:
        node = project.root.get(section)
        return (
            {name: Place(entry).span for name, entry in node.entries.items()} if isinstance(node, MappingNode) else {}
        )

    metrics = metrics_of(service, project.spec.metrics)
    if not metrics:
        headline = f"the spec declares no metrics of `{service}`"
        helping = f"write `service: {service}` below its metrics"
        report.add(NOTHING_TO_WRITE.at(places("services").get(service), headline, help=helping))
        return ""
    instruments = instruments_of(metrics, places("metrics"), report)
    return "" if report.failed else python_module(service, project.name, instruments)


def _refused(report: Report, compilation: Compilation, colour: Colour) -> int:
    summary = Summary(len(compilation.sources.texts))
    print_diagnostics(report, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
    return 1


def _compared(out: Path, text: str) -> int:
    try:
        is_current = out.read_bytes() == text.encode()
    except OSError:
        is_current = False
    if is_current:
        write_text(sys.stderr, f"{out} is up to date\n")
        return 0
    write_text(sys.stderr, f"{out} is not up to date: run `monmc codegen metrics` without --check\n")
    return DIFFERENCES


def _written(out: Path, text: str) -> int:
    from skillforge_mon.codegen.python_module import MARKER

    try:
        if out.exists() and not out.read_bytes().startswith(MARKER.encode()):
            write_text(sys.stderr, f"monmc codegen: `{out}` was not written by monmc; nothing was written\n")
            return 1
        out.parent.mkdir(parents=True, exist_ok=True)
        new = out.with_name(f".{out.name}.new")
        new.write_bytes(text.encode())
        new.replace(out)
    except OSError as error:
        write_text(sys.stderr, f"monmc codegen: `{out}` cannot be written: {error.strerror}\n")
        return 1
    write_text(sys.stderr, f"wrote {out}\n")
    return 0
