"""Configuration as a Go program prints it back: every default filled in, secrets hidden, paths made absolute.

Prometheus and Alertmanager do not keep the file that they read. What they have loaded is their own structs, printed as
YAML. To compare it with what a build wrote, both are brought into one form: every scalar a text, every default left
out, every length of time printed in one way. What stands for a default is known from tables, by the key that the
mapping stands under (its place).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.query.promql.duration import duration_milliseconds, duration_text

Defaults = Mapping[str, tuple[Any, ...]]
"""Key -> what it may be where nobody has set it, as texts; several where versions differ."""

ANYWHERE: Final = "*"
HIDDEN: Final = "<secret>"
"""What both servers print for a secret (prometheus/common, config.Secret)."""

SAYS_NOTHING: Final[tuple[Any, ...]] = ("", "false", "0", "0s", "null", [], {})
"""What a key without a table entry is where nobody has set it: the zero values of Go."""

_SIZE: Final = re.compile(r"(\d+)\s*([KMGTPE]i?B|B)")
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


@dataclass(frozen=True, slots=True)
class Form:
    """How to bring one server's configuration into the common form.

    ``defaults`` are by place, ``ANYWHERE`` for all. Keys in ``free`` hold names that people choose, of which none is
    left out. ``durations`` and ``sizes`` are keys of such values. ``paths`` are the relative paths of the build's own
    files, which the server prints as absolute ones.
    """

    defaults: Mapping[str, Defaults]
    free: frozenset[str]
    durations: frozenset[str]
    sizes: frozenset[str] = frozenset()
    paths: frozenset[str] = field(default_factory=frozenset)

    def of(self, value: Plain, place: str = "") -> Any:
        """``value``, which stands under the key ``place``, in the common form."""
        if isinstance(value, Mapping):
            return self._mapping(value, place)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self.of(item, place) for item in value]
        return self._scalar(text_of(value), place)

    def _mapping(self, value: Mapping[str, Plain], place: str) -> dict[str, Any]:
        if place in self.free:
            return {key: self.of(member) for key, member in value.items()}
        here, anywhere = self.defaults.get(place, {}), self.defaults.get(ANYWHERE, {})
        found = {}
        for key, member in value.items():
            formed = self.of(member, key)
            usual = here.get(key, anywhere.get(key, SAYS_NOTHING))
            if formed not in usual:
                found[key] = formed
        return found

    def _scalar(self, text: str, place: str) -> str:
        if place in self.durations:
            return duration(text)
        if place in self.sizes:
            return size(text)
        return self._shortened(text)

    def _shortened(self, text: str) -> str:
        return next((path for path in self.paths if text.endswith("/" + path)), text)


def text_of(value: Plain) -> str:
    """A scalar as YAML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def duration(text: str) -> str:
    """A length of time in the one form in which Prometheus prints it; what is none stays as it is."""
    try:
        return duration_text(duration_milliseconds(text))
    except ValueError:
        return text


def size(text: str) -> str:
    """A size in bytes as one number; what is none stays as it is. Go prints ``1500B`` as ``1KiB476B``."""
    parts = _SIZE.findall(text)
    if "".join(amount + unit for amount, unit in parts) != text or not parts:
        return text
    return str(sum(int(amount) * 1024 ** _UNITS.index(_binary(unit)) for amount, unit in parts))


def _binary(unit: str) -> str:
    # Both servers count 1 KB as 1024 bytes: github.com/alecthomas/units, Base2Bytes.
    return unit if unit == "B" or "i" in unit else f"{unit[0]}iB"


def read_printed(text: str) -> Any:
    """What a server printed as YAML, every scalar as its text. Raises ValueError when it is none."""
    import yaml

    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but texts, lists and mappings
    except yaml.YAMLError as error:
        raise ValueError(f"what the server has loaded is no YAML: {error}") from None


def with_secrets(live: Any, wanted: Any) -> Any:
    """``live`` with what ``wanted`` says wherever the server hides a secret: nobody can see whether they differ."""
    if live == HIDDEN and isinstance(wanted, str):
        return wanted
    if isinstance(live, dict) and isinstance(wanted, dict):
        return {key: with_secrets(value, wanted.get(key)) for key, value in live.items()}
    if isinstance(live, list) and isinstance(wanted, list) and len(live) == len(wanted):
        return [with_secrets(old, new) for old, new in zip(live, wanted, strict=True)]
    return live
