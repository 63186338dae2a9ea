"""Who Prometheus says it is. Secrets are only ever named: each stands in a file of its own where the server runs."""

from __future__ import annotations

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import secret_reference


def credentials(
    secrets_dir: str, bearer_token: str | None, username: str | None, password: str | None
) -> dict[str, Plain]:
    """``authorization`` or ``basic_auth`` with paths of files. What is no reference is never written (MON14xx)."""
    token = secret_reference(bearer_token)
    if token is not None:
        return {"authorization": {"credentials_file": token.file_in(secrets_dir)}}
    if username is None:
        return {}
    basic: dict[str, Plain] = {"username": username}
    reference = secret_reference(password)
    if reference is not None:
        basic["password_file"] = reference.file_in(secrets_dir)
    return {"basic_auth": basic}
