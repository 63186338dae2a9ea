"""``probes``: what is asked from outside, how often, and what a good answer is."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.alerts import SeverityName
from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    PORT,
    URL_PATTERN,
    Adoption,
    Ignores,
    Labels,
    Name,
    OneOrMany,
    PositiveDurationField,
    SpecModel,
    Text,
    refusal,
)
from skillforge_mon.spec.models.journeys import BrowserJourney, MobileJourney

HOST_PATTERN = r"^([^\s/:\[\]]+|\[[0-9a-fA-F:.]+\])$"
PORT_PATTERN = HOST_PATTERN[:-1] + f":{PORT}$"
Host = Annotated[str, Field(pattern=HOST_PATTERN)]
"""A host or an address, IPv6 in brackets."""
HostPort = Annotated[str, Field(pattern=PORT_PATTERN)]
"""host:port."""
PROBE_KINDS = ("http", "tcp", "dns", "icmp", "grpc", "cron", "browser", "mobile")
"""What a probe can be; it is one of them."""
BLACKBOX_KINDS = ("http", "tcp", "dns", "icmp", "grpc")
"""What blackbox_exporter can ask."""

_CLASS = re.compile(r"([1-5])xx")
_RANGE = re.compile(r"([1-5][0-9]{2})-([1-5][0-9]{2})")


class StatusRange(tuple[int, int]):
    """The lowest and the highest status code of a range, both in it. Written as people write it: 200, 2xx, 200-204."""

    __slots__ = ()

    @property
    def codes(self) -> range:
        """Every code of the range."""
        return range(self[0], self[1] + 1)

    def __str__(self) -> str:
        low, high = self
        if low == high:
            return str(low)
        return f"{low // 100}xx" if low % 100 == 0 and high == low + 99 else f"{low}-{high}"


SUCCESS = StatusRange((200, 299))


def _status(value: Any) -> Any:
    if isinstance(value, StatusRange):
        return value
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str):
        if found := _CLASS.fullmatch(text):
            return StatusRange((int(found[1]) * 100, int(found[1]) * 100 + 99))
        if (found := _RANGE.fullmatch(text)) and found[1] <= found[2]:
            return StatusRange((int(found[1]), int(found[2])))
        if re.fullmatch("[1-5][0-9]{2}", text):
            return StatusRange((int(text), int(text)))
    expected = "a code such as 200, a class such as 2xx, or a range such as 200-204"
    raise refusal(f"`{value}` is no status code", expected, "status")


StatusField = Annotated[
    StatusRange,
    PlainValidator(_status),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"type": "string"}]}),
]


def _scalar(value: Any) -> Any:
    if isinstance(value, str | bool | int | float):
        return value
    raise PydanticCustomError("string_type", "this should be text, a number, true or false")


Scalar = Annotated[
    str | int | float | bool, PlainValidator(_scalar), WithJsonSchema({"type": ["string", "number", "boolean"]})
]
CertificateField = dict[Literal["critical", "warning", "info"], PositiveDurationField]
_CERTIFICATE = "How long before its end the certificate is told of: `14d` for a warning, or a time by severity."


def _by_severity(value: Any) -> Any:
    return value if isinstance(value, dict) or value is None else {"warning": value}


class Tls(SpecModel):
    """How TLS is spoken. `true` means: as usual."""

    shorthand: ClassVar[str] = "enabled"
    enabled: bool = Field(True, description="False means none.")
    insecure: bool = Field(False, description="Accept a certificate that cannot be verified.")


class BasicAuth(SpecModel):
    """A user name and a password."""

    username: Text = Field(description="User name.")
    password: Text = Field(description="A secret reference.")


class HttpProbe(SpecModel):
    """A request, and the answers to it that are good. A bare value is the address: any 2xx is good then."""

    shorthand: ClassVar[str] = "url"
    url: Text = Field(description="The address.", pattern=URL_PATTERN)
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = Field("GET", description="Method.")
    status: OneOrMany[StatusField] = Field(
        default_factory=list, description="Status codes that are good: 200, `2xx` or `200-204`. Default: 2xx."
    )
    headers: dict[Text, str] = Field(default_factory=dict, description="Headers that are sent.")
    body: Text | None = Field(None, description="What is sent.")
    contains: OneOrMany[Text] = Field(default_factory=list, description="Texts that the answer must contain.")
    matches: OneOrMany[Text] = Field(default_factory=list, description="Regular expressions that it must match.")
    not_matches: OneOrMany[Text] = Field(
        default_factory=list, description="Regular expressions that it must not match."
    )
    json_: dict[Text, Scalar] = Field(
        default_factory=dict,
        alias="json",
        description="Values that the answer must have as JSON, by path: `{status: healthy, checks.database.status: pass}`.",
    )
    follow_redirects: bool = Field(True, description="Follow redirects, and judge the last answer.")
    basic: BasicAuth | None = Field(None, description="Basic authentication.")
    bearer_token: Text | None = Field(None, description="A secret reference.")
    tls: Tls = Field(default_factory=Tls, description="How TLS is spoken, where the address is https.")
    certificate: CertificateField = Field(
        default_factory=dict, description=_CERTIFICATE, json_schema_extra={"shorthand": {"type": "string"}}
    )
    http_version: Literal["1.1", "2", "3"] | None = Field(None, description="The version of HTTP that it must be.")

    _severities = field_validator("certificate", mode="before")(_by_severity)

    @property
    def statuses(self) -> tuple[StatusRange, ...]:
        """The ranges of status codes that are good."""
        return tuple(self.status) or (SUCCESS,)

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")


class Exchange(SpecModel):
    """One step of a conversation. What is expected comes before what is sent, and TLS after both."""

    expect: Text | None = Field(None, description="Regular expression that a line must match.")
    send: Text | None = Field(None, description="A line that is sent.")
    starttls: bool = Field(False, description="TLS begins here.")


class TcpProbe(SpecModel):
    """A connection, and what is said on it. A bare value is host:port."""

    shorthand: ClassVar[str] = "address"
    address: HostPort = Field(description="host:port.")
    tls: Tls | None = Field(None, description="Speak TLS from the start.")
    exchange: list[Exchange] = Field(default_factory=list, description="What is said, in this order.")
    certificate: CertificateField = Field(
        default_factory=dict, description=_CERTIFICATE, json_schema_extra={"shorthand": {"type": "string"}}
    )

    _severities = field_validator("certificate", mode="before")(_by_severity)

    @property
    def has_tls(self) -> bool:
        """Whether TLS is spoken at some point."""
        return (self.tls is not None and self.tls.enabled) or any(step.starttls for step in self.exchange)


RecordType = Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"]


class DnsProbe(SpecModel):
    """A name that must resolve."""

    name: Text = Field(description="The name that is asked for.")
    type: RecordType = Field("A", description="The type of record.")
    server: Text | None = Field(
        None, description="The name server, with its port where that is not 53; Datadog can do without."
    )
    matches: Text | None = Field(
        None,
        description="Regular expression that the value of a record must match, such as `^198\\.51\\.`. Default: there is one.",
    )


class IcmpProbe(SpecModel):
    """A host that must answer a ping."""

    shorthand: ClassVar[str] = "host"
    host: Host = Field(description="The host.")


class GrpcProbe(SpecModel):
    """A server that must answer gRPC's health check with SERVING. A bare value is host:port."""

    shorthand: ClassVar[str] = "address"
    address: HostPort = Field(description="host:port.")
    service: str = Field("", description="The name of the gRPC service that is asked for; empty means the server.")
    tls: Tls = Field(default_factory=lambda: Tls(enabled=False), description="Speak TLS.")
    certificate: CertificateField = Field(
        default_factory=dict, description=_CERTIFICATE, json_schema_extra={"shorthand": {"type": "string"}}
    )

    _severities = field_validator("certificate", mode="before")(_by_severity)


