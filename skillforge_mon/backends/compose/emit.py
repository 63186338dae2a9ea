"""compose/compose.yaml: one service for each program, started in the order in which they need each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from skillforge_mon.backends.compose.capabilities import SECRETS, SECRETS_FOLDER, TREE
from skillforge_mon.backends.deployment.deployed import Deployed, deployed_systems, needed_secrets
from skillforge_mon.backends.deployment.servers import asked_from_within
from skillforge_mon.backends.deployment.system import Site
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import SecretReference
from skillforge_mon.spec.models.deploy import ComposeDeployment

BACKEND: Final = "compose"
OBJECT: Final = "deploy.compose"
_NETWORK: Final = "monitoring"
_LOCAL: Final = re.compile(r"https?://(?:localhost|127\.0\.0\.1)(?::([0-9]+))?/?")


def deploy(project: Project, documents: Sequence[Document], report: Report) -> Iterator[Document]:
    """The one file; nothing without ``deploy.compose``."""
    deployment = project.spec.deploy.compose
    if deployment is None:
        return
    site = Site(project, documents, f"{TREE}/{project.environment}")
    found = deployed_systems(site, deployment, project.deploy_place(BACKEND), report, kubernetes=False)
    systems = tuple(each for system in found for each in _replicas(system))
    healthy = {system.name for system in systems if asked_from_within(system.system, site)}
    content: dict[str, Plain] = {
        "name": deployment.name or f"{_project_name(project.name)}-monitoring",
        "services": {system.name: _service(site, deployment, system, healthy) for system in systems},
        "networks": {_NETWORK: {}, **{name: {"external": True} for name in deployment.networks}},
    }
    volumes: dict[str, Plain] = {_volume(system): {} for system in systems if system.system.data}
    if volumes:
        content["volumes"] = volumes
    if secrets := needed_secrets(systems):
        content["secrets"] = {_secret_name(each): _source(project, each) for each in secrets.values()}
    objects = (OBJECT, *dict.fromkeys(object_id for system in systems for object_id in system.objects))
    verdict = Verdict(BACKEND, OBJECT, Grade.EXACT)
    yield Document(f"{BACKEND}/compose.yaml", content, Format.YAML, objects, (verdict,), header=header(objects))


def _project_name(name: str) -> str:
    """``name`` as compose takes it: lower case letters, digits, ``_`` and ``-``."""
    return re.sub(r"[^a-z0-9_-]", "-", name.lower())


def _service(site: Site, deployment: ComposeDeployment, deployed: Deployed, healthy: set[str]) -> dict[str, Plain]:
    system = deployed.system
    service: dict[str, Plain] = {"image": _literal(deployed.image)}
    service |= _command(deployed)
    if environment := _environment(deployed):
        service["environment"] = environment
    # People and `push` reach servers; exporters are asked by Prometheus alone.
    if (system.target and not _is_further(deployed)) or deployed.name in deployment.ports:
        service["ports"] = [_published(site, deployment, deployed)]
    if volumes := _volumes(site, deployed):
        service["volumes"] = volumes
    if secrets := _mounted_secrets(deployed):
        service["secrets"] = secrets
    if command := asked_from_within(system, site):
        service["healthcheck"] = {
            "test": ["CMD", *map(_literal, command)],
            "interval": "30s",
            "timeout": "5s",
            "retries": 3,
            "start_period": "1m",
        }
    if deployed.waits_for:
        service["depends_on"] = {
            name: {"condition": "service_healthy" if name in healthy else "service_started"}
            for name in deployed.waits_for
        }
    networks: list[Plain] = [_NETWORK, *(deployment.networks if system.asks_application else ())]
    service["networks"] = networks
    if system.per_node and "/" in system.host_paths:
        service["pid"] = "host"
    if system.user == 0:
        service["user"] = "0:0"
    else:
        service["cap_drop"] = ["ALL"]
    service["security_opt"] = ["no-new-privileges:true"]
    service["restart"] = "unless-stopped"
    return service


def _replicas(deployed: Deployed) -> Iterator[Deployed]:
    """A service for each replica, which is told its own name: ``prometheus``, ``prometheus-2``, …"""
    if deployed.replicas == 1:
        yield deployed
        return
    for number in range(1, deployed.replicas + 1):
        name = deployed.name if number == 1 else f"{deployed.name}-{number}"
        yield replace(deployed, name=name, environment={**deployed.environment, deployed.replica_variable: name})


def _is_further(deployed: Deployed) -> bool:
    """Whether it is a second or later replica: its port is taken by the first."""
    return deployed.replicas > 1 and re.search(r"-[0-9]+$", deployed.name) is not None


def _command(deployed: Deployed) -> dict[str, Plain]:
    """The arguments; where variables come from files of secrets, a shell reads those and starts what the image does."""
    arguments: list[Plain] = [_literal(argument) for argument in deployed.arguments]
    entrypoint = deployed.system.entrypoint
    if not deployed.secret_variables or not entrypoint:
        return {"command": arguments} if arguments else {}
    read = "".join(
        f'{variable}="$(cat {reference.file_in(SECRETS)})"; export {variable}; '
        for variable, reference in deployed.secret_variables.items()
    )
    script = f'set -e; {read}exec "$@"'
    return {"entrypoint": ["/bin/sh", "-c", _literal(script), "sh", *entrypoint], "command": arguments}


def _environment(deployed: Deployed) -> dict[str, Plain]:
    """Variables. Those of secrets are the environment's own where the image has no shell that could read a file."""
    environment: dict[str, Plain] = {name: _literal(value) for name, value in deployed.environment.items()}
    if not deployed.system.entrypoint:
        for variable, reference in deployed.secret_variables.items():
            environment[variable] = f"${{{reference.name}:?}}"
    return environment


