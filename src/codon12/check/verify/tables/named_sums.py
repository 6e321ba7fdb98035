"""Rows whose names say what they make together: responses, those who left and those who stayed, levels of one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

import msgspec

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.grades import Row

__all__ = ["check_named_sums", "levels_of_one"]


def check_named_sums(case: Case, rows: Sequence[Row]) -> None:
    """Check the objective responses of a table against complete and partial ones, and each flow of participants."""
    _responses(case, rows)
    _flows(case, rows)
    _how_often(case, rows)


_LEVEL = re.compile(
    r"\W*(?P<of>(?:[A-Za-z/-]+,? )*(?:ECOG|PS|performance status|[Ss]tage|ASA|NYHA|Child-Pugh|Zubrod|ISS|WHO|BCLC|"
    r"[Gg]rading|[Tt]umou?r grade|[Hh]istolog\w+ grade|[Cc]lass|[Ss]core)(?: (?:class|score|stage|status|PS))?)"
    r"[ ,:=]*(?P<level>[0-4](?:-[1-4])?|I{1,3}[ABC]?|IV[ABC]?|[A-D])\b(?P<rest>[^A-Za-z]*(?:,? ?(?:n|no\.?|%)\W*)*)",
)


def levels_of_one(block: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows `ECOG PS 0, n (%)`, `ECOG PS 1, n (%)`, each with its level as its label."""
    run: list[Row] = []
    name = ""
    for row in [*block, None]:
        m = _LEVEL.fullmatch(row.label) if row is not None else None
        own = m["of"].lower().strip() if m is not None else ""
        if run and own != name:
            if len(run) > 1:
                yield run
            run = []
        name = own
        if row is not None and m is not None:
            run.append(msgspec.structs.replace(row, label=m["level"]))


_CR_AND_PR = (
    r"(?:confirmed )?(?:CR|complete(?: responses?)?) ?(?:\+|plus|and|or) ?(?:confirmed )?(?:PR|partial(?: responses?)?)"
)
_ALL_RESPONSES = re.compile(
    r"\W*(?:best )?(?:(?:confirmed )?(?:objective|overall) (?:tumou?r )?responses?(?: rate)?|ORR|CR ?\+ ?PR)"
    rf"(?: \(ORR\))?(?:,? \({_CR_AND_PR}\))?(?:,? ?(?:n|no\.?|%|rate)\b)*[^A-Za-z]*(?:[nN]o?\b[^A-Za-z]*)?",
    re.IGNORECASE,
)
_COMPLETE = re.compile(
    r"\W*(?:(?:confirmed )?complete (?:response|remission)s?|CR)\b(?! ?[+/]| or | and )", re.IGNORECASE
)
_PARTIAL = re.compile(
    r"\W*(?:(?:confirmed )?partial (?:response|remission)s?|PR)\b(?! ?[+/]| or | and )", re.IGNORECASE
)
_NO_OTHER = re.compile(
    r"VGPR|very good|minor|\bMR\b|CRi|incomplete|unconfirmed|nodular|\bnear|stringent|patholog|minimal|CRh|CRu|mCR|"
    r"metabolic",
    re.IGNORECASE,
)
_REACH = 7


_STABLE = re.compile(r"\W*(?:stable disease|SD)\b(?! ?[+/≥>]| or | and | for| last)", re.IGNORECASE)
_NOT_MEASURABLE = re.compile(r"\W*non-?(?:CR|complete response)\b", re.IGNORECASE)
"""Neither complete response nor progression of what cannot be measured: in control too."""
_CONTROL = re.compile(
    r"\W*(?:(?:overall )?(?:disease|tumou?r) control|DCR|CR ?\+ ?PR ?\+ ?SD)(?: rate)?(?: \(DCR\)| \(CR ?\+ ?PR ?\+ "
    r"?SD\))?(?:,? ?(?:n|no\.?|%|rate)\b)*[^A-Za-z]*(?:[nN]o?\b[^A-Za-z]*)?",
    re.IGNORECASE,
)
_SUMS = ((_ALL_RESPONSES, (_COMPLETE, _PARTIAL), "responses"), (_CONTROL, (_COMPLETE, _PARTIAL, _STABLE), "in control"))


def _responses(case: Case, rows: Sequence[Row]) -> None:
    """Objective responses are the complete and the partial ones (RECIST 1.1), disease control those and the stable."""
    for whole, parts, what in _SUMS:
        for k, row in enumerate(rows):
            if not whole.fullmatch(row.label):
                continue
            near = rows[max(0, k - _REACH) : k + _REACH + 1]
            found = [[r for r in near if part.match(r.label)] for part in parts]
            again = any(whole.fullmatch(r.label) for r in near if r is not row)
            others = what == "in control" and any(_NOT_MEASURABLE.match(r.label) for r in near)
            others = others or any(_NO_OTHER.search(f"{r.label} {r.heading}") for r in near)
            if not (again or others) and all(len(x) == 1 and x[0].columns == row.columns for x in found):
                _response(case, row, [x[0] for x in found], what)


