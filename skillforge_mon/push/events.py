"""What happens during a push, as it happens: for bars, for lines, and for other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.push.planning import REPLACED
from skillforge_mon.push.scheduler import Status
from skillforge_mon.push.steps import Step

BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Event:
    """``what`` is ``begun`` or a Status; ``reason`` says why a step failed or was skipped."""

    what: str
    step: Step
    reason: str = ""
    seconds: float = 0.0

    def to_plain(self) -> dict[str, Any]:
        """The fields of one line of ``--format jsonl``."""
        return {
            "event": self.what,
            "backend": self.step.backend,
            "kind": self.step.kind,
            "key": self.step.key,
            "name": self.step.name,
            "action": self.step.action.value,
            "id": self.step.live.id if self.step.live is not None else None,
            "reason": self.reason or None,
            "seconds": round(self.seconds, 3),
        }


Told = Callable[[Event], None]

_PAST = {
    "create": "created",
    "adopt": "adopted",
    "rename": "renamed",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "reload": "reloaded",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a push ended: what became of each step, in the order in which they ended.

    ``not_begun`` is how many steps were left when the user stopped it. ``lost`` is set where what was done could not
    be written down.
    """

    events: tuple[Event, ...]
    not_begun: int = 0
    interrupted: bool = False
    lost: bool = False

    @property
    def failed(self) -> bool:
        """True when not everything was done."""
        return (
            self.interrupted or self.lost or any(event.what in {Status.FAILED, Status.SKIPPED} for event in self.events)
        )

    def counts(self) -> dict[str, int]:
        """How many steps ended how; ``not_begun`` are those that an interruption left."""
        counted = Counter(event.what for event in self.events)
        return {**{status.value: counted[status.value] for status in Status}, "not_begun": self.not_begun}

    def report(self) -> str:
        """What was done, what failed and why, what was skipped and why; for people."""
        lines = [summary(self.events)]
        if self.interrupted:
            lines[0] += f", {self.not_begun} not begun; run it again to go on"
        lines += [
            f"  {line(event)}"
            for status in (Status.FAILED, Status.SKIPPED)
            for event in self.events
            if event.what == status
        ]
        return "\n".join(lines) + "\n"


def line(event: Event) -> str:
    """``Datadog monitor HighErrorRate: updated``; empty for what begins."""
    which = "the old " if event.step.reason == REPLACED else ""
    head = visible(f"{event.step.backend} {which}{event.step.label}")
    match event.what:
        case Status.DONE:
            return f"{head}: {_PAST[event.step.action.value]}"
        case Status.UNCHANGED:
            return f"{head}: nothing left to do"
        case Status.FAILED:
            return f"{head}: failed: {visible(event.reason)}"
        case Status.SKIPPED:
            return f"{head}: skipped: {visible(event.reason)}"
        case _:
            return ""


def summary(events: Iterable[Event]) -> str:
    """``2 updated, 1 created, 1 failed, 1 skipped``."""
    counts: Counter[str] = Counter()
    for event in events:
        if event.what == Status.DONE and event.step.reason != REPLACED:
            counts[_PAST[event.step.action.value]] += 1
        elif event.what in {Status.FAILED, Status.SKIPPED}:
            counts[event.what] += 1
    order = [*_PAST.values(), Status.FAILED.value, Status.SKIPPED.value]
    return ", ".join(f"{counts[word]} {word}" for word in order if counts[word]) or "nothing to do"
