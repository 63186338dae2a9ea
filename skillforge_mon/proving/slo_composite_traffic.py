"""Series for a composite SLO: the error ratios that its parts record, made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.proving.evaluate import Clock
from skillforge_mon.proving.slo_laid import Laid, Phase, Share
from skillforge_mon.proving.slo_model import Count, RunClock
from skillforge_mon.proving.slo_traffic import MINUTE, Load
from skillforge_mon.proving.traffic import InputSeries, Stretch, gauge_pieces
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Matcher, VectorSelector
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL
from skillforge_mon.spec.quantities import Duration

Ratios = Sequence[float | None]
"""The error ratio of each part; None where it has no events."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """An evaluation is an event, and bad by the share that its moment says. ``begins`` are those of ``shares``."""

    shares: tuple[float | None, ...]
    begins: tuple[int, ...]
    end: int
    every: int

    def counts(self, window: int, clock: RunClock) -> list[Count | None]:
        """The evaluations per second at each evaluation of a run, whatever the window."""
        return [self._at(now) for now in range(0, self.end + 1, clock.run)]

    def _at(self, now: int) -> Count | None:
        share = next(share for share, begin in reversed([*zip(self.shares, self.begins, strict=True)]) if begin <= now)
        return Count(1000 / self.every, share * 1000 / self.every) if share is not None else None


class CompositeTraffic:
    """The parts of one composite SLO, by what they record for themselves (docs/slo.md, "What is counted").

    ``plans`` are those of all SLOs of the project. Raises UnsupportedError where a part is not measured.
    """

    def __init__(self, plan: SloPlan, plans: Mapping[str, SloPlan], *, left_open: bool) -> None:
        composite = plan.slo.spec.composite
        assert composite is not None  # noqa: S101 - the caller has looked
        self.plan = plan
        self.worst = bool(composite.all)
        self.weights = [float(weight) for weight in plan.slo.parts.values()]
        self.clock = Clock(MINUTE, left_open)
        self.groups: dict[str, str] = {label: f"a-{label}" for label in plan.by}
        self.shared = True
        self.settles = 0
        self.most = 1
        self.parts: list[Mapping[str, str]] = []
        for name in plan.slo.parts:
            part = plans.get(name)
            if part is None:
                raise UnsupportedError(f"the part `{name}`, which is not measured")
            series = SloSeries(part, Duration(MINUTE))
            recorded = series.ratio(part.base).partition("{")[0]
            self.parts.append({METRIC_NAME_LABEL: recorded, **series.labels, **self.groups})
        self.reads: tuple[VectorSelector, ...] = tuple(
            VectorSelector(labels[METRIC_NAME_LABEL], (Matcher("slo", "=", labels["slo"]),)) for labels in self.parts
        )

    def combined(self, ratios: Ratios) -> float | None:
        """The share of an evaluation that is bad: of those that say something, the worst, or the weighted mean."""
        said = [(ratio, weight) for ratio, weight in zip(ratios, self.weights, strict=True) if ratio is not None]
        if not said:
            return None
        if self.worst:
            return max(ratio for ratio, _ in said)
        return sum(ratio * weight for ratio, weight in said) / sum(weight for _, weight in said)

    def uneven(self, share: float) -> list[float]:
        """Ratios of the parts, each unlike the others where there is room, that come to ``share``."""
        shape = [1 / (index + 1) for index in range(len(self.weights))]
        whole = self.combined(shape) or 1.0
        ratios = [each * share / whole for each in shape]
        return ratios if max(ratios) <= 1 else [share for _ in shape]

    def over(self, moments: Sequence[tuple[int, Ratios]], step: int) -> Laid:
        """The parts at these ratios, each for so many samples."""
        series = tuple(
            InputSeries(labels, gauge_pieces(Stretch(steps, ratios[index]) for steps, ratios in moments))
            for index, labels in enumerate(self.parts)
        )
        begins, now = [], 0
        for steps, _ in moments:
            begins.append(now)
            now += steps * step
        shares = tuple(self.combined(ratios) for _, ratios in moments)
        return Laid(series, ((_Counted(shares, tuple(begins), now - step, int(self.plan.slice or MINUTE)), 1),))

    def laid(self, phases: Sequence[Phase], step: int, share: Share) -> Laid:
        """The parts over ``phases``, which come to ``share`` where they are bad."""
        bad = self.uneven(share.value)
        states: Mapping[str, Ratios] = {"good": [0.0 for _ in bad], "bad": bad}
        nothing: Ratios = [None for _ in bad]
        return self.over([(phase.steps, states.get(phase.state, nothing)) for phase in phases], step)

    def series(self, loads: Iterable[Load], *, never_bad: bool = False) -> tuple[InputSeries, ...]:
        """Parts that are there and good, or gone, over ``loads``; one sample a minute."""
        phases = [Phase(load.minutes, "good" if load.events is not None else "gone") for load in loads]
        return self.laid(phases, MINUTE, self.whole(near=False)).series

    def whole(self, *, near: bool) -> Share:
        """All of each part is bad."""
        return Share(1.0)

    def nearest(self, wanted: float, *, near: bool = False) -> Share:
        """Any share can be had."""
        return Share(wanted)

    def has_nothing(self) -> bool:
        """Parts without events say nothing."""
        return True
