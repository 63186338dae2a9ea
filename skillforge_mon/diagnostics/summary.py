"""The last line of a run: ``1 error, 1 warning in 7 files (0.31 s)``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run looked at: how many files, in how many seconds, and how many problems the spec says to ignore.

    ``seconds`` is None wherever the output must be the same each time.
    """

    files: int
    seconds: float | None = None
    ignored: int = 0

    def line(self, diagnostics: Iterable[Diagnostic]) -> str:
        """The counts of ``diagnostics`` in words, without a line break."""
        time = "" if self.seconds is None else f" ({self.seconds:.2f} s)"
        where = f" in {_counted(self.files, 'file')}" if self.files else ""
        return f"{counts_in_words(diagnostics, self.ignored)}{where}{time}"


def counts(diagnostics: Iterable[Diagnostic]) -> dict[Severity, int]:
    """How many there are of each severity, worst first, zeros included."""
    counter = Counter(diagnostic.severity for diagnostic in diagnostics)
    return {severity: counter[severity] for severity in Severity}


def counts_in_words(diagnostics: Iterable[Diagnostic], ignored: int = 0) -> str:
    """``1 error, 2 notes``; ``no problems`` where there are none."""
    parts = [_counted(count, severity.value) for severity, count in counts(diagnostics).items() if count]
    if ignored:
        parts.append(f"{ignored} ignored")
    if not parts or (ignored and len(parts) == 1):
        parts.insert(0, "no problems")
    return ", ".join(parts)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
