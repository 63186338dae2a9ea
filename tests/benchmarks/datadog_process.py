"""A fake Datadog as a process of its own, so that its time is not counted as ours: prints its address and serves."""

from __future__ import annotations

import sys
import time

from tests.fakes.datadog import FakeDatadog
from tests.fakes.server import Reply


def main() -> None:
    """Serve until standard input ends. ``GET /spent`` tells the CPU seconds of this process."""
    server = FakeDatadog()
    server.route("GET", "/spent", lambda _request: Reply(200, {"seconds": time.process_time()}))
    authorised = server.authorised
    server.authorised = lambda request: None if request.path == "/spent" else authorised(request)  # type: ignore[method-assign]
    with server.started():
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
