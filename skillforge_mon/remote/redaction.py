"""Secrets never leave the process except in the request that needs them."""

from __future__ import annotations

import base64
from urllib.parse import quote

HIDDEN = "[hidden]"
_SHORTEST = 4


class Redactor:
    """Knows every secret that was resolved, and takes them out of texts for people."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def hide(self, secret: str) -> None:
        """From now on ``secret`` is taken out, also where it is quoted for a URL or in base 64."""
        if len(secret) < _SHORTEST:
            return
        encoded = base64.b64encode(secret.encode()).decode()
        self._texts.update((secret, quote(secret, safe=""), encoded, encoded.rstrip("=")))

    def clean(self, text: str) -> str:
        """``text`` with ``[hidden]`` for every secret; longer ones first, so that no part of one is left."""
        for secret in sorted(self._texts, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text
