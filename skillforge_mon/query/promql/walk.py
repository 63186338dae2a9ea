"""Going through trees, and rebuilding them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from skillforge_mon.query.promql.tree import (
    METRIC_NAME_LABEL,
    Aggregate,
    Binary,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    Paren,
    StringLiteral,
    Subquery,
    Unary,
    VectorSelector,
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside ``expr``, in the order in which they are written."""
    match expr:
        case Paren() | Unary() | Subquery():
            return (expr.expr,)
        case Binary():
            return (expr.lhs, expr.rhs)
        case Aggregate():
            return (expr.expr,) if expr.param is None else (expr.param, expr.expr)
        case Call():
            return expr.args
        case MatrixSelector():
            return (expr.vector,)
        case NumberLiteral() | StringLiteral() | VectorSelector():
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """``expr`` and everything inside it, each node before its children, in the order of the text."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def walk_with_parents(expr: Expr) -> Iterator[tuple[Expr, tuple[Expr, ...]]]:
    """Like ``walk``, each node with its ancestors, the root first."""
    stack: list[tuple[Expr, tuple[Expr, ...]]] = [(expr, ())]
    while stack:
        node, parents = stack.pop()
        yield node, parents
        below = (*parents, node)
        stack.extend((child, below) for child in reversed(children(node)))


def selectors(expr: Expr) -> Iterator[VectorSelector]:
    """All selectors, those of ranges included, in the order of the text."""
    for node in walk(expr):
        if isinstance(node, VectorSelector):
            yield node


def metric_name(selector: VectorSelector) -> str | None:
    """The one metric that ``selector`` reads, be it named or matched as ``{__name__="…"}``; None when it may be any."""
    if selector.name is not None:
        return selector.name
    for matcher in selector.matchers:
        if matcher.label == METRIC_NAME_LABEL and matcher.op == "=" and matcher.value:
            return matcher.value
    return None


def transform(expr: Expr, function: Callable[[Expr], Expr]) -> Expr:
    """Rebuilds ``expr`` from the leaves up: every node, its children transformed already, is replaced by
    ``function(node)``. Nodes that nothing was changed in are the same objects as before.

    The selector of a range must be replaced by a selector, otherwise TypeError is raised.
    """
    return function(_with_children(expr, function))


def _with_children(expr: Expr, function: Callable[[Expr], Expr]) -> Expr:
    match expr:
        case Paren() | Unary() | Subquery():
            inner = transform(expr.expr, function)
            return expr if inner is expr.expr else replace(expr, expr=inner)
        case Binary():
            lhs, rhs = transform(expr.lhs, function), transform(expr.rhs, function)
            return expr if lhs is expr.lhs and rhs is expr.rhs else replace(expr, lhs=lhs, rhs=rhs)
        case Aggregate():
            param = None if expr.param is None else transform(expr.param, function)
            inner = transform(expr.expr, function)
            return expr if inner is expr.expr and param is expr.param else replace(expr, expr=inner, param=param)
        case Call():
            args = tuple([transform(argument, function) for argument in expr.args])
            unchanged = all(new is old for new, old in zip(args, expr.args, strict=True))
            return expr if unchanged else replace(expr, args=args)
        case MatrixSelector():
            vector = transform(expr.vector, function)
            if not isinstance(vector, VectorSelector):
                raise TypeError(f"a range can only have a selector, not {type(vector).__name__}")
            return expr if vector is expr.vector else replace(expr, vector=vector)
        case NumberLiteral() | StringLiteral() | VectorSelector():
            return expr
