"""The numbers of a sentence that count, each with its share and total, and the words between them.

`Of 98 tumours, 61 (62%) were positive` has two: `98` and `61 (62%)`. Numbers that name, measure or bound something are
words: their digits stand in rings, so that no rule takes them for counts.
"""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.case import Case, is_cited
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Item", "Told", "cased", "told_in"]

_DIGIT = re.compile(r"\d")
RINGED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_LISTED = rf"(?:, {_N})*,? and {_N} (?!of\b|\()[a-z]"
"""Behind a total that is the first of several: `20 (28%) of the 107, 51, and 72 patients`."""
_LABEL = (
    r"grades?|gr|stages?|phases?|parts?|weeks?|days?|months?|years?|cycles?|levels?|types?|"
    r"number(?= \d)|lines?|versions?|scores?|ecog(?: performance status| ps)?|ps|status|tables?|figures?|fig|"
    r"codon|exons?|ctcae|"
    r"ihc|class|nyha|asa|gleason(?: score| grade)?|child(?:-pugh)?|bi-rads|t|n|m|pt|pn|kps|visits?|"
    r"rounds?|steps?|models?|quartiles?|quintiles?|tertiles?|age|aged|ages|chapter|section|page|reference|ref|"
    r"hepatitis|covid|her|every|per|"
    r"january|february|march|april|may|june|july|august|september|october|november|december"
)
_MONTH = r"january|february|march|april|may|june|july|august|september|october|november|december"
_OF_MONTHS = "uary|march|april|may|june|july|august|ber"
_BOUND = (
    r"(?<!data )cut-?offs?|thresholds?|over|under|above|below|within|than|least|most|exceeding|"
    r"(?<!adding )(?<!added )up to"
)
_NAMES = tuple(
    (tuple(signs.split("|")), re.compile(pattern))
    for signs, pattern in (
        (
            ":",
            (
                r"(?<![a-z\d-])(?<!\d,)(?<!arm )(?<!group )(?<!cohort )(?<!part )"
                r"(?:\d+(?::\d+| : ?\d+)+|\d(?:: \d\b(?!,\d))+)"
            ),
        ),
        (
            "/",
            r"\b(?:from|since|between|to|until|in|and|through|-) (?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![\d/]| ?%| ?\(\d)",
        ),
        (
            "1 in|1 out",
            (
                r"(?<!was )(?<!were )(?<!grade )(?<!stage )(?<!level )(?<!score )(?<!ps )(?<!\d, )(?<!\d; )(?<!\d and )"
                r"\b0*1 (?:in|out of) (?:every )?0*\d+\b(?! patients)"
            ),
        ),
        (_OF_MONTHS, rf"\b(?:{_MONTH}) \d{{1,2}},? (?:19|20)\d\d\b"),
        ("=", r"\d(?<![\w.,=]\d)\d* ?= ?(?=[a-z])"),
        (_OF_MONTHS, rf"\d(?<![\w.,]\d)\d? (?:{_MONTH})\b|\b(?:{_MONTH}) \d{{1,2}}(?=,? |[.;)])"),
        ("", r"[<>≤≥±~×] ?\d[\d.,]*"),
        ("=|<|>|≤|≥", r"\b(?:p|r|or|hr|rr|ci|sd|f|t|z|auc|kappa|k|α|β|i2|df)(?:[- ]values?)? ?[=<>≤≥] ?\d[\d.]*"),
        (
            "cut|threshold|over|under|above|below|within|than|least|most|exceeding|up to",
            rf"\b(?=[a-z])(?:{_BOUND})(?: of)? \d[\d.,]*(?![\d.,]*\d|\w)",
        ),
        (
            "",
            (
                rf"\b(?=[a-z])(?:{_LABEL})(?: was| were| of)? \d{{1,4}}(?:-\d+)?[a-c]?(?:(?:, ?| (?:and|or|to) |/)"
                r"(?!\d\d had\b)(?<!(?:19|20)\d\d, )\d{1,2}(?:-\d+)?(?=[ ,;:)])"
                r"(?! (?:patients|participants|subjects|cases)\b))*(?![\d.,]*\d|\w| ?%)"
            ),
        ),
        (
            "cohort|arm|group",
            r"\b(?:cohorts?|arms?|groups?) 0*\d(?:(?:, ?| (?:and|or|to) )\d(?=[ ,;:)]))*(?![\d.,]*\d|\w)",
        ),
        ("", r"\b[a-z]++-?\d[\w-]*"),
        ("+", r"\d(?<![\w.,]\d)\d*\+"),
        (
            " number ",
            r"\b(?:family|case|sample|batch|lot|animal|strain|clone|site|ram) number \d+(?![\d.,]*\d)",
        ),
        ("", r"\d(?<![\w.,]\d)\d*[a-z][\w-]*"),
        (" or ", r"\d(?<![\d.,]\d)\d*(?= or (?:more|fewer|less|greater|higher|worse)\b)"),
        ("", r"\[\d+(?: ?[,;-] ?\d+)*\]|\(\d+(?:, \d+)+\)|\([1-9]\)(?= [\da-z])"),
        ("-", r"\d(?<![\w.,]\d)\d*(?:,\d{3})*-\d+(?:,\d{3})*(?!\.?\d)"),
        (" to | - ", r"\d[\d.,]* (?:to|-) \d[\d.,]*(?: ?%)?"),
        (
            " 19| 20",
            (
                r"\b(?:in|since|until|between|from|during|before|after|by|to|and|of|early|late|mid|through|-|"
                r"[a-z]{3,9}\.?,?) (?:19|20)\d\d\b(?! (?:patients|women|men|participants|[a-z]+s\b))"
            ),
        ),
        (".", r"\d(?<![\d,]\d)\d*\.\d+(?![\d.]*\d| ?%)"),
        (
            "",
            (
                r"\d(?<![\w.,]\d)[\d.,]*(?:(?:, | or | and | to |, and )\d[\d.,]*){0,4}[ -]?(?:mg|kg|g|gy|cgy|"
                r"µg|μg|mcg|"
                r"ml|l|dl|mm|cm|m|km|iu|mmol|months?|weeks?|days?|years?|"
                r"yrs?|hours?|h|min(?:utes?)?|seconds?|mm ?hg|kpa|bpm|fractions?|times|fold|doses?|points?|"
                r"percentage points?|"
                r"d|wks?|mo|m[av]|[µμ]a|kda|nm|k?hz|mhz|ghz|rpm|ppm|kbp?|degrees?|x|ng|pg|db|"
                r"kcal|units?/|copies|usd|eur|dollars?|euros?|decades?|person-years|"
                r"patient-years|[µμn]m)\b(?!-old)"
            ),
        ),
        (
            "area|task|layer|zone|region|lane|locus|residue|position|item|question|fraction|ph",
            (
                r"\b(?:area|task|layer|zone|region|lane|locus|residue|position|item|question|fraction|ph)s? "
                r"\d+(?:(?:,| and| or| to) \d+)?(?= [a-z]|[,;.)])(?! (?:patients|of)\b)"
            ),
        ),
        ("10", r"\b0*[1-9] in (?:every )?0*10\b"),
        ("10(|10 (", r"[x×] ?10 ?\([\d⓪①-⑨]+\)"),
        ("leads to|->|→", r"\(\d (?:leads to|->|→) \d\)"),
        ("/", r"\b\d+(?:, ?\d+)*,? (?:or|and) \d+ ?[a-zµμ]+/[a-z]{1,5}\b"),
        ("-", r"\d(?<![\w.,]\d)\d*-(?=[a-z])"),
        (
            " 0",
            (
                r"\b(?:had|received|with|took) 0+1(?= (?:[a-z]+ )?(?:prior|previous|earlier|lines?|regimens?|lesions?|"
                r"metastas[ie]s|sites?|nodes?|episodes?|comorbidit\w+)\b)"
            ),
        ),
        (" 0", r"(?:(?<=\d with )|(?<=\d had )|(?<=\d ))0+[1-9](?=,| and\b| or\b)"),
    )
)
"""Numbers that name something, bound or measure it, in small letters, behind signs of which its sentence has one."""
_FIRST_OF_ITEMS, _SECOND_OF_ITEMS = re.compile(r"(?<![\w.,(])1\) "), re.compile(r"(?<![\w.,(])2\) ")
_OF_ITEMS = re.compile(r"(?<![\w.,(])[1-9]\)(?= )")
_SCALE = re.compile(
    r"\b(?:ecog|performance|ps|scores?|grades?|class|child|gleason|stages?|status|ihc|scale|asa|bi-rads|level|type)\b"
)
_ON_SCALE = re.compile(
    r"(?=\d)(?<![\w.,])(?:0*\d{1,2}(?:-\d{1,2})?)(?=\+?,? (?:in|for|was|to|by) \d|\+?, ?n ?=|: ?\d|\+? \(n ?=)"
)
_SPREAD = r"(?![^()\[\];]*\bpr[:=, ]*\d)[^()\[\];]*?\b(?:ci|confidence|range|iqr|sd|p ?[=<>])[^()\[\]]*"
_INTERVAL = re.compile(rf"[(\[;](?:(?<!;){_SPREAD}[)\]]|(?<=;){_SPREAD}(?=[)\]]))")
_PERCENT = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?) per ?cent\b")
_ITEM = re.compile(
    rf"(?=\d)(?<![\w.,/)\]])(?<!\d )(?:(?P<n>{_N})(?![\d.,]*\d| ?%|['′]|\.\d| \d\d\d)"
    rf"(?:(?P<of> ?/ ?| (?:out of|of|among|amongst) (?:the |these |those |all |our |a total of |original |"
    rf"initial |whole )*| \(of )(?P<N>{_N})(?![\d.,]*\d| ?%|\.\d|/))?"
    rf"(?:,? ?[(\[](?:n ?= ?)?(?P<p>\d+(?:\.\d+)?) ?%[^()\[\]]*[)\]]|, (?P<p3>\d+(?:\.\d+)?) ?%(?=[);]))?"
    rf"(?:(?P<of3> of (?:the |these |those |all |our )*)(?P<N3>{_N})(?![\d.,]*\d| ?%|\.\d|/|{_LISTED}))?"
    rf"|(?P<p2>\d+(?:\.\d+)?) ?%(?:,? ?[(\[](?:n ?= ?)?(?P<n2>{_N})(?:(?: ?/ ?| (?:out )?of (?:the |these |all )?)"
    rf"(?P<N2>{_N}))?(?![\d.,]*\d| ?%)(?: [a-z ]{{1,30}})?[)\]])?)"
)


