"""Whatever goes wrong between monmc and a system: the end is right, nothing is there twice, and the report is true."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import Fault, Request
from tests.live.world import READING, SYSTEMS, Objects, Run, World, world

CREATES, UPDATES, DELETES = ("POST",), ("PUT", "PATCH"), ("DELETE",)
ALWAYS = 10_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault that meets the first ``times`` creates, as many updates and as many deletes; how the push then ends.

    ``told`` is what its report says of what failed.
    """

    fault: Fault
    times: int
    code: int = 0
    told: str = ""


TROUBLES = {
    "a storm of 429": Trouble(Fault.TOO_MANY, 12),
    "500 once": Trouble(Fault.SERVER_ERROR, 1),
    "500 always": Trouble(Fault.SERVER_ERROR, ALWAYS, 1, "answered 500 to"),
    "502 with a page": Trouble(Fault.BAD_GATEWAY_PAGE, 2),
    "502 with a page after the effect": Trouble(Fault.BAD_GATEWAY_AFTER, 1),
    "no answer, no effect": Trouble(Fault.NO_ANSWER_BEFORE, 1),
    "no answer after the effect": Trouble(Fault.NO_ANSWER_AFTER, 1),
    "a time-out after the effect": Trouble(Fault.SILENCE, 1),
    "a reset amid the answer": Trouble(Fault.RESET_IN_BODY, 1),
    "slow answers": Trouble(Fault.SLOW, 2),
    "an expired token": Trouble(Fault.EXPIRED, ALWAYS, 1, "answered 401 to"),
}
TITLES = ("name", "title", "description")
OF_A_CLUSTER = frozenset(("index_patterns", "policy", "template"))
"""Keys of Elasticsearch's templates and policies, which have no title: their names are not in them."""


@dataclass(frozen=True, slots=True)
class End:
    """How many objects of each kind there are when nothing goes wrong, and the titles of those that change or go."""

    count: Counter[str]
    changed: frozenset[tuple[str, str]]


@contextmanager
def before_the_push(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A system on which the former spec lives, and the later one is built."""
    with world(name, folder, monkeypatch) as made:
        made.write(*made.before)
        made.pushed()
        made.write(*made.after)
        made.build()
        yield made


@pytest.fixture(scope="module", params=SYSTEMS)
def end(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, End]:
    """The end of a push that nothing disturbs, which is also looked at."""
    name: str = request.param
    with pytest.MonkeyPatch.context() as patch, before_the_push(name, tmp_path_factory.mktemp(name), patch) as here:
        before = here.objects()
        run = push(here)
        assert run.code == 0, run.err
        after = here.objects()
        assert all(word in run.out.splitlines()[-1] for word in ("updated", "created", "deleted")), run.out
        here.is_steady()
        changed = frozenset((key[0], title(body)) for key, body in before.items() if after.get(key) != body)
    return name, End(counted(after), changed)


@pytest.fixture
def here(end: tuple[str, End], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with before_the_push(end[0], tmp_path, monkeypatch) as made:
        yield made


def push(here: World) -> Run:
    return here.push("--prune", "--prune-limit", "100")


def of_method(*methods: str) -> Callable[[Request], bool]:
    return lambda request: request.method in methods and not request.path.endswith(READING)


def titled(body: Any) -> tuple[Any, str]:
    """Where an object has its title, and under which key."""
    inner = body.get("attributes", body.get("dashboard", body))
    if inner.keys() & OF_A_CLUSTER:
        return of_a_cluster(inner)
    return inner, next(each for each in TITLES if isinstance(inner.get(each), str))


def of_a_cluster(body: Any) -> tuple[Any, Any]:
    """A text by which a template or a policy is told from others."""
    if "policy" in body:
        return body["policy"]["phases"]["delete"], "min_age"
    if "index_patterns" in body:
        return body["index_patterns"], 0
    return body["template"]["settings"]["index"], "number_of_replicas"


def title(body: Any) -> str:
    inner, key = titled(body)
    return str(inner[key])


def counted(objects: Objects) -> Counter[str]:
    return Counter(kind for kind, _ in objects)


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_push_ends_right(here: World, trouble: Trouble, end: tuple[str, End]) -> None:
    before = here.objects()
    for methods in (CREATES, UPDATES, DELETES):
        here.server.fail(trouble.fault, of_method(*methods), trouble.times)
    run = push(here)
    assert run.code == trouble.code, run.out + run.err
    assert trouble.told in run.out
    assert ("failed" in run.out) == bool(trouble.code)
    met = [each.times < trouble.times for each in here.server.faults]
    here.server.faults.clear()
    assert any(met)
    if trouble.code:
        assert set(before) <= set(here.objects())
        assert push(here).code == 0
    else:
        assert met == [True, True, True]
    assert counted(here.objects()) == end[1].count
    here.is_steady()
    assert here.clock.now() < 1_000 + 3_600


class Terminal(io.StringIO):
    """Somebody who is asked, and says yes after ``meanwhile``."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def isatty(self) -> bool:
        return True

    def readline(self, *_arguments: Any) -> str:  # type: ignore[override]
        self._meanwhile()
        return "y\n"


def test_what_somebody_else_changes_meanwhile_is_left_alone(
    here: World, end: tuple[str, End], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = end[1].changed
    theirs: Objects = {}

    def meddle() -> None:
        live = here.system.objects(here.server)
        for address, body in live.items():
            if (address[0], title(body)) in changed:
                inner, key = titled(body)
                inner[key] += " by Ann"
                theirs[address] = deepcopy(body)

    monkeypatch.setattr("sys.stdin", Terminal(meddle))
    arguments = ("--backend", here.system.backend, "--prune", "--prune-limit", "100")
    run = here.monmc("push", *here.named, *arguments)
    assert run.code == 1, run.out + run.err
    assert "after this was planned" in run.out
    live = here.objects()
    assert [title(live[address]) for address in theirs] == [title(body) for body in theirs.values()]
    assert len(theirs) == len(changed)
    assert push(here).code == 0
    assert counted(here.objects()) == end[1].count
    here.is_steady()
