"""``monmc diff``: what changed, in the words of the domain."""

from __future__ import annotations

import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillforge_mon.cli.live_comparison import LiveComparison
from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    SpecPaths,
    backend_names,
    coloured,
    print_diagnostics,
    write_text,
)
from skillforge_mon.compiler import OUTPUT_FOLDER, Compilation, compile_project, plan, spec_paths, tree_root
from skillforge_mon.diagnostics.diagnostic import Report, Severity
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.diff.change import ChangeSet
from skillforge_mon.push.state import FOLDER

if TYPE_CHECKING:
    from skillforge_mon.diff.git_spec import EarlierSpec

DIFFERENCES = 2
FILES = "files"
LIVE = "live"
GIT = "git:"
PLAN_SUFFIX = ".json"
CODES_OF_SECRETS = "MON14"


class DiffFormat(StrEnum):
    """How changes are printed."""

    text = "text"
    json = "json"
    markdown = "markdown"


def command(
    paths: SpecPaths = None,
    environment: EnvironmentOption = None,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="WHAT",
            help="`files`: what a build would change in the output folder. `git:REF`: the spec at a revision. "
            "`live`: what a push would change on the servers.",
        ),
    ] = FILES,
    backend: Annotated[
        list[str] | None,
        typer.Option("--backend", metavar="NAME", help="With `live`: only this backend; may be given several times."),
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="With `live`: as `push --prune` would do it.")] = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="With `live`: save the plan for `monmc push FILE`.")
    ] = None,
    state: Annotated[Path, typer.Option("--state", metavar="FOLDER", help="What pushes remember.")] = Path(FOLDER),
    output_format: Annotated[DiffFormat, typer.Option("--format", help="How changes are printed.")] = DiffFormat.text,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 2 when there are differences.")] = False,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The output folder.")] = Path(OUTPUT_FOLDER),
    colour: ColourOption = Colour.auto,
) -> int:
    """Show what would change: objects by name, field by field, and what was changed outside monmc."""
    if against not in {FILES, LIVE} and not (against.startswith(GIT) and against != GIT):
        raise typer.BadParameter(f"`{against}` is none of `files`, `live` and `git:REF`", param_hint="--against")
    if against != LIVE and (backend or prune or plan_file is not None):
        raise typer.BadParameter("--backend, --prune and --plan are about what is live: add `--against live`")
    if against == LIVE and plan_file is None and out.suffix == PLAN_SUFFIX:
        plan_file, out = out, Path(OUTPUT_FOLDER)
    run = _Run(out)
    live = LiveComparison(out, state, backend_names(backend or []), prune=prune)
    for path in spec_paths(paths or []):
        now = compile_project(path, environment=environment)
        run.take(now)
        if now.failed or now.project is None:
            run.failed = True
        elif against == FILES:
            run.against_files(now)
        elif against == LIVE:
            live.compare(now, now.project)
        else:
            run.against_git(now, against.removeprefix(GIT), environment)
    run.report.extend(live.problems)
    run.sets += live.sets
    run.failed = run.failed or live.failed
    if plan_file is not None and not run.failed:
        run.report.extend(live.save(plan_file))
        run.failed = run.report.failed
    if len(run.report):
        summary = Summary(len(run.texts))
        print_diagnostics(run.report, Sources.from_texts(run.texts), summary, OutputFormat.text, colour, sys.stderr)
    if run.failed and not live.sets:
        return 1
    write_text(sys.stdout, _rendered(run.sets, output_format, coloured(colour, sys.stdout)))
    if run.failed:
        return 1
    return DIFFERENCES if exit_code and not all(each.empty for each in run.sets) else 0


def _rendered(sets: list[ChangeSet], output_format: DiffFormat, colour: bool) -> str:
    match output_format:
        case DiffFormat.json:
            from skillforge_mon.diff.render.json import render_json

            return render_json(sets)
        case DiffFormat.markdown:
            from skillforge_mon.diff.render.markdown import render_markdown

            return render_markdown(sets)
        case DiffFormat.text:
            from skillforge_mon.diff.render.text import render_text

            return render_text(sets, colour)


class _Run:
    """What the projects of a run differ in, and the errors that were found on the way."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.sets: list[ChangeSet] = []
        self.report = Report()
        self.texts: dict[str, str] = {}
        self.failed = False

    def take(self, compilation: Compilation) -> None:
        """Keep the errors of a compilation. Warnings are what `monmc check` is for."""
        self.texts.update(compilation.sources.texts)
        self.report.extend(each for each in compilation.diagnostics if each.severity is Severity.ERROR)

    def against_files(self, now: Compilation) -> None:
        """What a build of ``now`` would change."""
        from skillforge_mon.diff.projects import former_ids
        from skillforge_mon.diff.trees import compare_tree

        planned = plan(now, self.out)
        if planned.failed or now.project is None:
            self.report.extend(planned.diagnostics)
            self.failed = True
            return
        root = tree_root(now, self.out).as_posix()
        self.sets.append(compare_tree(planned, now.documents, former_ids(now.project), root))

    def against_git(self, now: Compilation, revision: str, environment: str | None) -> None:
        """What changed since ``revision``."""
        from skillforge_mon.diff.git_spec import EarlierSpec, read_spec_at

        with tempfile.TemporaryDirectory(prefix="monmc-diff-") as folder:
            earlier = read_spec_at(now.path, revision, Path(folder))
            if not isinstance(earlier, EarlierSpec):
                self.report.add(earlier)
                self.failed = True
                return
            before = compile_project(earlier.path, environment=environment)
        self._compare(before, now, earlier)

    def _compare(self, before: Compilation, now: Compilation, earlier: EarlierSpec) -> None:
        from skillforge_mon.diff.codes import SECRET_IN_REVISION
        from skillforge_mon.diff.files import files_touched
        from skillforge_mon.diff.projects import compare_projects

        errors = [each for each in before.diagnostics if each.severity is Severity.ERROR]
        if any(each.code.startswith(CODES_OF_SECRETS) for each in errors):
            self.report.add(SECRET_IN_REVISION.at(None, f"`{earlier.shown}` holds a secret in clear"))
            self.failed = True
        elif before.project is None or now.project is None:
            self.report.extend(map(earlier.named, errors))
            self.texts.update({earlier.renamed(name): text for name, text in before.sources.texts.items()})
            self.failed = True
        elif errors:
            write_text(sys.stderr, f"{earlier.shown} does not compile, so changed files are not counted\n")
            self.sets.append(compare_projects(before.project, now.project, earlier.shown))
        else:
            touched = files_touched(before.documents, now.documents)
            self.sets.append(compare_projects(before.project, now.project, earlier.shown, touched))
