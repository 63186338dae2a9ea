"""Names of the spec as titles: ``high-error-rate`` and ``HighErrorRate`` are "High error rate"."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def titled(name: str) -> str:
    """The words of ``name`` as a sentence would start; abbreviations keep their capitals (``HTTPErrors``)."""
    words = [word if word.isupper() and len(word) > 1 else word.lower() for word in _WORDS.findall(name)]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
