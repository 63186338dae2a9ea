"""Specs as text, resolved and held against the rules about PromQL."""

from __future__ import annotations

from importlib import import_module

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report, Span
from tests.projects import FILE, project

RULES = (
    "average_of_quantiles", "bucket_spelling", "counter_without_rate", "deprecated_metric", "difference_of_counter",
    "experimental_function", "impossible_label_value", "label_aggregated_away", "needless_regex", "newer_feature",
    "quantile_without_le", "range_beyond_retention", "rate_as_share", "rate_of_gauge", "removed_function",
    "short_window", "threshold_unit", "unbounded_grouping", "unknown_grouping_label", "unknown_label",
    "unknown_metric",
)  # fmt: skip
STRUCTURE = (
    "average_of_ratios", "dead_operand", "declared_unit", "division_by_zero", "needless_sort", "never_true",
    "several_per_match", "sides_never_meet",
)  # fmt: skip
"""Rules about how the parts of a query go together."""


def found(text: str, rules: tuple[str, ...] = RULES) -> list[Diagnostic]:
    """What the ``rules`` about PromQL say about ``text``, in the order of the file."""
    resolved = project(text)
    report = Report()
    for rule in rules:
        report.extend(import_module(f"skillforge_mon.checks.promql_{rule}").check(resolved))
    return list(report)


def described(diagnostic: Diagnostic, text: str) -> str:
    """All of a diagnostic in lines: what stands under the caret, and every fact, label, help and fix."""
    rows = [f"{diagnostic.severity.value} {diagnostic.code}: {diagnostic.headline}"]
    rows.append(f"  at {_place(diagnostic.span, text)} {diagnostic.label}".rstrip())
    rows += [f"  and {_place(label.span, text)} {label.text}" for label in diagnostic.secondary]
    rows += [f"  note {note}" for note in diagnostic.notes]
    if diagnostic.help:
        rows.append(f"  help {diagnostic.help}")
    if diagnostic.fix is not None:
        safe = "" if diagnostic.fix.safe else " (unsafe)"
        rows.append(f"  fix {_place(diagnostic.fix.span, text)} -> `{diagnostic.fix.replacement}`{safe}")
    return "\n".join(rows) + "\n"


def _place(span: Span | None, text: str) -> str:
    """``14:33 `coode` ``: where a span begins, and what it covers."""
    assert span is not None
    assert span.file == FILE
    assert span.line == span.end_line
    return f"{span.line}:{span.column} `{text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]}`"


def said(expr: str, rules: tuple[str, ...] = RULES, **spec: str) -> list[str]:
    """What the rules say about an alert on ``expr``: the code, and what stands under the caret."""
    text = alert_spec(expr, **spec)
    return [f"{diagnostic.code} {_place(diagnostic.span, text).partition(' ')[2]}" for diagnostic in found(text, rules)]


def quoted(expr: str) -> str:
    """A query as a YAML scalar in single quotes."""
    return "'" + expr.replace("'", "''") + "'"
