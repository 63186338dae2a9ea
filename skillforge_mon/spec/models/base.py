"""What every model of the language shares: strictness, short forms, and the types of single values."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, PydanticKnownError, core_schema

from skillforge_mon.spec.quantities import (
    DAY_PATTERN,
    DURATION_PATTERN,
    Duration,
    Quantity,
    QuantityError,
    Threshold,
    TimeOfDay,
    parse_day,
    parse_ratio,
    parse_size,
)


class SpecModel(BaseModel):
    """A part of the language: unknown keys are refused, values are never converted behind the user's back.

    ``shorthand`` names the field that a bare value (anything but a map) stands for: ``slack: "#alerts"`` is
    ``slack: {channel: "#alerts"}``.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True, defer_build=True)
    shorthand: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _expand_shorthand(cls, data: Any) -> Any:
        if cls.shorthand and data is not None and not isinstance(data, dict):
            return {cls.shorthand: data}
        return data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        json_schema = handler(schema)
        if not cls.shorthand:
            return json_schema
        resolved = handler.resolve_ref_schema(json_schema)
        if "properties" in resolved:
            whole = dict(resolved)
            field = whole["properties"][_alias(cls, cls.shorthand)]
            resolved.clear()
            resolved.update(
                title=whole.get("title"), description=whole.get("description", ""), anyOf=[short_form(field), whole]
            )
        return json_schema


def short_form(field: dict[str, Any]) -> dict[str, Any]:
    """The schema of a bare value: the field's own, without what only makes sense below the field's name."""
    return {key: value for key, value in field.items() if key not in {"title", "default"}}


def _alias(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].alias or name


def refusal(message: str, expected: str, kind: str) -> PydanticCustomError:
    """What a validator raises: ``message`` says what is wrong with a ``kind``, ``expected`` what to write instead."""
    return PydanticCustomError("quantity", "{message}", {"message": message, "expected": expected, "kind": kind})


def parsed_by(parse: Callable[[str], object], kind: str, already: type) -> Callable[[Any], Any]:
    """A validator that reads text with ``parse`` and reports a QuantityError as a pydantic error of type ``kind``."""

    def validate(value: Any) -> Any:
        if isinstance(value, already):
            return value
        if not isinstance(value, str):
            value_text = "true" if value is True else "false" if value is False else str(value)
            value = value_text if isinstance(value, int | float) else value
        if not isinstance(value, str):
            raise PydanticCustomError("quantity", "this should be text", {"kind": kind})
        try:
            return parse(value)
        except QuantityError as error:
            raise refusal(str(error), error.expected, kind) from None

    return validate


def _ratio(value: Any) -> Decimal:
    try:
        return parse_ratio(value)
    except QuantityError as error:
        raise refusal(str(error), error.expected, "ratio") from None


def _size(value: Any) -> int:
    try:
        return parse_size(value)
    except QuantityError as error:
        raise refusal(str(error), error.expected, "size") from None


DurationField = Annotated[
    Duration,
    BeforeValidator(parsed_by(Duration.parse, "duration", Duration)),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["5m", "1h30m", "30d"]}),
]


def above_zero(kind: str, expected: str, message: str = "this cannot be zero") -> AfterValidator:
    """Refuse a ``kind`` that is not above zero; ``message`` says what is wrong, ``expected`` what is written instead."""

    def refused(value: T) -> T:
        number = value.value if isinstance(value, Quantity) else value
        if isinstance(number, int | Decimal) and number <= 0:
            raise refusal(message, expected, kind)
        return value

    return AfterValidator(refused)


POSITIVE_DURATION = above_zero("duration", "a duration longer than 0s")
PositiveDurationField = Annotated[DurationField, POSITIVE_DURATION]
RatioField = Annotated[
    Decimal,
    BeforeValidator(_ratio),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^[0-9.]+\s*%?$"}, {"type": "number"}]}),
]
PositiveRatioField = Annotated[RatioField, above_zero("ratio", "a share such as 99.9%")]
SizeField = Annotated[
    int, BeforeValidator(_size), WithJsonSchema({"type": "string", "pattern": r"^[0-9.]+\s*([kKMGTP]i?)?B$"})
]
PositiveSizeField = Annotated[SizeField, above_zero("size", "a size such as 10GiB")]


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("float_type")
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise PydanticKnownError("finite_number")
    return value


