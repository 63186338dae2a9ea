"""Runs one command through typer, which is imported only now."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import Any, cast

import typer

from skillforge_mon.cli.commands import EXIT_CODES, Command
from skillforge_mon.cli.main import DEFECT, INTERRUPTED, USAGE_ERROR

_UsageError = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""Typer brings its own copy of click, or uses the real one, depending on its version: ask its own exception."""


def run_command(command: Command, arguments: list[str]) -> int:
    """Run ``command``; the result is its exit code. A defect of monmc is told as such, never as a traceback."""
    try:
        module = importlib.import_module(command.module)
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(help=module.command.__doc__, epilog=EXIT_CODES)(module.command)
        result = typer.main.get_command(app)(arguments, prog_name=f"monmc {command.name}", standalone_mode=False)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except typer.Abort:
        return INTERRUPTED
    except typer.Exit as ended:
        return ended.exit_code
    except _UsageError as error:
        told: Any = error
        print(f"monmc {command.name}: {told.format_message()}", file=sys.stderr)  # noqa: T201 - a message for people
        print(f"Try `monmc {command.name} --help`.", file=sys.stderr)  # noqa: T201 - a message for people
        return USAGE_ERROR
    except Exception as error:  # noqa: BLE001 - the last net: users never see a traceback
        return _defect(error)
    return result if isinstance(result, int) else 0


def _defect(error: Exception) -> int:
    if os.environ.get("MONMC_DEBUG"):
        traceback.print_exception(error)
    else:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename.rpartition('skillforge_mon')[2].lstrip('/')}:{frame.lineno}"
        print(  # noqa: T201 - a message for people
            f"error[MON9001]: monmc itself has failed: {type(error).__name__}: {error} ({where})\n"
            "  = this is a defect in monmc, not in your spec; nothing was written\n"
            "  = help: run it again with MONMC_DEBUG=1 and report what it prints",
            file=sys.stderr,
        )
    return DEFECT
