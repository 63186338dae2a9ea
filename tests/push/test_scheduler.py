"""Tasks in their order: behind what they need, level by level, as many at a time as a lane takes."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.push.ordering import Cycle, levels, sequence
from skillforge_mon.push.scheduler import Ended, Interrupted, Status, Task, run


@st.composite
def task_lists(draw: st.DrawFn) -> list[Task]:
    """Tasks that need only earlier ones of the same or a lower level in their lane, in any order."""
    count = draw(st.integers(0, 25))
    tasks: list[Task] = []
    for number in range(count):
        lane = draw(st.sampled_from(["a", "b"]))
        needs = draw(st.lists(st.sampled_from(tasks), max_size=3, unique=True)) if tasks else []
        needs = [need for need in needs if need.lane == lane]
        level = max([draw(st.integers(0, 3)), *(need.level for need in needs)])
        tasks.append(Task(number, lane, level, f"task {number}", tuple(need.id for need in needs)))
    return draw(st.permutations(tasks))


@given(task_lists(), st.sets(st.integers(0, 24)), st.integers(1, 4))
def test_every_task_ends_once_and_behind_what_it_needs(tasks: list[Task], failing: set[int], width: int) -> None:
    ended: list[Ended] = []
    at_once: Counter[str] = Counter()
    lock = threading.Lock()

    def work(task: Task) -> Ended:
        with lock:
            at_once[task.lane] += 1
            assert at_once[task.lane] <= width
        with lock:
            at_once[task.lane] -= 1
        return Ended(task, Status.FAILED if task.id in failing else Status.DONE)

    run(tasks, {"a": width, "b": width}, work, lambda _task: None, ended.append)
    assert sorted(each.task.id for each in ended) == sorted(task.id for task in tasks)  # type: ignore[type-var]
    place = {each.task.id: number for number, each in enumerate(ended)}
    status = {each.task.id: each.status for each in ended}
    for task in tasks:
        assert all(place[need] < place[task.id] for need in task.needs)
        assert all(
            place[other.id] < place[task.id] for other in tasks if other.lane == task.lane and other.level < task.level
        )
        stopped = any(status[need] is not Status.DONE for need in task.needs)
        expected = Status.SKIPPED if stopped else Status.FAILED if task.id in failing else Status.DONE
        assert status[task.id] is expected


def test_a_lane_that_stops_skips_the_rest_of_it() -> None:
    tasks = [Task(number, "a", 0, str(number)) for number in range(3)] + [Task(9, "b", 0, "9")]
    ended: list[Ended] = []

    def work(task: Task) -> Ended:
        return Ended(task, Status.FAILED if task.lane == "a" else Status.DONE, "no entry", stops_lane=task.lane == "a")

    run(tasks, {"a": 1, "b": 1}, work, lambda _task: None, ended.append)
    assert sorted((each.task.id, each.status.value, each.reason) for each in ended) == [
        (0, "failed", "no entry"),
        (1, "skipped", "no entry"),
        (2, "skipped", "no entry"),
        (9, "done", "no entry"),
    ]


def test_ctrl_c_lets_what_has_begun_end_and_begins_nothing_more() -> None:
    tasks = [Task(number, "a", 0, str(number)) for number in range(9)]
    ended: list[Ended] = []

    def work(task: Task) -> Ended:
        if task.id == 3:
            os.kill(os.getpid(), signal.SIGINT)
        if task not in tasks[:3]:
            time.sleep(1)  # until it has been noticed, also on a busy machine
        return Ended(task, Status.DONE)

    with pytest.raises(Interrupted):
        run(tasks, {"a": 2}, work, lambda _task: None, ended.append)
    assert [each.status for each in ended] == [Status.DONE] * len(ended)
    assert 4 <= len(ended) < len(tasks)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8))))
def test_a_sequence_has_everything_behind_what_it_needs_or_names_a_circle(edges: Sequence[tuple[int, int]]) -> None:
    needs = {node: [to for start, to in edges if start == node] for node in range(9)}
    try:
        found = sequence(needs)
    except Cycle as cycle:
        around = cycle.members
        assert around[0] == around[-1]
        assert all(to in needs[start] for start, to in itertools.pairwise(around))  # type: ignore[index]
    else:
        assert sorted(found) == list(range(9))
        assert all(found.index(to) < found.index(start) for start, to in edges)
        level = levels(needs, lambda node: node % 3)
        assert all(level[to] <= level[start] for start, to in edges)


def test_a_defect_in_a_task_ends_the_run_instead_of_waiting_for_ever() -> None:
    def work(task: Task) -> Ended:
        raise AttributeError(task.label)

    with pytest.raises(AttributeError, match="task 1"):
        run([Task(1, "a", 0, "task 1")], {"a": 1}, work, lambda _task: None, lambda _ended: None)
