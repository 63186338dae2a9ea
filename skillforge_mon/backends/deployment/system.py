"""What is known of a program before any project: its image, its port, how to ask whether it is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import SecretReference

GIB: Final = 2**30
MAIN_PORT: Final = "http"
"""What the first port of a program is called, unless it shares a network with another."""


@dataclass(frozen=True, slots=True)
class Release:
    """An image. ``{version}`` in ``tag`` is ``version``, or the version of the target where that is empty."""

    repository: str
    tag: str = "v{version}"
    version: str = ""

    def image(self, target_version: str) -> str:
        """The image with its whole tag: ``3.5`` names a family of releases, ``3.5.0`` is one of them."""
        version = self.version or target_version
        return f"{self.repository}:{self.tag.format(version=version if version.count('.') > 1 else f'{version}.0')}"


@dataclass(frozen=True, slots=True)
class Site:
    """A project to be run. ``tree`` is where its output tree is seen from within a container.

    ``names`` are those by which the systems that run here are reached, by the names of the systems.
    """

    project: Project
    documents: Sequence[Document]
    tree: str
    kubernetes: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def target(self, name: str) -> Any:
        """The settings of ``targets.<name>``; None where there are none."""
        return getattr(self.project.targets, name, None)

    def has(self, path: str) -> bool:
        """Whether ``path`` is among the files of the tree."""
        return any(document.path == path for document in self.documents)

    def below(self, folder: str) -> tuple[Document, ...]:
        """The files below ``folder`` (``prometheus/``)."""
        return tuple(document for document in self.documents if document.path.startswith(folder))


@dataclass(frozen=True, slots=True)
class Port:
    """A port besides the first. ``is_open``: what is watched calls it; ``is_published``: from the machine too."""

    name: str
    number: int
    is_open: bool = False
    is_published: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How a program is started for one project. ``folders`` are those of the tree that it wants elsewhere.

    Each of several ``replicas`` finds its own name in ``replica_variable``. ``ports`` are those besides the first.
    ``data`` and ``asks`` are said where they may differ from those of the system, ``scratch`` is added to its own.
    ``version`` and ``secrets_dir`` (where the configuration looks for secrets) take the place of what the target says.
    ``secret_files`` are those that the command line names, by their paths.
    """

    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    replicas: int = 1
    replica_variable: str = ""
    ports: tuple[Port, ...] = ()
    data: str | None = None
    asks: tuple[str, ...] | None = None
    scratch: tuple[str, ...] = ()
    secrets_dir: str | None = None
    secret_files: Mapping[str, SecretReference] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """CPU and memory on Kubernetes, in its notation; memory is asked for and is the limit too."""

    cpu: str = "50m"
    memory: str = "64Mi"


@dataclass(frozen=True, slots=True)
class System:
    """A program that is run.

    ``target`` is the backend that configures it, ``configuration`` the files that it may start from: one must be in the
    tree, unless there are none to choose from. ``reads`` are folders of the tree.

    ``health`` is the path that answers when it is well, ``live`` one that answers as long as a restart would not help.
    ``asks`` is the command by which it is asked from within, empty where the image has no program for it.
    ``entrypoint`` is the image's own, where it has a shell that can set variables before.

    ``data`` is the folder that must outlive it, which the image has as its ``user``'s; ``size`` that of its volume in
    bytes. ``scratch`` are folders that it writes to and forgets.

    ``address`` is where others of the project reach it, ``told`` where what the project watches sends to, ``url`` where
    people reach it. ``asks_application``: it calls what the project watches; ``receives``: what the project watches
    calls it. ``public``: people use it; ``internal``: neither they nor the machine. ``main_port`` is the name of the
    first port, ``health_port`` of the one that answers ``health`` and ``live``.

    ``fit`` is what it is for one project, where that differs. ``beside`` is a system whose network and data it shares:
    each replica of that has one of it.

    ``per_node``: one runs on every machine; ``host_paths`` are folders of the machine that it reads, and where.
    ``rules`` are what it may read of a cluster. ``must_know``: it needs one of these variables. ``words``: hosts are
    called so.
    """

    name: str
    release: Release
    port: int
    health: str
    settings: Callable[[Site, str], Settings]
    title: str = ""
    live: str = ""
    target: str = ""
    wanted: Callable[[Site], bool] = lambda _site: True
    configuration: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    data: str = ""
    size: int = 0
    user: int = 65534
    group: int = 65534
    waits_for: tuple[str, ...] = ()
    address: Callable[[Site], str | None] = lambda _site: None
    told: Callable[[Site], str | None] = lambda _site: None
    url: Callable[[Site], str | None] = lambda _site: None
    main_port: str = MAIN_PORT
    health_port: str = ""
    beside: str = ""
    asks_application: bool = False
    public: bool = False
    internal: bool = False
    receives: bool = False
    per_node: bool = False
    host_paths: Mapping[str, str] = field(default_factory=dict)
    scratch: tuple[str, ...] = ()
    writable_root: bool = False
    needs: Needs = Needs()
    rules: Callable[[Site], Sequence[Plain]] = lambda _site: ()
    must_know: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    only_kubernetes: bool = False
    fit: Callable[[Site, System], System] = lambda _site, system: system


def answers_health(system: System) -> str:
    """The name of the port of ``system`` that is asked whether it is well."""
    return system.health_port or system.main_port


def wget(port: int, path: str) -> tuple[str, ...]:
    """Ask with busybox's wget. Not by ``--spider``: older servers refuse HEAD."""
    return ("wget", "-q", "-O", "/dev/null", f"http://127.0.0.1:{port}{path}")


def configured(flag: str, *further: str) -> Callable[[Site, str], Settings]:
    """Settings of a program that needs to know its configuration, and ``further`` arguments."""
    return lambda _site, configuration: Settings((f"{flag}{configuration}", *further))
