"""What every test stands on: the same environment on every machine, and properties that give the same run twice."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# What decides on colour, width and interactivity in our own output and in the libraries that write it.
TERMINAL_VARIABLES = (
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "LINES",
    "NO_COLOR",
    "PY_COLORS",
    "TERM",
    "TERMINAL_WIDTH",
    "TTY_COMPATIBLE",
    "TTY_INTERACTIVE",
)
COLUMNS = "100"

settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def same_environment_everywhere() -> Iterator[None]:
    """Hide the environment of whoever runs the tests from monmc, except where the real programs are (MONMC_TOOLS)."""
    with pytest.MonkeyPatch.context() as patch:
        ours = [name for name in os.environ if name.startswith("MONMC_") and name != "MONMC_TOOLS"]
        for name in (*TERMINAL_VARIABLES, *ours):
            patch.delenv(name, raising=False)
        patch.setenv("COLUMNS", COLUMNS)
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, ",".join(filter(None, ("127.0.0.1,localhost,::1", os.environ.get(name)))))
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those that wait."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)
