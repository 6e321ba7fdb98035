"""Values of any unit against the range behind them."""

from __future__ import annotations

from bisect import bisect_right

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder, is_cited
from codon12.check.verify.prose import judge, sentences_with
from codon12.numbers.unrounded import Printed, just_outside, read_printed

__all__ = ["check_ranges", "middle_of"]

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_WITH_RANGE = re.compile(
    rf"\b(?:means?|medians?|average)\b[^.;()]{{0,60}}? (?:was |of |were )(?P<v>{_NUMBER})"
    rf"(?: ?(?P<unit>[A-Za-zµμ%][A-Za-zµμ%/0-9]{{0,11}})(?: (?:lines|regimens|therapies|treatments))?)?"
    rf" ?[(\[](?P<what>range|IQR|interquartile range)[,:]? "
    rf"?(?:from )?(?P<a>{_NUMBER})(?: ?%)?(?: ?- ?| to )(?P<b>{_NUMBER})(?![\d,.]*\d)"
    r"(?: ?(?P<other>[A-Za-zµμ%][A-Za-zµμ%/0-9]*))?",
    re.IGNORECASE,
)
_LONE = re.compile(
    rf"(?:[(\[]|\b)(?:IQR|interquartile range|range)(?: was| of|[,:])? ?(?P<a>{_NUMBER})(?: ?- ?| to )(?P<b>{_NUMBER})"
    r"(?![\d,.]*\d)"
)
"""Limits in a bracket of their own, whatever they are of: `102 minutes (IQR 85-130; P = 0.04)`."""
_NAMED_BEFORE = re.compile(
    rf"\bmedian \((?:range|IQR|interquartile range)\)[^.;()\d]{{0,50}} ?(?P<v>{_NUMBER})(?: [a-z]+)? "
    rf"?[(\[](?P<a>{_NUMBER}) ?(?:-|to|,) ?"
    rf"(?P<b>{_NUMBER})[)\]]",
    re.IGNORECASE,
)
"""`median (range) age was 61 (33-68) years`."""
_BOTH = re.compile(
    rf"(?:IQR|interquartile range)[,:]? ?(?P<a>{_NUMBER})(?: ?- ?| to )(?P<b>{_NUMBER})(?: [a-z]+)?[;,)]+ ?"
    rf"(?:and )?[(]?(?:full |total |overall )?range[,:]? ?(?P<c>{_NUMBER})(?: ?- ?| to )(?P<d>{_NUMBER})(?![\d,.]*\d)",
    re.IGNORECASE,
)
"""`(IQR 2.6-8.9; range 0.4-21.3)`: the quartiles lie within the range."""
_BARE = re.compile(
    r"(?P<v>[-\d](?<![\w.,/-].)(?:(?<=-)\d+|(?<=\d)\d*)(?:\.\d+)?)(?P<unit> ?%)? ?[(\[](?:\d\d(?:\.\d)? ?% ?)?"
    r"(?:CI|confidence interval|credible interval|CrI)[,:=]? ?(?P<a>-?\d+(?:\.\d+)?) ?%?(?: ?- ?| to |, ?)"
    r"(?P<b>-?\d+(?:\.\d+)?) ?%?[)\];,]"
)
"""Whatever stands right before an interval: `rose from 0.68 (95% CI 0.61-0.75) to 0.79 (95% CI 0.73-0.85)`."""
_OF_TWO = re.compile(
    r"\d ?%? (?:[a-z]+ ){0,3}(?:vs\.?|versus|and|to|or|than|compared (?:with|to)|from) (?:[a-z]+ ){0,4}$|[<>≤≥] ?$",
    re.IGNORECASE,
)
"""Before the second of two values, whose interval may be that of their difference, and before a limit."""
_READ = ("median_ci", "median_range", "value")


