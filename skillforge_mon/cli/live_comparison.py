"""The projects of a run compared with what is live, and the plan that is saved of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from skillforge_mon.compiler import Compilation, plan
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.diff.change import ChangeSet
from skillforge_mon.documents.paths import MANIFEST_NAME
from skillforge_mon.push.state import State

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.push.plan_file import PlannedProject
    from skillforge_mon.push.pushed import Record
    from skillforge_mon.push.steps import Plan
    from skillforge_mon.remote.connection import Connection


class LiveComparison:
    """Collects change sets, problems and plans, project by project. Nothing is written, neither here nor there."""

    def __init__(self, out: Path, state: Path, backends: Sequence[str], *, prune: bool) -> None:
        self._out, self._state, self._backends, self._prune = out, state, backends, prune
        self._planned: list[PlannedProject] = []
        self.sets: list[ChangeSet] = []
        self.problems: list[Diagnostic] = []

    @property
    def failed(self) -> bool:
        """True when a system could not be compared."""
        return any(each.severity is Severity.ERROR for each in self.problems)

    def compare(self, compilation: Compilation, project: Project) -> None:
        """Compare one project with all of its systems."""
        from skillforge_mon.push.changes import change_sets
        from skillforge_mon.push.plan_file import planned_project
        from skillforge_mon.remote.connection import Connection

        record = self._record(compilation)
        if record is None:
            return
        with Connection(project.spec.secrets, os.environ) as connection:
            found = self._plan(compilation, project, record, connection)
        self.sets += change_sets(found)
        self.problems += found.diagnostics
        tree = plan(compilation, self._out)
        self._planned.append(
            planned_project(
                found,
                spec=compilation.path,
                inputs=compilation.inputs,
                manifest=tree.contents[MANIFEST_NAME],
                backends=self._backends,
            )
        )

    def _plan(self, compilation: Compilation, project: Project, record: Record, connection: Connection) -> Plan:
        from skillforge_mon.push.codes import NOTHING_TO_REACH
        from skillforge_mon.push.planning import Target, plan_push
        from skillforge_mon.push.systems import connect

        systems, problems = connect(project, connection, self._backends)
        if not systems and not any(each.severity is Severity.ERROR for each in problems):
            headline = f"`{compilation.name}` names no system that can be reached"
            problems.append(NOTHING_TO_REACH.at(None, headline, help="give a target its `url`"))
        target = Target(
            compilation.name, compilation.environment, compilation.documents, record, connection, self._prune
        )
        return plan_push(target, systems, problems)

    def save(self, path: Path) -> Sequence[Diagnostic]:
        """Write the plan of all projects to ``path``; the problem, if it cannot be written."""
        from skillforge_mon.push.codes import STATE_UNUSABLE
        from skillforge_mon.push.plan_file import write_plan

        try:
            write_plan(path, self._planned)
        except OSError as error:
            return [STATE_UNUSABLE.at(None, f"cannot write the plan `{path}`: {error.strerror}")]
        return []

    def _record(self, compilation: Compilation) -> Record | None:
        from skillforge_mon.push.codes import STATE_UNUSABLE
        from skillforge_mon.push.session import last_state

        state = State(self._state, compilation.name, compilation.environment)
        try:
            return last_state(state)[0]
        except (OSError, ValueError) as error:
            self.problems.append(STATE_UNUSABLE.at(None, f"cannot read `{state.pushed}`: {error}"))
            return None
