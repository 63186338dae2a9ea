"""``monmc translate``: one PromQL expression in another system's language. Part of the facade."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report, Span
from skillforge_mon.diagnostics.sources import Sources

if TYPE_CHECKING:
    from skillforge_mon.backends.translated import Translated
    from skillforge_mon.model.project import Project

QUERY = "query"
"""What the expression is called in diagnostics, in place of a file."""
_WITHOUT_A_SPEC = "version: 1\nproject: metrics\ntargets: {{{backend}: {{}}}}\n"


@dataclass(frozen=True, slots=True, eq=False)
class Translation:
    """``translated`` is None when there are errors, in the expression or in the spec."""

    translated: Translated | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Sources


def translate_text(
    text: str, backend: str, *, hold: str = "0s", spec: Path | None = None, environment: str | None = None
) -> Translation:
    """``text`` in the language of ``backend``, judged as a condition that holds for ``hold``.

    Names and types of metrics are those of the project at ``spec``; without one, every metric is guessed from its name.
    Raises QuantityError for a ``hold`` that is no duration.
    """
    from skillforge_mon.backends.backend import translator
    from skillforge_mon.model.codes import PROMQL_SYNTAX
    from skillforge_mon.query.promql import PromQLSyntaxError, parse
    from skillforge_mon.spec.quantities import Duration

    duration = Duration.parse(hold)
    project, diagnostics, sources = _project(spec, backend, environment)
    try:
        expr = parse(text)
    except PromQLSyntaxError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - (text.rfind("\n", 0, error.start) + 1) + 1
        span = Span.at(QUERY, line, column, max(1, error.end - error.start))
        problem = PROMQL_SYNTAX.at(span, error.message, help=error.help)
        return Translation(None, (problem,), Sources.from_texts({QUERY: text}))
    if project is None:
        return Translation(None, diagnostics, sources)
    return Translation(translator(backend)(project, expr, duration), (), sources)


def _project(
    spec: Path | None, backend: str, environment: str | None
) -> tuple[Project | None, tuple[Diagnostic, ...], Sources]:
    from skillforge_mon.compiler import compile_project
    from skillforge_mon.compiler_codes import NO_TARGET
    from skillforge_mon.model.resolve import resolve
    from skillforge_mon.spec.overlay import resolve_overlays
    from skillforge_mon.spec.validate import validate
    from skillforge_mon.spec.yaml.loader import load_text

    if spec is None:
        report = Report()
        root = load_text(_WITHOUT_A_SPEC.format(backend=backend), "spec", report)
        merged = resolve_overlays(root, None, report) if root is not None else None
        blank = validate(merged, report) if merged is not None else None
        assert merged is not None  # noqa: S101 - our own text
        assert blank is not None  # noqa: S101
        return resolve(blank, merged, None, report), (), Sources.from_texts({})
    compilation = compile_project(spec, environment=environment, backends=("runbooks",))
    if compilation.failed or compilation.project is None:
        return None, compilation.diagnostics, compilation.sources
    if backend not in compilation.project.backends:
        problem = NO_TARGET.at(None, f"`{compilation.name}` has no target `{backend}`", help=f"add `targets.{backend}`")
        return None, (problem,), compilation.sources
    return compilation.project, (), compilation.sources
