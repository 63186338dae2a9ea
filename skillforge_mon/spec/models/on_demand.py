"""Parts of the language whose validators are made when a spec has them: making all of them takes longer than a build
of a small project, and most specs have few."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from skillforge_mon.spec.models.base import Name


class OnDemandForm:
    """Marks a field that is validated, as strictly as any other, by a validator that is made when it first has a value.

    What is wrong is reported at the place of the field, and the JSON schema is that of the field's type.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        made: list[TypeAdapter[Any]] = []

        def adapter() -> TypeAdapter[Any]:
            if not made:
                made.append(TypeAdapter(source))
            return made[0]

        def validate(value: Any) -> Any:
            return adapter().validate_python(value, strict=True)

        def json_schema(_: CoreSchema, of: Any) -> Any:
            return of(adapter().core_schema)

        return core_schema.no_info_plain_validator_function(validate, metadata={"pydantic_js_functions": [json_schema]})


T = TypeVar("T")
OnDemand = Annotated[T | None, OnDemandForm()]
"""A part that a spec may have."""
Objects = Annotated[dict[Name, T], OnDemandForm()]
"""A section: objects by their names."""
