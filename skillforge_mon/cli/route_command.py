"""``monmc route``: who is told of an alert, and when."""

from __future__ import annotations

import datetime
import json
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    named_specs,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.documents.document import Plain
from skillforge_mon.routing.answer import answer_data, answer_text
from skillforge_mon.routing.config import read_configuration
from skillforge_mon.routing.coverage_text import coverage_data, coverage_text, too_loud
from skillforge_mon.routing.inspection import Inspection, inspect
from skillforge_mon.routing.loads import loads
from skillforge_mon.routing.moment import MomentError, parse_moment
from skillforge_mon.routing.subjects import Subject
from skillforge_mon.routing.timeline_json import timeline_data
from skillforge_mon.routing.timeline_svg import timeline_svg
from skillforge_mon.routing.timeline_text import timeline_text
from skillforge_mon.spec.suggest import listed, suggestion


class RouteFormat(StrEnum):
    """How the answer is printed."""

    text = "text"
    json = "json"
    svg = "svg"
    markdown = "markdown"


def command(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="SPEC", help="A spec file or folder; default: the one in `specs/`.")
    ] = None,
    alert: Annotated[str | None, typer.Option("--alert", metavar="NAME", help="The alert to follow.")] = None,
    slo: Annotated[str | None, typer.Option("--slo", metavar="NAME", help="The SLO to follow.")] = None,
    severity: Annotated[
        str | None, typer.Option("--severity", metavar="NAME", help="Which of its severities; default: the worst.")
    ] = None,
    labels: Annotated[
        list[str] | None, typer.Option("--labels", metavar="NAME=VALUE", help="Labels of the series; several times.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="MOMENT", help='Such as "Sunday 03:00 Europe/Paris" or "2025-03-30 14:00".'),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Ask this alertmanager.yml instead of a spec.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Look for minutes of the week at which nobody would be told in time.")
    ] = False,
    most_pages: Annotated[
        int | None,
        typer.Option("--max-pages", metavar="N", min=0, help="With --coverage: pages that a person may get in a week."),
    ] = None,
    diff: Annotated[
        str | None,
        typer.Option("--diff", metavar="REF", help="What changes for people since this revision of git."),
    ] = None,
    environment: EnvironmentOption = None,
    output_format: Annotated[
        RouteFormat, typer.Option("--format", help="How the answer is printed.")
    ] = RouteFormat.text,
    colour: ColourOption = Colour.auto,
) -> int:
    """Say who is told of an alert, through which channel, after how long, and when not."""
    if sum((alert is not None, slo is not None, config is not None, diff is not None, coverage)) != 1:
        raise typer.BadParameter("say one of --alert NAME, --slo NAME, --coverage, --diff REF, or --config FILE")
    if output_format is RouteFormat.svg and (config is not None or diff is not None or coverage):
        raise typer.BadParameter("a picture is drawn for --alert and --slo only")
    if output_format is RouteFormat.markdown and diff is None:
        raise typer.BadParameter("Markdown is written for --diff only")
    if (coverage or diff is not None) and (at is not None or labels or severity is not None):
        asked = "--coverage" if coverage else "--diff"
        raise typer.BadParameter(f"{asked} looks at all alerts and at every minute: no --at, --labels or --severity")
    if most_pages is not None and not coverage:
        raise typer.BadParameter("--max-pages goes with --coverage")
    series = _labels(labels or [])
    moment = _moment(at)
    if config is not None:
        if paths or severity is not None or environment is not None:
            raise typer.BadParameter("--config asks a file of Alertmanager: no spec, --severity or --env")
        return _ask_configuration(config, series, moment, output_format, colour)
    compilation = _compiled(paths, environment, colour)
    if compilation is None:
        return 1
    inspection = inspect(compilation.project, compilation.documents) if compilation.project is not None else None
    if inspection is None:
        write_text(sys.stderr, "monmc route: the project names no Alertmanager or no Prometheus under `targets`\n")
        return 1
    if coverage:
        return _cover(inspection, most_pages, output_format)
    if diff is not None:
        return _compare(compilation, inspection, diff, environment, output_format, colour)
    line = inspection.timeline(_subject(inspection, alert, slo, severity), series, moment)
    match output_format:
        case RouteFormat.text:
            write_text(sys.stdout, timeline_text(line))
        case RouteFormat.json:
            write_text(sys.stdout, _json(timeline_data(line)))
        case _:
            write_text(sys.stdout, timeline_svg(line))
    return 0


