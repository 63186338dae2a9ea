"""What it takes for a query to be a condition."""

from __future__ import annotations

from skillforge_mon.query.logql.tree import COMPARISONS, Binary, LogQL


def compares_itself(tree: LogQL | None) -> bool:
    """True when the query keeps only values that stand a comparison."""
    if not isinstance(tree, Binary):
        return False
    if tree.op in COMPARISONS:
        return not tree.bool_
    if tree.op in {"and", "or"}:
        return compares_itself(tree.left) or compares_itself(tree.right)
    return tree.op == "unless" and compares_itself(tree.left)
