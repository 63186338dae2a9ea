"""One HTTP API: requests in, parsed answers or clear errors out."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skillforge_mon.remote.clock import Clock
from skillforge_mon.remote.errors import (
    ConflictError,
    LostAnswerError,
    NotFoundError,
    RefusedError,
    RemoteError,
    UnauthorisedError,
    UnavailableError,
)
from skillforge_mon.remote.redaction import Redactor

if TYPE_CHECKING:
    import httpx

TIMEOUT = 30.0
TRIES = 5
_REPEATABLE = frozenset(("GET", "HEAD", "PUT", "DELETE"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``body`` is parsed JSON, or text where it is none, or None where it is empty."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Service:
    """A base URL and the headers that go with each request. Safe to use from many threads."""

    def __init__(
        self,
        title: str,
        base_url: str,
        headers: Mapping[str, str],
        *,
        clock: Clock,
        redactor: Redactor,
        concurrency: int = 8,
    ) -> None:
        self.title = title
        self.base_url = base_url.rstrip("/")
        self.concurrency = concurrency
        self._headers = dict(headers)
        self._clock = clock
        self._redactor = redactor
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

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
    ) -> Answer:
        """Send one request and give its answer, which is of the 2xx kind.

        ``body`` is sent as JSON, ``content`` as it stands. A ``repeatable`` request (default: GET, HEAD, PUT, DELETE)
        is tried again where that may help. Any other one is tried again only where it certainly had no effect (429, no
        connection), and raises ``LostAnswerError`` where nobody knows.
        """
        import httpx

        if repeatable is None:
            repeatable = method in _REPEATABLE
        problem = ""
        for number in range(TRIES):
            if number:
                self._clock.sleep(min(8.0, 0.25 * 2**number))
            try:
                answer = self._http().request(
                    method,
                    self.base_url + path,
                    json=body,
                    content=content,
                    params=dict(params or {}),
                    headers={**self._headers, **(headers or {})},
                )
            except httpx.ConnectError as error:
                problem = f"{self.title} cannot be reached for {method} {path}: {self._redactor.clean(str(error))}"
                continue
            except httpx.HTTPError as error:
                problem = f"{self.title} gave no answer to {method} {path}: {self._redactor.clean(str(error))}"
                if not repeatable:
                    raise LostAnswerError(problem) from None
                continue
            if answer.status_code < 300:
                return Answer(answer.status_code, answer.headers, _parsed(answer.text))
            problem = self._problem(method, path, answer)
            if answer.status_code == 429:
                self._clock.sleep(
                    float(answer.headers.get("Retry-After") or answer.headers.get("X-RateLimit-Reset") or 1)
                )
                continue
            if answer.status_code < 500:
                raise _error(answer.status_code)(problem, answer.status_code)
            if not repeatable:
                raise LostAnswerError(problem, answer.status_code)
        raise UnavailableError(problem)

    def _http(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                import httpx

                self._client = httpx.Client(timeout=TIMEOUT)
            return self._client

    def _problem(self, method: str, path: str, answer: httpx.Response) -> str:
        return self._redactor.clean(
            f"{self.title} answered {answer.status_code} to {method} {path}: {answer.text[:300]}"
        )


def _error(status: int) -> type[RemoteError]:
    return {
        401: UnauthorisedError, 403: UnauthorisedError, 404: NotFoundError, 410: NotFoundError,
        409: ConflictError, 412: ConflictError,
    }.get(status, RefusedError)  # fmt: skip


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
