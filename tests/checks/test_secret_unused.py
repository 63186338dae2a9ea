"""Which entries of ``secrets`` are needed: those that are referred to, and the credentials of targets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skillforge_mon.checks.secret_unused import check
from tests.projects import project

HEAD = "version: 1\nproject: shop\n"
SECRETS = "secrets:\n  KEY: {env: X}\n"
DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        (SECRETS, ["nothing refers to the secret `KEY`"]),
        ('teams:\n  shop: {webhook: "https://x/${secret:KEY}"}\n' + SECRETS, []),
        ('teams:\n  shop: {webhook: "${env:KEY}"}\n' + SECRETS, ["nothing refers to the secret `KEY`"]),
        ('targets:\n  grafana: {token: "${secret:KEY}"}\n' + SECRETS, []),
        ("targets:\n  datadog: {}\nsecrets:\n  DD_API_KEY: {env: X}\n  DD_APP_KEY: {env: Y}\n", []),
        (
            'targets:\n  grafana: {token: "${secret:KEY}"}\n' + SECRETS + "  GRAFANA_TOKEN: {env: X}\n",
            ["nothing refers to the secret `GRAFANA_TOKEN`"],
        ),
        ("secrets:\n  DD_API_KEY: {env: X}\n", ["nothing refers to the secret `DD_API_KEY`"]),
    ],
    ids=["unused", "in a text", "a variable is no secret", "target", "usual names", "usual name replaced", "no target"],
)
def test_an_entry_that_nothing_needs_is_reported(text: str, unused: list[str]) -> None:
    found = list(check(project(HEAD + text)))
    assert [diagnostic.headline for diagnostic in found] == unused


def test_a_secret_of_one_environment_belongs_into_it() -> None:
    text = HEAD + (
        "environments:\n  production:\n"
        '    targets: {grafana: {token: "${secret:KEY}"}}\n    secrets: {KEY: {file: /run/secrets/grafana}}\n'
    )
    assert [list(check(project(text, environment))) for environment in (None, "production")] == [[], []]


def test_the_page_names_every_variable_that_a_target_takes_by_default() -> None:
    models = Path(__file__).parent.parent.parent / "skillforge_mon" / "spec" / "models"
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted(models.glob("*.py")))
    variables = set(re.findall(r"default: the variable `(\w+)`", texts))
    page = (DOCS / "secrets.md").read_text(encoding="utf-8")
    assert variables <= set(re.findall(r"`(\w+)`", page))
