"""A check as a module of blackbox_exporter (CONFIGURATION.md, ``<module>``), and what differs then."""

from __future__ import annotations

from dataclasses import dataclass, field

from skillforge_mon.backends.blackbox.capabilities import CEL_SINCE, HTTP3_SINCE, Version
from skillforge_mon.backends.blackbox.json_checks import cel, patterns, quoted
from skillforge_mon.backends.blackbox.record_patterns import StartWithinPatternError, record_pattern
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.probes import TIMEOUT_OFFSET, asked
from skillforge_mon.model.project import Probe
from skillforge_mon.model.secrets import references_in, secret_reference
from skillforge_mon.spec.models.probes import SUCCESS, DnsProbe, GrpcProbe, HttpProbe, TcpProbe, Tls
from skillforge_mon.spec.models.targets import BlackboxTarget
from skillforge_mon.spec.quantities import Duration

BACKEND = "prometheus"
"""Whom a spec names when it means this exporter: Prometheus asks through it."""

_JSON_AS_TEXT = (
    "blackbox_exporter {version} reads no JSON, {since} does: the keys with their values are searched for as text, "
    "anywhere in the answer"
)


@dataclass(slots=True)
class Module:
    """A module, and what it does not say as the probe does: ``differences``, or ``stops`` with what to write."""

    content: dict[str, Plain]
    differences: list[tuple[str, str]] = field(default_factory=list)
    stops: tuple[str, str, str] | None = None

    def verdict(self, probe: Probe) -> Verdict:
        """How well the module says ``probe``, which is one of those that share it."""
        if self.stops is not None:
            reason, instead, key = self.stops
            return Verdict(BACKEND, probe.id, Grade.UNTRANSLATABLE, reason, instead, key)
        if unknown := references_in(asked(probe)):
            reason = f"nothing puts in `{unknown[0]}` where the exporter is told whom to ask"
            return Verdict(BACKEND, probe.id, Grade.UNTRANSLATABLE, reason, "the address itself", probe.kind)
        if probe.every <= TIMEOUT_OFFSET:
            reason = f"the exporter needs {TIMEOUT_OFFSET} of the interval, and nothing is left for an answer"
            return Verdict(BACKEND, probe.id, Grade.UNTRANSLATABLE, reason, "a longer `every`", "every")
        reasons = [reason for reason, _ in self.differences]
        if late := _cut_short(probe):
            reasons.append(late)
        if not reasons:
            return Verdict(BACKEND, probe.id, Grade.EXACT)
        key = self.differences[0][1] if self.differences else "timeout"
        return Verdict(BACKEND, probe.id, Grade.APPROXIMATE, "; ".join(reasons), "", key)


def module_of(probe: Probe, target: BlackboxTarget, version: Version) -> Module:
    """The module of the check that ``probe`` has."""
    spec = probe.spec
    module = Module({"prober": probe.kind, "timeout": _seconds(probe.timeout)})
    usual: dict[str, Plain] = {"preferred_ip_protocol": target.ip, "ip_protocol_fallback": True}
    if spec.http is not None:
        module.content["http"] = {**_http(spec.http, target, version, module), **usual}
    elif spec.tcp is not None:
        module.content["tcp"] = {**_tcp(spec.tcp), **usual}
    elif spec.dns is not None:
        module.content["dns"] = {**_dns(spec.dns, module), **usual}
    elif spec.grpc is not None:
        module.content["grpc"] = {**_grpc(spec.grpc), **usual}
    else:
        module.content["icmp"] = usual
    return module


