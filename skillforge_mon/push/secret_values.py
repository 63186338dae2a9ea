"""Secrets in the bodies of live objects: put back behind their references before anything is compared or shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import references_in
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.redaction import HIDDEN


def without_values(live: Any, wanted: Plain, connection: Connection, *, hide: bool = True) -> Any:
    """``live`` with the text of ``wanted`` wherever that holds a secret and the two say the same.

    Where ``live`` holds another value, it is hidden (unless not ``hide``): it may be the former secret. A secret that
    cannot be had here cannot be compared, and counts as the same.
    """
    if isinstance(wanted, str):
        if not isinstance(live, str) or live == wanted or not references_in(wanted):
            return live
        try:
            return wanted if connection.text(wanted) == live else HIDDEN if hide else live
        except MissingSecretError:
            return wanted
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        return {
            key: without_values(member, wanted[key], connection, hide=hide) if key in wanted else member
            for key, member in live.items()
        }
    if _is_list(wanted) and _is_list(live) and len(wanted) == len(live):  # type: ignore[arg-type]
        return [without_values(*pair, connection, hide=hide) for pair in zip(live, wanted, strict=True)]  # type: ignore[arg-type]
    return live


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