def _cover(inspection: Inspection, most_pages: int | None, output_format: RouteFormat) -> int:
    found, people = inspection.coverage(), loads(inspection)
    if output_format is RouteFormat.text:
        write_text(sys.stdout, coverage_text(found, people, most_pages))
    else:
        write_text(sys.stdout, _json(coverage_data(found, people, most_pages)))
    return 1 if found.failed or too_loud(people, most_pages) else 0


def _compare(
    now: Compilation,
    inspection: Inspection,
    revision: str,
    environment: str | None,
    output_format: RouteFormat,
    colour: Colour,
) -> int:
    from skillforge_mon.cli.route_difference import difference_since
    from skillforge_mon.routing.call_changes_text import changes_data, changes_markdown, changes_text

    found = difference_since(now, inspection, revision, environment, colour)
    if found is None:
        return 1
    match output_format:
        case RouteFormat.json:
            text = _json(changes_data(*found))
        case RouteFormat.markdown:
            text = changes_markdown(*found)
        case _:
            text = changes_text(*found)
    write_text(sys.stdout, text)
    return 0


def _labels(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"`{pair}` is not a label: write NAME=VALUE")
        found[name] = value
    return found


def _moment(text: str | None) -> datetime.datetime | None:
    try:
        return parse_moment(text) if text is not None else None
    except MomentError as error:
        raise typer.BadParameter(str(error)) from None


def _compiled(paths: list[Path] | None, environment: str | None, colour: Colour) -> Compilation | None:
    """The one project that is asked, or None after its errors were printed."""
    specs = named_specs(paths)
    if len(specs) != 1:
        raise typer.BadParameter(f"name one spec: there are {listed([path.as_posix() for path in specs])}")
    started = time.monotonic()
    compilation = compile_project(specs[0], environment=environment)
    if not compilation.failed:
        return compilation
    summary = Summary(len(compilation.sources.texts), time.monotonic() - started, len(compilation.ignored))
    print_diagnostics(compilation.diagnostics, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
    return None


def _subject(inspection: Inspection, alert: str | None, slo: str | None, severity: str | None) -> Subject:
    name, kind = (alert, "alert") if alert is not None else (slo or "", "SLO")
    ofkind = [subject for subject in inspection.subjects if subject.is_slo is (kind == "SLO")]
    own = [subject for subject in ofkind if subject.name == name]
    if not own:
        names = list(dict.fromkeys(subject.name for subject in ofkind))
        meant = suggestion(name, names) or (f"there are: {listed(names)}" if names else "there is none")
        raise typer.BadParameter(f"no {kind} `{name}` tells anybody through Alertmanager; {meant}")
    if severity is None:
        return own[0]
    for subject in own:
        if subject.severity == severity:
            return subject
    there = ", ".join(subject.severity for subject in own)
    raise typer.BadParameter(f"`{name}` has no severity `{severity}`; it has: {there}")


def _ask_configuration(
    path: Path, labels: dict[str, str], at: datetime.datetime | None, output_format: RouteFormat, colour: Colour
) -> int:
    started = time.monotonic()
    try:
        content = path.read_bytes()
    except OSError as error:
        write_text(sys.stderr, f"monmc route: `{path}` cannot be read: {error.strerror}\n")
        return 1
    report = Report()
    configuration = read_configuration(content, path.as_posix(), report)
    if configuration is None:
        sources = Sources.from_texts({path.as_posix(): content.decode("utf-8", "replace")})
        summary = Summary(1, time.monotonic() - started, 0)
        print_diagnostics(report, sources, summary, OutputFormat.text, colour, sys.stderr)
        return 1
    if output_format is RouteFormat.json:
        write_text(sys.stdout, _json(answer_data(configuration, labels, at)))
    else:
        write_text(sys.stdout, answer_text(configuration, labels, at))
    return 0


def _json(data: Plain) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
