"""Projects for the tests, made from spec texts by the same stages as a real build."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.model.expansion.expand import whole_spec
from skillforge_mon.model.project import Project
from skillforge_mon.model.resolve import resolve
from skillforge_mon.spec.validate import validate
from skillforge_mon.spec.yaml.loader import load_text

FILE = "spec.yaml"


def resolved(text: str, environment: str | None = None) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The project that the spec ``text`` describes, None where it describes none, and all that was reported on the way.

    Diagnostics name the file FILE.
    """
    report = Report()
    root = load_text(text, FILE, report)
    merged = whole_spec(root, environment, report) if root is not None else None
    spec = validate(merged, report) if merged is not None else None
    if merged is None or spec is None:
        return None, tuple(report)
    return resolve(spec, merged, environment, report), tuple(report)


def project(text: str, environment: str | None = None) -> Project:
    """The project that the spec ``text`` describes. The test fails where anything at all is reported about it."""
    found, diagnostics = resolved(text, environment)
    problems = [f"{problem.span}: {problem.code} {problem.headline}" for problem in diagnostics]
    assert problems == []
    assert found is not None
    return found
