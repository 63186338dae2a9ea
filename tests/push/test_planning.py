"""What a push would do: matched by marker, by former name, or because the spec says so; nothing else is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.documents.document import Document, Reference, Resource
from skillforge_mon.documents.references import reference
from skillforge_mon.push.fingerprint import revision
from tests.fakes.server import Fault
from tests.push.bench import Bench, actions, bench, told
from tests.push.toy import ToyFiles, board, document, monitor, policy, tags

SHOP = (
    policy("escalation.page"),
    monitor("alerts.Slow", "escalation.page", threshold=1),
    board("dashboards.all", "alerts.Slow"),
)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as found:
        yield found


def test_everything_is_new_on_an_empty_server(one: Bench) -> None:
    assert one.shown(*SHOP) == (
        "Toy  production\n  + policy   page\n  + monitor  Slow\n  + board    all\n0 to change, 3 to add, 0 to delete\n"
    )


def test_after_a_push_nothing_is_left_to_do(one: Bench) -> None:
    assert not one.push(*SHOP).failed
    assert one.shown(*SHOP) == "Toy  production\n  no changes (1 policy, 1 monitor, 1 board)\nno changes\n"


def test_what_the_server_adds_is_no_difference(one: Bench) -> None:
    one.push(*SHOP)
    assert one.server.named("Slow")["priority"] == 3
    assert one.plan(*SHOP).work == ()


def test_a_change_of_the_spec_is_told_by_its_fields(one: Bench) -> None:
    one.push(*SHOP)
    changed = monitor("alerts.Slow", "escalation.page", threshold=2, text="Slow again")
    assert one.shown(SHOP[0], changed, SHOP[2]) == (
        "Toy  production\n"
        "  ~ monitor  Slow  threshold 1 -> 2\n"
        "               now text Slow again\n"
        "1 to change, 0 to add, 0 to delete\n"
    )


def test_a_former_name_renames_in_place(one: Bench) -> None:
    one.push(*SHOP)
    identifier = one.server.named("Slow")["id"]
    renamed = monitor("alerts.Sluggish", "escalation.page", threshold=1, was="alerts.Slow")
    documents = (SHOP[0], renamed, board("dashboards.all", "alerts.Sluggish"))
    assert one.shown(*documents) == (
        "Toy  production\n"
        "  > monitor  Sluggish  was Slow\n"
        "               name Slow -> Sluggish\n"
        "0 to change, 0 to add, 0 to delete, 1 to rename\n"
    )
    assert told(one.push(*documents)) == ["toy monitor Sluggish: renamed"]
    assert one.server.named("Sluggish")["id"] == identifier
    assert one.plan(*documents).work == ()


def test_a_former_name_that_another_object_has_now_is_no_rename(one: Bench) -> None:
    one.push(*SHOP)
    both = (*SHOP, monitor("alerts.Sluggish", "escalation.page", was="alerts.Slow"))
    assert actions(one.plan(*both)) == [("create", "monitor Sluggish")]


def test_adopting_takes_a_live_object_that_is_nobodys(one: Bench) -> None:
    identifier = one.server.add("monitor", {"name": "by hand", "threshold": 9})
    adopting = monitor("alerts.Slow", threshold=1, adopt=identifier)
    assert one.shown(adopting) == (
        "Toy  production\n"
        f"  ~ monitor  Slow  adopts {identifier} (by hand)\n"
        "               name by hand -> Slow\n"
        "               threshold 9 -> 1\n"
        "1 to change, 0 to add, 0 to delete\n"
    )
    assert told(one.push(adopting)) == ["toy monitor Slow: adopted"]
    assert one.server.state() == {
        "monitor Slow": {
            "priority": 3,
            "threshold": 1,
            **tags("alerts.Slow", revision(adopting.content)),
        }
    }
    assert one.plan(adopting).work == ()


def test_what_belongs_to_another_project_is_not_adopted(one: Bench) -> None:
    identifier = one.server.add("monitor", {"name": "theirs", **tags("alerts.Slow", project="bakery")})
    plan = one.plan(monitor("alerts.Slow", adopt=identifier))
    assert [diagnostic.headline for diagnostic in plan.diagnostics] == [
        f"`Slow` cannot adopt: monitor {identifier} in Toy is already `bakery/production/alerts.Slow`"
    ]
    assert told(one.push(monitor("alerts.Slow", adopt=identifier))) == [
        f"toy monitor Slow: failed: monitor {identifier} in Toy is already `bakery/production/alerts.Slow`"
    ]
    assert one.server.writes() == []


def test_what_is_not_there_is_not_adopted(one: Bench) -> None:
    plan = one.plan(monitor("alerts.Slow", adopt="m99"))
    assert [each.headline for each in plan.diagnostics] == ["`Slow` cannot adopt: Toy has no monitor m99 to adopt"]


def test_adopting_another_one_than_ours_is_told(one: Bench) -> None:
    one.push(monitor("alerts.Slow"))
    (diagnostic,) = one.plan(monitor("alerts.Slow", adopt="m99")).diagnostics
    assert diagnostic.headline == "`Slow` is to adopt m99 in Toy, but m1 is `Slow` already"


def test_only_our_own_marker_makes_an_object_ours(one: Bench) -> None:
    one.server.add("monitor", {"name": "Slow", **tags("alerts.Slow", environment="staging")})
    one.server.add("monitor", {"name": "Slow", **tags("alerts.Slow", project="shopping")})
    one.server.add("monitor", {"name": "Slow"})
    assert actions(one.plan(monitor("alerts.Slow"), prune=True)) == [("create", "monitor Slow")]


def test_a_change_of_type_makes_an_object_anew_and_moves_what_refers_to_it(one: Bench) -> None:
    one.push(*SHOP)
    old = one.server.named("Slow")["id"]
    documents = (SHOP[0], monitor("alerts.Slow", "escalation.page", threshold=1, type="log"), SHOP[2])
    assert one.shown(*documents) == (
        "Toy  production\n"
        "  ± monitor  Slow  made anew, because its type cannot change\n"
        "               now type log\n"
        f"  ~ board    all   monitors now also the new monitor alerts.Slow; no longer {old}\n"
        "1 to change, 0 to add, 0 to delete, 1 to replace\n"
    )
    one.server.requests.clear()
    assert told(one.push(*documents)) == [
        "toy board all: updated",
        "toy monitor Slow: replaced",
        "toy the old monitor Slow: deleted",
    ]
    assert one.server.writes() == ["POST /monitor", "PUT /board/b3", f"DELETE /monitor/{old}"]
    assert one.plan(*documents).work == ()


def test_what_the_spec_has_no_more_is_told_and_deleted_only_when_pruned(one: Bench) -> None:
    one.push(*SHOP)
    assert one.shown(SHOP[0]) == (
        "Toy  production\n"
        "  no changes (1 policy)\n"
        "  - board    all   not in the spec any more: push --prune deletes it\n"
        "  - monitor  Slow  not in the spec any more: push --prune deletes it\n"
        "no changes\n"
    )
    assert one.plan(SHOP[0]).work == ()
    assert one.shown(SHOP[0], prune=True) == (
        "Toy  production\n"
        "  - board    all   not in the spec any more\n"
        "  - monitor  Slow  not in the spec any more\n"
        "0 to change, 0 to add, 2 to delete\n"
    )


def test_of_two_with_our_marker_the_one_of_that_name_is_kept(one: Bench) -> None:
    copy = one.server.add("monitor", {"name": "Slow (copy)", **tags("alerts.Slow")})
    ours = one.server.add("monitor", {"name": "Slow", **tags("alerts.Slow")})
    plan = one.plan(monitor("alerts.Slow"))
    assert plan.work == ()
    (diagnostic,) = plan.diagnostics
    assert (diagnostic.headline, diagnostic.notes) == (
        "Toy has 2 objects that are marked as `alerts.Slow`",
        (f"`Slow` ({ours}) is taken for it", f"`Slow (copy)` ({copy}) is left alone"),
    )
    assert one.shown(monitor("alerts.Slow")) == (
        "Toy  production\n"
        "  no changes (1 monitor)\n"
        f"  - monitor  Slow  a copy ({copy}): push --prune deletes it\n"
        "no changes\n"
    )
    one.push(monitor("alerts.Slow"), prune=True)
    assert [each["name"] for each in one.server.objects["monitor"].values()] == ["Slow"]


def test_of_two_with_our_marker_and_name_the_one_that_was_pushed_is_kept(one: Bench) -> None:
    one.server.add("monitor", {"name": "Slow"})
    one.push(monitor("alerts.Slow"))
    (ours,) = [each for each in one.server.objects["monitor"].values() if "tags" in each]
    one.server.objects["monitor"]["a"] = {**ours, "id": "a"}
    (diagnostic,) = one.plan(monitor("alerts.Slow")).diagnostics
    assert diagnostic.notes[0] == f"`Slow` ({ours['id']}) is taken for it"


def test_an_object_that_the_listing_does_not_show_yet_is_found_by_its_id(one: Bench) -> None:
    one.push(*SHOP)
    one.server.hidden.add(one.server.named("Slow")["id"])
    assert one.plan(*SHOP).work == ()


def test_references_to_the_server_are_looked_up_once(one: Bench) -> None:
    documents = [monitor(f"alerts.a{number}", team=reference("team", "ops")) for number in range(5)]
    one.push(*documents)
    assert {each["team"] for each in one.server.objects["monitor"].values()} == {77}
    one.server.requests.clear()
    assert one.plan(*documents).work == ()
    assert [request.path for request in one.server.requests].count("/team/ops") == 1


def test_a_reference_to_nothing_is_told_and_only_its_object_fails(one: Bench) -> None:
    documents = (
        monitor("alerts.Slow", team=reference("team", "nobody")),
        board("dashboards.all", "alerts.Slow"),
        policy("p"),
    )
    (diagnostic,) = one.plan(*documents).diagnostics
    assert diagnostic.headline == "Toy has no team `nobody`, to which `Slow` refers"
    assert told(one.push(*documents)) == [
        "toy board all: skipped: monitor Slow, which has to go first, was not done",
        "toy monitor Slow: failed: Toy has no team `nobody`",
        "toy policy p: created",
    ]


def test_a_circle_of_references_is_told(one: Bench) -> None:
    first = document("monitor", "alerts.A", other=reference("monitor", "alerts.B"))
    second = document("monitor", "alerts.B", other=reference("monitor", "alerts.A"))
    (diagnostic,) = one.plan(first, second).diagnostics
    assert diagnostic.headline == "objects of Toy refer to each other in a circle: alerts.A -> alerts.B -> alerts.A"


def test_a_system_that_does_not_answer_is_told(one: Bench) -> None:
    one.server.fail(Fault.EXPIRED, times=99)
    plan = one.plan(*SHOP)
    assert plan.systems == ()
    (diagnostic,) = plan.diagnostics
    assert diagnostic.code == "MON6010"
    assert diagnostic.headline.startswith("cannot compare with Toy: Toy answered 401 to GET /")


def test_whole_listings_need_no_request_for_each_object(one: Bench) -> None:
    documents = [monitor(f"alerts.a{number}", threshold=number) for number in range(5000)]
    for number in range(5000):
        one.server.add("monitor", {"name": f"a{number}", "threshold": number, **tags(f"alerts.a{number}")})
    plan = one.plan(*documents)
    assert plan.work == ()
    assert Counter(f"{request.method} {request.path}" for request in one.server.requests) == {
        "GET /monitor": 50,
        "GET /policy": 1,
        "GET /board": 1,
    }


def test_summaries_are_read_one_by_one_and_only_where_needed(one: Bench) -> None:
    one.push(*SHOP)
    for number in range(20):
        one.server.add("board", {"name": f"foreign {number}", "monitors": [], "tags": []})
    one.server.requests.clear()
    one.plan(*SHOP)
    assert sorted(request.path for request in one.server.requests) == ["/board", "/board/b3", "/monitor", "/policy"]


def test_a_server_of_files_is_asked_what_it_has_loaded(one: Bench) -> None:
    one.files = ToyFiles(loaded={"toy/monitor/alerts.Slow.json": {"name": "Slow", "threshold": 5}, "old": {}})
    document = monitor("alerts.Slow", threshold=1)
    assert one.shown(Document(document.path, document.content, document.format), monitor("alerts.New")) == (
        "Toy  production\n"
        "  + monitor  New\n"
        "  ~ rule     toy/monitor/alerts.Slow.json  threshold 5 -> 1\n"
        "  + rule     toy/monitor/alerts.New.json   not loaded\n"
        "  - rule     old                           loaded, and in no built file\n"
        "1 to change, 2 to add, 1 to delete\n"
    )


def test_a_document_of_a_kind_that_the_system_does_not_have_is_a_defect(one: Bench) -> None:
    with pytest.raises(DefectError, match="Toy takes no siren, but documents are of that kind"):
        one.plan(document("siren", "alerts.Slow"))


def test_references_of_the_resource_count_too(one: Bench) -> None:
    folder = policy("escalation.page")
    late = monitor("alerts.Slow")
    resource = Resource("toy", "monitor", "alerts.Slow", (Reference("policy", "escalation.page"),))
    late = Document(late.path, late.content, late.format, late.objects, resource=resource)
    one.server.fail(Fault.EXPIRED, lambda request: request.method == "POST" and request.path == "/policy")
    assert (
        told(one.push(late, folder))[0] == "toy monitor Slow: skipped: policy page, which has to go first, was not done"
    )
