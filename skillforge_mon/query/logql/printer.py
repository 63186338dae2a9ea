"""Trees to text: one canonical line that parses back to an equal tree."""

from __future__ import annotations

from skillforge_mon.query.logql.tree import (
    PRECEDENCE,
    Binary,
    Chosen,
    Decolorize,
    Format,
    Grouping,
    LabelFilter,
    LabelFilterTree,
    LabelFormat,
    LabelReplace,
    LabelTest,
    LineFilter,
    LineText,
    LogLines,
    LogQL,
    Matcher,
    Matching,
    MetricExpr,
    Number,
    Parser,
    RangeAggregate,
    Stage,
    Unwrap,
    Vector,
    VectorAggregate,
)
from skillforge_mon.query.promql.strings import quote_string


def print_logql(query: LogQL) -> str:
    """The canonical text of ``query``."""
    return _lines(query) if isinstance(query, LogLines) else _metric(query)


def print_selector(matchers: tuple[Matcher, ...]) -> str:
    """``{a="b", c=~"d"}``."""
    return f"{{{', '.join(map(_matcher, matchers))}}}"


def _matcher(matcher: Matcher) -> str:
    return f"{matcher.label}{matcher.op}{quote_string(matcher.value)}"


def _lines(lines: LogLines) -> str:
    return " ".join((print_selector(lines.matchers), *map(_stage, lines.stages)))


def _stage(stage: Stage) -> str:
    match stage:
        case LineFilter():
            return f"{stage.op} {' or '.join(map(_line_text, stage.texts))}"
        case Parser():
            return _parser(stage)
        case LabelFilter():
            return f"| {_test(stage.test)}"
        case Format():
            return f"| line_format {quote_string(stage.template)}"
        case LabelFormat():
            each = (
                f"{name}={quote_string(value) if is_template else value}"
                for name, value, is_template in stage.assignments
            )
            return f"| label_format {', '.join(each)}"
        case Chosen():
            chosen = (label if isinstance(label, str) else _matcher(label) for label in stage.labels)
            return f"| {stage.kind} {', '.join(chosen)}"
        case Decolorize():
            return "| decolorize"
        case Unwrap():
            return f"| unwrap {stage.label if stage.conversion is None else f'{stage.conversion}({stage.label})'}"


def _line_text(text: LineText) -> str:
    quoted = quote_string(text.value)
    return f"ip({quoted})" if text.ip else quoted


def _parser(parser: Parser) -> str:
    words = [parser.kind, *parser.flags]
    if parser.pattern is not None:
        words.append(quote_string(parser.pattern))
    if parser.extractions:
        each = (
            one.name if one.expression is None else f"{one.name}={quote_string(one.expression)}"
            for one in parser.extractions
        )
        words.append(", ".join(each))
    return f"| {' '.join(words)}"


def _test(test: LabelFilterTree) -> str:
    if isinstance(test, LabelTest):
        value = quote_string(test.value) if test.kind in ("text", "ip") else test.value
        return f"{test.label}{test.op}{f'ip({value})' if test.kind == 'ip' else value}"
    # `and` and `or` bind alike in Loki's grammar, to the left; brackets leave no doubt.
    left = _test(test.left)
    right = _test(test.right)
    if not isinstance(test.left, LabelTest) and test.left.op != test.op:
        left = f"({left})"
    if not isinstance(test.right, LabelTest):
        right = f"({right})"
    return f"{left} {test.op} {right}"


def _metric(expr: MetricExpr) -> str:
    match expr:
        case RangeAggregate():
            return _range(expr)
        case VectorAggregate():
            inner = f"{expr.param}, " if expr.param is not None else ""
            grouping = f" {_grouping(expr.grouping)} " if expr.grouping is not None else ""
            return f"{expr.op}{grouping}({inner}{_metric(expr.expr)})"
        case Binary():
            return _binary(expr)
        case Number():
            return expr.text
        case Vector():
            return f"vector({expr.number})"
        case LabelReplace():
            return f"label_replace({', '.join((_metric(expr.expr), *map(quote_string, expr.texts)))})"


def _range(expr: RangeAggregate) -> str:
    param = f"{expr.param}, " if expr.param is not None else ""
    offset = f" offset {expr.offset.text}" if expr.offset is not None else ""
    gap = " " if expr.lines.stages else ""
    text = f"{expr.op}({param}{_lines(expr.lines)}{gap}[{expr.length.text}]{offset})"
    return text if expr.grouping is None else f"{text} {_grouping(expr.grouping)}"


def _grouping(grouping: Grouping) -> str:
    return f"{'without' if grouping.without else 'by'} ({', '.join(grouping.labels)})"


def _binary(expr: Binary) -> str:
    own = PRECEDENCE[expr.op]
    right_first = expr.op == "^"
    left = _enclosed(expr.left, own + 1 if right_first else own)
    right = _enclosed(expr.right, own if right_first else own + 1)
    words = [expr.op]
    if expr.bool_:
        words.append("bool")
    if expr.matching is not None:
        words.append(_matching(expr.matching))
    return f"{left} {' '.join(words)} {right}"


def _enclosed(expr: MetricExpr, least: int) -> str:
    text = _metric(expr)
    loose = isinstance(expr, Binary) and PRECEDENCE[expr.op] < least
    return f"({text})" if loose else text


def _matching(matching: Matching) -> str:
    text = f"{'on' if matching.on else 'ignoring'} ({', '.join(matching.labels)})"
    if matching.group:
        text += f" group_{matching.group} ({', '.join(matching.include)})"
    return text
