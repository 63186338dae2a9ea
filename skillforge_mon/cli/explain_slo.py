"""``monmc explain slo``: SLOs in numbers."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from skillforge_mon.cli.options import Colour, OutputFormat, print_diagnostics, write_text
from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.diagnostics.diagnostic import Report, Severity
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.spec.suggest import suggestion

if TYPE_CHECKING:
    from skillforge_mon.explaining.slo import SloExplanation

FORMAT_VERSION = 1


def explain_slos(
    paths: Sequence[Path], name: str | None, environment: str | None, colour: Colour, *, as_json: bool
) -> int:
    """Print what the SLO ``name`` means, or every SLO of ``paths``. The result is the exit code."""
    texts: list[str] = []
    documents: list[object] = []
    known: list[str] = []
    for path in paths:
        compilation = compile_project(path, environment=environment)
        if compilation.failed or compilation.project is None:
            errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
            summary = Summary(len(compilation.sources.texts))
            print_diagnostics(errors, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
            return 1
        known.extend(compilation.project.slos)
        for found, text in _explained(compilation, name):
            texts.append(text)
            documents.append(_plain(compilation, found))
    if not texts:
        meant = suggestion(name or "", known)
        words = f"there is no SLO `{name}`" if name else "there is no SLO here"
        write_text(sys.stderr, f"{words}{f'; {meant}' if meant else ''}\n")
        return 1
    if as_json:
        document = {"format_version": FORMAT_VERSION, "slos": documents}
        write_text(sys.stdout, f"{json.dumps(document, indent=2, ensure_ascii=False)}\n")
    else:
        write_text(sys.stdout, "\n".join(texts))
    return 0


def _explained(compilation: Compilation, name: str | None) -> Sequence[tuple[SloExplanation, str]]:
    from skillforge_mon.explaining.slo import explain_slo, time_to_tell
    from skillforge_mon.explaining.slo_text import CURVE, slo_text
    from skillforge_mon.lower.lowering import Lowering

    project = compilation.project
    assert project is not None  # noqa: S101 - the caller has looked
    verdicts = tuple(compilation.verdicts)
    found = []
    for plan in Lowering(project, Report()).slos:
        if name is None or plan.slo.name == name:
            explained = explain_slo(project, plan, verdicts)
            found.append((explained, slo_text(explained, time_to_tell(project, plan, CURVE))))
    return found


def _plain(compilation: Compilation, found: SloExplanation) -> object:
    plan = found.plan

    def between(moment: object) -> object:
        earliest, latest = getattr(moment, "earliest", None), getattr(moment, "latest", None)
        return None if earliest is None or latest is None else {"earliest_ms": int(earliest), "latest_ms": int(latest)}

    return {
        "project": compilation.name,
        "environment": compilation.environment,
        "name": plan.slo.name,
        "objective": str(plan.slo.spec.objective),
        "window_ms": int(plan.window),
        "calendar": plan.calendar.name if plan.calendar is not None else None,
        "counts": plan.noun,
        "group_by": list(plan.by),
        "min_bad_events": plan.minimum.least(plan.budget),
        "min_bad_events_computed": plan.minimum.computed,
        "budget": {"ratio": str(plan.budget), "time_ms": int(found.budget_time), "per_million": str(found.per_million)},
        "tiers": [
            {
                "severity": each.tier.severity,
                "short_ms": int(each.tier.short),
                "long_ms": int(each.tier.long),
                "factor": str(each.tier.factor.normalize()),
                "threshold": str(each.threshold.normalize()),
                "budget": str(each.tier.budget),
                "least_events_per_second": float(each.least_rate) if each.least_rate is not None else None,
                "min_bad_events": {"least": each.least, "most": each.most},
            }
            for each in found.tiers
        ],
        "outages": [
            {
                "errors": str(each.errors),
                "burn_rate": float(each.burn_rate),
                "fires": {severity: between(moment) for severity, moment in each.fires.items()},
                "ends": {severity: between(moment) for severity, moment in each.ends.items()},
            }
            for each in found.outages
        ],
        "cost": {
            "rules": found.cost.rules,
            "series": found.cost.series,
            "samples_per_second": float(found.cost.samples),
            "samples_per_raw_series": found.cost.raw_windows,
        },
        "verdicts": [
            {"backend": each.backend, "grade": each.grade.value, "reason": each.reason} for each in found.verdicts
        ],
    }
