"""The types of function calls."""

from __future__ import annotations

from dataclasses import replace

from skillforge_mon.query import labels as label_flow
from skillforge_mon.query.constants import is_share_of_one
from skillforge_mon.query.function_types import FUNCTION_RULES, FunctionRule
from skillforge_mon.query.labels import NO_LABELS, LabelSet
from skillforge_mon.query.promql import Call, MatrixSelector, Paren, ValueType, VectorSelector
from skillforge_mon.query.type_info import TypeInfo, ValueKind
from skillforge_mon.query.units import BOOLEAN, COUNTED, RATIO, SECONDS, Unit


def call_type(expr: Call, arguments: list[TypeInfo]) -> TypeInfo:
    """The type of a call, from those of its arguments."""
    rule = FUNCTION_RULES.get(expr.function, _UNKNOWN_FUNCTION)
    value: ValueKind = "scalar" if expr.type is ValueType.SCALAR else "instant vector"
    metrics = frozenset[str]().union(*(argument.metrics for argument in arguments))
    if rule.subject >= len(arguments):
        return TypeInfo(value, rule.measure_of(None), may_be_negative=rule.sign == "any", may_be_empty=False)
    subject = arguments[rule.subject]
    negative = {"any": True, "never": False, "same": subject.may_be_negative}[rule.sign]
    keeps_buckets = rule.keeps_buckets and bool(subject.buckets)
    if keeps_buckets and subject.buckets == "native":
        value = "histogram"
    is_infinite = expr.function in _QUANTILES and not is_share_of_one(expr.args[0])
    measure = _call_measure(rule, subject)
    return TypeInfo(
        value,
        measure=None if is_infinite and measure == BOOLEAN else measure,
        labels=_call_labels(expr, subject),
        metrics=metrics,
        cumulative=rule.keeps_total and subject.cumulative,
        share=_call_share(rule, subject) and not is_infinite,
        buckets=subject.buckets if keeps_buckets else "",
        observed=subject.observed if keeps_buckets else None,
        may_be_negative=negative or is_infinite,
        may_be_empty=not rule.never_empty and (expr.function in _MAY_FIND_NOTHING or _may_be_empty(subject)),
    )


_MAY_FIND_NOTHING = frozenset(
    ("absent", "histogram_quantile", "histogram_fraction", "histogram_avg", "histogram_count", "histogram_sum",
     "histogram_stddev", "histogram_stdvar")
)  # fmt: skip
"""Functions over vectors that leave out what is no histogram, or everything."""


def _may_be_empty(subject: TypeInfo) -> bool:
    """A range may always hold too few samples."""
    return subject.value == "range vector" or subject.may_be_empty


_QUANTILES = frozenset(("quantile_over_time", "histogram_quantile"))


def _call_share(rule: FunctionRule, subject: TypeInfo) -> bool:
    if rule.unit == "share" or (rule.unit == "average" and subject.measure == BOOLEAN):
        return True
    return rule.keeps_share and subject.share


def _call_measure(rule: FunctionRule, subject: TypeInfo) -> Unit | None:
    match rule.unit:
        case "observed":
            return subject.observed
        case "sum":
            per_second = subject.measure is not None and subject.measure.bottom == SECONDS.top
            return subject.observed.by(SECONDS) if per_second and subject.observed is not None else subject.observed
        case "average" if subject.measure == BOOLEAN:
            return RATIO
        case "total" if subject.measure == BOOLEAN:
            return COUNTED
        case "same" if subject.measure == BOOLEAN and not rule.keeps_share:
            return None
    return rule.measure_of(subject.measure)


_UNKNOWN_FUNCTION = FunctionRule("unknown")


def _call_labels(expr: Call, subject: TypeInfo) -> LabelSet:
    match expr.function:
        case "absent" | "absent_over_time":
            inner = expr.args[0]
            while isinstance(inner, Paren):
                inner = inner.expr
            if isinstance(inner, MatrixSelector):
                inner = inner.vector
            return label_flow.of_absent(inner if isinstance(inner, VectorSelector) else None)
        case "histogram_quantile" | "histogram_fraction":
            return label_flow.without(subject.labels, ("le",))
        case "label_replace" | "label_join":
            return label_flow.with_label(subject.labels, getattr(expr.args[1], "value", ""))
        case "vector" | "scalar":
            return NO_LABELS
        case "info":
            return replace(subject.labels, open=True)
    return subject.labels
