"""``retention``: how long each kind of data is kept, said once for every system that keeps it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import PositiveDurationField, SpecModel
from skillforge_mon.spec.quantities import Duration

LogLevel = Literal["error", "warning", "info", "debug"]
LOG_LEVELS: tuple[LogLevel, ...] = ("error", "warning", "info", "debug")
"""The worst first."""


class LogRetention(SpecModel):
    """How long logs are kept, by their level. A bare duration is that of every level."""

    shorthand: ClassVar[str] = "default"
    default: PositiveDurationField | None = Field(None, description="Levels that are not named, and lines without one.")
    error: PositiveDurationField | None = Field(None, description="Errors and worse.")
    warning: PositiveDurationField | None = Field(None, description="Warnings.")
    info: PositiveDurationField | None = Field(None, description="What happens as it should.")
    debug: PositiveDurationField | None = Field(None, description="What only developers read.")

    def of(self, level: LogLevel) -> Duration | None:
        """How long lines of ``level`` are kept; None where nothing is said."""
        found: Duration | None = getattr(self, level)
        return found if found is not None else self.default

    def over(self, usual: LogRetention) -> LogRetention:
        """This, with what ``usual`` says of levels that it does not name; one with a ``default`` names them all."""
        if self.default is not None:
            return self
        named = {level: getattr(self, level) for level in LOG_LEVELS}
        return usual.model_copy(update={level: length for level, length in named.items() if length is not None})

    @property
    def longest(self) -> Duration | None:
        """How long the store must keep anything at all; None where nothing is said."""
        said = [length for length in (self.default, *map(self.of, LOG_LEVELS)) if length is not None]
        return max(said, default=None)


class Retention(SpecModel):
    """How long data is kept. Every system that keeps it is configured from here."""

    metrics: PositiveDurationField | None = Field(
        None, description="Samples in Prometheus itself; ranges and windows beyond it are diagnosed."
    )
    long_term: PositiveDurationField | None = Field(
        None, description="Samples in the long-term stores that Prometheus writes to."
    )
    logs: LogRetention = Field(default_factory=LogRetention, description="Logs, by level: `{error: 90d, info: 7d}`.")
    traces: PositiveDurationField | None = Field(None, description="Traces.")
