"""Whether Elasticsearch and Kibana answer, and accept the credentials with the permissions that a push needs.

Sources: Elasticsearch reference, "Check user privileges" (``_security/user/_has_privileges``), "Security privileges";
Kibana API reference, "Get Kibana's current status" and "Get the alerting framework health".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.elasticsearch.capabilities import parse_version
from skillforge_mon.backends.elasticsearch.live_rules import Connectors
from skillforge_mon.backends.elasticsearch.rule_actions import CONNECTOR
from skillforge_mon.backends.elasticsearch.rules import rule_documents
from skillforge_mon.backends.elasticsearch.server import NO_KIBANA, Servers
from skillforge_mon.documents.references import references_in
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import RemoteError, UnauthorisedError
from skillforge_mon.remote.service import Service
from skillforge_mon.spec.models.log_targets import ElasticsearchTarget

PRIVILEGES: Final = ("manage_index_templates", "manage_ingest_pipelines")
"""What putting templates and pipelines takes; ``manage_ilm`` too, with ``lifecycle: ilm``."""


def checks(servers: Servers, target: ElasticsearchTarget, connectors: Connectors) -> Iterator[Check]:
    """One line for each thing; of a server that does not answer nothing else is asked."""
    yield from _cluster(servers.cluster, target)
    if servers.kibana is None:
        yield Check("Kibana", ok=True, detail=NO_KIBANA, skipped=True)
        return
    yield from _kibana(servers.kibana)
    named = {each.key for document in rule_documents(servers.project) for each in references_in(document.content)}
    for name in sorted(named):
        yield _connector(connectors, name)


def _cluster(cluster: Service, target: ElasticsearchTarget) -> Iterator[Check]:
    try:
        number = str(cluster.request("GET", "/").body["version"]["number"])
    except RemoteError as error:
        yield Check("Elasticsearch", ok=False, detail=str(error), help=_help(error, cluster))
        return
    old = parse_version(number) < parse_version(target.version)
    yield Check(
        "Elasticsearch",
        ok=not old,
        detail=f"{number}, and the spec is for {target.version}" if old else f"{number} answers",
        help="write its version in `targets.elasticsearch.version`, or upgrade it" if old else "",
    )
    wanted = [*PRIVILEGES, *(("manage_ilm",) if target.lifecycle == "ilm" else ())]
    try:
        answer = cluster.request(
            "POST", "/_security/user/_has_privileges", body={"cluster": wanted}, repeatable=True
        ).body
    except RemoteError:
        yield Check("privileges", ok=True, detail="not to be had: this cluster has no security", skipped=True)
        return
    missing = [name for name in wanted if not answer["cluster"].get(name)]
    yield Check(
        "privileges",
        ok=not missing,
        detail=f"without {', '.join(missing)}" if missing else "all that a push needs",
        help="give them to the role of the API key or the user" if missing else "",
    )


def _kibana(kibana: Service) -> Iterator[Check]:
    try:
        status = kibana.request("GET", "/api/status").body
        alerting = kibana.request("GET", "/api/alerting/_health").body
    except RemoteError as error:
        yield Check("Kibana", ok=False, detail=str(error), help=_help(error, kibana))
        return
    level = status["status"]["overall"]["level"]
    yield Check("Kibana", ok=level == "available", detail=f"{status['version']['number']} is {level}")
    sound = alerting["has_permanent_encryption_key"] and alerting["is_sufficiently_secure"]
    yield Check(
        "rules of Kibana",
        ok=sound,
        detail="can be made" if sound else "cannot be made: Kibana has no encryption key that lasts, or no TLS",
        help="" if sound else "set `xpack.encryptedSavedObjects.encryptionKey` in kibana.yml",
    )


def _connector(connectors: Connectors, name: str) -> Check:
    subject = f"{CONNECTOR.replace('kibana_', '')} {name}"
    try:
        known = connectors.find(name) is not None
    except RemoteError as error:
        return Check(subject, ok=False, detail=str(error))
    return Check(subject, ok=known, help="" if known else connectors.absence(name))


def _help(error: RemoteError, service: Service) -> str:
    if isinstance(error, UnauthorisedError):
        return "write `api_key`, or `username` and `password`, under `targets.elasticsearch`"
    return f"is {service.base_url} its address, as it is reached from here?"
