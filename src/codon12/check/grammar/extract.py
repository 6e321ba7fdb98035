"""Every statement of a text, with its place in it."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Any

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.normal import Normal, normalise
from codon12.check.documents.passages import Passage, passages
from codon12.check.finding.atoms import atoms
from codon12.check.finding.dates import date_atom
from codon12.check.finding.lexicon import TIME_UNITS, outcome_in
from codon12.check.finding.reader import TokenReader
from codon12.check.finding.tokens import tokenise
from codon12.check.grammar.cells import read_row
from codon12.check.grammar.columns import Columns
from codon12.check.grammar.coverage import Coverage, covered, is_of_a_name
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.patterns import phrases_in
from codon12.check.grammar.phrases import phrase_of
from codon12.check.grammar.sentences import read_sentence
from codon12.check.grammar.shapes import fill_row
from codon12.check.statements import Quantities, Statement

__all__ = ["Text", "extract"]

_HEAD = re.compile(
    r"^[ \t]{0,4}(?:(?P<date>(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{1,2}, \d{4})[ \t]*$|(?P<state>State)?(?P<pub>Published) - (?P<when>\w{3,9} \d{4})"
    r"|(?P<art>Article number) ?(?P<artno>\d{1,8})|(?P<iss>Issue number) ?(?P<issno>\d{1,4}))",
    re.MULTILINE,
)
_DATED = re.compile(r"(?<![a-z])[Pp]ublished (?:online )?(?:on |in )?(?P<when>\w{1,9} \w{1,9},? \d{4})")
_TIMED = {"median_only", "median_ci", "median_range", "group_medians_p", "landmark", "hr_ci_p"}
_SHARES = {"count_percent", "count_percent_ci", "percent_only", "percent_ci", "table_cell"}
_FIRST_ONLY = {"trial_phase", "stage", "version"}


class Text(msgspec.Struct, frozen=True):
    """A read text: its normal spelling, its passages and all it states."""

    name: str
    normal: Normal
    passages: list[Passage]
    statements: list[Statement]
    coverage: Coverage = Coverage(0, 0, 0, ())

    def sentence(self, statement: Statement) -> str:
        """Normalised text of the passage a statement stands in."""
        p = self.passages[statement.passage]
        return self.normal.text[p.start : p.end]


def extract(given: str, *, name: str = "text") -> Text:
    """Find every statement in a text as given.

    Parameters
    ----------
    given
        The text; offsets of the statements refer to its characters.
    name
        What messages call the text.

    Returns
    -------
    Text
        Passages and statements in order; statements never overlap.

    Examples
    --------
    >>> t = extract("Of 40 patients, 10 (25%) had a response and 3 (7.5%) died.")
    >>> [(s.kind, s.quote) for s in t.statements]
    [('count', '40 patients'), ('count_percent', '10 (25%)'), ('count_percent', '3 (7.5%)')]
    """
    normal = normalise(given)
    parts = passages(normal.text)
    found: list[Statement] = []
    seen: set[tuple[str, str | None, bool]] = set()
    last_outcome: dict[int, str] = {}
    candidates = array("I")
    columns = Columns(normal.text)
    for passage in parts:
        tokens = tokenise(normal.text, passage.start, passage.end)
        row = None if passage.table is None else normal.text
        reading = Reading(passage, normal.text, tokens, atoms(tokens, row=row))
        drafts, label = _drafts(reading, columns)
        _note_numbers(reading, label, candidates)
        if not drafts:
            continue
        begin = 0
        for k, draft in enumerate(drafts):
            after = drafts[k + 1].i if k + 1 < len(drafts) else len(tokens)
            first, begin = begin, draft.j
            if draft.kind in _FIRST_ONLY:
                value = draft.quantities.value
                key = (draft.kind, draft.quantities.text if value is None else value.text, passage.footnote)
                if key in seen and (draft.kind != "trial_phase" or draft.approximate):
                    continue
                seen.add(key)
            i, j = phrase_of(reading, draft, first, after)
            begin = max(begin, j)
            phrase = normal.span(tokens[i].start, tokens[j - 1].end)
            found.append(_placed(draft, reading, normal, phrase, last_outcome))
    found = _respectively(normal.text, parts, found)
    found += _marginal(normal, parts, found)
    found = _with_phrases(normal, parts, found)
    statements = _numbered(_in_order(parts, found))
    return Text(name, normal, parts, statements, covered(normal, statements, candidates))


_NAMES_ONLY = {"label", "phase", "stage", "version", "id", "schedule", "grades", "date", "dates", "ci_label"}


def _drafts(reading: Reading, columns: Columns) -> tuple[list[Draft], range]:
    """What a passage states, and the tokens that only name it: those of the label of a row."""
    if reading.passage.table is None:
        return (read_sentence(reading) if reading.atoms else []), range(0)
    columns.reach(reading.passage)
    row = read_row(reading) if reading.atoms else None
    drafts = row if row is not None else read_sentence(reading) if reading.atoms else []
    drafts, label = fill_row(reading, drafts, columns)
    return drafts, range(*label) if label is not None else range(0)


def _note_numbers(reading: Reading, label: range, candidates: array[int]) -> None:
    """The numbers of a passage that could state something: neither named by a label nor part of a name.

    Of each its start, its end and its table are noted, one behind the other; 0 where it stands in none.
    """
    named: set[int] = set(label)
    for atom in reading.atoms:
        if atom.kind in _NAMES_ONLY:
            named.update(range(atom.i, atom.j))
    table = reading.passage.table or 0
    for i, t in enumerate(reading.tokens):
        if t.kind == "num" and not t.spelled and i not in named and not is_of_a_name(reading.text, t):
            candidates.extend((t.start, t.end, table))


def _respectively(text: str, parts: list[Passage], found: list[Statement]) -> list[Statement]:
    """`median A and median B were 6.8 and 12.5 months, respectively`: outcomes in the order they are named."""
    out = list(found)
    for i in range(len(out) - 1):
        first, second = out[i], out[i + 1]
        if first.kind != "median_only" or second.kind != "median_only" or first.passage != second.passage:
            continue
        start = parts[first.passage].start
        if "respectively" not in text[second.normal_end : second.normal_end + 20]:
            continue
        if text[first.normal_end : second.normal_start].strip() != "and":
            continue
        b = outcome_in(text[start : first.normal_start])
        a = outcome_in(text[start : first.normal_start], last=False)
        if a and b and a != b:
            for at, outcome in ((i, a), (i + 1, b)):
                q = msgspec.structs.replace(out[at].quantities, outcome=outcome)
                out[at] = msgspec.structs.replace(out[at], quantities=q)
    return out


def _in_order(parts: list[Passage], found: list[Statement]) -> list[Statement]:
    """Statements in order of the text as given, those of a table, which may have been turned, row by row."""

    def table(s: Statement) -> int | None:
        return None if s.section == "header" else parts[s.passage].table

    begins: dict[int, int] = {}
    for s in found:
        if (of := table(s)) is not None:
            begins[of] = min(s.start, begins.get(of, s.start))
    ordered = sorted(found, key=lambda s: s.end)  # the least of four keys first: each is a number, and none is kept
    ordered.sort(key=lambda s: s.start)
    ordered.sort(key=lambda s: 0 if table(s) is None else s.passage)
    ordered.sort(key=lambda s: s.start if (of := table(s)) is None else begins[of])
    return ordered


def _numbered(found: list[Statement]) -> list[Statement]:
    """The statements by number, the first of those that overlap; what several say in the same words is held once."""
    out: list[Statement] = []
    said: dict[Any, Any] = {}
    for s in found:
        if out and s.start < out[-1].end and out[-1].start < s.end:
            continue
        q, label = said.setdefault(s.quantities, s.quantities), said.setdefault(s.label, s.label)
        out.append(msgspec.structs.replace(s, id=f"S{len(out) + 1:04}", quantities=q, label=label))
    return out


def _placed(
    draft: Draft, reading: Reading, normal: Normal, phrase: tuple[int, int], last_outcome: dict[int, str]
) -> Statement:
    start, end = reading.tokens[draft.i].start, reading.tokens[draft.j - 1].end
    given_start, given_end = normal.span(start, end)
    passage = reading.passage
    q = draft.quantities
    if draft.kind in _TIMED:
        q = _with_outcome(draft, reading, start, end, last_outcome)
    elif draft.kind in _SHARES:
        row = draft.label if passage.table is not None else None
        q = msgspec.structs.replace(q, outcome=outcome_in(row) if row else _share_of(reading, start, end))
        if q.outcome is not None:
            last_outcome[passage.paragraph] = q.outcome
    label = draft.label or normal.text[end : min(passage.end, end + 80)].split(".")[0]
    return Statement(
        id="",
        kind=draft.kind,
        start=given_start,
        end=given_end,
        quote=normal.given[given_start:given_end],
        section=passage.section,
        quantities=q,
        passage=passage.index,
        normal_start=start,
        normal_end=end,
        label=" ".join(label.split()),
        explicit=draft.explicit,
        approximate=draft.approximate,
        column=draft.column,
        tie=draft.tie,
        phrase=None if phrase == (given_start, given_end) else phrase,
    )


def _with_outcome(draft: Draft, reading: Reading, start: int, end: int, last_outcome: dict[int, str]) -> Quantities:
    """Quantities with the outcome they are of: named before, after, in the table's heading, or in force."""
    q, passage, named = draft.quantities, reading.passage, reading.outcomes
    outcome = named.last_within(start, end) if draft.kind == "hr_ci_p" else None
    outcome = outcome or named.last_before(start) or named.first_within(start, end + 60)
    if outcome is None:
        outcome = outcome_in(passage.heading) if passage.table is not None else last_outcome.get(passage.paragraph)
    if draft.kind == "landmark" and outcome == "ORR":
        outcome = "DOR"  # an estimate of response over time is one of its duration
    if outcome is None or (draft.kind == "median_only" and q.unit not in TIME_UNITS.values()):
        return q
    last_outcome[passage.paragraph] = outcome
    return msgspec.structs.replace(q, outcome=outcome)


