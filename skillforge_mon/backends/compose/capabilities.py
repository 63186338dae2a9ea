"""What compose can run: everything, on one machine.

Source: the Compose Specification (compose-spec/compose-spec, ``schema/compose-spec.json``): ``name`` at the top and no
``version``, which is obsolete; ``secrets`` of a file or a variable, mounted where ``target`` says; ``depends_on`` with
a condition; ``$$`` for a dollar sign, as ``$`` begins a variable.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

TREE: Final = "/monmc"
"""Where the project's folder is mounted. Not the environment's: a build exchanges that for a new one, which a container
would not see."""
SECRETS: Final = "/run/secrets"
"""Where compose puts secrets that do not say where."""
SECRETS_FOLDER: Final = "${MONMC_SECRETS_DIR:?a folder with one file for each secret}"
"""Where the files of secrets are on the machine: the variable that ``push`` reads too. Without it, nothing starts."""
BUSYBOX: Final = "busybox:1.37.0"
"""What gives a volume to a user."""

OUTPUTS: Final = (
    Output(
        "a stack of docker compose: everything the spec uses",
        ("deploy", "targets", "services", "exporters", "traces"),
        "compose/compose.yaml",
        ("tests/real/test_deploy.py", "tests/backends/compose"),
        "monmc build",
    ),
)
"""What it writes."""
