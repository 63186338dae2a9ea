"""What a push remembers: the record, the journal, and the lock."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import pytest

from skillforge_mon.push.journal import Journal, Unfinished, recover
from skillforge_mon.push.lock import PushGoesOn, exclusive
from skillforge_mon.push.pushed import Pushed, Record, read_record, write_record
from skillforge_mon.push.session import open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.steps import Action, Step

SLOW = ("toy", "monitor", "alerts.Slow")


@pytest.fixture
def state(tmp_path: Path) -> State:
    found = State(tmp_path / ".monmc", "shop", "production")
    found.prepare()
    return found


def step(key: str = "alerts.Slow") -> Step:
    return Step(Action.CREATE, "toy", "monitor", key, key, "monitor")


def test_a_record_is_read_as_it_was_written(state: State) -> None:
    record = Record(
        {
            SLOW: Pushed("m1", "0123456789ab", {"url": "${secret:URL}", "at": [1, 2.5, None]}, ("m0",)),
            ("toy", "policy", "p"): Pushed("p1", "0123456789ab", {}),
        }
    )
    write_record(state.pushed, record)
    assert read_record(state.pushed) == record
    assert state.pushed.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format_version": 2}', '{"format_version": 1, "objects": [{}]}'])
def test_a_damaged_record_is_an_error(state: State, content: str) -> None:
    state.pushed.write_text(content)
    with pytest.raises(ValueError, match=r".+"):
        read_record(state.pushed)


def test_forgetting(state: State) -> None:
    record = Record({SLOW: Pushed("m2", "r", {}, ("m0", "m1"))})
    record.forget(SLOW, "m1")
    assert record.get(SLOW) == Pushed("m2", "r", {}, ("m0",))
    record.forget(SLOW, "a copy")
    assert record.get(SLOW) == Pushed("m2", "r", {}, ("m0",))
    record.forget(SLOW, "m2")
    assert record.get(SLOW) is None
    record.forget(SLOW, "m2")


def test_a_journal_tells_the_next_push_what_was_done(state: State) -> None:
    with Journal(state.journal, "plan") as journal:
        journal.intent(step(), Action.CREATE)
        journal.wrote(step(), Action.CREATE, Pushed("m1", "r", {"name": "Slow"}))
        journal.intent(step("alerts.Other"), Action.CREATE)
        journal.intent(step("alerts.Anew"), Action.REPLACE, "m5")
    record = Record({("toy", "monitor", "alerts.Gone"): Pushed("m9", "r", {})})
    with Journal(state.journal, "plan") as journal:
        journal.intent(step("alerts.Gone"), Action.DELETE, "m9")
        journal.deleted(step("alerts.Gone"), "m9")
        journal.intent(step("alerts.Refused"), Action.CREATE)
        journal.failed(step("alerts.Refused"), Action.CREATE)
    begun = {("toy", "monitor", f"alerts.{name}") for name in ("Slow", "Other", "Anew", "Gone", "Refused")}
    assert recover(state.journal, record) == Unfinished("plan", frozenset(begun))
    assert record == Record({SLOW: Pushed("m1", "r", {"name": "Slow"})}, {("toy", "monitor", "alerts.Anew"): "m5"})


def test_the_journal_of_another_plan_has_begun_nothing_of_this_one(state: State) -> None:
    for plan in ("one", "two"):
        with Journal(state.journal, plan) as journal:
            journal.intent(step(plan), Action.CREATE)
    assert recover(state.journal, Record()) == Unfinished("two", frozenset({("toy", "monitor", "two")}))


def test_a_line_that_a_crash_tore_off_is_left_out(state: State) -> None:
    with Journal(state.journal) as journal:
        journal.wrote(step(), Action.CREATE, Pushed("m1", "r", {}))
    whole = state.journal.read_bytes()
    for length in range(len(whole)):
        state.journal.write_bytes(whole[:length])
        record = Record()
        recover(state.journal, record)
        assert record.entries in ({}, {SLOW: Pushed("m1", "r", {})})
        with Journal(state.journal) as journal:
            journal.wrote(step("alerts.Next"), Action.CREATE, Pushed("m2", "r", {}))
        recover(state.journal, record)
        assert record.get(("toy", "monitor", "alerts.Next")) == Pushed("m2", "r", {})


def test_without_a_journal_nothing_is_unfinished(state: State) -> None:
    assert recover(state.journal, Record()) is None


def test_two_pushes_at_a_time_are_one_too_many(state: State) -> None:
    with exclusive(state.lock):
        with pytest.raises(PushGoesOn) as caught, open_session(state):
            pass
        assert caught.value.holder == str(os.getpid())
    assert not state.lock.exists()
    with open_session(state):
        pass


def _die_with(lock: Path) -> None:
    context = exclusive(lock)
    context.__enter__()
    os._exit(9)


def test_the_lock_of_a_dead_process_stops_nobody(state: State) -> None:
    process = multiprocessing.get_context("fork").Process(target=_die_with, args=(state.lock,))
    process.start()
    process.join()
    assert state.lock.read_text() == f"{process.pid}\n"
    with exclusive(state.lock):
        assert state.lock.read_text() == f"{os.getpid()}\n"


def test_the_folder_ignores_itself(state: State) -> None:
    assert (state.root / ".gitignore").read_text() == "*\n"
    (state.root / ".gitignore").write_text("mine\n")
    state.prepare()
    assert (state.root / ".gitignore").read_text() == "mine\n"


def test_a_journal_is_json_line_by_line(state: State) -> None:
    with Journal(state.journal, "p") as journal:
        journal.intent(step(), Action.UPDATE, "m1")
    assert [json.loads(line) for line in state.journal.read_text().splitlines()] == [
        {"event": "start", "plan": "p"},
        {"event": "intent", "action": "update", "backend": "toy", "kind": "monitor", "key": "alerts.Slow", "id": "m1"},
    ]
