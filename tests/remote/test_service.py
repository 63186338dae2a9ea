"""Requests to a server that does what servers do: it is slow, busy, redirects, breaks, and speaks in its own words."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from skillforge_mon.remote.clock import SystemClock
from skillforge_mon.remote.errors import (
    ConflictError,
    LostAnswerError,
    NotFoundError,
    RefusedError,
    RemoteError,
    StoppedError,
    UnauthorisedError,
    UnavailableError,
)
from skillforge_mon.remote.redaction import Redactor
from skillforge_mon.remote.service import Service
from skillforge_mon.version import VERSION
from tests.fakes.clock import VirtualClock
from tests.fakes.server import PAGE, FakeServer, Fault, RateLimit, Reply, Request, impatient

METHODS = ("GET", "POST", "PUT", "DELETE")


class Shop:
    """A server with one path, and a client for it on a clock that takes no time."""

    def __init__(self, fake: FakeServer, clock: VirtualClock) -> None:
        self.fake = fake
        self.clock = clock
        self.made = 0
        self.reply: Reply | None = None
        self.service = Service(
            "Datadog", fake.url, {"DD-API-KEY": "key"}, clock=clock, redactor=Redactor(),
            credentials="`DD_API_KEY`", chance=lambda: 0.0,
        )  # fmt: skip
        for method in METHODS:
            fake.route(method, "/monitor", self.handle)

    def handle(self, request: Request) -> Reply:
        """Count the objects that were made."""
        self.made += request.method == "POST"
        return self.reply or Reply(200, {"id": 1, "padding": "x" * 2_000})

    def problem(self, method: str = "GET", **options: Any) -> RemoteError:
        """What the request raises."""
        with pytest.raises(RemoteError) as caught:
            self.service.request(method, "/monitor", **options)
        return caught.value


@pytest.fixture
def shop() -> Iterator[Shop]:
    """The server, listening."""
    clock = VirtualClock()
    fake = FakeServer(clock.now)
    with fake.started(), impatient():
        found = Shop(fake, clock)
        yield found
        found.service.close()


def test_an_answer_is_parsed_and_its_headers_are_in_lower_case(shop: Shop) -> None:
    shop.reply = Reply(201, {"id": 7}, {"X-Marker": "yes"})
    answer = shop.service.request("POST", "/monitor", body={"name": "é"}, params={"force": "true"})
    assert (answer.status, answer.body, answer.headers["x-marker"]) == (201, {"id": 7}, "yes")
    [request] = shop.fake.requests
    assert (request.body, request.query) == ({"name": "é"}, {"force": ["true"]})
    assert (request.headers["dd-api-key"], request.headers["user-agent"]) == ("key", f"monmc/{VERSION}")


@pytest.mark.parametrize(("body", "parsed"), [(None, None), ("Prometheus is Healthy.", "Prometheus is Healthy.")])
def test_an_answer_may_be_empty_or_a_text(shop: Shop, body: str | None, parsed: str | None) -> None:
    shop.reply = Reply(200, body, {"Content-Type": "text/plain"})
    assert shop.service.request("GET", "/monitor").body == parsed


PASSING = (
    Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.BAD_GATEWAY_PAGE, Fault.BAD_GATEWAY_AFTER, Fault.NO_ANSWER_BEFORE,
    Fault.NO_ANSWER_AFTER, Fault.SILENCE, Fault.RESET_IN_BODY,
)  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.name)
def test_what_may_be_repeated_is_until_it_succeeds(shop: Shop, method: str, fault: Fault) -> None:
    shop.fake.fail(fault)
    assert shop.service.request(method, "/monitor").status == 200
    assert len(shop.fake.requests) == 2


@pytest.mark.parametrize(
    "fault", [fault for fault in PASSING if fault is not Fault.TOO_MANY], ids=lambda fault: fault.name
)
def test_what_must_not_be_repeated_is_sent_once_and_said_to_be_lost(shop: Shop, fault: Fault) -> None:
    shop.fake.fail(fault)
    assert type(shop.problem("POST")) is LostAnswerError
    assert len(shop.fake.requests) == 1


def test_a_refusal_for_the_rate_had_no_effect_so_even_a_post_goes_again(shop: Shop) -> None:
    shop.fake.fail(Fault.TOO_MANY, times=20)
    assert shop.service.request("POST", "/monitor").status == 200
    assert (len(shop.fake.requests), shop.made) == (21, 1)


def test_a_server_that_is_away_for_a_while_says_when_it_is_back(shop: Shop) -> None:
    replies = iter([Reply(503, None, {"Retry-After": "40"}), Reply(200, {})])
    shop.fake.route("POST", "/slo", lambda _request: next(replies))
    started = shop.clock.now()
    assert shop.service.request("POST", "/slo").status == 200
    assert shop.clock.now() - started == 40.0


def test_waits_between_tries_double(shop: Shop) -> None:
    shop.fake.fail(Fault.SERVER_ERROR, times=9)
    assert str(shop.problem()) == "Datadog answered 500 to GET /monitor: Internal error (tried 5 times)"
    assert shop.clock.slept == [0.5, 1.0, 2.0, 4.0]


def test_whoever_is_refused_for_ten_minutes_gives_up(shop: Shop) -> None:
    shop.fake.fail(Fault.TOO_MANY, times=10_000)
    started = shop.clock.now()
    problem = shop.problem("POST")
    assert (type(problem), problem.status) == (UnavailableError, 429)
    assert 590 <= shop.clock.now() - started <= 610


def test_a_wait_that_is_too_long_is_not_begun(shop: Shop) -> None:
    shop.reply = Reply(429, None, {"Retry-After": "86400"})
    assert str(shop.problem()) == "Datadog takes no GET /monitor within the next 86400 s"
    assert shop.clock.slept == []


def test_a_server_that_says_nothing_is_given_up_when_its_time_is_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        service = Service("Datadog", url, {}, clock=VirtualClock(), redactor=Redactor(), timeout=0.3)
        with pytest.raises(
            LostAnswerError, match=r"^Datadog gave no answer to POST /monitor: none came within 0\.3 s$"
        ):
            service.request("POST", "/monitor")
        service.close()


def test_a_server_that_is_not_there_is_tried_five_times(shop: Shop) -> None:
    service = Service("Datadog", "http://127.0.0.1:1", {}, clock=shop.clock, redactor=Redactor(), chance=lambda: 0.0)
    for method in ("GET", "POST"):
        shop.clock.slept.clear()
        with pytest.raises(UnavailableError, match=r"^Datadog cannot be reached for .* \(tried 5 times\)$"):
            service.request(method, "/monitor")
        assert len(shop.clock.slept) == 4


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError), (401, UnauthorisedError), (403, UnauthorisedError), (404, NotFoundError),
        (405, RefusedError), (409, ConflictError), (410, NotFoundError), (412, ConflictError), (413, RefusedError),
        (422, RefusedError), (501, UnavailableError),
    ],
)  # fmt: skip
def test_each_status_has_its_error_and_is_not_tried_again(shop: Shop, status: int, kind: type[RemoteError]) -> None:
    shop.reply = Reply(status, {"errors": ["No."]})
    problem = shop.problem()
    asked = " (credentials: `DD_API_KEY`)" if kind is UnauthorisedError else ""
    assert (type(problem), problem.status) == (kind, status)
    assert str(problem) == f"Datadog answered {status} to GET /monitor: No.{asked}"
    assert len(shop.fake.requests) == 1


def test_a_page_is_never_printed(shop: Shop) -> None:
    shop.fake.fail(Fault.BAD_GATEWAY_PAGE, times=5)
    assert str(shop.problem()) == "Datadog answered 502 to GET /monitor: a page of HTML (tried 5 times)"


def test_a_page_instead_of_an_answer_is_an_error(shop: Shop) -> None:
    shop.reply = Reply(200, PAGE, {"Content-Type": "text/html"})
    text = "Datadog answered 200 to {} /monitor: a page of HTML; is the address that of the API?"
    got, posted = shop.problem("GET"), shop.problem("POST")
    assert (type(got), str(got)) == (RefusedError, text.format("GET"))
    assert (type(posted), str(posted)) == (LostAnswerError, text.format("POST"))


def test_json_one_a_line_is_a_list(shop: Shop) -> None:
    kind = {"Content-Type": "application/ndjson"}
    for text, parsed in (
        ('{"a": 1}\n{"b": "\u2028"}\n', [{"a": 1}, {"b": "\u2028"}]),
        ('{"a": 1}', [{"a": 1}]),
        ("", None),
    ):
        shop.reply = Reply(200, text, kind)
        assert shop.service.request("GET", "/monitor").body == parsed
    shop.reply = Reply(200, '{"a": 1}\n{"b"', kind)
    with pytest.raises(UnavailableError, match="what came is not the JSON announced"):
        shop.service.request("GET", "/monitor")


def test_an_answer_that_is_not_the_json_it_announces_is_lost(shop: Shop) -> None:
    shop.reply = Reply(200, '{"id": ', {"Content-Type": "application/json"})
    text = "Datadog answered 200 to {} /monitor: what came is not the JSON announced"
    got, posted = shop.problem("GET"), shop.problem("POST")
    assert (type(got), str(got)) == (UnavailableError, text.format("GET") + " (tried 5 times)")
    assert (type(posted), str(posted)) == (LostAnswerError, text.format("POST"))
    assert shop.made == 1


def test_a_redirect_within_the_server_is_followed(shop: Shop) -> None:
    shop.fake.route("GET", "/old", lambda _request: Reply(301, None, {"Location": "/monitor"}))
    shop.fake.route("POST", "/old", lambda _request: Reply(308, None, {"Location": f"{shop.fake.url}/monitor"}))
    shop.fake.route("PUT", "/old", lambda _request: Reply(302, None, {"Location": "/monitor"}))
    assert shop.service.request("GET", "/old").status == 200
    assert shop.service.request("POST", "/old", body={"a": 1}).status == 200
    assert shop.fake.requests[-1].body == {"a": 1}
    with pytest.raises(RefusedError):
        shop.service.request("PUT", "/old")


def test_credentials_never_follow_a_redirect_to_another_server(shop: Shop) -> None:
    other = FakeServer()
    with other.started():
        shop.reply = Reply(307, None, {"Location": f"{other.url}/login?next=monitor"})
        problem = shop.problem()
    assert other.requests == []
    assert str(problem) == (
        f"Datadog answered 307 to GET /monitor: it leads to {other.url}/login, another server; is the address right?"
    )


def test_a_redirect_to_what_is_no_address_is_refused(shop: Shop) -> None:
    shop.reply = Reply(302, None, {"Location": "http://[nowhere"})
    assert str(shop.problem()) == (
        "Datadog answered 302 to GET /monitor: it leads to http://[nowhere, another server; is the address right?"
    )


def test_redirects_in_a_circle_end(shop: Shop) -> None:
    shop.reply = Reply(302, None, {"Location": "/monitor"})
    assert type(shop.problem()) is RefusedError
    assert len(shop.fake.requests) == 4


def test_connections_are_kept_and_closed(shop: Shop) -> None:
    for _ in range(3):
        shop.service.request("GET", "/monitor")
    shop.service.close()
    shop.service.close()
    assert shop.service.request("GET", "/monitor").status == 200


def test_no_more_requests_go_at_a_time_than_allowed(shop: Shop) -> None:
    here, most, lock = 0, 0, threading.Lock()

    class Counting(FakeServer):
        def _send(self, *arguments: Any) -> None:
            nonlocal here, most
            with lock:
                here += 1
                most = max(most, here)
            time.sleep(0.01)
            super()._send(*arguments)
            with lock:
                here -= 1

    fake = Counting()
    fake.route("GET", "/monitor", lambda _request: Reply(200, {}))
    with fake.started():
        service = Service("Datadog", fake.url, {}, clock=SystemClock(), redactor=Redactor(), concurrency=3)
        threads = [threading.Thread(target=service.request, args=("GET", "/monitor")) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        service.close()
    assert 1 < most <= 3


@pytest.mark.parametrize("threads", [1, 4])
def test_stopping_ends_every_wait_at_once(threads: int) -> None:
    fake = FakeServer()
    fake.limits.append(RateLimit("monitors", 1, 60.0))
    fake.route("GET", "/monitor", lambda _request: Reply(200, {}))
    ended: list[str] = []
    with fake.started():
        service = Service("Datadog", fake.url, {}, clock=SystemClock(), redactor=Redactor())
        service.request("GET", "/monitor")

        def wait() -> None:
            try:
                service.request("GET", "/monitor")
            except StoppedError as error:
                ended.append(str(error))

        waiting = [threading.Thread(target=wait) for _ in range(threads)]
        for thread in waiting:
            thread.start()
        time.sleep(0.1)
        started = time.monotonic()
        service.stop()
        for thread in waiting:
            thread.join()
        service.close()
    assert time.monotonic() - started < 30, "it does not wait until the limit's minute is over"
    assert ended == ["stopped before GET /monitor was sent to Datadog"] * threads
    assert len(fake.requests) == 1
