"""The one type in which every problem is reported, from a tab in the YAML to a query that Datadog cannot say."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


class Severity(enum.StrEnum):
    """How much a diagnostic weighs. Errors stop a build; warnings do so under ``--strict``; notes never do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting by rank puts errors first."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source file. Lines and columns count from 1, columns in code points; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, file: str, line: int = 1, column: int = 1, length: int = 1) -> Span:
        """A span of ``length`` code points on one line."""
        return cls(file, line, column, line, column + length)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the first one: "first named here", "the metric is declared here"."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Replaces the text of ``span`` by ``replacement``. Only fixes that cannot change a meaning are ``safe``."""

    span: Span
    replacement: str
    title: str
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem, with its address.

    ``headline`` is one sentence without a full stop; names of the user's things stand in backticks. ``label`` is the
    short text behind the caret. ``notes`` are facts (``= the metric has: …``), ``help`` is what to do about it.
    ``span`` is None only for problems that have no place in a spec, such as an unwritable output folder.
    """

    code: str
    severity: Severity
    headline: str
    span: Span | None = None
    label: str = ""
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    fix: Fix | None = None

    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        """By file, line and column, then the worst first, then by code: the order in which people read a file."""
        if self.span is None:
            return ("", 0, 0, self.severity.rank, self.code, self.headline)
        return (self.span.file, self.span.line, self.span.column, self.severity.rank, self.code, self.headline)


@dataclass(slots=True)
class Report:
    """Collects the diagnostics of a run. Adding the same problem at the same place twice keeps one."""

    _seen: dict[tuple[str, Span | None, str], Diagnostic] = field(default_factory=dict)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep ``diagnostic``, unless the same code, place and headline is there already."""
        self._seen.setdefault((diagnostic.code, diagnostic.span, diagnostic.headline), diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add every one of ``diagnostics``."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self._seen.values(), key=Diagnostic.sort_key))

    def __len__(self) -> int:
        return len(self._seen)

    def count(self, severity: Severity) -> int:
        """How many diagnostics of exactly this severity there are."""
        return sum(1 for diagnostic in self._seen.values() if diagnostic.severity is severity)

    @property
    def failed(self) -> bool:
        """True when at least one error was reported."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self._seen.values())
