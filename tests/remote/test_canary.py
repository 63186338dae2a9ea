"""Secrets that nobody can miss go through every way to fail, and come out nowhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import RemoteError
from skillforge_mon.remote.redaction import HIDDEN
from skillforge_mon.remote.service import Service
from skillforge_mon.spec.models.secrets import Secret
from tests.fakes.clock import VirtualClock
from tests.fakes.server import FakeServer, Fault, Reply, Request, impatient

TOKEN = 'canary+one/"é"'
PASSWORD = "canary-two:%20"
IN_PATH = "canary-three"
IN_BODY = "canary-four\n-second-line"
PAIR = base64.b64encode(f"user:{PASSWORD}".encode()).decode()


def chain(error: BaseException | None) -> Iterator[str]:
    """Every text of an exception and of those behind it."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args), repr(getattr(error, "__dict__", {})))
        request = getattr(error, "_request", None)
        yield from () if request is None else (repr(request.headers.raw), str(request.url))
        error = error.__cause__ or error.__context__


def leaks(texts: Iterator[str]) -> list[str]:
    """The texts in which a part of a canary is left."""
    return [text for text in texts if "anary" in text or PAIR[8:16] in text]


def ask(service: Service, method: str, path: str) -> RemoteError:
    """What the request raises."""
    with pytest.raises(RemoteError) as caught:
        service.request(method, path, body={"key": IN_BODY}, headers={"X-More": PASSWORD})
    return caught.value


def echo(request: Request) -> dict[str, object]:
    """All that a careless server may send back, in every way to write it."""
    forms = [TOKEN, PASSWORD, IN_PATH, IN_BODY, PAIR]
    return {
        "message": f"bad request {request.path} {request.body} {' '.join(request.headers.values())}",
        "errors": [*forms, *(quote(form, safe="") for form in forms), *map(repr, forms), *map(ascii, forms)],
        "error": {"message": "x" * 490 + TOKEN, "errors": [{IN_PATH: [TOKEN]}]},
        TOKEN: ["field"],
    }


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection that knows all canaries."""
    environ = {"TOKEN": TOKEN, "PASSWORD": PASSWORD, "IN_PATH": IN_PATH, "IN_BODY": IN_BODY}
    found = Connection({}, environ, clock=VirtualClock())
    found.text("".join(f"${{secret:{name}}}" for name in environ))
    with found:
        yield found


@pytest.fixture
def fake(connection: Connection) -> Iterator[FakeServer]:
    """A server that sends back what it was sent."""
    server = FakeServer(connection.clock.now)
    with server.started(), impatient():
        yield server


def made(connection: Connection, url: str) -> Service:
    """A service with secrets in its headers."""
    headers = {"Authorization": f"Basic {PAIR}", "X-Token": quote(TOKEN)}
    return connection.service("Datadog", url, headers)


STATUSES = (302, 400, 401, 403, 404, 408, 409, 412, 418, 422, 429, 500, 501, 502, 503, 504, 512)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", STATUSES)
def test_no_status_brings_a_secret_out(connection: Connection, fake: FakeServer, method: str, status: int) -> None:
    headers = {"Location": f"http://{quote(TOKEN, safe='')}.example/{IN_PATH}", "Retry-After": "9999"}
    fake.route(method, f"/{IN_PATH}", lambda request: Reply(status, echo(request), headers))
    error = ask(made(connection, fake.url), method, f"/{IN_PATH}")
    assert HIDDEN in str(error)
    assert leaks(chain(error)) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.BAD_GATEWAY_PAGE, Fault.BAD_GATEWAY_AFTER, Fault.NO_ANSWER_BEFORE, Fault.NO_ANSWER_AFTER, Fault.SILENCE,
        Fault.RESET_IN_BODY, Fault.EXPIRED, Fault.SERVER_ERROR,
    ],
    ids=lambda fault: fault.name,
)  # fmt: skip
def test_no_fault_brings_a_secret_out(connection: Connection, fake: FakeServer, method: str, fault: Fault) -> None:
    fake.route(method, f"/{IN_PATH}", lambda request: Reply(200, echo(request)))
    fake.fail(fault, times=5)
    assert leaks(chain(ask(made(connection, fake.url), method, f"/{IN_PATH}"))) == []


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain"])
def test_no_odd_answer_brings_a_secret_out(connection: Connection, fake: FakeServer, kind: str) -> None:
    fake.route("POST", "/", lambda request: Reply(400, f"<{echo(request)}", {"Content-Type": kind}))
    assert leaks(chain(ask(made(connection, fake.url), "POST", "/"))) == []


@pytest.mark.parametrize(
    "url",
    [
        f"http://{IN_PATH}.invalid:1", f"http://user:{quote(PASSWORD)}@127.0.0.1:1", f"{IN_PATH}://x", f"http://[{IN_PATH}",
        f"http://127.0.0.1:{IN_PATH}",
    ],
)  # fmt: skip
def test_no_bad_address_brings_a_secret_out(connection: Connection, url: str) -> None:
    assert leaks(chain(ask(made(connection, url), "GET", f"/{IN_PATH}"))) == []


@pytest.mark.parametrize(
    "header", [TOKEN, f"{IN_PATH}\r\nX: y", IN_BODY], ids=["not ASCII", "two headers", "two lines"]
)
def test_no_credential_that_cannot_be_sent_is_shown(connection: Connection, fake: FakeServer, header: str) -> None:
    error = ask(connection.service("Datadog", fake.url, {"Authorization": header}), "POST", "/")
    assert leaks(chain(error)) == []
    assert "POST / cannot be sent to Datadog: a credential has characters that no header can carry" in str(error)
    assert fake.requests == []


def test_what_has_gone_well_shows_no_secret_in_its_repr(connection: Connection, fake: FakeServer) -> None:
    fake.route("POST", "/", lambda request: Reply(200, echo(request), {"X-Echo": IN_PATH}))
    service = made(connection, fake.url)
    answer = service.request("POST", "/")
    assert leaks(iter((repr(answer), repr(service), repr(connection), repr(connection.redactor)))) == []


def test_no_source_of_secrets_brings_one_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"canary\xff")
    program = ["sh", "-c", "printf canary; printf canary >&2; exit 1"]
    sources = {"A": Secret(file=str(tmp_path / "secret")), "B": Secret(command=program)}
    for name in sources:
        with pytest.raises(MissingSecretError) as caught:
            Connection(sources, {}).text(f"${{secret:{name}}}")
        assert leaks(chain(caught.value)) == []
        assert leaks(iter((repr(caught.value.diagnostic()),))) == []
