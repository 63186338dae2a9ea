"""Writes the files under tests/backends/runbooks/expected/ anew: ``python -m tests.backends.runbooks.regenerate``."""

from __future__ import annotations

from tests.backends.golden import write_expected
from tests.backends.runbooks.compiled import CASES, HERE, files

if __name__ == "__main__":
    write_expected(HERE / "expected", CASES, files)
