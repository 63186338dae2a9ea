"""Gets a metric page: from a file, or from the address that Prometheus scrapes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.query.exposition import codes
from skillforge_mon.query.exposition.reader import MOST_BYTES, too_large

if TYPE_CHECKING:
    import httpx

ACCEPT: Final = "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
"""As Prometheus asks: OpenMetrics where the exporter can, so that names come out as Prometheus would store them."""

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 3
_SCHEMES: Final = frozenset(("http", "https"))


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a page; ``name`` is what problems call it, ``content_type`` the server's, empty for a file."""

    name: str
    content: bytes
    content_type: str = ""


def fetch(source: str, transport: httpx.BaseTransport | None = None) -> Fetched | Diagnostic:
    """The page at ``source``, a path or an ``http(s)://`` address, or why it is not to be had.

    ``transport`` stands in for the network. A user name and password in the address are used, but never shown.
    """
    scheme, separator, _ = source.partition("://")
    if not separator:
        return _from_file(source)
    if scheme.lower() not in _SCHEMES:
        return codes.UNREACHABLE.at(None, f"`{scheme}://` is no address of a metric page", help="use http or https")
    return _from_url(source, transport)


_NO_ADDRESS: Final = codes.UNREACHABLE.at(None, "this is not an address", help="such as http://localhost:9100/metrics")


def _refuse_other_schemes(request: httpx.Request) -> None:
    """Asked before every request, those after a redirect included."""
    import httpx

    if request.url.scheme not in _SCHEMES:
        raise httpx.UnsupportedProtocol("neither http nor https", request=request)


def _from_file(path: str) -> Fetched | Diagnostic:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        return codes.UNREACHABLE.at(None, f"`{path}` cannot be read: {error.strerror}")
    except ValueError:
        return codes.UNREACHABLE.at(None, "a path has no null characters")
    return Fetched(path, content)


def _from_url(address: str, transport: httpx.BaseTransport | None) -> Fetched | Diagnostic:
    import httpx

    try:
        url = httpx.URL(address)
        shown = str(url.copy_with(username=None, password=None, query=None, fragment=None))
    except (httpx.InvalidURL, UnicodeError):
        return _NO_ADDRESS
    if not url.host:
        return _NO_ADDRESS
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    try:
        with (
            httpx.Client(
                timeout=timeout,
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                transport=transport,
                event_hooks={"request": [_refuse_other_schemes]},
            ) as client,
            client.stream("GET", url, headers={"Accept": ACCEPT}) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                return codes.UNREACHABLE.at(
                    None, f"`{shown}` answers {answer.status_code} {answer.reason_phrase}".rstrip()
                )
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    return too_large(shown)
            return Fetched(shown, bytes(content), answer.headers.get("content-type", ""))
    except httpx.TooManyRedirects:
        return codes.UNREACHABLE.at(None, f"`{shown}` redirects more than {MOST_REDIRECTS} times")
    except httpx.TimeoutException:
        return codes.UNREACHABLE.at(None, f"`{shown}` gave no answer in time")
    except httpx.UnsupportedProtocol:
        return codes.UNREACHABLE.at(None, f"`{shown}` leads to an address that is neither http nor https")
    except httpx.HTTPError as error:
        return codes.UNREACHABLE.at(None, f"`{shown}` cannot be read: {error}".replace(address, shown))
