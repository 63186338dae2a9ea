"""What can go wrong when an API is asked. Each says for a person what happened; none holds a secret.

Exception
  RemoteError          anything below
    RefusedError       the request is wrong
    UnauthorisedError  the credentials are
    NotFoundError      there is no such object
    ConflictError      the object is another than was thought
    UnavailableError   the system does not do its work
    LostAnswerError    nobody knows whether it did
    StoppedError       monmc was told to end
"""

from __future__ import annotations


class RemoteError(Exception):
    """An API did not do what it was asked. ``status`` is that of its answer, 0 where none came.

    The text names the system, the request and what the answer said, redacted: ``Datadog answered 400 to POST
    /api/v1/monitor: The value provided for parameter 'query' is invalid``.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class RefusedError(RemoteError):
    """The request is wrong, and would be refused again (400, 405, 413, 422, …)."""


class UnauthorisedError(RemoteError):
    """The credentials are missing, expired, or lack a permission (401, 403)."""


class NotFoundError(RemoteError):
    """There is no such object (404, 410)."""


class ConflictError(RemoteError):
    """The object is not what it was when it was read, or one of that name exists (409, 412)."""


class UnavailableError(RemoteError):
    """The system did not answer, or only with errors of its own, however often it was asked."""


class LostAnswerError(RemoteError):
    """A request that must not be repeated blindly was sent, and nobody knows whether it took effect.

    The answer was lost (time-out, reset, 5xx). Whoever creates an object looks for it before trying again.
    """


class StoppedError(RemoteError):
    """monmc was told to end before the request was sent; it had no effect."""

    def __init__(self, message: str = "stopped before the request was sent", status: int = 0) -> None:
        super().__init__(message, status)
