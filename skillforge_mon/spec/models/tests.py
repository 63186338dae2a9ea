"""``tests``: scenarios of the user's own, for ``monmc test``."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from skillforge_mon.spec.load_shapes import EXAMPLES, ShapeError, parse_piece
from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    DurationField,
    Ignores,
    Labels,
    Name,
    Number,
    OneOrMany,
    SpecModel,
    Text,
    refusal,
)


def _piece(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise refusal("this is not a load", EXAMPLES, "load")
    text = str(value)
    try:
        parse_piece(text)
    except ShapeError as error:
        raise refusal(str(error), error.expected, "load") from None
    return text


PieceField = Annotated[
    str,
    BeforeValidator(_piece),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["100/s for 10m", 5, "absent"]}),
]


class ExpectedAlert(SpecModel):
    """An alert that fires. A bare value is its name."""

    shorthand: ClassVar[str] = "name"
    name: Name = Field(description="Name of an alert, or of an SLO, whose alert of a burning budget is meant.")
    severity: Literal["critical", "warning", "info"] | None = Field(None, description="Only at this severity.")
    labels: Labels = Field(default_factory=dict, description="Labels that it has, among others.")


class ExpectedSlo(SpecModel):
    """What an SLO has come to. Each number is met to within half of its last digit."""

    name: Name = Field(description="Name of the SLO.")
    budget_remaining: Number | None = Field(None, description="Share of the budget that is left, such as 0.8.")
    burn_rate: Number | None = Field(None, description="How many times as fast as it may the budget burns now.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.budget_remaining is None and self.burn_rate is None:
            raise refusal("nothing is expected of the SLO", "`budget_remaining` or `burn_rate`", "expectation")
        return self


class Expectation(SpecModel):
    """What must be so at a moment: exactly one of ``alerts``, ``none`` and ``slo``."""

    at: DurationField = Field(description="When, from the beginning of the scenario.")
    alerts: OneOrMany[ExpectedAlert] | None = Field(None, description="Exactly these alerts fire.")
    none: Literal[True] | None = Field(None, description="`true`: no alert fires.")
    slo: ExpectedSlo | None = Field(None, description="What an SLO has come to.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(field is not None for field in (self.alerts, self.none, self.slo)) != 1:
            raise refusal("one moment expects one thing", "one of `alerts`, `none: true` and `slo`", "expectation")
        return self


class Scenario(SpecModel):
    """What is given, and what must come of it."""

    description: Text | None = Field(None, description="What the scenario shows.")
    given: dict[Text, OneOrMany[PieceField]] = Field(
        description="Series, with labels, and their load over time; a histogram without suffix is told `10/s at 300ms`.",
        min_length=1,
    )
    expect: list[Expectation] = Field(description="What must be so, in the order of time.", min_length=1)
    ignore: Ignores = IGNORE_FIELD
