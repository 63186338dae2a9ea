"""Writes the files under tests/backends/loki/expected/ anew: ``python -m tests.backends.loki.regenerate``."""

from __future__ import annotations

from tests.backends.golden import write_expected
from tests.backends.loki.compiled import CASES, HERE, files

if __name__ == "__main__":
    write_expected(HERE / "expected", CASES, files)
