"""Threads that share a rate limit: they use what it allows, and the server never has to refuse one of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from skillforge_mon.remote.clock import SystemClock
from skillforge_mon.remote.redaction import Redactor
from skillforge_mon.remote.service import Service
from tests.fakes.clock import VirtualClock
from tests.fakes.server import FakeServer, RateLimit, Reply, Request

LIMIT, PERIOD, REQUESTS, THREADS = 100, 10.0, 1_000, 8


def used_share(requests: int, seconds: float, limit: int, period: float) -> float:
    """``requests`` as a share of what the windows that were begun in ``seconds`` allow."""
    return requests / (limit * (int(seconds // period) + 1))


@pytest.mark.parametrize("latency", [0.0, 0.013, 0.037], ids=lambda seconds: f"{seconds * 1000:g} ms each")
def test_at_least_nine_tenths_of_the_limit_are_used_and_none_is_refused(latency: float) -> None:
    clock = VirtualClock()
    fake = FakeServer(clock.now)
    limit = RateLimit("monitors", LIMIT, PERIOD)
    fake.limits.append(limit)
    fake.route("GET", "/monitor/{id}", taking(latency, clock))
    with fake.started(), ThreadPoolExecutor(THREADS) as pool:
        service = Service("Datadog", fake.url, {}, clock=clock, redactor=Redactor(), concurrency=THREADS)
        started = clock.now()
        answers = list(pool.map(lambda number: service.request("GET", f"/monitor/{number}").status, range(REQUESTS)))
        service.close()
    assert answers == [200] * REQUESTS
    assert limit.refused == 0
    assert used_share(REQUESTS, clock.now() - started, LIMIT, PERIOD) >= 0.9


def test_several_limits_of_one_service_are_kept_side_by_side() -> None:
    clock = VirtualClock()
    fake = FakeServer(clock.now)
    fake.limits += [
        RateLimit("reads", 40, 10.0, lambda request: request.method == "GET"),
        RateLimit("writes", 15, 30.0, lambda request: request.method == "PUT"),
    ]
    for method in ("GET", "PUT"):
        for kind in ("monitor", "slo"):
            fake.route(method, f"/{kind}/{{id}}", taking(0.0, clock))
    calls = [
        (method, f"/{kind}/{number}")
        for number in range(50)
        for method in ("GET", "PUT")
        for kind in ("monitor", "slo")
    ]
    with fake.started(), ThreadPoolExecutor(THREADS) as pool:
        service = Service("Datadog", fake.url, {}, clock=clock, redactor=Redactor(), concurrency=THREADS)
        answers = list(pool.map(lambda call: service.request(*call).status, calls))
        service.close()
    assert answers == [200] * len(calls)
    assert [limit.refused for limit in fake.limits] == [0, 0]


def test_on_the_real_clock_a_limit_is_kept_too() -> None:
    fake = FakeServer()
    limit = RateLimit("monitors", 8, 1.0)
    fake.limits.append(limit)
    fake.route("GET", "/monitor/{id}", lambda _request, **_path: Reply(200, {}))
    with fake.started(), ThreadPoolExecutor(4) as pool:
        service = Service("Datadog", fake.url, {}, clock=SystemClock(), redactor=Redactor(), concurrency=4)
        started = time.monotonic()
        list(pool.map(lambda number: service.request("GET", f"/monitor/{number}"), range(16)))
        seconds = time.monotonic() - started
        service.close()
    assert limit.refused == 0
    assert 1.0 <= seconds < 10.0, "one wait for the next window, however busy the machine is"


def taking(latency: float, clock: VirtualClock) -> Callable[..., Reply]:
    """A handler that lets ``latency`` seconds pass before it answers."""

    def handle(_request: Request, **_path: str) -> Reply:
        clock.advance(latency)
        return Reply(200, {})

    return handle
