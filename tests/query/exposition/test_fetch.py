"""A page comes from a file or an address; what goes wrong is said, and no password with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.query.exposition import fetch as fetching
from skillforge_mon.query.exposition.fetch import ACCEPT, Fetched, fetch

ADDRESS = "http://ann:hunter2@exporter:9100/metrics?token=abc"
SHOWN = "http://exporter:9100/metrics"


def answered(handler: Callable[[httpx.Request], httpx.Response], address: str = ADDRESS) -> Fetched | str:
    """What ``handler`` makes of the request: the page, or the headline of the problem."""
    found = fetch(address, httpx.MockTransport(handler))
    return found.headline if isinstance(found, Diagnostic) else found


def test_a_page_from_an_address() -> None:
    requests = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append((request.url.raw_path, request.headers["accept"], request.headers["authorization"]))
        return httpx.Response(200, headers={"content-type": "text/plain; version=0.0.4"}, content=b"a 1\n")

    assert answered(handler) == Fetched(SHOWN, b"a 1\n", "text/plain; version=0.0.4")
    assert requests == [(b"/metrics?token=abc", ACCEPT, "Basic YW5uOmh1bnRlcjI=")]


def test_redirects_are_followed_a_few_times() -> None:
    def twice(request: httpx.Request) -> httpx.Response:
        count = int(request.url.params.get("n", "0"))
        return (
            httpx.Response(302, headers={"location": f"/?n={count + 1}"})
            if count < 2
            else httpx.Response(200, text="a 1\n")
        )

    def for_ever(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "/"})

    def elsewhere(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "file:///etc/passwd"})

    assert answered(twice) == Fetched(SHOWN, b"a 1\n", "text/plain; charset=utf-8")
    assert answered(for_ever) == f"`{SHOWN}` redirects more than 3 times"
    assert answered(elsewhere) == f"`{SHOWN}` leads to an address that is neither http nor https"


def test_what_a_server_can_do_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("timed out")

    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno 111] Connection refused")

    monkeypatch.setattr(fetching, "MOST_BYTES", 10)
    assert answered(lambda _: httpx.Response(404)) == f"`{SHOWN}` answers 404 Not Found"
    assert answered(silent) == f"`{SHOWN}` gave no answer in time"
    assert answered(refused) == f"`{SHOWN}` cannot be read: [Errno 111] Connection refused"
    assert answered(lambda _: httpx.Response(200, content=b"a" * 11)) == (
        f"`{SHOWN}` is larger than 64 MiB, the most that monmc reads"
    )


def test_only_web_addresses_are_asked() -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request)

    assert answered(never, "ftp://exporter/metrics") == "`ftp://` is no address of a metric page"
    assert answered(never, "http://exporter:port/metrics") == "this is not an address"
    assert answered(never, "http:///metrics") == "this is not an address"


def test_a_page_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"a 1\n")
    assert fetch(str(path)) == Fetched(str(path), b"a 1\n")
    for missing, reason in ((tmp_path / "nowhere", "No such file or directory"), (tmp_path, "Is a directory")):
        found = fetch(str(missing))
        assert isinstance(found, Diagnostic)
        assert (found.code, found.headline) == ("MON3515", f"`{missing}` cannot be read: {reason}")
