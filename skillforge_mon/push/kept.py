"""The last body of everything that a push overwrites or deletes, for ``monmc restore``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from skillforge_mon.documents.document import Plain
from skillforge_mon.push.saved import SavedBody, save
from skillforge_mon.push.steps import Action, Step
from skillforge_mon.remote.live import Live

Now = Callable[[], datetime]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def keep(folder: Path, step: Step, live: Live, action: Action, body: Plain, moment: datetime) -> Path:
    """Write ``body``, which makes the object ``live`` again, to a file of its own, and wait until it is on disk.

    Raises OSError, and then nothing may be overwritten.
    """
    saved_at = f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
    owner = str(live.owner or "")
    saved = SavedBody(step.backend, live.kind, live.id, live.name, step.key, owner, action.value, saved_at, body)
    return save(folder, saved)
