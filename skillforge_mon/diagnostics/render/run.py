"""What every renderer is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary


@dataclass(frozen=True, slots=True)
class Run:
    """The diagnostics of one run in the order of their places, and how to show them (see ``render``)."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Sources
    summary: Summary
    colour: bool = False
    width: int | None = None
    codes: Mapping[str, Code] | None = None

    def worst_first(self) -> list[Diagnostic]:
        """Errors, then warnings, then notes; by place within each."""
        return sorted(self.diagnostics, key=lambda diagnostic: diagnostic.severity.rank)

    def documentation(self) -> Mapping[str, Code]:
        """The codes by number; loads the catalogue unless the run was given its own."""
        if self.codes is not None:
            return self.codes
        from skillforge_mon.diagnostics.catalogue import all_codes

        return all_codes()
