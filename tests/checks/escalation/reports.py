"""What a rule says about a spec, short enough to compare whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.model.project import Project
from tests.projects import FILE, project, resolved

HEAD = "version: 1\nproject: shop\n"
Told = tuple[str, str, str, str]


def told(severity: str, place: str, headline: str, label: str = "") -> Told:
    """One diagnostic; ``place`` is ``line:column``."""
    return severity, place, headline, label


def reported(check: Callable[[Project], Iterable[Diagnostic]], text: str, *, broken: bool = False) -> list[Told]:
    """What ``check`` says about the spec ``text``, in its own order; ``broken`` allows other problems with it."""
    found = resolved(text)[0] if broken else project(text)
    assert found is not None
    return [
        told(
            diagnostic.severity,
            str(diagnostic.span).removeprefix(f"{FILE}:"),
            diagnostic.headline,
            diagnostic.label,
        )
        for diagnostic in check(found)
    ]
