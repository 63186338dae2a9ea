"""``python -m tests.cli.regenerate`` runs the commands of every archive and writes what they print."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.cli.archive import FOLDER, played


def main() -> None:
    """Rewrite every archive."""
    for path in sorted(FOLDER.glob("*.txt")):
        with tempfile.TemporaryDirectory() as folder:
            path.write_text(played(path.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
