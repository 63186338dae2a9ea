"""``monmc restore``: saved objects put back."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.live import LiveProject, SpecOption, only_spec, open_project
from skillforge_mon.cli.options import Colour, ColourOption, EnvironmentOption, write_text
from skillforge_mon.diagnostics.render.visible import visible

if TYPE_CHECKING:
    from skillforge_mon.diagnostics.diagnostic import Diagnostic
    from skillforge_mon.push.restore import Keep, Returned, Returning
    from skillforge_mon.push.saved import SavedBody
    from skillforge_mon.push.state import State
    from skillforge_mon.remote.api import Api
    from skillforge_mon.remote.live import Live


def command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files that a backup or a push has saved, or folders of them.")
    ],
    spec: SpecOption = None,
    environment: EnvironmentOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    state: Annotated[Path, typer.Option("--state", metavar="FOLDER", help="Where what is overwritten is kept.")] = Path(
        ".monmc"
    ),
    colour: ColourOption = Colour.auto,
) -> int:
    """Put live objects back as they were saved; what is overwritten is kept first."""
    opened = open_project(only_spec(spec), environment, (), colour)
    if opened is None:
        return 1
    with opened.connection:
        return _restore(opened, files, state, colour, yes=yes)


def _restore(opened: LiveProject, files: Sequence[Path], state: Path, colour: Colour, *, yes: bool) -> int:
    from skillforge_mon.push.codes import STATE_UNUSABLE, SYSTEM_FAILED
    from skillforge_mon.push.restore import plan_return, put_back
    from skillforge_mon.push.state import State
    from skillforge_mon.remote.errors import RemoteError

    apis = {system.backend: system.api for system in opened.systems if system.api is not None}
    saved, problems = _read(files, apis, opened)
    if problems:
        opened.tell(problems, colour)
        return 1
    project, named = opened.compilation.name, opened.compilation.environment
    try:
        planned = plan_return(apis, saved, project=project, environment=named, connection=opened.connection)
    except RemoteError as error:
        opened.tell([SYSTEM_FAILED.at(None, str(error))], colour)
        return 1
    write_text(sys.stdout, "".join(f"{visible(line)}\n" for line in _plan_lines(planned)))
    if all(each.action == "nothing" for each in planned):
        return 0
    if all(each.action in {"nothing", "refused"} for each in planned):
        return 1
    if not yes and not _agreed():
        return 1
    keep = _keeper(State(state, project, named), apis, opened)
    try:
        return _carry_out(
            put_back(apis, planned, keep, project=project, environment=named, connection=opened.connection)
        )
    except OSError as error:
        headline = f"what is there cannot be kept in `{error.filename or state}`: {error.strerror}"
        opened.tell([STATE_UNUSABLE.at(None, headline, help="nothing more was put back")], colour)
        return 1


def _read(
    files: Sequence[Path], apis: dict[str, Api], opened: LiveProject
) -> tuple[list[tuple[Path, SavedBody]], list[Diagnostic]]:
    from skillforge_mon.push.codes_saved import NO_SUCH_SYSTEM, NOT_SAVED
    from skillforge_mon.push.saved import NotSavedError, read_saved

    saved: list[tuple[Path, SavedBody]] = []
    problems: list[Diagnostic] = []
    empty = [path for path in files if path.is_dir() and not any(path.rglob("*.json"))]
    problems += [NOT_SAVED.at(None, f"the folder `{path}` holds nothing that could be put back") for path in empty]
    for path in _below(files):
        try:
            body = read_saved(path)
        except NotSavedError as error:
            problems.append(NOT_SAVED.at(None, f"`{path}` cannot be put back: {error}"))
            continue
        except OSError as error:
            problems.append(NOT_SAVED.at(None, f"`{path}` cannot be read: {error.strerror or error}"))
            continue
        kinds = {kind.name for kind in apis[body.backend].kinds} if body.backend in apis else set()
        if body.kind in kinds:
            saved.append((path, body))
        else:
            headline = f"`{path}` is a {body.kind} of {body.backend}, which `{opened.compilation.name}` cannot reach"
            problems.append(NO_SUCH_SYSTEM.at(None, headline))
            if body.backend not in apis:
                problems.extend(each for each in opened.problems if each not in problems)
    return saved, problems


def _below(files: Sequence[Path]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from sorted(path.rglob("*.json"))
        else:
            yield path


def _plan_lines(planned: Sequence[Returning]) -> Iterator[str]:
    signs = {"nothing": "=", "update": "~", "create": "+"}
    words = {"nothing": "is as it was saved", "update": "is put back", "create": "has gone: it is made again"}
    for each in planned:
        saved = each.saved
        if each.belongs_to:
            yield f"x {saved.backend} {saved.kind}  {saved.name}  belongs to {each.belongs_to}: it is left alone"
            continue
        line = f"{signs[each.action]} {saved.backend} {saved.kind}  {saved.name}  {words[each.action]}"
        yield f"{line} as of {saved.saved_at}" if each.action != "nothing" else line
        for field in each.fields:
            yield from (f"    {part}" for part in (field.lines or (field.sentence,)))


def _agreed() -> bool:
    if not sys.stdin.isatty():
        write_text(sys.stderr, "nobody is there to ask: give `--yes` to go on\n")
        return False
    return typer.confirm("Put these back?", err=True)


def _keeper(state: State, apis: dict[str, Api], opened: LiveProject) -> Keep:
    """What keeps a body that is about to be overwritten."""
    from dataclasses import replace

    from skillforge_mon.push.kept import now
    from skillforge_mon.push.saved import save
    from skillforge_mon.push.secret_values import without_values

    def keep(each: Returning, live: Live) -> None:
        state.prepare()
        body = without_values(apis[each.saved.backend].restorable(live), each.saved.body, opened.connection, hide=False)
        saved_at = f"{now():%Y-%m-%dT%H:%M:%S.%fZ}"
        was = replace(each.saved, name=live.name, owner=str(live.owner or ""), action="restore", saved_at=saved_at)
        save(state.kept, replace(was, body=body))

    return keep


def _carry_out(results: Iterator[Returned]) -> int:
    failed = 0
    for each in results:
        saved = each.returning.saved
        if each.problem:
            failed += 1
            _tell(f"failed: {saved.kind} {saved.name}: {each.problem}")
        elif each.identifier:
            _tell(f"made again: {saved.kind} {saved.name} as {each.identifier} (was {saved.id})")
        elif each.returning.action == "update":
            _tell(f"put back: {saved.kind} {saved.name}")
    return 1 if failed else 0


def _tell(line: str) -> None:
    """A line for people; a server's words cannot move the cursor."""
    write_text(sys.stderr, f"{visible(line)}\n")
