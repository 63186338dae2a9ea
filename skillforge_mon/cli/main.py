"""``monmc``: finds the command, runs it, and turns every way to end into an exit code."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from skillforge_mon.cli.commands import COMMANDS, EXIT_CODES
from skillforge_mon.version import VERSION

USAGE_ERROR = 64
DEFECT = 70
INTERRUPTED = 130
BROKEN_PIPE = 141


def run() -> NoReturn:
    """The console script.

    The process ends at once: taking a large project apart object by object takes a tenth of a build, for nothing. For
    the same reason cycles are not collected while it runs.
    """
    gc.disable()
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = BROKEN_PIPE
    os._exit(code)


def main(arguments: list[str]) -> int:
    """Run ``monmc`` with ``arguments``; the result is its exit code. Nothing is raised."""
    try:
        return _dispatch(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201 - a message for people
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone: point stdout elsewhere, so that closing it does not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def _dispatch(arguments: list[str]) -> int:
    first = arguments[0] if arguments else "--help"
    if first in {"--version", "-V"}:
        print(f"monmc {VERSION}")  # noqa: T201 - the answer
        return 0
    if first in {"--help", "-h", "help"} and len(arguments) <= 1:
        print(overview(), end="")  # noqa: T201 - the answer
        return 0
    if first == "help":
        arguments = [arguments[1], "--help"]
        first = arguments[0]
    command = next((command for command in COMMANDS if command.name == first), None)
    if command is None:
        return _unknown(first)
    from skillforge_mon.cli.running import run_command

    return run_command(command, arguments[1:])


def overview() -> str:
    """What ``monmc --help`` prints."""
    width = max(len(command.name) for command in COMMANDS)
    lines = [
        "Usage: monmc COMMAND [OPTIONS] [ARGUMENTS]",
        "",
        "One monitoring spec in, the native configuration of every system out.",
        "",
        "Commands:",
        *(f"  {command.name:<{width}}  {command.summary}" for command in COMMANDS),
        "",
        "Options:",
        f"  {'--help':<{width + 2}}  Print this, or with a command, its options.",
        f"  {'--version':<{width + 2}}  Print the version.",
        "",
        EXIT_CODES,
    ]
    return "\n".join(lines) + "\n"


def _unknown(word: str) -> int:
    from skillforge_mon.spec.suggest import suggestion

    kind = "option" if word.startswith("-") else "command"
    helping = suggestion(word, [command.name for command in COMMANDS])
    print(f"monmc: there is no {kind} `{word}`{'; ' + helping if helping else ''}", file=sys.stderr)  # noqa: T201
    print("Try `monmc --help`.", file=sys.stderr)  # noqa: T201 - a message for people
    return USAGE_ERROR
