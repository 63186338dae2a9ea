"""When an alert fires: what its condition returns at every evaluation, and what has done so for long enough.

After rules/alerting.go ("Alerting rules"): an alert is active from the first evaluation that returns its labels, and
fires once that was ``hold`` ago. It ends with the first evaluation that does not return them, or, where it is kept,
with the first that is ``keep`` or more after that one; what it says in the meantime is what it said last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.proving.case import Firing
from skillforge_mon.proving.evaluate import Evaluator, Labels, key_of, without_name
from skillforge_mon.query.promql import Expr

Texts = Callable[[Labels, float], dict[str, str]]
_Key = tuple[tuple[str, str], ...]
_Results = dict[_Key, tuple[Labels, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule as the spec means it: ``hold`` and ``keep`` in milliseconds, the labels that it sets, and its texts."""

    hold: int
    labels: Mapping[str, str]
    texts: Texts
    keep: int = 0


@dataclass(slots=True)
class _Active:
    """One alert of a rule: since when it has been active, what it last said, and since when it is only kept."""

    since: int
    labels: Labels
    value: float
    fires: bool = False
    kept_since: int | None = None


class History:
    """What ``condition`` returns at each of ``steps`` evaluations, ``evaluation`` milliseconds apart."""

    def __init__(self, evaluator: Evaluator, condition: Expr, steps: int, evaluation: int) -> None:
        self.evaluation = evaluation
        self.results: list[_Results] = [
            {
                key_of(labels): (labels, value)
                for labels, value in (
                    (without_name(found), value) for found, value in evaluator.vector(condition, index * evaluation)
                )
            }
            for index in range(steps)
        ]
        self._fired: dict[tuple[int, int], list[list[tuple[Labels, float]]]] = {}

    def firing(self, rule: Rule, index: int) -> Iterator[Firing]:
        """What fires of ``rule`` at the evaluation ``index``."""
        for labels, value in self._of(rule)[index]:
            merged = {name: text for name, text in {**labels, **rule.labels}.items() if text}
            yield Firing(merged, rule.texts(labels, value))

    def first(self, rule: Rule, after: int) -> int | None:
        """The first evaluation, not before ``after``, at which anything of ``rule`` fires."""
        fired = self._of(rule)
        return next((index for index in range(after, len(fired)) if fired[index]), None)

    def end(self, rule: Rule, after: int, before: int) -> int | None:
        """The first evaluation after ``after`` from which on nothing of ``rule`` fires, until ``before``."""
        fired = self._of(rule)
        last = next((index for index in reversed(range(after, before)) if fired[index]), None)
        return last + 1 if last is not None and last + 1 < before else None

    def _of(self, rule: Rule) -> list[list[tuple[Labels, float]]]:
        """What fires at each evaluation."""
        known = self._fired.get((rule.hold, rule.keep))
        if known is None:
            known = self._fired[rule.hold, rule.keep] = list(self._followed(rule))
        return known

    def _followed(self, rule: Rule) -> Iterator[list[tuple[Labels, float]]]:
        active: dict[_Key, _Active] = {}
        for index, results in enumerate(self.results):
            now = index * self.evaluation
            for key in [key for key in active if key not in results]:
                alert = active[key]
                if alert.kept_since is None:
                    alert.kept_since = now
                if not alert.fires or now - alert.kept_since >= rule.keep:
                    del active[key]
            for key, (labels, value) in results.items():
                known = active.setdefault(key, _Active(now, labels, value))
                known.labels, known.value, known.kept_since = labels, value, None
                known.fires = known.fires or now - known.since >= rule.hold
            yield [(alert.labels, alert.value) for alert in active.values() if alert.fires]
