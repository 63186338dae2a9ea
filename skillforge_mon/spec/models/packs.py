"""``packs``: a team's own packs, in the form of the packaged ones; and how a service uses one."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import Name, SpecModel, Text

ParameterKind = Literal[
    "text", "name", "number", "duration", "ratio", "size", "quantity", "metric", "label", "matchers", "list", "flag",
]  # fmt: skip


class UsedPack(SpecModel):
    """A pack that is used. A bare value is its name."""

    shorthand: ClassVar[str] = "pack"
    pack: Name = Field(description="A packaged pack, or one of `packs`.")
    with_: dict[Name, Any] = Field(
        default_factory=dict,
        alias="with",
        description="Its parameters; `selector` gives the matchers of the series that it reads.",
    )


class PackParameter(SpecModel):
    """A parameter of a pack: `${pack:NAME}` in its fragment."""

    description: Text = Field(description="What it decides.")
    kind: ParameterKind = Field("text", description="What it may be.")
    default: Any = Field(
        None, description="Its value when none is given. Without one, what needs the parameter is left out."
    )
    required: bool = Field(False, description="The pack says nothing without it.")


class PackExporter(SpecModel):
    """The exporter that the pack is about: `exporters` may then be of this kind."""

    program: Text = Field(description="What the exporter is called.")
    port: int | None = Field(None, ge=1, le=65535, description="The port that it usually listens on.")
    scrape: dict[Name, Any] = Field(
        default_factory=dict, description="Fields of its scrape, unless the exporter says otherwise."
    )


class Pack(SpecModel):
    """A pack: a fragment of the language with parameters."""

    description: Text = Field(description="What it watches.")
    parameters: dict[Name, PackParameter] = Field(default_factory=dict, description="What a use may decide.")
    exporter: PackExporter | None = Field(None, description="The exporter that it is about.")
    spec: dict[str, Any] = Field(
        description="The fragment: `use`, `metrics`, `alerts` and other sections of the language, with placeholders."
    )
