"""Secrets never leave the process except in the request that needs them."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
_SHORTEST = 4
"""A secret of fewer characters is not looked for: it would be found in ordinary words."""
_SHORTEST_LINE = 8
_SHORTEST_CORE = 8
_AROUND = 200
"""How much of a text in base 64 goes with the secret in it."""
_PERCENT = re.compile(r"%[0-9A-F]{2}")


class Redactor:
    """Knows every secret that was resolved, and takes them out of texts for people. Safe to use from many threads."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._cores: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def hide(self, secret: str) -> None:
        """From now on ``secret`` is taken out, however it is written.

        That is: as it stands, each long line of it, quoted for a URL or a form, escaped for JSON, HTML or Python, and
        in base 64, also as a part of something longer such as ``user:password``.
        """
        if len(secret) < _SHORTEST:
            return
        with self._lock:
            self._texts.update(_forms(secret))
            for line in secret.splitlines():
                if len(line.strip()) >= _SHORTEST_LINE:
                    self._texts.update(_forms(line.strip()))
            self._cores.update(_base64_cores(secret))
            # Longer ones first, so that no part of one is left.
            words = [re.escape(text) for text in sorted(self._texts, key=lambda text: (-len(text), text))]
            cores = [
                rf"[A-Za-z0-9+/_-]{{0,{_AROUND}}}{re.escape(core)}[A-Za-z0-9+/_=-]{{0,{_AROUND}}}"
                for core in sorted(self._cores)
            ]
            self._pattern = re.compile("|".join((*cores, *words)))

    def clean(self, text: str) -> str:
        """``text`` with ``[hidden]`` for every secret."""
        pattern = self._pattern
        return pattern.sub(HIDDEN, text) if pattern is not None else text


def _forms(secret: str) -> Iterator[str]:
    """How ``secret`` may be written; what is escaped may stand in a text that is escaped once more."""
    for form in _once(secret):
        yield from (form, json.dumps(form, ensure_ascii=False)[1:-1], repr(form)[1:-1])


def _once(secret: str) -> Iterator[str]:
    yield secret
    for quoted in (
        quote(secret, safe="", errors="surrogatepass"),
        quote(secret, errors="surrogatepass"),
        quote_plus(secret, errors="surrogatepass"),
    ):
        yield quoted
        yield _PERCENT.sub(lambda found: found[0].lower(), quoted)
    for escaped in (json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret), ascii(secret)):
        yield escaped[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", "\\/")
    yield repr(secret.encode(errors="surrogatepass"))[2:-1]
    yield html.escape(secret)
    encoded = base64.b64encode(secret.encode(errors="surrogatepass")).decode()
    yield from (encoded, encoded.rstrip("="), quote(encoded, safe=""))


def _base64_cores(secret: str) -> Iterator[str]:
    """What base 64 of any text with ``secret`` in it has in it: three forms, by the length of what stands before it.

    A character of base 64 is six bits, so the first and the last of them may be shared with a neighbour.
    """
    content = secret.encode(errors="surrogatepass")
    for before in range(3):
        first = -(-before * 8 // 6)
        last = (before + len(content)) * 8 // 6
        core = base64.b64encode(b"\0" * before + content).decode()[first:last]
        if len(core) >= _SHORTEST_CORE:
            yield core
            yield core.translate({ord("+"): "-", ord("/"): "_"})
