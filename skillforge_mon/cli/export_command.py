"""``monmc export openslo``: the SLOs of a spec, for other tools."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    SpecPaths,
    StrictOption,
    named_specs,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report, Severity
from skillforge_mon.diagnostics.summary import Summary


class Language(StrEnum):
    """What can be exported to."""

    openslo = "openslo"


def command(
    language: Annotated[Language, typer.Argument(metavar="openslo", help="The language: `openslo`, version 1.")],
    paths: SpecPaths = None,
    environment: EnvironmentOption = None,
    *,
    strict: StrictOption = False,
    colour: ColourOption = Colour.auto,
) -> int:
    """Write the SLOs of a spec, with their services and alert policies, as documents of OpenSLO."""
    from skillforge_mon.documents.yaml_writer import write_yaml
    from skillforge_mon.importing.openslo_writer import openslo_documents
    from skillforge_mon.lower.lowering import Lowering

    assert language is Language.openslo  # noqa: S101 - the only one
    texts: list[str] = []
    failed = False
    for path in named_specs(paths):
        compilation = compile_project(path, environment=environment)
        found: list[Diagnostic] = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
        if compilation.project is not None and not compilation.failed:
            export = openslo_documents(compilation.project, Lowering(compilation.project, Report()).slos)
            texts.extend(write_yaml(document) for document in export.documents)
            found = [replace(each, severity=Severity.ERROR) for each in export.verdicts] if strict else export.verdicts
        if found:
            summary = Summary(len(compilation.sources.texts))
            print_diagnostics(found, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
        failed = failed or compilation.failed or (strict and bool(found))
    if failed:
        return 1
    write_text(sys.stdout, "---\n".join(texts))
    return 0