Number = Annotated[float | int, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""A finite number; a whole one stays whole."""
QuantityField = Annotated[
    Quantity,
    BeforeValidator(parsed_by(Quantity.parse, "quantity", Quantity)),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["500ms", "5%", 12]}),
]
PositiveQuantityField = Annotated[
    QuantityField, above_zero("quantity", "a quantity such as 500ms", "this must be above zero")
]
ThresholdField = Annotated[
    Threshold,
    BeforeValidator(parsed_by(Threshold.parse, "threshold", Threshold)),
    WithJsonSchema({"type": "string", "pattern": r"^(>=|<=|==|!=|>|<)\s*.+$", "examples": ["> 5%", "< 0.5"]}),
]
TimeOfDayField = Annotated[
    TimeOfDay,
    BeforeValidator(parsed_by(TimeOfDay.parse, "time of day", TimeOfDay)),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2}$"}),
]
DayField = Annotated[
    datetime.date,
    BeforeValidator(parsed_by(parse_day, "day", datetime.date)),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN, "examples": ["2027-01-31"]}),
]

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_.-]{0,127}$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
"""The name of an object: it becomes part of file names, labels and identifiers on every backend."""

MetricName = Annotated[str, Field(pattern=r"^[A-Za-z_:][A-Za-z0-9_:.\-]*$", max_length=200)]
LABEL_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.]*$"
LabelName = Annotated[str, Field(pattern=LABEL_PATTERN, max_length=200)]
Text = Annotated[str, Field(min_length=1)]
PORT = r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
"""1 to 65535."""
ADDRESS_PATTERN = rf"^([^\s/:\[\]]+|\[[0-9a-fA-F:.]+\])(:{PORT})?$"
Address = Annotated[str, Field(pattern=ADDRESS_PATTERN)]
"""host, or host:port, without a protocol or a path."""
_REFERENCE = r"\$\{(env|secret):[A-Za-z_][A-Za-z0-9_.\-]*\}"
_SERVER = rf"https?://([^\s/?#@]*@)?(\[[0-9a-fA-F:.]+\]|([^\s/?#:@\[\]$]|{_REFERENCE})+)(:({PORT}|{_REFERENCE}))?"
URL_PATTERN = rf"^{_SERVER}([/?#]\S*)?$"
BASE_URL_PATTERN = rf"^{_SERVER}(/[^\s?#]*)?$"
"""A server, with a path that others are put behind."""
SERVER_URL_PATTERN = r"^(https?://|\$\{)"
ServerUrl = Annotated[str, Field(pattern=SERVER_URL_PATTERN)]
"""Where a server is, with its protocol; or a reference that holds all of it."""
HostName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""A label of DNS, as services of compose and objects of Kubernetes are named (RFC 1123)."""
Labels = dict[LabelName, str]
VERSION_PATTERN = re.compile(r"[0-9]+\.[0-9]+(?:\.[0-9]+)?")


def _version(value: Any) -> Any:
    if isinstance(value, str) and VERSION_PATTERN.fullmatch(value):
        return value
    problem = "a version has two numbers, or three" if isinstance(value, str) else "a version is text"
    raise PydanticCustomError("version", problem, {"expected": 'a quoted version such as "3.5"'})


VersionField = Annotated[
    str, BeforeValidator(_version), WithJsonSchema({"type": "string", "pattern": r"^\d+\.\d+(\.\d+)?$"})
]


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class OneOrManyForm:
    """Marks a list that may also be written as its single item, for the validator and for the JSON schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_one_or_many, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        array = handler(schema)
        return {"anyOf": [array["items"], array]}


T = TypeVar("T")
OneOrMany = Annotated[list[T], OneOrManyForm()]
"""A list that may also be written as its single item."""

SEVERITIES = ("critical", "warning", "info")
BACKENDS = (
    "prometheus",
    "alertmanager",
    "grafana",
    "datadog",
    "sentry",
    "pagerduty",
    "loki",
    "elasticsearch",
    "jaeger",
    "tempo",
)


class Adoption(SpecModel):
    """Objects that live elsewhere and are to become this one, by the identifier that their system gave them."""

    grafana: Text | None = Field(None, description="The uid of a dashboard.")
    datadog: Text | None = Field(
        None, description="The identifier of a monitor, an SLO, a synthetic test or a dashboard, in quotes."
    )
    sentry: Text | None = Field(
        None,
        description="The identifier of a workflow, an alert rule, a project, a client key or, for a probe, a monitor, in "
        "quotes.",
    )


class Ignored(SpecModel):
    """Why a code is not to be reported, and how long. A bare text is the reason."""

    shorthand: ClassVar[str] = "reason"
    reason: Text = Field(description="Why it is right as it is.")
    until: DayField | None = Field(
        None, description="The last day (UTC) on which it is not reported, as 2027-01-31; default: for good."
    )


Ignores = dict[str, Ignored]
"""By their codes, what is not to be reported."""
IGNORE_FIELD: Any = Field(
    default_factory=dict, description="Codes not to report here, each with the reason, and if need be until when."
)
