"""Runs tasks with as many at a time as each system takes, every task behind what it needs.

Within a lane, tasks of a level begin when all of lower levels have ended. Of what is ready, the first in the list of
tasks goes first. A task whose need failed, or was skipped, is skipped.
"""

from __future__ import annotations

import enum
import heapq
import queue
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class Status(enum.StrEnum):
    """How a task ended."""

    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do in ``lane``; ``needs`` are the ids of tasks that must have succeeded before."""

    id: Hashable
    lane: str
    level: int
    label: str
    needs: tuple[Hashable, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task ended, why, and after how many seconds; ``stops_lane`` where no other task of it can succeed."""

    task: Task
    status: Status
    reason: str = ""
    seconds: float = 0.0
    stops_lane: bool = False


Work = Callable[[Task], Ended]


class Interrupted(Exception):  # noqa: N818 - it says what is the case
    """The user stopped the run: what had begun has ended, and the rest has not begun."""


def run(
    tasks: Sequence[Task],
    lanes: Mapping[str, int],
    work: Work,
    begun: Callable[[Task], None],
    ended: Callable[[Ended], None],
) -> None:
    """Do all ``tasks``; ``lanes`` has how many may run at a time in each. ``begun`` and ``ended`` are called here.

    ``work`` raises nothing that is foreseen; a defect in it ends the run and is raised here. Raises Interrupted on
    Ctrl-C, once the tasks that run have ended.
    """
    _Run(tasks, lanes, work, begun, ended).run()


@contextmanager
def _on_interrupt(call: Callable[[], None]) -> Iterator[None]:
    """On the first Ctrl-C only ``call``; on the second, end at once. Only the main thread can hear of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def heard(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        call()

    signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Run:
    def __init__(
        self,
        tasks: Sequence[Task],
        lanes: Mapping[str, int],
        work: Work,
        begun: Callable[[Task], None],
        ended: Callable[[Ended], None],
    ) -> None:
        self.tasks = {task.id: task for task in tasks}
        self.place = {task.id: number for number, task in enumerate(tasks)}
        self.free = dict(lanes)
        self.work, self.begun, self.ended = work, begun, ended
        self.waiting = {task.id: {need for need in task.needs if need in self.tasks} for task in tasks}
        self.dependants: dict[Hashable, list[Hashable]] = {}
        for name, needs in self.waiting.items():
            for need in needs:
                self.dependants.setdefault(need, []).append(name)
        self.open: dict[str, Counter[int]] = {lane: Counter() for lane in lanes}
        self.ready: dict[str, list[tuple[int, int, Hashable]]] = {lane: [] for lane in lanes}
        for task in tasks:
            self.open[task.lane][task.level] += 1
        self.unsuccessful: dict[Hashable, str] = {}
        self.stopped: dict[str, str] = {}
        self.left = len(tasks)
        self.running = 0
        self.interrupted = False
        self.results: queue.SimpleQueue[Ended | BaseException | None] = queue.SimpleQueue()

    def run(self) -> None:
        for name in self.tasks:
            if not self.waiting[name]:
                self._is_ready(name)
        with (
            ThreadPoolExecutor(max(1, sum(self.free.values()))) as pool,
            _on_interrupt(lambda: self.results.put(None)),
        ):
            while self.left:
                if not self.interrupted:
                    self._start(pool)
                if not self.running:
                    break
                ended = self.results.get()
                if isinstance(ended, BaseException):
                    raise ended
                if ended is None:
                    self.interrupted = True
                else:
                    self._take(ended)
        if self.left:
            raise Interrupted

    def _is_ready(self, name: Hashable) -> None:
        task = self.tasks[name]
        heapq.heappush(self.ready[task.lane], (task.level, self.place[name], name))

    def _start(self, pool: ThreadPoolExecutor) -> None:
        """Begin whatever may begin; skipping a task may make others ready, so this goes on until nothing moves."""
        moved = True
        while moved:
            moved = False
            for lane, heap in self.ready.items():
                while heap and self.free[lane] and heap[0][0] <= min(self.open[lane]):
                    task = self.tasks[heapq.heappop(heap)[2]]
                    moved = True
                    if (reason := self._why_not(task)) is not None:
                        self._finish(Ended(task, Status.SKIPPED, reason))
                        continue
                    self.free[lane] -= 1
                    self.running += 1
                    self.begun(task)
                    pool.submit(self._do, task)

    def _why_not(self, task: Task) -> str | None:
        for need in task.needs:
            if need in self.unsuccessful:
                return f"{self.unsuccessful[need]}, which has to go first, was not done"
        return self.stopped.get(task.lane)

    def _do(self, task: Task) -> None:
        started = time.monotonic()
        try:
            ended = self.work(task)
        except BaseException as defect:  # noqa: BLE001 - raised again in the thread that waits for it
            self.results.put(defect)
            return
        self.results.put(
            Ended(task, ended.status, ended.reason, time.monotonic() - started, stops_lane=ended.stops_lane)
        )

    def _take(self, ended: Ended) -> None:
        self.running -= 1
        self.free[ended.task.lane] += 1
        if ended.stops_lane:
            self.stopped.setdefault(ended.task.lane, ended.reason)
        self._finish(ended)

    def _finish(self, ended: Ended) -> None:
        task = ended.task
        self.left -= 1
        counts = self.open[task.lane]
        counts[task.level] -= 1
        if not counts[task.level]:
            del counts[task.level]
        if ended.status in {Status.FAILED, Status.SKIPPED}:
            self.unsuccessful[task.id] = task.label
        self.ended(ended)
        for name in self.dependants.get(task.id, ()):
            self.waiting[name].discard(task.id)
            if not self.waiting[name]:
                self._is_ready(name)
