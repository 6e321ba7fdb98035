"""Who is left: `of 1018 assessed, 376 were excluded and 642 were randomized`, also over two sentences.

The rule of `exclusions` with other words, and where the three numbers stand apart. A gap may have other reasons (other
losses, who was excluded twice); what is more than all less those excluded may not.
"""

from __future__ import annotations

import re

from codon12.check.verify.case import Case, holder
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.sums.added import is_added, sums_told

__all__ = ["check_left_after"]

_N = r"(?<![\w.,/:+-])(?P<{0}>\d{{1,3}}(?:,\d{{3}})+|\d+)(?![\d.,/:-]*\d|\s?%|-)"
_WHO = (
    r"(?:patients|participants|subjects|adults|individuals|persons|people|women|men|children|cases|pts|records|articles|"
    r"studies|citations|abstracts|full texts|references|samples)"
)
_FIRST = re.compile(
    rf"\b(?:identified|enrolled|screened|assessed|recruited|registered|reviewed|retrieved|included|yielded|found) "
    rf"(?:a total of )?{_N.format('a')} (?:[a-z-]+ ){{0,3}}?{_WHO}"
    rf"|{_N.format('b')} (?:[a-z-]+ ){{0,3}}?(?:{_WHO} )?(?:who )?(?:(?:were|was|had been) )?(?:initially )?"
    r"(?:assessed|screened|identified|registered|recruited|enrolled|retrieved|reviewed|approached|underwent)\b",
    re.IGNORECASE,
)
_OUT = re.compile(
    rf"{_N.format('a')} (?:of (?:these|them|whom) )?(?:{_WHO} +)?(?:(?:were|was|had been) )?"
    rf"(?:excluded|ineligible|not eligible|duplicates|removed|did not meet|not meeting|did not receive|did not "
    rf"undergo|never received)\b"
    rf"|\b(?:exclusion of|excluding|excluded|removal of|removing) (?:a total of )?{_N.format('b')}(?! (?:of|for|due) )",
    re.IGNORECASE,
)
_LEFT = re.compile(
    rf"\b(?:leaving|yielding|resulting in) (?:a total of )?{_N.format('a')}"
    rf"|{_N.format('b')} +(?:{_WHO} +)?(?:(?:were|was|underwent|remained) )?(?:finally |then |subsequently )?"
    r"(?:randomi[sz]\w+|enrolled|analy[sz]ed|included|remained|remaining|screened by|assessed|eligible|underwent "
    r"random\w+)\b",
    re.IGNORECASE,
)
_OTHER_LOSS = re.compile(
    r"\b(?:declin\w+|refus\w+|withdr\w+|lost|dropp\w+|missing|not (?:included|analy[sz]ed|randomi[sz]ed|treated)|"
    r"remaining \d|further|additional\w*|another|subsequently excluded|died)\b",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\([^()]*\)")
_NEAR = 2
"""Sentences before that of those excluded, in which the first number is looked for."""


def check_left_after(case: Case) -> None:
    """Check that those left are those there were less those excluded, in a sentence or in it and the one before."""
    told = sums_told(case)
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None or case.cites(statements[0]) or not case.says(statements[0], _OUT_WORD):
            continue
        start = min(
            (case.text.passages[k].start for k in range(max(0, passage - _NEAR), passage) if _same(case, k, passage)),
            default=p.start,
        )
        words = _BRACKET.sub(lambda m: " " * len(m[0]), case.figures[start : p.end])
        outs = list(_OUT.finditer(words))
        for k, out in enumerate(outs):
            if start + out.start() < p.start:
                continue
            since = outs[k - 1].end() if k else 0
            until = outs[k + 1].start() if k + 1 < len(outs) else len(words)
            firsts = list(_FIRST.finditer(words, since, out.start()))
            left = _LEFT.search(words, out.end(), until)
            if not firsts or left is None or _OTHER_LOSS.search(words[firsts[-1].end() : left.start()]):
                continue
            spans = [(start + a, start + b) for a, b in (_span(firsts[-1]), _span(out), _span(left))]
            if not is_added(case, told, spans[:1]):
                _judge(case, passage, spans)


def _same(case: Case, before: int, passage: int) -> bool:
    """Whether a sentence before is prose of the same section."""
    earlier, here = case.by_passage.get(before), case.by_passage[passage]
    return bool(earlier) and case.text.passages[before].table is None and earlier[0].section == here[0].section


_OUT_WORD = re.compile(
    r"exclu|ineligib|not eligible|duplicat|remov|not meet|not receive|not undergo|never received", re.IGNORECASE
)


def _span(m: re.Match[str]) -> tuple[int, int]:
    return m.span("a" if m["a"] else "b")


def _judge(case: Case, passage: int, spans: list[tuple[int, int]]) -> None:
    total, gone, left = (int(case.figures[a:b].replace(",", "")) for a, b in spans)
    if not 1 < left < 2 * total or not 0 < gone < total:
        return
    rest = total - gone
    shown = f"{total} - {gone} = {rest}"
    computed = {"total": total, "excluded": [gone], "left": left}
    on = (holder(case.by_passage[passage], spans[-1][0]),)
    method = "all less those excluded"
    slips = ((total, gone + left), (gone, total - left), (left, rest))
    if left == rest:
        case.relate("sum", spans, "ok", f"{shown}.", method, computed)
    elif left > rest:
        sentence = f"{shown}: {left} cannot be left, if they are of the {total}."
        case.relate("sum", spans, "error-if", sentence, method, computed, on=on)
    elif any(one_digit_apart(str(a), str(b)) for a, b in slips):
        sentence = f"{shown}, not {left}; one digit would explain it."
        case.relate("sum", spans, "unlikely", sentence, method, computed, on=on)
