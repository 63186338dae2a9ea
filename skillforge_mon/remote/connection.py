"""One run's way to the systems: where secrets come from, and the services that are made with them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import SecretReference, references_in, secret_reference
from skillforge_mon.remote.clock import Clock, SystemClock
from skillforge_mon.remote.interrupt import stopping
from skillforge_mon.remote.redaction import Redactor
from skillforge_mon.remote.secret_sources import SECRETS_DIR, MissingSecretError, read_secret
from skillforge_mon.remote.service import Service

if TYPE_CHECKING:
    from skillforge_mon.spec.models.secrets import Secret

__all__ = ("SECRETS_DIR", "Connection", "MissingSecretError")


class Connection:
    """Secrets by name, each resolved once and hidden from then on, and services that hide them too.

    ``sources`` are those of the spec's ``secrets``; a secret without one comes from the variable of its name, or from
    the file of its name in the folder that ``MONMC_SECRETS_DIR`` names. Raises ``MissingSecretError``. Safe to use
    from many threads. As a context manager it closes its services, and Ctrl-C stops them.
    """

    def __init__(
        self, sources: Mapping[str, Secret], environ: Mapping[str, str], *, clock: Clock | None = None
    ) -> None:
        self._sources = sources
        self._environ = environ
        self._values: dict[SecretReference, str] = {}
        self._services: list[Service] = []
        self._lock = threading.RLock()
        self.clock: Clock = clock or SystemClock()
        self.redactor = Redactor()
        self.stopped = threading.Event()
        self._block = ExitStack()

    def __enter__(self) -> Self:
        self._block.enter_context(stopping(self.stop))
        self._block.callback(self.close)
        return self

    def __exit__(self, *_error: object) -> None:
        self._block.close()

    def credential(self, variable: str, reference: str | None = None) -> str:
        """What the spec's ``reference`` stands for, or else the secret of the name ``variable``."""
        found = secret_reference(reference)
        return self._value(found if found is not None else SecretReference("secret", variable))

    def text(self, text: str) -> str:
        """``text`` with every reference to a secret replaced by its value."""
        parts = []
        for found in references_in(text):
            before, _, text = text.partition(str(found))
            parts += [before, self._value(found)]
        return "".join((*parts, text))

    def filled(self, payload: Plain) -> Any:
        """``payload`` with every reference to a secret replaced by its value."""
        if isinstance(payload, str):
            return self.text(payload)
        if isinstance(payload, Mapping):
            return {key: self.filled(member) for key, member in payload.items()}
        if isinstance(payload, Sequence):
            return [self.filled(member) for member in payload]
        return payload

    def service(
        self, title: str, base_url: str, headers: Mapping[str, str], *, concurrency: int = 8, credentials: str = ""
    ) -> Service:
        """The API at ``base_url``; ``headers`` go with each request.

        ``credentials`` tells people where those in ``headers`` come from; without it, the secrets that are in them are
        named.
        """
        service = Service(
            title,
            self.text(base_url),
            headers,
            clock=self.clock,
            redactor=self.redactor,
            concurrency=concurrency,
            credentials=credentials or self._named(headers.values()),
            stop=self.stopped,
        )
        with self._lock:
            self._services.append(service)
        return service

    def stop(self) -> None:
        """End every wait of every service at once, for Ctrl-C; what is under way comes to its end."""
        self.stopped.set()

    def close(self) -> None:
        """Close the connections of all services."""
        with self._lock:
            services = tuple(self._services)
        for service in services:
            service.close()

    def _named(self, texts: Iterable[str]) -> str:
        """The names of the secrets in ``texts``, also where they are in base 64 there."""
        joined = "\n".join(texts)
        with self._lock:
            known = tuple(self._values.items())
        names = set()
        for reference, value in known:
            of_one = Redactor()
            of_one.hide(value)
            if of_one.clean(joined) != joined:
                names.add(reference.name)
        return ", ".join(f"`{name}`" for name in sorted(names))

    def _value(self, reference: SecretReference) -> str:
        with self._lock:
            if reference not in self._values:
                value = read_secret(reference, self._sources, self._environ)
                self.redactor.hide(value)
                self._values[reference] = value
            return self._values[reference]
