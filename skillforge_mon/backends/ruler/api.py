"""The API of a ruler: its groups listed, read, set and deleted. Every request is for one tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from skillforge_mon.backends.authorization import authorization
from skillforge_mon.backends.ruler.capabilities import TENANT_HEADER, evaluation_path, rules_path
from skillforge_mon.backends.ruler.emit import KIND
from skillforge_mon.backends.ruler.normalise import compared, group_of, marked_name, owner_of, plain_name
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.documents.yaml_writer import write_yaml
from skillforge_mon.remote.api import Check, Kind
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError, RemoteError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.service import Service

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.connection import Connection
    from skillforge_mon.spec.models.targets import RulerTarget

TITLES: Final = {"mimir": "Mimir", "cortex": "Cortex"}
CONCURRENCY: Final = 4
_NOT_TEXTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "limit": lambda value: int(str(value)),
    "align_evaluation_time_on_interval": lambda value: str(value).lower() == "true",
}
"""Fields of a group that a ruler takes only as a number, or as true or false."""
_YAML: Final = {"Content-Type": "application/yaml"}


def connect(project: Project, connection: Connection) -> RulerApi:
    """The API of ``targets.ruler``."""
    target = project.targets.ruler
    assert target is not None  # noqa: S101 - asked for only where there is such a target
    headers = authorization(target, connection)
    if target.tenant is not None:
        headers[TENANT_HEADER] = connection.text(target.tenant)
    service = connection.service(TITLES[target.kind], target.url, headers, concurrency=CONCURRENCY)
    return RulerApi(target, service)


class RulerApi:
    """The rule groups of one tenant."""

    concurrency = CONCURRENCY
    kinds = (Kind(KIND, 10, "rule group"),)

    def __init__(self, target: RulerTarget, service: Service) -> None:
        self.title = TITLES[target.kind]
        self._service = service
        self._path = rules_path(target)
        self._evaluation = evaluation_path(target)

    def list(self, kind: str) -> Iterator[Live]:
        """Every group of the tenant, in one request."""
        for namespace, groups in self._asked(self._path).items():
            yield from (_live(kind, str(namespace), group) for group in groups or ())

    def read(self, kind: str, identifier: str) -> Live | None:
        """One group; its identifier is where it stands below the path of all."""
        group = self._asked(f"{self._path}/{identifier}")
        return _live(kind, _namespace(identifier), group) if group else None

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Set the group. A group that is set twice is one group, so that a lost answer is asked for again."""
        namespace, group = group_of(body)
        if owner is not None:
            group["name"] = marked_name(str(group["name"]), owner)
        path = f"{self._path}/{quote(namespace, safe='')}"
        self._service.request("POST", path, content=write_yaml(group), headers=_YAML, repeatable=True)
        return _live(kind, namespace, group)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Set the group anew; under another name or namespace, and then the old one is deleted."""
        there = self.read(live.kind, live.id)
        before, now = compared(there.body, live.body) if there is not None else (live.body, None)
        if before != now:
            raise ConflictError(f"the group `{live.name}` has changed since it was read")
        made = self.create(live.kind, body, owner, revision)
        if made.id != live.id:
            self.delete(live)
        return made

    def delete(self, live: Live) -> None:
        """Take it away; a namespace without groups is gone with its last."""
        try:
            self._service.request("DELETE", f"{self._path}/{live.id}")
        except NotFoundError:
            return

    def lookup(self, reference: Reference) -> str | int | None:
        """Nothing: no group refers to anything."""
        return None

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)``: lengths of time in one form, nothing that says nothing, queries compared as trees."""
        return compared(body, live.body)

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """Never."""
        return ""

    def restorable(self, live: Live) -> Plain:
        """All of it."""
        return live.body

    def health(self) -> Iterator[Check]:
        """Whether it answers for the tenant, and whether every group is evaluated without an error."""
        try:
            groups = [live for live in self.list(KIND) if live.owner is not None]
        except RemoteError as error:
            yield Check("rule groups", ok=False, detail=str(error), help="are `url`, `prefix` and `tenant` right?")
            return
        yield Check("rule groups", ok=True, detail=f"{len(groups)} of monmc")
        try:
            evaluated = self._service.request("GET", self._evaluation).body["data"]["groups"]
        except (RemoteError, KeyError, TypeError):
            yield Check("evaluation", ok=True, detail="what came of the rules is not to be had here", skipped=True)
            return
        failing = 0
        for group in evaluated:
            bad = [rule for rule in group["rules"] if rule["health"] == "err"]
            if bad:
                failing += 1
                yield Check(f"rule group {group['name']}", ok=False, detail=f"{bad[0]['name']}: {bad[0]['lastError']}")
        if not failing:
            # What was sent is taken up at the ruler's next look into its store, a minute later.
            yield Check("evaluation", ok=True, detail=f"{len(evaluated)} groups evaluated, none with an error")

    def _asked(self, path: str) -> Mapping[str, Any]:
        """What the ruler has there. It says 404 where it has nothing, and answers in YAML."""
        import yaml

        try:
            answer = self._service.request("GET", path).body
        except NotFoundError:
            return {}
        if not isinstance(answer, str):
            return answer or {}
        try:
            # Every scalar as its text: `on` and `1e3` are names and values like others.
            found = yaml.load(answer, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but texts, lists and mappings
        except yaml.YAMLError as error:
            raise RefusedError(f"{self.title} answered GET {path} with something that is no YAML: {error}") from None
        return found if isinstance(found, Mapping) else {}


def _live(kind: str, namespace: str, group: Mapping[str, Any]) -> Live:
    group = {key: _NOT_TEXTS.get(key, _as_it_is)(value) for key, value in group.items()}
    name = str(group["name"])
    identifier = f"{quote(namespace, safe='')}/{quote(name, safe='')}"
    body = {"namespace": namespace, "groups": [group]}
    return Live(kind, identifier, plain_name(name), body, owner_of(namespace, name))


def _as_it_is(value: Any) -> Any:
    return value


def _namespace(identifier: str) -> str:
    return unquote(identifier.partition("/")[0])
