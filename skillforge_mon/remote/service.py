"""One HTTP API: requests in, parsed answers or clear errors out."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from skillforge_mon.remote import retries
from skillforge_mon.remote.clock import Clock, pause
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
from skillforge_mon.remote.rate_headers import rate_news, refusal_wait, retry_after
from skillforge_mon.remote.rate_limits import Ticket, path_shape
from skillforge_mon.remote.redaction import Redactor
from skillforge_mon.remote.retries import End, Verdict
from skillforge_mon.remote.transport import Arrived, Call, Failure, Transport
from skillforge_mon.remote.turnstile import TooLongError, Turnstile
from skillforge_mon.remote.words import PAGE, one_line, told

TIMEOUT = 30.0
"""Seconds without a word from the server after which an answer counts as lost."""
_REPEATABLE = frozenset(("GET", "HEAD", "PUT", "DELETE"))
_SHORTEST_HOLD = 0.5
_AGAIN = frozenset((Verdict.AGAIN, Verdict.AGAIN_UNCOUNTED))
_ERRORS: Mapping[int, type[RemoteError]] = {
    401: UnauthorisedError, 403: UnauthorisedError, 404: NotFoundError, 410: NotFoundError,
    409: ConflictError, 412: ConflictError,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``body`` is parsed JSON, or text where it is none, or None where it is empty.

    The names in ``headers`` are in lower case.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)


class Service:
    """A base URL and the headers that go with each request. Safe to use from many threads.

    ``credentials`` says where its credentials come from (the names of variables), for whoever has to put them right.
    ``stop`` ends every wait when it is set. ``chance`` gives numbers from 0 to 1, and ``timeout`` is in seconds.
    """

    def __init__(
        self,
        title: str,
        base_url: str,
        headers: Mapping[str, str],
        *,
        clock: Clock,
        redactor: Redactor,
        concurrency: int = 8,
        credentials: str = "",
        stop: threading.Event | None = None,
        chance: Callable[[], float] = random.random,
        timeout: float = TIMEOUT,
    ) -> None:
        self.title = title
        self.base_url = base_url.rstrip("/")
        self.concurrency = concurrency
        self.credentials = credentials
        self._headers = dict(headers)
        self._clock = clock
        self._redactor = redactor
        self._stop = stop or threading.Event()
        self._chance = chance
        self._turnstile = Turnstile(clock, concurrency, self._stop)
        self._transport = Transport(concurrency, timeout)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        content: str | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
        shape: str | None = None,
    ) -> Answer:
        """Send one request and give its answer, which is of the 2xx kind.

        ``body`` is sent as JSON, ``content`` as it stands. A ``repeatable`` request (default: GET, HEAD, PUT, DELETE)
        is tried again where that may help. Any other one is tried again only where it certainly had no effect (429,
        503 with Retry-After, no connection), and raises ``LostAnswerError`` where nobody knows.

        ``shape`` is the path with names in it replaced (``/projects/{}/rules/``): requests of one method and shape are
        expected to share a rate limit until the server says otherwise. Identifiers with digits are found without it.
        Raises ``StoppedError`` when ``stop`` was called.
        """
        request = _Request(
            Call(method, self.base_url + path, {**self._headers, **(headers or {})}, params, body, content),
            f"{method} {path}",
            path_shape(method, path) if shape is None else f"{method} {shape}",
            method in _REPEATABLE if repeatable is None else repeatable,
        )
        begun: float | None = None
        tries = refusals = 0
        while True:
            spent = 0.0 if begun is None else self._clock.now() - begun
            end, outcome = self._try(request, retries.PATIENCE - spent, refusals)
            begun = self._clock.now() if begun is None else begun
            verdict = retries.verdict(end, repeatable=request.repeatable)
            if verdict is Verdict.DONE and isinstance(outcome, Arrived) and not outcome.is_page:
                return Answer(outcome.status, outcome.headers, outcome.body)
            tries += verdict is not Verdict.AGAIN_UNCOUNTED
            refusals += verdict is Verdict.AGAIN_UNCOUNTED
            late = self._clock.now() - begun >= retries.PATIENCE
            if verdict not in _AGAIN or late or tries >= retries.TRIES:
                raise self._error(request, outcome, verdict, tries)
            if verdict is Verdict.AGAIN and not end.asked:
                pause(self._clock, retries.backoff(tries + 1, self._chance), self._stop)

    def stop(self) -> None:
        """End every wait at once; requests that are under way come to their end, no other is sent."""
        self._stop.set()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _try(self, request: _Request, patience: float, refusals: int) -> tuple[End, Arrived | Failure]:
        """Wait for the turn and send the request once, which was refused for its rate ``refusals`` times before."""
        ticket = self._turn(request, patience)
        outcome: Arrived | Failure | None = None
        try:
            outcome = self._transport.send(request.call)
        finally:
            if not isinstance(outcome, Arrived):
                self._turnstile.leave(ticket)
        if isinstance(outcome, Failure):
            return End(sent=outcome.sent, hopeless=outcome.hopeless), outcome
        hold = self._hold(outcome, refusals)
        self._turnstile.leave(ticket, rate_news(outcome.headers), hold=hold, sound=outcome.status < 500)
        return End(outcome.status, readable=not outcome.broken_json, asked=hold is not None), outcome

    def _turn(self, request: _Request, patience: float) -> Ticket:
        # What is raised is raised outside of the handlers, here and elsewhere: nothing may hang in __context__.
        try:
            return self._turnstile.enter(request.shape, patience)
        except TooLongError as error:
            problem: RemoteError = UnavailableError(
                self._clean(f"{self.title} takes no {request.title} within the next {error.seconds:.0f} s"), 429
            )
        except StoppedError:
            problem = StoppedError(self._clean(f"stopped before {request.title} was sent to {self.title}"))
        raise problem

    def _hold(self, outcome: Arrived, refusals: int) -> float | None:
        """For how long the server wants no more such requests; None where it takes them."""
        if outcome.status == 429:
            asked = refusal_wait(outcome.headers)
            asked = retries.backoff(refusals + 3, self._chance) if asked is None else asked
        else:
            asked = retry_after(outcome.headers) if outcome.status == 503 else None
        return None if asked is None else max(asked, _SHORTEST_HOLD)

    def _error(self, request: _Request, outcome: Arrived | Failure, verdict: Verdict, tries: int) -> RemoteError:
        """What to raise after the last of ``tries``."""
        tried = f" (tried {tries} times)" if tries > 1 else ""
        if isinstance(outcome, Failure):
            if outcome.unsendable:
                return UnauthorisedError(
                    self._clean(f"{request.title} cannot be sent to {self.title}: {outcome.what}{self._asked_with()}")
                )
            happened = "gave no answer to" if outcome.sent else "cannot be reached for"
            text = self._clean(f"{self.title} {happened} {request.title}: {self._redactor.clean(outcome.what)}{tried}")
            return LostAnswerError(text) if verdict is Verdict.LOST else UnavailableError(text)
        kind = _kind(outcome, verdict, request)
        said = self._said(outcome)
        text = f"{self.title} answered {outcome.status} to {request.title}{': ' if said else ''}{said}{tried}"
        if kind is UnauthorisedError:
            text += self._asked_with()
        return kind(self._clean(text), outcome.status)

    def _asked_with(self) -> str:
        return f" (credentials: {self.credentials})" if self.credentials else ""

    def _said(self, outcome: Arrived) -> str:
        """The server's own words, or what is odd about its answer."""
        if outcome.redirect:
            return f"it leads to {self._redactor.clean(outcome.redirect)}, another server; is the address right?"
        if outcome.status < 300:
            return (
                f"{PAGE}; is the address that of the API?" if outcome.is_page else "what came is not the JSON announced"
            )
        return PAGE if outcome.is_page else told(outcome.body, self._redactor.clean)

    def _clean(self, text: str) -> str:
        return one_line(self._redactor.clean(text))


@dataclass(frozen=True, slots=True)
class _Request:
    """A call with what is known of it: ``title`` is what people read (``GET /api/v1/monitor``)."""

    call: Call
    title: str
    shape: str
    repeatable: bool


def _kind(outcome: Arrived, verdict: Verdict, request: _Request) -> type[RemoteError]:
    if verdict is Verdict.LOST or (verdict is Verdict.DONE and not request.repeatable):
        return LostAnswerError
    if verdict in _AGAIN or (verdict is Verdict.FAILED and outcome.status >= 500):
        return UnavailableError
    return _ERRORS.get(outcome.status, RefusedError)
