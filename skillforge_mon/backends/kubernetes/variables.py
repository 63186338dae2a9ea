"""Variables of a container, as Kubernetes has them."""

from __future__ import annotations

import re
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import SecretReference

_READ: Final = re.compile(r"\$(?=[$(])")
"""A dollar sign that would begin something: before any other character it is one."""


def literal(text: str) -> str:
    """``text`` as it is: Kubernetes looks for a variable in ``$(NAME)`` and makes one dollar sign of two.

    Source: kubernetes, third_party/forked/golang/expansion/expand.go.
    """
    return _READ.sub("$$", text)


def secret_variable(name: str, reference: SecretReference, secret: str) -> dict[str, Plain]:
    """The variable ``name`` with the key of the Secret ``secret`` that is called as ``reference``."""
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": reference.name}}}
