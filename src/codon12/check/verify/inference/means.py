"""Means and standard deviations of what is whole in every subject: whether any data have them (GRIM, GRIMMER).

Whole are things that are counted, single items of a scale, and scores of whole points.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_means", "mean_is_possible", "sd_is_possible"]

_THINGS = (
    r"(?:cycles|courses|doses|children|pregnancies|births|teeth|exacerbations|falls|seizures|attacks|infusions|"
    r"relapses|injections|(?:[a-z-]+ ){0,2}(?:lesions|metastases|nodes|tumou?rs|polyps|tubers|nodules|cysts|stones|"
    r"plaques)|lines|regimens|visits|transfusions|biopsies|mutations|variants|episodes|admissions|sessions|"
    r"comorbidities|medications|drugs|symptoms|fractures|stents|grafts|vessels|embryos|oocytes|procedures|operations|"
    r"recurrences|strokes|calls|contacts|consultations|treatments|siblings|errors|complications|adverse events|scans|"
    r"specimens|samples|aneurysms|electrodes|catheters|hospitali[sz]ations|readmissions|vaccinations|bleeds|infections|"
    r"fractions|needles|punctures|passes|cores|organs|sites|ablations|resections|implants|units|packs|vertebrae|"
    r"therapies|events)"
)
_SCORE = (
    r"(?:MMSE|MoCA|NIHSS|Apgar|GCS|Glasgow coma|PHQ-9|GAD-7|HAM-?D|HDRS|MADRS|IPSS|mRS|modified Rankin|ECOG|Gleason"
    r"|Child-Pugh|SOFA|APACHE II|CHA2DS2-VASc|Charlson|Karnofsky|ASA|Mayo|CAPS|PCL-5|Beck|BDI|EPDS|ISS|STOP-Bang"
    r"|Ishak|Bishop|Likert)"
)
"""Scores that are whole in every patient."""
_V = r"(?P<{0}>\d{{1,3}}\.\d{{1,3}})(?![\d.]*\d| ?%)"
_ONE = r"(?:patient|participant|subject|person|individual|woman|man|child|case|infant|dog|cat|animal|mouse|rat|eye)"
_NO_THING = r"(?!hours|days|years|weeks|minutes|months|points|kg|mm|cm|g\b|mg|mL|times)"
_NO_UNIT = (
    r"(?![a-z-]*ness\b|(?:[a-z]*(?:lit(?:er|re)|met(?:er|re)|gram|second|joule)|ounce|pound|mile|acre|calorie|euro|"
    r"dollar|pint|gallon|degree|unit|drink|serving|portion|cup|pack|stage|log|percent|basis|standard)s?\b)"
)
_LINK = r"(?: [a-z-]+)?(?: \([A-Z]+\))?(?: of| was| were| is|,|:| =| being| came to| per [a-z]+)* "
_MEAN = re.compile(
    r"\b(?:(?:[Mm]ean|[Aa]verage) (?:\(SD\) )?)?[Nn](?:umbers?|o\.) of (?!hours|days|years|weeks|minutes|"
    rf"months)[^.;,()\d]{{3,70}}?(?: \(SD\))?(?: (?:in|among|for) (?:the |all )?\d+ [a-z]+)?(?: (?:was|were|of|"
    r"is|averaged|"
    rf"being|,|=|:)[ ,]*| )(?:on average,? )?{_V.format('a')}"
    rf"|\b(?:mean|average) (?:\(SD\) )?(?:count of [^.;()\d]{{3,60}}?|parity|gravidity)(?: (?:in|among|of|for) "
    r"(?:the |all )?\d+ "
    rf"[a-z]+)?(?: was| of| were|,)* {_V.format('b')}"
    rf"|\b(?:[Oo]n average|[Aa]n average of|a mean(?: \(SD\))? of|averag(?:ed|ing)|average|mean of),? {_V.format('c')}"
    rf"(?P<own>[^;a-z]{{0,12}}(?:SD[^;)]{{0,12}}\) )?)?(?: ?{_NO_THING}[a-z-]+){{0,3}}? ?{_THINGS}\b"
    rf"|\b[Oo]n average,? (?:each of )?(?:the |these |our )?(?:\d+ )?(?:[a-z]+ ){{1,3}}(?:had|received|underwent|"
    rf"needed|reported|required|made|"
    rf"took|developed|experienced|completed) {_V.format('l')} (?:[a-z-]+ ){{0,2}}?{_THINGS}\b"
    rf"|\b(?:mean|average) number of {_V.format('k')} (?:[a-z-]+ )?{_NO_THING}[a-z-]+s\b"
    rf"|\baverag(?:ed|ing) {_V.format('d')} {_NO_THING}[a-z-]+s\b"
    rf"|(?<![\d.]){_V.format('e')} (?:[a-z-]+ )?{_THINGS} (?:[a-z]+ ){{0,5}}?on average\b"
    rf"|\b(?:had|were|was|have) (?:[a-z]+ ){{1,3}}{_V.format('f')} times on average"
    rf"|\b(?:[Mm]ean|[Aa]verage)(?: \(SD\))?(?: [a-z]+){{0,2}} (?:score|rating|response|grade|answer|mark)s?(?: "
    rf"[a-z ]{{3,40}}?)?(?: (?:of|in|among|for|from|by) (?:the |all )?\d+(?: [a-z]+)?)?{_LINK}{_V.format('g')}"
    rf"|\b(?:[Mm]ean|[Aa]verage)(?: \(SD\))?(?: [a-z]+)? {_SCORE}(?: scores?)?(?:(?: [a-z]+|(?: at| in| of)? "
    rf"(?:the )?\d+ [a-z]+){{1,8}}?)?{_LINK}{_V.format('h')}"
    rf"|\b(?:mean|average)(?: (?:of|was|being|is|came to|for [a-z]+|[a-z]+ (?:was|of)))* {_V.format('i')}"
    rf"|(?<![\w.,-])(?!0\.){_V.format('m')} (?:[a-z-]+ ){{0,2}}?{_NO_THING}{_NO_UNIT}[a-z-]{{3,}}s,? (?:apiece "
    rf"|each )?on "
    r"average\b"
    rf"|\b[Nn]umbers? of [^.;()\d]{{3,60}}?(?: \([^()]*\))?,? (?:had|with|showed) an? (?:mean"
    rf"|average) of {_V.format('n')}"
    rf"|\b[Mm]ean number of [^.;()\d]{{3,60}}?,? {_V.format('o')}"
    rf"|\b(?:ratings?|scores?|marks?|grades?|answers?|points) [^.;()]{{0,40}}?averaged(?::|,)? {_V.format('q')}"
    rf"|(?<![\w.,-]){_V.format('j')} on average"
    rf"|\b(?:[Mm]ean|[Aa]verage) (?:(?:number of )?(?:[a-z-]+ )?{_THINGS}|(?:[a-z]+ )?count) per {_ONE}"
    rf"(?:,|:|=| was| of| were)* {_V.format('p')}"
)
_MORE = re.compile(
    rf"(?: ?\([^()]*\))?[^.;\d]{{0,40}}(?:\d+ [a-z]+|\([nN] ?= ?\d+\))?[^.;\d]{{0,30}}\b(?:and|versus|vs\.?|"
    r"than|against|to|compared"
    rf" with)\b[^.;\d]{{0,30}} {_V.format('v')}"
)
"""From one mean to that of the next group."""
_AVERAGED = re.compile(r"\b(?:[Mm]eans?|[Aa]verage[ds]?|averaging|on average)\b")
_SINGLE = re.compile(
    r"\b(?:single|one)[- ](?:[a-z0-9-]+ )?(?:item|question)|\b(?:[3-9]|1[01]|three|four|five|six|seven|ten|"
    r"eleven)[- ]point "
    r"(?:Likert|scale|item)|\bLikert (?:item|scale)|\b[01][- ]to[- ](?:[3-9]|10) (?:item|scale|Likert)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:[Ii]nteger|[Ww]hole)[- ](?:[a-z]+ )?(?:scores?|ratings?)\b|\bwhole[- ](?:marks?|numbers?|points?|grades?|"
    r"stars?)\b|\b(?:integers?|full points?)\b|\bcounted as one\b|\btimes on average\b",
    re.IGNORECASE,
)
_COMPOSED = re.compile(
    r"\b(?:items|total score|sum|subscale|domains?|questionnaire|inventory|averaged over|mean of \d+|composite)\b",
    re.IGNORECASE,
)
_NOT_PLAIN = re.compile(
    r"\b(?:per|each|a|every) (?:day|week|month|year|hour|night)|\b(?:daily|weekly|monthly|yearly|annual)|/ ?(?:day|"
    r"week)|\bnumbers? of [^.;\d]{3,50}? per (?!(?:patient|participant|subject|person|individual|woman|man|child|case|"
    r"infant|dog|mouse|eye|couple|family|surgeon|reviewer|ward)s?\b)|\b(?:adjusted|estimated|imputed|weighted|"
    r"geometric|least|index|two readers|readers|median|chang\w+|differ\w+|improve\w+|decreas\w+|increas\w+|reduc\w+|"
    r"fell|rose)\b",
    re.IGNORECASE,
)
_SUBJECTS = (
    r"(?:patients|participants|subjects|women|men|children|adults|infants|persons|people|individuals|boys|girls|"
    r"volunteers|students|cases|mothers|families|households|couples|mice|rats|dogs|cats|eyes|knees|hips|responders|"
    r"survivors|recipients|donors|carriers|controls|neonates|adolescents|nurses|physicians|residents|smokers|raters|"
    r"respondents|experts|reviewers|readers|surgeons|clinicians|teachers|parents|carers|athletes|workers|judges|"
    r"panellists|panelists|observers|assessors|tasters|litters|sibships|cages|tanks|colonies|ponds|trees|plants|nests|"
    r"plots|herds|farms|schools|wards|villages|hives|pigs|cows|sheep|lambs|calves|fish|birds|sows|ewes|piglets|"
    r"examiners|pupils|farmers|drivers|veterans|newborns|toddlers|fellows|dentists|midwives|pharmacists|practitioners|"
    r"relatives|consultants|specialists|hospitals|sites|practices|clinics|radiologists|pathologists|oncologists|"
    r"trainees)"
)
_SIZE = re.compile(
    rf"(?<![\w.,/<>≤≥-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+) (?:(?!of\b|to\b|and\b|or\b)[a-z-]+ "
    rf"){{0,3}}?(?:non-?)?{_SUBJECTS}\b"
    r"|\b[nN] ?= ?(?P<m>\d+)(?![\d.]*\d)"
    r"|\b(?:each|every one) of (?:the |these |our )?(?P<k>\d+) "
    r"(?!(?:days|weeks|months|years|hours|visits|sessions|cycles)\b)[a-z-]+s\b",
    re.IGNORECASE,
)
_OWN_SIZE = re.compile(
    r" (?:in|among|for|of) (?:the |all |these |those )?0*(?P<n>\d+)(?![\d.]*\d)(?= [a-z])(?! (?:months?|years?|"
    r"weeks?|days?))"
)
"""Right behind a mean, of how many it is: `2.64 in 25 patients, and 1.43 in the 14 who responded`."""
_FRACTION = re.compile(r" ?(?:/|of|out of) ?(?:the )?\d")
_SD = re.compile(
    r"[^()\d;.]{0,30}[(\[,]? ?(?:±|\+/-|SD[,:= ]*|[Ss]tandard deviation[,:= ]*(?:of )?)(?:SD[,: =]*)? "
    r"?(?P<sd>\d+\.\d+)(?![\d.]*\d)"
)
_SD_BRACKET = re.compile(r" ?[(\[](?P<sd>\d+\.\d+)[)\]]")
_FEWEST = 3


def mean_is_possible(mean: Printed, n: int) -> range:
    """Sums of n whole numbers whose mean prints so; an empty range is a proof that no data fit.

    Source: Brown and Heathers 2017 (GRIM); ties count as possible both ways.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> list(mean_is_possible(r("4.35"), 20)), list(mean_is_possible(r("4.37"), 20))
    ([87], [])
    """
    return range(math.ceil(mean.low * n), math.floor(mean.high * n) + 1)


_MANY_SUMS = 10_000
"""Sums so many, of the largest studies, that they are not tried one by one."""


def sd_is_possible(mean: Printed, sd: Printed, n: int) -> bool:
    """Whether n whole numbers exist with this mean and standard deviation (divisor n - 1), by their sum of squares.

    Source: Anaya 2016 (GRIMMER): the sum of squares is whole, at least what the sum allows, and odd with the sum.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> sd_is_possible(r("3.0"), r("1.58"), 5), sd_is_possible(r("3.0"), r("1.50"), 5)
    (True, False)
    """
    sums = mean_is_possible(mean, n)
    if n < 2 or len(sums) > _MANY_SUMS:
        return True
    for total in sums:
        base, q = Fraction(total * total, n), divmod(total, n)
        least = (n - q[1]) * q[0] ** 2 + q[1] * (q[0] + 1) ** 2
        low = math.ceil(max(sd.low, Fraction(0)) ** 2 * (n - 1) + base)
        high = math.floor(sd.high**2 * (n - 1) + base)
        if any(k % 2 == total % 2 for k in range(max(low, least), min(high, max(low, least) + 3) + 1)):
            return True
    return False


def check_means(case: Case) -> None:
    """Check each mean of what is whole in every subject, where its sentence tells of how many it is."""
    for p in sentences_with(case, *_GATE):
        text = case.flat[p.start : p.end]
        if not _AVERAGED.search(text) or _NOT_PLAIN.search(text):
            continue
        found: list[tuple[str, re.Match[str]]] = [
            (k, m) for m in _MEAN.finditer(case.flat, p.start, p.end) for k in "abcdefghijklmnopq" if m[k]
        ]
        if found and all(_is_whole(k, text) for k, _ in found):
            _judge(case, p, found)


_GATE = ("mean", "averag")


def _is_whole(which: str, text: str) -> bool:
    if which in "dijq":
        return _WHOLE.search(text) is not None
    if which == "g":
        single = _WHOLE.search(text) is not None or _SINGLE.search(text) is not None
        return single and _COMPOSED.search(text) is None
    return which != "h" or _COMPOSED.search(text) is None


def _means(
    case: Case, p: Passage, found: list[tuple[str, re.Match[str]]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int], re.Match[str]]]:
    """Each mean of a sentence with the size of its group: the one group named, or as many as means, one for each."""
    at = [(m.span(k), m) for k, m in found]
    if len(found) == 1 and found[0][0] == "q" and (second := _SECOND.match(case.flat, at[0][0][1], p.end)) is not None:
        at.append((second.span("v"), found[0][1]))
    while len(found) == 1 and (more := _MORE.match(case.flat, at[-1][0][1], p.end)) is not None:
        at.append((more.span("v"), found[0][1]))
    sizes = [x for x in _sizes(case, p) if not any(a[0] <= x[0] < a[1] for a, _ in at)]
    if not sizes and found[0][0] == "p":
        sizes = _sizes_before(case, p)
    if len({_size(case, x) for x in sizes}) == 1 and (len(at) == 1 or not _GROUPS.search(case.flat, p.start, p.end)):
        yield from ((a, sizes[0], m) for a, m in at)
        return
    cuts = [p.start]
    for (_, end), (start, _) in pairwise(a for a, _ in at):
        links = [x.start() for x in _CUT.finditer(case.flat, end, start)]
        cuts.append(links[-1] if links else end)
    for (a, m), begin, end in zip(at, cuts, [*cuts[1:], p.end], strict=True) if len(at) > 1 else ():
        own = [x for x in sizes if begin <= x[0] < end]
        if len(own) == 1 and len(sizes) == len(at):
            yield a, own[0], m


def _sizes(case: Case, p: Passage) -> list[tuple[int, int]]:
    """Where a sentence says how many subjects there were."""
    found = ((x, x.lastgroup or "n") for x in _SIZE.finditer(case.figures, p.start, p.end))
    return [x.span(k) for x, k in found if not _FRACTION.match(case.flat, x.end(k))]


def _sizes_before(case: Case, p: Passage) -> list[tuple[int, int]]:
    """Those of the sentence before, where it is of each of them: `Each of the 11 dogs had nodules.`."""
    before = case.text.passages[p.index - 1] if p.index else None
    if before is None or before.paragraph != p.paragraph or not _EACH.match(case.flat, before.start, before.end):
        return []
    return _sizes(case, before)


_EACH = re.compile(r"\W*(?:Each of|Every one of|All)(?: of)?(?: the| these| our)? \d")
_SECOND = re.compile(rf"[^.;()\d]{{1,30}}(?:,| and) {_V.format('v')}")
_GROUPS = re.compile(r"\b(?:groups?|arms?|versus|vs|compared|than|cohorts?|respectively)\b", re.IGNORECASE)
_CUT = re.compile(r"\b(?:and|versus|vs|than|against|compared|whereas|while|but)\b|;")
"""Where what is said of one group ends and that of the next begins."""


def _size(case: Case, span: tuple[int, int]) -> int:
    return int(case.figures[span[0] : span[1]].replace(",", ""))


def _judge(case: Case, p: Passage, found: list[tuple[str, re.Match[str]]]) -> None:
    for at, of, m in _means(case, p, found):
        mean, n = read_printed(case.flat[at[0] : at[1]]), _size(case, of)
        own = _OWN_SIZE.match(case.figures, at[1])
        if n < _FEWEST or (own is not None and int(own["n"]) != n):
            continue
        places = [of, at]
        sums = mean_is_possible(mean, n)
        if not sums:
            sentence = f"No whole numbers of {n} subjects have a mean of {mean.text}, if the {n} are meant."
            judge(case, p, "mean", places, "error-if", sentence, "GRIM")
            continue
        bracket = _SD_BRACKET.match(case.flat, at[1]) if "(SD)" in m[0] else None
        spread = bracket or _SD.match(case.flat, at[1], p.end)
        sd = read_printed(spread["sd"]) if spread else None
        if sd is not None and not sd_is_possible(mean, sd, n):
            sentence = (
                f"No whole numbers of {n} subjects with a mean of {mean.text} have a standard deviation of {sd.text}."
            )
            judge(case, p, "mean", places, "error-if", sentence, "GRIMMER")
            continue
        shown = str(sums[0]) if len(sums) == 1 else f"{sums[0]} to {sums[-1]}"
        method = "GRIM" if sd is None else "GRIMMER"
        judge(case, p, "mean", places, "ok", f"A mean of {mean.text} over {n} is a sum of {shown}.", method)
