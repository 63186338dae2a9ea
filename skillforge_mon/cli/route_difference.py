"""``monmc route --diff REF``: what a change of the spec does to people."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from skillforge_mon.cli.options import Colour, OutputFormat, print_diagnostics, write_text
from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report, Severity
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.diff.git_spec import EarlierSpec, read_spec_at
from skillforge_mon.diff.projects import former_ids
from skillforge_mon.routing.call_changes import CallDifference, call_difference
from skillforge_mon.routing.inspection import Inspection, inspect

CODES_OF_SECRETS = "MON14"


def difference_since(
    now: Compilation, inspection: Inspection, revision: str, environment: str | None, colour: Colour
) -> tuple[CallDifference, str] | None:
    """What differs since ``revision`` of git, and how that spec is called; None after the errors were printed."""
    with tempfile.TemporaryDirectory(prefix="monmc-route-") as folder:
        earlier = read_spec_at(now.path, revision, Path(folder))
        if not isinstance(earlier, EarlierSpec):
            _print([earlier], {}, colour)
            return None
        before = compile_project(earlier.path, environment=environment)
    errors = [each for each in before.diagnostics if each.severity is Severity.ERROR]
    if errors:
        # A secret in clear is not shown again: its place is enough.
        secret = any(each.code.startswith(CODES_OF_SECRETS) for each in errors)
        texts = {} if secret else {earlier.renamed(name): text for name, text in before.sources.texts.items()}
        _print(map(earlier.named, errors), texts, colour)
        return None
    compared = inspect(before.project, before.documents) if before.project is not None else None
    if compared is None:
        write_text(sys.stderr, f"monmc route: {earlier.shown} names no Alertmanager or no Prometheus under `targets`\n")
        return None
    return call_difference(compared, inspection, former_ids(inspection.project)), earlier.shown


def _print(problems: Iterable[Diagnostic], texts: dict[str, str], colour: Colour) -> None:
    report = Report()
    report.extend(problems)
    sources = Sources.from_texts(texts)
    print_diagnostics(report, sources, Summary(max(len(texts), 1)), OutputFormat.text, colour, sys.stderr)
