"""Blocks of a text: lines between blank lines, or set apart by what they are: captions, tables, text after one."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from codon12.check import patterns as re

__all__ = ["BARE_CAPTION", "CAPTION", "ENDS_IN_CELL", "FOOTNOTE", "TABLE_END", "Block", "blocks"]

_NAMED = r"^\s{0,4}(?:\*\*)?((?:Supplement(?:ary|al) |e)?(?:Table|TABLE) (?:[A-Z]?\d{1,2}[a-z]?|[IVX]{1,4}))"
CAPTION = re.compile(
    _NAMED + r"(?P<continued> ?[(,-]? ?\b[Cc]ont(?:inued?|['’]?d|\.)?\)?)?\s*(?:[.:|]|-+\s|(?:\*\*)?\s*-?\s*$)"
)
BARE_CAPTION = re.compile(_NAMED + r" +[A-Z]")
"""A caption whose number no point follows: `Table 2 Outcomes`."""
_CAPTION_LINES = 5
"""Lines below a bare caption of which one is a row of a table."""
_FURNITURE = re.compile(
    r"^\s*(?:n engl j med\b|page \d|\d{1,4}\s*$|vol\.? \d|source: ?(?:https?|github)|(?:https?:|doi)\S*\s*$|doi: ?10\.|"
    r"(?:received|accepted|revised)(?:: |,? (?:\d{1,2} )?(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)\w* "
    r"\d))|©\s?\d{4}|\b(?=[acdfnpt])(?:nejm\.org \d|downloaded from|copyright ©|all rights reserved|for personal use "
    r"only|this article was published on|published online)",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(r"^\s{0,4}(?!\*\*Table )[*†‡§¶‖#]")
ENDS_IN_CELL = re.compile(r"(?:^|\s)[(<>]?\d[\d.]*%?\)?[*†‡§]?\s*$")
TABLE_END = "\x1d"
"""A line of this sign ends a table, where the document says where it ends."""


class Block(msgspec.Struct, gc=False):
    """Lines that belong together: where they stand, each with its beginning and end."""

    start: int
    end: int
    lines: list[tuple[int, int]]
    aligned: bool = False
    """Whether its lines are the rows of a table by their layout, with or without a caption."""
    rows: int = 0
    """How many of its lines have a cell at their end."""


_CELLS = re.compile(r"(?:(?:^|\s)\d[\d,]* ?[(\[][<>]?\d[\d.]* ?%?[)\]][*†‡§¶]?){2,}")
"""Two or more cells `12 (34.5)` in a row, as print has them once the columns are lost."""


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table by its layout: cells with tabs or runs of spaces between, or run together."""
    if line.count("|") >= 2:
        return False  # read by its bars
    cells = [c for c in re.split(r" {2,}|\t", line.strip()) if c]
    if len(cells) >= 3 and len(line) < 300:
        return True
    if (
        len(cells) == 2
        and len(line) < 120
        and re.fullmatch(r"[(\[]?(?:[nN] ?= ?)?[\d<>(\[][^A-Za-z]{0,24}(?:NE|NR)?[)\]]?", cells[1])
    ):
        return True
    return len(line) < 200 and _CELLS.search(line) is not None and ENDS_IN_CELL.search(line) is not None


def _is_running(line: str) -> bool:
    """Whether a line is running text: long, in words, without cells."""
    return (
        len(line) > 55
        and not _is_row(line)
        and "|" not in line
        and "\t" not in line
        and len(re.findall(r"\b[a-z]{2,}\b", line)) >= 7
        and ENDS_IN_CELL.search(line) is None
    )


