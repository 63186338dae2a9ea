"""A plan on disk: what was reviewed, so that exactly that is carried out later, or nothing.

It holds no secret: bodies are there only as hashes, and references stay unresolved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.push.codes import (
    PLAN_LIVE_CHANGED,
    PLAN_NEW_WORK,
    PLAN_SPEC_CHANGED,
    PLAN_TREE_CHANGED,
    PLAN_UNREADABLE,
)
from skillforge_mon.push.journal import Unfinished
from skillforge_mon.push.planning import REPLACED
from skillforge_mon.push.state import write_durably
from skillforge_mon.push.steps import Action, Address, Plan, Step

FORMAT_VERSION: Final = 1
PLAN_AGAIN = "look at it and plan again: monmc diff --against live --plan FILE"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step as it was reviewed: ``id`` and ``fingerprint`` are those of the live object, ``revision`` the body's."""

    backend: str
    kind: str
    key: str
    action: Action
    id: str
    fingerprint: str
    revision: str

    @property
    def address(self) -> Address:
        """Its backend, kind and key."""
        return (self.backend, self.kind, self.key)


@dataclass(frozen=True, slots=True)
class PlannedProject:
    """The plan of one project. ``inputs`` is the hash of its spec, ``tree`` that of the manifest of its output.

    ``spec`` is the path that was compiled, ``backends`` what ``--backend`` limited the plan to.
    """

    spec: str
    project: str
    environment: str
    inputs: str
    tree: str
    prune: bool
    backends: tuple[str, ...]
    steps: tuple[PlannedStep, ...]


def planned_project(
    plan: Plan, *, spec: Path, inputs: str, manifest: bytes, backends: Sequence[str] = ()
) -> PlannedProject:
    """``plan`` as it goes into a file; ``manifest`` is that of the output that goes with it."""
    return PlannedProject(
        spec=spec.as_posix(),
        project=plan.project,
        environment=plan.environment,
        inputs=inputs,
        tree=tree_hash(manifest),
        prune=plan.prune,
        backends=tuple(backends),
        steps=tuple(map(_planned, plan.work)),
    )


def tree_hash(manifest: bytes) -> str:
    """SHA-256 of the manifest, which has the hash of every file."""
    return hashlib.sha256(manifest).hexdigest()


def write_plan(path: Path, projects: Iterable[PlannedProject]) -> None:
    """Write the plan whole. Raises OSError."""
    data: Any = {
        "format_version": FORMAT_VERSION,
        "projects": [
            {
                "spec": each.spec,
                "project": each.project,
                "environment": each.environment,
                "inputs": each.inputs,
                "tree": each.tree,
                "prune": each.prune,
                "backends": list(each.backends),
                "steps": [
                    {
                        "backend": step.backend,
                        "kind": step.kind,
                        "key": step.key,
                        "action": step.action.value,
                        "id": step.id,
                        "fingerprint": step.fingerprint,
                        "revision": step.revision,
                    }
                    for step in each.steps
                ],
            }
            for each in projects
        ],
    }
    write_durably(path, write_json(data).encode())


def read_plan(path: Path) -> tuple[tuple[PlannedProject, ...], str] | Diagnostic:
    """The projects of the plan at ``path`` and the hash of the file, or why it cannot be read."""
    try:
        content = path.read_bytes()
        data = json.loads(content)
        if data["format_version"] != FORMAT_VERSION:
            return PLAN_UNREADABLE.at(
                None, f"the plan `{path}` has format {data['format_version']}, which this monmc does not know"
            )
        projects = tuple(map(_project, data["projects"]))
    except OSError as error:
        return PLAN_UNREADABLE.at(None, f"cannot read the plan `{path}`: {error.strerror}")
    except (ValueError, KeyError, TypeError, AttributeError):
        return PLAN_UNREADABLE.at(None, f"`{path}` is not a plan of monmc", help=PLAN_AGAIN)
    return projects, hashlib.sha256(content).hexdigest()


def _project(data: Any) -> PlannedProject:
    return PlannedProject(
        spec=str(data["spec"]),
        project=str(data["project"]),
        environment=str(data["environment"]),
        inputs=str(data["inputs"]),
        tree=str(data["tree"]),
        prune=bool(data["prune"]),
        backends=tuple(map(str, data["backends"])),
        steps=tuple(
            PlannedStep(
                str(step["backend"]),
                str(step["kind"]),
                str(step["key"]),
                Action(step["action"]),
                str(step["id"]),
                str(step["fingerprint"]),
                str(step["revision"]),
            )
            for step in data["steps"]
        ),
    )


def _planned(step: Step) -> PlannedStep:
    return PlannedStep(
        step.backend,
        step.kind,
        step.key,
        step.action,
        step.live.id if step.live is not None else "",
        step.fingerprint,
        step.wanted.revision if step.wanted is not None else "",
    )


def changed_inputs(planned: PlannedProject, inputs: str, manifest: bytes) -> Diagnostic | None:
    """Why the plan is not of this spec and this output any more."""
    if planned.inputs != inputs:
        return PLAN_SPEC_CHANGED.at(None, f"`{planned.spec}` has changed since the plan was made", help=PLAN_AGAIN)
    if planned.tree != tree_hash(manifest):
        headline = f"the output of `{planned.spec}` has changed since the plan was made"
        return PLAN_TREE_CHANGED.at(None, headline, help=PLAN_AGAIN)
    return None


def changed_live(planned: PlannedProject, now: Plan, unfinished: Unfinished | None, plan_hash: str) -> list[Diagnostic]:
    """What is no longer as it was when the plan was made; empty when ``now`` is exactly what was planned.

    Steps that an earlier run with the same plan file had begun before it was stopped may be done by now.
    """
    begun = unfinished.begun if unfinished is not None and unfinished.plan == plan_hash else frozenset()
    reviewed = {(step.address, step.id if step.action is Action.DELETE else ""): step for step in planned.steps}
    found: list[Diagnostic] = []
    labels = {step.address: step.label for system in now.systems for step in system.steps}
    for step in now.work:
        own = _planned(step)
        before = reviewed.pop((own.address, own.id if own.action is Action.DELETE else ""), None)
        if own == before or (step.reason == REPLACED and own.address in begun):
            continue
        if before is None:
            headline = f"{step.backend} {step.label} is to be {_TO_BE[step.action]}, which the plan does not have"
            found.append(PLAN_NEW_WORK.at(None, headline, help=PLAN_AGAIN))
        else:
            found.append(_moved(step.backend, step.label))
    found += [
        _moved(before.backend, labels.get(before.address, f"{before.kind} {before.key}"))
        for before in reviewed.values()
        if before.address not in begun
    ]
    return found


def _moved(backend: str, label: str) -> Diagnostic:
    return PLAN_LIVE_CHANGED.at(
        None, f"{backend} {label} is no longer what it was when the plan was made", help=PLAN_AGAIN
    )


_TO_BE = {
    Action.CREATE: "created",
    Action.ADOPT: "adopted",
    Action.RENAME: "renamed",
    Action.UPDATE: "changed",
    Action.REPLACE: "replaced",
    Action.DELETE: "deleted",
    Action.RELOAD: "reloaded",
}
