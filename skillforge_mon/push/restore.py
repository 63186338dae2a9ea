"""``monmc restore``: objects put back as they were saved."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.plain import differences, same
from skillforge_mon.push.saved import SavedBody
from skillforge_mon.push.secret_values import without_values
from skillforge_mon.remote.api import Api
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import RemoteError
from skillforge_mon.remote.live import Live, Owner


class Return(enum.StrEnum):
    """What putting an object back takes."""

    NOTHING = "nothing"
    UPDATE = "update"
    CREATE = "create"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Returning:
    """One object that is to be put back. ``fields`` are what changes in ``live``, which is None where it has gone.

    ``belongs_to`` is whose it is, where it is refused because it is not that of the project and environment.
    """

    path: Path
    saved: SavedBody
    action: Return
    live: Live | None = None
    fields: tuple[FieldChange, ...] = ()
    belongs_to: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of it: ``identifier`` is the new one of an object that was made again, ``problem`` what went wrong."""

    returning: Returning
    identifier: str = ""
    problem: str = ""


def plan_return(
    apis: Mapping[str, Api],
    saved: Iterable[tuple[Path, SavedBody]],
    *,
    project: str,
    environment: str,
    connection: Connection,
) -> tuple[Returning, ...]:
    """What putting ``saved`` back takes, in the order in which it is done. Raises RemoteError.

    An object that is still there under its identifier is put right in place; one that has gone is made anew, unless
    something carries its marker. One that belongs to another project or environment, or did so when it was saved, is
    refused.
    """
    order = {(backend, kind.name): kind.order for backend, api in apis.items() for kind in api.kinds}
    sorted_ = sorted(saved, key=lambda item: (item[1].backend, order[item[1].backend, item[1].kind]))
    ours = f"{project}/{environment}/"
    return tuple(_plan(apis[each.backend], path, each, ours, connection) for path, each in sorted_)


def _plan(api: Api, path: Path, saved: SavedBody, ours: str, connection: Connection) -> Returning:
    live = api.read(saved.kind, saved.id) or _made_again(api, saved)
    owners = (saved.owner, str((live and live.owner) or ""))
    if others := [owner for owner in owners if owner and not owner.startswith(ours)]:
        return Returning(path, saved, Return.REFUSED, live, belongs_to=others[0])
    if live is None:
        return Returning(path, saved, Return.CREATE)
    now, then = api.comparable(saved.kind, saved.body, live)
    now = without_values(now, then, connection)
    if same(now, then):
        return Returning(path, saved, Return.NOTHING, live)
    return Returning(path, saved, Return.UPDATE, live, tuple(differences(now, then)))


def _made_again(api: Api, saved: SavedBody) -> Live | None:
    """What was made again since it was saved, and so is there under another identifier."""
    if not saved.owner:
        return None
    found = next((live for live in api.list(saved.kind) if str(live.owner or "") == saved.owner), None)
    return found if found is None or found.complete else api.read(found.kind, found.id)


Keep = Callable[[Returning, Live], None]
"""Called with what is there now, before it is overwritten."""


def put_back(
    apis: Mapping[str, Api],
    planned: Sequence[Returning],
    keep: Keep,
    *,
    project: str,
    environment: str,
    connection: Connection,
) -> Iterator[Returned]:
    """Do what is planned, one after the other; what fails is told, and the others are still done.

    What was ours gets the mark of its key in ``project`` and ``environment`` again; anything else is put back as it
    was, without one. References to secrets get their values only here. Raises OSError when what is there cannot be
    kept.
    """
    for each in planned:
        api = apis[each.saved.backend]
        owner = Owner(project, environment, each.saved.key) if each.saved.owner else None
        try:
            body = connection.filled(each.saved.body)
            if each.action is Return.REFUSED:
                yield Returned(each, problem=f"it belongs to {each.belongs_to}, so it is left alone")
            elif each.action is Return.UPDATE and each.live is not None:
                now = api.read(each.live.kind, each.live.id)
                if now is None:
                    yield Returned(each, problem="it has gone since this was planned")
                    continue
                if each.live.owner != now.owner:
                    yield Returned(each, problem=f"it belongs to {now.owner or 'nobody'} by now, so it is left alone")
                    continue
                keep(each, now)
                api.update(now, body, owner, "")
                yield Returned(each)
            elif each.action is Return.CREATE:
                yield Returned(each, identifier=api.create(each.saved.kind, body, owner, "").id)
            else:
                yield Returned(each)
        except (RemoteError, MissingSecretError) as error:
            yield Returned(each, problem=str(error))
