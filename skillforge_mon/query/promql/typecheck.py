"""What Prometheus refuses about an expression although its grammar is right: types, counts, matchers, modifiers."""

from __future__ import annotations

from dataclasses import replace

from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.functions import FUNCTIONS, Function
from skillforge_mon.query.promql.regex import NO_LOOK_AROUND, RegexError, matches_empty
from skillforge_mon.query.promql.tree import (
    AGGREGATIONS,
    COMPARISONS,
    SET_OPERATORS,
    At,
    Binary,
    Call,
    Duration,
    Expr,
    Matcher,
    MatrixSelector,
    Span,
    Subquery,
    ValueType,
    VectorMatching,
    VectorSelector,
)

_SCALAR, _VECTOR = ValueType.SCALAR, ValueType.VECTOR


def _named(kind: ValueType) -> str:
    return f"an {kind}" if kind is _VECTOR else f"a {kind}"


def check_selector(selector: VectorSelector) -> None:
    """A selector must name a metric, or have a matcher that an absent label would not satisfy."""
    if selector.name is None and not any(_demands(matcher) for matcher in selector.matchers):
        raise PromQLSyntaxError(
            "the selector matches every series", *selector.span,
            "name a metric, or add a matcher that does not match the empty string",
        )  # fmt: skip


def _demands(matcher: Matcher) -> bool:
    """True when a series without the label does not match."""
    if matcher.op == "=":
        return bool(matcher.value)
    if matcher.op == "!=":
        return not matcher.value
    return matches_empty(matcher.value) is (matcher.op == "!~")


def second_name(outside: str, inside: str, start: int, end: int) -> PromQLSyntaxError:
    """The error for a metric that is named before the braces and again inside them."""
    return PromQLSyntaxError(
        f"the metric is named twice: `{outside}` before the braces and `{inside}` inside them", start, end
    )


def check_regex(matcher: Matcher, text: str) -> None:
    """The value of ``=~`` and ``!~`` must be a regular expression of RE2."""
    try:
        matches_empty(matcher.value)
    except RegexError as problem:
        start, end = matcher.value_span
        if text[start + 1 : end - 1] == matcher.value:
            start, end = start + 1 + problem.start, start + 1 + problem.end
        instead = "use a second matcher with `!~`" if problem.message.startswith(NO_LOOK_AROUND) else ""
        raise PromQLSyntaxError(
            f"the regular expression is not valid: {problem.message}", start, end, instead
        ) from None


def range_of(expr: Expr, start: int, end: int) -> VectorSelector:
    """The selector that ``[5m]`` stands behind."""
    if not isinstance(expr, VectorSelector):
        raise PromQLSyntaxError(
            "a range such as `[5m]` can only follow a selector", start, end,
            "for the range of an expression write a subquery: `(…)[5m:]`",
        )  # fmt: skip
    if expr.offset is not None:
        raise PromQLSyntaxError("`offset` must stand behind the range, not before it", *expr.offset.span)
    if expr.at is not None and not isinstance(expr.at.time, str):
        raise PromQLSyntaxError("`@` must stand behind the range, not before it", *expr.at.span)
    return expr


def check_subquery(expr: Expr) -> None:
    """Only an instant vector has a subquery."""
    if expr.type is not _VECTOR:
        raise PromQLSyntaxError(f"a subquery needs an instant vector, this is {_named(expr.type)}", *expr.span)


def with_offset(expr: Expr, offset: Duration, start: int, end: int) -> Expr:
    """``expr offset …``, ending at ``end``."""
    selecting = expr.vector if isinstance(expr, MatrixSelector) else expr
    if not isinstance(selecting, (VectorSelector, Subquery)):
        raise PromQLSyntaxError("`offset` can only follow a selector or a subquery", start, end)
    if selecting.offset is not None:
        raise PromQLSyntaxError("there is an `offset` already", start, end)
    shifted = replace(selecting, offset=offset if offset.milliseconds else None)
    return _extended(expr, shifted, end)


def with_at(expr: Expr, at: At, end: int) -> Expr:
    """``expr @ …``, ending at ``end``."""
    selecting = expr.vector if isinstance(expr, MatrixSelector) else expr
    if not isinstance(selecting, (VectorSelector, Subquery)):
        raise PromQLSyntaxError("`@` can only follow a selector or a subquery", *at.span)
    if selecting.at is not None:
        raise PromQLSyntaxError("there is an `@` already", *at.span)
    return _extended(expr, replace(selecting, at=at), end)


def _extended(expr: Expr, selecting: VectorSelector | Subquery, end: int) -> Expr:
    if isinstance(expr, MatrixSelector) and isinstance(selecting, VectorSelector):
        return replace(expr, vector=selecting, span=(expr.span[0], end))
    return replace(selecting, span=(selecting.span[0], end))


def check_signed(expr: Expr) -> None:
    """A sign stands only before numbers and instant vectors."""
    if expr.type is not _SCALAR and expr.type is not _VECTOR:
        raise PromQLSyntaxError(
            f"a sign can only stand before a scalar or an instant vector, this is {_named(expr.type)}", *expr.span
        )


def check_bool(op: str, start: int, end: int) -> None:
    """``bool`` belongs to comparisons."""
    if op not in COMPARISONS:
        raise PromQLSyntaxError(f"`bool` is for comparisons, `{op}` is none", start, end)


def check_group(op: str, word: str, start: int, end: int) -> None:
    """Set operators do not take ``group_left`` and ``group_right``."""
    if op in SET_OPERATORS:
        raise PromQLSyntaxError(f"`{word}` is not allowed with `{op}`, which is always many-to-many", start, end)


