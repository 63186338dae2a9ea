"""LogQL, the language of Loki: lexer, parser, tree with places, printer."""

from skillforge_mon.query.logql.errors import LogQLSyntaxError
from skillforge_mon.query.logql.parser import parse_logql
from skillforge_mon.query.logql.printer import print_logql

__all__ = ["LogQLSyntaxError", "parse_logql", "print_logql"]
