"""Whom a probe asks, and whether that can be reached from the internet."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from skillforge_mon.spec.models.probes import Probe

_PRIVATE: Final = ("local", "localhost", "internal", "intranet", "lan", "home", "corp", "private", "svc", "test")
"""Last parts of names that are not in the public DNS (RFC 6761, RFC 6762, RFC 8375; ICANN reserves ``internal``)."""


_URL: Final = re.compile(
    r"https?://(?:[^\s/?#@]*@)?(\[[^\]]*\]|(?:\$\{[^}]*\}|[^\s/?#:@\[\]])+)(?::(?:([0-9]+)|\$\{[^}]*\}))?"
)
"""A server as the language has it (``URL_PATTERN``): a reference as its host is a wrong port to urllib."""


def probe_host(spec: Probe) -> str | None:
    """The host that is asked; None for a job, an application, and a query that names no server."""
    if spec.http is not None:
        return url_host(spec.http.url)
    if spec.browser is not None:
        return url_host(spec.browser.url)
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


def url_host(url: str) -> str:
    """``shop.example`` of ``https://shop.example:8443/cart``, ``::1`` of ``http://[::1]/``."""
    found = _URL.match(url)
    return found[1].strip("[]") if found is not None else ""


def url_port(url: str) -> int:
    """The port of ``url``, or the usual one of its protocol where it says none, or a reference."""
    found = _URL.match(url)
    port = found[2] if found is not None else None
    return int(port) if port is not None else 443 if url.startswith("https://") else 80


def url_path(url: str) -> str:
    """What stands behind the server: ``/cart?all=1``."""
    found = _URL.match(url)
    return url[found.end() :] if found is not None else ""


def is_private(host: str) -> bool:
    """Whether ``host`` is certainly not in the internet: a name without a dot, a reserved one, a private address."""
    if "${" in host:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        *_, last = host.rstrip(".").lower().split(".")
        return "." not in host.rstrip(".") or last in _PRIVATE or ".svc." in f"{host}."
    return not address.is_global
