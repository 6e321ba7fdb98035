"""What so many times so much makes: arms of so many, sets of so many, one for every so many.

A product is compared with a result printed in the same sentence; where the result may be rounded, capped or of somebody
else, nothing is said.
"""

from __future__ import annotations

import math

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import counts_in, judge, only, whole

__all__ = ["IN_EACH", "LOST", "check_arms_of_one_size", "check_multiples_of_sets", "check_one_for_every"]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"
_PARTS = (
    r"(?:arms?|groups?|clusters?|cohorts?|sites?|cent(?:er|re)s?|schools?|practices?|villages?|wards?|clinics?|"
    r"hospitals?|strata|stratum|blocks?|sequences?|classes|class|cages?|households?|cells?)"
)
_SO_MANY_OF = re.compile(
    rf"(?<![\w.,-])(?P<k>\d+) (?:[a-z-]+ ){{0,2}}?{_PARTS},? (?:each )?(?:of|with|comprising|containing|including) "
    rf"(?:about |approximately )?(?P<n>{_N})(?! (?:[a-z-]+ ){{0,2}}?(?:[a-z]*{_PARTS}|districts|cities|counties|regions"
    rf"|universities|colleges|communities|countries|kindergartens|departments)\b)",
    re.IGNORECASE,
)
"""`four arms of 45 participants each`, `20 clusters with 30 patients each`."""
IN_EACH = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_N}) (?:[a-z-]+ ){{0,3}}?(?:per|in each|for each|to each|each in)(?: of)?(?: the)?"
    rf"(?: (?P<k>\d+))?(?: [a-z-]+)? {_PARTS}\b(?: in (?P<l>0*[2-9]|\d\d) {_PARTS}\b)?",
    re.IGNORECASE,
)
"""`176 patients in each of two groups`, `120 evaluable patients per arm`."""
_TOTAL = re.compile(
    rf"(?<![\w.,/-])(?P<a>{_N})(?: [a-z-]+){{0,3}}? (?:in total|in all|altogether|overall)\b"
    rf"|\b(?:total(?: sample)?(?: size)?|sample(?: size)?|overall)(?: of| was| is|,|:| =)* (?P<b>{_N})"
    rf"|\((?:total )?[nN] ?= ?(?P<c>{_N})\)|\b(?:made|making|gave|giving) (?P<d>{_N}) [a-z]",
    re.IGNORECASE,
)
LOST = re.compile(
    r"(?<![\d.])(?P<p>\d+(?:\.\d+)?) ?%\)?(?: [a-z-]+){0,4}? (?:attrition|drop-?outs?|loss(?:es)?|withdraw(?:als?)?|"
    r"non-?response|non-?adherence|lost|ineligib\w+|missing|(?:un|in|non-?)(?:evalu|assess)able)"
    r"|\b(?:attrition|drop-?outs?|loss(?:es)?(?: to follow-?up)?|withdrawals?|non-?response)(?: rate)?"
    r"(?: of| rate of|,|:)? \(?(?P<q>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_INFLATED = re.compile(
    r"attrition|drop-?out|loss|lost|withdraw|design effect|inflat|non-?respon|missing|account|allow|ineligib|"
    r"recruit(?! )|reserve|at least|maximum|up to|or more",
    re.IGNORECASE,
)
_MOST_ARMS = 6
_UNLIKE = re.compile(
    r"\d ?: ?\d|\b(?:respectively|ratio|median|mean|average|about|approximately|events?|stratum|strata|were "
    r"enrolled|had|range|observed|found)\b",
    re.IGNORECASE,
)


_OF_ONE_SIZE = (
    *(" each", " per ", "arms ", "groups ", "clusters ", "cohorts ", "schools ", "practices ", "sites ", "centres "),
    *("centers ", "villages ", "wards "),
)


