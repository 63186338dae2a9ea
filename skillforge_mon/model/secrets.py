"""References to secrets: ``${secret:NAME}`` and ``${env:NAME}``. Nothing before ``push`` resolves one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REFERENCE = re.compile(r"\$\{(secret|env):([A-Za-z_][A-Za-z0-9_.\-]*)\}")


@dataclass(frozen=True, slots=True)
class SecretReference:
    """A secret by name. ``kind`` is ``secret`` or ``env``."""

    kind: str
    name: str

    def file_in(self, folder: str) -> str:
        """The file that holds the secret where the backend runs: its name in lower case, ``_`` as ``-``."""
        return f"{folder.rstrip('/')}/{self.name.lower().replace('_', '-')}"

    def __str__(self) -> str:
        return f"${{{self.kind}:{self.name}}}"


def secret_reference(text: str | None) -> SecretReference | None:
    """The reference that is the whole of ``text``, or None."""
    match = _REFERENCE.fullmatch(text or "")
    return SecretReference(match[1], match[2]) if match else None


def references_in(text: str) -> tuple[SecretReference, ...]:
    """Every reference within ``text``."""
    if "${" not in text:
        return ()
    return tuple(SecretReference(match[1], match[2]) for match in _REFERENCE.finditer(text))
