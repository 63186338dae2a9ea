"""Writes the files under tests/backends/tracing/expected/ anew: ``python -m tests.backends.tracing.regenerate``."""

from __future__ import annotations

from tests.backends.golden import write_expected
from tests.backends.tracing.compiled import CASES, HERE, files

if __name__ == "__main__":
    write_expected(HERE / "expected", CASES, files)
