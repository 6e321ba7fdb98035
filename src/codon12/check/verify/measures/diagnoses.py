"""Measures of a test from counts told in prose, and parts said to be among fewer than they are.

`a negative result in 120 women, 6 of whom had cancer (negative predictive value, 95%)`; `84 true positive and 90 true
negative of 200 (accuracy, 87%)`; `two of the deaths were among the five events`.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.measures.diagnostic import rates_of_a_test
from codon12.check.verify.prose import NUMBER, compared, judge, only, settled, whole
from codon12.numbers.unrounded import Printed, percent_modes, read_printed

__all__ = ["check_among", "check_and_was", "check_counted_results", "check_of_so_many", "check_predictive_value"]

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
_AMONG = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_N}) (?P<a>(?:[a-z-]+ ){{1,6}})(?:were|was) (?:among|part of|included (?:in|among)|"
    rf"counted among) (?:all )?(?:the|these|those) (?P<t>{_N}) "
    r"(?P<b>[a-z-]+(?: [a-z-]+){0,4})",
    re.IGNORECASE,
)


_PER = re.compile(
    r"\b(?:per|each|years?|months?|items?|points?|hospitals|centres|centers|sites|schools|practices|families|"
    r"countries|households)\b"
)
"""Behind a whole whose parts may be more than it is: events of patients, patients of hospitals."""


_OF_SO_MANY = re.compile(
    rf"(?:Of|Among) (?:the |these |all )?(?P<t>{_N}) (?P<w>(?:(?!who\b|and\b|or\b)[a-z-]+ "
    rf"){{1,6}}?[a-z-]+), (?P<n>{_N})(?: \([\d.]+ ?%\))? "
    r"(?:were|was|had|died|proved|underwent|required|received|developed)\b"
)
"""`Of the 9 emboli in the control group, 11 were fatal`."""


_AND_WAS = re.compile(
    rf"\b(?:occurred|seen|found|present|recorded|reported|observed|diagnosed|noted|developed) in (?P<t>{_N}) (?:of "
    rf"[a-z ]+ )?[a-z]+(?: \([\d.]+ ?%\))?,? and (?:was|were|proved) "
    rf"(?:fatal|severe|serious|bilateral|multiple|confirmed|life-threatening|asymptomatic|symptomatic|recurrent|"
    rf"complete|lethal) in (?P<n>{_N})(?! ?%)"
)
"""`infarction occurred in 32 women and was fatal in 23`."""


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
    results = [m for m in _RESULT.finditer(case.figures, p.start, rate.start()) if m["yes"] or m["no"]]
    if sign is None or len(results) != 1 or results[0]["sign"].lower() != sign:
        return
    m = results[0]
    n, t = whole(m["n"]), whole(m["t"])
    right = n if (sign == "positive") == (not m["no"]) else t - n
    _compare(case, p, (right, t), given, [m.span("n"), m.span("t"), rate.span("p")], other=t - right)


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


_POSITIVE_IN = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_N}) ?(?:/|(?:out )?of (?:the |these |those |our )?(?:remaining )?) ?(?P<t>{_N})(?![\d.,]*\d| ?%)",
)
_OF_ONE_KIND = re.compile(
    rf"\b(?:[Aa]mong|[Oo]f|[Ii]n) (?:the )?(?P<t>{_N}) [a-z-]{{4,}}(?: (?:with|who|without|had)(?: [a-z]+){{1,3}})?,? (?P<n>{_N})"
    r"(?! ?%)"
)
_WELL = re.compile(
    r"\b(?:without|uninfected|healthy|controls?|benign|unaffected|negative|non-\w+|not|well|falsely|no|free)\b",
    re.IGNORECASE,
)
_BY_PREVALENCE = re.compile(
    r"prevalence|assum\w+|bayes\w*|model\w*|weighted|adjust\w*|expected|estimat\w+|respectively|corrected", re.IGNORECASE
)


def check_predictive_value(case: Case, p: Passage) -> None:
    """`positive in 45 of 50 infected and 15 of 150 uninfected children. Its PPV was 90%`: 45 of 60 are positive."""
    rates = [m for m in rates_of_a_test(case, p.start, p.end) if m["what"].lower()[-15:] in _PREDICTIVE]
    before = case.text.passages[p.index - 1] if p.index else p
    begins = [p.start, before.start] if before.paragraph == p.paragraph else [p.start]
    found: list[re.Match[str]] = []
    for begin in begins:
        found = [x for y in (_POSITIVE_IN, _OF_ONE_KIND) for x in y.finditer(case.figures, begin, p.end)]
        found.sort(key=lambda x: x.start())
        if len(found) >= 2:
            break
    if len(rates) != 1 or len(found) != 2 or _BY_PREVALENCE.search(case.flat, begin, p.end):
        return
    rate, given = rates[0], read_printed(rates[0]["p"])
    (a, m), (b, n) = ((whole(x["n"]), whole(x["t"])) for x in found)
    words = [case.flat[x.end() : min(y, p.end)] for x, y in zip(found, (found[1].start(), rate.start("what")), strict=True)]
    if not (a <= m and b <= n and _POSITIVE.search(case.flat, begin, p.end)):
        return
    words = [re.split(r",| and\b| as did\b", x, maxsplit=1)[0] if k else re.split(r" (?:and|as)\b", x)[0] for k, x in enumerate(words)]
    if not (_WELL.search(words[0]) or _WELL.search(words[1])):
        return
    if settled(case, rate.span("p"), "accuracy", "count/percent"):
        return
    ill, well = ((a, m), (b, n)) if _WELL.search(words[1]) else ((b, n), (a, m))
    negative = rate["what"].lower() in ("negative predictive value", "npv")
    right, wrong = ((well[1] - well[0], ill[1] - ill[0]) if negative else (ill[0], well[0]))
    other = (well[0], ill[0]) if negative else (ill[1] - ill[0], well[1] - well[0])
    if any(percent_modes(x, x + y, given) for x in (right, other[0]) for y in (wrong, other[1]) if x + y):
        return
    if _WELL.search(words[0]) and _WELL.search(words[1]):
        return
    x, total = right, right + wrong
    places = [*(found[k].span(g) for k in (0, 1) for g in "nt"), rate.span("p")]
    if not total:
        return
    if abs(100 * x / total - float(given.value)) <= 2:
        return
    sentence = f"{x} of the {total} with such a result is {100 * x / total:.3g} %, printed {given.text} %."
    judge(case, p, "accuracy", places, "error-if", sentence, "two by two table")


_PREDICTIVE = frozenset(("redictive value", "ppv", "npv"))
_POSITIVE = re.compile(
    r"\b(?:positive|detected|found|raised|elevated|abnormal|suggested|identified|flagged|picked up|recognised|present)\b",
    re.IGNORECASE,
)
def _part(case: Case, p: Passage, m: re.Match[str]) -> None:
    n, t = whole(m["n"]), whole(m["t"])
    places = [m.span("n"), m.span("t")]
    if n > t > 0 and not any(compared(case, x, "subset") for x in places):
        judge(case, p, "subset", places, "error-if", f"{n} are said to be among {t}.", "order of whole numbers")


def check_among(case: Case, p: Passage) -> None:
    """Check parts said to be among others: `two of the deaths were among the five events`."""
    for m in _AMONG.finditer(case.figures, p.start, p.end):
        _part(case, p, m)


def check_and_was(case: Case, p: Passage) -> None:
    """Check those of whom something was so: `infarction occurred in 32 women and was fatal in 23`."""
    for m in _AND_WAS.finditer(case.figures, p.start, p.end):
        _part(case, p, m)


def check_of_so_many(case: Case, p: Passage) -> None:
    """Check those of a whole that stands before them: `Of the 9 emboli in the control group, 11 were fatal`."""
    for m in _OF_SO_MANY.finditer(case.figures, p.start, p.end):
        if not _PER.search(m["w"]):
            _part(case, p, m)
