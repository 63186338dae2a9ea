"""MON4520 to MON4539: projects that cannot be set up in Sentry as a spec says."""

from __future__ import annotations

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

PROJECT_WITHOUT_TEAM = Code(
    "MON4520",
    "sentry-project-without-team",
    Severity.ERROR,
    "A project that is to be set up in Sentry has no team there.",
    "Sentry makes a project for a team; without one it would invent one of its own.",
    bad=set_up_with("  web:\n    team: shop\n", "  web:\n"),
    good=SET_UP,
)
SLUG_UNFIT = Code(
    "MON4521",
    "unfit-sentry-slug",
    Severity.ERROR,
    "A project that is to be set up in Sentry has a slug that Sentry does not take.",
    "Sentry would refuse to make it.",
    bad=set_up_with("sentry_project: web", "sentry_project: Web Shop"),
    good=SET_UP,
)
KEY_NAME_TOO_LONG = Code(
    "MON4522",
    "sentry-key-name-too-long",
    Severity.ERROR,
    "The name that a client key gets in Sentry, which ends with the project and the environment, is too long.",
    "Sentry would refuse it; cut off, nobody could tell whose it is.",
    bad=set_up_with("keys: {server:", f"keys: {{{'server' * 10}:"),
    good=SET_UP,
)

CODES = (PROJECT_WITHOUT_TEAM, SLUG_UNFIT, KEY_NAME_TOO_LONG)
