"""What an API test asks, and its assertions: the ``subtype``, ``request`` and ``assertions`` of its ``config``.

[api] SyntheticsAPITest, SyntheticsTestRequest, SyntheticsAssertion; [docs] synthetics/api_tests, the page of each kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from skillforge_mon.backends.datadog.differences import Differences
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.json_paths import json_path
from skillforge_mon.model.probe_hosts import host_and_port, url_host, url_port
from skillforge_mon.model.project import Probe
from skillforge_mon.spec.models.probes import DnsProbe, GrpcProbe, HttpProbe, IcmpProbe, StatusRange, TcpProbe
from skillforge_mon.spec.quantities import Duration

_HTTP_VERSIONS: Final = {"1.1": "http1", "2": "http2"}
_SERVING: Final = 1
"""``SERVING`` of gRPC's health checking protocol."""
RECORDS: Final = frozenset(("A", "AAAA", "CNAME", "MX", "NS", "TXT"))
"""Types of records that an assertion can be about. [docs] synthetics/api_tests/dns_tests, "Define assertions\""""
ASK_ELSEWHERE: Final = "let blackbox_exporter ask it (`backends: [prometheus]`)"


@dataclass(slots=True)
class Asked:
    """One API test: what is asked, and ``options`` that come with it."""

    subtype: str
    request: dict[str, Plain]
    assertions: list[Plain]
    options: dict[str, Plain] = field(default_factory=dict)


def asked(probe: Probe, differences: Differences) -> Asked:
    """The request of a probe. Raises Untranslatable."""
    spec = probe.spec
    if spec.http is not None:
        found = _http(spec.http)
    elif spec.tcp is not None:
        found = _tcp(spec.tcp)
    elif spec.dns is not None:
        found = _dns(spec.dns)
    elif spec.grpc is not None:
        found = _grpc(spec.grpc)
    else:
        assert spec.icmp is not None  # noqa: S101 - no other kind is an API test
        found = _icmp(spec.icmp)
    return _timed(found, probe.timeout, differences)


def certificate(probe: Probe, before: Duration) -> Asked:
    """A test of the certificate of what ``probe`` asks: it must not end within ``before``, in whole days."""
    spec = probe.spec
    insecure = False
    if spec.http is not None:
        host, port = url_host(spec.http.url), url_port(spec.http.url)
        insecure = spec.http.tls.insecure
    else:
        part = spec.tcp or spec.grpc
        assert part is not None  # noqa: S101 - nothing else has a certificate
        host, port = host_and_port(part.address)
        insecure = part.tls is not None and part.tls.insecure
    return _ssl(host, port, -(-int(before) // int(Duration.of(days=1))), insecure=insecure)


def _ssl(host: str, port: int, days: int, *, insecure: bool) -> Asked:
    assertion: Plain = {"type": "certificate", "operator": "isInMoreThan", "target": days}
    options: dict[str, Plain] = {"accept_self_signed": True} if insecure else {}
    return Asked("ssl", {"host": host, "port": port}, [assertion], options)


def _http(http: HttpProbe) -> Asked:
    request: dict[str, Plain] = {"method": http.method, "url": http.url}
    headers = dict(http.headers)
    if http.bearer_token is not None:
        headers["Authorization"] = f"Bearer {http.bearer_token}"
    if headers:
        request["headers"] = headers
    if http.body is not None:
        request["body"] = http.body
    if http.basic is not None:
        request["basicAuth"] = {"type": "web", "username": http.basic.username, "password": http.basic.password}
    assertions: list[Plain] = [_status(http.statuses)]
    for texts, operator in ((http.contains, "contains"), (http.matches, "matches"), (http.not_matches, "doesNotMatch")):
        assertions += [{"type": "body", "operator": operator, "target": text} for text in texts]
    assertions += [
        {
            "type": "body",
            "operator": "validatesJSONPath",
            "target": {"jsonPath": json_path(path), "operator": "is", "targetValue": _value(value)},
        }
        for path, value in http.json_.items()
    ]
    options: dict[str, Plain] = {"follow_redirects": http.follow_redirects}
    if http.tls.insecure:
        options["allow_insecure"] = True
    if http.http_version is not None:
        version = _HTTP_VERSIONS.get(http.http_version)
        if version is None:
            raise Untranslatable(f"Datadog does not speak HTTP/{http.http_version}", ASK_ELSEWHERE)
        options["httpVersion"] = version
    return Asked("http", request, assertions, options)


def _status(ranges: tuple[StatusRange, ...]) -> Plain:
    """One code as it is, several as a regular expression: ``2\\d\\d|404``."""
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return {"type": "statusCode", "operator": "is", "target": ranges[0][0]}
    parts: list[str] = []
    for status in ranges:
        whole = status[0] % 100 == 0 and status[1] == status[0] + 99
        parts += [f"{status[0] // 100}\\d\\d"] if whole else [str(code) for code in status.codes]
    joined = "|".join(dict.fromkeys(parts))
    return {"type": "statusCode", "operator": "matches", "target": f"^({joined})$" if "|" in joined else f"^{joined}$"}


def _value(value: object) -> Plain:
    """Numbers and texts as they are; [api] SyntheticsAssertionTargetValue knows nothing else."""
    if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return json.dumps(value)


def _tcp(tcp: TcpProbe) -> Asked:
    if tcp.exchange:
        raise Untranslatable("Datadog's TCP tests only connect: they send and expect nothing", ASK_ELSEWHERE)
    host, port = host_and_port(tcp.address)
    if tcp.has_tls:
        return _ssl(host, port, 0, insecure=tcp.tls is not None and tcp.tls.insecure)
    connected: Plain = {"type": "connection", "operator": "is", "target": "established"}
    return Asked("tcp", {"host": host, "port": port}, [connected])


def _dns(dns: DnsProbe) -> Asked:
    if dns.type not in RECORDS:
        raise Untranslatable(f"Datadog's DNS tests know no {dns.type} records", ASK_ELSEWHERE)
    request: dict[str, Plain] = {"host": dns.name}
    if dns.server is not None:
        host, port = host_and_port(dns.server)
        request |= {"dnsServer": host, "dnsServerPort": port}
    answer: Plain = {"type": "recordSome", "operator": "matches", "property": dns.type, "target": dns.matches or ".+"}
    return Asked("dns", request, [answer])


def _icmp(icmp: IcmpProbe) -> Asked:
    """One packet, as blackbox_exporter sends one."""
    received: Plain = {"type": "packetsReceived", "operator": "moreThanOrEqual", "target": 1}
    return Asked("icmp", {"host": icmp.host.strip("[]"), "numberOfPackets": 1}, [received])


def _grpc(grpc: GrpcProbe) -> Asked:
    host, port = host_and_port(grpc.address)
    request: dict[str, Plain] = {"host": host, "port": port, "service": grpc.service, "callType": "healthcheck"}
    serving: Plain = {"type": "grpcHealthcheckStatus", "operator": "is", "target": _SERVING}
    return Asked("grpc", request, [serving], {"allow_insecure": True} if grpc.tls.insecure else {})


def _timed(found: Asked, timeout: Duration, differences: Differences) -> Asked:
    """The request with its time-out, in whole seconds."""
    seconds = -(-int(timeout) // 1000)
    if seconds * 1000 != int(timeout):
        differences(f"an answer may take {seconds}s instead of {timeout}: Datadog counts whole seconds")
    found.request["timeout"] = seconds
    return found
