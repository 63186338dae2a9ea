"""A push that is killed at any moment and run again ends where an undisturbed one does: nothing twice, nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from skillforge_mon.documents.document import Document
from tests.push.bench import Bench, bench
from tests.push.toy import ToyServer, board, monitor, policy, tags

KILLED = "-9"


def wanted() -> list[Document]:
    """30 objects: some are there already, some are there otherwise, some are new, one is renamed, one made anew."""
    documents = [policy(f"escalation.p{number}", repeat=number) for number in range(4)]
    documents += [monitor(f"alerts.m{number}", f"escalation.p{number % 4}", threshold=number) for number in range(18)]
    documents += [monitor("alerts.other-type", "escalation.p0", type="log")]
    documents += [monitor("alerts.renamed", "escalation.p1", was="alerts.former")]
    documents += [board(f"dashboards.b{number}", f"alerts.m{number}", "alerts.other-type") for number in range(6)]
    return documents


def replacing() -> list[Document]:
    """A monitor that has to be made anew, and a board that refers to it."""
    return [monitor("alerts.M", type="log"), board("dashboards.B", "alerts.M")]


DOCUMENTS = {"wanted": wanted, "replacing": replacing}


def start(server: ToyServer) -> None:
    """What lives there before the push; also what is not ours, and stays."""
    policies = [server.add("policy", {"name": f"p{number}", **tags(f"escalation.p{number}")}) for number in range(3)]
    for number in range(6):
        server.add(
            "monitor",
            {"name": f"m{number}", "policy": policies[number % 3], "threshold": 100, **tags(f"alerts.m{number}")},
        )
    other = server.add(
        "monitor", {"name": "other-type", "policy": policies[0], "type": "metric", **tags("alerts.other-type")}
    )
    server.add("monitor", {"name": "former", "policy": policies[1], **tags("alerts.former")})
    gone = server.add("monitor", {"name": "gone", "policy": policies[2], **tags("alerts.gone")})
    server.add("board", {"name": "b0", "monitors": [other], **tags("dashboards.b0")})
    server.add("board", {"name": "gone", "monitors": [gone], **tags("dashboards.gone")})
    server.add("monitor", {"name": "theirs", **tags("alerts.theirs", project="bakery")})
    server.add("monitor", {"name": "nobody's", "tags": []})


class Worker:
    """A process with everything loaded, which forks a push for each line that it reads."""

    def __init__(self, commands: IO[str], answers: IO[str]) -> None:
        self._commands, self._answers = commands, answers

    def push(self, one: Bench, documents: str = "wanted") -> str:
        """How a push of ``DOCUMENTS`` of that name ended: its exit code, ``-9`` when it was killed."""
        self._commands.write(f"{one.server.url} {one.folder} {documents}\n")
        self._commands.flush()
        return self._answers.readline().strip()


@contextmanager
def worker() -> Iterator[Worker]:
    program = [sys.executable, "-m", "tests.push.killed_worker"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Worker(process.stdin, process.stdout)
        process.stdin.close()


@pytest.fixture(scope="module")
def pushes() -> Iterator[Worker]:
    with worker() as found:
        yield found


def finish(one: Bench, pushes: Worker) -> None:
    """Push until it is done, undisturbed."""
    one.server.kill = None
    assert pushes.push(one) == "0"


@dataclass(frozen=True)
class Undisturbed:
    """The end state of a push that nobody killed, how many requests it made, and how many of them changed something."""

    state: dict[str, dict[str, Any]]
    requests: int
    changes: int


@pytest.fixture(scope="module")
def undisturbed(pushes: Worker, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    with bench(tmp_path_factory.mktemp("undisturbed")) as one:
        start(one.server)
        assert pushes.push(one) == "0"
        return Undisturbed(one.server.state(), len(one.server.requests), len(one.server.writes()))


def test_the_undisturbed_push_does_what_is_wanted(undisturbed: Undisturbed) -> None:
    state = undisturbed.state
    assert sorted(state) == sorted(
        [f"policy p{number}" for number in range(4)]
        + [f"monitor m{number}" for number in range(18)]
        + ["monitor other-type", "monitor renamed", "monitor theirs", "monitor nobody's"]
        + [f"board b{number}" for number in range(6)]
    )
    assert undisturbed.requests > undisturbed.changes > 30


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_every_request(moment: str, undisturbed: Undisturbed, pushes: Worker, tmp_path: Path) -> None:
    """Before any request, and after every one that changes something: after others, nothing has happened."""
    for number in range(1, (undisturbed.requests if moment == "before" else undisturbed.changes) + 1):
        with bench(tmp_path / str(number)) as one:
            start(one.server)
            one.server.kill = (number, moment)
            assert pushes.push(one) == KILLED
            finish(one, pushes)
            assert one.server.state() == undisturbed.state, f"killed {moment} request {number}"
            assert not one.state.journal.exists()
            assert not one.state.lock.exists()


def test_killed_again_and_again(undisturbed: Undisturbed, pushes: Worker, tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        start(one.server)
        ended, kills = "", 0
        while ended != "0":
            one.server.kill = (len(one.server.requests) + 12 + kills, "before")
            ended = pushes.push(one)
            kills += 1
        assert kills > 5
        assert one.server.state() == undisturbed.state
        assert not one.state.journal.exists()


@pytest.mark.parametrize("change", [1, 2, 3])
def test_killed_while_an_object_is_made_anew(change: int, pushes: Worker, tmp_path: Path) -> None:
    """Without ``--prune`` too, no second one is left: the journal knows which of the two is new."""
    with bench(tmp_path) as one:
        old = one.server.add("monitor", {"name": "M", "type": "metric", **tags("alerts.M")})
        one.server.add("board", {"name": "B", "monitors": [old], **tags("dashboards.B")})
        documents = "replacing"
        one.server.kill = (change, "after")
        assert pushes.push(one, documents) == KILLED
        one.server.kill = None
        assert pushes.push(one, documents) == "0"
        (new,) = one.server.objects["monitor"].values()
        (board_,) = one.server.objects["board"].values()
        assert (new["type"], new["id"] != old, board_["monitors"]) == ("log", True, [new["id"]])
