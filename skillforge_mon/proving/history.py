"""When an alert fires: what its condition returns at every evaluation, and what has done so for long enough.

After rules/alerting.go: an alert is active from the first evaluation that returns its labels, fires once that was
``hold`` ago, and ends with the first that does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.proving.case import Firing
from skillforge_mon.proving.evaluate import Evaluator, Labels, key_of, without_name
from skillforge_mon.query.promql import Expr

Texts = Callable[[Labels, float], dict[str, str]]
_Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule as the spec means it: ``hold`` in milliseconds, the labels that it sets, and its texts."""

    hold: int
    labels: Mapping[str, str]
    texts: Texts


class History:
    """What ``condition`` returns at each of ``steps`` evaluations, ``evaluation`` milliseconds apart."""

    def __init__(self, evaluator: Evaluator, condition: Expr, steps: int, evaluation: int) -> None:
        self.evaluation = evaluation
        self.results: list[dict[_Key, tuple[Labels, float]]] = [
            {
                key_of(labels): (labels, value)
                for labels, value in (
                    (without_name(found), value) for found, value in evaluator.vector(condition, index * evaluation)
                )
            }
            for index in range(steps)
        ]

    def firing(self, rule: Rule, index: int) -> Iterator[Firing]:
        """What fires of ``rule`` at the evaluation ``index``."""
        for key, (labels, value) in self.results[index].items():
            if (index - self._since(key, index)) * self.evaluation >= rule.hold:
                yield self._told(rule, labels, value)

    def _since(self, key: _Key, index: int) -> int:
        while index > 0 and key in self.results[index - 1]:
            index -= 1
        return index

    def first(self, rule: Rule, after: int) -> int | None:
        """The first evaluation, not before ``after``, at which anything of ``rule`` fires."""
        return next((index for index in range(after, len(self.results)) if any(self.firing(rule, index))), None)

    def _told(self, rule: Rule, labels: Labels, value: float) -> Firing:
        merged = {name: text for name, text in {**labels, **rule.labels}.items() if text}
        return Firing(merged, rule.texts(labels, value))