class CronProbe(SpecModel):
    """A job that must tell again and again that it has run."""

    schedule: Text | None = Field(None, description="When it starts, as cron has it: `0 3 * * *`, or `@daily`.")
    every: PositiveDurationField | None = Field(None, description="Or how often it runs.")
    timezone: Text = Field("UTC", description="The time zone of the schedule, such as Europe/Paris.")
    margin: PositiveDurationField = Field(
        "5m", description="How late it may be before it counts as missed.", validate_default=True
    )
    max_runtime: PositiveDurationField = Field("30m", description="How long a run may take.", validate_default=True)
    metric: Text | None = Field(
        None, description="Selector of a gauge with the Unix time of the last success; Prometheus needs it."
    )


class Probe(SpecModel):
    """Something that is asked from outside again and again. It is one of `http`, `tcp`, `dns`, `icmp`, `grpc`, `cron`,
    `browser` and `mobile`."""

    service: Name | None = Field(None, description="The service that it is about.")
    description: Text | None = Field(None, description="What it makes sure of.")
    http: HttpProbe | None = Field(None, description="An HTTP request.")
    tcp: TcpProbe | None = Field(None, description="A TCP connection.")
    dns: DnsProbe | None = Field(None, description="A DNS query.")
    icmp: IcmpProbe | None = Field(None, description="A ping.")
    grpc: GrpcProbe | None = Field(None, description="gRPC's health check.")
    cron: CronProbe | None = Field(None, description="A job that must run.")
    browser: BrowserJourney | None = Field(None, description="A journey in a browser.")
    mobile: MobileJourney | None = Field(None, description="A journey in a mobile application.")
    every: PositiveDurationField | None = Field(
        None, description="How often it is asked; default: 1m, and 15m for a journey."
    )
    timeout: PositiveDurationField | None = Field(
        None, description="How long an answer may take; default: 10s, or half of `every` where that is shorter."
    )
    failures: int | None = Field(
        None,
        ge=1,
        le=100,
        description="How many in a row must fail until somebody is told; default: 3, and 1 for `cron`.",
    )
    slow: PositiveDurationField | None = Field(
        None, description="Tell as a warning of answers that take longer than this."
    )
    severity: SeverityName = Field("critical", description="How bad it is when it fails.")
    escalation: Name | None = Field(None, description="The policy that its alerts follow; default: its service's.")
    runbook: Text | None = Field(None, description="What to do; default: its service's.")
    labels: Labels = Field(default_factory=dict, description="Labels on its alerts.")
    locations: list[Text] = Field(
        default_factory=list,
        description="From where Datadog asks, such as `aws:eu-west-1`; `pl:…` is a private location. Default: those of the target.",
    )
    backends: list[Text] | None = Field(
        None,
        description="Who asks, of prometheus (through blackbox_exporter), datadog and sentry; default: the first of these "
        "that can and that `targets` has.",
    )
    alerting: bool = Field(True, description="Tell somebody. Otherwise it is only measured.")
    approximate: list[Text] = Field(
        default_factory=list, description="Backends on which an approximate rendering is accepted."
    )
    ignore: Ignores = IGNORE_FIELD
    was: Name | None = Field(None, description="Its former name; objects that live elsewhere are renamed in place.")
    adopt: Adoption | None = Field(
        None, description="An object of another system that is to become this one on the next push, by its identifier."
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it says that it is; one, or it is wrong."""
        return tuple(kind for kind in PROBE_KINDS if getattr(self, kind) is not None)

    @property
    def certificate(self) -> CertificateField:
        """How long before its end a certificate is told of, by severity."""
        for kind in ("http", "tcp", "grpc"):
            if (part := getattr(self, kind)) is not None:
                found: CertificateField = part.certificate
                return found
        return {}
