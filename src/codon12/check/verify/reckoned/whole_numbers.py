"""Means of what is whole in every subject, in any wording: a single item of a scale, a number of things (GRIM)."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.inference.means import mean_is_possible
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_whole_numbers"]

_V = r"(?P<{0}>\d{{1,2}}\.\d{{1,3}})(?![\d.]*\d| ?%)"
_NUMBER_OF = re.compile(
    rf"\b[Nn]umbers? of (?!hours|days|years|weeks|minutes|months)[^.;,()\d]{{3,60}}? (?:was|were|averaged|being|of) "
    rf"(?:on average )?{_V.format('a')}"
    rf"|\baverag(?:ed|ing) {_V.format('b')} (?!hours|days|years|weeks|minutes|months|points|kg|mm|cm|g\b|mg)[a-z-]+s\b"
    rf"|\b(?:mean|average)(?: [a-z]+){{0,2}} (?:score|rating|response|grade|answer)s?(?: of| was|,|:| =)* "
    rf"{_V.format('c')}"
    rf"|\b(?:mean|average)(?: (?:of|was|being|is|came to|[a-z]+ (?:was|of)))* {_V.format('d')}"
    rf"|\b(?:had|were|was|have) (?:[a-z]+ ){{1,3}}{_V.format('e')} times on average"
    rf"|(?<![\w.,-]){_V.format('f')} on average"
)
_WHOLE = re.compile(
    r"\bwhole (?:marks?|numbers?|points?|grades?|stars?)\b|\b(?:integers?|full points?)\b|\bcounted as one\b|\btimes"
    r" on average\b",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"\b(?:single|one)[- ](?:[a-z0-9-]+ )?(?:item|question)|\b(?:[3-9]|1[01]|three|four|five|six|seven|ten|"
    r"eleven)[- ]point (?:Likert|scale|item)|\bLikert (?:item|scale)"
    r"|\b[01][- ]to[- ](?:[3-9]|10) (?:item|scale|Likert)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:items|total score|sum|subscale|domains?|questionnaire|inventory|averaged over|mean of|adjusted|estimated|"
    r"weighted|imputed|composite)\b",
    re.IGNORECASE,
)
_AVERAGED = re.compile(r"\b(?:mean|average[ds]?|averaging|averaged|on average)\b", re.IGNORECASE)
_MEDIAN = re.compile(
    r"\b(?:median|per (?:day|week|month|year|hour|night)|daily|weekly|monthly|annual|adjusted|estimated|imputed|"
    r"weighted|least)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?<![\w.,/<>≤≥-])(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:(?!of\b|to\b|and\b|or\b)[a-z-]+ ){0,3}?(?:patients|"
    r"participants|subjects|women|men|children|"
    r"adults|infants|persons|people|individuals|boys|girls|volunteers|students|cases|mothers|families|households|"
    r"mice|rats|dogs|eyes|knees|hips|"
    r"responders|survivors|recipients|donors|carriers|controls|neonates|adolescents|nurses|physicians|residents|"
    r"raters|respondents|experts|"
    r"reviewers|readers|surgeons|clinicians|teachers|parents|carers|athletes|workers|judges|panellists|panelists|"
    r"observers|assessors|tasters|litters|nests|plots|herds|farms|schools|wards|villages|hives|pigs|cows|sheep|lambs|calves|fish|"
    r"birds|sows|ewes|piglets|examiners|pupils|farmers|drivers)\b|\b[nN] ?= ?(?P<m>\d+)(?![\d.]*\d)",
    re.IGNORECASE,
)
_FEWEST = 3


def check_whole_numbers(case: Case) -> None:
    """Check one mean of a sentence with one group, where each subject has a whole number."""
    for p in sentences_with(case, "umber of", "averag", "score", "rating", "item", "whole "):
        means = list(_NUMBER_OF.finditer(case.flat, p.start, p.end))
        if (
            len(means) != 1
            or _MEDIAN.search(case.flat, p.start, p.end)
            or not _AVERAGED.search(case.flat, p.start, p.end)
        ):
            continue
        m = means[0]
        which = next(k for k in "abcdef" if m[k])
        if which in "def" and not _WHOLE.search(case.flat, p.start, p.end):
            continue
        if which == "c" and (
            not _SINGLE.search(case.flat, p.start, p.end) or _SEVERAL.search(case.flat, p.start, p.end)
        ):
            continue
        sizes = [x for x in _SIZE.finditer(case.figures, p.start, p.end) if not x.start() <= m.start(which) < x.end()]
        if len({int((x["n"] or x["m"]).replace(",", "")) for x in sizes}) == 1:
            sizes = sizes[:1]
        if len(sizes) != 1 or compared(case, m.span(which), "mean"):
            continue
        group = "n" if sizes[0]["n"] else "m"
        n, mean = int(sizes[0][group].replace(",", "")), read_printed(m[which])
        if n < _FEWEST:
            continue
        sums = mean_is_possible(mean, n)
        places = [sizes[0].span(group), m.span(which)]
        if sums:
            judge(case, p, "mean", places, "ok", f"A mean of {mean.text} over {n} is a sum of {sums[0]}.", "GRIM")
        else:
            sentence = f"No whole numbers of {n} subjects have a mean of {mean.text}, if the {n} are meant."
            judge(case, p, "mean", places, "error-if", sentence, "GRIM")
