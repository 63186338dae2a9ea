"""``monmc score``: what a production-readiness review would find."""

from __future__ import annotations

import sys
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
from skillforge_mon.diagnostics.diagnostic import Severity
from skillforge_mon.diagnostics.summary import Summary


class ScoreFormat(StrEnum):
    """How a review is printed."""

    text = "text"
    json = "json"
    markdown = "markdown"


def command(
    paths: SpecPaths = None,
    environment: EnvironmentOption = None,
    fail_under: Annotated[
        int | None,
        typer.Option("--fail-under", metavar="PERCENT", min=0, max=100, help="Exit with 1 where a service has less."),
    ] = None,
    badge: Annotated[
        Path | None, typer.Option("--badge", metavar="FILE", help="Write the whole score as an SVG badge, too.")
    ] = None,
    output_format: Annotated[ScoreFormat, typer.Option("--format", help="How it is printed.")] = ScoreFormat.text,
    colour: ColourOption = Colour.auto,
) -> int:
    """Review every service for production: what is measured, promised, told and kept, and what is missing."""
    from skillforge_mon.diff.git_spec import is_tracked
    from skillforge_mon.explaining.readiness import ProjectReview, kept, reviews
    from skillforge_mon.explaining.readiness_text import review_badge, review_json, review_markdown, review_text

    write = {
        ScoreFormat.text: review_text,
        ScoreFormat.json: review_json,
        ScoreFormat.markdown: review_markdown,
    }[output_format]
    texts: list[str] = []
    everything: list[ProjectReview] = []
    failed = False
    for path in named_specs(paths):
        compilation = compile_project(path, environment=environment, backends=("runbooks",))
        if compilation.project is None or compilation.failed:
            errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
            summary = Summary(len(compilation.sources.texts))
            print_diagnostics(errors, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
            failed = True
            continue
        everything.append(ProjectReview(compilation.name, reviews(compilation.project), kept(tracked=is_tracked(path))))
        texts.append(write(everything[-1]))
    write_text(sys.stdout, "\n".join(texts))
    if badge is not None and not failed:
        try:
            badge.write_text(review_badge(everything), encoding="utf-8")
        except OSError as error:
            write_text(sys.stderr, f"monmc score: `{badge}` cannot be written: {error.strerror}\n")
            failed = True
    low = [
        review.service
        for project in everything
        for review in project.services
        if fail_under is not None and review.score < fail_under
    ]
    if low:
        write_text(sys.stderr, f"below {fail_under} %: {', '.join(low)}\n")
    return 1 if failed or low else 0
