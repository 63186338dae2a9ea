"""``monmc maintenance``: mute a service now, for a while, on every system that can."""

from __future__ import annotations

import datetime
import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.live import only_spec
from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Severity
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.spec.quantities import Duration, QuantityError
from skillforge_mon.spec.suggest import suggestion

if TYPE_CHECKING:
    from skillforge_mon.diagnostics.diagnostic import Diagnostic
    from skillforge_mon.model.project import Project
    from skillforge_mon.push.muting import Muted
    from skillforge_mon.remote.muting import Muting, Subject

GIT_SECONDS = 5


class Action(StrEnum):
    """What is to be done."""

    start = "start"
    stop = "stop"
    list = "list"


def command(
    action: Annotated[Action, typer.Argument(metavar="start|stop|list", help="What to do.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERVICE] [SPEC]", help="The service (not with `list`), and the spec if there are several."
        ),
    ] = None,
    length: Annotated[str | None, typer.Option("--for", metavar="DURATION", help="How long, such as 2h.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; others read it.")] = None,
    severity: Annotated[str, typer.Option("--severity", metavar="NAME", help="Only this severity.")] = "",
    alert: Annotated[str, typer.Option("--alert", metavar="NAME", help="Only this alert.")] = "",
    environment: EnvironmentOption = None,
    colour: ColourOption = Colour.auto,
) -> int:
    """Mute the alerts of a service now, end that, or say what is muted until when. `push` never touches it."""
    service, spec = _named(action, names or [])
    if action is not Action.start and (length or reason or severity or alert):
        raise typer.BadParameter("--for, --reason, --severity and --alert go with `start` only")
    lasting = _length(length, reason) if action is Action.start else None
    project = _project(spec, environment, colour)
    if project is None:
        return 1
    return _run(project, action, _subject(project, action, service, alert, severity), lasting, reason or "", colour)


def _run(
    project: Project, action: Action, subject: Subject, lasting: Duration | None, reason: str, colour: Colour
) -> int:
    from skillforge_mon.push.codes_muting import NOT_MUTED, NOWHERE_TO_MUTE
    from skillforge_mon.push.muting import muters, on_each
    from skillforge_mon.remote.connection import Connection

    with Connection(project.spec.secrets, os.environ) as connection:
        systems, missing = muters(project, connection)
        if not systems:
            help_text = "write `url` into `targets.alertmanager`, or set DD_API_KEY and DD_APP_KEY"
            problem = NOWHERE_TO_MUTE.at(None, "there is no system to mute", notes=tuple(missing), help=help_text)
            _tell([problem], colour)
            return 1
        for each in missing:
            write_text(sys.stderr, f"left out: {each}\n")
        match action:
            case Action.start:
                until = _now() + datetime.timedelta(milliseconds=int(lasting or 0))
                author = _author()
                done = on_each(systems, lambda system: system.mute(subject, until, reason, author))
            case Action.stop:
                done = on_each(systems, lambda system: system.unmute(subject.service))
            case Action.list:
                done = on_each(systems, lambda system: system.muted())
    write_text(sys.stdout, table(done, action))
    failed = [each for each in done if each.problem]
    _tell([NOT_MUTED.at(None, f"{each.title} did not do it: {each.problem}") for each in failed], colour)
    return 1 if failed else 0


def table(done: Iterable[Muted], action: Action) -> str:
    """A line for each system and each thing muted there; what was ended says so."""
    ended = action is Action.stop
    rows = [row for each in done if not each.problem for row in _rows(each, ended=ended)]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return "".join(
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3])).rstrip() + "\n"
        for row in rows
    )


def _rows(done: Muted, *, ended: bool) -> Iterable[tuple[str, str, str, str]]:
    if not done.mutings:
        yield (done.title, "nothing is muted", "", "")
    seen: dict[tuple[Subject, datetime.datetime], list[Muting]] = {}
    for muting in done.mutings:
        seen.setdefault((muting.subject, muting.until), []).append(muting)
    for (subject, until), same in seen.items():
        moment = "ended" if ended else f"until {until.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC"
        yield (done.title, str(subject), moment, f"{same[0].author}: {' '.join(same[0].reason.split())}")


def _named(action: Action, names: Sequence[str]) -> tuple[str, Path | None]:
    """The service, and the spec."""
    rest = list(names)
    service = ""
    if action is not Action.list:
        if not rest:
            raise typer.BadParameter(f"say which service: monmc maintenance {action} SERVICE")
        service = rest.pop(0)
    if len(rest) > 1:
        raise typer.BadParameter(f"one project at a time: `{rest[1]}` is too much")
    return service, only_spec(Path(rest[0]) if rest else None)


def _length(text: str | None, reason: str | None) -> Duration:
    if text is None or not reason:
        raise typer.BadParameter("`start` needs --for DURATION and --reason TEXT")
    try:
        lasting = Duration.parse(text)
    except QuantityError as error:
        raise typer.BadParameter(f"{error}: write {error.expected}", param_hint="--for") from None
    if not lasting:
        raise typer.BadParameter("this cannot be zero", param_hint="--for")
    return lasting


def _project(spec: Path | None, environment: str | None, colour: Colour) -> Project | None:
    compilation = compile_project(only_spec(spec), environment=environment, backends=("runbooks",))
    if not compilation.failed and compilation.project is not None:
        return compilation.project
    errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
    summary = Summary(len(compilation.sources.texts))
    print_diagnostics(errors, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
    return None


def _subject(project: Project, action: Action, service: str, alert: str, severity: str) -> Subject:
    from skillforge_mon.remote.muting import Subject
    from skillforge_mon.spec.models.base import SEVERITIES

    if action is not Action.list:
        _known("service", service, project.services)
    if alert:
        _known("alert", alert, project.alerts)
    if severity:
        _known("severity", severity, SEVERITIES)
    return Subject(service, alert, severity)


def _known(what: str, name: str, among: Iterable[str]) -> None:
    there = list(among)
    if name not in there:
        meant = suggestion(name, there) or f"there are: {', '.join(sorted(there)) or 'none'}"
        raise typer.BadParameter(f"there is no {what} `{name}`; {meant}")


def _tell(problems: Sequence[Diagnostic], colour: Colour) -> None:
    if problems:
        print_diagnostics(problems, Sources.from_texts({}), Summary(0), OutputFormat.text, colour, sys.stderr)


def _author() -> str:
    """Who is at the keyboard: as git knows them, else the user of the system."""
    git = shutil.which("git")
    if git is not None:
        try:
            found = subprocess.run(  # noqa: S603 - no part of it comes from outside
                [git, "config", "user.email"], capture_output=True, text=True, timeout=GIT_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            pass
        else:
            if found.stdout.strip():
                return found.stdout.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
