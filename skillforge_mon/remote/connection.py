"""One run's way to the systems: where secrets come from, and the services that are made with them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import SecretReference, references_in, secret_reference
from skillforge_mon.remote.clock import Clock, SystemClock
from skillforge_mon.remote.redaction import Redactor
from skillforge_mon.remote.service import Service

if TYPE_CHECKING:
    from skillforge_mon.spec.models.secrets import Secret

SECRETS_DIR = "MONMC_SECRETS_DIR"
COMMAND_SECONDS = 30


class MissingSecretError(Exception):
    """A secret that is needed cannot be had; the text says which, and what to do."""


class Connection:
    """Secrets by name, each resolved once and hidden from then on, and services that hide them too.

    ``sources`` are those of the spec's ``secrets``; a secret without one comes from the variable of its name, or from
    the file of its name in the folder that ``MONMC_SECRETS_DIR`` names. Raises ``MissingSecretError``.
    """

    def __init__(
        self, sources: Mapping[str, Secret], environ: Mapping[str, str], *, clock: Clock | None = None
    ) -> None:
        self._sources = sources
        self._environ = environ
        self._values: dict[SecretReference, str] = {}
        self.clock: Clock = clock or SystemClock()
        self.redactor = Redactor()

    def credential(self, variable: str, reference: str | None = None) -> str:
        """What the spec's ``reference`` stands for, or else the value of ``variable``."""
        found = secret_reference(reference)
        return self._value(found if found is not None else SecretReference("env", variable))

    def text(self, text: str) -> str:
        """``text`` with every reference to a secret replaced by its value."""
        for found in references_in(text):
            text = text.replace(str(found), self._value(found))
        return text

    def filled(self, payload: Plain) -> Any:
        """``payload`` with every reference to a secret replaced by its value."""
        if isinstance(payload, str):
            return self.text(payload)
        if isinstance(payload, Mapping):
            return {key: self.filled(member) for key, member in payload.items()}
        if isinstance(payload, Sequence):
            return [self.filled(member) for member in payload]
        return payload

    def service(self, title: str, base_url: str, headers: Mapping[str, str], *, concurrency: int = 8) -> Service:
        """The API at ``base_url``; ``headers`` go with each request."""
        return Service(
            title, self.text(base_url), headers, clock=self.clock, redactor=self.redactor, concurrency=concurrency
        )

    def _value(self, reference: SecretReference) -> str:
        if reference not in self._values:
            value = self._read(reference)
            self.redactor.hide(value)
            self._values[reference] = value
        return self._values[reference]

    def _read(self, reference: SecretReference) -> str:
        name = reference.name
        source = self._sources.get(name) if reference.kind == "secret" else None
        if source is not None and source.file is not None:
            return _from_file(Path(source.file), name)
        if source is not None and source.command is not None:
            return _from_command(source.command, name)
        variable = source.env if source is not None and source.env is not None else name
        if self._environ.get(variable):
            return self._environ[variable]
        folder = self._environ.get(SECRETS_DIR)
        if reference.kind == "secret" and source is None and folder:
            return _from_file(Path(folder) / name, name)
        raise MissingSecretError(f"the variable `{variable}` is not set; it holds a secret that is needed")


def _from_file(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MissingSecretError(f"the secret `{name}` cannot be read from `{path}`: {error}") from None


def _from_command(command: Sequence[str], name: str) -> str:
    try:
        result = subprocess.run(command, capture_output=True, timeout=COMMAND_SECONDS, check=False)  # noqa: S603 - the spec's own
        text = result.stdout.decode()
    except (OSError, UnicodeDecodeError, subprocess.TimeoutExpired) as error:
        raise MissingSecretError(f"`{command[0]}`, which is to print the secret `{name}`, failed: {error}") from None
    if result.returncode:
        raise MissingSecretError(
            f"`{command[0]}`, which is to print the secret `{name}`, ended with exit code {result.returncode}"
        )
    return text.removesuffix("\n")
