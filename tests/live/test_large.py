"""A push is as quick as the rate limit allows, and a comparison asks for pages, not for objects."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.server import RateLimit
from tests.live.world import Change, World, world

LIMIT, PERIOD = 100, 10.0
PAGE = 1000


def many(here: World, count: int) -> None:
    """The spec with ``count`` more alerts."""
    alerts = "".join(
        f"  Many{number}:\n    service: worker\n    severity: {{critical: '> {number}'}}\n"
        f"    datadog: {{query: 'avg(last_5m):sum:shop.many{{n:{number}}} > {number}'}}\n"
        f"    summary: Many {number}\n    runbook: backlog\n    escalation: page\n"
        for number in range(1, count + 1)
    )
    here.write(Change("  Gone:\n", f"{alerts}  Gone:\n"))


def test_a_thousand_monitors_use_the_limit_and_are_compared_by_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world("datadog", tmp_path, monkeypatch) as here:
        many(here, 1000)
        here.build()
        limit = RateLimit("monitors", LIMIT, PERIOD, lambda request: request.path.startswith("/api/v1/monitor"))
        here.server.limits.append(limit)
        begun = here.clock.now()
        assert here.push().code == 0
        elapsed = here.clock.now() - begun
        requests = sum(request.path.startswith("/api/v1/monitor") for request in here.server.requests)
        windows = math.ceil(elapsed / PERIOD)
        share = (requests - limit.used) / (LIMIT * elapsed / PERIOD)  # of the windows before the last one
        print(f"{requests} requests in {elapsed:.1f} s, {windows} waits: {share:.1%} of the limit")  # noqa: T201 - the figure
        assert limit.refused == 0
        assert len(here.objects()) == 1003
        assert 0.9 <= share <= 1

        here.server.requests.clear()
        found = here.diff("--exit-code")
        assert (found.code, found.err) == (0, ""), found.out[:500] + found.err[:500]
        paths = Counter(f"{request.method} {request.path}" for request in here.server.requests)
        assert paths.pop("GET /api/v1/monitor") <= math.ceil(1003 / PAGE) + 1
        assert max(paths.values()) <= 2  # pipelines and indexes are listed with their orders
        assert not [path for path in paths if path.startswith("GET /api/v1/monitor/")]
