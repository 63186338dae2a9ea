"""What became of one query in another system's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skillforge_mon.documents.document import Grade

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.query.promql import Expr
    from skillforge_mon.spec.quantities import Duration


@dataclass(frozen=True, slots=True)
class Translated:
    """``text`` is the query in the other language, empty where it cannot be said.

    ``reasons`` say what differs, or what stops the translation; ``instead`` then says what to write.
    """

    text: str
    grade: Grade
    reasons: tuple[str, ...] = ()
    instead: str = ""


TranslateQuery = Callable[["Project", "Expr", "Duration"], Translated]
"""``translate_query`` in ``translation.py`` of a backend that has a query language of its own."""
