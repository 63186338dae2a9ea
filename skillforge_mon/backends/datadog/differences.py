"""What of an alert changes on the way to Datadog, collected while its monitors are made, and told as one verdict."""

from __future__ import annotations

from dataclasses import dataclass, field

from skillforge_mon.documents.document import Grade, Verdict

BACKEND = "datadog"


@dataclass(slots=True)
class Differences:
    """The differences of one alert, each kept once, in the order in which they were found."""

    object_id: str
    found: dict[str, None] = field(default_factory=dict)

    def __call__(self, reason: str) -> None:
        """Keep ``reason``: what differs, with numbers where there are any."""
        self.found[reason] = None

    @property
    def verdict(self) -> Verdict:
        """Exact when nothing differs."""
        if not self.found:
            return Verdict(BACKEND, self.object_id, Grade.EXACT)
        return Verdict(BACKEND, self.object_id, Grade.APPROXIMATE, "; ".join(self.found))
