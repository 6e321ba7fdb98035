"""More than there are: `of the 48 with a leak, 53 needed surgery`, `57/52 patients`, `all 32` of 31; none, yet 3 %."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder

__all__ = ["check_all_of_them"]

_N = r"\d{1,3}(?:,\d{3})+|\d+"
_NO_NUMBER = r"(?![\d.]*\d|,\d{3}| ?%|-|/| ?(?:years?|months?|weeks?|days?|mg|times|cycles?)\b)"
_PEOPLE = (
    r"(?:patients?|participants?|subjects|women|men|children|adults|cases|pts|infants|respondents|implants|eyes|knees|hips|"
    r"lesions|tumou?rs|samples|specimens|procedures|centres|centers|trials|studies)"
)
_OF_THE = re.compile(
    rf"\b(?:Of|Among|From) (?:the |these |those |all |our )?(?P<t>{_N}){_NO_NUMBER} (?:[a-z-]+ ){{0,3}}?{_PEOPLE}\b"
    rf"[^,;.()\d]{{0,80}}, (?:only |a total of )?(?P<n>{_N}){_NO_NUMBER}(?! (?:events|episodes|samples|lesions|"
    r"tumou?rs|biopsies|metastases|mutations|procedures|adverse|complications|doses|courses|of)\b)",
)
_OVER = re.compile(rf"(?<![\d/.,-])(?P<n>{_N})/(?P<t>{_N})(?![\d/]) (?:of )?(?:the )?{_PEOPLE}\b", re.IGNORECASE)
_ALL = re.compile(
    rf"\b[Aa]ll (?:of the )?(?P<n>{_N}){_NO_NUMBER} (?:[a-z-]+ ){{0,2}}?(?:patients|participants|subjects|women|men|"
    rf"children)\b"
)
_NONE = re.compile(
    rf"\b(?:none of the (?:\d+ )?(?:[a-z-]+ ){{0,2}}?{_PEOPLE}|no (?:[a-z-]+ )?{_PEOPLE})\b[^.;,()\d%]{{0,60}}"
    rf"\((?P<p>\d+(?:\.\d+)?) ?%\)",
    re.IGNORECASE,
)
_IN_SO_MANY = re.compile(
    rf"\b(?:occurred|seen|observed|noted|reported|documented|developed|found|detected) in (?P<n>{_N}){_NO_NUMBER} "
    r"(?:patients|participants|subjects)\b(?! (?:from|with|who|treated|receiving|given|in)\b)"
)
_TREATED = re.compile(
    rf"(?<![\w.,/:+-])(?P<t>{_N}){_NO_NUMBER} "
    r"(?:[a-z-]+ ){0,2}?(?:patients|participants|subjects)\b(?:[^.;()\d]{0,40}\b(?:were|was)\b)?[^.;()\d]{0,20}"
    r"\b(?:treated|enrolled|included|randomi[sz]ed|dosed)\b"
)
_INCLUDED = re.compile(
    r"\b(?:included|enrolled|recruited|randomi[sz]ed|treated|entered|registered|analy[sz]ed|studied)\b", re.IGNORECASE
)
_SEVERAL = re.compile(r"\b(?:arms?|groups?|vs|versus|respectively|than|each)\b", re.IGNORECASE)
_LARGE = 10


def check_all_of_them(case: Case) -> None:
    """Check counts that the words make part of others, and words that say none or all."""
    for p, statements in case.prose():
        if case.cites(statements[0]):
            continue
        slashed = case.flat.find("/", p.start, p.end) >= 0
        found = [m for r in (_OF_THE, _OVER)[: 1 + slashed] for m in r.finditer(case.figures, p.start, p.end)]
        for m in found:
            n, total = (int(m[k].replace(",", "")) for k in "nt")
            if n > total and not _is_told(case, m.span("n")):
                _more(case, statements, (m.span("t"), m.span("n")), f"{n} are more than the {total} they are of.")
        for m in _NONE.finditer(case.flat, p.start, p.end) if case.may(_NONE, p) else ():
            if float(m["p"]) > 0:
                on = (holder(statements, m.start("p")),)
                sentence = f"{m['p']} % of none."
                case.relate("words", [m.span("p")], "error-if", sentence, "words against numbers", on=on)
        _all_of(case, statements, (p.start, p.end))
    _in_more_than_treated(case)


def _is_told(case: Case, span: tuple[int, int]) -> bool:
    """Whether a problem of the same number was told already."""
    start, _ = case.text.normal.span(*span)
    return any(r.verdict.startswith("error") and any(x.start == start for x in r.places) for r in case.relations)


def _more(case: Case, statements: Sequence[Statement], places: tuple[tuple[int, int], ...], sentence: str) -> None:
    on = (holder(statements, places[-1][0]),)
    case.relate("subset", places, "error-if", sentence, "part <= whole", on=on)


def _all_of(case: Case, statements: Sequence[Statement], span: tuple[int, int]) -> None:
    """`all 32 patients`, where the text names at most 31 of them."""
    for m in _ALL.finditer(case.figures, *span):
        n = int(m["n"].replace(",", ""))
        others = [
            p for p in case.populations
            if not p.subgroup and p.statement.normal_end <= m.start()
            and _INCLUDED.search(p.statement.quote + case.around(p.statement, 0, 50)[1])
        ]  # fmt: skip
        largest = max(others, key=lambda p: p.n, default=None)
        if largest is None or largest.n < _LARGE or n <= largest.n or n in case.sums or case.sizes[n] > 1:
            continue
        if n <= 1.2 * largest.n:
            sentence = f"All {n} are more than the {largest.n} of the largest group named."
            on = (holder(statements, m.start("n")),)
            case.relate("subset", (largest.statement, m.span("n")), "error-if", sentence, "part <= whole", on=on)


def _in_more_than_treated(case: Case) -> None:
    """`Thirty patients were treated; toxicity occurred in 34 patients`, where the text names no larger group."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        told = p.table is None and case.may(_IN_SO_MANY, p) and case.may(_TREATED, p)
        whole = _TREATED.search(case.figures, p.start, p.end) if told else None
        if whole is None or case.says(statements[0], _SEVERAL):
            continue
        total = int(whole["t"].replace(",", ""))
        m = _IN_SO_MANY.search(case.figures, whole.end(), p.end)
        if m is None or total < _LARGE or case.largest > max(total, int(m["n"].replace(",", ""))):
            continue
        n = int(m["n"].replace(",", ""))
        if n > total:
            _more(case, statements, (whole.span("t"), m.span("n")), f"{n} are more than the {total} there are.")
