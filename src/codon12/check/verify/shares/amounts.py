"""Words of amount against the share in the bracket behind whom they count: `the majority of carers (42%)`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import NUMBER_WORD, WORD_VALUES
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_amounts", "check_share_of_so_many", "check_told_again_in_words"]

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_ONE = "|".join(k for k in _NUMBERS if k not in ("eleven", "twelve"))
_SHARE = (
    r"[(\[,;] ?(?:[nN] ?= ?)?(?:(?P<n>\d[\d,]*)(?: [a-z]+)? ?(?:of|/|out of) ?(?:the )?(?P<t>\d[\d,]*)|"
    r"(?:\d[\d,]*(?:[,;] ?| ?\(| ))?(?P<p>\d+(?:\.\d+)?) ?%)(?![-\w])"
)
_AMOUNT = re.compile(
    r"\b(?P<how>(?:(?:slightly |just |well |far |much )?(?:more than|over|above|less than|fewer than|under|below|at "
    r"least|nearly|"
    r"almost|about|around|approximately|roughly|only|just|up to|the vast|a large|a small|the great|a slim|the "
    r"overwhelming|a|an|the) )*)"
    rf"(?:(?P<most>majority|minority|most(?= of (?:the|our|these|all)\b)|(?<!the )most(?= [a-z]+ were "
    rf"(?:fe)?male\b))|(?P<all>(?:nearly|almost|virtually|"
    rf"practically) all)|(?:(?P<k>{_ONE})[ -])?"
    rf"(?P<part>half|thirds?|quarters?|fourths|fifths?|sixths?|eighths?|tenths?)(?! a dozen)|(?P<a>{_ONE}) (?:in|"
    rf"out of)(?: every)? (?P<b>{_ONE}|\d+))"
    r"(?:(?: of(?: the| our| these| all)?)?(?: (?!and\b|or\b|but\b|than\b|while\b|who\b|with\b|that\b|which\b|vs\b|"
    r"had\b|was\b|were\b)[A-Za-z'-]+){1,6}?(?: (?:was|were|are) (?!in\b|on\b|at\b|from\b|not\b)[a-z-]+)? ?|"
    r"(?<=majority) |(?<=minority) )" + _SHARE,
    re.IGNORECASE,
)
"""The amount, up to six words of whom it counts, no verb among them, and a share in a bracket or behind a comma."""
_MANY = rf"\d[\d,]*|{NUMBER_WORD}(?![- ](?:hundred|thousand|dozen)\b)"
_THAT_IS = (
    rf"(?: ?[(\[](?:[nN] ?= ?|i\.e\.,? |that is,? |namely )?(?P<n>{_MANY})(?: (?P<who>[a-z]+))?[)\]]"
    r"|, (?:(?:i\.e\.,?|that is,?|equal to|equivalent to|namely|which is|corresponding to|amounting to) (?P<x>\d[\d,]*)"
    r"|(?P<y>\d[\d,]*)(?=, [a-z]))(?![\d.,]*\d| ?(?:%|of|/|out|to|-|years?|months?|mg)\b))"
)
_OF_SO_MANY = (
    rf" of (?:the |our |these |all |all the )*(?P<t>{_MANY}) (?!in\b|who\b)[a-z-]+"
    r"(?: (?!and\b|or\b|but\b|more\b|less\b)[a-z-]+){0,5}?"
)
_PART_OF_SO_MANY = re.compile(
    rf"\b(?P<how>(?:(?:more than|over|less than|fewer than|under|at least|nearly|almost|about|around|approximately|"
    rf"roughly|just|only|up to|a|an|the) )*)(?:(?:(?P<k>{_ONE})[ -])?(?P<part>half|thirds?|quarters?|fourths|fifths?|"
    rf"sixths?|eighths?|tenths?)|(?P<a>{_ONE}) (?:in|out of)(?: every)? (?P<b>{_ONE}|\d+)){_OF_SO_MANY}{_THAT_IS}",
    re.IGNORECASE,
)
"""`two thirds of the 48 practices (32 practices)`."""
_PART_OF_THOSE = re.compile(
    rf"\b[Oo]f (?:the|our|these|all) (?P<t>\d[\d,]*) [a-z-]+(?: (?!and\b|or\b|who\b|with\b|in\b)[a-z-]+){{0,2}}?,? "
    rf"(?P<how>(?:(?:more than|over|less than|nearly|almost|about|around|just|only|a|an) )*)"
    rf"(?:(?P<k>{_ONE})[ -])?(?P<part>half|thirds?|quarters?|fifths?)"
    r" [(\[](?:[nN] ?= ?)?(?P<n>\d[\d,]*)[)\]]"
)
"""`Of the 48 practices, two thirds (32)`."""
_SHARE_OF_SO_MANY = re.compile(
    rf"(?<![\d.,])(?P<p>\d+(?:\.\d+)?) ?(?:%|per ?cent){_OF_SO_MANY}{_THAT_IS}", re.IGNORECASE
)
"""`12% of the 250 residents were on insulin, equal to 30 people`."""
_ORGAN = re.compile(
    r"\b(?:upper|middle|lower|mid|distal|proximal|outer|inner|basal|apical|anterior|posterior|medial|lateral|first|"
    r"second|last|final|top|bottom|every|each|poorest|richest|lowest|highest|(?:most|least) [a-z]+)[- ](?:the )?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:line|party|time|day|week|month|year|life|dose|trimester|ventricle|generation|molar|reduction|decrease|"
    r"increase|lower|higher|version|interim|stage|step|wave|cohort)s?\b",
    re.IGNORECASE,
)
_OR_ELSE = re.compile(
    r"[^;.(]{0,3}[)\]]? ?,?(?: \d[\d.]* ?%[)\]])? ?(?:,|or|and|or to) [^;.()]{0,60}[(\[][^()]{0,20}\d ?%"
)
"""Behind a share that is one of several which the words are of together: `almost all had no (49%) or minimal (48%)`."""
_TOLD_AGAIN = re.compile(
    r"(?<!-)(?<!one of )(?<!one in )(?<!out of )(?<!first )(?<!twenty )(?<!hundred )(?<!or )(?<!to )(?<!than "
    r")(?<!every )"
    r"(?<!stage )(?<!grade )(?<!type )(?<!class )(?<!group )(?<!arm )(?<!cohort )(?<!phase )(?<!level )(?<!least )"
    rf"\b(?P<w>{_ONE}|eleven|twelve) (?:(?!of\b|groups?\b|per\b|from\b|in\b|each\b|for\b|with\b|to\b|by\b|"
    rf"on\b)[a-z-]+ ){{0,2}}?(?:patients?|"
    r"wom[ae]n|m[ae]n|children|participants?|deaths?|cases|subjects|infants|eyes|adverse events|recurrences|relapses)"
    r" [(\[][nN] ?= ?(?P<n>\d{1,3})[)\]]",
    re.IGNORECASE,
)
"""A number of people in words and again in the bracket right behind them."""
_ORDINAL = re.compile(r"the (?:third|fourth|fifth|sixth|eighth|tenth) (?!of\b)", re.IGNORECASE)
"""One of a row, no part: `the third inserted fragment (63%)`."""
_SLACK, _LOOSE = Fraction(13, 200), Fraction(9, 100)
_NEARLY_ALL = Fraction(3, 4)
_HALF = Fraction(1, 2)
_OF_AN_INTERVAL = re.compile(r" ?(?:%|percent) ?(?:CI|CrI|confidence|credible|uncertainty)\b")


def check_told_again_in_words(case: Case, p: Passage) -> None:
    """Check each number in words against the bracket right behind those it counts."""
    for m in _TOLD_AGAIN.finditer(case.flat, p.start, p.end):
        if _NUMBERS[m["w"].lower()] != int(m["n"]):
            sentence = f"“{m['w']}” is said of {m['n']}."
            judge(case, p, "words", [m.span("w"), m.span("n")], "error-if", sentence, "number in words")


def check_amounts(case: Case, p: Passage) -> None:
    """Check each word of amount with one share behind those it counts."""
    for m in (
        *_AMOUNT.finditer(case.flat, p.start, p.end),
        *_PART_OF_SO_MANY.finditer(case.flat, p.start, p.end),
        *_PART_OF_THOSE.finditer(case.flat, p.start, p.end),
    ):
        if _OR_ELSE.match(case.flat, m.end()):
            continue
        if _ORGAN.search(case.flat, p.start, m.start()) or _ORGAN.search(m["how"]) or _AFTER.search(m[0]):
            continue
        if _ORDINAL.match(m[0]):
            continue
        of = m.groupdict()
        if of.get("p") and _OF_AN_INTERVAL.match(case.flat, m.end("p")):
            continue
        if of.get("p"):
            share, places = read_printed(m["p"]).value / 100, [m.span("p")]
        elif (total := _number(m["t"])) > 0:
            which = _which(m)
            if which is None:
                continue
            share = Fraction(_number(m[which]), total)
            places = [m.span(which), m.span("t")]
        else:
            continue
        if share > 1 or any(compared(case, x, "words") for x in places):
            continue
        words = re.split(r"[(\[,;]", m[0][m.start("how") - m.start() :], maxsplit=1)[0].strip()
        wrong = _wrong(of, share)
        shown = f"{float(100 * share):.3g} %"
        if wrong:
            sentence = f"“{words}” is said of {shown}."
            judge(case, p, "words", places, "unlikely", sentence, "amount in words")


def _number(text: str) -> int:
    """A number in figures or in words."""
    word = text.lower()
    return WORD_VALUES[word] if word in WORD_VALUES else int(text.replace(",", ""))


def check_share_of_so_many(case: Case, p: Passage) -> None:
    """Check each percentage of a number of people against how many that is said to be."""
    for m in _SHARE_OF_SO_MANY.finditer(case.figures, p.start, p.end):
        which = _which(m)
        if which is None:
            continue
        share, n, t = read_printed(m["p"].lstrip("0") or "0"), *(_number(m[k]) for k in (which, "t"))
        places = [m.span("p"), m.span("t"), m.span(which)]
        if not n < t or percent_modes(n, t, share) or any(compared(case, x, "count/percent") for x in places):
            continue
        sentence = f"{n} of {t} is {100 * n / t:.3g} %, not {share.text} %."
        judge(case, p, "count/percent", places, "error-if", sentence, "n/N")


def _which(m: re.Match[str]) -> str | None:
    """The group that holds how many a part is; none where a bracket counts others: `half of the 60 (12 women)`."""
    of, end = m.groupdict(), m.start("n") - m.start()
    others = of.get("who") and not re.search(rf"\b{re.escape(of['who'])}\b", m[0][:end])
    bare = of.get("t") and of.get("n") and not of.get("who") and m[0][:end].endswith(("(", "["))
    cited = bare and _SAYS_MORE.search(m[0][m.end("t") - m.start() : end])
    return None if others or cited else next(k for k in "nxy" if of.get(k))


_SAYS_MORE = re.compile(r" (?:had|have|has|were|was|are|is|did|could|with|in|from|after|[a-z]+ed)\b", re.IGNORECASE)
"""Before a number alone in a bracket that may be a reference: `half of the 60 patients relapsed (12)`."""


def _wrong(of: dict[str, str | None], share: Fraction) -> bool:
    how, most = (of["how"] or "").lower(), of.get("most")
    if most:
        if most.lower() != "minority":
            return share < _HALF
        return share > _HALF
    if of.get("all"):
        return share < _NEARLY_ALL
    said = _said(of)
    if said is None or said >= 1:
        return False
    if re.search(r"more than|over|above|at least", how):
        return share < said - (0 if said == _HALF else Fraction(1, 100))
    if re.search(r"less than|fewer than|under|below|up to", how):
        return share > said + (0 if said == _HALF else Fraction(1, 100))
    return abs(share - said) > (_LOOSE if re.search(r"nearly|almost|about|around|approx|rough", how) else _SLACK)


def _said(of: dict[str, str | None]) -> Fraction | None:
    some, out_of, many = of.get("a"), (of.get("b") or "").lower(), of.get("k")
    if some:
        size = int(out_of) if out_of.isdigit() else _NUMBERS[out_of]
        return Fraction(_NUMBERS[some.lower()], size) if size else None
    part = (of["part"] or "").lower()
    if part.endswith("s") and not many:
        return None
    return Fraction(_NUMBERS[many.lower()] if many else 1, _PARTS[part.removesuffix("s")])