def blocks(text: str) -> Iterator[Block]:
    """Runs of lines between blank lines, furniture and addresses left out."""
    block: Block | None = None
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        line = text[begin : min(end, begin + 400)]
        if not line.strip() or line[0] == TABLE_END:
            if block:
                yield block
            block = None
            if line[:1] == TABLE_END:
                yield Block(begin, end, [(begin, end)])
        elif len(line) < 300 and _FURNITURE.search(line):
            pass
        else:
            row = _is_row(line)
            if block is not None and _parts(text, block, line, end, row=row):
                yield block
                block = None
            if (
                block is not None
                and row
                and not block.aligned
                and _is_head(text, block)
                and _followed_by_row(text, end)
            ):
                block.aligned = True
            if block is None:
                block = Block(begin, end, [], row and _followed_by_row(text, end))
            block.lines.append((begin, end))
            block.end = end
            block.rows += row or ENDS_IN_CELL.search(line) is not None
        begin = end + 1
    if block:
        yield block


def _parts(text: str, block: Block, line: str, end: int, *, row: bool) -> bool:
    """Whether a line begins a block of its own though no blank line parts it: a caption, a table, text after one."""
    first = text[block.start : block.start + 200]
    captioned = CAPTION.match(first) is not None or BARE_CAPTION.match(first) is not None
    if CAPTION.match(line) is not None or (BARE_CAPTION.match(line) is not None and _row_below(text, end)):
        return True
    if block.aligned or captioned:
        if not block.rows:
            return False
        return FOOTNOTE.match(line) is not None or (not row and _wordy(line) and _text_goes_on(text, end))
    return row and not first.startswith("|") and _followed_by_row(text, end) and (
        _is_running(text[block.lines[-1][0] : block.lines[-1][1]]) or len(block.lines) == 1
    )  # fmt: skip


_ROW_HEADING = re.compile(r" {0,4}\S(?:[^\n\t|.]| (?! )){0,48}[^\s.:;]\s*")
"""A short line without cells or the end of a sentence."""
_HEAD_LINES = 3
_SET_APART = re.compile(r"\s{3,}\S|.*\S(?: {3,}|\t)\S")


def _is_head(text: str, block: Block) -> bool:
    """Whether the lines before a first row are its head, set in columns, with or without a title above it."""
    if len(block.lines) > _HEAD_LINES or block.rows:
        return False
    start, end = block.lines[-1]
    if len(block.lines) > 1 and _ROW_HEADING.fullmatch(text, start, min(end, start + 400)):
        start, end = block.lines[-2]  # above the heading of the first rows
    last = text[start : min(end, start + 400)]
    return _SET_APART.match(last) is not None and "|" not in last and not last.rstrip().endswith((".", ";", ","))


def _wordy(line: str) -> bool:
    """Whether a line may be one of running text: five words in small letters, no cells."""
    return (
        len(line) > 34
        and "|" not in line
        and "\t" not in line
        and len(re.findall(r"\b[a-z]{2,}\b", line)) >= 5
        and not _is_row(line)
    )


def _text_goes_on(text: str, end: int) -> bool:
    """Whether the two lines that follow are running text as well, or the text ends there."""
    for k in range(2):
        begin = end + 1
        if begin >= len(text):
            return True
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        line = text[begin : min(end, begin + 400)]
        if not line.strip():
            return k > 0 or text[begin - 2 : begin - 1] in ".:"
        if not _wordy(line) and not (k and line.rstrip().endswith(".")):
            return False
    return True


def _row_below(text: str, end: int) -> bool:
    """Whether one of the next lines is a row of a table."""
    for _ in range(_CAPTION_LINES):
        begin = end + 1
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        if begin >= len(text):
            return False
        if _is_row(text[begin : min(end, begin + 400)]):
            return True
    return False


def _followed_by_row(text: str, end: int) -> bool:
    """Whether the next line that is not blank is a row as well, or the one behind a heading without cells."""
    headed = False
    for _ in range(3):
        begin = end + 1
        if begin >= len(text):
            return False
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        line = text[begin : min(end, begin + 400)]
        if line.strip():
            if headed or not _ROW_HEADING.fullmatch(line):
                return _is_row(line)
            headed = True
    return False
