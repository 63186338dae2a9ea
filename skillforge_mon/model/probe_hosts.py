"""Whom a probe asks, and whether that can be reached from the internet."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from skillforge_mon.spec.models.probes import Probe

_PRIVATE: Final = ("local", "localhost", "internal", "intranet", "lan", "home", "corp", "private", "svc", "test")
"""Last parts of names that are not in the public DNS (RFC 6761, RFC 6762, RFC 8375; ICANN reserves ``internal``)."""


def probe_host(spec: Probe) -> str | None:
    """The host that is asked; None for a job, an application, and a query that names no server."""
    if spec.http is not None:
        return _of_url(spec.http.url)
    if spec.browser is not None:
        return _of_url(spec.browser.url)
    if spec.tcp is not None:
        return host_and_port(spec.tcp.address)[0]
    if spec.grpc is not None:
        return host_and_port(spec.grpc.address)[0]
    if spec.icmp is not None:
        return spec.icmp.host.strip("[]")
    if spec.dns is not None and spec.dns.server is not None:
        return host_and_port(spec.dns.server)[0]
    return None


def host_and_port(address: str, port: int = 53) -> tuple[str, int]:
    """``("mail", 25)`` of ``mail:25``, ``("::1", 53)`` of ``[::1]`` and ``::1``; ``port`` where it has none."""
    if address.startswith("["):
        host, _, rest = address[1:].partition("]")
        return host, int(rest[1:]) if rest.startswith(":") and rest[1:].isdigit() else port
    host, colon, number = address.rpartition(":")
    # More than one colon is an address of IPv6 that is all host, as blackbox_exporter reads it too.
    return (host, int(number)) if colon and ":" not in host and number.isdigit() else (address, port)


def is_private(host: str) -> bool:
    """Whether ``host`` is certainly not in the internet: a name without a dot, a reserved one, a private address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        *_, last = host.rstrip(".").lower().split(".")
        return "." not in host.rstrip(".") or last in _PRIVATE or ".svc." in f"{host}."
    return not address.is_global


def _of_url(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
