"""``monmc build``: specs in, files out."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.backends.backend import ALWAYS
from skillforge_mon.build import Built, build_project, folder_key, manifest_of
from skillforge_mon.cli.options import (
    BackendOption,
    Colour,
    ColourOption,
    EnvironmentOption,
    FormatOption,
    OutputFormat,
    SpecPaths,
    StrictOption,
    TodayOption,
    backend_names,
    day_of_run,
    named_specs,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import OUTPUT_FOLDER
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.diagnostics.render.markdown import COMMENT_LIMIT
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary

DIFFERENCES = 2


def command(
    paths: SpecPaths = None,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the output goes.")] = Path(OUTPUT_FOLDER),
    environment: EnvironmentOption = None,
    backend: BackendOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 2 and list the files that are not up to date.")
    ] = False,
    strict: StrictOption = False,
    cache: Annotated[bool, typer.Option("--cache/--no-cache", help="Skip projects that have not changed.")] = True,
    today: TodayOption = None,
    output_format: FormatOption = OutputFormat.text,
    colour: ColourOption = Colour.auto,
) -> int:
    """Compile specs and write the configuration of every backend: whole or not at all."""
    started = time.monotonic()
    backends = backend_names(backend or [])
    day = day_of_run(today)
    report = Report()
    texts: dict[str, str] = {}
    results: list[Built] = []
    ignored = 0
    taken: dict[str, Path] = {}
    for path in named_specs(paths):
        built = build_project(
            path,
            out,
            environment=environment,
            backends=backends,
            strict=strict,
            check=check,
            cache=cache,
            taken=taken,
            today=day,
        )
        taken.setdefault(folder_key(built.root), path)
        results.append(built)
        report.extend(built.diagnostics)
        texts.update(built.texts)
        ignored += built.ignored
    if len(report) or output_format is not OutputFormat.text:
        summary = Summary(len(texts), time.monotonic() - started, ignored)
        stream = sys.stderr if output_format is OutputFormat.text else sys.stdout
        length = print_diagnostics(report, Sources.from_texts(texts), summary, output_format, colour, stream)
        if output_format is OutputFormat.markdown:
            write_text(sys.stdout, _portability(results, COMMENT_LIMIT - length))
    stale = [path for built in results for path in built.stale] if check else []
    write_text(sys.stdout, "".join(f"{path}\n" for path in stale))
    write_text(sys.stderr, "".join(f"{built.line()}\n" for built in results))
    if report.failed:
        return 1
    missing = [
        name for name in backends if name not in ALWAYS and not any(name in (built.grades or {}) for built in results)
    ]
    if missing:
        write_text(sys.stderr, f"no spec here has anything for {' or '.join(missing)}: nothing was compiled for it\n")
        return 1
    if stale:
        write_text(sys.stderr, f"{len(stale)} files are not up to date: run `monmc build`\n")
        return DIFFERENCES
    return 0


def _portability(results: Sequence[Built], room: int) -> str:
    """Which backend says which object how well, for a comment beside the diagnostics, in ``room`` characters."""
    from skillforge_mon.documents.portability import portability, portability_markdown

    manifests = [manifest for built in results if (manifest := manifest_of(built)) is not None]
    return portability_markdown([portability(manifest) for manifest in manifests], room)
