"""Tables that lost their columns: rows whose cells are glued, stand a line each, or have one space between them.

Pages and PDFs copied as text give `Male55 (67.1)45 (57.0)`, a cell a line, or `Male 55 (67.1) 45 (57.0)`. Each such row
is made one line with tabs between its cells again, so that one reader serves all tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["Edit", "rows_again"]

_NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MARK = r"(?: ?[*†‡§¶#]{1,2}|[a-j](?![a-z])| [a-j](?![a-z]))?"
_INSIDE = (
    rf"(?:9\d ?% ?CI[:, ]*)?[<>≤~]?(?:{_NUMBER}|NE|NR)\+? ?%?"
    rf"(?:(?: ?- ?| to |[,;] ?|/)(?:{_NUMBER}|NE|NR|undefined)\+? ?%?)?"
)
_STRONG = rf"(?:{_NUMBER} ?%? ?(?:/ ?\d[\d,]*)?[*†‡§]? ?[(\[](?:{_INSIDE}|[Rr]ef[a-z]*\.?)[)\]]|{_NUMBER} ?± ?{_NUMBER})"
_WEAK = (
    rf"(?:[<>≤=]? ?{_NUMBER} ?%?(?:(?: ?/ ?|-)\d[\d.,]*)?|N[ERADSP]|[Rr]ef(?:\.|erence|erent)?(?![a-z])|-{{1,2}}|—|·+|\.\.+)"
)
_LAST = re.compile(rf"(?:^|(?<=\s))(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK})){_MARK}$")
"""The last cell of a line."""
_ALONE = re.compile(rf"\s*(?:{_STRONG}|{_WEAK}){_MARK}\s*")
_STRONG_ALONE = re.compile(rf"\s*{_STRONG}{_MARK}\s*")
_SHARE_ALONE = re.compile(r"\s*[(\[][<>]?\d[\d.]*\s?%?[)\]]\s*")
"""The percentage of the count on the line above."""
_SPACED = re.compile(rf"{_STRONG}{_MARK} (?:[<>]?\d|N[ER])|\d {_STRONG}")
_MAY_BE_SPACED = re.compile(r"[)\]][*†‡§#a-j¶]? [<>]?[\dN]|(?<=\d) \d[\d.,]* ?%? ?[(\[]|± ?\d[\d.]* [<>\d]")
_GLUED = re.compile(r"[)\]][*†‡§a-e]?(?:[<>] ?)?\d+(?:,\d{3})*(?:\.\d+)? ?[(\[]\d")
_GLUED_TO_LABEL = re.compile(r"[a-z)*]\d[\d,]* ?\(\d{1,3}(?:\.\d+)? ?%?\)[ *†‡§]*$")
"""The one cell of a row, glued to its label: `Disease progression16 (4.1)`."""
_A_SHARE = re.compile(r"(?P<digits>\d[\d,.]*) ?\((?P<percent>\d{1,3}(?:\.\d+)?) ?%?\)")
_JOINT = re.compile(
    r"(?<=[)\]])(?=[<>]? ?\d)|(?<=[)\]][*†‡§])(?=\d)|(?<=[)\]])(?=N[ER]\b)|(?<=%)(?=\d)"
    r"|(?<=[< ]0\.01)(?=\d\.)|(?<=[< ]0\.001)(?=\d\.)|(?<=[< ]0\.0001)(?=\d\.)"
    r"|(?<=[a-z])(?=\d+(?:\.\d+)? ?[(\[]\d+(?:\.\d+)?(?:-| to |, )\d)|(?<=[A-Za-z])(?=\d+\.\d+ ?[(\[]\d)"
    r"|(?<=[a-z])(?=\d+(?:\.\d+)?%\d)"
)
"""Where one cell ends and the next begins, or a P value below a threshold ends."""
_HEAD_JOINT = re.compile(r"(?<=\d\))(?=[A-Za-z(])|(?<=CI\))(?=[A-Za-z])|(?<=\(%\))(?=[A-Za-z])")
_SIZE = re.compile(r"\b[nN] ?= ?(\d{1,3}(?:,\d{3})+|\d+)")
_HEAD_CELL = re.compile(r"[^()]*\([^()]*\)|[Pp](?:[ -][Vv]alues?)?\b")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_CAPTION = re.compile(r"\s*\**(?:Supplement\w* |Appendix |e)?table\b", re.IGNORECASE)
_FEWEST_ROWS = 3
_LONGEST, _LONGEST_CELL, _LONGEST_LABEL = 320, 48, 140
_HEAD_LINES = 40


class Edit(msgspec.Struct, frozen=True):
    """What stands from `start` to before `end` is to be `new`."""

    start: int
    end: int
    new: str


class _Line(msgspec.Struct, frozen=True):
    start: int
    end: int
    words: str


def rows_again(text: str) -> list[Edit]:
    r"""Edits, in order, that put tabs between the cells of rows that lost their columns.

    Examples
    --------
    >>> found = rows_again("Drug (n = 40)No drug (n = 20)\nMen22 (55)9 (45)\nWomen18 (45)11 (55)\nOld8 (20)5 (25)\n")
    >>> [(e.start, e.new) for e in found][:3]
    [(13, '\t'), (33, '\t'), (40, '\t')]
    """
    glued = _GLUED.search(text) is not None or _GLUED_LINE.search(text) is not None
    alone = _A_CELL_LINE.search(text) is not None
    spaced = _MAY_BE_SPACED.search(text) is not None and _SPACED.search(text) is not None
    if not (glued or alone or spaced):
        return []
    lines = _lines(text)
    edits: list[Edit] = []
    if glued:
        edits += _unglued(lines)
    if alone:
        edits += _of_lines(text, lines)
    if spaced:
        edits += _of_spaces(lines)
    edits.sort(key=lambda e: (e.start, e.end))
    out: list[Edit] = []
    for e in edits:
        if not out or e.start >= out[-1].end and (e.start, e.end) != (out[-1].start, out[-1].end):
            out.append(e)
    return out


_A_CELL_LINE = re.compile(rf"^[ ]*(?:{_STRONG}|\([<>]?\d[\d.]*%?\)){_MARK}[ ]*$", re.MULTILINE)


def _lines(text: str) -> list[_Line]:
    out, begin = [], 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        out.append(_Line(begin, end, text[begin : min(end, begin + _LONGEST)]))
        begin = end + 1
    return out


# -- glued ---------------------------------------------------------------------------------------------------------


def _unglued(lines: Sequence[_Line]) -> list[Edit]:
    """Rows such as `Male55 (67.1)45 (57.0)`, where three or more of a table are glued."""
    out: list[Edit] = []
    for run in _runs(lines, _is_glued, apart=4):
        first, last = run[0], run[-1]
        if len(run) < _FEWEST_ROWS:
            continue
        above = _head_above(lines, first)
        sizes = [int(m[1].replace(",", "")) for k in range(above, last + 1) for m in _SIZE.finditer(lines[k].words)]
        for k in range(above, min(len(lines), last + 5)):
            line = lines[k]
            if len(line.words) >= _LONGEST or "\t" in line.words or "|" in line.words:
                continue
            if k < first:
                cuts = [m.start() for m in _HEAD_JOINT.finditer(line.words)]
            else:
                cuts = _cuts(line.words, sizes)
            out += [Edit(line.start + at, line.start + at, "\t") for at in cuts]
    return out


def _is_glued(line: _Line) -> bool:
    words = line.words
    return "\t" not in words and (_GLUED.search(words) is not None or _GLUED_TO_LABEL.search(words) is not None)


_GLUED_LINE = re.compile(_GLUED_TO_LABEL.pattern, re.MULTILINE)


def _head_above(lines: Sequence[_Line], first: int) -> int:
    """The line where the head of a table begins: its caption, or some lines above its first row."""
    begin = max(0, first - _HEAD_LINES)
    return next((k for k in range(first, begin, -1) if _CAPTION.match(lines[k].words)), begin)


def _cuts(words: str, sizes: Sequence[int]) -> list[int]:
    """Offsets in a glued row where a cell begins."""
    cuts = {m.start() for m in _JOINT.finditer(words)}
    for m in _A_SHARE.finditer(words):
        at = _count_begins(words, m, sizes)
        if at is not None:
            cuts |= set(at)
    for m in _TWO_POINTS.finditer(words):
        cuts.add(m.start() + _value_begins(m))
    return sorted(x for x in cuts if 0 < x < len(words.rstrip()))


_TWO_POINTS = re.compile(r"(?P<both>\d\.\d+\.\d+) ?[(\[](?P<low>\d+\.\d+)(?: ?- ?| to |, )(?P<high>\d+\.\d+)[)\]]")
"""A P value and the estimate behind it: `0.791.32 (0.79 to 2.22)`."""


def _value_begins(m: re.Match[str]) -> int:
    """Where the estimate begins: so that it lies within its limits, else with one figure before its point."""
    both = m["both"]
    point = both.rindex(".")
    ways = [k for k in range(3, point) if float(m["low"]) <= float(both[k:]) <= float(m["high"])]
    return ways[0] if len(ways) == 1 else point - 1


def _count_begins(words: str, m: re.Match[str], sizes: Sequence[int]) -> list[int] | None:
    """Where the count of a share begins, which a label or another number runs into; None where nothing tells."""
    digits, percent, begin = m["digits"], read_printed(m["percent"]), m.start()
    before = words[begin - 1 : begin]
    if before and before in "*†‡§" and "." not in digits:
        return [begin]
    if before in ("\t", ")", "]"):
        whole = "." not in digits
        return [] if whole else _by_size(digits, begin, percent, sizes)
    if before.isalpha() and len(digits) == 1:
        return [begin]
    if before.isalpha() and "." not in digits and before.islower():
        return [begin] if _fits(digits, percent, sizes) else _by_size(digits, begin, percent, sizes) or [begin]
    if before == " " and words[:begin].strip() and "." not in digits:
        return [begin] if _fits(digits, percent, sizes) else _by_size(digits, begin, percent, sizes)
    return _by_size(digits, begin, percent, sizes)


def _fits(digits: str, percent: object, sizes: Sequence[int]) -> bool:
    n = int(digits.replace(",", ""))
    return any(n <= size and percent_modes(n, size, percent) for size in sizes)  # type: ignore[arg-type]


def _by_size(digits: str, begin: int, percent: object, sizes: Sequence[int]) -> list[int] | None:
    """The one way to cut off a count that is the printed share of a total in the head, or of the number before it."""
    found = []
    for k in range(len(digits)):
        tail, head = digits[k:], digits[:k]
        if not tail.isdigit() or (tail[0] == "0" and len(tail) > 1) or head.endswith(","):
            continue
        if _fits(tail, percent, sizes):
            found.append([begin + k])
        elif head.isdigit() and head[0] != "0" and _fits(tail, percent, [int(head)]):
            found.append([begin, begin + k])
    return found[0] if len(found) == 1 else None


# -- a line a cell -------------------------------------------------------------------------------------------------


def _of_lines(text: str, lines: Sequence[_Line]) -> list[Edit]:
    """Rows whose label and cells stand on lines of their own, with or without blank lines between."""
    solid = [line for line in lines if line.words.strip()]
    kinds = [_kind(line.words) for line in solid]
    rows = [row for row in _grouped(kinds) if _goes_on(solid, row)]
    strong = [row for row in rows if any(kinds[k] in "S%" for k in row[1:])]
    if len(strong) < _FEWEST_ROWS:
        return []
    out: list[Edit] = []
    for row in rows:
        for a, b in zip(row, row[1:], strict=False):
            new = " " if kinds[b] == "%" else "\t"
            out.append(Edit(_inner_end(text, solid[a]), _inner_start(text, solid[b]), new))
    return out


def _inner_end(text: str, line: _Line) -> int:
    return line.start + len(text[line.start : line.end].rstrip())


def _inner_start(text: str, line: _Line) -> int:
    words = text[line.start : line.end]
    return line.start + len(words) - len(words.lstrip())


def _kind(words: str) -> str:
    """What a line is: a strong cell (S), a weak one (w), a percentage alone (%), a label (l), anything else (x)."""
    if len(words) > _LONGEST_LABEL or "\t" in words or "|" in words:
        return "x"
    if len(words) <= _LONGEST_CELL:
        if _SHARE_ALONE.fullmatch(words):
            return "%"
        if _STRONG_ALONE.fullmatch(words):
            return "S"
        if _ALONE.fullmatch(words):
            return "w"
    return "l" if not words.rstrip().endswith(".") and _CAPTION.match(words) is None else "x"


def _grouped(kinds: Sequence[str]) -> Iterator[list[int]]:
    """A label and the cells behind it, by their numbers; a figure before strong cells may be the label itself."""
    row: list[int] = []
    for k, kind in enumerate(kinds):
        if kind in "Sw%" and row:
            row.append(k)
        else:
            if len(row) > 1:
                yield row
            row = [k] if kind == "l" else []
    if len(row) > 1:
        yield row


def _goes_on(solid: Sequence[_Line], row: Sequence[int]) -> bool:
    """Whether label and cells may be one row: the label is no size of a group, and no line of a head."""
    label = solid[row[0]].words
    return _SIZE.search(label) is None and _WORDS.search(label) is not None or label.strip()[:1] in "<>≤≥"


# -- one space between cells ---------------------------------------------------------------------------------------


def _of_spaces(lines: Sequence[_Line]) -> list[Edit]:
    """Rows with one space between their cells, where three or more of a table have as many cells."""
    out: list[Edit] = []
    for run in _runs(lines, _may_be_row, apart=6):
        parsed = {k: cells for k in run if (cells := _from_the_right(lines[k].words))}
        full = [k for k in parsed if any(strong for _, strong in parsed[k])]
        if len(full) < _FEWEST_ROWS:
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
            shares = any(_A_SHARE.match(line.words, at) for at, _ in cells)
            if len(cells) == width:
                out += [_tab(line, at) for at, _ in cells]
            elif not shares and len(cells) < width and _begins_as(lines, parsed, full, cells, k, width):
                out += [_tab(line, at) for at, _ in cells]
                end = line.start + len(line.words.rstrip())
                out.append(Edit(end, end, "\t" * (width - len(cells))))
        above = _head_above(lines, run[0])
        for k in range(above + 1, run[0]):
            out += _head_cells(lines[k], width)
    return out


_RARE = 0.1
"""Share of the rows of a table up to which a number of cells is that of no full row."""


def _weak_ahead(cells: Sequence[tuple[int, bool]]) -> int:
    """How many cells stand before the first strong one."""
    return next((k for k, (_, strong) in enumerate(cells) if strong), len(cells))


def _beside_p(lines: Sequence[_Line], parsed: dict[int, list[tuple[int, bool]]], full: Sequence[int]) -> bool:
    """Whether the weak cells of rows with one strong cell look like P values, most of them."""
    weak = [lines[k].words[at:] for k in full for at, strong in parsed[k] if not strong]
    return 2 * sum(_P_LIKE.match(w) is not None for w in weak) > len(weak)


_P_LIKE = re.compile(r"[<>=]? ?0?\.\d|-|—|N[AS]")


def _tab(line: _Line, at: int) -> Edit:
    return Edit(line.start + at - 1, line.start + at, "\t") if at else Edit(line.start, line.start, "\t")


def _may_be_row(line: _Line) -> bool:
    words = line.words
    return (
        0 < len(words.rstrip()) < _LONGEST
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
    if not words[:end].strip() and cells and not cells[0][1]:
        cells = cells[1:]
    while cells and words[cells[0][0]] in "<>≤" and not cells[0][1] and any(strong for _, strong in cells):
        cells = cells[1:]
    return cells


def _begins_as(
    lines: Sequence[_Line],
    parsed: dict[int, list[tuple[int, bool]]],
    full: Sequence[int],
    cells: list[tuple[int, bool]],
    at: int,
    width: int,
) -> bool:
    """Whether the cells of a narrower row are those a full row begins with."""
    whole = next((parsed[k] for k in full if len(parsed[k]) == width), None)
    return whole is not None and [s for _, s in whole[: len(cells)]] == [s for _, s in cells]


def _head_cells(line: _Line, width: int) -> list[Edit]:
    """`HR (95% CI) P HR (95% CI) P`: the cells of a head, where they are as many as those of the rows."""
    words = line.words
    if "\t" in words or "|" in words or not words.strip():
        return []
    found = [m.start() + len(m[0]) - len(m[0].lstrip()) for m in _HEAD_CELL.finditer(words)]
    covered = "".join(_HEAD_CELL.findall(words)).strip()
    if len(found) != width or len(covered) < len(words.strip()) - 2:
        return []
    return [_tab(line, at) for at in found]


def _runs(lines: Sequence[_Line], wanted: object, *, apart: int) -> Iterator[list[int]]:
    """Numbers of the lines wanted, in runs with at most so many others between."""
    run: list[int] = []
    for k, line in enumerate(lines):
        if run and k - run[-1] > apart:
            yield run
            run = []
        if run and _CAPTION.match(line.words):
            yield run
            run = []
        if wanted(line):  # type: ignore[operator]
            run.append(k)
    if run:
        yield run
