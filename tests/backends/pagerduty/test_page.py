"""What the page about PagerDuty shows is what the commands print, and what they do to an account."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main
from tests.backends.pagerduty.account import USERS
from tests.fakes.pagerduty import TOKEN, FakePagerDuty

PAGE = (Path(__file__).parents[3] / "docs/pagerduty.md").read_text(encoding="utf-8")
SPEC = re.findall(r"^```yaml\n(version: 1\n.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
SHOWN = [
    (command, printed)
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for command, printed in re.findall(r"^\$ monmc (.+)\n((?:(?!\$).*\n)*)", block, re.MULTILINE)
]


def test_the_commands_of_the_page_print_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGERDUTY_TOKEN", TOKEN)
    fake = FakePagerDuty(USERS)
    printed = []
    with fake.started(), contextlib.chdir(tmp_path):
        address = SPEC.replace("{from: robot@example.com}", f'{{from: robot@example.com, url: "{fake.url}"}}')
        Path("shop.yaml").write_text(address, encoding="utf-8")
        for command, _ in SHOWN:
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                assert main(shlex.split(command)) == 0, err.getvalue()
            printed.append((command, (out.getvalue() or err.getvalue()).replace(fake.url, "https://api.pagerduty.com")))
        key = fake.key_of("shop-worker-critical")
        texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert printed == SHOWN
    assert not any(key in text or TOKEN in text for text in texts)
    assert any("/etc/alertmanager/secrets/pagerduty-shop-worker-critical" in text for text in texts)
