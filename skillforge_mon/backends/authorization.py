"""Who monmc says it is to a server that takes a bearer token or a name and a password."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from skillforge_mon.remote.connection import Connection


class Credentials(Protocol):
    """A target whose server may stand behind a login; none of the three is needed."""

    @property
    def token(self) -> str | None:
        """A reference to a bearer token."""
        ...

    @property
    def username(self) -> str | None:
        """The name of a user."""
        ...

    @property
    def password(self) -> str | None:
        """A reference to that user's password."""
        ...


def authorization(target: Credentials, connection: Connection) -> dict[str, str]:
    """The header ``Authorization`` for ``target``; no header where it names no credentials.

    A token comes first. Raises ``MissingSecretError`` where a secret that is named cannot be had.
    """
    if target.token is not None:
        return {"Authorization": f"Bearer {connection.text(target.token)}"}
    return basic(target.username, target.password, connection)


def basic(username: str | None, password: str | None, connection: Connection) -> dict[str, str]:
    """The header for a name and a reference to a password; no header without a name."""
    if username is None:
        return {}
    pair = f"{connection.text(username)}:{connection.text(password) if password is not None else ''}"
    # What is sent is neither the password nor its own base 64, and must not be shown either.
    connection.redactor.hide(pair)
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
