"""Rules that a resolved project is held against: one file per rule, with its code, the reason and examples."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skillforge_mon.diagnostics.diagnostic import Diagnostic
    from skillforge_mon.model.project import Project


def run_checks(project: Project) -> Iterator[Diagnostic]:
    """What every rule has to say about ``project``: each module here that has a ``check`` function, by name."""
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        check = getattr(import_module(f"{__name__}.{name}"), "check", None)
        if check is not None:
            yield from check(project)
