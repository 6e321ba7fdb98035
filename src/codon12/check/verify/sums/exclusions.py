"""Who is left after exclusions: `2,317 were registered; we excluded 412 and 105, leaving 1,800`."""

from __future__ import annotations

import re

from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder

__all__ = ["check_exclusions"]

_NUMBER = r"(?<![\w.,/-])(?P<{0}>\d{{1,3}}(?:,\d{{3}})+|\d+)(?![\d.,/-]*\d|\s?%|-)"
_LEFT = re.compile(
    r"\b(?:leaving|left|remain(?:ed|ing)?|resulting in|result(?:ed)? in|yielding|for a (?:final )?total of)\b"
    rf"[^.;()\d]{{0,40}}? ?{_NUMBER.format('left')}(?P<what>[^.;()\d]{{0,60}})",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"{_NUMBER.format('all')} (?:[a-z-]+ ){{0,5}}?(?:were |was |had been )?"
    r"(?:registered|screened|identified|enrolled|retrieved|reviewed|assessed|recruited|included|found|collected|eligible|"
    r"invited|patients|participants|subjects|records|articles|studies|cases|women|men)\b",
    re.IGNORECASE,
)
_OUT = re.compile(r"\b(?:exclud\w+|exclusion|removed|removing|removal|ineligible|withdr\w+|dropped)\b", re.IGNORECASE)
_A_NUMBER = re.compile(_NUMBER.format("n"))
_NO_COUNT = re.compile(r"^ ?(?:years?|months?|weeks?|days?|h\b|hours?|mg|kg|mm|cm|ml|times|°|-)", re.IGNORECASE)
_IN_YEAR = re.compile(r"\b(?:in|from|to|and|since|until|[a-z]{3,}) (?:19|20)\d\d$", re.IGNORECASE)
_SECOND = re.compile(r"\b(?:arms?|groups?|respectively|versus|vs|per|each|age|aged|years)\b", re.IGNORECASE)


_AFTER = re.compile(
    rf"\b(?:after|following) (?:excluding|exclusion of|removing|removal of|the exclusion of) {_NUMBER.format('out')}"
    rf"[^.;()\d]{{2,80}}, {_NUMBER.format('left')} (?:of|out of) (?:the |all )?{_NUMBER.format('all')}[^.;\d]{{0,40}}?"
    r"\b(?:remain\w*|were (?:left|included|analy[sz]ed|available|evaluable))\b",
    re.IGNORECASE,
)
"""`after excluding 12 patients, 114 of the 126 remained`."""


def check_exclusions(case: Case) -> None:
    """Check that those left are those there were less those excluded; nobody is left who was excluded."""
    for statements in case.by_passage.values():
        s = statements[0]
        p = case.text.passages[s.passage]
        if p.table is not None or not case.says(s, _OUT, "exclu", "remov", "inelig", "withdr", "drop"):
            continue
        for m in _AFTER.finditer(case.figures, p.start, p.end):
            _after(case, statements, m)
        left = _LEFT.search(case.figures, p.start, p.end)
        if left is None or case.says(s, _SECOND):
            continue
        whole = _ALL.search(case.figures, p.start, left.start())
        if whole is None:
            continue
        out = _OUT.search(case.figures, whole.end(), left.start())
        if out is None:
            continue
        parts = [
            m for m in _A_NUMBER.finditer(case.figures, whole.end(), left.start())
            if not _NO_COUNT.match(case.figures[m.end() : m.end() + 8])
            and not _IN_YEAR.search(case.figures[m.start() - 9 : m.end()])
        ]  # fmt: skip
        total, remain = _read(whole["all"]), _read(left["left"])
        gone = [_read(m["n"]) for m in parts]
        if not gone or len(gone) > 6 or max(gone) >= total or remain >= total or remain <= 1:
            continue
        members = [whole.span("all"), *(m.span("n") for m in parts), left.span("left")]
        shown = f"{total} - {' - '.join(map(str, gone))} = {total - sum(gone)}"
        computed = {"total": total, "excluded": gone, "left": remain}
        on = [x for x in statements if x.normal_start <= left.start("left") < x.normal_end] or [statements[-1]]
        if remain == total - sum(gone):
            case.relate("sum", members, "ok", f"{shown}.", "all less those excluded", computed)
        elif remain > total - max(gone):
            sentence = f"Of {total} at most {total - max(gone)} are left when {max(gone)} are out, not {remain}."
            case.relate("sum", members, "error-if", sentence, "all less those excluded", computed, on=on)
        elif _one_digit(remain, total - sum(gone)):
            sentence = f"{shown}, one digit from the {remain} printed, if nobody was excluded twice."
            case.relate("sum", members, "unlikely", sentence, "all less those excluded", computed, on=on)


def _after(case: Case, statements: list[Statement], m: re.Match[str]) -> None:
    out, left, all_ = (_read(m[k]) for k in ("out", "left", "all"))
    members = [m.span(k) for k in ("out", "left", "all")]
    if all_ - out == left:
        case.relate("sum", members, "ok", f"{all_} - {out} = {left}.", "all less those excluded")
    elif all_ > out:
        sentence = f"{all_} - {out} = {all_ - out}, not {left}."
        on = (holder(statements, m.start("left")),)
        case.relate("sum", members, "error-if", sentence, "all less those excluded", on=on)


def _read(number: str) -> int:
    return int(number.replace(",", ""))


def _one_digit(a: int, b: int) -> bool:
    x, y = str(a), str(b)
    return len(x) == len(y) and sum(p != q for p, q in zip(x, y, strict=True)) == 1
