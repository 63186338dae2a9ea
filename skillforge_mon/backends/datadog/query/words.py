"""Whether the functions, methods and aggregators of a query exist, and whether they take what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from skillforge_mon.backends.datadog.query import codes, functions
from skillforge_mon.backends.datadog.query.functions import Parameter, Signature
from skillforge_mon.backends.datadog.query.problem import Problem
from skillforge_mon.backends.datadog.query.scope_tree import Place
from skillforge_mon.backends.datadog.query.tree import (
    Argument,
    Function,
    Keyword,
    Method,
    Metric,
    Node,
    Number,
    Text,
    Word,
    nodes,
)
from skillforge_mon.spec.suggest import listed, nearest

SPACE_AGGREGATORS: Final = ("avg", "sum", "min", "max", "count")
"""How series become one. [api] Monitor.query; ``count`` of distributions."""
_PERCENTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]+)?)")


def expression_problems(expression: Node) -> Iterator[Problem]:
    """What is wrong with the words of ``expression``."""
    for node in nodes(expression):
        if isinstance(node, Function):
            yield from _function(node)
        elif isinstance(node, Metric):
            yield from _metric(node)


def method_problems(methods: tuple[Method, ...], known: Mapping[str, Signature], of: str) -> Iterator[Problem]:
    """What is wrong with ``methods`` of what is called ``of``: only ``known`` ones may stand there."""
    for method in methods:
        signature = known.get(method.name)
        name = (method.place[0], method.place[0] + len(method.name))
        if signature is None:
            yield _unknown(f"{of} have no method `{method.name}`", name, method.name, tuple(known))
        else:
            yield from _arguments(f".{method.name}()", signature, method.arguments, method.place)


def _function(function: Function) -> Iterator[Problem]:
    name = (function.place[0], function.place[0] + len(function.name))
    signature = functions.FUNCTIONS.get(function.name)
    if signature is not None:
        yield from _arguments(f"{function.name}()", signature, function.parameters, function.place)
    elif function.name in functions.GRAPHS_ONLY:
        yield Problem(codes.UNKNOWN_WORD, f"`{function.name}()` is for graphs only", name)
    else:
        yield _unknown(
            f"there is no function `{function.name}`", name, function.name, tuple(functions.FUNCTIONS), most=0
        )


def _metric(metric: Metric) -> Iterator[Problem]:
    place = (metric.place[0], metric.place[0] + len(metric.space))
    if not metric.space:
        help_ = f"write `avg:{metric.name}`, or another of: {', '.join(SPACE_AGGREGATORS)}, p95"
        yield Problem(codes.UNKNOWN_WORD, f"`{metric.name}` has no aggregator", metric.named, help_)
    elif metric.space not in SPACE_AGGREGATORS:
        percentile = _PERCENTILE.fullmatch(metric.space)
        if percentile is None or float(percentile[1]) == 0:
            message = f"series are not put together by `{metric.space}`"
            yield _unknown(message, place, metric.space, (*SPACE_AGGREGATORS, "p50 to p99.9"))
    if metric.values is not None and metric.space != "count":
        help_ = f"write `count(v: v{metric.values.op}…)`"
        yield Problem(codes.UNKNOWN_WORD, f"values are counted, and this is `{metric.space}`", place, help_)
    yield from method_problems(metric.methods, functions.METRIC_METHODS, "metrics")


def _unknown(message: str, place: Place, word: str, known: tuple[str, ...], most: int = 12) -> Problem:
    meant = nearest(word, known)
    if meant:
        help_ = f"did you mean `{meant}`?"
    else:
        help_ = f"there is: {listed(known, most)}" if most else "see “Functions” in Datadog's documentation"
    return Problem(codes.UNKNOWN_WORD, message, place, help_)


def _arguments(name: str, signature: Signature, arguments: tuple[Argument, ...], whole: Place) -> Iterator[Problem]:
    plain = [argument for argument in arguments if not isinstance(argument, Keyword)]
    names = ", ".join(parameter.name for parameter in signature.parameters)
    if len(plain) < signature.required:
        missing = signature.parameters[len(plain)].name
        yield Problem(codes.ARGUMENT, f"`{name}` lacks its {missing}", whole, f"it takes: {names}")
    if len(plain) > len(signature.parameters) and not signature.further:
        further = plain[len(signature.parameters)]
        help_ = f"it takes: {names}" if names else "it takes none"
        yield Problem(codes.ARGUMENT, f"`{name}` takes no further argument", further.place, help_)
    for parameter, given in zip(signature.parameters, plain, strict=False):
        yield from _argument(name, parameter, given)
    for argument in arguments:
        if isinstance(argument, Keyword):
            named = signature.keywords.get(argument.name)
            if named is None and not signature.further:
                place = (argument.place[0], argument.place[0] + len(argument.name))
                yield _unknown_keyword(name, argument.name, place, tuple(signature.keywords))
            elif named is not None:
                yield from _argument(name, named, argument.value)


def _unknown_keyword(name: str, keyword: str, place: Place, known: tuple[str, ...]) -> Problem:
    meant = nearest(keyword, known)
    help_ = f"did you mean `{meant}`?" if meant else (f"it takes: {', '.join(known)}" if known else "leave it out")
    return Problem(codes.ARGUMENT, f"`{name}` takes no `{keyword}`", place, help_)


def _argument(name: str, parameter: Parameter, argument: Number | Text | Word) -> Iterator[Problem]:
    if isinstance(argument, Number) != (parameter.kind == "number") and parameter.kind != "either":
        wanted = "a number" if parameter.kind == "number" else "a text"
        yield Problem(codes.ARGUMENT, f"the {parameter.name} of `{name}` is {wanted}", argument.place)
    elif parameter.choices and not isinstance(argument, Number):
        folded = {choice.casefold(): choice for choice in parameter.choices}
        if argument.value.casefold() not in folded:
            meant = nearest(argument.value, parameter.choices)
            help_ = f"did you mean `{meant}`?" if meant else f"there is: {', '.join(parameter.choices)}"
            message = f"`{argument.value}` is no {parameter.name} of `{name}`"
            yield Problem(codes.ARGUMENT, message, argument.place, help_)