_HAD = re.compile(
    r"\b(?:had|has|have|having|achiev\w+|attain\w+|experienc\w+|obtain\w+|reach\w+|show\w+)\b", re.IGNORECASE
)
_CLAUSE_ENDS = re.compile(r"[,;.()]|\band (?=the |a )", re.IGNORECASE)


def _share_of(reading: Reading, start: int, end: int) -> str | None:
    """Outcome a percentage is of: what its count had, what is named after it (`who had a partial response`), or before.

    `100 had disease control (80.6%)` is of disease control, whatever the sentence named before.
    """
    named = reading.outcomes
    if _HAD.search(reading.text, start, end) and (own := named.last_within(start, end)) is not None:
        return own
    after = _CLAUSE_ENDS.split(reading.text[end : min(reading.passage.end, end + 80)], maxsplit=1)[0]
    behind = named.first_within(end, end + len(after))
    if behind is not None:
        return behind
    close = reading.text.rfind(")", max(0, start - _REACH), start)
    begin = reading.text.rfind("(", max(0, start - _REACH), close) if close >= 0 else -1
    if begin >= 0 and any(c.isdigit() for c in reading.text[begin:close]):  # what others are counted for
        return named.last_within(close, start) or named.last_before(begin, max(0, _REACH - (start - begin)))
    return named.last_before(start, _REACH)


