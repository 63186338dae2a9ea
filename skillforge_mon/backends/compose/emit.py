"""compose/compose.yaml: one service for each program, started in the order in which they need each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from skillforge_mon.backends.compose.capabilities import BUSYBOX, SECRETS, SECRETS_FOLDER, TREE
from skillforge_mon.backends.deployment import codes
from skillforge_mon.backends.deployment.deployed import Deployed, deployed_systems
from skillforge_mon.backends.deployment.system import Site
from skillforge_mon.backends.environment_variables import variable
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
    found = deployed_systems(site, deployment, project.deploy_place(BACKEND), report)
    systems = tuple(each for system in found for each in _replicas(system))
    _report_ports(site, deployment, systems, report)
    healthy = {system.name for system in systems if system.asks}
    services: dict[str, Plain] = {system.name: _service(site, deployment, system, healthy) for system in systems}
    services |= {_preparer(system): _prepared(system) for system in systems if system.prepares_data}
    content: dict[str, Plain] = {
        "name": deployment.name or f"{_project_name(project.name)}-monitoring",
        "services": services,
        "networks": {_NETWORK: {}, **{name: {"external": True} for name in deployment.networks}},
    }
    volumes: dict[str, Plain] = {_volume(system): {} for system in systems if system.data}
    if volumes:
        content["volumes"] = volumes
    if secrets := {each.name: each for system in systems for each in _files_of_secrets(system).values()}:
        content["secrets"] = {_secret_name(each): _source(project, each) for _, each in sorted(secrets.items())}
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
    if _is_published(deployment, deployed):
        bind = f"[{deployment.bind}]" if ":" in deployment.bind else deployment.bind
        ports = _published(site, deployment, deployed)
        service["ports"] = [f"{bind}:{port}:{inside}" for port, inside in ports]
    if volumes := _volumes(site, deployed):
        service["volumes"] = volumes
    if secrets := _mounted_secrets(deployed):
        service["secrets"] = secrets
    if deployed.asks:
        service["healthcheck"] = {
            "test": ["CMD", *map(_literal, deployed.asks)],
            "interval": "30s",
            "timeout": "5s",
            "retries": 3,
            "start_period": "1m",
        }
    if awaited := _awaited(deployed, healthy):
        service["depends_on"] = awaited
    meets_application = system.asks_application or system.receives or any(port.is_open for port in deployed.ports)
    if deployed.host:
        service["network_mode"] = f"service:{deployed.host}"
    else:
        service["networks"] = [_NETWORK, *(deployment.networks if meets_application else ())]
    if system.per_node and "/" in system.host_paths:
        service["pid"] = "host"
    if system.user == 0:
        service["user"] = "0:0"
    else:
        service["cap_drop"] = ["ALL"]
    if deployed.host:
        # Whose data it shares, as that user it reads and writes it.
        service["user"] = f"{system.user}:{system.group}"
    service["security_opt"] = ["no-new-privileges:true"]
    service["restart"] = "unless-stopped"
    return service


def _preparer(deployed: Deployed) -> str:
    return f"{deployed.name}-owner"


def _prepared(deployed: Deployed) -> dict[str, Plain]:
    """What gives a new volume to the user of an image that does not have the folder: docker makes it root's."""
    owner = f"{deployed.system.user}:{deployed.system.group}"
    return {
        "image": BUSYBOX,
        "command": ["chown", owner, _literal(deployed.data)],
        "volumes": [_data(deployed)],
        "network_mode": "none",
        "cap_drop": ["ALL"],
        "cap_add": ["CHOWN"],
        "security_opt": ["no-new-privileges:true"],
    }


def _replicas(deployed: Deployed) -> Iterator[Deployed]:
    """A service for each replica that must know its own name: ``prometheus``, ``prometheus-2``, …; of others, one."""
    if deployed.replicas == 1 or not deployed.replica_variable:
        yield replace(deployed, replicas=1)
        yield from (replace(each, host=deployed.name) for each in deployed.companions)
        return
    for number in range(1, deployed.replicas + 1):
        name = _numbered(deployed.name, number)
        yield replace(deployed, name=name, environment={**deployed.environment, deployed.replica_variable: name})
        yield from (replace(each, name=_numbered(each.name, number), host=name) for each in deployed.companions)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _is_published(deployment: ComposeDeployment, deployed: Deployed) -> bool:
    """People and `push` reach servers; exporters are asked by Prometheus alone, and a companion has no address."""
    of_people = bool(deployed.system.target) and not deployed.system.internal and not _is_further(deployed)
    return not deployed.host and (of_people or deployed.name in deployment.ports)


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
        f'{name}="$(cat {reference.file_in(SECRETS)})"; export {name}; '
        for name, reference in deployed.secret_variables.items()
    )
    script = f'set -e; {read}exec "$@"'
    return {"entrypoint": ["/bin/sh", "-c", _literal(script), "sh", *entrypoint], "command": arguments}


