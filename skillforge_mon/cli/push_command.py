"""``monmc push``: what was built, on the servers."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skillforge_mon.cli.live import LiveProject, open_project
from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    backend_names,
    coloured,
    named_specs,
    write_text,
)
from skillforge_mon.cli.push_session import begin
from skillforge_mon.compiler import OUTPUT_FOLDER, plan
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.paths import MANIFEST_NAME
from skillforge_mon.push.state import FOLDER

if TYPE_CHECKING:
    from skillforge_mon.documents.tree import TreePlan
    from skillforge_mon.push.events import Outcome
    from skillforge_mon.push.plan_file import PlannedProject
    from skillforge_mon.push.planning import Target
    from skillforge_mon.push.session import Session
    from skillforge_mon.push.steps import Plan

INTERRUPTED = 130
PLAN_SUFFIX = ".json"
_FILES_NAMED = 5

StateOption = Annotated[
    Path, typer.Option("--state", metavar="FOLDER", help="What pushes remember: the record, kept bodies, the journal.")
]
PruneOption = Annotated[bool, typer.Option("--prune", help="Also delete what is ours and not in the spec any more.")]


class PushFormat(StrEnum):
    """How a push is told."""

    text = "text"
    jsonl = "jsonl"


@dataclass(frozen=True, slots=True)
class _Wish:
    """One project to push; ``planned`` is what was reviewed, where there is a plan file."""

    spec: Path
    environment: str | None
    backends: tuple[str, ...]
    prune: bool
    planned: PlannedProject | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """One project that may be pushed."""

    opened: LiveProject
    session: Session
    target: Target
    plan: Plan


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="SPEC", help="Specs, default: everything in `specs/`; or one plan file (`plan.json`)."),
    ] = None,
    environment: EnvironmentOption = None,
    backend: Annotated[
        list[str] | None,
        typer.Option("--backend", metavar="NAME", help="Only this backend; may be given several times."),
    ] = None,
    prune: PruneOption = False,
    prune_limit: Annotated[
        int | None, typer.Option("--prune-limit", metavar="N", min=0, help="How many objects may be deleted.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The output folder.")] = Path(OUTPUT_FOLDER),
    state: StateOption = Path(FOLDER),
    output_format: Annotated[PushFormat, typer.Option("--format", help="How the push is told.")] = PushFormat.text,
    colour: ColourOption = Colour.auto,
) -> int:
    """Make the live systems what was built: show what changes, ask, then change it."""
    if len(paths or ()) == 1 and paths is not None and paths[0].suffix == PLAN_SUFFIX:
        if environment is not None or backend or prune:
            raise typer.BadParameter("a plan says itself what is pushed: no --env, --backend or --prune")
        return _push_file(paths[0], _Run(out, state, prune_limit, True, output_format, colour))
    wishes = [_Wish(path, environment, backend_names(backend or []), prune) for path in named_specs(paths)]
    return _Run(out, state, prune_limit, yes, output_format, colour).push(wishes)


def _push_file(path: Path, run: _Run) -> int:
    from skillforge_mon.push.plan_file import read_plan
    from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

    found = read_plan(path)
    if isinstance(found, Diagnostic):
        run.tell([found])
        return 1
    projects, run.plan_hash = found
    wishes = []
    for each in projects:
        environment = None if each.environment == DEFAULT_ENVIRONMENT else each.environment
        wishes.append(_Wish(Path(each.spec), environment, each.backends, each.prune, each))
    return run.push(wishes)


class _Run:
    """One run of the command: every project is made ready before the first one is changed."""

    def __init__(
        self, out: Path, state: Path, prune_limit: int | None, yes: bool, output_format: PushFormat, colour: Colour
    ) -> None:
        self.out, self.state, self.prune_limit, self.yes = out, state, prune_limit, yes
        self.output_format, self.colour = output_format, colour
        self.plan_hash = ""

    def tell(self, problems: Sequence[Diagnostic], opened: LiveProject | None = None) -> None:
        """Print ``problems`` for people."""
        from skillforge_mon.cli.options import OutputFormat, print_diagnostics
        from skillforge_mon.diagnostics.sources import Sources
        from skillforge_mon.diagnostics.summary import Summary

        if problems:
            sources = opened.compilation.sources if opened is not None else Sources.from_texts({})
            print_diagnostics(problems, sources, Summary(0), OutputFormat.text, self.colour, sys.stderr)

    def push(self, wishes: Sequence[_Wish]) -> int:
        """Make ready, show, ask and push; the result is the exit code."""
        with ExitStack() as stack:
            ready = [self._ready(wish, stack) for wish in wishes]
            projects = [each for each in ready if each is not None]
            if len(projects) < len(ready) or not self._allowed(projects):
                return 1
            failed = False
            for each in projects:
                outcome = self._push(each)
                if outcome.interrupted:
                    return INTERRUPTED
                failed = failed or outcome.failed or each.plan.failed
        return 1 if failed else 0

    def _ready(self, wish: _Wish, stack: ExitStack) -> _Ready | None:
        """The project with its plan; None after the reasons why it cannot be pushed have been told."""
        from skillforge_mon.push.planning import Target, plan_push

        opened = open_project(wish.spec, wish.environment, wish.backends, self.colour, whole=True)
        if opened is None:
            return None
        stack.enter_context(opened.connection)
        compilation = opened.compilation
        planned = plan(compilation, self.out)
        problems = list(planned.diagnostics) if planned.failed else _tree_problems(planned)
        if not problems and wish.planned is not None:
            from skillforge_mon.push.plan_file import changed_inputs

            problem = changed_inputs(wish.planned, compilation.inputs, planned.contents[MANIFEST_NAME])
            problems = [problem] if problem is not None else []
        session = problems or begin(self.state, compilation, stack)
        if isinstance(session, list):
            self.tell(session, opened)
            return None
        target = Target(
            compilation.name,
            compilation.environment,
            compilation.documents,
            session.record,
            opened.connection,
            wish.prune,
        )
        ready = _Ready(opened, session, target, plan_push(target, opened.systems, opened.problems))
        if problems := self._problems(ready, wish):
            self.tell([*ready.plan.diagnostics, *problems], opened)
            return None
        self.tell(ready.plan.diagnostics, opened)
        return ready

    def _problems(self, ready: _Ready, wish: _Wish) -> list[Diagnostic]:
        """Why the plan must not be carried out."""
        from skillforge_mon.push.codes import NOTHING_TO_REACH, PLAN_LIVE_CHANGED
        from skillforge_mon.push.plan_file import changed_live

        if not ready.opened.systems and not ready.plan.failed:
            headline = f"`{ready.plan.project}` names no system that can be reached"
            return [NOTHING_TO_REACH.at(None, headline, help="give a target its `url`")]
        found: list[Diagnostic] = []
        if wish.planned is not None and ready.plan.failed:
            headline = f"whether `{ready.plan.project}` is as it was when the plan was made cannot be known"
            found.append(PLAN_LIVE_CHANGED.at(None, headline, help="put the other error right, then run this again"))
        elif wish.planned is not None:
            found += changed_live(wish.planned, ready.plan, ready.session.unfinished, self.plan_hash)
        return found

    def _allowed(self, projects: Sequence[_Ready]) -> bool:
        """Show what is going to happen, and ask."""
        from skillforge_mon.diff.render.text import render_text
        from skillforge_mon.push.changes import change_sets
        from skillforge_mon.push.codes import NOT_CONFIRMED
        from skillforge_mon.push.prune import over_limit

        is_text = self.output_format is PushFormat.text
        asks = not self.yes and any(each.plan.work for each in projects)
        sets = [of for each in projects for of in change_sets(each.plan)]
        if sets and (is_text or (asks and sys.stdin.isatty())):
            stream = sys.stdout if is_text else sys.stderr
            write_text(stream, render_text(sets, coloured(self.colour, stream)))
        limits = [over_limit(each.plan, self.prune_limit) for each in projects]
        if problems := [each for each in limits if each is not None]:
            self.tell(problems)
            return False
        if not asks:
            return True
        if not sys.stdin.isatty():
            headline = "nobody is there to ask, so nothing was pushed"
            self.tell(
                [NOT_CONFIRMED.at(None, headline, help="look at the plan, then push with --yes or push a plan file")]
            )
            return False
        return typer.confirm("Push this?", err=True)

    def _push(self, ready: _Ready) -> Outcome:
        """Carry out one plan, and tell how it went."""
        from skillforge_mon.cli.push_progress import progress
        from skillforge_mon.push.events import Outcome

        head = {"project": ready.plan.project, "environment": ready.plan.environment}
        as_lines = self.output_format is PushFormat.jsonl
        if as_lines:
            _write_line({"event": "plan", **head, "steps": len(ready.plan.work)})
        try:
            with progress(ready.plan, as_lines, coloured(self.colour, sys.stderr)) as told:
                outcome = ready.session.apply(
                    ready.plan, ready.opened.systems, ready.target, told, plan_hash=self.plan_hash
                )
        except OSError as error:
            from skillforge_mon.push.codes import STATE_UNUSABLE

            self.tell([STATE_UNUSABLE.at(None, f"cannot write `{error.filename or self.state}`: {error.strerror}")])
            return Outcome((), interrupted=False, lost=True)
        if as_lines:
            _write_line({"event": "end", **head, **outcome.counts()})
        elif ready.plan.work:
            write_text(sys.stdout, outcome.report())
        return outcome


def _write_line(fields: Mapping[str, Any]) -> None:
    write_text(sys.stdout, json.dumps(fields) + "\n")


def _tree_problems(planned: TreePlan) -> list[Diagnostic]:
    """Why the output folder is not what may be pushed."""
    from skillforge_mon.push.codes import TREE_EDITED, TREE_STALE

    if not planned.stale:
        return []
    files = [path for path in planned.stale if path != MANIFEST_NAME]
    named = tuple(f"{(planned.root / path).as_posix()}" for path in files[:_FILES_NAMED])
    rest = (f"and {len(files) - _FILES_NAMED} more",) if len(files) > _FILES_NAMED else ()
    if MANIFEST_NAME in planned.stale:
        headline = f"`{planned.root.as_posix()}` is not what the spec says now"
        return [
            TREE_STALE.at(None, headline, notes=(*named, *rest), help="run `monmc build`, and look at what changes")
        ]
    headline = f"files of `{planned.root.as_posix()}` are not what its manifest says"
    return [
        TREE_EDITED.at(None, headline, notes=(*named, *rest), help="`monmc diff` shows what; `monmc build` undoes it")
    ]
