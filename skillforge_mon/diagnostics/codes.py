"""The form in which every code is documented, beside the rule that reports it.

``monmc explain`` and the pages under docs/codes/ are printed from these; a test runs every example.
"""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity, Span


@dataclass(frozen=True, slots=True)
class Code:
    """One code of monmc.

    ``number`` is what people see (``MON2104``), ``name`` says the bad pattern in kebab case (``unknown-label``).
    ``what`` is one sentence that says what is reported, ``why`` says what would happen without it. ``bad`` is a whole
    spec that earns the code, ``good`` the same spec put right: it must build without a problem. Both are YAML texts;
    where a problem cannot be shown in one file (an unwritable folder) ``bad`` and ``good`` are empty and
    ``untestable`` says why.
    """

    number: str
    name: str
    severity: Severity
    what: str
    why: str
    bad: str = ""
    good: str = ""
    untestable: str = ""

    def at(
        self,
        span: Span | None,
        headline: str,
        *,
        label: str = "",
        secondary: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        help: str = "",  # noqa: A002 - the field's word
        fix: Fix | None = None,
        severity: Severity | None = None,
    ) -> Diagnostic:
        """A diagnostic of this code at ``span``."""
        return Diagnostic(self.number, severity or self.severity, headline, span, label, secondary, notes, help, fix)
