"""Whose change it is where a live object is not what the spec says: the spec's, somebody else's, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from skillforge_mon.diff.change import LONGEST_HEADLINE, FieldChange
from skillforge_mon.diff.plain import differences, same
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import REFERENCE_KEY
from skillforge_mon.push.fingerprint import fingerprint
from skillforge_mon.push.identifiers import Identifiers
from skillforge_mon.push.pushed import Pushed
from skillforge_mon.push.secret_values import without_values
from skillforge_mon.push.steps import Wanted
from skillforge_mon.remote.api import Api
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Live

Sides = tuple[Any, Any]
"""A live object and a body in comparable forms."""
Fields = tuple[FieldChange, ...]


class Comparer:
    """Compares bodies of documents with live objects of one system."""

    def __init__(self, api: Api, identifiers: Identifiers, connection: Connection) -> None:
        self._api = api
        self._identifiers = identifiers
        self._connection = connection
        self._secrets = {kind.name: kind.secrets for kind in api.kinds}

    def sides(self, kind: str, body: Plain, live: Live) -> Sides:
        """``live`` and ``body`` in comparable forms; values of secrets stand in neither."""
        there, here = self._api.comparable(kind, self._identifiers.fill(body), live)
        return (without_values(there, here, self._connection) if self._secrets[kind] else there), here

    def fingerprint(self, wanted: Wanted, live: Live) -> str:
        """What changes when anybody changes what the spec says of ``live``."""
        return fingerprint(self.sides(wanted.kind, wanted.body, live)[0])

    def changes(self, wanted: Wanted, live: Live, sides: Sides, pushed: Pushed | None) -> tuple[Fields, Fields]:
        """``(ours, theirs)``: what the spec changes, and what somebody changed since it was pushed.

        The record of what was sent tells the two apart field by field. Without one, or where another machine has
        pushed since, the revision that the object carries says whether all of it is theirs or, as far as anybody can
        know, ours.
        """
        there, here = sides
        if same(there, here):
            return (), ()
        if pushed is not None and live.revision in {"", pushed.revision}:
            since, sent = self.sides(wanted.kind, pushed.body, live)
            theirs = self._told(_assumed(sent, since), since)
            return self._without_undoing(self._told(there, here), theirs), theirs
        if live.revision == wanted.revision:
            return (), self._told(here, there)
        return self._told(there, here), ()

    def _told(self, old: Any, new: Any) -> Fields:
        """The differences, without secrets; those that fit on the line of their object come first."""
        clean = self._connection.redactor.clean
        found = [
            replace(
                field,
                old=None if field.old is None else clean(field.old),
                new=None if field.new is None else clean(field.new),
                words=clean(field.words),
                lines=tuple(map(clean, field.lines)),
            )
            for field in differences(_readable(old), _readable(new))
        ]
        return tuple(sorted(found, key=lambda field: len(field.sentence) > LONGEST_HEADLINE))

    @staticmethod
    def _without_undoing(ours: Fields, theirs: Fields) -> Fields:
        """``ours`` without what only brings back what was there before ``theirs``."""
        undone = {(field.path, field.new, field.old) for field in theirs}
        return tuple(field for field in ours if (field.path, field.old, field.new) not in undone)


def who_changed(live: Live) -> str:
    """``changed outside monmc by ann@example.com on 2026-11-03``, as far as the server says so."""
    by = f" by {live.changed_by}" if live.changed_by else ""
    on = f" on {live.changed_at[:10]}" if live.changed_at else ""
    return f"changed outside monmc{by}{on}"


def _assumed(sent: Any, live: Any) -> Any:
    """``sent`` with the value of ``live`` where it refers to something whose identifier is no longer known."""
    if isinstance(sent, Mapping):
        if REFERENCE_KEY in sent:
            return live
        if isinstance(live, Mapping):
            return {key: _assumed(member, live[key]) if key in live else member for key, member in sent.items()}
    elif isinstance(sent, str):
        return live if "%{" in sent else sent
    elif isinstance(sent, Sequence) and isinstance(live, Sequence) and len(sent) == len(live):
        return [_assumed(*pair) for pair in zip(sent, live, strict=True)]
    return sent


def _readable(value: Any) -> Any:
    """``value`` with words for what is not there yet."""
    if isinstance(value, Mapping):
        named = value.get(REFERENCE_KEY)
        if isinstance(named, Mapping):
            return f"the new {named['kind']} {named['key']}"
        return {key: _readable(member) for key, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_readable(member) for member in value]
    return value
