"""One request sent with httpx, and what came of it as plain data: no exception of httpx leaves this module.

Exceptions of httpx hold the request with its headers, so ours are never raised while one of theirs is handled: it
would stay in ``__context__``.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from skillforge_mon.remote.words import is_page
from skillforge_mon.version import VERSION

if TYPE_CHECKING:
    import httpx

REDIRECTS = 3
"""How many redirects within one server are followed."""
_SAFE = frozenset(("GET", "HEAD"))
_FOLLOWED_ALWAYS = frozenset((307, 308))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``headers`` are all of them."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    params: Mapping[str, str | int] | None = field(repr=False, default=None)
    body: Any = field(repr=False, default=None)
    content: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An answer that came whole. Names in ``headers`` are in lower case. ``redirect`` leads to another server."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)
    body: Any = field(repr=False)
    is_page: bool = False
    broken_json: bool = False
    redirect: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """No whole answer came. ``what`` may hold secrets.

    ``sent`` is False where the server cannot know of the request. ``hopeless`` means that it would fail in the same
    way again, ``unsendable`` that a header, most likely a credential, cannot be sent.
    """

    what: str = field(repr=False)
    sent: bool
    hopeless: bool = False
    unsendable: bool = False


class Transport:
    """Sends requests over connections that are kept. Safe to use from many threads."""

    def __init__(self, connections: int, timeout: float) -> None:
        self._connections = connections
        self._timeout = timeout
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def send(self, call: Call) -> Arrived | Failure:
        """Send ``call``; redirects are followed within the server only, because credentials go with each request."""
        url, params = call.url, call.params
        for number in range(REDIRECTS + 1):
            arrived = self._once(call, url, params)
            if isinstance(arrived, Failure) or arrived.status not in _REDIRECTS:
                return arrived
            target = _target(url, arrived.headers.get("location", ""))
            if _origin(target) != _origin(url):
                return _redirected(arrived, target)
            if number == REDIRECTS or not (call.method in _SAFE or arrived.status in _FOLLOWED_ALWAYS):
                break
            url, params = target, None
        return arrived

    def close(self) -> None:
        """Close the connections. A later request opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _once(self, call: Call, url: str, params: Mapping[str, str | int] | None) -> Arrived | Failure:
        import httpx

        try:
            response = self._opened().request(
                call.method, url, params=dict(params) if params else None, json=call.body,
                content=call.content, headers=dict(call.headers),
            )  # fmt: skip
            text = response.text
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            return _no_connection(error)
        except (httpx.PoolTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            return Failure(str(error), sent=False, hopeless=not isinstance(error, httpx.PoolTimeout))
        except (httpx.LocalProtocolError, UnicodeEncodeError):
            what = "a credential has characters that no header can carry, such as a line break"
            return Failure(what, sent=False, hopeless=True, unsendable=True)
        except httpx.TimeoutException:
            return Failure(f"none came within {self._timeout:g} s", sent=True)
        except httpx.HTTPError as error:
            return Failure(str(error) or "the connection was closed", sent=True)
        headers = {name.lower(): value for name, value in response.headers.items()}
        body, broken = _parsed(text, headers.get("content-type", ""))
        page = "html" in headers.get("content-type", "").lower() or (isinstance(body, str) and is_page(body))
        return Arrived(response.status_code, headers, text, body, page, broken)

    def _opened(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                import httpx

                self._client = httpx.Client(
                    timeout=httpx.Timeout(self._timeout, connect=min(CONNECT_SECONDS, self._timeout)),
                    limits=httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections),
                    headers={"User-Agent": f"monmc/{VERSION}"},
                    follow_redirects=False,
                )
                # Whoever forgets to close it leaves no open socket behind.
                weakref.finalize(self, self._client.close)
            return self._client


def _no_connection(error: Exception) -> Failure:
    what = str(error)
    hopeless = "CERTIFICATE_VERIFY_FAILED" in what
    if hopeless:
        what += "; if your own authority signs it, name its file in SSL_CERT_FILE"
    return Failure(what, sent=False, hopeless=hopeless)


def _redirected(arrived: Arrived, target: str) -> Arrived:
    """``arrived`` with where it leads, without the query, which is the other server's business."""
    return Arrived(
        arrived.status, arrived.headers, arrived.text, arrived.body, arrived.is_page,
        redirect=target.partition("?")[0],
    )  # fmt: skip


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:  # no address at all, and so not one of this server
        return location


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        split = urlsplit(url)
    except ValueError:
        return "", None, None
    try:
        port = split.port
    except ValueError:
        port = -1
    return split.scheme, split.hostname, port or {"http": 80, "https": 443}.get(split.scheme)


def _parsed(text: str, kind: str) -> tuple[Any, bool]:
    """The JSON in ``text``, or ``text``; and whether it is not the JSON that ``kind`` announces.

    Of JSON one a line (``application/ndjson``) a list.
    """
    if not text:
        return None, False
    try:
        if "ndjson" in kind.lower():
            return [json.loads(line) for line in text.split("\n") if line.strip()], False
        return json.loads(text), False
    except (ValueError, RecursionError):
        return text, "json" in kind.lower()
