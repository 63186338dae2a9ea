"""What was before, quickened: some rules compare with it, and a server that has just begun knows nothing.

Samples are told by their age: seconds before the moment at which the history is written, just before a server begins.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.spec.quantities import Duration
from tests.real.generation import Generation
from tests.real.stacks.platforms import FACTOR, Built

DAY = 86_400 // FACTOR
WEEK = 7 * DAY
HOUR = 3_600 // FACTOR
LOOKBACK = 300
"""Seconds for which Prometheus sees the last sample of a series; they are not quickened."""
STEP = 15
RATE_STEP = 5
"""Rates over a quarter of an hour need two samples within it."""
LEAVES = 85
"""So many seconds after the history is written, what happened `a day ago` is no longer within a day: then at the latest
what it had tipped over ends. Until then, whatever needs it must have been told."""
WAITED = 40
"""So many seconds after the history is written, an alert that has waited (``waiting``) has waited for long enough."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of the past; ``samples`` are pairs of an age and a value, the oldest first."""

    name: str
    labels: Mapping[str, str]
    samples: tuple[tuple[int, float], ...]


def steady(name: str, labels: Mapping[str, str], value: float) -> Series:
    """The same value all the time from two days before until short of one."""
    return Series(name, labels, tuple((age, value) for age in range(2 * DAY, DAY * 7 // 8, -STEP)))


def busy_week_ago(name: str, labels: Mapping[str, str], per_second: float) -> Series:
    """A counter that grew a week ago, for as long as the test may take."""
    first = WEEK + 2 * HOUR
    ages = range(first, WEEK - 6 * HOUR, -RATE_STEP)
    return Series(name, labels, tuple((age, (first - age) * per_second) for age in ages))


def leaving(name: str, labels: Mapping[str, str], count: float) -> Series:
    """A counter that grew by ``count`` a day ago, and not since."""
    ages = range(DAY + 4 * STEP, 0, -STEP)
    return Series(name, labels, tuple((age, count if age <= DAY - LEAVES else 0.0) for age in ages))


def waiting(built: Built, alert: str, labels: Mapping[str, str]) -> Series:
    """An alert that had waited when the server ended: it goes on waiting when the server begins again.

    Prometheus keeps the moment at which it began in ALERTS_FOR_STATE. ``labels`` are those of its series; the rule's own
    come to them.
    """
    rule = next(each for each in _rules(built) if each.get("alert") == alert)
    hold = Duration.parse(rule["for"]) // 1000
    began = int(time.time()) - (hold - WAITED)
    return Series("ALERTS_FOR_STATE", {**rule["labels"], **labels, "alertname": alert}, ((1, float(began)),))


def slo_series(built: Built, but: str) -> Iterator[Series]:
    """Each SLO but one had events, few of them: `absent` asks whether there were any a day ago."""
    for rule in _rules(built):
        if rule.get("record") == "slo:events_total:rate5m" and rule["labels"]["slo"] != but:
            yield steady(rule["record"], rule["labels"], 1.0)


def nearly_spent(slo: str, service: str) -> Iterator[Series]:
    """An SLO of 99.9 % whose events are probes, each 1.5 s: two failures more within the day are too many.

    Numbers are those of its recording rules: 3.3 probes in five seconds over 300 are ``light``. What is heavier makes a
    failure weigh less: over three days, where nobody is to be told, and over six hours, where nobody is to be woken. A
    day (steps of 5 s) weighs 141.9, of which 0.3 % is 0.4258; 0.4239 have failed, and a probe that fails is 0.0033.

    It ends before what an instant query would still see (LOOKBACK): without a probe, no events may be found. The steps of
    a subquery see the last value for so long.
    """
    light, heavy, before = 0.01, 2.0, 1.0
    failed, weight = 0.1413, 0.6

    def total(age: int) -> float:
        if age > DAY:
            return before
        if DAY - LEAVES <= age < DAY - LEAVES + STEP:
            return weight
        return heavy if age <= 6 * HOUR else light

    ages = range(3 * DAY, LOOKBACK, -STEP)
    labels = {"slo": slo, "service": service}
    bad = tuple((age, failed if total(age) == weight else 0.0) for age in ages)
    yield Series("slo:events_total:rate5m", labels, tuple((age, total(age)) for age in ages))
    yield Series("slo:events_bad:rate5m", labels, bad)


def _rules(built: Built) -> Iterator[Any]:
    for path in sorted((built.tree / "prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
            yield from group["rules"]


def write_history(generation: Generation, series: Iterable[Series], storage: Path, folder: Path) -> None:
    """Write blocks into ``storage``, while nothing runs yet."""
    now = int(time.time())
    lines = []
    for each in sorted(series, key=lambda each: (each.name, sorted(each.labels.items()))):
        text = ",".join(f'{key}="{label}"' for key, label in sorted(each.labels.items()))
        lines += [f"{each.name}{{{text}}} {value} {now - age}" for age, value in each.samples]
    page = folder / "history.txt"
    page.write_text("\n".join([*lines, "# EOF", ""]), encoding="utf-8")
    command = [str(generation.promtool), "tsdb", "create-blocks-from", "openmetrics", str(page), str(storage)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
