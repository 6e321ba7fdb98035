"""Rows whose cells are glued to their label and to each other: `Male55 (67.1)45 (57.0)`."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import (
    A_SHARE,
    FEWEST_ROWS,
    LONGEST,
    SIZE,
    Edit,
    Line,
    head_above,
    runs,
)
from codon12.numbers.unrounded import Printed, percent_modes, read_printed

__all__ = ["has_glued", "unglued"]

_GLUED = re.compile(r"[)\]][*†‡§a-e]?(?:[<>] ?)?\d+(?:,\d{3})*(?:\.\d+)? ?[(\[]\d")
_GLUED_TO_LABEL = re.compile(r"[a-z)*]\d[\d,]* ?\(\d{1,3}(?:\.\d+)? ?%?\)[ *†‡§]*$")
"""The one cell of a row, glued to its label: `Disease progression16 (4.1)`."""
_JOINT = re.compile(
    r"(?<=[)\]])(?=[<>]? ?\d)|(?<=[)\]][*†‡§])(?=\d)|(?<=[)\]])(?=N[ER]\b)|(?<=%)(?=\d)|(?<=[< ]0\.01)(?=\d\.)|"
    r"(?<=[< ]0\.001)(?=\d\.)|(?<=[< ]0\.0001)(?=\d\.)|(?<=[a-z])(?=\d+(?:\.\d+)? ?[(\[]\d+(?:\.\d+)?(?:-| to |, )\d)|"
    r"(?<=[A-Za-z])(?=\d+\.\d+ ?[(\[]\d)|(?<=[a-z])(?=\d+(?:\.\d+)?%\d)"
)
"""Where one cell ends and the next begins, or a P value below a threshold ends."""
_HEAD_JOINT = re.compile(r"(?<=\d\))(?=[A-Za-z(])|(?<=CI\))(?=[A-Za-z])|(?<=\(%\))(?=[A-Za-z])")


def has_glued(text: str) -> bool:
    """Whether a text may have rows whose cells are glued."""
    return _GLUED.search(text) is not None or _GLUED_LINE.search(text) is not None


def unglued(lines: Sequence[Line]) -> list[Edit]:
    """Rows such as `Male55 (67.1)45 (57.0)`, where three or more of a table are glued."""
    out: list[Edit] = []
    for run in runs(lines, _is_glued, apart=4):
        first, last = run[0], run[-1]
        if len(run) < FEWEST_ROWS:
            continue
        above = head_above(lines, first)
        sizes = [int(m[1].replace(",", "")) for k in range(above, last + 1) for m in SIZE.finditer(lines[k].words)]
        for k in range(above, min(len(lines), last + 5)):
            line = lines[k]
            if len(line.words) >= LONGEST or "\t" in line.words or "|" in line.words:
                continue
            head = k < first
            cuts = [m.start() for m in _HEAD_JOINT.finditer(line.words)] if head else _cuts(line.words, sizes)
            out += [Edit(line.start + at, line.start + at, "\t") for at in cuts]
    return out


def _is_glued(line: Line) -> bool:
    words = line.words
    return "\t" not in words and any(x.search(words) for x in (_GLUED, _GLUED_TO_LABEL, _ESTIMATE_GLUED))


_LIMITED = r"\d+\.\d+ ?[(\[]\d+\.\d+(?: ?- ?| to |, )\d+\.\d+[)\]]"
_ESTIMATE_GLUED = re.compile(rf"(?<=[A-Za-z)]){_LIMITED}")
"""An estimate glued to its label: `RA2.81 (1.46 to 5.42)`."""
_ESTIMATE = re.compile(r"(?<![\d.])(?P<value>\d+\.\d+) ?[(\[](?P<low>\d+\.\d+)(?: ?- ?| to |, )(?P<high>\d+\.\d+)[)\]]")
_GLUED_LINE = re.compile(
    r"\d(?:(?<=[a-z)*]\d)[\d,]* ?\(\d{1,3}(?:\.\d+)? ?%?\)[ *†‡§]*$|"
    r"(?<=[A-Za-z)]\d)\d*\.\d+ ?[(\[]\d+\.\d+(?: ?- ?| to |, )\d)",
    re.MULTILINE,
)
"""A line of either kind, from its first figure on: a text without is passed over fast."""


def _cuts(words: str, sizes: Sequence[int]) -> list[int]:
    """Offsets in a glued row where a cell begins."""
    cuts = {m.start() for m in _JOINT.finditer(words)}
    for m in A_SHARE.finditer(words):
        at = _count_begins(words, m, sizes)
        if at is not None:
            cuts |= set(at)
    for m in _ESTIMATE.finditer(words):
        cuts -= set(range(m.start(), m.start() + len(m["value"])))
        at = m.start() + _within_limits(m)
        if at > m.start() or words[at - 1 : at].strip():
            cuts.add(at)
    for m in _TWO_POINTS.finditer(words):
        cuts.add(m.start() + _value_begins(m))
    return sorted(x for x in cuts if 0 < x < len(words.rstrip()))


def _within_limits(m: re.Match[str]) -> int:
    """Where an estimate behind a label begins: the longest that lies within its limits, else all its figures."""
    value = m["value"]
    ways = [k for k in range(value.index(".")) if float(m["low"]) <= float(value[k:]) <= float(m["high"])]
    return ways[0] if ways else 0


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


def _fits(digits: str, percent: Printed, sizes: Sequence[int]) -> bool:
    n = int(digits.replace(",", ""))
    return any(n <= size and percent_modes(n, size, percent) for size in sizes)


def _by_size(digits: str, begin: int, percent: Printed, sizes: Sequence[int]) -> list[int] | None:
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
