"""The page of a code, as Markdown and as plain text."""

from __future__ import annotations

from skillforge_mon.diagnostics.page import fenced, page, path_of, plain
from tests.diagnostics.cases import APPROXIMATE, UNKNOWN_LABEL, UNWRITABLE

ERROR_PAGE = """\
# MON2104 unknown-label

**error**: A query uses a label that the metric does not have.

## Why

The query matches nothing, and an alert on it never fires.

## Reported here

```yaml
version: 1
alerts: {A: {expr: 'up{jbo="x"} == 0'}}
```

## Put right

```yaml
version: 1
alerts: {A: {expr: 'up{job="x"} == 0'}}
```
"""
WARNING_TEXT = """\
MON4301 approximate-translation

warning: A backend can say what an object means only approximately.

Why

The same alert would fire at different times on two systems.

Reported here

    bad

Put right

    good

Silence it

Where it is meant, say why, beside the object:

    ignore: {MON4301: "why it is right here"}
"""
UNTESTABLE_PAGE = """\
# MON5001 unwritable-output

**error**: The output folder cannot be written.

## Why

Nothing could be built.

## No example

It takes a folder without write permission.
"""


def test_an_error_has_a_page_with_both_examples() -> None:
    assert page(UNKNOWN_LABEL) == ERROR_PAGE


def test_a_warning_says_how_to_silence_it_and_reads_well_in_a_terminal() -> None:
    assert plain(page(APPROXIMATE)) == WARNING_TEXT


def test_a_code_without_example_says_why() -> None:
    assert page(UNWRITABLE) == UNTESTABLE_PAGE


def test_an_example_with_a_fence_of_its_own_stays_whole() -> None:
    text = "# heading in YAML\ntext: |\n  ```\n  **bold**\n  ```\n"
    assert fenced(text) == "````yaml\n# heading in YAML\ntext: |\n  ```\n  **bold**\n  ```\n````"
    assert plain(fenced(text)) == "    # heading in YAML\n    text: |\n      ```\n      **bold**\n      ```\n"


def test_long_paragraphs_are_filled_to_the_width() -> None:
    assert plain("**error**: " + "word " * 12, width=30) == (
        "error: word word word word\nword word word word word word\nword word\n"
    )


def test_pages_are_in_the_reference() -> None:
    assert path_of("MON2104") == "docs/codes/MON2104.md"
