"""MON3590 and MON3591: a baseline that does not say in one way what it measures, or over which windows."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.baseline_examples import BASELINE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.expansion.baselines import histogram_selector, wrong_metric
from skillforge_mon.model.expansion.names import percentile
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.models.baselines import Baseline
from skillforge_mon.spec.suggest import listed

UNCLEAR = Code(
    "MON3590",
    "baseline-unclear",
    Severity.ERROR,
    "A baseline does not say in one way what it measures.",
    "It has one of `metric`, a selector of a histogram whose quantiles count, and `expr`, a query whose values over time "
    "count. `by` is for a histogram: a query has labels of its own.",
    bad=BASELINE.replace("    short", "    expr: queue_length\n    short"),
    good=BASELINE,
)
WINDOWS = Code(
    "MON3591",
    "baseline-windows-out-of-order",
    Severity.ERROR,
    "The windows of a baseline are not in order: the short one is shorter than the long one, and that than `over`.",
    "With two equal windows one of them says nothing, and what is usual must be told from longer than what is now.",
    bad=BASELINE.replace("short: 30m", "short: 6h"),
    good=BASELINE,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every baseline."""
    for name, baseline in project.spec.baselines.items():
        place = project.place_of(f"baselines.{name}")
        if place is None:
            continue
        yield from _measured(project, name, baseline, place)
        for shorter, longer in (("short", "long"), ("long", "over")):
            if getattr(baseline, shorter) >= getattr(baseline, longer):
                said = f"`{shorter}` is {getattr(baseline, shorter)} and `{longer}` is {getattr(baseline, longer)}"
                yield WINDOWS.at(
                    place.at(shorter), f"the windows of `{name}` are out of order: {said}", help=f"shorten `{shorter}`"
                )


def _of_metric(project: Project, name: str, metric: str, place: Span) -> Iterator[Diagnostic]:
    """``metric`` is to select one histogram."""
    selector, declared = histogram_selector(metric), project.spec.metrics
    if selector is None:
        headline = f"the metric of the baseline `{name}` is not a selector of one metric"
        yield UNCLEAR.at(place, headline, help='write it as `name{label="value"}`, or use `expr` for a query')
    elif selector.name is not None:
        instead = wrong_metric(selector.name, lambda each: declared[each].type if each in declared else None)
        if instead:
            headline = f"the baseline `{name}` is of `{selector.name}`, which is {instead}"
            helping = "name the histogram itself" if instead.startswith("a part") else "use `expr`, or name a histogram"
            yield UNCLEAR.at(place, headline, help=helping)


def _measured(project: Project, name: str, baseline: Baseline, place: Place) -> Iterator[Diagnostic]:
    if (baseline.metric is None) == (baseline.expr is None):
        said = "says in two ways" if baseline.metric is not None else "does not say"
        headline = f"the baseline `{name}` {said} what it measures"
        yield UNCLEAR.at(place.at("metric"), headline, help="write `metric`, or `expr`")
    elif baseline.metric is not None:
        yield from _of_metric(project, name, baseline.metric, place.at("metric"))
    elif baseline.by:
        headline = f"the baseline `{name}` is of a query, and has `by`"
        yield UNCLEAR.at(place.at("by"), headline, help=f"group in the query: `sum by ({', '.join(baseline.by)}) (…)`")
    groups: set[tuple[tuple[str, str], ...]] = set()
    for index, usual in enumerate(baseline.usual):
        group = tuple(sorted(usual.labels.items()))
        if group in groups:
            of = ", ".join(f"{label}={value}" for label, value in group)
            yield UNCLEAR.at(
                place.at("usual", index),
                f"what is usual in `{name}` is said twice" + (f" of {of}" if of else ""),
                help="say it once",
            )
        groups.add(group)
        if baseline.metric is not None and sorted(usual.labels) != sorted(baseline.by):
            wanted = listed([f"`{label}`" for label in baseline.by]) if baseline.by else "none"
            yield UNCLEAR.at(
                place.at("usual", index, "labels"),
                f"what is usual in `{name}` is said for other groups than those that are measured",
                notes=(f"labels of the groups: {wanted}",),
                help="give each label of `by` a value in `labels`",
            )
        elif baseline.regression and usual.of(baseline.watch) is None:
            watched = percentile(baseline.watch).replace("_", ".")
            yield UNCLEAR.at(
                place.at("usual", index),
                f"{watched} of `{name}` is watched, and what is usual of it is not said",
                help=f"add `{watched}`, or `watch` another quantile",
            )
