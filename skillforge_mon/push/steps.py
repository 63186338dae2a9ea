"""The plan of a push: what happens to each object of each system, and why."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.diff.change import FieldChange
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.remote.api import Difference
from skillforge_mon.remote.live import Live, Owner

Address = tuple[str, str, str]
"""Backend, kind and key: what one object is called in plans, records and journals."""


class Action(enum.StrEnum):
    """What happens to an object, or to the server of files."""

    CREATE = "create"
    ADOPT = "adopt"
    RENAME = "rename"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    RELOAD = "reload"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is to live on a server. References and secrets of ``body`` are unresolved."""

    backend: str
    kind: str
    key: str
    name: str
    body: Plain
    revision: str
    references: tuple[Reference, ...] = ()
    was: str = ""
    adopt: str = ""

    @property
    def address(self) -> Address:
        """Its backend, kind and key."""
        return (self.backend, self.kind, self.key)

    def owner(self, project: str, environment: str) -> Owner:
        """What its marker says."""
        return Owner(project, environment, self.key)


@dataclass(frozen=True, slots=True)
class Step:
    """One object and what happens to it.

    ``title`` is what people call its kind, ``order`` that of its kind. ``fingerprint`` is that of the live object's
    comparable body, empty without one. ``reason`` says why, where the action alone does not. ``fields`` are what the
    spec changes; ``drift`` are the fields that somebody else changed, in ``drift_words`` who and when.

    For ``RELOAD``, ``differences`` is what the server has not loaded. ``blocked`` says why a step cannot be done.
    """

    action: Action
    backend: str
    kind: str
    key: str
    name: str
    title: str
    order: int = 0
    wanted: Wanted | None = None
    live: Live | None = None
    fingerprint: str = ""
    reason: str = ""
    fields: tuple[FieldChange, ...] = ()
    drift: tuple[FieldChange, ...] = ()
    drift_words: str = ""
    differences: tuple[Difference, ...] = ()
    blocked: str = ""

    @property
    def address(self) -> Address:
        """Its backend, kind and key."""
        return (self.backend, self.kind, self.key)

    @property
    def label(self) -> str:
        """``monitor HighErrorRate``."""
        return f"{self.title} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class SystemPlan:
    """What happens on one system. ``steps`` are in the order of the spec, deletions last, those without a change too.

    ``leftovers`` are objects of ours that the spec no longer has; they are among ``steps`` only where they are pruned.
    """

    backend: str
    title: str
    steps: tuple[Step, ...] = ()
    leftovers: tuple[Step, ...] = ()

    @property
    def work(self) -> tuple[Step, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if step.action is not Action.NOTHING)


@dataclass(frozen=True, slots=True)
class Plan:
    """What pushing one project to all of its systems does; ``diagnostics`` tell what could not be planned, and why."""

    project: str
    environment: str
    systems: tuple[SystemPlan, ...]
    prune: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """True when a system could not be planned."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    @property
    def work(self) -> tuple[Step, ...]:
        """The steps that change something, on all systems."""
        return tuple(step for system in self.systems for step in system.work)

    def of_ours(self) -> Iterator[Step]:
        """Every step about an object that is ours already."""
        for system in self.systems:
            for step in (*system.steps, *(each for each in system.leftovers if not self.prune)):
                if step.live is not None and step.action is not Action.ADOPT:
                    yield step