def check_arms_of_one_size(case: Case, p: Passage) -> None:
    """`four arms of 45 participants each, for a total sample of 180`."""
    if not any(map(case.flat[p.start : p.end].__contains__, _OF_ONE_SIZE)):
        return
    figures = case.figures
    m = only(_SO_MANY_OF.finditer(figures, p.start, p.end)) or only(IN_EACH.finditer(figures, p.start, p.end))
    total = only(_TOTAL.finditer(figures, p.start, p.end))
    if m is None or total is None:
        return
    which = next(k for k in "abcd" if total[k])
    of = "l" if "l" in m.re.groupindex and m["l"] else "k"
    if which in "cd" and not m[of]:
        return
    if m.start("n") <= total.start(which) < m.end("n") or LOST.search(case.flat, p.start, p.end):
        return
    n, t = whole(m["n"]), whole(total[which])
    arms = (int(m[of]),) if m[of] else tuple(range(2, _MOST_ARMS + 1))
    places = [m.span("n"), total.span(which)] + ([m.span(of)] if m[of] else [])
    inflated = _INFLATED.search(_NOT_INFLATED.sub("", figures[p.start : p.end])) is not None
    fits = [k for k in arms if k * n == t or (m[of] is None and abs(k * n - t) < k)]
    if fits:
        k = fits[0]
        judge(case, p, "sum", places, "ok", f"{k} x {n} = {k * n}.", "parts of one size")
    elif m[of] is None and 2 * n < t < _MOST_ARMS * n and not inflated:
        if not _UNLIKE.search(figures, p.start, p.end):
            judge(
                case,
                p,
                "sum",
                places,
                "unlikely",
                f"{t} is no multiple of {n}, if all groups are of one size.",
                "parts of one size",
            )
    elif m[of] and min(arms) > 1 and not inflated and 3 * n > t / min(arms):
        sentence = f"{arms[0]} x {n} = {arms[0] * n}, not {t}."
        judge(case, p, "sum", places, "error-if", sentence, "parts of one size")


_NOT_INFLATED = re.compile(
    r"\b(?:no|without(?: an?y?)?|not) (?:allow(?:ance|ing)|account(?:ing)?|inflat\w+|adjust\w+|reserve|compensation)"
    r"(?: (?:for|of) (?:[a-z-]+ ){0,2}?(?:loss(?:es)?(?: to follow-?up)?|drop-?outs?|attrition|withdrawals?|"
    r"non-?response))?\b",
    re.IGNORECASE,
)
"""What a sentence says of no allowance made."""


_SETS = re.compile(
    rf"(?<![\w.,/-])(?P<k>{_N}) (?:[a-z-]+ ){{0,2}}?(?P<x>(?<!base )pairs|dyads|couples|triplets|"
    rf"trios)\b(?:[^.;\d]{{0,30}}? ?[(,:] ?| or | and (?:thus|hence|so) (?:[a-z]+ )?)(?:[nN] ?= ?|i\.e\.,? |that is,? |"
    rf"a total of |in total |or )*(?P<t>{_N})(?! (?:[a-z-]+ )?(?:pairs|dyads|couples|triplets|of)\b)|"
    rf"(?<![\w.,/-])(?P<u>{_N}) (?:patients|participants|women|men|children|people|subjects)\b[^.;,\d]{{0,40}} (?:made|"
    rf"formed|gave|yielded|made up) (?P<l>{_N}) (?:[a-z-]+ ){{0,2}}?(?P<w>pairs|dyads|couples|triplets|trios)\b|"
    rf"\b(?P<y>duplicate|triplicate|quadruplicate) [a-z-]+ (?:of|from|for) (?P<j>{_N}) [a-z-]+ (?:[a-z]+ "
    rf"){{0,2}}?(?:gave|yielded|made|produced|resulted in|giving|yielding|\() ?(?P<s>{_N})|\bboth (?P<z>eyes|ears|"
    rf"knees|hips|hands|feet|breasts|kidneys|legs|sides|arms) (?:of|in) (?:all |the )?(?P<i>{_N}) [a-z-]+ ?[(,;:] "
    rf"?(?:[nN] ?= ?|i\.e\.,? |that is,? |a total of )*(?P<r>{_N}) (?=eyes|ears|knees|hips|hands|feet|breasts|kidneys|"
    rf"legs|sides|arms)",
    re.IGNORECASE,
)
_SIZE_OF = {"triplets": 3, "trios": 3, "triplicate": 3, "quadruplicate": 4}
_NOT_ALL = re.compile(r"\b(?:some|incomplete|except|only one|unpaired|single|excluded|age[ds]?|years)\b", re.IGNORECASE)


def check_multiples_of_sets(case: Case, p: Passage) -> None:
    """`matching produced 145 pairs (300 patients)`; `both eyes of 44 people (96 eyes)`."""
    m = only(_SETS.finditer(case.figures, p.start, p.end))
    if m is None or _NOT_ALL.search(case.flat, p.start, p.end) or _WHO_ARE_NOT.search(case.flat, p.start, m.end()):
        return
    of, in_all, kind = next(x for x in (("k", "t", "x"), ("j", "s", "y"), ("i", "r", "z"), ("l", "u", "w")) if m[x[0]])
    k, t, size = whole(m[of]), whole(m[in_all]), _SIZE_OF.get(m[kind].lower(), 2)
    places = [m.span(of), m.span(in_all)]
    if t == size * k or t == k:
        judge(case, p, "sum", places, "ok", f"{size} x {k} = {size * k}.", "parts of one size")
    elif k < t < _TWICE * size * k:
        judge(case, p, "sum", places, "error-if", f"{size} x {k} = {size * k}, not {t}.", "parts of one size")


