"""Which live object is which object of the spec: by its marker, by its former name, or because the spec says so."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.push.codes import ADOPTED_OTHERWISE, COPY, NOT_ADOPTABLE
from skillforge_mon.push.listing import Reader, by_id
from skillforge_mon.push.pushed import Pushed, Record
from skillforge_mon.push.steps import Address, Wanted
from skillforge_mon.remote.live import Live, Owner


class How(enum.Enum):
    """Why a live object is the one that is wanted."""

    OURS = enum.auto()
    FORMER_NAME = enum.auto()
    ADOPTED = enum.auto()


@dataclass(slots=True)
class Matches:
    """``pairs`` has for every wanted object its live one, if any. ``blocked`` says why an object can have none.

    ``leftovers`` are ours and not wanted, copies among them; ``superseded`` were replaced, and are still to be deleted.
    """

    pairs: list[tuple[Wanted, Live | None, How]] = field(default_factory=list)
    blocked: dict[Address, str] = field(default_factory=dict)
    leftovers: list[Live] = field(default_factory=list)
    copies: list[Live] = field(default_factory=list)
    superseded: list[tuple[Wanted, Live]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose objects are ours, in a system called ``title``."""

    project: str
    environment: str
    title: str

    def has(self, owner: Owner | None) -> bool:
        """True for a marker of this project and environment."""
        return owner is not None and (owner.project, owner.environment) == (self.project, self.environment)


def match(
    wanted: Sequence[Wanted], lives: Mapping[str, Sequence[Live]], ours: Ownership, record: Record, reader: Reader
) -> Matches:
    """Find the live object of everything that is wanted. Raises RemoteError."""
    found = Matches()
    owned: dict[tuple[str, str], list[Live]] = {}
    for group in lives.values():
        for live in group:
            if live.owner is not None and ours.has(live.owner):
                owned.setdefault((live.kind, live.owner.key), []).append(live)
    listed = by_id(lives)
    keys = {(each.kind, each.key) for each in wanted}
    for each in wanted:
        candidates = owned.pop((each.kind, each.key), [])
        _find_successor(each, candidates, record)
        known = record.get(each.address)
        superseded = known.superseded if known is not None else ()
        found.superseded += [(each, live) for live in candidates if live.id in superseded]
        candidates = [live for live in candidates if live.id not in superseded]
        if not candidates and known is not None and (each.kind, known.id) not in listed:
            candidates = _not_listed_yet(each, known.id, ours, reader)
        if candidates:
            _choose(found, each, candidates, known.id if known is not None else "", ours)
        elif each.was and (each.kind, each.was) not in keys and (each.kind, each.was) in owned:
            former = owned.pop((each.kind, each.was))
            _choose(found, each, former, "", ours, How.FORMER_NAME)
        elif each.adopt:
            _adopt(found, each, listed, ours, reader)
        else:
            found.pairs.append((each, None, How.OURS))
    found.leftovers += [live for rest in owned.values() for live in rest]
    found.leftovers += found.copies
    return found


def _not_listed_yet(wanted: Wanted, identifier: str, ours: Ownership, reader: Reader) -> list[Live]:
    """What the record knows and the listing has not: some servers list an object only a while after it is made."""
    live = reader.read(wanted.kind, identifier)
    if live is None or live.owner is None or not ours.has(live.owner) or live.owner.key != wanted.key:
        return []
    return [live]


def _find_successor(wanted: Wanted, candidates: Sequence[Live], record: Record) -> None:
    """Tell the record which of two is new, where a push was stopped while it replaced an object."""
    old = record.replacing.get(wanted.address)
    new = next((live for live in candidates if live.id != old), None)
    if old is not None and new is not None:
        record.entries[wanted.address] = Pushed(new.id, new.revision or wanted.revision, wanted.body, (old,))


def _choose(
    found: Matches, wanted: Wanted, candidates: list[Live], recorded: str, ours: Ownership, how: How = How.OURS
) -> None:
    """Take the best of several: the one that was sent last, else the one of that name, else the oldest."""
    names = _names(wanted)
    candidates.sort(key=lambda live: (live.id != recorded, live.name not in names, len(live.id), live.id))
    best, *copies = candidates
    found.pairs.append((wanted, best, how))
    found.copies += copies
    if copies:
        found.diagnostics.append(
            COPY.at(
                None,
                f"{ours.title} has {len(candidates)} objects that are marked as `{wanted.key}`",
                notes=(
                    f"`{best.name}` ({best.id}) is taken for it",
                    *(f"`{copy.name}` ({copy.id}) is left alone" for copy in copies),
                ),
                help="take the marker away from a copy that is to stay, or delete it; --prune deletes copies",
            )
        )
    if wanted.adopt and how is How.OURS and best.id != wanted.adopt:
        found.diagnostics.append(
            ADOPTED_OTHERWISE.at(
                None,
                f"`{wanted.name}` is to adopt {wanted.adopt} in {ours.title}, but {best.id} is `{wanted.name}` already",
                help="remove `adopt`",
            )
        )


def _names(wanted: Wanted) -> frozenset[str]:
    body = wanted.body
    named = (body.get(field) for field in ("name", "title", "summary")) if isinstance(body, Mapping) else ()
    return frozenset((wanted.name, *(name for name in named if isinstance(name, str))))


def _adopt(
    found: Matches, wanted: Wanted, listed: Mapping[tuple[str, str], Live], ours: Ownership, reader: Reader
) -> None:
    live = listed.get((wanted.kind, wanted.adopt)) or reader.read(wanted.kind, wanted.adopt)
    found.pairs.append((wanted, live if live is not None and live.owner is None else None, How.ADOPTED))
    if live is None:
        reason = f"{ours.title} has no {wanted.kind} {wanted.adopt} to adopt"
    elif live.owner is not None:
        reason = f"{wanted.kind} {wanted.adopt} in {ours.title} is already `{live.owner}`"
    else:
        return
    found.blocked[wanted.address] = reason
    found.diagnostics.append(
        NOT_ADOPTABLE.at(None, f"`{wanted.name}` cannot adopt: {reason}", help="correct `adopt`, or remove it")
    )