def check_ranges(case: Case) -> None:
    """Check values that no other rule reads against their range."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is None and case.says(statements[0], _LONE):
            _alone(case, statements, p.start, p.end)
        if p.table is None and case.says(statements[0], _BOTH):
            _quartiles_in_range(case, statements, p.start, p.end)
        if p.table is not None or not case.says(statements[0], _WITH_RANGE):
            continue
        for m in _WITH_RANGE.finditer(case.flat, p.start, p.end):
            if any(s.kind in _READ and s.normal_start <= m.start("v") < s.normal_end for s in statements):
                continue
            if m["other"] and (m["unit"] or "").rstrip("s") != m["other"].rstrip("s"):
                continue  # 2 years (range 5 to 76 months)
            value, low, high = (read_printed(m[k].replace(",", "")) for k in ("v", "a", "b"))
            members = [m.span(k) for k in ("v", "a", "b")]
            on = [s for s in statements if s.normal_start <= m.start("a") < s.normal_end] or [statements[-1]]
            if low.value > high.value:
                sentence = f"The lower limit {low.text} is above the upper {high.text}."
                case.relate("order", members, "error", sentence, "lower < value < upper", on=on, tie="explicit")
            elif value.high_cut < low.low or value.low > high.high_cut:
                sentence = f"{value.text} lies outside its own {'range' if m['what'] == 'range' else 'quartiles'}."
                mean = "mean" in m[0].lower() and m["what"] != "range"  # a mean may lie outside the quartiles
                verdict = "cannot confirm" if mean else "error"
                case.relate("order", members, verdict, sentence, "lower < value < upper", on=on, tie="explicit")
            elif just_outside(value, low, high) and (m["what"] == "range" or "mean" not in m[0].lower()):
                sentence = f"{value.text} lies outside its own limits, unless one was rounded and the other cut off."
                case.relate("order", members, "error-if", sentence, "lower < value < upper", on=on, tie="explicit")
    for p in sentences_with(case, "rang", "vari", "spann", "measur", "aged ", "between"):
        _ranged(case, case.by_passage.get(p.index, []), p.start, p.end)
    for p in sentences_with(case, "mean", "median", "average"):
        _range_first(case, p)
    for p in sentences_with(case, "median", "mean ", "average"):
        for m in _NAMED_BEFORE.finditer(case.flat, p.start, p.end):
            value, low, high = (read_printed(m[k].replace(",", "")) for k in ("v", "a", "b"))
            if value.high_cut < low.low or value.low > high.high_cut:
                sentence = f"{value.text} lies outside its own limits, {low.text} to {high.text}."
                members = [m.span(k) for k in ("v", "a", "b")]
                judge(case, p, "order", members, "error", sentence, "lower < value < upper")
        _in_words(case, p)
    _bare(case)
    _reversed_triples(case)


_GOES_ON = re.compile(r" ?(?:-|to) ?\d")
"""Behind two numbers that are one: `pH 3-0 to 5-8`."""
_OF_A_POWER = re.compile(r" ?(?:mol|[mµμn]?M\b|g/|mg/|ng/|cm|CFU|cells|copies|s-1|Pa\b|Torr)")


def _alone(case: Case, statements: list[Statement], start: int, end: int) -> None:
    known = {x.start for r in case.relations for x in r.places}
    for m in _LONE.finditer(case.flat, start, end):
        low, high = (read_printed(m[k].replace(",", "")) for k in "ab")
        s = holder(statements, m.start("a"))
        if low.value <= high.value or s.kind in _READ or 1800 <= low.value <= 2100:
            continue
        if low.text == "10" and _OF_A_POWER.match(case.flat, m.end("b")):
            continue  # 10 to the power of -8, which has lost its place above the line
        if _FALLING.search(case.flat, start, m.start()) or _GOES_ON.match(case.flat, m.end()):
            continue
        if case.text.normal.span(*m.span("a"))[0] not in known:
            sentence = f"The lower limit {low.text} is above the upper {high.text}."
            case.relate(
                "order", [m.span("a"), m.span("b")], "error", sentence, "lower < upper", on=(s,), tie="explicit"
            )


_IN_WORDS = re.compile(
    r"\bmedians?\b[^.;()\d]{0,40}? (?:of |was |were )(?P<v>0\d+)(?: (?!hours|days|weeks|months|years)[a-z-]+){0,4} "
    r"?[(\[]"
    r"range[,:]? ?(?:from )?(?P<a>\d+) ?(?:-|to) ?(?P<b>\d+)(?![\d.,]*\d)(?=[)\];,])",
    re.IGNORECASE,
)


def _in_words(case: Case, p: Passage) -> None:
    """`a median of three prior lines (range 1-2)`."""
    for m in _IN_WORDS.finditer(case.figures, p.start, p.end):
        value, low, high = (int(m[k]) for k in ("v", "a", "b"))
        if not low <= value <= high:
            places = [m.span(k) for k in ("v", "a", "b")]
            judge(case, p, "order", places, "error-if", f"{case.flat[slice(*m.span('v'))]} lies outside its own range.",
                  "lower < value < upper")  # fmt: skip


_RANGED = re.compile(
    r"\b(?:(?:rang(?:ed|ing|es)|varied|varying|spann(?:ed|ing))(?: in [a-z]+)? (?:from|between)|(?:measur(?:ed|"
    r"ing)|were|was) between|aged(?: between)?) "
    rf"(?P<a>{_NUMBER}) ?(?:to|and|-) ?(?P<b>{_NUMBER}) ?(?:cm|mm|years|months|weeks|days|hours|minutes|kg|g|mL|"
    r"µm|[cm]m3)\b"
)
_RANGE_FIRST = re.compile(
    rf"\b(?:measur(?:ed|ing)|weigh(?:ed|ing)|aged|lasted|lasting|were|was|had (?:a )?(?:diameters?|lengths?|sizes?) of)"
    rf"(?: from| between)? (?P<a>{_NUMBER}) ?(?:to|and|-) ?(?P<b>{_NUMBER}) ?(?P<u>cm|mm|years|months|weeks|days|"
    rf"hours|minutes|kg|g|"
    rf"mL)\b(?: old| of age| long| tall| (?:in|of|on) [a-z ]{{3,40}})?(?:,? (?:with|and) an? |"
    rf",? ?[(\[,;:] ?(?:with )?(?:an? |the )?)"
    rf"(?:mean|median|average)(?: (?:age|size|diameter|length|duration|weight|value))?(?:,|:| =)?(?: (?:of|was|"
    rf"being|is))? "
    rf"(?P<v>{_NUMBER})(?![\d.,]*\d)(?: ?(?P<w>[a-zA-Z%/]+))?(?! ?(?:[a-zA-Z]+ )?(?:in|among|for|of)\b)",
    re.IGNORECASE,
)
"""`measured 2.1 to 6.4 cm, with a mean of 7.2 cm`."""
_FALLING = re.compile(
    r"\b(?:dos\w+|de-?escalat\w*|taper\w*|decreas\w*|shr[au]nk|fell|fall\w*|reduc\w*|progressively)\b", re.IGNORECASE
)


def _ranged(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`lesions measured between 48 and 11 mm`: what varies in one unit is told from the least to the greatest."""
    for m in _RANGED.finditer(case.flat, start, end):
        low, high = (read_printed(m[k].replace(",", "")) for k in "ab")
        if low.value > high.value and not _FALLING.search(case.flat, start, end):
            sentence = f"The lower end {low.text} is above the upper {high.text}."
            on = (holder(statements, m.start("a")),) if statements else ()
            places = [m.span("a"), m.span("b")]
            case.relate("order", places, "error-if", sentence, "lower < upper", on=on, tie="explicit")