class Item(NamedTuple):
    """A count or a share as printed, in places of the normal spelling."""

    n: int | None
    share: Printed | None
    total: int | None
    at: tuple[int, int]
    """Its count, or its share where it has no count."""
    share_at: tuple[int, int] | None
    total_at: tuple[int, int] | None
    start: int
    end: int
    """With its bracket."""


class Told(NamedTuple):
    """The items of a sentence, and the words before, between and behind them, in small letters."""

    passage: int
    items: tuple[Item, ...]
    gaps: tuple[str, ...]
    """One more than there are items."""
    words: str


_NOTHING = Told(-1, (), ("",), "")


def told_in(case: Case, passage: int) -> Told:
    """What a sentence of prose counts; nothing where it is a row of a table or cites another study."""
    kept = case.once.setdefault("counted", {})
    found = kept.get(passage)
    if found is None:
        if len(kept) >= _MOST_KEPT and len(case.text.passages) > _SHORT:
            kept.clear()
        found = kept[passage] = _read(case, passage)
    return found


def cased(case: Case, told: Told) -> str:
    """The words of a sentence as its items were read, in the letters they were written in."""
    if told.passage < 0:
        return ""
    p = case.text.passages[told.passage]
    given = case.figures[p.start : p.end]
    return "".join([a if b == c else c for a, b, c in zip(given, given.lower(), told.words, strict=True)])


