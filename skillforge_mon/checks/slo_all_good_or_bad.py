"""MON3190: an SLO of which nothing can ever be bad, or of which everything is."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.conditions import Comparison, split_comparison, threshold_number
from skillforge_mon.model.project import Project, Slo
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.containment import bare
from skillforge_mon.query.promql import ValueType, VectorSelector
from skillforge_mon.query.types import infer
from skillforge_mon.query.value_range import bounds_text, outcome, value_range

CODE = Code(
    "MON3190",
    "slo-all-good-or-bad",
    Severity.ERROR,
    "The good (or bad) events of an SLO are all its events, or the value that it judges can only be good, or only bad.",
    "Whatever happens, nothing of the budget is spent, or all of it: the SLO looks like a promise and measures nothing.",
    bad=GOOD.replace('requests_total{code=~"5.."}', "requests_total"),
    good=GOOD,
)

_OPPOSITE = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}


def check(project: Project) -> Iterator[Diagnostic]:
    """SLOs whose part is their whole, and slices whose values are all on one side of what is good."""
    for slo in project.slos.values():
        problem = _of_events(slo) if slo.spec.slices is None else _of_values(slo, project.catalogue)
        if problem is not None:
            yield problem


def _of_events(slo: Slo) -> Diagnostic | None:
    part, field, other = (slo.good, "good", "bad") if slo.good is not None else (slo.bad, "bad", "good")
    if part is None or slo.total is None or part.expr is None or slo.total.expr is None:
        return None
    inner, outer = bare(part.expr), bare(slo.total.expr)
    if not isinstance(inner, VectorSelector) or not isinstance(outer, VectorSelector):
        return None
    same_series = (inner.name, frozenset(inner.matchers)) == (outer.name, frozenset(outer.matchers))
    if not same_series or inner.offset != outer.offset:
        return None
    return CODE.at(
        part.whole or slo.place.span,
        f"`{field}` and `total` of the SLO `{slo.name}` select the same events: none is ever {other}",
        label="the same as `total`",
        help=f"ask for what makes an event {field} here, such as `status"
        + ('!~"5.."`' if field == "good" else '=~"5.."`'),
    )


def _of_values(slo: Slo, catalogue: Catalogue) -> Diagnostic | None:
    query, slices = slo.measured, slo.spec.slices
    if query is None or query.expr is None or slices is None or query.expr.type is not ValueType.VECTOR:
        return None
    info = infer(query.expr, catalogue)
    if info.share and not slices.good.quantity.unit and slices.good.quantity.value > 1:
        return None  # reported as MON3112
    wanted = Comparison(slices.good.op, threshold_number(slices.good, info.unit))
    kept = split_comparison(query.expr)[1]
    values = value_range(query.expr, catalogue)
    if kept is not None and kept.number == wanted.number and kept.op in {wanted.op, _OPPOSITE[wanted.op]}:
        always = kept.op == wanted.op
    else:
        found = outcome(wanted.op, float(wanted.number), values)
        if found is None:
            return None
        always = found
    return CODE.at(
        query.whole or slo.place.span,
        f"every value that the SLO `{slo.name}` judges is {'good' if always else 'bad'}: none is ever "
        f"{'bad' if always else 'good'}",
        label=f"always `{slices.good}`" if always else f"never `{slices.good}`",
        notes=("the comparison keeps these values alone, and a moment without a value is not judged",)
        if kept is not None
        else (bounds_text(values),),
        help="leave the comparison out: `good` makes it" if kept is not None else "",
    )