def _published(site: Site, deployment: ComposeDeployment, deployed: Deployed) -> str:
    url = deployed.system.url(site) or ""
    local = _LOCAL.fullmatch(url)
    port = deployment.ports.get(deployed.name) or int((local and local[1]) or deployed.system.port)
    bind = f"[{deployment.bind}]" if ":" in deployment.bind else deployment.bind
    return f"{bind}:{port}:{deployed.system.port}"


def _volumes(site: Site, deployed: Deployed) -> list[Plain]:
    volumes: list[Plain] = []
    if deployed.reads:
        volumes.append(_bound("../..", TREE))
    for at, documents in deployed.folders.items():
        volumes.append(_bound(f"../{_common_folder(documents)}", at))
    for path, at in deployed.system.host_paths.items():
        bound = _bound(path, at)
        if path == "/":
            bound["bind"] = {"propagation": "rslave"}
        volumes.append(bound)
    if deployed.system.data:
        volumes.append({"type": "volume", "source": _volume(deployed), "target": deployed.system.data})
    return volumes


def _common_folder(documents: Sequence[Document]) -> str:
    """The folder of the tree that holds ``documents``: the first two parts of their paths."""
    return "/".join(PurePosixPath(documents[0].path).parts[:2])


def _bound(source: str, target: str) -> dict[str, Plain]:
    return {"type": "bind", "source": source, "target": _literal(target), "read_only": True}


def _volume(deployed: Deployed) -> str:
    return f"{deployed.name}-data"


def _secret_name(reference: SecretReference) -> str:
    return PurePosixPath(reference.file_in("/")).name


def _mounted_secrets(deployed: Deployed) -> list[Plain]:
    mounted: dict[str, SecretReference] = dict(deployed.secret_files)
    if deployed.system.entrypoint:
        mounted |= {each.file_in(SECRETS): each for each in deployed.secret_variables.values()}
    return [{"source": _secret_name(each), "target": path} for path, each in sorted(mounted.items())]


def _source(project: Project, reference: SecretReference) -> dict[str, Plain]:
    """Where the secret is on the machine: as `secrets` says, else the file of its name in the folder of secrets."""
    said = project.spec.secrets.get(reference.name)
    if said is not None and said.file is not None and said.file.startswith("/"):
        return {"file": _literal(said.file)}
    if said is not None and said.env is not None:
        return {"environment": said.env}
    return {"file": f"{SECRETS_FOLDER}/{reference.name}"}


def _literal(text: str) -> str:
    """``text`` as it is: compose would read a variable behind a dollar sign."""
    return text.replace("$", "$$")
