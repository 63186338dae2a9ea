"""The right to push one project and environment, or why it cannot be had; for the commands that change live objects."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.push.state import State

if TYPE_CHECKING:
    from skillforge_mon.compiler import Compilation
    from skillforge_mon.push.session import Session


def begin(folder: Path, compilation: Compilation, stack: ExitStack) -> Session | list[Diagnostic]:
    """The session of a project, which ends with ``stack``; what it remembers is below ``folder``."""
    from skillforge_mon.push.codes import PUSH_GOES_ON, STATE_UNUSABLE
    from skillforge_mon.push.lock import PushGoesOn
    from skillforge_mon.push.session import open_session

    state = State(folder, compilation.name, compilation.environment)
    try:
        return stack.enter_context(open_session(state))
    except PushGoesOn as error:
        headline = (
            f"another monmc (process {error.holder or 'unknown'}) is pushing `{state.project}/{state.environment}`"
        )
        return [PUSH_GOES_ON.at(None, headline, help="wait for it to end, then run this again")]
    except OSError as error:
        return [STATE_UNUSABLE.at(None, f"cannot use `{error.filename or folder}`: {error.strerror}")]
    except ValueError as error:
        headline = f"`{state.pushed}` is damaged: {error}"
        return [STATE_UNUSABLE.at(None, headline, help="delete it: monmc then takes every difference for the spec's")]
