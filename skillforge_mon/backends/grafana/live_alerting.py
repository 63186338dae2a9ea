"""Alert rules, contact points and mute timings on a server: ``/api/v1/provisioning``.

What is written through it cannot be changed in the browser: it carries the provenance ``api``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from skillforge_mon.backends.grafana import normalise_alerting as normalise
from skillforge_mon.backends.grafana.normalise import without
from skillforge_mon.backends.grafana.objects import Server, segment
from skillforge_mon.backends.grafana.ownership import owner_of_name
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.errors import ConflictError, RefusedError
from skillforge_mon.remote.live import Live, Owner

BASE = "/api/v1/provisioning"
FILE = "file"
"""The provenance of what a file on the server provides."""


class LiveContactPoints:
    """Receivers; those of one name are one contact point. The API lists all of them, without pages."""

    kind = Kind("contact_point", 2, "contact point")

    def __init__(self, server: Server) -> None:
        self._server = server

    def list(self) -> Iterator[Live]:
        """Every receiver. Its secrets are not shown."""
        for entry in self._server.get(f"{BASE}/contact-points"):
            yield self._live(entry)

    def read(self, identifier: str) -> Live | None:
        """One receiver; the API has only the list."""
        return next((live for live in self.list() if live.id == identifier), None)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make a receiver; one of ours that is there was made by a request whose answer was lost."""
        try:
            self._server.write("POST", f"{BASE}/contact-points", dict(body))
        except (ConflictError, RefusedError):
            there = self.read(str(body["uid"]))
            if there is None or there.owner != owner:
                raise
            return self.update(there, body, owner, revision)
        return self._live(body)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make it say what ``body`` says."""
        _not_from_file(live, live.body)
        self._server.write("PUT", f"{BASE}/contact-points/{segment(live.id)}", {**body, "uid": live.id})
        return self._live({**body, "uid": live.id})

    def delete(self, live: Live) -> None:
        """Take it away; the server refuses while a rule names the last of its contact point."""
        _not_from_file(live, live.body)
        self._server.delete(f"{BASE}/contact-points/{segment(live.id)}")

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """Without secrets that the server does not show."""
        return normalise.contact_point(live.body, body), normalise.contact_point(body, body)

    def restorable(self, live: Live) -> Plain:
        """What it says. Its secrets stay on the server."""
        return without(live.body, ["provenance"])

    def _live(self, entry: Mapping[str, Any]) -> Live:
        identifier, name = str(entry["uid"]), str(entry["name"])
        return Live("contact_point", identifier, name, entry, owner_of_name(name, identifier, self._server.project))


class LiveMuteTimings:
    """Mute timings, by their names."""

    kind = Kind("mute_timing", 2, "mute timing")

    def __init__(self, server: Server) -> None:
        self._server = server

    def list(self) -> Iterator[Live]:
        """Every mute timing."""
        for entry in self._server.get(f"{BASE}/mute-timings"):
            yield self._live(entry)

    def read(self, identifier: str) -> Live | None:
        """One mute timing."""
        body = self._server.find(f"{BASE}/mute-timings/{segment(identifier)}")
        return None if body is None else self._live(body)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make one; one of that name is ours, and was made by a request whose answer was lost."""
        try:
            return self._live(self._server.write("POST", f"{BASE}/mute-timings", dict(body)))
        except (ConflictError, RefusedError):
            there = self.read(str(body["name"]))
            if there is None:
                raise
            return self.update(there, body, owner, revision)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make it say what ``body`` says."""
        _not_from_file(live, live.body)
        return self._live(self._server.write("PUT", f"{BASE}/mute-timings/{segment(live.id)}", dict(body)))

    def delete(self, live: Live) -> None:
        """Take it away; the server refuses while a rule names it."""
        _not_from_file(live, live.body)
        self._server.delete(f"{BASE}/mute-timings/{segment(live.id)}")

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """Their times."""
        return normalise.mute_timing(live.body), normalise.mute_timing(body)

    def restorable(self, live: Live) -> Plain:
        """Its name and its times."""
        return without(live.body, ["provenance", "version"])

    def _live(self, entry: Mapping[str, Any]) -> Live:
        name = str(entry["name"])
        return Live("mute_timing", name, name, entry, owner_of_name(name, name, self._server.project))


class LiveRuleGroups:
    """Groups of rules, each with its folder: ``<uid of the folder>/<name>``. A group is written as a whole."""

    kind = Kind("rule_group", 6, "rule group")

    def __init__(self, server: Server) -> None:
        self._server = server

    def list(self) -> Iterator[Live]:
        """Every group that has a rule; how often it is evaluated is not in the list."""
        rules = self._server.get(f"{BASE}/alert-rules")
        for folder, group in dict.fromkeys((str(rule["folderUID"]), str(rule["ruleGroup"])) for rule in rules):
            yield self._live({"title": group, "folderUid": folder}, complete=False)

    def read(self, identifier: str) -> Live | None:
        """One group with its rules."""
        body = self._server.find(_path(identifier))
        return None if body is None or not body.get("rules") else self._live(body)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make a group, or what is left of one, what ``body`` says."""
        identifier = f"{body['folderUid']}/{body['title']}"
        there = self.read(identifier)
        if there is not None:
            return self.update(there, body, owner, revision)
        return self._write(identifier, body)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Replace its rules; those that ``body`` does not have are deleted."""
        for rule in live.body["rules"]:
            _not_from_file(live, rule)
        return self._write(live.id, body)

    def delete(self, live: Live) -> None:
        """Take it away with its rules."""
        for rule in live.body.get("rules", ()):
            _not_from_file(live, rule)
        self._server.delete(_path(live.id))

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """The groups without what only the server writes."""
        return normalise.rule_group(live.body), normalise.rule_group(body)

    def restorable(self, live: Live) -> Plain:
        """The group, its rules without what only the server writes."""
        rules = [without(rule, normalise.RULE_SERVER_FIELDS) for rule in live.body["rules"]]
        return {**live.body, "rules": rules}

    def must_replace(self, body: Mapping[str, Any], live: Live) -> str:
        """A group belongs to its folder."""
        return "" if live.id.startswith(f"{body['folderUid']}/") else "a group of rules cannot change its folder"

    def _write(self, identifier: str, body: Mapping[str, Any]) -> Live:
        """The answer has the rules as they are now. A second PUT does what the first did."""
        answer = self._server.write("PUT", _path(identifier), dict(body))
        return self._live(answer)

    def _live(self, body: Mapping[str, Any], *, complete: bool = True) -> Live:
        title = str(body["title"])
        owner = owner_of_name(title, title, self._server.project)
        rules = body.get("rules") or ()
        changed = max((str(rule.get("updated") or "") for rule in rules), default="")
        identifier = f"{body['folderUid']}/{title}"
        return Live("rule_group", identifier, title, body, owner, changed_at=changed, complete=complete)


def _path(identifier: str) -> str:
    folder, _, group = identifier.partition("/")
    return f"{BASE}/folder/{segment(folder)}/rule-groups/{segment(group)}"


def _not_from_file(live: Live, part: Mapping[str, Any]) -> None:
    if part.get("provenance") == FILE:
        raise RefusedError(
            f"{live.name} comes from a file on the server, and only that file can change it: "
            "take it out of there, or leave alerting to files"
        )