def _http(http: HttpProbe, target: BlackboxTarget, version: Version, module: Module) -> dict[str, Plain]:
    found: dict[str, Plain] = {"method": http.method}
    if http.statuses != (SUCCESS,):
        found["valid_status_codes"] = sorted({code for status in http.statuses for code in status.codes})
    found |= _version(http, version, module)
    if http.headers:
        found["headers"] = dict(http.headers)
    if http.body is not None:
        found["body"] = http.body
    if not http.follow_redirects:
        found["follow_redirects"] = False
    required = [*(quoted(text) for text in http.contains), *http.matches]
    if http.json_ and version >= CEL_SINCE:
        found["fail_if_body_json_not_matches_cel"] = cel(http.json_)
    elif http.json_:
        required += patterns(http.json_)
        module.differences.append(
            (
                _JSON_AS_TEXT.format(version=".".join(map(str, version)), since=".".join(map(str, CEL_SINCE))),
                "http.json",
            )
        )
    if required:
        found["fail_if_body_not_matches_regexp"] = required
    if http.not_matches:
        found["fail_if_body_matches_regexp"] = list(http.not_matches)
    found |= _credentials(http, target)
    return found | _tls_config(http.tls)


def _version(http: HttpProbe, version: Version, module: Module) -> dict[str, Plain]:
    match http.http_version:
        case "1.1":
            return {"valid_http_versions": ["HTTP/1.1"], "enable_http2": False}
        case "2":
            return {"valid_http_versions": ["HTTP/2.0"]}
        case "3":
            if version < HTTP3_SINCE:
                reason = f"blackbox_exporter speaks HTTP/3 from {HTTP3_SINCE[0]}.{HTTP3_SINCE[1]} on"
                module.stops = (reason, "another `http_version`, or a newer exporter", "http.http_version")
                return {}
            return {"valid_http_versions": ["HTTP/3.0"], "enable_http2": False, "enable_http3": True}
    return {}


def _credentials(http: HttpProbe, target: BlackboxTarget) -> dict[str, Plain]:
    token = secret_reference(http.bearer_token)
    if token is not None:
        return {"authorization": {"credentials_file": token.file_in(target.secrets_dir)}}
    if http.basic is None:
        return {}
    password = secret_reference(http.basic.password)
    kept: dict[str, Plain] = {"username": http.basic.username}
    if password is not None:
        kept["password_file"] = password.file_in(target.secrets_dir)
    return {"basic_auth": kept}


def _tls_config(tls: Tls | None) -> dict[str, Plain]:
    return {"tls_config": {"insecure_skip_verify": True}} if tls is not None and tls.insecure else {}


def _tcp(tcp: TcpProbe) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    steps: list[Plain] = []
    for step in tcp.exchange:
        said: dict[str, Plain] = {}
        if step.expect is not None:
            said["expect"] = step.expect
        if step.send is not None:
            said["send"] = step.send
        if step.starttls:
            said["starttls"] = True
        steps.append(said)
    if steps:
        found["query_response"] = steps
    if tcp.tls is not None and tcp.tls.enabled:
        found["tls"] = True
    return found | _tls_config(tcp.tls)


def _dns(dns: DnsProbe, module: Module) -> dict[str, Plain]:
    if dns.server is None:
        module.stops = ("blackbox_exporter asks a name server, and the probe names none", "`dns.server`", "dns")
    try:
        record = record_pattern(dns.type, dns.matches)
    except StartWithinPatternError:
        reason = "blackbox_exporter matches whole records, and `^` stands within the pattern"
        module.stops = (reason, "`^` at the start of the pattern, or of each alternative (`^a|^b`)", "dns.matches")
        return {}
    # Without a condition, an answer without any record is a good one.
    answer: Plain = {"fail_if_none_matches_regexp": [record]}
    return {"query_name": dns.name, "query_type": dns.type, "validate_answer_rrs": answer}


def _grpc(grpc: GrpcProbe) -> dict[str, Plain]:
    found: dict[str, Plain] = {"service": grpc.service} if grpc.service else {}
    if grpc.tls.enabled:
        found["tls"] = True
    return found | _tls_config(grpc.tls)


def _cut_short(probe: Probe) -> str:
    """What is lost of the timeout where the next scrape comes too soon after it; "" where nothing is."""
    left = int(probe.every) - int(TIMEOUT_OFFSET)
    if int(probe.timeout) <= left:
        return ""
    return (
        f"an answer may take {Duration(left)}, not {probe.timeout}: the exporter needs {TIMEOUT_OFFSET} of the interval"
    )


def _seconds(length: Duration) -> str:
    whole, rest = divmod(int(length), 1000)
    return f"{int(length)}ms" if rest else f"{whole}s"