def _range_first(case: Case, p: Passage) -> None:
    for m in _RANGE_FIRST.finditer(case.flat, p.start, p.end):
        low, high, value = (read_printed(m[k].replace(",", "")) for k in "abv")
        unit = (m["w"] or m["u"]).lower()
        of_it = unit.rstrip("s") == m["u"].lower().rstrip("s") or unit in ("old", "in", "and", "at", "for")
        if of_it and low.value < high.value and (value.high_cut < low.low or value.low > high.high_cut):
            sentence = f"{value.text} lies outside its own range, {low.text} to {high.text}."
            judge(case, p, "order", [m.span(k) for k in "vab"], "error-if", sentence, "lower < value < upper")


_SPREAD_BEFORE = re.compile(r"(?:(?<![\w.,])(?P<mean>-?\d+(?:\.\d+)?)(?: ?[%A-Za-zµμ/²]{1,12})? ?)?(?:±|\+/-|\+-) ?$")


def middle_of(case: Case, at: int, value: Printed) -> Printed | None:
    """What the interval behind a number is of: the mean before a standard deviation, `2.25 ± 1.27 (95% CI 2.09-2.44)`.

    The number itself where no sign of a spread stands before it; None where no mean is read before the sign.
    """
    m = _SPREAD_BEFORE.search(case.flat, max(0, at - 30), at)
    if m is None:
        return value
    return None if m["mean"] is None else read_printed(m["mean"])


