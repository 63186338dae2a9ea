"""What of an alert gets lost or changes on the way to Sentry, collected as verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field

from skillforge_mon.documents.document import Grade, Verdict

BACKEND = "sentry"


@dataclass(slots=True)
class Differences:
    """The verdicts on one alert while its plan is made. The same difference is kept once."""

    object_id: str
    found: dict[Verdict, None] = field(default_factory=dict)

    def approximate(self, reason: str, *, at: str = "", instead: str = "", object_id: str = "") -> None:
        """Sentry says nearly what is meant. ``at`` is the key below the object (default: this alert)."""
        self._add(Grade.APPROXIMATE, reason, instead, at, object_id)

    def untranslatable(self, reason: str, *, at: str = "", instead: str = "") -> None:
        """Sentry cannot say what is meant, so nothing will be pushed for this alert."""
        self._add(Grade.UNTRANSLATABLE, reason, instead, at, "")

    def _add(self, grade: Grade, reason: str, instead: str, at: str, object_id: str) -> None:
        self.found[Verdict(BACKEND, object_id or self.object_id, grade, reason, instead, at)] = None

    @property
    def translatable(self) -> bool:
        """False once anything was found that Sentry cannot say."""
        return all(verdict.grade is not Grade.UNTRANSLATABLE for verdict in self.found)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Everything found; one exact verdict when nothing about this alert was."""
        own = any(verdict.object_id == self.object_id for verdict in self.found)
        return (*self.found,) if own else (Verdict(BACKEND, self.object_id, Grade.EXACT), *self.found)
