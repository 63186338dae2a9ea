"""Answers that are sound JSON and say something else than the API would: another server, or a gateway before it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from skillforge_mon.remote.errors import UnavailableError

_PACKAGE = "skillforge_mon"


@contextmanager
def understanding(title: str) -> Iterator[None]:
    """Read answers of the system called ``title``; one of an unknown form is its problem, and no defect of monmc.

    Raises UnavailableError, which names the place that did not understand it, and nothing of what was answered.
    """
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename.rpartition(_PACKAGE)[2].lstrip('/')}:{frame.lineno}"
        raise UnavailableError(
            f"{title} answered in a form that monmc does not understand ({where}); is the address that of {title}?"
        ) from None
