"""Reads ``URL FOLDER DOCUMENTS`` lines, pushes in a forked process for each, and prints how it ended."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx

from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.systems import System
from skillforge_mon.remote.connection import Connection
from tests.push.test_kill import DOCUMENTS
from tests.push.toy import ToyApi

httpx.Client().close()  # loads what the first request would load


def push(url: str, folder: Path, documents: str) -> int:
    """One push; the exit code."""
    state = State(folder / ".monmc", "shop", "production")
    with open_session(state) as session, Connection({}, {}) as connection:
        systems = [System("toy", "Toy", ToyApi(url, connection))]
        target = Target(
            "shop", "production", DOCUMENTS[documents](), session.record, connection, prune=documents == "wanted"
        )
        outcome = session.apply(plan_push(target, systems), systems, target, lambda _event: None)
    sys.stderr.write(outcome.report() if outcome.failed else "")
    return 1 if outcome.failed else 0


def main() -> None:
    """Until the end of the input."""
    for line in sys.stdin:
        url, folder, documents = line.split()
        child = os.fork()
        if child == 0:
            Path(folder).mkdir(parents=True, exist_ok=True)
            os._exit(push(url, Path(folder), documents))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
