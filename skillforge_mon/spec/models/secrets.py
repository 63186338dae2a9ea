"""``secrets``: where the values behind ``${secret:NAME}`` come from when something is pushed."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.base import SpecModel, Text


class Secret(SpecModel):
    """One secret's source: a variable, a file, or the first line that a command prints. Exactly one of them."""

    env: Text | None = Field(None, description="The variable of the environment that holds it.")
    file: Text | None = Field(None, description="The file that holds it; a newline at its end does not count.")
    command: list[Text] | None = Field(
        None, min_length=1, description="A program and its arguments; what it prints, without the newline at its end."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(source is not None for source in (self.env, self.file, self.command)) != 1:
            raise PydanticCustomError("secret_source", "a secret has one source: `env`, `file` or `command`")
        return self
