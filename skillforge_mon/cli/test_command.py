"""``monmc test``: the rules of a spec, proved by promtool."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    SpecPaths,
    named_specs,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.proving.codes import NO_RULES, PROMTOOL_FAILED
from skillforge_mon.proving.junit import junit
from skillforge_mon.proving.promtool import VARIABLE, Promtool, found_promtool
from skillforge_mon.proving.prove import prove
from skillforge_mon.proving.report import Subject, data, failures, lines, subjects, summary

FORMAT_VERSION = 1


class TestFormat(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


def command(
    paths: SpecPaths = None,
    environment: EnvironmentOption = None,
    chosen: Annotated[
        str, typer.Option("--filter", metavar="GLOB", help="Only objects whose name or id this fits: `alerts.High*`.")
    ] = "*",
    report: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write the results as JUnit XML too.")
    ] = None,
    output_format: Annotated[TestFormat, typer.Option("--format", help="How results are printed.")] = TestFormat.text,
    promtool: Annotated[
        Path | None, typer.Option("--promtool", metavar="PATH", help=f"Default: {VARIABLE}, then the one on PATH.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="FOLDER", help="Leave the test files for promtool there.")
    ] = None,
    colour: ColourOption = Colour.auto,
) -> int:
    """Prove by promtool that every SLO and alert does what its spec says, and run the scenarios under `tests`."""
    started = time.monotonic()
    tool = found_promtool(promtool)
    if isinstance(tool, Diagnostic):
        return _refused([tool], colour)
    suites: dict[str, tuple[Subject, ...]] = {}
    for path in named_specs(paths):
        found = _proved(path, environment, chosen, tool, keep, colour)
        if found is None:
            return 1
        if found:
            suites[str(path)] = found
    if not any(suites.values()):
        return _refused([NO_RULES.at(None, f"nothing here is named `{chosen}`", help="leave out --filter")], colour)
    seconds = time.monotonic() - started
    if report is not None:
        try:
            report.write_text(junit(suites, seconds), encoding="utf-8")
        except OSError as error:
            write_text(sys.stderr, f"monmc test: `{report}` cannot be written: {error.strerror}\n")
            return 1
    everything = [subject for found in suites.values() for subject in found]
    if output_format is TestFormat.json:
        results = [{"spec": name, "objects": data(found)} for name, found in suites.items()]
        document = {"format_version": FORMAT_VERSION, "promtool": tool.text, "results": results}
        write_text(sys.stdout, f"{json.dumps(document, indent=2, ensure_ascii=False)}\n")
    else:
        texts = [line for name, found in suites.items() for line in (name, *lines(found))]
        texts += [*failures(everything), "", summary(everything, tool.text, seconds)]
        write_text(sys.stdout, "\n".join(texts) + "\n")
    return 1 if any(subject.failed for subject in everything) else 0


def _proved(
    path: Path, environment: str | None, chosen: str, tool: Promtool, keep: Path | None, colour: Colour
) -> tuple[Subject, ...] | None:
    """The results of one spec; None when there are none, and why has been said."""
    compilation = compile_project(path, environment=environment)
    project = compilation.project
    errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
    if errors or project is None:
        _refused(errors, colour, compilation.sources)
        return None
    if project.targets.prometheus is None:
        no_target = NO_RULES.at(None, f"`{path}` has no target `prometheus`, so it has no rules", help="add the target")
        _refused([no_target], colour)
        return None
    folder = keep / path.stem if keep is not None else None
    try:
        return subjects(prove(project, compilation.documents, tool, chosen=chosen, keep=folder))
    except OSError as error:
        _refused([PROMTOOL_FAILED.at(None, f"the rules could not be run: {error}")], colour)
        return None


def _refused(diagnostics: Iterable[Diagnostic], colour: Colour, sources: Sources | None = None) -> int:
    known = sources if sources is not None else Sources.from_texts({})
    print_diagnostics(diagnostics, known, Summary(len(known.texts)), OutputFormat.text, colour, sys.stderr)
    return 1
