"""Rows whose names say what they make together: responses, those who left and those who stayed, levels of one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


_ALL_RESPONSES = re.compile(
    r"\W*(?:best )?(?:(?:confirmed )?(?:objective|overall) (?:tumou?r )?responses?(?: rate)?|ORR|CR ?\+ ?PR)"
    r"(?: \(ORR\)| \(CR ?\+ ?PR\))?(?:,? ?(?:n|no\.?|%|rate)\b)*[^A-Za-z]*(?:[nN]o?\b[^A-Za-z]*)?",
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
_REACH = 5


def _responses(case: Case, rows: Sequence[Row]) -> None:
    """Objective responses are the complete and the partial ones (RECIST 1.1)."""
    for k, row in enumerate(rows):
        if not _ALL_RESPONSES.fullmatch(row.label):
            continue
        near = rows[max(0, k - _REACH) : k + _REACH + 1]
        complete = [r for r in near if _COMPLETE.match(r.label)]
        partial = [r for r in near if _PARTIAL.match(r.label)]
        others = any(_NO_OTHER.search(f"{r.label} {r.heading}") for r in near)
        if others or len(complete) != 1 or len(partial) != 1:
            continue
        again = any(_ALL_RESPONSES.fullmatch(r.label) for r in near if r is not row)
        if again or not row.columns == complete[0].columns == partial[0].columns:
            continue
        three = [
            x
            for x in zip(row.cells, complete[0].cells, partial[0].cells, strict=True)
            if all(c.quantities.n is not None for c in x)
        ]
        wrong = [x for x in three if x[0].quantities.n != (x[1].quantities.n or 0) + (x[2].quantities.n or 0)]
        for whole, a, b in wrong:
            n, m, together = whole.quantities.n or 0, max(a.quantities.n or 0, b.quantities.n or 0), 0
            together = (a.quantities.n or 0) + (b.quantities.n or 0)
            if m > n or (2 * len(wrong) <= len(three) or (len(three) == 1 and one_digit_apart(str(n), str(together)))):
                shown = f"{a.quantities.n} complete and {b.quantities.n} partial responses are {together}, not {n}"
                computed = {"sum": together}
                case.relate("sum", (whole, a, b), "error-if", f"{shown}, if there are no others.", "sum of responses",
                            computed, on=(whole,))  # fmt: skip


_ENTERED = re.compile(
    r"\W*(?:(?:number|no\.) )?(?:patients |participants |subjects )?(?:randomi[sz]ed|enrolled|assigned|allocated|"
    r"entered|registered|started|recruited)\b(?! but)",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\W*(?:withdr[ae]w|withdrawals?|withdrawn|lost to|loss to|died|deaths?|discontinu|dropped out|drop-?outs?|"
    r"excluded|moved|did not|never|protocol (?:violation|deviation)|consent withdrawn|pregnan|adverse event|refused|"
    r"declined|lack of|other reasons?)",
    re.IGNORECASE,
)
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
        elif start is None or _LEFT.match(row.label):
            continue
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
