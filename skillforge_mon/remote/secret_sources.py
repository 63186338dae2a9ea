"""Where the value of a secret comes from: a variable, a file, or what a command prints."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Span
from skillforge_mon.model.secrets import SecretReference
from skillforge_mon.remote.codes import MISSING_SECRET, SECRET_SOURCE_FAILS

if TYPE_CHECKING:
    from skillforge_mon.spec.models.secrets import Secret

SECRETS_DIR = "MONMC_SECRETS_DIR"
COMMAND_SECONDS = 30


class MissingSecretError(Exception):
    """A secret that is needed cannot be had; the text says which, and why. ``secret`` is its name."""

    def __init__(self, headline: str, *, code: Code = MISSING_SECRET, secret: str = "", advice: str = "") -> None:
        super().__init__(headline)
        self.code = code
        self.secret = secret
        self.advice = advice

    def diagnostic(self, span: Span | None = None) -> Diagnostic:
        """The problem for people, at ``span`` where the caller knows which part of the spec it is about."""
        return self.code.at(span, str(self), help=self.advice)


def read_secret(reference: SecretReference, sources: Mapping[str, Secret], environ: Mapping[str, str]) -> str:
    """The value of ``reference``. Raises ``MissingSecretError``, which holds no part of any value.

    ``${env:NAME}`` is always the variable. ``${secret:NAME}`` comes from its entry in ``sources``; without one from
    the variable of its name, or else from the file of its name in the folder that ``MONMC_SECRETS_DIR`` names.
    """
    name = reference.name
    named = reference.kind == "secret"
    source = sources.get(name) if named else None
    if source is not None and source.file is not None:
        return _from_file(Path(source.file).expanduser(), name)
    if source is not None and source.command is not None:
        return _from_command(source.command, name, environ)
    variable = source.env if source is not None and source.env is not None else name
    value = environ.get(variable)
    if value:
        return value
    folder = environ.get(SECRETS_DIR)
    if named and source is None and folder:
        return _from_file(Path(folder).expanduser() / name, name)
    state = "is not set" if value is None else "is empty"
    raise MissingSecretError(
        f"the variable `{variable}` {state}; it holds a secret that is needed",
        secret=name,
        advice=f"set `{variable}`"
        + (f", or say in `secrets` where `{name}` comes from" if named and source is None else ""),
    )


def _from_file(path: Path, name: str) -> str:
    # The errors hold what was read, so ours is raised when they are gone.
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        problem = "it is not text in UTF-8"
    else:
        value = _without_newline(text)
        if value:
            return value
        problem = "it is empty"
    raise MissingSecretError(
        f"the secret `{name}` cannot be read from `{path}`: {problem}",
        code=SECRET_SOURCE_FAILS,
        secret=name,
        advice="the file holds the secret and nothing else",
    )


def _from_command(command: Sequence[str], name: str, environ: Mapping[str, str]) -> str:
    try:
        result = subprocess.run(  # noqa: S603 - the spec's own command
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=False,
            env=dict(environ),
        )
        text = result.stdout.decode()
    except OSError as error:
        problem = f"cannot be run: {error.strerror or type(error).__name__}"
    except UnicodeDecodeError:
        problem = "printed what is not text in UTF-8"
    except subprocess.TimeoutExpired:
        problem = f"took more than {COMMAND_SECONDS} s"
    else:
        value = _without_newline(text)
        if value and not result.returncode:
            return value
        problem = f"ended with exit code {result.returncode}" if result.returncode else "printed nothing"
    # What it printed is not shown: it may be the secret, or a part of it.
    raise MissingSecretError(
        f"`{command[0]}`, which is to print the secret `{name}`, {problem}",
        code=SECRET_SOURCE_FAILS,
        secret=name,
        advice="run it by hand to see what it says",
    )


def _without_newline(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")