def _environment(deployed: Deployed) -> dict[str, Plain]:
    """Variables. Those of secrets are the environment's own where the image has no shell that could read a file."""
    environment: dict[str, Plain] = {name: _literal(value) for name, value in deployed.environment.items()}
    if not deployed.system.entrypoint:
        for name, reference in deployed.secret_variables.items():
            environment[name] = f"${{{variable(reference)}:?}}"
    return environment


def _awaited(deployed: Deployed, healthy: set[str]) -> dict[str, Plain]:
    awaited: dict[str, Plain] = {
        name: {"condition": "service_healthy" if name in healthy else "service_started"} for name in deployed.waits_for
    }
    if deployed.host:
        awaited[deployed.host] = {"condition": "service_healthy"}
    if deployed.prepares_data:
        awaited[_preparer(deployed)] = {"condition": "service_completed_successfully"}
    return awaited


def _published(site: Site, deployment: ComposeDeployment, deployed: Deployed) -> Iterator[tuple[int, int]]:
    """The ports of the machine, each with that of the container that it leads to."""
    url = deployed.system.url(site) or ""
    local = _LOCAL.fullmatch(url)
    port = deployment.ports.get(deployed.name) or int((local and local[1]) or deployed.system.port)
    yield port, deployed.system.port
    for further in deployed.ports:
        if further.is_published:
            yield further.number, further.number


def _report_ports(site: Site, deployment: ComposeDeployment, systems: Sequence[Deployed], report: Report) -> None:
    """Ports of the machine that two systems would be published on, of which docker gives one none."""
    place = site.project.deploy_place(BACKEND)
    taken: dict[int, str] = {}
    for system in systems:
        for port, inside in _published(site, deployment, system) if _is_published(deployment, system) else ():
            other = taken.setdefault(port, system.name)
            if other == system.name:
                continue
            free = system.name if inside == system.system.port else other
            report.add(
                codes.PORT_TWICE.at(
                    place.key_at("ports", system.name) if place is not None else None,
                    f"`{other}` and `{system.name}` would both be published on port {port}",
                    help=f"write another one: `ports: {{{free}: PORT}}`",
                )
            )


def _volumes(site: Site, deployed: Deployed) -> list[Plain]:
    volumes: list[Plain] = []
    if deployed.reads:
        volumes.append(_bound("../..", TREE))
    volumes += [_bound(f"../{folder.below.rstrip('/')}", folder.at) for folder in deployed.folders]
    for path, at in deployed.system.host_paths.items():
        bound = _bound(path, at)
        if path == "/":
            bound["bind"] = {"propagation": "rslave"}
        volumes.append(bound)
    if deployed.data:
        volumes.append(_data(deployed))
    return volumes


def _data(deployed: Deployed) -> dict[str, Plain]:
    return {"type": "volume", "source": _volume(deployed), "target": _literal(deployed.data)}


def _bound(source: str, target: str) -> dict[str, Plain]:
    return {"type": "bind", "source": source, "target": _literal(target), "read_only": True}


def _volume(deployed: Deployed) -> str:
    return f"{deployed.host or deployed.name}-data"


def _secret_name(reference: SecretReference) -> str:
    return PurePosixPath(reference.file_in("/")).name


def _files_of_secrets(deployed: Deployed) -> dict[str, SecretReference]:
    """The files that hold secrets, by their paths: those of variables too where a shell can read them."""
    files = dict(deployed.secret_files)
    if deployed.system.entrypoint:
        files |= {each.file_in(SECRETS): each for each in deployed.secret_variables.values()}
    return files


def _mounted_secrets(deployed: Deployed) -> list[Plain]:
    return [
        {"source": _secret_name(each), "target": path} for path, each in sorted(_files_of_secrets(deployed).items())
    ]


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
