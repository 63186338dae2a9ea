"""References to secrets as variables of the environment: of programs that fill in their configuration from it as they
read it, by ``-config.expand-env=true``, and of files of variables (``env_file`` of Docker Compose and the like).

Tempo and Loki replace ``${NAME}`` (their pages, "Use environment variables in the configuration"). What stands between
the braces is a name and nothing else: behind a ``-`` they read a default, and refuse a dot ("missing closing brace").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import SecretReference, references_in

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_]")


HEADER: Final = "# Written by monmc. Do not edit: change the spec and build again.\n"
"""The first line of a file of variables."""


def variable(reference: SecretReference) -> str:
    """The variable of the environment that has the value; names of variables have no dots or dashes."""
    return _NOT_IN_NAMES.sub("_", reference.name)


def expanded(text: str) -> str:
    """``text`` with its references as ``${NAME}``, which whoever reads it fills in."""
    for reference in references_in(text):
        text = text.replace(str(reference), f"${{{variable(reference)}}}")
    return text


def is_expanded(content: Plain) -> bool:
    """Whether any text of ``content`` has to be filled in."""
    if isinstance(content, str):
        return "${" in content
    if isinstance(content, Mapping):
        return any(map(is_expanded, content.values()))
    return isinstance(content, Iterable) and any(map(is_expanded, content))
