"""Counts of running text against the rows of the tables that have the same names, wherever the names stand.

`hypertension was known in 63 of 120 patients` beside a row `Hypertension 36 (30%)`; `stage IV in 31` beside `IV 13`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.by_name import counted_by_name
from codon12.check.verify.counted.reading.items import RINGED, Item, told_in
from codon12.check.verify.prose import compared, judge
from codon12.check.verify.repeats.profiles import ELSEWHERE
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.side_by_side import Mention
from codon12.check.verify.tables.drawn import Row, drawn

__all__ = ["check_counts_of_rows"]

_POINTS_AT = re.compile(r"\btables? (?:s|[①-⑨⓪])", re.IGNORECASE)
_NOTE = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|,? ?\b(?:no|n|number|yes)\b\.?(?= |$|,)|[%*†‡§:|–—-]+ *$|^[\s|·•*-]+|, *$", re.IGNORECASE
)
_LEVEL = re.compile(r"(?:i{1,3}[abc]?|iv[abc]?|v|[①-⑨⓪]+|[a-d])")
_NAMED = re.compile(r"[a-z①-⑨⓪][a-z①-⑨⓪'/ -]{3,48}")
_HEADING = re.compile(
    r"\b(stage|grade|class|level|type|score|status|group|nyha(?: class)?|asa(?: class)?|ecog(?: ps)?|category)\b"
)
_BEFORE = re.compile(
    r"(?:^|[;:,.(] ?|\b(?:and|or|in|of|with|had|have|the|an?|while|but|whereas|were|was|for|by|as|from|both|known"
    r"|reported|"
    r"patients|women|men|participants|confirmed|disease|developed|experienced|namely)) ?$"
)
_BEHIND = re.compile(
    r"(?:$|[;:,.() ]*(?:\d|$)|s?[,;.)]| ?\((?!\d*[a-z])|s? (?:was|were|in|had|occurred|being|been|developed|of|for"
    r"|among|and|or|"
    r"as|at|disease|patients|did|died|is|are|amounted|accounted|numbered|affected|existed|with \d)\b)"
)
_PARTED = re.compile(
    r"\b(?:versus|vs|than|compared|respectively|after|before|during|months?|weeks?|died|previous\w*|new"
    r"|among (?:those|the)|of "
    r"(?:whom|which|these|those)|placebo|control|intervention|arm|group|without|no|not|older|younger|only|alone"
    r"|additional\w*|"
    r"severe|first|second|both sexes|each|per)\b"
)
_MOST_ROWS, _MOST_COLUMNS, _FEWEST = 80, 4, 2


def check_counts_of_rows(case: Case) -> None:
    """Note a count of a sentence that is no number of the one row whose name stands beside it."""
    tables: dict[int, list[Passage]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            tables[p.table].append(p)
    rows = [x for t in tables.values() for x in _rows(drawn(case, t))]
    names: dict[str, list[Row]] = defaultdict(list)
    for name, row in rows:
        names[name].append(row)
    once = {name: found[0] for name, found in names.items() if len(found) == 1}
    if not once or len(rows) > _MOST_ROWS:
        return
    either = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(once, key=len, reverse=True)))})(?![\w①-⑨-])")
    for p in case.text.passages:
        if p.table is None:
            _sentence(case, p, either, once, pointed=len(tables) == 1)


def _rows(drawn_rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """The rows of counts of a table, each by its name in small letters; a level with the word that heads it."""
    out, heading = [], ""
    for row in drawn_rows:
        label = _NOTE.sub("", row.label.lower().translate(RINGED)).strip(" ,.;:|*")
        counts = [c for c in row.cells if c.n is not None]
        headed = _HEADING.search(label)
        if not counts or len(counts) < len([c for c in row.cells if c.text]):
            heading = headed[1] if headed else ""
            continue
        if len(counts) > _MOST_COLUMNS:
            continue
        if _LEVEL.fullmatch(label):
            label = f"{heading} {label}" if heading else ""
        if _NAMED.fullmatch(label) and not re.match(
            r"(?:total|all|overall|other|unknown|missing|mean|median|age)\b", label
        ):
            out.append((label, row))
    return out


def _sentence(case: Case, p: Passage, either: re.Pattern[str], rows: Mapping[str, Row], *, pointed: bool) -> None:
    told = told_in(case, p.index)
    if (
        not told.items
        or len(told.items) > _MOST_COLUMNS + 2
        or _PARTED.search(told.words)
        or ELSEWHERE.search(told.words)
    ):
        return
    found = list(either.finditer(told.words))
    if not found or len({m[0] for m in found}) < len(found):
        return
    plain = [
        m
        for m in found
        if _BEFORE.search(told.words, max(0, m.start() - 20), m.start()) and _BEHIND.match(told.words, m.end())
    ]
    if len(plain) < len(found):
        return
    read = counted_by_name(told, p.start, [Mention(m[0], *m.span()) for m in found]) or _levels(
        told.words, found, told.items, p
    )
    if read is None:
        return
    points = _POINTS_AT.search(told.words) is not None
    for m, x in read[0]:
        graded = ("grade" in told.words) > ("grade" in m.name)
        if x.n is not None and x.n >= _FEWEST and not graded:
            _compare(case, p, x, rows[m.name], sure=points and pointed)


def _levels(
    words: str, found: Sequence[re.Match[str]], items: Sequence[Item], p: Passage
) -> tuple[list[tuple[Mention, Item]], list[Item]] | None:
    """`stage III was found in 29 patients`: one name and one number."""
    if len(found) != 1 or len(items) != 1 or re.search(r"[;.] ", words[found[0].end() : items[0].start - p.start]):
        return None
    return [(Mention(found[0][0], *found[0].span()), items[0])], []


def _compare(case: Case, p: Passage, x: Item, row: Row, *, sure: bool) -> None:
    cells = [c for c in row.cells if c.n is not None]
    counts = [c.n or 0 for c in cells]
    meant = {sum(some) for k in range(1, len(counts) + 1) for some in combinations(counts, k)}
    if x.n in meant or any(str(x.n) in re.findall(r"\d+", c.text) for c in row.cells):
        return
    near = [k for k in meant if one_digit_apart(str(x.n), str(k)) or sorted(str(x.n)) == sorted(str(k))]
    if not near and not (sure and len(cells) == 1):
        return
    if any(compared(case, y, "text/table", "count/percent") for y in (x.at, cells[0].at)):
        return
    told = " + ".join(map(str, counts)) if near and near[0] not in counts else str(near[0] if near else counts[0])
    sentence = f"The table has {told} under “{row.label.strip()}”, the text {x.n}."
    verdict = "error-if" if sure and len(cells) == 1 else "unlikely"
    judge(case, p, "text/table", [*(c.at for c in cells), x.at], verdict, sentence, "comparison with the table")
