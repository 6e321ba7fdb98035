"""Measures of a diagnostic test from its counts and from each other, where a sentence tells them in words.

Sensitivity = TP / (TP + FN), specificity = TN / (TN + FP), predictive values by rows of the same table; Youden's J =
sensitivity + specificity - 1; LR+ = sensitivity / (1 - specificity), LR- = (1 - sensitivity) / specificity; the
diagnostic odds ratio is LR+ / LR- (Youden 1950; Altman and Bland 1994; Glas et al. 2003).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, Count, compared, counts_in, judge
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import Printed, percent_modes, read_printed

__all__ = ["check_cells", "check_measures_from_each_other", "check_results_of_the_diseased", "rates_of_a_test"]

_INTEGER = r"\d{1,3}(?:,\d{3})+|\d+"
_RESULT = r"(?P<{0}>true|false)[- ](?P<{1}>positive|negative)s?"
_CELL = re.compile(
    rf"(?<![\d.,/-])(?P<n>{_INTEGER}) (?:(?:of (?:them|these|which)|results?|cases|readings|lesions|patients) )?"
    rf"(?:(?:were|was|had|gave) )?{_RESULT.format('a', 'b')}\b(?! rate)"
    rf"|\b{_RESULT.format('c', 'd')}(?: (?:results|cases|findings|readings))?(?: \([TF][PN]\))?"
    rf"(?: \(n ?= ?|: ?| = ?|, n ?= ?|, | numbered | were | )(?P<m>{_INTEGER})(?![\d.]| ?%)"
    rf"|(?<![\d.,/-])(?P<j>{_INTEGER}) (?P<ahead>[TF][PN])s?\b(?! rate)"
    rf"|\b(?P<short>[TF][PN])(?:s|,|:| =|=)? ?(?P<k>{_INTEGER})(?![\d.]| ?%)",
    re.IGNORECASE,
)
_TWO_CELLS = re.compile(
    rf"(?<![\d.,/-])(?P<n>{_INTEGER}) true(?:[- ]ones)? and (?P<m>{_INTEGER}) false[- ](?P<s>positive"
    rf"|negative)s?\b(?! rate)",
    re.IGNORECASE,
)
"""`36 true and 12 false positive scans`."""
_NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "positive predictive value": "PPV",
    "ppv": "PPV",
    "negative predictive value": "NPV",
    "npv": "NPV",
    "accuracy": "accuracy",
    "sensitive": "sensitivity",
    "specific": "specificity",
    "accurate": "accuracy",
    "correctly classified": "accuracy",
}
_RATE = re.compile(
    r"\b(?P<what>sensitivity|specificity|positive predictive value|negative predictive value|PPV|NPV|accuracy|"
    r"correctly classified)"
    r"(?: \([A-Z]{2,4}\))?(?: (?:of|was|were|is|thus|therefore|hence|only|then|worked|came|out|to|at|amounted"
    r"|calculated|stood|being|turned|"
    rf"be|reached|equalled|equals|as|found|estimated|computed))*(?:,|:| =)? ?(?P<p>{NUMBER}) ?%",
    re.IGNORECASE,
)
_RATE_AHEAD = re.compile(
    rf"(?<![\w.,-])(?P<p>{NUMBER}) ?% (?:(?:overall|diagnostic|classification|total) )?"
    r"(?P<what>sensitivity|sensitive|specificity|specific|positive predictive value|negative predictive value|PPV|NPV|"
    r"accuracy|accurate)\b(?! (?:of|was|were|for|to) ?\d)",
    re.IGNORECASE,
)
"""`95% accurate`, `with 90% sensitivity`."""
_OF = {
    "sensitivity": (("tp",), ("tp", "fn")),
    "specificity": (("tn",), ("tn", "fp")),
    "PPV": (("tp",), ("tp", "fp")),
    "NPV": (("tn",), ("tn", "fn")),
    "accuracy": (("tp", "tn"), ("tp", "tn", "fp", "fn")),
}
_ALL = ("tp", "fp", "fn", "tn")


def rates_of_a_test(case: Case, start: int, end: int) -> list[re.Match[str]]:
    """Measures of a test in percent, the name before or behind, in order."""
    ahead = list(_RATE_AHEAD.finditer(case.flat, start, end))
    named = [m for m in _RATE.finditer(case.flat, start, end) if all(m.start("p") != x.start("p") for x in ahead)]
    return sorted((*named, *ahead), key=lambda m: m.start("p"))


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _cells(case: Case, p: Passage) -> dict[str, Count]:
    """True and false results of a sentence by name, empty where one is told twice."""
    cells: dict[str, Count] = {}
    for m in _TWO_CELLS.finditer(case.figures, p.start, p.end):
        sign = m["s"][0].lower()
        cells |= {"t" + sign: Count(_whole(m["n"]), m.span("n")), "f" + sign: Count(_whole(m["m"]), m.span("m"))}
    if cells:
        return cells if len(cells) == 2 * len(_TWO_CELLS.findall(case.figures, p.start, p.end)) else {}
    for m in _CELL.finditer(case.figures, p.start, p.end):
        name = (m["ahead"] or m["short"] or (m["a"] or m["c"])[0] + (m["b"] or m["d"])[0]).lower()
        which = next(k for k in "nmjk" if m[k])
        if name in cells:
            return {}
        cells[name] = Count(_whole(m[which]), m.span(which))
    return cells


def check_cells(case: Case, p: Passage) -> None:
    """Check measures of a test against the true and false results that the sentence counts."""
    cells = _cells(case, p)
    if not cells:
        return
    n = {name: c.n for name, c in cells.items()}
    following = case.text.passages[p.index + 1 : p.index + 2]
    goes_on = bool(following) and following[0].paragraph == p.paragraph and not _cells(case, following[0])
    last = following[0].end if goes_on else p.end
    rates = rates_of_a_test(case, p.start, last)
    for m in rates:
        what = _NAMES[m["what"].lower()]
        above, below = _OF[what]
        if not set(below) <= set(n) or sum(_NAMES[x["what"].lower()] == what for x in rates) > 1:
            continue
        x, total = sum(n[k] for k in above), sum(n[k] for k in below)
        if total < 1:
            continue
        fits = bool(percent_modes(x, total, read_printed(m["p"])))
        sentence = f"{x} of {total} is {exact(x, total)} %, {'as' if fits else 'not'} {m['p']} %."
        places = [*(cells[k].span for k in below), m.span("p")]
        at = p if m.start() < p.end else following[0]
        judge(case, at, "accuracy", places, "ok" if fits else "error-if", sentence, "two by two table")
    if len(n) == len(_ALL):
        _all_cells(case, p, cells)


_TOLD = re.compile(
    r"\b(?:in|of|among|from|for|all|total of|these|the) (?:all |the |these |a total of )?$|\bn ?= ?$|^\W*$",
    re.IGNORECASE,
)


def _all_cells(case: Case, p: Passage, cells: dict[str, Count]) -> None:
    """`in 200 lesions, 60 true-positive, 14 false-positive, 6 false-negative and 130 true-negative readings`."""
    places = [cells[k].span for k in _ALL]
    others = [
        c
        for c in counts_in(case, p.start, p.end)
        if c.span not in places and _TOLD.search(case.flat[max(p.start, c.span[0] - 20) : c.span[0]])
    ]
    parts = [cells[k].n for k in _ALL]
    if len(others) != 1 or others[0].n <= max(parts):
        return
    total, told = sum(parts), others[0]
    shown = f"{' + '.join(map(str, parts))} = {total}"
    if total == told.n or told.n in (parts[0] + parts[1], parts[0] + parts[2], parts[1] + parts[3], sum(parts[2:])):
        judge(case, p, "sum", [*places, told.span], "ok", f"{shown}.", "two by two table")
    else:
        judge(case, p, "sum", [*places, told.span], "error-if", f"{shown}, not {told.n}.", "two by two table")


_HIT = re.compile(
    r"\b(?:positive|detected|identified|recogni[sz]ed|picked up|found|flagged|called|classif\w+|correct\w*|confirmed|"
    r"true|abnormal|missed|overlooked|undetected|negative|excluded|predicted|rated|scored|read)\b",
    re.IGNORECASE,
)
"""Words of a result of the test, and beside a predictive value those of the disease."""
_ILL = re.compile(
    r"\b(?:diagnosed|proved|proven|confirmed|true|had|have|with|without|malignant|benign|infected|diseased|cancers?)\b",
    re.IGNORECASE,
)
_WRONG = {
    "sensitivity": re.compile(
        r"\b(?:missed|overlooked|undetected|not detected|negative|benign|false)\b", re.IGNORECASE
    ),
    "specificity": re.compile(
        r"\b(?:positive|false|malignant|wrongly|misclassified|abnormal|flagged)\b", re.IGNORECASE
    ),
}


def check_results_of_the_diseased(case: Case, p: Passage) -> None:
    """`of 80 patients with cancer, FIT was positive in 64, for a sensitivity of 85%`."""
    rates = rates_of_a_test(case, p.start, p.end)
    names = [_NAMES[m["what"].lower()] for m in rates]
    if len(rates) != 1 or names[0] == "accuracy" or len(list(_CELL.finditer(case.figures, p.start, p.end))) > 1:
        return
    m, what = rates[0], names[0]
    if _PERCENT.sub("", case.flat[p.start : p.end]).count("%") > 1:
        return
    counts = counts_in(case, p.start, p.end)
    if (
        len(counts) == 3 and sum(sorted(counts)[k].n for k in (0, 1)) == max(counts).n
    ):  # of 60, 51 positive and 9 negative
        counts = [c for c in counts if c is not min(counts)]
    if len(counts) == 3 and any(
        percent_modes(a.n, b.n, read_printed(m["p"])) for a, b in combinations(sorted(counts), 2) if 0 < a.n < b.n
    ):
        return
    if not 2 <= len(counts) <= _MANY or any(m.start() <= c.span[0] < m.end() for c in counts):
        return
    part, whole = sorted(counts)[:2]
    if compared(case, m.span("p"), "count/percent", "accuracy", "interval"):
        return
    given = read_printed(m["p"])
    if not 0 < part.n < whole.n:
        return
    begin, end = min(part.span[0], whole.span[0]), max(part.span[1], whole.span[1])
    between = case.flat[begin:end]
    beside = case.flat[max(p.start, part.span[0] - 40) : min(p.end, part.span[1] + 45)]
    near = _clause(case, p, part, whole, m)
    if (";" in between and len(counts) == 2) or not (_ILL if what in ("PPV", "NPV") else _HIT).search(beside):
        return
    either = [x for x in (part.n, whole.n - part.n) if percent_modes(x, whole.n, given)]
    places = [part.span, whole.span, m.span("p")]
    if either:
        sentence = f"{either[0]} of {whole.n} is {exact(either[0], whole.n)} %, as {given.text} %."
        judge(case, p, "accuracy", places, "ok", sentence, "n / N, rounded")
        return
    if what == "NPV" or not _TIED.search(case.figures[p.start : p.end]):
        return
    wrong = what in _WRONG and _WRONG[what].search(near) is not None
    x = whole.n - part.n if wrong else part.n
    shown = f"{x} of {whole.n} is {exact(x, whole.n)} %"
    if wrong:
        shown = f"{part.n} of {whole.n} are wrong, so that {shown}"
    sentence = f"{shown}, and the {what} is printed as {given.text} %."
    verdict: Verdict = "error-if" if part.n * _FEW > whole.n else "cannot confirm"
    judge(case, p, "accuracy", places, verdict, sentence, "n / N, rounded")


_MANY = 3
"""Counts of a sentence at most: of all, of the diseased among them, and of those that the test found."""
_FEW = 20
"""A part of less than a twentieth is seldom what the test found or missed of all."""
_PERCENT = re.compile(r"\d\d ?% ?(?:CI|confidence interval)")
_TIED = re.compile(
    r"\b(?:[Oo]f|[Aa]mong|[Ii]n|[Ff]rom) (?:the |all |these |our |a total of )*\d|\d ?(?:/|of|out of) ?(?:the )?\d|"
    r"\b(?:[Pp]ositive|[Nn]egative) (?:results? )?(?:in|for) \d|^\W*\d|\d [a-z-]+ (?:positive|negative)|"
    r"\b(?:missed|detected|identified) \d"
)


def _clause(case: Case, p: Passage, part: Count, whole: Count, rate: re.Match[str]) -> str:
    """The words about a part: up to the next number, and before it back to the whole or the beginning."""
    stops = [x for x in (whole.span[0], rate.start(), p.end) if x > part.span[1]]
    starts = [x for x in (whole.span[1], rate.end(), p.start) if x <= part.span[0]]
    return case.flat[max(starts) : part.span[0]] + " " + case.flat[part.span[1] : min(stops)]


_YOUDEN = re.compile(
    rf"\bYouden(?:['’]?s)?(?: index| J| statistic)*(?: \(J\))?(?: (?:of|was|is))?(?:,|:| =)? ?(?P<v>{NUMBER})"
    r"(?P<pct> ?%)?(?![\d.]*\d)",
    re.IGNORECASE,
)
_IS = r"(?: (?:of|was|is|being|therefore|thus|hence|only|as high as|as low as|equal to|came to))*(?:,|:| =)? ?"
_LR = re.compile(
    rf"\b(?P<sign>positive|negative) (?:likelihood ratio|LR)(?: \([A-Z+-]{{2,4}}\))?{_IS}"
    rf"(?P<v>{NUMBER})|\b(?P<short>LR ?(?:[+-]|\([+-]\)))(?: \([a-z ]+\))?{_IS}(?P<w>{NUMBER})|"
    rf"\blikelihood ratio (?:of|for) an? (?P<result>positive|negative) (?:result|test|finding|scan)s?{_IS}(?P<x>{NUMBER})|"
    rf"(?:positive and negative )?\blikelihood ratios(?: (?:of|were))?(?:,|:)? (?P<a>{NUMBER}) and (?P<b>{NUMBER})",
    re.IGNORECASE,
)
_DOR = re.compile(
    rf"\bdiagnostic odds ratio(?: \(DOR\))?(?: (?:of|was|is))?(?:,|:| =)? ?(?P<v>{NUMBER})(?![\d.]*\d)", re.IGNORECASE
)
_BOTH = re.compile(
    rf"\bsensitivity and (?:a |its )?specificity(?: (?:of|were|was)| [a-z-]+){{0,4}}(?:,|:)? (?P<a>{NUMBER}) ?%? and "
    rf"(?P<b>{NUMBER}) ?(?P<pct>%)?(?![\d.]*\d)",
    re.IGNORECASE,
)
_BOTH_ALIKE = re.compile(
    rf"\bsensitivity and (?:a |its )?specificity(?: (?:of|were|was)| [a-z-]+){{0,4}}(?:,|:)? (?P<a>{NUMBER}) ?(?P<pct>%)?"
    r"(?![\d.]*\d| ?%? ?(?:and|to|or|,|-|\() ?\d|-)",
    re.IGNORECASE,
)
"""`Sensitivity and specificity were both 90%`, `both a sensitivity and a specificity of 0.95`."""
_TOLD_OF_BOTH = re.compile(r"\b(?:both|each|alike|identical|equal|the same)\b", re.IGNORECASE)
_IN_PARTS = re.compile(
    r"\b(?P<what>sensitivity|specificity)(?: (?:of|was|were|is|being))*(?:,|:| =)? ?(?P<p>0?\.\d+|1\.0+)(?![\d.]*\d| ?%)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"(?P<a>{NUMBER}) ?% (?:sensitivity|sensitive)[^.;\d]{{0,20}}(?P<b>{NUMBER}) ?% (?:specificity|specific)\b",
    re.IGNORECASE,
)


def _measures(case: Case, start: int, end: int) -> tuple[Printed, Printed, list[tuple[int, int]]] | None:
    """One sensitivity and one specificity of a stretch, in percent, and where they stand."""
    both = [*_BOTH.finditer(case.flat, start, end), *_PAIR.finditer(case.flat, start, end)]
    if len(both) == 1:
        return _in_percent(both[0]["a"]), _in_percent(both[0]["b"]), [both[0].span("a"), both[0].span("b")]
    alike = list(_BOTH_ALIKE.finditer(case.flat, start, end))
    if len(alike) == 1 and not both and _TOLD_OF_BOTH.search(case.flat, max(start, alike[0].start() - 12), end):
        same = _in_percent(alike[0]["a"])
        return same, same, [alike[0].span("a")]
    found: dict[str, list[re.Match[str]]] = {"sensitivity": [], "specificity": []}
    for m in (*rates_of_a_test(case, start, end), *_IN_PARTS.finditer(case.flat, start, end)):
        if (what := _NAMES[m["what"].lower()]) in found:
            found[what].append(m)
    if both or any(len(x) != 1 for x in found.values()):
        return None
    a, b = found["sensitivity"][0], found["specificity"][0]
    return _in_percent(a["p"]), _in_percent(b["p"]), [a.span("p"), b.span("p")]


def _in_percent(text: str) -> Printed:
    """A share of 0 to 1 printed with its point as a percentage, any other as it is."""
    told = read_printed(text)
    if told.digits and told.value <= 1:
        return Printed(told.text, told.value * 100, max(0, told.digits - 2))
    return told


def check_measures_from_each_other(case: Case, p: Passage) -> None:
    """Youden's index, likelihood ratios and the diagnostic odds ratio beside sensitivity and specificity."""
    before = case.text.passages[p.index - 1] if p.index else p
    found = _measures(case, p.start, p.end)
    if found is None and before.paragraph == p.paragraph:
        found = _measures(case, before.start, p.end)
    if found is None:
        return
    sens, spec, places = found
    a, b = (sens.low / 100, sens.high / 100), (spec.low / 100, min(spec.high / 100, Fraction(99999, 100000)))
    shown = f"Sensitivity {sens.text} and specificity {spec.text} make"
    for m in _YOUDEN.finditer(case.flat, p.start, p.end):
        scale = 100 if m["pct"] else 1
        low, high = (scale * (x + y - 1) for x, y in zip(a, b, strict=True))
        _compare(case, p, [*places, m.span("v")], read_printed(m["v"]), low, high, f"{shown} a Youden index")
    if b[0] >= 1 or a[0] <= 0:
        return
    plus = a[0] / (1 - b[0]), a[1] / (1 - b[1])
    minus = (1 - a[1]) / b[1], (1 - a[0]) / b[0]
    for m in _LR.finditer(case.flat, p.start, p.end):
        for key in "vwxab":
            if not m[key] or compared(case, m.span(key), "accuracy"):
                continue
            positive = key == "a" or (key != "b" and _is_positive(m))
            low, high = plus if positive else minus
            what = f"{shown} a {'positive' if positive else 'negative'} likelihood ratio"
            _compare(case, p, [*places, m.span(key)], read_printed(m[key]), low, high, what)
    if minus[0] > 0:
        for m in _DOR.finditer(case.flat, p.start, p.end):
            low, high = plus[0] / minus[1], plus[1] / minus[0]
            _compare(
                case, p, [*places, m.span("v")], read_printed(m["v"]), low, high, f"{shown} a diagnostic odds ratio"
            )


def _is_positive(m: re.Match[str]) -> bool:
    return (m["sign"] or m["result"] or "").lower() == "positive" or "+" in (m["short"] or "")


def _compare(
    case: Case, p: Passage, places: list[tuple[int, int]], given: Printed, low: Fraction, high: Fraction, shown: str
) -> None:
    if given.value - given.step <= high and low <= given.value + given.step:
        judge(case, p, "accuracy", places, "ok", f"{shown} of {float((low + high) / 2):.3g}.", "definition")
        return
    off = max(low - given.value, given.value - high)
    verdict: Verdict = "unlikely" if off > given.step and off * 20 > given.value else "cannot confirm"
    sentence = f"{shown} of {float(low):.3g} to {float(high):.3g}, printed {given.text}."
    judge(case, p, "accuracy", places, verdict, sentence, "definition")
