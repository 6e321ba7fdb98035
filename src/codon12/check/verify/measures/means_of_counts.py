"""Means of whole numbers in any wording: whether so many subjects can have such a mean (GRIM)."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.inference.means import mean_is_possible
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_means_of_counts"]

_THINGS = (
    r"(?:cycles|courses|doses|children|pregnancies|births|teeth|exacerbations|falls|seizures|attacks|infusions|relapses|"
    r"injections|(?:[a-z-]+ ){0,2}(?:lesions|metastases|nodes|tumou?rs|polyps|tubers|nodules|cysts|stones|plaques)|"
    r"lines|regimens|visits|transfusions|biopsies|mutations|variants|episodes|admissions|sessions|comorbidities|"
    r"medications|drugs|symptoms|fractures|stents|grafts|vessels|embryos|oocytes|procedures|operations|recurrences|"
    r"strokes|calls|contacts|consultations|treatments|siblings|errors|complications|adverse events|scans|specimens|"
    r"samples|aneurysms|electrodes|catheters|hospitali[sz]ations|readmissions|vaccinations|bleeds|infections)"
)
_M = r"(?P<{0}>\d{{1,3}}\.\d{{1,3}})(?![\d.]*\d| ?%)"
_MEAN = re.compile(
    rf"\b(?:mean|average) (?:number|count) of (?!hours|days|years|weeks|minutes)[^.;()\d]{{3,70}}?"
    rf"(?:was|were|of|is|,|=|:) ?{_M.format('a')}"
    rf"|\b(?:on average|an average of|a mean of|averag(?:ed|ing)|average),? ?{_M.format('b')} (?:[a-z-]+ )?{_THINGS}\b"
    rf"|(?<![\d.]){_M.format('c')} (?:[a-z-]+ )?{_THINGS} (?:[a-z]+ ){{0,5}}?on average\b",
    re.IGNORECASE,
)
_SUBJECTS = (
    r"(?:patients|participants|subjects|women|men|children|adults|infants|persons|people|individuals|boys|girls|"
    r"volunteers|students|cases|mothers|families|households|couples|mice|rats|dogs|eyes|knees|hips|responders|"
    r"survivors|recipients|donors|carriers|controls|neonates|adolescents|nurses|physicians|residents|smokers)"
)
_SIZE = re.compile(
    rf"(?<![\w.,/<>≤≥-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+) (?:(?!of\b|to\b|and\b)[a-z-]+ ){{0,3}}?{_SUBJECTS}\b"
    r"|\b[nN] ?= ?(?P<m>\d+)(?![\d.]*\d)",
    re.IGNORECASE,
)
_PER_TIME = re.compile(
    r"\b(?:per|each|a|every) (?:day|week|month|year|hour|night)|\b(?:daily|weekly|monthly|yearly|annual)|"
    r"/ ?(?:day|week)|"
    r"\b(?:adjusted|estimated|imputed|weighted|geometric|least|ratings?|scale|score|index|two readers|readers)\b",
    re.IGNORECASE,
)
_FEWEST = 3


def check_means_of_counts(case: Case) -> None:
    """Check each mean of something counted, where its sentence names one group of subjects."""
    for p in sentences_with(case, "mean number", "mean count", "average", "mean of", "averaging"):
        means = list(_MEAN.finditer(case.flat, p.start, p.end))
        if len(means) != 1 or _PER_TIME.search(case.flat, p.start, p.end):
            continue
        m = means[0]
        which = next(k for k in "abc" if m[k])
        sizes = [
            x
            for x in _SIZE.finditer(case.figures, p.start, p.end)
            if not x.start() <= m.start(which) < x.end()
            and not _FRACTION.match(case.flat, x.end("n" if x["n"] else "m"))
        ]
        if len(sizes) != 1 or compared(case, m.span(which), "mean"):
            continue
        group = "n" if sizes[0]["n"] else "m"
        n, mean = int(sizes[0][group].replace(",", "")), read_printed(m[which])
        if n < _FEWEST:
            continue
        places = [sizes[0].span(group), m.span(which)]
        sums = mean_is_possible(mean, n)
        if sums:
            judge(case, p, "mean", places, "ok", f"A mean of {mean.text} over {n} is a sum of {sums[0]}.", "GRIM")
        else:
            sentence = f"No whole numbers of {n} subjects have a mean of {mean.text}, if the {n} are meant."
            judge(case, p, "mean", places, "error-if", sentence, "GRIM")


_FRACTION = re.compile(r" ?(?:/|of|out of) ?(?:the )?\d")
