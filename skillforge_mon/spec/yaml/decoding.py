"""Bytes become text: encodings, byte order marks and characters that YAML does not allow."""

from __future__ import annotations

import re

from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.limits import Limits
from skillforge_mon.spec.yaml.source import SourceFile

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"
_MOST_REPORTED = 20

_OTHER_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def decode(content: bytes | str, name: str, report: Report, limits: Limits) -> tuple[SourceFile, bool]:
    """The text of a file, and whether it is sound.

    What cannot be read is reported and stands as U+FFFD in the text, so that the rest can still be looked at. The text
    is empty when nothing of it makes sense: the file is too large, or in another encoding.
    """
    if len(content) > limits.bytes:
        report.add(
            codes.FILE_TOO_LARGE.at(
                Span.at(name),
                f"`{name}` is larger than {limits.bytes // 1024 // 1024} MiB",
                help="is this really a spec? Split it into several files of one folder",
            )
        )
        return SourceFile(name, ""), False
    sound = True
    if isinstance(content, bytes):
        encoding = _other_encoding(content)
        if encoding:
            report.add(
                codes.NOT_UTF8.at(
                    Span.at(name),
                    f"`{name}` is written in {encoding}, not in UTF-8",
                    help="save it as UTF-8 in your editor",
                )
            )
            return SourceFile(name, ""), False
        text, sound = _decode_utf8(content, name, report)
    else:
        text = content.removeprefix("\ufeff")
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        sound = False
        _report_forbidden(SourceFile(name, text), report)
        text = _FORBIDDEN.sub(_REPLACEMENT, text)
    return SourceFile(name, text), sound


def _other_encoding(content: bytes) -> str:
    """The name of the encoding that is plainly not UTF-8, else an empty string."""
    for mark, encoding in _OTHER_ENCODINGS:
        if content.startswith(mark):
            return encoding
    start = content[:4]
    if len(start) == 4 and start.count(0) == 2 and (start[0] == start[2] == 0 or start[1] == start[3] == 0):
        return "UTF-16"
    return ""


def _decode_utf8(content: bytes, name: str, report: Report) -> tuple[str, bool]:
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode(), True
    except UnicodeDecodeError:
        pass
    pieces: list[str] = []
    bad: list[tuple[int, int]] = []
    position = length = 0
    while True:
        try:
            pieces.append(content[position:].decode())
            break
        except UnicodeDecodeError as problem:
            if len(bad) == _MOST_REPORTED:
                pieces.append(content[position:].decode(errors="replace"))
                break
            pieces.append(content[position : position + problem.start].decode())
            length += len(pieces[-1])
            bad.append((length, position + problem.start))
            pieces.append(_REPLACEMENT)
            length += 1
            position += problem.end
    source = SourceFile(name, "".join(pieces))
    for offset, byte_offset in bad:
        report.add(
            codes.NOT_UTF8.at(
                source.span(offset, offset + 1),
                f"byte 0x{content[byte_offset]:02X} is not UTF-8",
                label=f"byte {byte_offset + 1} of the file",
                help="save the file as UTF-8; it may have been written as Latin-1 or Windows-1252",
            )
        )
    return source.text, False


def _report_forbidden(source: SourceFile, report: Report) -> None:
    for count, found in enumerate(_FORBIDDEN.finditer(source.text)):
        if count == _MOST_REPORTED:
            break
        report.add(
            codes.CONTROL_CHARACTER.at(
                source.span(found.start(), found.end()),
                f"the control character U+{ord(found[0]):04X} is not allowed in YAML",
                label="this invisible character",
                help='delete it; if it is meant, write it as an escape in double quotes, such as "\\x1B"',
            )
        )
