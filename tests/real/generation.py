"""Which versions of the real programs the tests run: two generations, and how each is recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_SAID = re.compile(r"^\w+, version (\d+)\.(\d+)\.(\d+)", re.MULTILINE)


class Version(NamedTuple):
    """A released version; compares in order of release."""

    major: int
    minor: int
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @classmethod
    def said_in(cls, text: str) -> Version | None:
        """Return the version that a program's answer to ``--version`` names, or None when it names none."""
        match = _SAID.search(text)
        return cls(*(int(part) for part in match.groups())) if match else None


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions from ``lowest`` up to but without ``below``; without ``below`` every later one."""

    lowest: Version
    below: Version | None = None

    def __contains__(self, version: object) -> bool:
        return isinstance(version, Version) and self.lowest <= version and (not self.below or version < self.below)

    def __str__(self) -> str:
        return f">= {self.lowest}" + (f" and < {self.below}" if self.below else "")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes a generation: the versions that belong to it, and the Debian suites and packages that carry them."""

    prometheus: Versions
    alertmanager: Versions
    suites: tuple[str, ...]
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """The programs of one generation, found and checked.

    ``alertmanager_folder`` is the folder that the Alertmanager has to run in, None when any will do.
    """

    name: str
    prometheus: Version
    alertmanager: Version
    prometheus_bin: Path
    promtool: Path
    alertmanager_bin: Path
    amtool: Path
    alertmanager_folder: Path | None = None

    @property
    def prometheus_command(self) -> tuple[str, ...]:
        """The beginning of a command that becomes the Prometheus server."""
        return (str(self.prometheus_bin),)

    @property
    def alertmanager_command(self) -> tuple[str, ...]:
        """The beginning of a command that becomes the Alertmanager server; give it absolute paths only."""
        if self.alertmanager_folder is None:
            return (str(self.alertmanager_bin),)
        return ("env", f"--chdir={self.alertmanager_folder}", str(self.alertmanager_bin))


RECIPES = {
    # What Debian 12 ships: the oldest that monmc writes for.
    "old": Recipe(
        prometheus=Versions(Version(2, 42), Version(2, 43)),
        alertmanager=Versions(Version(0, 25), Version(0, 26)),
        suites=("bookworm",),
        packages=("prometheus", "prometheus-alertmanager"),
    ),
    "new": Recipe(
        prometheus=Versions(Version(3, 5)),
        alertmanager=Versions(Version(0, 28)),
        suites=("forky", "sid"),
        packages=("prometheus", "promtool", "prometheus-alertmanager"),
    ),
}
GENERATIONS = tuple(RECIPES)
