"""Aggregation over series: Datadog aggregates the metric itself, before anything is calculated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from skillforge_mon.backends.datadog.reading import How, Plan, Reading, has_groups
from skillforge_mon.backends.datadog.untranslatable import cannot
from skillforge_mon.query.algebra import Aggregated, Arithmetic, Constant, Filled

_FLIPPED = {"min": "max", "max": "min"}
_ORDER_MATTERS: dict[How, tuple[str, ...]] = {
    "avg": ("min", "max"), "rate": ("min", "max"), "increase": ("min", "max"),
    "min": ("sum", "avg", "max"), "max": ("sum", "avg", "min"),
}  # fmt: skip


def aggregated(node: Aggregated, by: tuple[str, ...], plan: Plan, differs: Callable[[str], None]) -> Plan:
    """``plan`` aggregated as ``node`` says, grouped by the tags ``by``: the aggregation is moved to the metrics.

    Only where that changes nothing: a sum of sums, an average of what is multiplied by a number, the greatest of what
    is subtracted from one. Raises Untranslatable for the rest.
    """
    return _Space(node, by, differs).of(plan, node.function)


class _Space:
    def __init__(self, node: Aggregated, by: tuple[str, ...], differs: Callable[[str], None]) -> None:
        self.expr = node.source
        self.by = by
        self.differs = differs

    def of(self, plan: Plan, op: str) -> Plan:
        match plan:
            case Reading():
                return self.of_reading(plan, op)
            case Arithmetic(left=Constant()) | Arithmetic(right=Constant()):
                return self.of_scaled(plan, op)
            case Arithmetic(op="+" | "-") if op in {"sum", "avg"}:
                self.differs(
                    "Datadog aggregates each side for itself: a series that only one of them has is counted, and "
                    "Prometheus leaves it out"
                )
                return replace(plan, left=self.of(plan.left, op), right=self.of(plan.right, op))
            case Filled():
                if op != "sum" and not plan.alone and has_groups(plan.argument):
                    raise cannot(self.expr, "Prometheus aggregates the 0 too, as one more series, and Datadog has none")
                return replace(plan, argument=self.of(plan.argument, op))
        raise cannot(self.expr, "Datadog aggregates over series before it calculates, not after")

    def of_reading(self, reading: Reading, op: str) -> Plan:
        space = reading.metric.space
        if reading.how == "percentile":
            raise cannot(self.expr, "Datadog does not aggregate percentiles")
        if reading.aggregated:
            within = set(self.by) <= set(reading.metric.by)
            if not within or (op != space and not (reading.fixed_space and op == "sum")) or op == "avg":
                raise cannot(self.expr, "Datadog aggregates over series once, not a second time")
            return replace(reading, metric=replace(reading.metric, by=self.by))
        if reading.fixed_space and op != "sum":
            raise cannot(self.expr, f"of parts of a distribution Datadog has sums only, not `{op}`")
        if op in _ORDER_MATTERS.get(reading.how, ()):
            self.differs(
                f"Datadog takes `{op}` over series at each moment and `{reading.how}` over time after that, Prometheus "
                "the other way round"
            )
        metric = replace(reading.metric, by=self.by, space=space if reading.fixed_space else op)
        return replace(reading, metric=metric, aggregated=True, by_known=True)

    def of_scaled(self, plan: Arithmetic[Reading], op: str) -> Plan:
        number = plan.left if isinstance(plan.left, Constant) else plan.right
        assert isinstance(number, Constant)  # noqa: S101 - one of the two sides is
        adds = plan.op in {"+", "-"}
        if (plan.op == "/" and number is plan.left) or (adds and op == "sum"):
            raise cannot(self.expr, "Datadog aggregates over series before it calculates, not after")
        falls = number.value < 0 if not adds else plan.op == "-" and number is plan.left
        inner = _FLIPPED.get(op, op) if falls else op
        if number is plan.left:
            return replace(plan, right=self.of(plan.right, inner))
        return replace(plan, left=self.of(plan.left, inner))
