"""``monmc backup``: every live object in a file of its own."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from skillforge_mon.documents.document import Plain
from skillforge_mon.push.saved import SavedBody
from skillforge_mon.push.state import sync_folder
from skillforge_mon.push.steps import Address
from skillforge_mon.remote.api import Api
from skillforge_mon.remote.errors import RemoteError
from skillforge_mon.remote.live import Live
from skillforge_mon.remote.understanding import understanding

BACKUP: Final = "backup"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST_NAME: Final = 80

Hidden = Callable[[Address, Plain], Plain]
"""Gives the body of the object at an address with references where the values of secrets stand."""


def as_it_is(_address: Address, body: Plain) -> Plain:
    """``body``, where no secret is known."""
    return body


@dataclass(slots=True)
class Backup:
    """What was saved: how many objects by backend and kind, and what could not be read, each in words."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def back_up(
    apis: Mapping[str, Api],
    folder: Path,
    moment: datetime,
    *,
    project: str,
    environment: str,
    everything: bool,
    hidden: Hidden = as_it_is,
) -> Backup:
    """Write the objects of ``project`` in ``environment`` (with ``everything``, all that are there) below ``folder``.

    The files are ``<backend>/<kind>/<name>-<id>.json``, with a number where two would be the same. ``folder`` must not
    be there yet, and is there whole or not at all. ``hidden`` takes the secrets out of a body. A kind that cannot be
    listed is a problem, and the others are still saved. Nothing is changed anywhere. Raises OSError.
    """
    done = Backup()
    if folder.exists():
        raise FileExistsError(errno.EEXIST, "it is there already", str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for backend, api in apis.items():
            for kind in api.kinds:
                try:
                    for live in _wanted(api, kind.name, project, environment, everything=everything):
                        key = live.owner.key if live.owner and _is_ours(live, project, environment) else ""
                        _save(
                            unfinished,
                            backend,
                            live,
                            hidden((backend, live.kind, key), api.restorable(live)),
                            key,
                            moment,
                        )
                        counted = (backend, kind.name)
                        done.counts[counted] = done.counts.get(counted, 0) + 1
                except RemoteError as error:
                    done.problems.append(str(error))
        unfinished.rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return done


def _wanted(api: Api, kind: str, project: str, environment: str, *, everything: bool) -> Iterator[Live]:
    """The objects to save, whole; those that have gone since they were listed are left out."""
    with understanding(api.title):
        listed = [live for live in api.list(kind) if everything or _is_ours(live, project, environment)]
    with ThreadPoolExecutor(max_workers=max(1, api.concurrency)) as pool:
        for live in pool.map(lambda each: each if each.complete else api.read(kind, each.id), listed):
            if live is not None:
                yield live


def _is_ours(live: Live, project: str, environment: str) -> bool:
    owner = live.owner
    return owner is not None and (owner.project, owner.environment) == (project, environment)


def _new_file(folder: Path, stem: str) -> TextIO:
    """A file of its own: names that differ only in what no file name may hold get a number."""
    number = 1
    while True:
        try:
            return (folder / f"{stem}{f'-{number}' if number > 1 else ''}.json").open("x", encoding="utf-8")
        except FileExistsError:
            number += 1


def _save(folder: Path, backend: str, live: Live, body: Plain, key: str, moment: datetime) -> None:
    saved = SavedBody(
        backend=backend,
        kind=live.kind,
        id=live.id,
        name=live.name,
        key=key,
        owner=str(live.owner or ""),
        action=BACKUP,
        saved_at=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        body=body,
    )
    below = folder / backend / live.kind
    below.mkdir(parents=True, exist_ok=True)
    name = _UNSAFE.sub("-", live.name).strip("-.")[:_LONGEST_NAME]
    stem = f"{name}-{_UNSAFE.sub('-', live.id)[:_LONGEST_NAME]}"
    with _new_file(below, stem) as file:
        file.write(saved.text())
        file.flush()
        os.fsync(file.fileno())
