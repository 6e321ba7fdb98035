"""Predictive values and accuracy from results that a sentence counts.

`a negative result in 120 women, 6 of whom had cancer (negative predictive value, 95%)`; `84 true positive and 90 true
negative of 200 (accuracy, 87%)`; `50 of 64 malignant and 120 of 136 benign masses correctly, an accuracy of 85%`.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.each_other import ACCURACY
from codon12.check.verify.diagnostic.rates import DONE
from codon12.check.verify.prose import NUMBER, compared, judge, only, whole
from codon12.numbers.unrounded import Printed, percent_modes, read_printed

__all__ = ["check_correct", "check_counted_results"]

_N = r"\d{1,3}(?:,\d{3})+|\d+"
_RATE = re.compile(
    r"\b(?P<what>sensitivity|specificity|positive predictive value|negative predictive value|PPV|NPV|accuracy)(?: "
    r"\([A-Z]{2,4}\))?"
    rf"(?: of| was| were| is| thus| therefore|,|:| =)* ?(?P<p>{NUMBER}) ?%",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?P<sign>positive|negative) (?:results?|tests?|scans?|findings?|swabs?|smears?|screens?|readings?|biops(?:y|"
    r"ies)|samples?|cultures?)?[^.;()\d]{0,40}? "
    rf"(?:in|for|by|from) (?P<t>{_N}) [a-z]+(?:,| and| \(|;) ?(?:of whom |of these,? |of which )?(?P<n>{_N}) (?:of "
    rf"(?:whom|them|which|these) )?"
    r"(?P<no>(?:did not have|had no|were free|were without|did not prove|were not|were healthy|were false)|"
    r")(?P<yes>(?:had|proved|were|turned out|developed|carried|have|was|were found)?)\b",
    re.IGNORECASE,
)
_RESULT_FIRST = re.compile(
    rf"\b(?:[Oo]f|[Aa]mong|[Ii]n) (?:the |all )?(?P<t>{_N}) [a-z]+ (?:with|who had|having) an? (?P<sign>positive|"
    rf"negative) "
    rf"[^.;()\d,]{{2,40}}, (?:only |just )?(?P<n>{_N}) (?:(?P<no>did not have|had no|were free|were without|were not|"
    r"were healthy)|(?P<yes>(?:were|was) (?:later |subsequently |then |eventually )?(?:found|shown|proved|"
    r"diagnosed|confirmed)|had|"
    r"proved|turned out|developed|went on to|carried|suffered))\b"
    r"(?! (?:to )?(?:be |have )?(?:no|not|free|without|negative|healthy|well|none)\b)",
)
"""`Of 320 patients with a negative D-dimer, 4 were found to have a thrombus`."""
_TRUE = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_N}) (?:were |was |results were )?true[- ](?P<sign>positives?|negatives?)\b", re.IGNORECASE
)
_FALSE = re.compile(r"\bfalse[- ](?:positive|negative)", re.IGNORECASE)
_CORRECT = re.compile(
    rf"\b(?:was|were|proved) (?:correct|right|accurate)(?:ly classified)? in (?P<a>{_N}) (?:of the "
    rf")?(?P<x>[a-z-]+)(?: [a-z]+)? and "
    rf"(?:in )?(?P<b>{_N}) (?:of the )?(?P<y>[a-z-]+)\b|\b(?:correctly (?:classified|identified|diagnosed)) "
    rf"(?P<c>{_N}) "
    rf"(?P<z>[a-z-]+)(?: [a-z]+)? and (?P<d>{_N}) (?P<w>[a-z-]+)\b"
)
"""`correct in 37 malignant and 33 benign lesions`."""
_OF = re.compile(
    rf"\b(?:of|among|in)(?: the| all)? (?P<t>{_N}) (?:[a-z-]+ )?(?:scans|patients|samples|women|men|participants|"
    rf"lesions|cases|tests|images|children|people|subjects|"
    r"specimens|readings|nodules|results|individuals|adults)\b",
    re.IGNORECASE,
)


_BOTH = re.compile(
    rf"(?<![\w.,/-])(?P<a>{_N}) (?:were |was |proved )?(?P<x>[a-z-]+)(?: [a-z]+)?,? and (?P<b>{_N}) (?:were |"
    rf"was |proved )?(?P<y>[a-z-]+)\b"
)


def _correct(case: Case, p: Passage, rate: re.Match[str], given: Printed) -> None:
    """`41 were malignant and 39 benign. MRI was correct in 37 malignant and 33 benign (accuracy, 87.5%)`."""
    found = list(_CORRECT.finditer(case.figures, p.start, rate.start()))
    if len(found) != 1:
        return
    m = found[0]
    right, kinds = ("ab", "xy") if m["a"] else ("cd", "zw")
    begin = case.text.passages[p.index - 1].start if p.index else p.start
    wholes = [
        x
        for x in _BOTH.finditer(case.figures, begin, m.start())
        if sorted((x["x"], x["y"])) == sorted(m[k] for k in kinds)
    ]
    if len(wholes) != 1:
        return
    places = [m.span(k) for k in right] + [wholes[0].span(k) for k in "ab"] + [rate.span("p")]
    n, t = sum(whole(m[k]) for k in right), sum(whole(wholes[0][k]) for k in "ab")
    _compare(case, p, (n, t), given, places)


def check_counted_results(case: Case, p: Passage) -> None:
    """Check the one predictive value or accuracy of a sentence by the counts before it."""
    rate = only(_RATE.finditer(case.flat, p.start, p.end))
    if rate is None or compared(case, rate.span("p"), "accuracy", "count/percent"):
        return
    what, given = rate["what"].lower(), read_printed(rate["p"])
    if what == "accuracy":
        true = {m["sign"][:3].lower(): m for m in _TRUE.finditer(case.figures, p.start, p.end)}
        of = list(_OF.finditer(case.figures, p.start, p.end))
        if len(true) == 2 and len(of) == 1 and not _FALSE.search(case.flat, p.start, p.end):
            n, t = sum(whole(m["n"]) for m in true.values()), whole(of[0]["t"])
            _compare(case, p, (n, t), given, [*(m.span("n") for m in true.values()), of[0].span("t"), rate.span("p")])
        else:
            _correct(case, p, rate, given)
        return
    sign = {
        "positive predictive value": "positive",
        "ppv": "positive",
        "negative predictive value": "negative",
        "npv": "negative",
    }.get(what)
    results = [
        m for x in (_RESULT, _RESULT_FIRST) for m in x.finditer(case.figures, p.start, rate.start())
        if m["yes"] or m["no"]
    ]  # fmt: skip
    if sign is None or len(results) != 1 or results[0]["sign"].lower() != sign:
        return
    m = results[0]
    if DONE.match(case.flat, m.end("n")):
        return
    n, t = whole(m["n"]), whole(m["t"])
    right = n if (sign == "positive") == (not m["no"]) else t - n
    other = t - right if m.re is _RESULT else None
    _compare(case, p, (right, t), given, [m.span("n"), m.span("t"), rate.span("p")], other=other)


def _compare(
    case: Case,
    p: Passage,
    counts: tuple[int, int],
    printed: Printed,
    places: list[tuple[int, int]],
    other: int | None = None,
) -> None:
    n, t = counts
    if not 0 <= n <= t or t == 0:
        return
    if percent_modes(n, t, printed):
        judge(case, p, "accuracy", places, "ok", f"{n} of {t}, as printed.", "two by two table")
        return
    if other is not None and percent_modes(other, t, printed):
        return  # the words may be read the other way
    shown = f"{n} of {t} is {100 * n / t:.3g} %, printed {printed.text} %"
    if abs(100 * n / t - float(printed.value)) > 1:
        judge(case, p, "accuracy", places, "error-if", f"{shown}.", "two by two table")


_SHARES = re.compile(
    rf"(?<![\w.,/-])(?P<n>{NUMBER}) (?:of|out of) (?:the )?(?P<t>{NUMBER}) (?:[a-z-]+ ){{0,3}}?(?:and"
    rf"|plus)\b[^.;]{{0,40}}?"
    rf"(?<![\w.,/-])(?P<m>{NUMBER}) (?:of|out of) (?:the )?(?P<k>{NUMBER})\b"
)


def check_correct(case: Case, p: Passage) -> None:
    """`50 of 64 malignant and 120 of 136 benign masses correctly, i.e. an accuracy of 91%`."""
    told, both = (only(x.finditer(case.flat, p.start, p.end)) for x in (ACCURACY, _SHARES))
    if told is None or both is None or not told["u"] or compared(case, told.span("v"), "accuracy", "count/percent"):
        return
    if any("." in both[x] for x in "ntmk"):
        return
    n, t, m, k = (whole(both[x]) for x in "ntmk")
    if n > t or m > k or not t + k or not re.search(r"\bcorrect", case.flat[p.start : p.end]):
        return
    value = read_printed(told["v"])
    places = [both.span(x) for x in "ntmk"] + [told.span("v")]
    if percent_modes(n + m, t + k, value):
        judge(case, p, "accuracy", places, "ok", f"{n + m} of {t + k}, as printed.", "two by two table")
    else:
        sentence = f"{n} + {m} of {t} + {k} are {100 * (n + m) / (t + k):.4g} %, not {value.text} %."
        judge(case, p, "accuracy", places, "error-if", sentence, "two by two table")
