"""A changed SLO in Datadog is told as a changed promise."""

from __future__ import annotations

from typing import Any

from skillforge_mon.diff.part_changes import Part, part_changes


def slo(target: float, timeframe: str = "30d", **further: Any) -> Part:
    """An SLO in Datadog as its file has it."""
    body = {"name": "api", "thresholds": [{"timeframe": timeframe, "target": target, **further}]}
    return Part({"": body}, ("datadog/slos/api.json",))


def told(old: Part, new: Part) -> list[str]:
    """The sentences about what differs."""
    return [change.sentence for change in part_changes("slo", old, new)]


def test_another_target_is_another_budget() -> None:
    assert told(slo(99.9), slo(99.95)) == [
        "objective 99.9 % -> 99.95 %",
        "budget 43 m 12 s -> 21 m 36 s per 30 d",
    ]


def test_another_window_is_another_budget() -> None:
    assert told(slo(99.9), slo(99.9, "7d")) == ["budget 43 m 12 s per 30 d -> 10 m 4 s per 7 d"]


def test_what_has_more_than_a_target_is_told_field_by_field() -> None:
    assert told(slo(99.9), slo(99.9, warning=99.95)) == ["now thresholds[1].warning 99.95"]