_SHORT, _MOST_KEPT = 80, 4
"""Sentences of a text that are all kept as read; of a longer text, where they would take as much as it, so many."""


def _ring(m: re.Match[str]) -> str:
    return m[0].translate(RINGED)


def _blank(m: re.Match[str]) -> str:
    return " " * len(m[0])


def masked(words: str) -> str:
    """A sentence in small letters whose numbers that count nothing stand in rings.

    Examples
    --------
    >>> masked("grade 3 events in 12 of 40 patients aged 60 years")
    'grade ③ events in 12 of 40 patients aged ⑥⓪ years'
    """
    words = _INTERVAL.sub(_blank, words)
    if "cent" in words:
        words = _PERCENT.sub(lambda m: m[1] + "%" + " " * (len(m[0]) - len(m[1]) - 1), words)
    for signs, pattern in _NAMES:
        if any(map(words.__contains__, signs)):
            words = pattern.sub(_ring, words)
    if "2) " in words and _FIRST_OF_ITEMS.search(words) and _SECOND_OF_ITEMS.search(words):
        words = _OF_ITEMS.sub(_ring, words)
    return _ON_SCALE.sub(_ring, words) if _ON_SCALE.search(words) and _SCALE.search(words) else words


def _read(case: Case, passage: int) -> Told:
    p = case.text.passages[passage]
    if p.table is not None or is_cited(case.flat[p.start : p.end]):
        return _NOTHING
    small = case.figures[p.start : p.end].lower()
    if len(small) != p.end - p.start or not (_DIGIT.search(small) or any(map(str.isdigit, small))):
        return _NOTHING
    words = masked(small)
    items, gaps, since = [], [], 0
    for m in _ITEM.finditer(words):
        if (
            items
            and items[-1].n is not None
            and m["n"]
            and words[since : m.start()] in (" (", " (n = ")
            and (int(m["n"].replace(",", "")) == items[-1].n and words[m.end() : m.end() + 1] == ")")
        ):
            since = m.end() + 1  # `sixty-four (64) pilots`
            continue
        n, total, share = m["n"] or m["n2"], m["N"] or m["N2"] or m["N3"], m["p"] or m["p2"] or m["p3"]
        which = "n" if m["n"] else "n2" if m["n2"] else "p2"
        of = "N" if m["N"] else "N2" if m["N2"] else "N3"
        pct = "p" if m["p"] else "p2" if m["p2"] else "p3"
        items.append(
            Item(
                int(n.replace(",", "")) if n else None,
                read_printed(share) if share else None,
                int(total.replace(",", "")) if total else None,
                _moved(m.span(which), p.start),
                _moved(m.span(pct), p.start) if share else None,
                _moved(m.span(of), p.start) if total else None,
                p.start + m.start(),
                p.start + m.end(),
            )
        )
        gaps.append(words[since : m.start()])
        since = m.end()
    gaps.append(words[since:])
    _take_shares(items, gaps)
    return Told(passage, tuple(items), tuple(gaps), words)


_SHARE_BEHIND = re.compile(r" (?:[a-z⓪①-⑨-]+ ){0,7}[a-z⓪①-⑨-]+ [(\[]")


_SHARE_ENDS, _SHARE_OF_A_NAME = re.compile(r"[)\];]"), re.compile(r" of (?!the )[a-z][\w -]*\)")


def _take_shares(items: list[Item], gaps: list[str]) -> None:
    """Give each count the share behind its noun: `14 of 92 treated patients (15%)`; its words stay behind it."""
    for k in range(len(items) - 2, -1, -1):
        count, share = items[k], items[k + 1]
        ends = _SHARE_ENDS.match(gaps[k + 2])
        if ends is None and gaps[k].endswith((", of which ", ", of whom ")):
            ends = _SHARE_OF_A_NAME.match(gaps[k + 2])
        if count.n is None or count.share is not None or share.n is not None or ends is None:
            continue
        if _SHARE_BEHIND.fullmatch(gaps[k + 1]):
            items[k] = count._replace(share=share.share, share_at=share.at)
            gaps[k + 1 : k + 3] = [f"{gaps[k + 1][:-2]}{gaps[k + 2][ends.end() :]}"]
            del items[k + 1]


def _moved(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by
