"""Where OTLP is sent by gRPC, and what lets it in: the same for the collector and for a service without one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from skillforge_mon.model.secrets import references_in
from skillforge_mon.spec.models.targets import Targets

_PORT: Final = re.compile(r":\d+$")


@dataclass(frozen=True, slots=True)
class OtlpStore:
    """``address`` is host:port; ``authorization`` the header of this name, with its reference, None without one."""

    address: str
    tls: bool
    authorization: str | None = None


def otlp_store(targets: Targets, name: str) -> OtlpStore:
    """The store ``name``, one of those that traces are sent to.

    APM Server takes OTLP at the port of everything else (Elastic, "Contrib OpenTelemetry Collectors and language SDKs":
    the endpoint is its address without the protocol, the token ``Authorization: Bearer``, a key ``ApiKey``). gRPC wants
    a port: the usual one, unless a reference stands for host and port.
    """
    if name != "elasticsearch":
        store: Any = getattr(targets, name)
        return OtlpStore(store.otlp, store.tls)
    assert targets.elasticsearch is not None  # noqa: S101 - traces name it
    apm = targets.elasticsearch.apm
    assert apm is not None  # noqa: S101 - as `keeps_traces` says
    tls = apm.url.startswith("https://")
    host = apm.url.partition("://")[2].rstrip("/")
    if _PORT.search(host) is None and not references_in(host):
        host += ":443" if tls else ":80"
    authorization = None
    if apm.secret_token is not None:
        authorization = f"Bearer {apm.secret_token}"
    elif apm.api_key is not None:
        authorization = f"ApiKey {apm.api_key}"
    return OtlpStore(host, tls, authorization)
