"""Faults, played at once: each is begun, seen to be alerted and told, ended, and seen to be over and told to be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from tests.real.escalation import until
from tests.real.servers import asked
from tests.real.stacks.again import again
from tests.real.stacks.platforms import Alert
from tests.real.stacks.world import World

PATIENCE_SECONDS = 100.0
"""Longer than an alert takes: HostDiskFullSoon, whose `for` is an hour, needs a minute, and ``history.LEAVES`` as long."""
POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong for as long as ``during`` lasts, and the alerts (platform, name, severity) that it provokes.

    It begins when those of ``after`` are over, when people were told so of those of ``after_told``, and when people were
    told of those of ``after_begun``.
    """

    name: str
    provokes: frozenset[tuple[str, str, str]]
    during: Callable[[], AbstractContextManager[object]]
    after: tuple[str, ...] = ()
    after_told: tuple[str, ...] = ()
    after_begun: tuple[str, ...] = ()


def of(platform: str, severity: str, *names: str) -> frozenset[tuple[str, str, str]]:
    """The alerts of these names."""
    return frozenset((platform, name, severity) for name in names)


@dataclass(frozen=True, slots=True)
class _End:
    """That people were told of a fault's alerts, that these are over, and that everybody was told so."""

    begun: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    told: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class Watch:
    """What fires in both Prometheus servers, looked at all the time; and when each was seen to, last of all."""

    world: World
    firing: frozenset[tuple[str, str, str]] = frozenset()
    fired: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def look(self) -> None:
        """Ask both servers."""
        now, found = time.monotonic(), set()
        for name, stack in self.world.stacks.items():
            for each in asked(f"http://127.0.0.1:{stack.servers.prometheus_port}", "alerts")["alerts"]:
                if each["state"] == "firing":
                    found.add((name, each["labels"]["alertname"], each["labels"]["severity"]))
        self.firing = frozenset(found)
        self.fired |= dict.fromkeys(found, now)


@contextmanager
def watching(world: World) -> Iterator[Watch]:
    """A thread of its own looks twice a second."""
    watch = Watch(world)
    with again(watch.look, POLL_SECONDS):
        yield watch


@dataclass(frozen=True, slots=True)
class Play:
    """The faults and what they are held against. ``failed`` collects what was not seen, ``took`` the seconds."""

    watch: Watch
    alerts: Mapping[tuple[str, str, str], Alert]
    failed: list[str] = field(default_factory=list)
    took: dict[str, list[float]] = field(default_factory=dict)

    def play(self, faults: Sequence[Fault]) -> None:
        """All of them, those first that wait for no other."""
        ends = {fault.name: _End() for fault in faults}
        threads = [threading.Thread(target=self._one, args=(fault, ends), daemon=True) for fault in faults]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _one(self, fault: Fault, ends: Mapping[str, _End]) -> None:
        try:
            for name in fault.after:
                ends[name].over.wait()
            for name in fault.after_told:
                ends[name].told.wait()
            for name in fault.after_begun:
                ends[name].begun.wait()
            provokes = [self.alerts[key] for key in sorted(fault.provokes)]
            self._until(lambda: [each for each in provokes if self._fires(each)], fault, "fires before it")
            moments = [time.monotonic()]
            with fault.during():
                # Not all at once: some have ended of themselves before others begin.
                self._until(
                    lambda: [each for each in provokes if not self._fired_since(each, moments[0])],
                    fault,
                    "does not fire",
                )
                moments.append(time.monotonic())
                self._until(
                    lambda: [each for each in provokes if self._untold(each, moments[0], is_over=False)],
                    fault,
                    "is not told",
                )
                moments.append(time.monotonic())
                ends[fault.name].begun.set()
            self._until(lambda: [each for each in provokes if self._fires(each)], fault, "does not end")
            moments.append(time.monotonic())
            ends[fault.name].over.set()
            self._until(
                lambda: [each for each in provokes if self._untold(each, moments[0], is_over=True)],
                fault,
                "is not told to be over",
            )
            moments.append(time.monotonic())
            self.took[fault.name] = [round(moment - moments[0], 1) for moment in moments[1:]]
        except Exception as error:  # noqa: BLE001 - it would be lost in a thread
            self.failed.append(f"{fault.name}: {error!r}")
        finally:
            for end in (ends[fault.name].begun, ends[fault.name].over, ends[fault.name].told):
                end.set()

    def _fires(self, alert: Alert) -> bool:
        return (alert.platform, alert.name, alert.severity) in self.watch.firing

    def _fired_since(self, alert: Alert, moment: float) -> bool:
        return self.watch.fired.get((alert.platform, alert.name, alert.severity), 0.0) > moment

    def _untold(self, alert: Alert, since: float, *, is_over: bool) -> bool:
        """Whether somebody who should be told of it, and then of its end, is not."""
        stack = self.watch.world.stacks[alert.platform]
        for channel in stack.built.channels[alert.receiver]:
            own = [
                each
                for each in list(stack.people.told)
                if each.at >= since
                and (each.by, each.alert) == (channel, alert.name)
                and each.receiver in {alert.receiver, ""}
            ]
            begins = [each.at for each in own if each.is_firing]
            if not begins or (is_over and not any(not each.is_firing and each.at > begins[0] for each in own)):
                return True
        return False

    def _until(self, left: Callable[[], Sequence[Alert]], fault: Fault, what: str) -> None:
        if not until(lambda: not left(), PATIENCE_SECONDS):
            names = ", ".join(str(each) for each in left())
            raise AssertionError(f"within {PATIENCE_SECONDS:.0f} s of `{fault.name}`, {what}: {names}")
