"""Pushing to a Datadog and comparing with it: our CPU time against that of the server, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.budget import Budget
from tests.benchmarks.measuring import Usage, usage
from tests.benchmarks.synthetic import monitors_spec
from tests.fakes.datadog import API_KEY, APP_KEY

MONMC = Path(sys.executable).with_name("monmc")
FEW, MANY = 500, 5000
RUNS = 3
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took, and the CPU seconds of the server meanwhile."""

    ours: Usage
    server: float


@dataclass(frozen=True, slots=True)
class Account:
    """A Datadog at ``url`` for a spec of ``count`` monitors in ``folder``."""

    url: str
    folder: Path
    count: int

    def taken(self, *arguments: str | Path) -> Taken:
        """What one ``monmc`` takes."""
        keys = {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}
        before = self._spent()
        ours = usage([MONMC, *arguments, "--env", "production", self.folder / "spec.yaml"], **keys)
        return Taken(ours, self._spent() - before)

    def built(self, number: int) -> Taken:
        """A build into a folder of its own; the first is the one that is pushed."""
        return self.taken("build", "--out", self.folder / f"out{number}")

    def pushed(self) -> Taken:
        """A push without a question."""
        return self.taken("push", "--yes", "--out", self.folder / "out0", "--state", self.folder / "state")

    def compared(self) -> Taken:
        """What a push would do now."""
        return self.taken(
            "diff", "--against", "live", "--exit-code", "--out", self.folder / "out0", "--state", self.folder / "state"
        )

    def _spent(self) -> float:
        with _DIRECT.open(f"{self.url}/spent", timeout=60) as answer:
            return float(json.load(answer)["seconds"])


@contextmanager
def account(folder: Path, count: int) -> Iterator[Account]:
    """An empty Datadog in a process of its own, and a spec of ``count`` monitors for it."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.datadog_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        (folder / "spec.yaml").write_text(monitors_spec(count, url), encoding="utf-8")
        try:
            yield Account(url, folder, count)
        finally:
            server.stdin.close()


def live(folder: Path) -> Iterator[Budget]:
    """Pushes of new monitors, and a comparison that finds nothing to do (anything else would end with exit code 2).

    Of CPU times the least of several runs is taken: whatever else the machine does can only add to it. A build is
    taken away where planning or sending alone is meant: both commands begin with one.
    """
    with account(folder / "few", FEW) as few, account(folder / "many", MANY) as many:
        build_few = _least(few.built(number) for number in range(RUNS))
        push_few = few.pushed()
        diff_few = _least(few.compared() for _ in range(RUNS))
        build = _least(many.built(number) for number in range(RUNS))
        many.pushed()
        diff = _least(many.compared() for _ in range(RUNS))
    sending = push_few.ours.cpu - build_few.ours.cpu
    planning = diff.ours.cpu - build.ours.cpu
    yield _cpu(
        f"push of {FEW:,} new monitors, without the build, against the server's answers", sending, push_few.server, 4
    )
    yield _cpu(f"planning {MANY:,} monitors against the server's listing of them", planning, diff.server, 20)
    yield _cpu(f"`diff --against live` of {MANY:,} monitors against building them", diff.ours.cpu, build.ours.cpu, 2)
    yield _cpu(
        f"`diff --against live` of {MANY:,} monitors against {FEW:,}", diff.ours.cpu, diff_few.ours.cpu, MANY / FEW
    )
    memory = diff.ours.memory, build.ours.memory
    yield Budget(
        f"peak memory of `diff --against live` of {MANY:,} monitors against building them",
        memory[0] / memory[1],
        2,
        f"{memory[0] / 2**20:.0f} MiB : {memory[1] / 2**20:.0f} MiB",
    )


def _cpu(name: str, ours: float, theirs: float, at_most: float) -> Budget:
    return Budget(name, ours / theirs, at_most, f"{ours:.2f} s : {theirs:.2f} s of CPU")


def _least(runs: Iterator[Taken]) -> Taken:
    return min(runs, key=lambda taken: taken.ours.cpu)
