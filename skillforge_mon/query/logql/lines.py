"""Selectors of streams, and the stages that each of their lines goes through."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any, Final, Literal, cast

from skillforge_mon.query.logql.errors import LogQLSyntaxError
from skillforge_mon.query.logql.reader import Reader
from skillforge_mon.query.logql.tree import (
    Chosen,
    CompareOp,
    Decolorize,
    Extraction,
    Format,
    LabelFilter,
    LabelFilterTree,
    LabelFormat,
    LabelTest,
    LabelTests,
    LineFilter,
    LineOp,
    LineText,
    LogLines,
    Matcher,
    MatchOp,
    Parser,
    Stage,
    Unwrap,
)
from skillforge_mon.query.promql.regex import RegexError, matches_empty

_MATCH_OPS: Final = ("=", "!=", "=~", "!~")
_LINE_OPS: Final = ("|=", "|~", "|>", "!=", "!~", "!>")
_NUMBER_OPS: Final = ("==", "=", "!=", ">", ">=", "<", "<=")
_STAGE_WORDS: Final = (
    "json", "logfmt", "regexp", "pattern", "unpack", "line_format", "label_format", "decolorize", "drop", "keep",
    "unwrap",
)  # fmt: skip
_CONVERSIONS: Final = ("bytes", "duration", "duration_seconds")
_FLAGS: Final = ("--strict", "--keep-empty")


class LinesReader(Reader):
    """The part of the grammar that chooses lines."""

    def lines(self) -> LogLines:
        """``{…} | …``."""
        start = self.token[2]
        matchers = self._selector()
        stages = self.stages()
        return LogLines(matchers, stages, (start, self.end()))

    def _selector(self) -> tuple[Matcher, ...]:
        opening = self.expect("{", "`{`")
        found: list[Matcher] = []
        while self.kind != "}":
            found.append(self._matcher())
            if self.kind != ",":
                break
            self.advance()
            if self.kind == "}":
                raise self.unexpected("the name of a label")
        self.closing(opening)
        if not any(_chooses(matcher) for matcher in found):
            raise LogQLSyntaxError(
                "the selector takes every stream, and Loki wants a label with a value that is not empty",
                opening[2], self.end(), 'name one, such as `{app="web"}`',
            )  # fmt: skip
        return tuple(found)

    def _matcher(self) -> Matcher:
        start = self.token[2]
        label = self.name("the name of a label or `}`")
        if self.kind not in _MATCH_OPS:
            raise self.unexpected("one of `=`, `!=`, `=~`, `!~`")
        op = cast("MatchOp", self.advance()[0])
        value_start = self.token[2]
        value = self.string("a value")
        if op.endswith("~"):
            self.regex(value, value_start)
        return Matcher(label, op, value, (start, self.end()))

    def regex(self, value: str, start: int) -> None:
        """Refuses what is no regular expression of RE2. Grafana's variables are left to Loki."""
        if "$" in value and self.variables:
            return
        try:
            matches_empty(value)
        except RegexError as error:
            raise LogQLSyntaxError(f"this is no regular expression: {error.message}", start, self.end()) from None

    def stages(self) -> tuple[Stage, ...]:
        """All that stands behind the selector."""
        found: list[Stage] = []
        while self.kind == "|" or self.kind in _LINE_OPS:
            found.append(self._line_filter() if self.kind != "|" else self._stage())
        return tuple(found)

    def _line_filter(self) -> LineFilter:
        _, op, start, _ = self.advance()
        texts = [self._line_text(op)]
        while self.word("or"):
            texts.append(self._line_text(op))
        return LineFilter(cast("LineOp", op), tuple(texts), (start, self.end()))

    def _line_text(self, op: str) -> LineText:
        if self.is_word("ip"):
            if op not in ("|=", "!="):
                raise self.error("addresses are looked for with `|=` and `!=`")
            return LineText(self._ip(), ip=True)
        start = self.token[2]
        value = self.string("what is looked for")
        if op.endswith("~"):
            self.regex(value, start)
        return LineText(value)

    def _ip(self) -> str:
        self.advance()
        opening = self.expect("(", "`(` and an address")
        start = self.token[2]
        value = self.string("an address")
        if not _is_addresses(value) and not (self.variables and "$" in value):
            raise LogQLSyntaxError(
                f"`{value}` is no address", start, self.end(), "write an address, `10.0.0.0/8`, or `10.0.0.1-10.0.0.9`"
            )
        self.closing(opening)
        return value

    def _stage(self) -> Stage:
        _, _, start, _ = self.advance()
        kind, text, _, _ = self.token
        if kind == "word" and text in _STAGE_WORDS:
            self.advance()
            return self._named(text, start)
        if kind == "word" and self.tokens[self.index + 1][0] not in (*_MATCH_OPS, *_NUMBER_OPS):
            raise self.unknown(text, _STAGE_WORDS, "LogQL has no stage")
        if kind not in ("word", "("):
            raise self.unexpected("a stage such as `json`, or a test such as `status >= 500`")
        test = self._tests()
        return LabelFilter(test, (start, self.end()))

    def _named(self, word: str, start: int) -> Stage:
        match word:
            case "regexp" | "pattern":
                return self._with_pattern(cast("Any", word), start)
            case "json" | "logfmt" | "unpack":
                return self._parser(cast("Any", word), start)
            case "line_format":
                return Format(self.string("a template"))
            case "label_format":
                return self._label_format()
            case "drop" | "keep":
                return self._chosen(cast("Any", word))
            case "unwrap":
                return self._unwrap(start)
        return Decolorize()

    def _with_pattern(self, kind: Literal["regexp", "pattern"], start: int) -> Parser:
        place = self.token[2]
        pattern = self.string("a pattern")
        if kind == "regexp":
            self.regex(pattern, place)
            if "(?P<" not in pattern:
                raise LogQLSyntaxError(
                    "the regular expression names no group", place, self.end(), "write one as `(?P<name>…)`"
                )
        elif not re.search(r"<[A-Za-z][A-Za-z0-9_]*>", pattern):
            raise LogQLSyntaxError("the pattern captures nothing", place, self.end(), "name what it finds: `<name>`")
        return Parser(kind, pattern, (), (), (start, self.end()))

    def _parser(self, kind: Literal["json", "logfmt", "unpack"], start: int) -> Parser:
        flags: list[str] = []
        while self.kind == "flag":
            if kind != "logfmt" or self.token[1] not in _FLAGS:
                raise self.error(f"`{kind}` has no flag `{self.token[1]}`")
            flags.append(self.advance()[1])
        extractions: list[Extraction] = []
        while kind != "unpack" and self.kind == "word":
            name = self.name("a label")
            expression = None
            if self.kind == "=":
                self.advance()
                expression = self.string("where the field is")
            extractions.append(Extraction(name, expression))
            if self.kind != ",":
                break
            self.advance()
        return Parser(kind, None, tuple(extractions), tuple(flags), (start, self.end()))

    def _label_format(self) -> LabelFormat:
        found: list[tuple[str, str, bool]] = []
        while True:
            name = self.name("the name of a label")
            self.expect("=", "`=`")
            if self.kind == "word":
                found.append((name, self.name("the name of a label"), False))
            else:
                found.append((name, self.string("a label or a template"), True))
            if self.kind != ",":
                return LabelFormat(tuple(found))
            self.advance()

    def _chosen(self, kind: Literal["drop", "keep"]) -> Chosen:
        found: list[str | Matcher] = []
        while True:
            if self.tokens[self.index + 1][0] in _MATCH_OPS:
                found.append(self._matcher())
            else:
                found.append(self.name("the name of a label"))
            if self.kind != ",":
                return Chosen(kind, tuple(found))
            self.advance()

    def _unwrap(self, start: int) -> Unwrap:
        name = self.name("the label that holds the number")
        if self.kind != "(":
            return Unwrap(name, None, (start, self.end()))
        if name not in _CONVERSIONS:
            self.index -= 1
            raise self.unknown(name, _CONVERSIONS, "LogQL has no conversion")
        opening = self.advance()
        label = self.name("the label that holds the number")
        self.closing(opening)
        return Unwrap(label, name, (start, self.end()))

    def _tests(self) -> LabelFilterTree:
        """Tests joined by `and` (also a comma, or nothing at all) and `or`, which bind alike, from the left."""
        left = self._test()
        while True:
            if self.word("or"):
                left = LabelTests("or", left, self._test())
            elif (
                self.word("and")
                or self._comma()
                or self.kind == "("
                or (self.kind == "word" and self.tokens[self.index + 1][0] in _NUMBER_OPS)
            ):
                left = LabelTests("and", left, self._test())
            else:
                return left

    def _comma(self) -> bool:
        if self.kind == ",":
            self.advance()
            return True
        return False

    def _test(self) -> LabelFilterTree:
        if self.kind == "(":
            self.nesting += 1
            opening = self.advance()
            inner = self._tests()
            self.closing(opening)
            self.nesting -= 1
            return inner
        start = self.token[2]
        label = self.name("the name of a label")
        op = self.kind
        if op not in (*_MATCH_OPS, *_NUMBER_OPS):
            raise self.unexpected("a comparison such as `=` or `>`")
        self.advance()
        kind, value, value_start, _ = self.token
        if kind == "string":
            if op not in _MATCH_OPS:
                raise self.error(f"`{op}` compares numbers", "leave the quotes out")
            self.advance()
            if op.endswith("~"):
                self.regex(value, value_start)
            return LabelTest(label, cast("CompareOp", op), value, "text", (start, self.end()))
        if self.is_word("ip"):
            return LabelTest(label, cast("CompareOp", op), self._ip(), "ip", (start, self.end()))
        if kind in ("number", "duration", "bytes") and op in _NUMBER_OPS:
            self.advance()
            found = cast("Literal['number', 'duration', 'bytes']", kind)
            return LabelTest(label, cast("CompareOp", op), value, found, (start, self.end()))
        if kind == "-" and op in _NUMBER_OPS:
            self.advance()
            number = self.expect("number", "a number")[1]
            return LabelTest(label, cast("CompareOp", op), f"-{number}", "number", (start, self.end()))
        raise self.unexpected("a text in quotes, a number, a duration or a size")


def _is_addresses(text: str) -> bool:
    """An address, a network, or a first and a last address with ``-`` between them."""
    try:
        for part in text.split("-", 1):
            ip_network(part.strip(), strict=False)
    except ValueError:
        return False
    return True


def _chooses(matcher: Matcher) -> bool:
    """Whether the matcher leaves streams out that do not have the label."""
    match matcher.op:
        case "=":
            return matcher.value != ""
        case "!=":
            return matcher.value == ""
        case "=~":
            return not _matches_empty(matcher.value)
    return _matches_empty(matcher.value)


def _matches_empty(pattern: str) -> bool:
    try:
        return matches_empty(pattern)
    except RegexError:
        return False
