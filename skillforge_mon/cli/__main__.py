"""``python -m skillforge_mon.cli``: the same as the console script."""

from skillforge_mon.cli.main import run

run()