def _quartiles_in_range(case: Case, statements: list[Statement], start: int, end: int) -> None:
    for m in _BOTH.finditer(case.flat, start, end):
        a, b, c, d = (read_printed(m[k].replace(",", "")) for k in "abcd")
        members = [m.span(k) for k in "abcd"]
        if c.value > a.value or b.value > d.value:
            sentence = f"The quartiles {a.text} and {b.text} do not lie within the range, {c.text} to {d.text}."
            on = (holder(statements, m.start("c")),)
            case.relate("order", members, "error", sentence, "quartiles within range", on=on, tie="explicit")
        else:
            case.relate("order", members, "ok", "The quartiles lie within the range.", "quartiles within range")


def _bare(case: Case) -> None:
    """Values that no statement gives with their interval, in sentences that may hold no statement at all."""
    begins = [p.start for p in case.text.passages]
    for m in _BARE.finditer(case.flat):
        passage = bisect_right(begins, m.start()) - 1
        statements = case.by_passage.get(passage, [])
        if case.text.passages[passage].table is not None or is_cited(case.flat[begins[passage] : m.end()]):
            continue
        if any(s.normal_start < m.end("a") and m.start("a") < s.normal_end for s in statements):
            continue
        if _OF_TWO.search(case.flat, max(0, m.start() - 40), m.start()):
            continue
        low, high = (read_printed(m[k]) for k in ("a", "b"))
        value = middle_of(case, m.start("v"), read_printed(m["v"]))
        if value is None:
            continue
        members = [m.span(k) for k in ("v", "a", "b")]
        if value.value > 1 >= high.value > low.value >= 0 and "%" in case.flat[m.end("v") : m.start("a")]:
            value = Printed(value.text, value.value / 100, value.digits + 2)  # in percent, its limits as fractions
        on = tuple(s for s in statements if s.normal_start < m.end("b") and m.start("v") < s.normal_end)[:1]
        signed = min(low.value, high.value) < 0 <= value.value or value.value < 0 <= low.value  # in the words, perhaps
        if low.value > high.value and not (low.value < 0 and high.value < 0):
            sentence = f"The lower limit {low.text} is above the upper {high.text}."
            case.relate("interval", members, "error", sentence, "lower < value < upper", on=on, tie="explicit")
        elif (value.high_cut < low.low or value.low > high.high_cut) and not signed:
            sentence = f"{value.text} lies outside its own interval, {low.text} to {high.text}."
            case.relate("interval", members, "error", sentence, "lower < value < upper", on=on, tie="explicit")
        elif low.value <= value.value <= high.value:
            case.relate("interval", members, "ok", f"{value.text} lies within its interval.", "lower < value < upper")


_TRIPLE = re.compile(
    r"(?<!\w)\((?P<v>\d+\.\d+)[,;] ?(?P<a>\d+\.\d+)(?: ?- ?| to |, ?)(?P<b>\d+\.\d+)(?=[);,])",
)


def _reversed_triples(case: Case) -> None:
    """`(2.38, 3.06-1.86)`: an estimate between limits that stand the wrong way round, where a text gives intervals."""
    begins = [p.start for p in case.text.passages]
    confident = _CONFIDENCE.search(case.small) is not None
    for m in _TRIPLE.finditer(case.flat) if confident else ():
        value, low, high = (read_printed(m[k]) for k in ("v", "a", "b"))
        passage = bisect_right(begins, m.start()) - 1
        if low.value > value.value > high.value and low.digits == high.digits:
            statements = case.by_passage.get(passage, [])
            on = (holder(statements, m.start("v")),) if statements else ()
            sentence = f"The lower limit {low.text} is above the upper {high.text}, if these are limits."
            case.relate("interval", [m.span(k) for k in ("v", "a", "b")], "error-if", sentence,
                        "lower < value < upper", on=on, tie="explicit")  # fmt: skip


_CONFIDENCE = re.compile(r"c(?:(?<=\bc)i\b|onfidence interval)")
