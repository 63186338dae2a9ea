"""The samples of a server's own metric page, as far as its health needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SAMPLE: Final = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)", re.MULTILINE)
_LABEL: Final = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the page. ``label_text`` is what stands between the braces."""

    name: str
    label_text: str
    value: float

    @property
    def labels(self) -> dict[str, str]:
        """Its labels; escapes stay as they are written."""
        return dict(_LABEL.findall(self.label_text))


def samples(page: str) -> Iterator[Sample]:
    """Every sample of ``page``; comments and what is no sample are passed over."""
    for match in _SAMPLE.finditer(page):
        try:
            yield Sample(match[1], match[2] or "", float(match[3]))
        except ValueError:
            continue