_WHO_ARE_NOT = re.compile(r"\bof (?:whom|which)\b", re.IGNORECASE)
"""Between sets and a number, which is of some of them; behind both it says something of all."""
_TWICE = 2


_ONE_FOR_EVERY = re.compile(
    r"(?<![\d.])(?:0*1|\ban?) (?:[a-z-]+ ){0,2}?(?P<noun>[a-z]{4,}) (?:for|to|per) "
    r"(?:every|each) 0*(?P<k>[2-9]|\d\d)(?: [a-z-]+)? (?P<of>(?!cycles|visits|weeks|days|months|years)[a-z]{3,}s"
    r"|patients|children|women|men|people)\b",
    re.IGNORECASE,
)
_NOT_JUST = re.compile(
    r"\b(?:about|at least|at most|minimum|maximum|fewer|more|less|up to|approximately|roughly|average|mean|median|range"
    r"|nights?|short|instead|plus|additional|extra|recommend\w+|should|would)\b",
    re.IGNORECASE,
)


def check_one_for_every(case: Case, p: Passage) -> None:
    """`28 beds and one nurse for every four beds: seven nurses are on duty`."""
    _so_many_for_each(case, p)
    m = only(_ONE_FOR_EVERY.finditer(case.figures, p.start, p.end))
    if m is None or _NOT_JUST.search(case.flat, p.start, p.end):
        return
    k, rest = int(m["k"]), (x for x in counts_in(case, p.start, p.end) if not m.start() <= x.span[0] < m.end())
    of, made = [], []
    for c in rest:
        behind = re.match(r" (?:[a-z-]+ ){0,2}[a-z]+", case.small[c.span[1] : p.end])
        words = re.findall(r"[a-z]+", behind[0]) if behind else []
        if m["of"].lower() in words:
            of.append(c)
        elif any(w.removesuffix("s") == m["noun"].lower() for w in words):
            made.append(c)
    if len(of) != 1 or len(made) != 1 or round(of[0].n / max(1, made[0].n)) == k:
        return
    if math.floor(of[0].n / k) <= made[0].n <= math.ceil(of[0].n / k):
        return
    sentence = f"One for every {k} of {of[0].n} are {of[0].n / k:.3g}, not {made[0].n}."
    judge(case, p, "sum", [of[0].span, m.span("k"), made[0].span], "error-if", sentence, "parts of one size")


_K = r"(?<![\w.,/-])0*(?P<{0}>[1-9]|1\d)"
_SO_MANY_FOR_EACH = re.compile(
    rf"{_K.format('k')} (?P<noun>[a-z]{{4,}}?)s? (?:was|were) [a-z]+ (?:to|for|with) each of (?:the|these|our) "
    rf"(?P<n>{_N}) [a-z-]+"
    rf"|\bfor each of (?:the|these|our) (?P<o>{_N}) [a-z-]+,? {_K.format('l')} (?:[a-z-]+ )?(?P<what>[a-z]{{4,}}?)s?"
    r" (?:was|were) [a-z]+",
    re.IGNORECASE,
)


def _so_many_for_each(case: Case, p: Passage) -> None:
    """`Two controls were chosen for each of the 75 cases, that is, 150 controls`."""
    m = only(_SO_MANY_FOR_EACH.finditer(case.figures, p.start, p.end))
    if m is None or _NOT_JUST.search(case.flat, p.start, p.end):
        return
    k, of, noun = ("k", "n", "noun") if m["k"] else ("l", "o", "what")
    product = int(m[k]) * whole(m[of])
    told = re.compile(
        rf",? (?:i\.e\.,? |that is,? |giving |making |so that there were |or )?(?P<t>{_N}) "
        rf"(?:{re.escape(m[noun])}s?\b|in (?:all|total)\b|altogether\b)",
        re.IGNORECASE,
    ).match(case.figures, m.end(), p.end)
    if told is not None and whole(told["t"]) != product:
        sentence = f"{int(m[k])} x {m[of]} = {product}, not {told['t']}."
        judge(case, p, "sum", [m.span(k), m.span(of), told.span("t")], "error-if", sentence, "parts of one size")
