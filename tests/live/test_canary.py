"""No secret is in anything that a whole story of commands writes or prints, in no form."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.fakes.server import Fault
from tests.live.world import SYSTEMS, Change, World, world

CANARIES = {
    "SLACK_WEBHOOK": "https://hooks.example.com/canary/one+Sl4ck/W3b=hook",
    "PAGERDUTY_KEY": "canary-two-P4gerDuty&Key",
    "OPSGENIE_KEY": "canary/three+0psgenie=",
    "HOOK": "https://hooks.example.com/canary?four=H00k&x=1",
}


def forms(secret: str) -> Iterator[str]:
    """How ``secret`` may be written: as it is, quoted, and in base 64 wherever it begins in a longer text."""
    yield secret
    yield quote(secret, safe="")
    for before in range(3):
        content = b"\0" * before + secret.encode()
        yield base64.b64encode(content).decode()[-(-before * 8 // 6) : len(content) * 8 // 6]


def found(texts: Sequence[str], folder: Path, secrets: Sequence[str], without: Sequence[Path] = ()) -> list[str]:
    """Where a secret is: in which text, or in which file below ``folder`` (its name counts) but those ``without``."""
    places = {f"text {number}": text for number, text in enumerate(texts)}
    for path in folder.rglob("*"):
        if path.is_file() and path not in without:
            places[str(path)] = f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}"
    return [place for place, text in places.items() if any(form in text for each in secrets for form in forms(each))]


def story(here: World) -> None:
    """Everything that asks or changes a system, with failures."""
    here.write(*here.before)
    here.build()
    here.diff("--out", "plan.json")
    for fault in (Fault.SERVER_ERROR, Fault.BAD_GATEWAY_PAGE, Fault.NO_ANSWER_AFTER):
        here.server.fail(fault, lambda request: request.method in {"POST", "PUT"}, 2)
    here.monmc("push", "plan.json")
    here.server.fail(Fault.EXPIRED, lambda request: request.method != "GET", 3)
    here.push("--format", "jsonl")
    here.server.faults.clear()
    assert here.push().code == 0
    here.write(*here.after)
    here.build()
    assert here.push("--prune", "--prune-limit", "100").code == 0
    here.server.fail(Fault.EXPIRED, times=5)
    here.monmc("health", *here.named)
    here.server.faults.clear()
    here.monmc("health", *here.named, "--format", "json")
    assert here.monmc("backup", *here.named, "--backend", here.system.backend, "--out", "backup").code == 0
    named = ("--env", here.system.environment) if here.system.environment else ()
    kept = next(iter(sorted(Path(".monmc/kept").rglob("*.json"))))
    here.monmc("restore", str(kept), "--spec", str(here.named[0]), *named, "--yes")


@pytest.mark.parametrize("name", SYSTEMS)
def test_no_secret_is_anywhere(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONMC_DEBUG", "1")
    used = CANARIES if name == "grafana" else {}
    with world(name, tmp_path, monkeypatch, **used) as here:
        story(here)
        secrets = [*here.system.environ.values(), *used.values()]
        assert found(here.said, tmp_path, secrets) == []
        planted = tmp_path / ".monmc" / "planted.json"
        for form in forms(secrets[0]):
            planted.write_text(f'{{"text": "{form}"}}')
            assert found(here.said, tmp_path, secrets) == [str(planted)]


def test_no_secret_of_a_file_or_a_command_is_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command notes its own title and those of all that started it."""
    source = tmp_path / "pager.py"
    titles = tmp_path / "titles.txt"
    source.write_text(
        "import os, pathlib, sys\n"
        f"titles = pathlib.Path({str(titles)!r})\n"
        "lines = [pathlib.Path(f'/proc/{each}/cmdline').read_bytes().replace(b'\\0', b' ') "
        "for each in (os.getpid(), os.getppid())]\n"
        "titles.write_bytes(b'\\n'.join(lines))\n"
        f"print({CANARIES['PAGERDUTY_KEY']!r})\n"
    )
    held = tmp_path / "hook.txt"
    held.write_text(CANARIES["HOOK"] + "\n")
    held.chmod(0o600)
    with world("grafana", tmp_path, monkeypatch) as here:
        for name in ("PAGERDUTY_KEY", "HOOK"):
            monkeypatch.delenv(name)
        sources = f"secrets:\n  PAGERDUTY_KEY: {{command: [{sys.executable}, {source}]}}\n  HOOK: {{file: {held}}}\n"
        text = here.system.spec
        monkeypatch.setattr(here, "write", lambda *changes: _write(here, text, sources, changes))
        story(here)
        assert any(CANARIES["HOOK"] in str(point) for point in here.server.points.values())
        assert titles.read_text()
        assert "${secret:" not in str(here.objects())
        assert found(here.said, tmp_path, [CANARIES["PAGERDUTY_KEY"], CANARIES["HOOK"]], (source, held)) == []


def _write(here: World, text: str, sources: str, changes: Sequence[Change]) -> None:
    for change in changes:
        text = text.replace(change.old, change.new)
    Path("shop.yaml").write_text(here.system.moved(text, here.server.url) + sources)
