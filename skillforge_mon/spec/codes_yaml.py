"""The codes of the text layer: what can be wrong with a spec before anyone asks what it means."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_GOOD = "version: 1\nproject: shop\n"

NOT_UTF8 = Code(
    "MON1001",
    "not-utf8",
    Severity.ERROR,
    what="A file of the spec is not UTF-8 text.",
    why="Other programs would read other letters than the ones that were meant, or none.",
    untestable="an example is text, and text is always UTF-8 here",
)
CONTROL_CHARACTER = Code(
    "MON1002",
    "control-character",
    Severity.ERROR,
    what="The text has a control character that YAML does not allow.",
    why="It cannot be seen, and most backends refuse it or cut the text there.",
    bad="version: 1\nproject: sh\x07op\n",
    good=_GOOD,
)
FILE_TOO_LARGE = Code(
    "MON1003",
    "file-too-large",
    Severity.ERROR,
    what="A file of the spec is larger than any spec would be.",
    why="It is most likely not a spec, such as a data dump, and reading it would take very long.",
    untestable="an example of that size cannot be printed",
)
EMPTY_FILE = Code(
    "MON1004",
    "empty-spec",
    Severity.ERROR,
    what="A file of the spec is empty, or has only comments.",
    why="A build of an empty spec would remove everything that is monitored.",
    bad="# nothing here yet\n",
    good=_GOOD,
)
SEVERAL_DOCUMENTS = Code(
    "MON1005",
    "several-documents",
    Severity.ERROR,
    what="A file holds several YAML documents, parted by `---`.",
    why="Only one of them could be used, and the others would be lost in silence.",
    bad="version: 1\nproject: shop\n---\nversion: 1\nproject: forum\n",
    good=_GOOD,
)
NOT_A_MAP = Code(
    "MON1006",
    "spec-not-a-map",
    Severity.ERROR,
    what="The spec is a list or a single value instead of a map of sections.",
    why="Everything in a spec belongs to a named section.",
    bad="- version: 1\n- project: shop\n",
    good=_GOOD,
)
TAB_INDENTATION = Code(
    "MON1007",
    "tab-indentation",
    Severity.ERROR,
    what="A line is indented with a tab.",
    why="YAML allows only spaces there, since editors disagree about the width of a tab.",
    bad="version: 1\nproject:\n\tshop\n",
    good="version: 1\nproject:\n  shop\n",
)
UNQUOTED_TEMPLATE = Code(
    "MON1008",
    "unquoted-template",
    Severity.ERROR,
    what="A text that begins with `{{` is not quoted.",
    why="In YAML a brace begins a map, so that the placeholder would not be text at all.",
    bad="version: 1\nproject: {{ name }}\n",
    good=_GOOD,
)
RESERVED_CHARACTER = Code(
    "MON1009",
    "reserved-character",
    Severity.ERROR,
    what="A text that is not quoted begins with a character that YAML keeps for itself.",
    why="YAML gives ``% @ ` * & !`` a meaning of their own at the beginning of a value.",
    bad="version: 1\nproject: @shop\n",
    good=_GOOD,
)
COLON_IN_TEXT = Code(
    "MON1010",
    "colon-in-plain-text",
    Severity.ERROR,
    what="A text that is not quoted has a colon and a space in it.",
    why="YAML takes that for another key, and there cannot be two keys on one line.",
    bad="version: 1\nproject: my: shop\n",
    good=_GOOD,
)
UNCLOSED_QUOTE = Code(
    "MON1011",
    "unclosed-quote",
    Severity.ERROR,
    what="A quote is opened and not closed where it should be.",
    why="Everything up to the next quote would become part of this text.",
    bad='version: 1\nproject: "shop\n',
    good=_GOOD,
)
TEXT_AFTER_QUOTE = Code(
    "MON1012",
    "text-after-quote",
    Severity.ERROR,
    what="There is more text behind the closing quote of a value.",
    why="Mostly a quote inside the text has ended it too early.",
    bad="version: 1\nproject: 'the shop's name'\n",
    good=_GOOD,
)
UNBALANCED_BRACKET = Code(
    "MON1013",
    "unbalanced-bracket",
    Severity.ERROR,
    what="A bracket or brace is not closed, closes nothing, or lacks a comma inside.",
    why="It is not clear where the list or map ends.",
    bad="version: 1\nproject: [shop\n",
    good=_GOOD,
)
BAD_INDENTATION = Code(
    "MON1014",
    "bad-indentation",
    Severity.ERROR,
    what="A line is indented in a way that fits no line above it.",
    why="The indentation says what belongs to what.",
    bad="version: 1\n  project: shop\n",
    good=_GOOD,
)
BAD_ESCAPE = Code(
    "MON1015",
    "bad-escape",
    Severity.ERROR,
    what="A text in double quotes has a backslash escape that YAML does not know.",
    why="Regular expressions need backslashes that stay; double quotes change them.",
    bad='version: 1\nproject: "sh\\dop"\n',
    good=_GOOD,
)
SYNTAX = Code(
    "MON1016",
    "yaml-syntax",
    Severity.ERROR,
    what="The text is not YAML.",
    why="Nothing can be built from a text that cannot be read.",
    bad="version: 1\nproject: shop\nservices: - cart\n",
    good=_GOOD,
)
DUPLICATE_KEY = Code(
    "MON1017",
    "duplicate-key",
    Severity.ERROR,
    what="The same key stands twice in one map.",
    why="One of the two would be lost in silence.",
    bad="version: 1\nproject: shop\nproject: forum\n",
    good=_GOOD,
)
KEY_NOT_TEXT = Code(
    "MON1018",
    "key-not-text",
    Severity.ERROR,
    what="The key of a map is not text.",
    why="YAML reads it as a number, as true, false or null, or as a list, and the name of a thing is always text.",
    bad="version: 1\nproject: shop\n500: errors\n",
    good=_GOOD,
)
UNKNOWN_TAG = Code(
    "MON1019",
    "unknown-tag",
    Severity.ERROR,
    what="A value has a YAML tag that monmc does not know, or that does not fit it.",
    why="Tags such as `!env` or `!include` belong to other programs; the value would be taken literally.",
    bad="version: 1\nproject: !env SHOP\n",
    good=_GOOD,
)
UNKNOWN_ALIAS = Code(
    "MON1020",
    "unknown-alias",
    Severity.ERROR,
    what="An alias (`*name`) has no anchor (`&name`) above it in the same file.",
    why="There is nothing that it could stand for.",
    bad="version: 1\nproject: *shop\n",
    good="version: 1\nproject: &shop shop\n",
)
RECURSIVE_ALIAS = Code(
    "MON1021",
    "recursive-alias",
    Severity.ERROR,
    what="An alias stands inside the very value that it names.",
    why="The value would contain itself without end.",
    bad="version: 1\nproject: &shop [*shop]\n",
    good=_GOOD,
)
TOO_MUCH_EXPANSION = Code(
    "MON1022",
    "too-much-expansion",
    Severity.ERROR,
    what="Aliases or merge keys blow the spec up beyond any sensible size.",
    why="A few lines of aliases of aliases can fill the memory of a machine.",
    bad=(
        "version: 1\nproject: shop\n"
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
        "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
        "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
        "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
    ),
    good=_GOOD,
)
BAD_MERGE_KEY = Code(
    "MON1023",
    "bad-merge-key",
    Severity.ERROR,
    what="The value of a merge key (`<<`) is neither a map nor a list of maps.",
    why="A merge key copies the entries of maps; there is nothing to copy.",
    bad="version: 1\nproject: shop\n<<: defaults\n",
    good=_GOOD,
)
NESTED_TOO_DEEPLY = Code(
    "MON1024",
    "nested-too-deeply",
    Severity.ERROR,
    what="Maps and lists are nested deeper than any spec needs.",
    why="Such a text is an accident or an attack; reading it could exhaust the memory.",
    bad="version: 1\nproject: " + "[" * 120 + "]" * 120 + "\n",
    good=_GOOD,
)

PATH_NOT_FOUND = Code(
    "MON1030",
    "spec-not-found",
    Severity.ERROR,
    what="There is no file or folder at the path that was given.",
    why="There is nothing to read.",
    untestable="the problem is in the command line, not in a spec",
)
UNREADABLE_FILE = Code(
    "MON1031",
    "unreadable-file",
    Severity.ERROR,
    what="A file or folder of the spec cannot be read.",
    why="A build without it would leave out what it says.",
    untestable="the problem is in the file system, not in a spec",
)
NOT_A_FILE = Code(
    "MON1032",
    "not-a-file",
    Severity.ERROR,
    what="A path of the spec is neither a file nor a folder, but a device, a pipe or a socket.",
    why="Reading it could wait for ever.",
    untestable="the problem is in the file system, not in a spec",
)
NO_SPEC_FILES = Code(
    "MON1033",
    "folder-without-yaml",
    Severity.ERROR,
    what="The folder has no file that ends in .yaml or .yml.",
    why="There is nothing to read; folders inside it are not searched.",
    untestable="the problem is in the file system, not in a spec",
)
DEFINED_TWICE = Code(
    "MON1034",
    "defined-in-two-files",
    Severity.ERROR,
    what="Two files of one project say the same thing, or one section has different shapes in them.",
    why="Which of them counted would depend on the names of the files.",
    untestable="it takes two files",
)
SEVERAL_PROJECTS = Code(
    "MON1035",
    "several-projects",
    Severity.ERROR,
    what="The files of one folder belong to different projects.",
    why="A folder is one project whose files are merged; merging two projects would mix up what they own.",
    untestable="it takes two files",
)

NOT_READ = Code(
    "MON1036",
    "file-not-read",
    Severity.WARNING,
    what="The folder of a project holds a YAML file that is not read: its ending is written otherwise, or it lies in a folder below.",
    why="What it says would be missing, and nobody would know.",
    untestable="it takes two files",
)

CODES: tuple[Code, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Code))
"""Every code of this file, in the order of its numbers."""
