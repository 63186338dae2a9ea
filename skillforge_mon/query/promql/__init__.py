"""PromQL: lexer, parser, tree with places, printer, functions and the versions that brought them."""

from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.parser import parse
from skillforge_mon.query.promql.pretty import pretty
from skillforge_mon.query.promql.printer import print_expr
from skillforge_mon.query.promql.tree import (
    Aggregate,
    At,
    Binary,
    Call,
    Card,
    Duration,
    Expr,
    Grouping,
    LabelName,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    Paren,
    StringLiteral,
    Subquery,
    Unary,
    ValueType,
    VectorMatching,
    VectorSelector,
)
from skillforge_mon.query.promql.versions import Requirement, requirements
from skillforge_mon.query.promql.walk import metric_name, selectors, transform, walk, walk_with_parents

__all__ = [
    "Aggregate",
    "At",
    "Binary",
    "Call",
    "Card",
    "Duration",
    "Expr",
    "Grouping",
    "LabelName",
    "Matcher",
    "MatrixSelector",
    "NumberLiteral",
    "Paren",
    "PromQLSyntaxError",
    "Requirement",
    "StringLiteral",
    "Subquery",
    "Unary",
    "ValueType",
    "VectorMatching",
    "VectorSelector",
    "metric_name",
    "parse",
    "pretty",
    "print_expr",
    "requirements",
    "selectors",
    "transform",
    "walk",
    "walk_with_parents",
]