def _response(case: Case, row: Row, parts: Sequence[Row], what: str) -> None:
    """One row and those it is made of; stable disease may count only where it lasted, so that fewer are in control."""
    columns = [
        (cells, cells[0].quantities.n or 0, [c.quantities.n or 0 for c in cells[1:]])
        for cells in zip(row.cells, *(r.cells for r in parts), strict=True)
        if all(c.quantities.n is not None for c in cells)
    ]
    wrong = [x for x in columns if x[1] != sum(x[2])]
    for cells, n, counts in wrong:
        slip = one_digit_apart(str(n), str(sum(counts)))
        fewer = len(counts) > _TWO and n < sum(counts)
        swapped = sorted(str(n)) == sorted(str(sum(counts)))
        seen = 2 * len(wrong) <= len(columns) or (len(columns) == 1 and slip)
        telling = (seen and (swapped or not fewer)) or (_AS_SUM.search(row.label) and not fewer)
        if telling or max(counts) > n:
            sentence = f"{' + '.join(map(str, counts))} = {sum(counts)} {what}, not {n}, if there are no others."
            computed = {"sum": sum(counts)}
            case.relate("sum", cells, "error-if", sentence, "sum of responses", computed, on=cells[:1])


_TWO = 2
_AS_SUM = re.compile(rf"\bCR ?\+ ?PR\b|{_CR_AND_PR}", re.IGNORECASE)
"""In the label of a row that says what it adds up."""
_ONCE = re.compile(r"\W*(?:one|1|(?:a )?single|once)(?! or\b)\b ?(?P<what>[a-z]*)", re.IGNORECASE)
_MORE_OFTEN = re.compile(r"\W*(?:[≥>] ?[12]|two|three|2|3|twice|more than (?:one|once))\b", re.IGNORECASE)
_STEM = 5


def _how_often(case: Case, rows: Sequence[Row]) -> None:
    """`One reduction` and `Two reductions` below those with any: each of them is in one of the two."""
    for k, row in enumerate(rows[1:-1], 1):
        m, whole = _ONCE.match(row.label), rows[k - 1]
        if m is None or len(m["what"]) < _STEM or m["what"][:_STEM].lower() not in whole.label.lower():
            continue
        parts = [row, *takewhile(lambda r: _MORE_OFTEN.match(r.label) is not None, rows[k + 1 :])]
        if len(parts) < _TWO or any(r.columns != whole.columns for r in parts):
            continue
        for cells in zip(whole.cells, *(r.cells for r in parts), strict=True):
            n, *counts = (c.quantities.n for c in cells)
            if n is not None and None not in counts and (together := sum(x or 0 for x in counts)) > n:
                sentence = f"{' + '.join(map(str, counts))} = {together}, more than the {n} of whom they are."
                case.relate("sum", cells, "error-if", sentence, "part <= whole", on=cells[:1], tie="structural")


_ENTERED = re.compile(
    r"\W*(?:(?:number|no\.) )?(?:patients |participants |subjects )?(?:randomi[sz]ed|enrolled|assigned|"
    r"allo(?:cat|tt)ed|entered|registered|started|recruited)\b(?! but)",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\W*(?:withdr[ae]w|withdrawals?|withdrawn|lost to|loss to|died|deaths?|discontinu|dropped out|drop-?outs?|"
    r"excluded|moved|did not|never|protocol (?:violation|deviation)|consent withdrawn|pregnan|adverse event|refused|"
    r"declined|lack of|other reasons?)",
    re.IGNORECASE,
)
_COMPLETED = re.compile(r"\W*completed\W*(?:n|%|\W)*$", re.IGNORECASE)
_NOT_COMPLETED = re.compile(r"\W*(?:not completed|did not complete)\b", re.IGNORECASE)
_STAYED = re.compile(
    r"\W*(?:patients |participants )?(?:complet(?:ed|ers)|analy[sz]ed|included in|remaining|evaluable|assessed)\b",
    re.IGNORECASE,
)
_SMALL = 20


def _flows(case: Case, rows: Sequence[Row]) -> None:
    """`Randomised 318, withdrew 12, lost 9, completed 297`: who entered less who left are those who stayed."""
    start: int | None = None
    for k, row in enumerate(rows):
        if _ENTERED.match(row.label):
            start = k
        elif start is None or _LEFT.match(row.label) or (k == start + 1 and _COMPLETED.match(row.label)):
            continue
        elif k == start + 2 and _NOT_COMPLETED.match(row.label) and _COMPLETED.match(rows[k - 1].label):
            _flow(case, [rows[start], row, rows[k - 1]])
        elif _STAYED.match(row.label) and k > start + 1:
            _flow(case, rows[start : k + 1])
            start = None
        else:
            start = None


def _flow(case: Case, rows: Sequence[Row]) -> None:
    if any(r.columns != rows[0].columns for r in rows):
        return
    columns = [[r.cells[j] for r in rows] for j in range(len(rows[0].cells))]
    columns = [cells for cells in columns if all(c.quantities.n is not None for c in cells)]
    right = sum(_fits([c.quantities.n or 0 for c in cells]) for cells in columns)
    for cells in columns:
        entered, *left, stayed = (c.quantities.n or 0 for c in cells)
        if _fits([entered, *left, stayed]) or entered < _SMALL or not 2 * stayed > entered >= stayed:
            continue
        due = entered - sum(left)
        if right or (len(columns) == 1 and due > 0 and one_digit_apart(str(due), str(stayed))):
            shown = " - ".join(map(str, (entered, *left)))
            sentence = f"{shown} = {due}, not {stayed}, if these are all who left."
            case.relate("sum", cells, "error-if", sentence, "flow of participants", {"sum": due}, on=(cells[-1],))


def _fits(counts: Sequence[int]) -> bool:
    """Whether those who left make the gap: all rows, or the first alone where the others are its reasons."""
    entered, *left, stayed = counts
    return entered - stayed in (sum(left), left[0], max(left), sum(left) - max(left))
