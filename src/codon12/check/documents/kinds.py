"""What a block of a text is by its layout: running text, or a table with its cells in line or between bars."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.blocks import ENDS_IN_CELL, TABLE_END, Block

__all__ = ["cells_follow", "has_bars", "is_prose", "is_table"]

_BARS = re.compile(r"^[^\n]*\|[^\n]*\n\s*:?-{2,}:?\s*\|[\s:|-]*$", re.MULTILINE)
"""Head of a Markdown table whose lines do not begin with a bar."""
_FEWEST_ROWS, _MOSTLY_BARRED = 3, 0.8
"""Lines a table has at least where bars alone make it one, and the share of them that have a bar."""
_SENTENCE = re.compile(r"[A-Z][^|.]{3,400}\b(?:was|were|had|have|has|is|are|did)\b[^|]*\.\s*$")
_APART = re.compile(r"\S(?: {2,}|\t)\S|\|")
_FEWEST_WORDS, _FEW_LINES = 8, 6
_NOTE = re.compile(
    r"\s*(?:data|values|numbers|percentages|abbreviations|notes?|p[ -]values?|results|categor\w+|[A-Z][\w-]*(?:,| ?=|:|"
    r" denotes| indicates))(?:[ :,]|$)",
    re.IGNORECASE,
)
"""How a note under a table begins."""


_COUNT_OPENS = re.compile(r"\d[\d,]* [a-z]{3,} [a-z]{3,} ")
"""A sentence that opens with a number: `481 patients had measurable disease`."""


def _runs_on(text: str, block: Block) -> bool:
    """Whether a few lines are running text: eight words in small letters, no cells, a point at the end."""
    if len(block.lines) > _FEW_LINES or block.end - block.start > _FEW_LINES * 200:
        return False
    words = text[block.start : block.end].strip()
    return (
        (words[:1].isupper() or _COUNT_OPENS.match(words) is not None)
        and words.endswith((".", "!", "?"))
        and _APART.search(words) is None
        and len(re.findall(r"\b[a-z]{2,}\b", words)) >= _FEWEST_WORDS
    )


def is_prose(text: str, block: Block) -> bool:
    """Whether a block inside a table region is running text again."""
    size = block.end - block.start
    first = text[block.start : block.start + 200]
    if "\t" in text[block.start : min(block.end, block.start + 1000)]:
        return False
    if _SENTENCE.match(text, block.start, min(block.end, block.start + 1000)):
        return True
    if _runs_on(text, block) and not _NOTE.match(first):
        return True
    sample = block.lines[:20]
    rows = sum(ENDS_IN_CELL.search(text, a, min(b, a + 300)) is not None for a, b in sample)
    if len(sample) >= 3 and 2 * rows >= len(sample):
        return False
    if len(block.lines) >= 3 and size / len(block.lines) >= 34:
        few_shares = len(re.findall(r"\d \(\d", text[block.start : block.start + 1000])) < 3
        return few_shares or _is_wordy(text[sample[0][0] : sample[-1][1]], len(sample))
    return size > 260


def _is_wordy(words: str, lines: int) -> bool:
    """Whether lines are of words, as running text is, however many shares stand among them."""
    signs = "".join(words.split())
    letters = sum(map(str.isalpha, signs))
    return len(_SMALL.findall(words)) >= _WORDS_A_LINE * lines and letters >= _LETTERS * len(signs)


_SMALL = re.compile(r"(?<![\w-])[a-z]{2,}\b")
_WORDS_A_LINE, _LETTERS = 4, 0.6


def has_bars(text: str, block: Block) -> bool:
    """Whether a block is a table whose cells stand between bars."""
    first = text[block.lines[0][0] : min(block.lines[0][1], block.lines[0][0] + 300)]
    if first.startswith("|") or ("|" in first and _BARS.match(text, block.start, block.end) is not None):
        return True
    sample = block.lines[:20]
    barred = sum(" | " in text[a : min(b, a + 300)] or text[a:b].endswith("|") for a, b in sample)
    return len(sample) >= _FEWEST_ROWS and _MOSTLY_BARRED * len(sample) <= barred


def is_table(text: str, block: Block | None) -> bool:
    """Whether a block is a table by its layout: cells in line, or bars."""
    return block is not None and text[block.start] != TABLE_END and (block.aligned or has_bars(text, block))


def cells_follow(text: str, block: Block) -> bool:
    """Whether the line below the first of a block has cells between tabs or bars."""
    return len(block.lines) > 1 and any(sign in text[slice(*block.lines[1])] for sign in "\t|")
