"""Names of alerts, made of names of what they are about."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Za-z0-9]+")


def camel_case(name: str) -> str:
    """``BackendAvailability`` for ``backend-availability``: a part of the name of an alert."""
    return "".join(word[0].upper() + word[1:] for word in _WORDS.findall(name))
