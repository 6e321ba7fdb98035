"""Cut a text into passages: sentences of prose and rows of tables, each with its section; drop page furniture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.blocks import BARE_CAPTION, CAPTION, FOOTNOTE, TABLE_END, blocks
from codon12.check.documents.kinds import cells_follow, has_bars, is_prose, is_table

__all__ = ["TABLE_END", "Passage", "passages"]

_SECTION_NAMES = """
abstract summary background introduction objective objectives purpose aim aims methods patients patientsandmethods
materialsandmethods statisticalanalysis results findings efficacy safety discussion conclusion conclusions
interpretation funding keyfindings studydesign keytakeaway whythismatters trialregistration authorinformation
exploratorybiomarkers trialdesignandendpoints trialoversight backgroundandobjective
"""
_SECTIONS = frozenset(_SECTION_NAMES.split())
_REFERENCES = {"references", "bibliography", "literaturecited", "citethisarticle", "affiliations"}
_LABELLED = re.compile(r"^(?:ABSTRACT\.)?([A-Z][A-Z ,/&-]{3,50}|[A-Z][a-z]+(?: [a-z]+){0,2}):?(?:\s*$|(?<=:)\s)")
_HAS_CELL = re.compile(
    r"\d[%+]? ?[(\[]|\([Nn]|[Nn] ?=|\||^\s*[\d.]+(?:\s|$)|\s\d[\d.]*\s*$"
    r"|(?:\t| {2,})\s*[<>≤≥(]?-?(?:\d[\d,]*(?:\.\d+)?|\.\d+)[*†‡§]?(?:\s?%|\s?±|\s\d|\s?/\s?\d|\s*(?:\t| {2}|\||$))"
)
"""A count with a bracket, a size, a bar, or a cell that is a number or begins with one and its share or total."""
_CELLS_APART = re.compile(r"\S(?: {2,}|\t)\S|\|")
_FIGURE = re.compile(r"^\s{0,4}Fig(?:ure|\.) \d{1,2}\b[ .:(]")
_RULE = re.compile(r"[\s|:+-]*-{2,}[\s|:+-]*$")
"""The line under the head of a Markdown table."""
_ONLY_LABEL = re.compile(r"\s*\|?[^|]*\|[\s|]*$")
"""A row between bars that has a label and no cell: the heading of the rows below it."""
_OWN_SHARE = re.compile(r"\b(?:n|no\.?|number)?,? ?\((?:n, ?)?%\)|, ?%|, (?:mean|median)\b", re.IGNORECASE)
"""In a label: what its own cells are. A row that says so below a heading that says so is none of the heading's."""
_FIRST_CELL = re.compile(r"[\s|]*[^|\t]*?(?=\s*(?:[|\t]|\s{2}))")
_SIZED_HEADING = re.compile(r"(?P<indent> *)[A-Za-z](?:[^|\t\n]| (?! ))*?(?:, ?| ?\()[nN] ?= ?\d[\d,]*\)?:? *$")
"""A line with no number but the size of those in the rows below it: `Comutations (n = 102)`."""
_SIZED_HEADING = re.compile(
    r" *[A-Za-z](?:[^|\t\n ]| (?! )){,80}(?:(?:, ?| ?\()[nN] ?= ?\d[\d,]*\)?:?|(?: {2,}\(?[nN] ?= ?\d[\d,]*\)?)+) *"
)
"""A line with no number but the sizes of the rows set in below it: `Comutations (n = 102)`, or one of each column."""
_ONLY_P = re.compile(
    r"\s*\|?\s*(?P<label>[^\t|]*[A-Za-z][^\t|]*?)\s*(?:[\t|]\s*)+(?:[Pp]\s?)?[<>=≤]?\s?0?\.\d+[a-z*†‡§]?[\s|]*$"
)
"""A row with a P value alone: it is of the rows below, whose heading the label is."""
_ENDS_IN_P = re.compile(r"[\t|]\s*(?:[Pp]\s?)?[<>=≤]?\s?0?\.\d+[a-z*†‡§]?[\s|]*$")
_ADDRESS = re.compile(
    r"[@A-Zcr](?:(?<=\w@)[\w-]+\.[a-z]|(?<=\b[A-Zcr])(?:(?:(?<=[Rr])eprint requests|(?<=[Rr])eprints:|"
    r"(?<=[Cc])orrespondence(?::| to:?(?= [A-Z]| Dr)| should be)|(?<=B)lvd|(?<=P)\.?O\.? Box|(?<=[A-Z])[A-Z] \d{5})\b|"
    r"(?<=A)ve\.|(?<=U)nit \d{2,}|(?<=B)ox \d{3,}))"
)
_CITED = re.compile(
    r"\d(?<=\b\d)(?:\d{0,3}, \d{1,5}-\d{1,5} \((?:19|20)\d\d\)|"
    r"(?:(?<=1)9|(?<=2)0)\d\d; ?\d{1,4}(?: ?\(\d{1,3}\))?: ?\w?\d{1,6})"
)
_OF_CITED = (";", "(19", "(20")
"""One of which a citation has."""
_REFERENCE_ITEM = re.compile(r"^\s*(?:\[\d{1,3}\]|\d{1,3}\.) +[A-Z][\w'’-]+ [A-Z]{1,3}[,.]")
_SENTENCE_END = re.compile(
    r"[.!?](?:(?:[\"'”’)\]]?|(?<=[^\d\s]\.)[\"'”’)\]]?\d{1,3}(?:[,-]\d{1,3})*)\s+(?=[A-Z(“\"\[•*†‡§¶‖≥<]|\d|p\.[A-Z]|"
    r"[a-z]{1,2}[A-Z])|(?<=[a-z]{4}\.)(?=[A-Z][a-z]+(?:-[a-z]+)?,? [a-z(]))"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:vs|e\.g|i\.e|Figs?|Drs?|St|al|approx|nos?|No|d\.f|df|cf|ca|var|subsp|Inc|Ave|Blvd|resp|refs?|Refs?|v|Ltd|Jr|Prof|p|P|Eq)"
    r"|(?<![A-Za-z0-9]{2}-)\b[A-Z])$"
)
"""What a full stop behind it ends no sentence of: an initial, but not the letter of `VEGF-A`."""
_LETTER = re.compile(
    r"\b(?:to|in|and|or|arms?|groups?|cohorts?|type|class|regimen|treatment|hepatitis|vitamin|factor|"
    r"protein|model|part|option|study|trial|influenza) [A-Z]$"
)
_OPENS = re.compile(
    r"(?:The|We|In|Of|An?|There|At|No|Median|Mean|Overall|This|These|All|Both|Patients|After|Among|Most|Our|Baseline|"
    r"During|Objective|Response|Survival|Grade|Adverse|Serious)\b"
)
"""Words that open a sentence, so that the letter before the full stop is no initial: `130 to B. The rate`."""
_DIGIT = re.compile(r"\d")
_WORTH = re.compile(
    r"\b(?=[cefhknopst])(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|stages?|phase"
    r"|Clopper|Kaplan|not reached|no)\b",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 300
LONGEST = 4_000
"""No sentence is longer than this many characters; a longer one is cut."""


class Passage(msgspec.Struct, frozen=True, gc=False):
    """A sentence or a table row: where it stands and what surrounds it."""

    index: int
    start: int
    end: int
    section: str
    paragraph: int
    table: int | None = None
    """Number of the table (in order of appearance) whose row this is."""
    heading: str = ""
    """Cell-less rows above a table row: its group heading, and its label where that has a line of its own."""
    footnote: bool = False


def _heading(line: str) -> str | None:
    """Name of the section a line opens, or None."""
    line = line.strip().lstrip("#").strip(" *_")
    if len(line) > 60 or not line:
        found = _LABELLED.match(line[:60])
        return found.group(1) if found and ":" in line[:60] and _known(found.group(1)) else None
    if _known(line):
        return line.strip(":")
    found = _LABELLED.match(line)
    return found.group(1).strip() if found and _known(found.group(1)) else None


def _known(words: str) -> bool:
    name = re.sub(r"[^a-z]", "", words.lower())
    return name in _SECTIONS or name in _REFERENCES


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of ``text[start:end]``."""
    begin = start
    for found in _SENTENCE_END.finditer(text, start, end):
        stop = found.start()
        if text[stop] == "." and _ABBREVIATED.search(text, max(begin, stop - 8), stop):
            named = _LETTER.search(text, max(begin, stop - 14), stop)
            if named is None or _OPENS.match(text, found.end()) is None:
                continue
        yield begin, found.end()
        begin = found.end()
    if begin < end:
        yield begin, end


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, stop in _split(text, start, end):
        yield from _cut(text, first, stop)


def _cut(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most `LONGEST` characters, cut at spaces where there are any."""
    while stop - begin > LONGEST:
        cut = text.rfind(" ", begin + 1, begin + LONGEST)
        cut = begin + LONGEST if cut <= begin else cut
        yield begin, cut
        begin = cut
    yield begin, stop


def passages(text: str) -> list[Passage]:
    r"""Sentences and table rows of a normalised text that can hold a number, in order.

    Left out: page furniture, postal addresses, lists of references, citations of articles.

    Examples
    --------
    >>> [p.section for p in passages("RESULTS\nAmong 20 patients, 5 (25%) responded. All 20 had a scan.")]
    ['RESULTS', 'RESULTS']
    """
    out: list[Passage] = []
    section, references, table, tables = "", False, None, 0
    paragraph = 0
    previous_open: int | None = None  # start of an unfinished sentence that ends a block
    heading, last_had_cells, in_notes, anonymous = "", True, False, False
    left: tuple[int, str, bool] | None = None  # a table just behind: number, section, whether it has its caption
    captioned = late_notes = titled = False
    set_in = 0  # spaces before the rows that are under a heading, more than before the heading itself

    def add(start: int, end: int, **more: object) -> None:
        if end - start <= 60_000 and not (_DIGIT.search(text, start, end) or _WORTH.search(text, start, end)):
            return
        out.append(Passage(len(out), start, end, section, paragraph, **more))  # type: ignore[arg-type]

    for block, following in pairwise(chain(blocks(text), (None,))):
        assert block is not None
        paragraph += 1
        if text[block.start] == TABLE_END:
            left = None if table is None else (table, section, captioned)
            table, section, previous_open = None, "body", None
            continue
        first = text[block.lines[0][0] : min(block.lines[0][1], block.lines[0][0] + 300)]
        lines = block.lines
        name = _heading(first) if "|" not in first else None
        if name:
            key = re.sub(r"[^a-z]", "", name.lower())
            references = key in _REFERENCES
            section, table, previous_open = name, None, None
            if first.strip().strip("#:* ").lower() == name.lower():
                lines = lines[1:]
                if not lines:
                    continue
        caption = CAPTION.match(first) or BARE_CAPTION.match(first)
        if caption and len(first) >= _LONGEST_CAPTION and not cells_follow(text, block):
            caption = CAPTION.match(first)
        note = FOOTNOTE.match(first) is not None
        if late_notes and not note:
            table, section, late_notes = None, "body", False
        if anonymous and table is not None:
            left = (table, section, captioned)
        below = caption and left is not None and (not left[2] or caption.group(1) == left[1])
        if caption and left is not None and below and not is_table(text, following):
            table, section, in_notes, previous_open = left[0], caption.group(1), False, None
            left, captioned, anonymous = (table, section, True), True, False
        elif caption:
            captioned = True
            tables += not (tables and caption.groupdict().get("continued"))
            table, section, references, in_notes = tables, caption.group(1), False, False
            heading, last_had_cells, previous_open = "", True, None
        elif block.aligned and not references:
            if table is None or in_notes:
                tables += 1
                table, in_notes, heading, last_had_cells, previous_open = tables, False, "", True, None
                anonymous, captioned = True, False
        elif has_bars(text, block):
            if table is None:
                tables += 1
                table, in_notes, heading, last_had_cells, previous_open = tables, False, "", True, None
                anonymous, captioned = True, False
        elif note and left is not None and (table is None or anonymous):
            table, section, in_notes, late_notes, anonymous = left[0], left[1], True, True, False
        elif anonymous:
            table, anonymous = None, False
        elif _FIGURE.match(first):
            table, section = None, "figure legend"
        elif table is not None and note:
            in_notes = late_notes = True
        elif table is not None and titled and not name and len(first) < _LONGEST_CAPTION:
            pass  # the words of a caption whose number stands on a line of its own
        elif table is not None and (name or is_prose(text, block)):
            table, section = None, "body"
        elif section == "figure legend" and first[:1] == " ":
            section = "body"
        titled = caption is not None and len(lines) == 1 and caption.end() >= len(first.rstrip()) - 1
        if references or (len(lines) < 15 and _ADDRESS.search(text, block.start, min(block.end, block.start + 2000))):
            if (
                _ADDRESS.search(text, block.start, min(block.end, block.start + 2000))
                and block.end - block.start > 1500
            ):
                pass
            else:
                previous_open = None
                continue
        if not (anonymous or note or caption):
            left = None
        if table is not None and not in_notes:
            for start, end in (piece for line in lines for piece in _cut(text, *line)):
                line = text[start:end]
                if _RULE.match(line):
                    continue
                late_notes = in_notes = in_notes or (
                    FOOTNOTE.match(line) is not None and _CELLS_APART.search(line) is None
                )
                if in_notes:
                    add(start, end, footnote=True)
                elif _DIGIT.search(line) and not _ONLY_LABEL.match(line) and _HAS_CELL.search(line):
                    indent = len(line) - len(line.lstrip(" "))
                    if indent < set_in:
                        heading, set_in = "", 0
                    if heading and _OWN_SHARE.search(heading) and (label := _FIRST_CELL.match(line)) is not None:
                        heading = "" if _OWN_SHARE.search(label[0]) else heading
                    add(start, end, table=table, heading=heading.strip())
                    below = len(text[end + 1 : end + 40]) - len(text[end + 1 : end + 40].lstrip(" "))
                    if indent < below and _SIZED_HEADING.fullmatch(line):
                        heading, set_in = line, below
                    last_had_cells = True
                    if _ENDS_IN_P.search(line) and (group := _ONLY_P.match(line)):
                        heading, last_had_cells = group["label"], False
                else:
                    add(start, end, table=table, heading=heading.strip())
                    heading = line if last_had_cells else f"{heading} {line}"[-300:]
                    below = text[end + 1 : end + 40]
                    set_in = len(below) - len(below.lstrip(" ")) if "|" not in line else 0
                    set_in = set_in if set_in > len(line) - len(line.lstrip(" ")) else 0
                    last_had_cells = False
            continue
        start = lines[0][0]
        head = text[start : start + 40].lstrip()
        if previous_open is not None and out and head[:1].islower():
            last = out[-1]
            sentences = list(_pieces(text, start, block.end))
            if last.start == previous_open and sentences and sentences[0][1] - last.start < LONGEST:
                out[-1] = msgspec.structs.replace(last, end=sentences[0][1])
                sentences = sentences[1:]
            paragraph -= 1
        else:
            sentences = list(_pieces(text, start, block.end))
        for begin, stop in sentences:
            piece = text[begin : min(stop, begin + 600)]
            if len(piece) < 600 and (
                (any(map(piece.__contains__, _OF_CITED)) and _CITED.search(piece)) or _REFERENCE_ITEM.match(piece)
            ):
                continue
            add(begin, stop, footnote=in_notes and table is not None)
        tail = text[max(block.start, block.end - 4) : block.end].rstrip()
        unfinished = bool(out) and bool(sentences) and not tail.endswith((".", "!", "?", ":", ";"))
        previous_open = out[-1].start if unfinished and out[-1].end == block.end else None
    return out
