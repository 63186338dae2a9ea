"""What is known of a program before any project: its image, its port, how to ask whether it is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.model.project import Project


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
    """A project to be run. ``tree`` is where its output tree is seen from within a container."""

    project: Project
    documents: Sequence[Document]
    tree: str

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
class Settings:
    """How a program is started for one project. ``folders`` are those of the tree that it wants elsewhere.

    Each of several ``replicas`` finds its own name in ``replica_variable``.
    """

    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    replicas: int = 1
    replica_variable: str = ""


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

    ``data`` is the folder that must outlive it, ``size`` that of its volume in bytes. ``user`` is that of the image.
    ``scratch`` are folders that it writes to and forgets.

    ``address`` is where others of the project reach it, ``url`` where people do. ``asks_application``: it calls what
    the project watches; ``receives``: what the project watches calls it. ``public``: people use it.

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
    url: Callable[[Site], str | None] = lambda _site: None
    asks_application: bool = False
    public: bool = False
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


def wget(port: int, path: str) -> tuple[str, ...]:
    """Ask with busybox's wget. Not by ``--spider``: older servers refuse HEAD."""
    return ("wget", "-q", "-O", "/dev/null", f"http://127.0.0.1:{port}{path}")
