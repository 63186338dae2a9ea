"""Carrying out a plan: in order, looked at once more, nothing overwritten unseen, nothing made twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillforge_mon.push.fingerprint import revision
from tests.fakes.server import Fault, Request
from tests.push.bench import Bench, bench, told
from tests.push.toy import ToyFiles, board, monitor, policy, tags

PAGE = policy("escalation.page")
SLOW = monitor("alerts.Slow", "escalation.page", threshold=1)
ALL = board("dashboards.all", "alerts.Slow")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as found:
        yield found


def test_what_is_referred_to_comes_first_whatever_the_order_of_the_documents(one: Bench) -> None:
    assert not one.push(ALL, SLOW, PAGE).failed
    assert one.server.writes() == ["POST /policy", "POST /monitor", "POST /board"]
    assert one.server.state() == {
        "board all": {"layout": "auto", "monitors": ["Slow"], **tags("dashboards.all", revision(ALL.content))},
        "monitor Slow": {
            "priority": 3, "policy": "page", "threshold": 1, **tags("alerts.Slow", revision(SLOW.content)),
        },
        "policy page": {"repeat": 0, **tags("escalation.page", revision(PAGE.content))},
    }  # fmt: skip


def test_deletions_come_last_and_the_other_way_round(one: Bench) -> None:
    one.push(PAGE, SLOW, ALL)
    one.server.requests.clear()
    new = monitor("alerts.New")
    assert not one.push(new, prune=True).failed
    assert one.server.writes() == ["POST /monitor", "DELETE /board/b3", "DELETE /monitor/m2", "DELETE /policy/p1"]


def test_what_refers_to_it_is_changed_before_an_object_is_deleted(one: Bench) -> None:
    one.push(PAGE, SLOW, ALL)
    one.server.requests.clear()
    assert not one.push(PAGE, board("dashboards.all"), prune=True).failed
    assert one.server.writes() == ["PUT /board/b3", "DELETE /monitor/m2"]


def test_what_still_refers_to_it_keeps_an_object_from_being_deleted(one: Bench) -> None:
    one.push(PAGE, SLOW, ALL)
    one.server.fail(Fault.EXPIRED, lambda request: request.method == "PUT")
    assert told(one.push(PAGE, board("dashboards.all"), prune=True)) == [
        "toy board all: failed: Toy answered 401 to PUT /board/b3: Unauthorized",
        "toy monitor Slow: skipped: board all, which has to go first, was not done",
    ]


def test_one_failure_stops_only_what_depends_on_it(one: Bench) -> None:
    documents = (policy("escalation.refused"), monitor("alerts.A", "escalation.refused"), monitor("alerts.B"))
    outcome = one.push(*documents, board("dashboards.all", "alerts.A", "alerts.B"))
    assert outcome.failed
    assert told(outcome) == [
        "toy board all: skipped: monitor A, which has to go first, was not done",
        "toy monitor A: skipped: policy refused, which has to go first, was not done",
        "toy monitor B: created",
        "toy policy refused: failed: Toy answered 400 to POST /policy: no object may be called so",
    ]
    assert outcome.report() == (
        "1 created, 1 failed, 2 skipped\n"
        "  toy policy refused: failed: Toy answered 400 to POST /policy: no object may be called so\n"
        "  toy monitor A: skipped: policy refused, which has to go first, was not done\n"
        "  toy board all: skipped: monitor A, which has to go first, was not done\n"
    )


def test_credentials_that_expire_stop_the_system(one: Bench) -> None:
    one.concurrency = 1
    one.server.fail(Fault.EXPIRED, lambda request: request.method == "POST", times=99)
    outcome = one.push(monitor("alerts.A"), monitor("alerts.B"))
    assert told(outcome) == [
        "toy monitor A: failed: Toy answered 401 to POST /monitor: Unauthorized",
        "toy monitor B: skipped: Toy answered 401 to POST /monitor: Unauthorized",
    ]


def test_what_somebody_changes_after_the_plan_is_not_overwritten(one: Bench) -> None:
    one.push(PAGE, SLOW)
    changed = monitor("alerts.Slow", "escalation.page", threshold=2)
    plan = one.plan(PAGE, changed)
    one.server.edit("monitor", "m2", threshold=9)
    assert told(one.push(PAGE, changed, plan=plan)) == [
        (
            "toy monitor Slow: failed: somebody else changed by ann@example.com on 2026-11-03 after this was planned: "
            "threshold 1 -> 9; run it again to see both"
        )
    ]
    assert one.server.named("Slow")["threshold"] == 9


def test_what_somebody_changes_elsewhere_in_the_object_does_not_matter(one: Bench) -> None:
    one.push(PAGE, SLOW)
    changed = monitor("alerts.Slow", "escalation.page", threshold=2)
    plan = one.plan(PAGE, changed)
    one.server.edit("monitor", "m2", colour="red")
    assert told(one.push(PAGE, changed, plan=plan)) == ["toy monitor Slow: updated"]


def test_what_somebody_did_already_is_left_as_it_is(one: Bench) -> None:
    one.push(PAGE, SLOW)
    changed = monitor("alerts.Slow", "escalation.page", threshold=2)
    plan = one.plan(PAGE, changed)
    one.server.edit("monitor", "m2", threshold=2)
    assert told(one.push(PAGE, changed, plan=plan)) == ["toy monitor Slow: nothing left to do"]


def test_what_is_no_longer_ours_is_left_alone(one: Bench) -> None:
    one.push(PAGE, SLOW)
    plan = one.plan(PAGE, monitor("alerts.Slow", threshold=2))
    one.server.edit("monitor", "m2", tags=[])
    assert told(one.push(PAGE, monitor("alerts.Slow", threshold=2), plan=plan)) == [
        "toy monitor Slow: failed: it belongs to nobody by now, so it is left alone"
    ]
    deleting = one.plan(prune=True)
    one.server.edit("policy", "p1", tags=[])
    assert told(one.push(prune=True, plan=deleting)) == [
        "toy policy page: failed: it belongs to nobody by now, so it is left alone"
    ]


def test_what_changes_after_the_plan_is_not_deleted(one: Bench) -> None:
    one.push(PAGE)
    plan = one.plan(prune=True)
    one.server.edit("policy", "p1", repeat=5)
    assert told(one.push(prune=True, plan=plan)) == [
        (
            "toy policy page: failed: somebody else changed by ann@example.com on 2026-11-03 after this was planned: "
            "repeat 0 -> 5; run it again to see both"
        )
    ]


def test_what_was_deleted_meanwhile(one: Bench) -> None:
    one.push(PAGE, SLOW)
    plan = one.plan(PAGE, monitor("alerts.Slow", threshold=2))
    deleting = one.plan(PAGE, prune=True)
    one.server.objects["monitor"].clear()
    assert told(one.push(PAGE, monitor("alerts.Slow", threshold=2), plan=plan)) == [
        "toy monitor Slow: failed: somebody deleted it after this was planned; run it again"
    ]
    assert told(one.push(PAGE, prune=True, plan=deleting)) == ["toy monitor Slow: nothing left to do"]


def test_a_conflict_with_a_harmless_change_is_tried_again(one: Bench) -> None:
    one.push(PAGE, SLOW)

    def meanwhile(request: Request) -> bool:
        if request.method == "PUT" and one.server.named("Slow")["version"] == 1:
            one.server.edit("monitor", "m2", colour="red")
        return False

    one.server.fail(Fault.SLOW, meanwhile)
    assert told(one.push(PAGE, monitor("alerts.Slow", "escalation.page", threshold=2))) == ["toy monitor Slow: updated"]
    assert one.server.writes()[-2:] == ["PUT /monitor/m2", "PUT /monitor/m2"]


@pytest.mark.parametrize("fault", [Fault.NO_ANSWER_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.RESET_IN_BODY])
def test_a_creation_whose_answer_was_lost_is_found_and_not_repeated(one: Bench, fault: Fault) -> None:
    one.server.fail(fault, lambda request: request.method == "POST")
    assert told(one.push(PAGE, SLOW)) == ["toy monitor Slow: created", "toy policy page: created"]
    assert one.server.writes() == ["POST /policy", "POST /monitor"]
    assert one.plan(PAGE, SLOW).work == ()


def test_a_creation_that_did_not_happen_is_repeated_a_few_times(one: Bench) -> None:
    one.server.fail(Fault.NO_ANSWER_BEFORE, lambda request: request.method == "POST", times=2)
    assert told(one.push(PAGE)) == ["toy policy page: created"]
    one.server.fail(Fault.NO_ANSWER_BEFORE, lambda request: request.method == "POST", times=99)
    (failed,) = told(one.push(PAGE, monitor("alerts.A")))
    assert failed.startswith("toy monitor A: failed: Toy gave no answer to POST /monitor")
    assert one.server.writes() == ["POST /policy"] * 3 + ["POST /monitor"] * 3


def test_the_last_body_is_kept_before_anything_is_overwritten_or_deleted(one: Bench) -> None:
    one.push(PAGE, SLOW)
    one.push(PAGE, monitor("alerts.Slow", "escalation.page", threshold=2))
    one.push(PAGE, prune=True)
    head = {
        "format_version": 1, "backend": "toy", "kind": "monitor", "id": "m2", "name": "Slow", "key": "alerts.Slow",
        "owner": "shop/production/alerts.Slow",
        "saved_at": "2026-11-04T12:00:00.000005Z",
    }  # fmt: skip
    body = {"priority": 3, "name": "Slow", "policy": "p1"}
    assert sorted(one.kept(), key=lambda kept: str(kept["action"])) == [
        {**head, "action": "delete", "body": {**body, "threshold": 2}},
        {**head, "action": "update", "body": {**body, "threshold": 1}},
    ]
    assert (one.state.root / ".gitignore").read_text() == "*\n"
    assert {path.stat().st_mode & 0o777 for path in one.state.kept.iterdir()} == {0o600}


def test_nothing_is_overwritten_whose_body_cannot_be_kept(one: Bench) -> None:
    one.push(PAGE)
    one.state.kept.rmdir()
    one.state.kept.write_text("in the way")
    with pytest.raises(FileExistsError):
        one.push(policy("escalation.page", repeat=2))
    assert one.server.writes() == ["POST /policy"]


def test_an_object_is_replaced_where_the_server_suffers_no_two_of_a_name(one: Bench) -> None:
    one.push(monitor("alerts.Slow"))
    one.server.unique_names = True
    outcome = one.push(monitor("alerts.Slow", type="log"))
    assert told(outcome) == ["toy monitor Slow: replaced", "toy the old monitor Slow: nothing left to do"]
    assert one.server.writes()[1:] == ["POST /monitor", "DELETE /monitor/m1", "POST /monitor"]
    assert one.plan(monitor("alerts.Slow", type="log")).work == ()


def test_what_is_in_the_way_of_a_replacement_does_not_cost_us_our_own(one: Bench) -> None:
    one.push(monitor("alerts.Slow", name="Slow"))
    one.server.objects["monitor"]["m9"] = {"id": "m9", "name": "Taken", "type": "log"}
    one.server.unique_names = True
    outcome = one.push(monitor("alerts.Slow", name="Taken", type="log"))
    assert [line for line in told(outcome) if "former" in line]
    names = sorted(each["name"] for each in one.server.objects["monitor"].values())
    assert names == ["Slow", "Taken"]
    assert one.server.objects["monitor"]["m9"] == {"id": "m9", "name": "Taken", "type": "log"}


def test_as_many_requests_go_at_once_as_the_system_takes(one: Bench) -> None:
    one.concurrency = 6
    at_once, most, lock = 0, 0, threading.Lock()
    list_ = one.systems

    def counted(*arguments: object) -> object:
        (system,) = list_(*arguments)  # type: ignore[arg-type]
        create = system.api.create  # type: ignore[union-attr]

        def slow(*given: object) -> object:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            threading.Event().wait(0.01)
            try:
                return create(*given)  # type: ignore[arg-type]
            finally:
                with lock:
                    at_once -= 1

        system.api.create = slow  # type: ignore[union-attr,method-assign]
        return [system]

    one.systems = counted  # type: ignore[assignment,method-assign]
    one.push(*(monitor(f"alerts.a{number}") for number in range(60)))
    assert most == 6


def test_a_server_of_files_reads_again_what_was_delivered(one: Bench) -> None:
    document = monitor("alerts.Slow")
    one.files = ToyFiles(delivered={document.path: document.content})
    outcome = one.push(document)
    assert told(outcome) == ["toy files Toy: reloaded", "toy monitor Slow: created"]
    assert (one.files.reloads, one.plan(document).work) == (1, ())


def test_files_that_were_not_delivered_are_told(one: Bench) -> None:
    one.files = ToyFiles()
    outcome = one.push(monitor("alerts.Slow"))
    assert told(outcome)[0] == (
        "toy files Toy: failed: the built files have not reached the server: after a reload it still differs in "
        "rule toy/monitor/alerts.Slow.json; deliver them, then push again"
    )