def check_include(matching: VectorMatching) -> None:
    """A label of ``on`` must not be taken over by ``group_left`` as well."""
    if matching.on:
        on = {label.name for label in matching.labels}
        for label in matching.include:
            if label.name in on:
                raise PromQLSyntaxError(
                    f"label `{label.name}` is in `on` already, so it is on both sides", *label.span,
                    "remove it from the group's list",
                )  # fmt: skip


def checked_binary(binary: Binary) -> Binary:
    """``binary``, its operands' types checked; matching between scalars, which means nothing, is dropped."""
    left, right = binary.lhs.type, binary.rhs.type
    if left is _VECTOR and right is _VECTOR:
        return binary
    op = binary.op
    for side, kind in ((binary.lhs, left), (binary.rhs, right)):
        if kind is not _SCALAR and kind is not _VECTOR:
            raise PromQLSyntaxError(
                f"`{op}` works on scalars and instant vectors, this is {_named(kind)}", *side.span,
                "wrap it in a function such as `rate(…)`" if kind is ValueType.MATRIX else "",
            )  # fmt: skip
    if op in SET_OPERATORS:
        side = binary.lhs if left is _SCALAR else binary.rhs
        raise PromQLSyntaxError(
            f"`{op}` works on instant vectors only, this is a scalar", *side.span, "turn it into one: `vector(…)`"
        )
    if op in COMPARISONS and not binary.return_bool and left is _SCALAR and right is _SCALAR:
        raise PromQLSyntaxError(f"a comparison of two scalars must be written `{op} bool`", *binary.op_span)
    if binary.matching is None:
        return binary
    if binary.matching.labels:
        raise PromQLSyntaxError(
            "labels can only be matched between two instant vectors, one side is a scalar", *binary.matching.span
        )
    return replace(binary, matching=None)


def known_function(name: str, start: int, end: int) -> Function:
    """The function called ``name``; for any other name the error suggests the nearest function or aggregation."""
    function = FUNCTIONS.get(name)
    if function is None:
        import difflib  # only a misspelt name needs it

        lower = name.lower()
        near = [lower] if lower in FUNCTIONS else difflib.get_close_matches(lower, (*FUNCTIONS, *AGGREGATIONS), 1, 0.7)
        raise PromQLSyntaxError(
            f"there is no function `{name}`", start, end, f"did you mean `{near[0]}`?" if near else ""
        )
    return function


def check_call(call: Call, function: Function, text: str) -> None:
    """The arguments' number and types."""
    given = len(call.args)
    fewest, most = function.fewest, function.most
    if given < fewest or (most is not None and given > most):
        if most is None:
            wanted = f"at least {fewest}"
        elif most == fewest:
            wanted = f"{fewest}" if fewest else "no"
        else:
            wanted = f"{fewest} or {most}"
        plural = "argument" if wanted.endswith(" 1") or wanted == "1" else "arguments"
        raise PromQLSyntaxError(f"`{call.function}` takes {wanted} {plural}, not {given}", *call.span)
    last = len(function.arguments) - 1
    for position, argument in enumerate(call.args):
        expected = function.arguments[min(position, last)]
        actual = argument.type
        if actual is not expected:
            raise PromQLSyntaxError(
                f"`{call.function}` needs {_named(expected)} here, this is {_named(actual)}", *argument.span,
                _conversion(expected, actual, argument),
            )  # fmt: skip
    if function.name == "info" and given > 1:
        _check_info(call.args[1], text)


def _check_info(selector: Expr, text: str) -> None:
    if not isinstance(selector, VectorSelector):
        raise PromQLSyntaxError("`info` needs label matchers in braces here", *selector.span)
    if selector.name is not None and text[selector.name_span[0]] not in "\"'`":
        raise PromQLSyntaxError(
            "`info` needs label matchers only, not a metric", *selector.name_span,
            f'write `{{__name__="{selector.name}"}}`',
        )  # fmt: skip


def _conversion(expected: ValueType, actual: ValueType, argument: Expr) -> str:
    if expected is ValueType.MATRIX and actual is _VECTOR:
        return "add a range: `[5m]`" if isinstance(argument, VectorSelector) else "add a subquery: `[5m:]`"
    if expected is _VECTOR and actual is _SCALAR:
        return "turn it into a vector: `vector(…)`"
    if expected is _SCALAR and actual is _VECTOR:
        return "turn it into a scalar: `scalar(…)`"
    return ""


def aggregate_arguments(op: str, arguments: list[Expr], op_span: Span, span: Span) -> tuple[Expr, Expr | None]:
    """The expression that is aggregated and the parameter, their number and types checked."""
    param_type = AGGREGATIONS[op]
    wanted = 1 if param_type is None else 2
    if len(arguments) != wanted:
        kinds = f"{_named(_VECTOR)}" if param_type is None else f"{_named(param_type)} and {_named(_VECTOR)}"
        raise PromQLSyntaxError(
            f"`{op}` takes {wanted} argument{'s' if wanted > 1 else ''}, {kinds}; not {len(arguments)}", *span
        )
    param = None if param_type is None else arguments[0]
    if param is not None and param.type is not param_type and param_type is not None:
        raise PromQLSyntaxError(
            f"the parameter of `{op}` must be {_named(param_type)}, this is {_named(param.type)}", *param.span,
            _conversion(param_type, param.type, param),
        )  # fmt: skip
    expr = arguments[-1]
    if expr.type is not _VECTOR:
        raise PromQLSyntaxError(
            f"`{op}` aggregates an instant vector, this is {_named(expr.type)}", *expr.span,
            "wrap it in a function such as `rate(…)`" if expr.type is ValueType.MATRIX else
            _conversion(_VECTOR, expr.type, expr),
        )  # fmt: skip
    return expr, param
