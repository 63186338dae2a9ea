"""The checks of the project, by name: ``nox`` runs lint, tools and tests; ``nox --list`` shows all.

Every session uses the environment that nox itself runs in, which the quick start fills with all that is needed.
"""

from __future__ import annotations

import os
import sys

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "tools", "tests"]

COMPILED = {"PYTHONDONTWRITEBYTECODE": None}
"""Hundreds of tests start monmc, and the benchmarks time it: its modules are compiled once, as installing does."""

# Whoever is done first takes over what others have not begun: the tests that wait stand close to each other.
# Many tests wait for a server's next evaluation, so two workers for each core; more than these wait for each other.
WORKERS = min(4, 2 * (os.cpu_count() or 1))


@nox.session
def lint(session: nox.Session) -> None:
    """Hold every file against ruff's rules, ruff's layout and mypy's strict types."""
    session.run(sys.executable, "-m", "ruff", "check")
    session.run(sys.executable, "-m", "ruff", "format", "--check")
    session.run(sys.executable, "-m", "mypy")


@nox.session
def tools(session: nox.Session) -> None:
    """Get the vendors' own programs that the tests run, unless they are there already."""
    session.run(sys.executable, "-m", "tests.real.tools")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the whole test suite, or what is asked for after ``--``."""
    session.run(sys.executable, "-m", "compileall", "-q", "skillforge_mon", env=COMPILED)
    session.run(
        sys.executable, "-m", "pytest", f"--numprocesses={WORKERS}", "--dist=worksteal", *session.posargs, env=COMPILED
    )


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure the budgets of start-up, building and pushing, all in one run on one machine."""
    session.run(sys.executable, "-m", "tests.benchmarks", *session.posargs, env=COMPILED)


@nox.session(name="slo-cost")
def slo_cost(session: nox.Session) -> None:
    """Measure what the rules of SLOs cost a running Prometheus; three minutes or more."""
    session.run(sys.executable, "-m", "tests.benchmarks.slo_cost", *session.posargs, env=COMPILED)
