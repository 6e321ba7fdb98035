"""Rows with one space between their cells: `Male 55 (67.1) 45 (57.0)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import (
    A_SHARE,
    FEWEST_ROWS,
    LONGEST,
    MARK,
    STRONG,
    WEAK,
    Edit,
    Line,
    head_above,
    runs,
)

__all__ = ["has_spaced", "rows_of_spaces"]

_LAST = re.compile(rf"(?:^|(?<=\s))(?:(?P<strong>{STRONG})|(?P<weak>{WEAK})){MARK}$")
"""The last cell of a line."""
_SPACED = re.compile(rf"{STRONG}{MARK} (?:[<>]? ?\.?\d|N[ER])|\d {STRONG}")
_MAY_BE_SPACED = re.compile(
    r"[)\]\d±](?:(?<=[)\]])[*†‡§#a-j¶]? (?:[<>] ?)?[\dN.]|(?<=\d \d)[\d.,]* ?%? ?[(\[]|(?<=±) ?\d[\d.]* [<>\d])"
)
"""What every row of `_SPACED` holds, looked for in a fraction of the time."""
_HEAD_CELL = re.compile(r"[^()]*\([^()]*\)|[Pp](?:[ -][Vv]alues?)?\b")


def has_spaced(text: str) -> bool:
    """Whether a text may have rows with one space between their cells."""
    return _MAY_BE_SPACED.search(text) is not None and _SPACED.search(text) is not None


def rows_of_spaces(lines: Sequence[Line]) -> list[Edit]:
    """Rows with one space between their cells, where three or more of a table have as many cells."""
    out: list[Edit] = []
    for run in runs(lines, _may_be_row, apart=6):
        parsed = {k: cells for k in run if (cells := _from_the_right(lines[k].words))}
        full = [k for k in parsed if any(strong for _, strong in parsed[k])]
        if len(full) < FEWEST_ROWS:
            continue
        usual = Counter(_weak_ahead(parsed[k]) for k in full).most_common(1)[0][0]
        for k in full:  # `ECOG 0 28 (28%)`: the label ends in a figure
            parsed[k] = parsed[k][max(0, _weak_ahead(parsed[k]) - usual) :]
        widths = Counter(len(parsed[k]) for k in full)
        width = max((w for w, times in widths.items() if times > max(1, _RARE * len(full))), default=0)
        strongest = max(sum(strong for _, strong in parsed[k]) for k in full)
        if width < 2 or (strongest < 2 and not _beside_p(lines, parsed, full)):
            continue
        for k in full:
            cells = parsed[k]
            line = lines[k]
            shares = any(A_SHARE.match(line.words, at) for at, _ in cells)
            if len(cells) == width:
                out += [_tab(line, at) for at, _ in cells]
            elif len(cells) < width and _begins_as(parsed, full, cells, width, all_strong=shares):
                out += [_tab(line, at) for at, _ in cells]
                end = line.start + len(line.words.rstrip())
                out.append(Edit(end, end, "\t" * (width - len(cells))))
        above = head_above(lines, run[0])
        for k in range(above + 1, run[0]):
            out += _head_cells(lines[k], width)
    return out


_RARE = 0.1
"""Share of the rows of a table up to which a number of cells is that of no full row."""


def _weak_ahead(cells: Sequence[tuple[int, bool]]) -> int:
    """How many cells stand before the first strong one."""
    return next((k for k, (_, strong) in enumerate(cells) if strong), len(cells))


def _beside_p(lines: Sequence[Line], parsed: dict[int, list[tuple[int, bool]]], full: Sequence[int]) -> bool:
    """Whether the weak cells of rows with one strong cell look like P values, most of them."""
    weak = [lines[k].words[at:] for k in full for at, strong in parsed[k] if not strong]
    return 2 * sum(_P_LIKE.match(w) is not None for w in weak) > len(weak)


_P_LIKE = re.compile(r"[<>=]? ?0?\.\d|-|—|N[AS]")


def _tab(line: Line, at: int) -> Edit:
    return Edit(line.start + at - 1, line.start + at, "\t") if at else Edit(line.start, line.start, "\t")


def _may_be_row(line: Line) -> bool:
    words = line.words
    return (
        0 < len(words.rstrip()) < LONGEST
        and "\t" not in words
        and "|" not in words
        and "  " not in words.strip()
        and len(_SENTENCE.findall(words)) < 14
        and _LAST.search(words.rstrip()) is not None
    )


_SENTENCE = re.compile(r"\b[a-z]{2,}\b")


def _from_the_right(words: str) -> list[tuple[int, bool]]:
    """Offsets of the cells at the end of a line, each with whether it is a strong one; the label is never empty."""
    end = len(words.rstrip())
    cells: list[tuple[int, bool]] = []
    while (m := _LAST.search(words[:end])) is not None and len(cells) < 24:
        cells.insert(0, (m.start(), m["strong"] is not None))
        end = len(words[: m.start()].rstrip())
    if not words[:end].strip() and cells:
        cells = cells[1:]  # the label is a figure
    while cells and words[cells[0][0]] in "<>≤" and not cells[0][1] and any(strong for _, strong in cells):
        cells = cells[1:]
    return cells


def _begins_as(
    parsed: dict[int, list[tuple[int, bool]]],
    full: Sequence[int],
    cells: list[tuple[int, bool]],
    width: int,
    *,
    all_strong: bool,
) -> bool:
    """Whether the cells of a narrower row are those a full row begins with, all its strong ones where it must be so.

    Shares that are fewer than in a full row may be of any of its groups; only a P value is left out behind them all.
    """
    whole = next((parsed[k] for k in full if len(parsed[k]) == width), None)
    if whole is None or [s for _, s in whole[: len(cells)]] != [s for _, s in cells]:
        return False
    return not all_strong or not any(s for _, s in whole[len(cells) :])


def _head_cells(line: Line, width: int) -> list[Edit]:
    """`HR (95% CI) P HR (95% CI) P`: the cells of a head, where they are as many as those of the rows."""
    words = line.words
    if "\t" in words or "|" in words or not words.strip():
        return []
    found = [m.start() + len(m[0]) - len(m[0].lstrip()) for m in _HEAD_CELL.finditer(words)]
    covered = "".join(_HEAD_CELL.findall(words)).strip()
    if len(found) != width or len(covered) < len(words.strip()) - 2:
        return []
    return [_tab(line, at) for at in found]