_REACH = 160
"""Characters before a percentage in which what it is of may be named."""


def _with_phrases(normal: Normal, parts: list[Passage], found: list[Statement]) -> list[Statement]:
    """Statements that are one phrase, in place of the smaller ones within them."""
    out: list[Statement] = []
    taken: list[tuple[int, int]] = []
    flat = normal.text.replace("\n", " ")
    for passage in parts:
        for kind, start, end, q in phrases_in(flat, passage):
            given_start, given_end = normal.span(start, end)
            if taken and given_start < taken[-1][1] and given_end > taken[-1][0]:
                continue
            quote = normal.given[given_start:given_end]
            taken.append((given_start, given_end))
            out.append(
                Statement("", kind, given_start, given_end, quote, passage.section, q, passage.index, start, end,
                          explicit=True)
            )  # fmt: skip
    if not out:
        return found
    return out + [s for s in found if not any(s.start < end and start < s.end for start, end in taken)]


def _marginal(normal: Normal, parts: list[Passage], found: list[Statement]) -> list[Statement]:
    """Dates and numbers of the publication itself, on lines of their own."""
    out: list[Statement] = []
    starts, begins = [s.start for s in found], [p.start for p in parts]
    dated = _DATED.finditer(normal.text) if "ublished " in normal.text else ()
    for hit in (*_HEAD.finditer(normal.text), *dated):
        kind, q = "identifier", None
        names = hit.groupdict()
        if names.get("artno") or names.get("issno"):
            q = Quantities(text=f"article:{hit['artno']}" if hit["artno"] else f"issue:{hit['issno']}")
            start = hit.start("art") if hit["artno"] else hit.start("iss")
        else:
            field = "date" if names.get("date") else "when"
            start = hit.start("date") if names.get("date") else hit.start("pub") if names.get("pub") else hit.start()
            atom = date_atom(TokenReader(tokenise(normal.text, hit.start(field), hit.end(field))), 0)
            if atom is None or atom.kind != "date":
                continue
            kind, q = "date", Quantities(date=atom.data["date"])
        given_start, given_end = normal.span(start, hit.end())
        near = bisect_left(starts, given_end) - 1
        if near >= 0 and given_start < found[near].end:
            continue
        passage = min(bisect_left(begins, hit.start()), max(0, len(parts) - 1))
        quote = normal.given[given_start:given_end].rstrip()
        out.append(
            Statement(
                id="",
                kind=kind,
                start=given_start,
                end=given_start + len(quote),
                quote=quote,
                section="header",
                quantities=q,
                passage=passage,
                normal_start=start,
                normal_end=hit.end(),
            )
        )
    return out
