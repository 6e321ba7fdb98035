"""Who is still on treatment and why the others are not, with how many there were, as posters list them.

`107 patients enrolled. Off study: PD 61, AE 14, consent withdrawn 18. Still on treatment: 24`: each is in one of these.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge, only, whole
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_disposition"]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d| ?%)"
_SIZE = r"(?:\([nN] ?= ?{0}\)|[nN] ?= ?{0}|\(?{0}\)?)(?: ?[(\[][\d.]+ ?%[)\]])?"
_COUNT = _SIZE.format(_N)
_OFF = (
    r"(?:(?:reasons? (?:for )?)?(?:were |was |are |is |have |had |went |came |going |coming )*(?:off|ended|ending|"
    r"discontinued|discontinuing|discontinuation of|stopped|stopping|left|withdrawn from)"
    r"(?: (?:the )?(?:study|trial|treatment|therapy|protocol|drug))?)"
)
_NAME = r"(?!still\b|on \w|ongoing\b|remain)[A-Za-z][A-Za-z/' -]{0,38}?"
_REASONS = re.compile(
    rf"\b{_OFF}(?: \(?(?:[nN] ?= ?)?(?P<gone>{_N})\)?)?(?: because of| due to| for)?(?: ?[:(,]| were| was| included) ?"
    rf"(?P<list>{_NAME}[ ,:]{{1,2}}{_COUNT}(?:(?:[,;]| and|, and) {_NAME}[ ,:]{{1,2}}{_COUNT})+)"
    rf"|(?P<list2>(?<![\w.,/-]){_N} (?:patients |men |women |children )?{_OFF} (?:because of|due to|for|owing to) "
    rf"{_NAME}(?:,? (?:and )?{_N} (?:because of|due to|for|owing to|with) {_NAME})+(?=[;.,]|,? and {_N} (?:are|were)))",
    re.IGNORECASE,
)
_ON = re.compile(
    r"(?:\b(?:still |currently )?(?:on (?:study )?(?:treatment|therapy|study|drug|protocol)|under treatment|treatment "
    r"ongoing|ongoing|(?:still )?being treated)(?: at (?:the )?(?:data |time of )?(?:cut-?off|analysis|last "
    r"follow-up))?"
    rf"[:,=]* \(?(?:[nN] ?= ?)?(?P<a>{_N})"
    rf"|(?<![\w.,/-])(?P<b>{_N})(?: \([\d.]+ ?%\))? (?:patients |men |women |children )?(?:(?:are|were|is|was|"
    rf"remain\w*|"
    r"continu\w*|still|currently) )+(?:still )?(?:on (?:study )?(?:treatment|therapy|study|drug|protocol)|treated|"
    r"under treatment|being treated|receiving \w+|ongoing))",
    re.IGNORECASE,
)
_WHO = r"(?:patients|participants|subjects|men|women|children|adults)"
_DONE = r"(?:enrol?led|treated|dosed|started|entered|accrued|randomi[sz]ed|included|registered|recruited|began)"
_ALL = re.compile(
    rf"(?<![\w.,/-])(?:[nN] ?= ?)?(?P<a>{_N}) (?:[a-z]+ )?{_WHO}(?: (?:were|had been|who|have been))? {_DONE}\b"
    rf"|(?<![\w.,/-])(?:[nN] ?= ?)?(?P<b>{_N}) (?:were )?{_DONE}\b|\b{_DONE}[:,]? (?:[nN] ?= ?)?(?P<c>{_N})\b"
    rf"|\b[nN] ?= ?(?P<d>{_N}) {_DONE}\b",
    re.IGNORECASE,
)
_EACH_NUMBER = re.compile(rf"(?<![\w.,/-]){_N}(?! ?%)")
_PARTED = re.compile(
    r"\b(?:arms?|groups?|cohorts?|placebo|versus|vs|respectively|both|more than one|screen\w*)\b", re.IGNORECASE
)
_BACK, _AHEAD = 300, 160


def check_disposition(case: Case, p: Passage) -> None:
    """Check those off and on treatment against all who were treated, where one list and one number tell of each."""
    found = only(_REASONS.finditer(case.figures, p.start, p.end))
    if found is None:
        return
    begin = max(case.flat.rfind("\n\n", 0, p.start) + 1, found.start() - _BACK)
    after = case.flat.find("\n\n", found.end())
    end = min(len(case.flat) if after < 0 else after, found.end() + _AHEAD)
    outside = (
        case.figures[begin : found.start()] + " " * (found.end() - found.start()) + case.figures[found.end() : end]
    )
    still, all_ = only(_ON.finditer(outside)), only(_ALL.finditer(outside, 0, found.start() - begin))
    if still is None or all_ is None or _PARTED.search(case.flat, begin, end):
        return
    which = "list" if found["list"] else "list2"
    parts = (
        [found.span("gone")]
        if found["gone"]
        else [m.span() for m in _EACH_NUMBER.finditer(case.figures, *found.span(which))]
    )
    keys = [next(k for k in "abcd" if k in x.re.groupindex and x[k]) for x in (still, all_)]
    on, of = ((begin + x.start(k), begin + x.end(k)) for x, k in zip((still, all_), keys, strict=True))
    counts = [whole(case.figures[slice(*x)]) for x in (*parts, on)]
    total, together = whole(case.figures[slice(*of)]), sum(counts)
    places = [*parts, on, of]
    if together == total or max(counts) >= total or any(compared(case, x, "sum") for x in (on, of)):
        return
    slip = one_digit_apart(str(together), str(total))
    if together < total and not slip:
        return  # some of whom nothing is told
    shown = f"{' + '.join(map(str, counts))} = {together}, not {total}"
    verdict: Verdict = "error-if" if together > total else "unlikely"
    judge(case, p, "sum", places, verdict, f"{shown}, if each left for one reason.", "off and on treatment")
