"""Where secrets come from, and what is said where they do not."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import StoppedError, UnauthorisedError
from skillforge_mon.spec.models.secrets import Secret
from tests.fakes.clock import VirtualClock
from tests.fakes.server import FakeServer, Fault


def printing(text: str, code: int = 0) -> Secret:
    """A secret from a command that prints ``text`` and ends with ``code``."""
    return Secret(command=[sys.executable, "-c", f"import sys; sys.stdout.write({text!r}); sys.exit({code})"])


def missing(connection: Connection, text: str) -> Diagnostic:
    """What is reported when ``text`` is resolved."""
    with pytest.raises(MissingSecretError) as caught:
        connection.text(text)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    return caught.value.diagnostic()


def test_each_kind_of_source_gives_its_secret(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    (tmp_path / "IN_FOLDER").write_text("from-folder\r\n")
    connection = Connection(
        {"A": Secret(env="OTHER"), "B": Secret(file=str(tmp_path / "token")), "C": printing("from-command\n")},
        {"OTHER": "from-variable", "PLAIN": "from-its-name", "MONMC_SECRETS_DIR": str(tmp_path)},
    )
    texts = {name: connection.text(f"<${{secret:{name}}}>") for name in ("A", "B", "C", "PLAIN", "IN_FOLDER")}
    assert texts == {
        "A": "<from-variable>",
        "B": "<from-file>",
        "C": "<from-command>",
        "PLAIN": "<from-its-name>",
        "IN_FOLDER": "<from-folder>",
    }


def test_a_credential_is_what_the_spec_refers_to_or_the_secret_of_the_usual_name() -> None:
    connection = Connection(
        {"DD_APP_KEY": printing("app-from-vault")},
        {"DD_API_KEY": "api-usual", "OURS": "api-ours", "DD_APP_KEY": "unused"},
    )
    assert connection.credential("DD_API_KEY") == "api-usual"
    assert connection.credential("DD_API_KEY", "${secret:OURS}") == "api-ours"
    assert connection.credential("DD_APP_KEY") == "app-from-vault"


def test_a_variable_that_is_asked_for_as_one_has_no_other_source(tmp_path: Path) -> None:
    (tmp_path / "REGION").write_text("from-folder")
    connection = Connection({"REGION": printing("from-command")}, {"MONMC_SECRETS_DIR": str(tmp_path)})
    assert missing(connection, "${env:REGION}").help == "set `REGION`"


def test_references_are_filled_in_wherever_they_stand_and_only_once() -> None:
    connection = Connection({}, {"A": "${secret:B}", "B": "bbbb"})
    payload: Plain = {"url": "https://x/${secret:B}/${env:B}", "list": ["${secret:A}", 1, None], "${secret:B}": True}
    assert connection.filled(payload) == {
        "url": "https://x/bbbb/bbbb",
        "list": ["${secret:B}", 1, None],
        "${secret:B}": True,
    }


def test_a_command_runs_once_however_many_ask(tmp_path: Path) -> None:
    count = tmp_path / "count"
    program = f"open({str(count)!r}, 'a').write('x'); print('value')"
    connection = Connection({"A": Secret(command=[sys.executable, "-c", program])}, {})
    threads = [threading.Thread(target=connection.text, args=("${secret:A}",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count.read_text() == "x"


@pytest.mark.parametrize(
    ("environ", "state"), [({}, "is not set"), ({"TOKEN": ""}, "is empty")], ids=["not set", "empty"]
)
def test_a_missing_variable_is_named_with_what_to_do(environ: dict[str, str], state: str) -> None:
    assert missing(Connection({}, environ), "${secret:TOKEN}") == Diagnostic(
        "MON6000",
        Severity.ERROR,
        f"the variable `TOKEN` {state}; it holds a secret that is needed",
        help="set `TOKEN`, or say in `secrets` where `TOKEN` comes from",
    )


def test_a_source_that_fails_says_why_and_never_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfecanary")
    sources = {
        "GONE": Secret(file=str(tmp_path / "gone")),
        "EMPTY": Secret(file=str(tmp_path / "empty")),
        "BINARY": Secret(file=str(tmp_path / "binary")),
        "NONE": Secret(command=["/no/such/program"]),
        "FAILS": printing("canary", 3),
        "SILENT": printing(""),
    }
    connection = Connection(sources, {})
    said = {name: missing(connection, f"${{secret:{name}}}") for name in sources}
    assert {diagnostic.code for diagnostic in said.values()} == {"MON6001"}
    assert {name: diagnostic.headline for name, diagnostic in said.items()} == {
        "GONE": f"the secret `GONE` cannot be read from `{tmp_path}/gone`: No such file or directory",
        "EMPTY": f"the secret `EMPTY` cannot be read from `{tmp_path}/empty`: it is empty",
        "BINARY": f"the secret `BINARY` cannot be read from `{tmp_path}/binary`: it is not text in UTF-8",
        "NONE": "`/no/such/program`, which is to print the secret `NONE`, cannot be run: No such file or directory",
        "FAILS": f"`{sys.executable}`, which is to print the secret `FAILS`, ended with exit code 3",
        "SILENT": f"`{sys.executable}`, which is to print the secret `SILENT`, printed nothing",
    }


def test_a_service_names_the_credentials_that_it_was_made_with() -> None:
    connection = Connection({}, {"DD_API_KEY": "key-of-api", "DD_APP_KEY": "key-of-app", "OTHER": "something"})
    connection.text("${secret:OTHER}")
    headers = {"A": connection.credential("DD_API_KEY"), "B": f"Bearer {connection.credential('DD_APP_KEY')}"}
    fake = FakeServer()
    fake.fail(Fault.EXPIRED)
    with fake.started(), connection:
        service = connection.service("Datadog", fake.url, headers)
        with pytest.raises(UnauthorisedError) as caught:
            service.request("GET", "/monitor")
    assert str(caught.value) == (
        "Datadog answered 401 to GET /monitor: Unauthorized (credentials: `DD_API_KEY`, `DD_APP_KEY`)"
    )


def test_stopping_a_connection_stops_its_services() -> None:
    connection = Connection({}, {}, clock=VirtualClock())
    service = connection.service("Datadog", "http://127.0.0.1:1", {})
    connection.stop()
    with pytest.raises(StoppedError):
        service.request("GET", "/monitor")
