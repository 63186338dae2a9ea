"""An HTTP server on loopback for the fakes: routes, rate limits with the usual headers, and faults on demand."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent. ``path`` has no query; ``body`` is parsed JSON, or text; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: Any

    def parameter(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers: ``body`` is sent as JSON, or as it stands when it is a text."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Fault(Enum):
    """What may go wrong with one request."""

    TOO_MANY = auto()  # 429, without an effect
    SERVER_ERROR = auto()  # 500, without an effect
    BAD_GATEWAY_PAGE = auto()  # 502 with a page of HTML, without an effect
    BAD_GATEWAY_AFTER = auto()  # the effect takes place, the answer is that page
    NO_ANSWER_BEFORE = auto()  # the connection is closed, without an effect
    NO_ANSWER_AFTER = auto()  # the effect takes place, the connection is closed
    SILENCE = auto()  # the effect takes place, no answer comes until the client gives up, see `impatient`
    RESET_IN_BODY = auto()  # the effect takes place, half of the answer comes, then a reset
    SLOW = auto()  # the answer takes `slow` seconds
    EXPIRED = auto()  # 401, without an effect


@dataclass(slots=True)
class PlannedFault:
    """A fault that meets the next ``times`` requests that ``match``."""

    fault: Fault
    match: Callable[[Request], bool]
    times: int


@dataclass(slots=True)
class RateLimit:
    """``limit`` requests in each window of ``period`` seconds, for the requests that ``match``: a fixed window."""

    name: str
    limit: int
    period: float
    match: Callable[[Request], bool] = lambda _request: True
    started: float = float("-inf")
    used: int = 0
    refused: int = 0


Handler = Callable[..., Reply]
PAGE = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


_SILENT = "X-Fake-Silent"


@contextmanager
def impatient() -> Iterator[None]:
    """Where a fake is silent, httpx gives up at once, and never sooner than it should: no time is measured."""
    sent = httpx.HTTPTransport.handle_request

    def handle_request(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        response = sent(transport, request)
        if _SILENT in response.headers:
            response.close()
            raise httpx.ReadTimeout("timed out", request=request)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.HTTPTransport, "handle_request", handle_request)
        yield


class FakeServer:
    """Routes requests to handlers, one at a time, so that a handler needs no lock for the state that it keeps.

    ``requests`` are all that came, in order; ``now`` is the clock of the rate limits, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.requests: list[Request] = []
        self.faults: list[PlannedFault] = []
        self.limits: list[RateLimit] = []
        self.slow = 0.05
        self.now = now
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def route(self, method: str, path: str, handler: Handler) -> None:
        """``path`` such as ``/api/v1/monitor/{id}``; the parts in braces become keyword arguments of the handler."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
        self._routes.append((method, re.compile(pattern), handler))

    def fail(self, fault: Fault, match: Callable[[Request], bool] = lambda _request: True, times: int = 1) -> None:
        """Let the next ``times`` requests that ``match`` meet ``fault``."""
        self.faults.append(PlannedFault(fault, match, times))

    def authorised(self, _request: Request) -> Reply | None:
        """None when the request may go on; a fake that asks for credentials overrides this."""
        return None

    def rate_headers(self, limit: RateLimit, remaining: int, reset: float) -> dict[str, str]:
        """The headers that tell of a limit; a fake whose vendor names them otherwise overrides this."""
        return {
            "X-RateLimit-Limit": str(limit.limit),
            "X-RateLimit-Period": f"{limit.period:g}",
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": str(max(1, -int(-reset // 1))),
            "X-RateLimit-Name": limit.name,
        }

    def too_many(self, headers: Mapping[str, str]) -> Reply:
        """The answer to one request too many."""
        return Reply(429, {"errors": ["Too many requests"]}, headers)

    @property
    def url(self) -> str:
        """Where it listens, once it is started."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def started(self) -> Iterator[FakeServer]:
        """Listen on a free port of loopback until the end of the block."""
        fake = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return lambda: fake._serve(self)
                raise AttributeError(name)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        class _Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self._server = _Server(("127.0.0.1", 0), _Handler)
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        text = handler.rfile.read(length).decode()
        split = urlsplit(handler.path)
        request = Request(
            handler.command,
            unquote(split.path),
            parse_qs(split.query, keep_blank_values=True),
            {name.lower(): value for name, value in handler.headers.items()},
            _parsed(text),
        )
        with self._lock:
            self.requests.append(request)
            fault = self._planned(request)
            reply = self._answer(request, fault)
        self._send(handler, reply, fault)

    def _planned(self, request: Request) -> Fault | None:
        for planned in self.faults:
            if planned.times and planned.match(request):
                planned.times -= 1
                return planned.fault
        return None

    def _answer(self, request: Request, fault: Fault | None) -> Reply:
        refused, headers = self._limited(request)
        if refused is not None:
            return refused
        match fault:
            case Fault.TOO_MANY:
                return self.too_many({**headers, "X-RateLimit-Reset": "1", "Retry-After": "1"})
            case Fault.SERVER_ERROR:
                return Reply(500, {"errors": ["Internal error"]})
            case Fault.BAD_GATEWAY_PAGE:
                return Reply(502, PAGE, {"Content-Type": "text/html"})
            case Fault.NO_ANSWER_BEFORE:
                return Reply(0)
            case Fault.EXPIRED:
                return Reply(401, {"errors": ["Unauthorized"]})
            case _:
                pass
        denied = self.authorised(request)
        reply = denied if denied is not None else self._routed(request)
        if fault is Fault.BAD_GATEWAY_AFTER:
            reply = Reply(502, PAGE, {"Content-Type": "text/html"})
        return Reply(reply.status, reply.body, {**headers, **reply.headers})

    def _limited(self, request: Request) -> tuple[Reply | None, dict[str, str]]:
        headers: dict[str, str] = {}
        for limit in self.limits:
            if not limit.match(request):
                continue
            now = self.now()
            if now - limit.started >= limit.period:
                limit.started, limit.used = now, 0
            reset = limit.started + limit.period - now
            if limit.used >= limit.limit:
                limit.refused += 1
                return self.too_many(self.rate_headers(limit, 0, reset)), headers
            limit.used += 1
            headers |= self.rate_headers(limit, limit.limit - limit.used, reset)
        return None, headers

    def _routed(self, request: Request) -> Reply:
        for method, pattern, handler in self._routes:
            found = pattern.fullmatch(request.path)
            if found is not None and method == request.method:
                return handler(request, **found.groupdict())
        return Reply(404, {"errors": ["Not found"]})

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply, fault: Fault | None) -> None:
        if fault is Fault.SILENCE:
            reply = Reply(headers={_SILENT: ""})
        if fault is Fault.SLOW:
            time.sleep(self.slow)
        if fault in {Fault.NO_ANSWER_BEFORE, Fault.NO_ANSWER_AFTER}:
            handler.close_connection = True
            return
        is_text = isinstance(reply.body, str)
        content = b"" if reply.body is None else (reply.body if is_text else json.dumps(reply.body)).encode()
        handler.send_response(reply.status)
        headers = {"Content-Type": "text/plain" if is_text else "application/json", **reply.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if fault is Fault.RESET_IN_BODY:
            handler.wfile.write(content[: len(content) // 2])
            handler.wfile.flush()
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            handler.close_connection = True
            return
        handler.wfile.write(content)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
