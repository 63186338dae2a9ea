"""Label and annotation names, as the version of the server allows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from skillforge_mon.backends.prometheus.capabilities import UTF8_NAMES, Version

_CLASSIC: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII).fullmatch
_NOT_CLASSIC: Final = re.compile(r"[^A-Za-z0-9_]")


def allowed_name(name: str, version: Version) -> str:
    """``name`` itself, or before Prometheus 3.0 with ``_`` for what it could not contain (``k8s.ns`` is ``k8s_ns``)."""
    if version >= UTF8_NAMES.since or _CLASSIC(name):
        return name
    written = _NOT_CLASSIC.sub("_", name)
    return f"_{written}" if written[:1].isdigit() else written


def allowed_names(labels: Mapping[str, str], version: Version) -> dict[str, str]:
    """``labels`` with names that the server takes."""
    if version >= UTF8_NAMES.since:
        return dict(labels)
    return {allowed_name(name, version): value for name, value in labels.items()}


def renamed(names: Iterable[str], version: Version) -> str:
    """Says which of ``names`` the server cannot take, as the reason of a verdict; empty when it takes all."""
    changed = [f"`{name}` is `{allowed_name(name, version)}`" for name in names if allowed_name(name, version) != name]
    return f"{', '.join(changed)}: only Prometheus 3.0 and later take other names" if changed else ""
