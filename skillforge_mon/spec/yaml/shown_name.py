"""How a file is called in messages."""

from __future__ import annotations

import os
from pathlib import Path


def shown_name(path: Path) -> str:
    """How ``path`` is called in messages: relative to the current folder when it is inside it, else as given."""
    here = os.path.normpath(Path.cwd())
    full = Path(os.path.normpath(path.absolute()))
    shown = full.relative_to(here) if full.is_relative_to(here) else path
    return shown.as_posix().encode("utf-8", "backslashreplace").decode("utf-8")
