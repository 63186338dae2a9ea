"""What can keep ``monmc diff --against git:REF`` from reading the earlier spec."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_IN_GIT = "it is about a git repository around the spec, which one spec cannot show"

NO_GIT: Final = Code(
    "MON5040",
    "no-git",
    Severity.ERROR,
    "`--against git:REF` needs git and a repository, and one of the two is missing.",
    "The earlier spec is read from the history of the repository that the spec is in.",
    untestable=_IN_GIT,
)
UNKNOWN_REVISION: Final = Code(
    "MON5041",
    "unknown-git-revision",
    Severity.ERROR,
    "The repository has no revision of the name that follows `git:`.",
    "There is nothing to compare with; in a shallow clone the revision may only have to be fetched.",
    untestable=_IN_GIT,
)
NOT_IN_REVISION: Final = Code(
    "MON5042",
    "spec-not-in-git-revision",
    Severity.ERROR,
    "The spec is not in the revision that it is compared with.",
    "A spec that was added or moved since then has no earlier version under this path.",
    untestable=_IN_GIT,
)
SECRET_IN_REVISION: Final = Code(
    "MON5043",
    "secret-in-git-revision",
    Severity.ERROR,
    "The earlier spec holds a secret in clear, so it is not shown.",
    "A comparison would print the secret, often into a comment on a pull request that many can read.",
    untestable=_IN_GIT,
)
