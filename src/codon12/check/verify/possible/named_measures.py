"""Measures of discrimination, agreement and correlation outside what they can be, however the sentence names them."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_above_hundred", "check_named_measures", "check_p_told", "check_rates_below_zero"]

_COVERED = (
    r"(?P<unit>AUROCs?|AUPRCs?|ROC[- ]AUCs?|AUCs?|areas? under (?:the |a )?(?:(?:receiver|ROC|precision)[- a-z]*|"
    r"summary )*curves?|c-?(?: ?index| ?statistics?|-indices)|(?:Harrell(?:['’]s)?|Uno(?:['’]s)?) [Cc](?:-?index|"
    r"-?statistic)?|concordance (?:index|statistic|probability)|Dice (?:coefficient|similarity coefficients?|scores?)|"
    r"Jaccard index|F1[- ]score|intra-?class correlation coefficients?|ICCs?|Cronbach(?:['’]s)? (?:alpha|α)|Brier "
    r"score|specificity|(?:positive |negative )predictive value|(?:predicted |estimated |posterior |mean |median "
    r")+probabilit(?:y|ies)(?: of [a-z -]{3,30})?|coefficient of determination)"
)
_SIGNED = (
    r"(?P<signed>(?:weighted |Cohen(?:['’]s)? |Fleiss(?:['’]s?)? |kappa )*(?:kappas?|κ)(?: statistics?| values?| "
    r"coefficients?)?|(?:Spearman|Pearson|Kendall)(?:['’]s)?(?: rank)?(?: correlation)?(?: coefficients?)?(?: (?:rho|ρ|"
    r"r|τ|tau))?|(?:partial |rank )?correlation coefficients?|rho|ρ|Kendall(?:['’]s)? (?:tau|τ)|Matthews correlation "
    r"coefficient|Lin(?:['’]s)? concordance(?: correlation coefficient)?)"
)
_NAME = re.compile(rf"(?<![\w-])(?:{_COVERED}|{_SIGNED})(?![\w-])", re.IGNORECASE)
_TO_FIRST = re.compile(
    r"(?:2 ?[x×] ?2 [a-z]|\b(?:PD-?L1|CA ?-?\d{1,3}(?:-\d)?|HER-?2|IL-?\d{1,2}|HE4|p16|CD\d+|Ki-?67|GDF-?15|"
    r"FGF-?\d+)\b|[^.;:\d()=%<>-]|\((?![^()]*\d)[^()]*\)|-(?=[a-z])|: | \(?= ?|= ?|\((?:95 ?% "
    r"?CI)\)){0,60}?(?P<v>(?<![\w.])-?(?:\d{1,2}\.\d+|\.\d+))(?![\d.]*\d|-fold| ?(?:%|times|fold|ng|[mµμn]?g|mm|cm|"
    r"points?|per|years?|months?|to (?:\d|-)))"
)
_NEXT = re.compile(
    r"(?:[^.;\d()=%<>-]|\([^()]*\)|-(?=[a-z])|\d+-(?:year|month)|(?i:day|week|month|year|model|visit) "
    r"\d+){0,60}?(?:and|or|versus|vs\.?|to|,)(?:[^.;\d()=%<>-]|\((?!-?\d)[^()]*\)|-(?=[a-z])|\d+-(?:year|"
    r"month)){0,40}?(?P<v>(?<![\w.])-?(?:\d{1,2}\.\d+|\.\d+))(?![\d.]*\d|-fold| ?(?:%|times|fold|ng|[mµμn]?g|mm|cm|"
    r"points?|per|years?|months?|to (?:\d|-)))"
)
_OTHER_VALUE = re.compile(
    r"\b(?:ratio|[HO]R|slope|intercept|P|SD|SE|differ\w*|changes?|gain|cut-?off|threshold|mean|median|limits?|"
    r"readers? differ|LR|odds|sensitivity|specificity|increas\w*|decreas\w*|ranges?|CI|interval|bias|dose\w*|"
    r"effects?|inflation|factors?|giving|implying|which means)\b"
)
_RISEN = re.compile(r"\b(?:increas|decreas)(?:ed|es|ing) from $")
"""Before the first of two values of one measure."""
_OF_A_RATIO = re.compile(r",? ?95 ?%? ?(?:CI,? )?\d+\.\d+ (?:to|-) (?:1\.[1-9]|[2-9]|\d\d)")
"""A high limit above 1 behind a value: a letter that stands for a ratio, `rho = 3.71, 95% 1.00 to 13.87`."""
_ROSE = re.compile(
    r"(?![^.;\d]{0,40}\b(?:ratio|difference|change|threshold)\b)(?:[^.;:\d()=%<>-]){0,40}?\b(?:increas\w+|rose|rising|"
    r"improv\w+|went|climb\w+|grew|fell|decreas\w+|drop\w+|declin\w+) from (?P<a>(?:0?\.\d+|[01]\.\d+)) "
    r"(?:[a-z ]{2,40} )?to (?P<b>(?:0?\.\d+|1\.\d+))(?![\d.]*\d| ?(?:[a-zA-Zµμ]+/|%|fold|times|ng|mg|h\b))"
)
"""From one value to another, of which one is possible: a measure that has no such unit is the one of the name."""
_ANOTHER = re.compile(
    r"\b(?:and|,) the (?!same|correspond|respect|valid|test|train|intern|extern)[a-z]+\b[^,;]* (?:was|were|is) $"
)
"""A subject of its own before the next value: `the C-index was 0.75 and the lift was 2.1`."""
_SQUARED = re.compile(r"\b(?:[Cc]hi|[XF])-?[Ss]quared?\b|[χX]²|\bdf\b")
_EXPOSURE = re.compile(
    r"\b(?:ng|µg|μg|mg|hr?|hours?|mL|L|dos\w+|steady|exposure|concentration\w*|plasma|pharmacokinetic\w*|Cmax|"
    r"carboplatin|glucose|insulin|fed|food|fast\w*|geometric)\b|·",
)
_RATE = re.compile(
    r"\b(?P<name>(?:sensitivit|specificit|prevalence|incidence|accurac|mortalit|survival rate|response rate|"
    r"predictive value|PPV|NPV|recall rate|probabilit|positivity|participation|attendance)\w*)"
    r"(?: \([A-Z]{2,4}\))?(?: (?:was|of|is|were|reached)|:|,| =)? ?(?P<v>-\d+(?:\.\d+)?)(?! ?-?[\d.]*\d) ?%",
    re.IGNORECASE,
)


def check_named_measures(case: Case, p: Passage) -> None:
    """Check every value that a sentence gives of a measure between 0 (or -1) and 1."""
    names = list(_NAME.finditer(case.flat, p.start, p.end))
    for k, m in enumerate(names):
        end = names[k + 1].start() if k + 1 < len(names) else p.end
        _values(case, p, m, end)


_SHARE = re.compile(
    r"\b(?:(?:[a-z]+-free |overall |relapse |patient )?survival|mortality|prevalence|cellularity|tumou?r purity|purity|"
    r"(?:allel\w+ )(?:frequenc(?:y|ies)|fractions?)|VAFs?|(?:tumou?r )?proportion scores?|TPS|oxygen saturation|"
    r"saturation|SpO2|SaO2|response rates?|ORR|sensitivity|specificity|accuracy|attack rates?|participation|attendance|"
    r"occupancy|positivity|seroprevalence|case[- ]fatality|remission rates?|cure rates?|ejection fractions?|"
    r"ha?ematocrit|blasts?)\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(r"(?<![\w.,/-])(?P<v>1\d\d(?:\.\d+)?|[2-9]\d\d(?:\.\d+)?) ?(?:%|per ?cent\b)")
_NO_LEVEL = re.compile(
    r"\b(?:increas\w*|decreas\w*|relative\w*|ratio|chang\w*|fold|by|higher|greater|more|lower|of (?:the )?(?:baseline|"
    r"control|normal|predicted|expected|target|nominal|reference)|baseline|controls?|predicted|expected|excess|"
    r"improv\w*|gain|bioavailab\w*|median (?:os|survival)|recover\w*|compared|than|growth|standardi[sz]ed|index|cost|"
    r"cell survival|viability)\b",
    re.IGNORECASE,
)


_OF_ANOTHER = re.compile(r" of (?:the |that of )?(?:controls?|baseline|untreated|initial|normal)\b")
_FROM_TO = re.compile(r"\bfrom \d[\d.]* ?%?[^;]{0,40} to $")
_ANOTHER_SUBJECT = re.compile(r"\d ?%(?! ?(?:to|and|-) ?$)|\b(?:and|but|while|whereas) (?:the|a|its)\b")
_ALL, _AROUND = 100, 40


def check_above_hundred(case: Case, p: Passage) -> None:
    """Check shares of what can be no more than all: survival, saturation, allele fractions."""
    for m in _ABOVE.finditer(case.flat, p.start, p.end):
        begin = max((x.end() for x in re.finditer(r"[;:] ", case.flat[p.start : m.start()])), default=0) + p.start
        named = list(_SHARE.finditer(case.flat, begin, m.start())) or _of_what_is_due(case, p, m)
        risen = _FROM_TO.search(case.flat, begin, m.start())
        if named and not risen and _ANOTHER_SUBJECT.search(case.flat, named[-1].end(), m.start()):
            continue
        if (
            not named
            or float(m["v"]) == _ALL
            or _OF_ANOTHER.match(case.flat, m.end())
            or (not risen and _NO_LEVEL.search(case.flat, begin, min(p.end, m.end() + _AROUND)))
        ):
            continue
        if re.search(r"\d{1,3},$", case.flat[begin : m.start()]) or compared(case, m.span("v"), "statistic"):
            continue
        sentence = f"{named[-1][0].capitalize()} of {m['v']} %: it must lie between 0 and 100 %."
        judge(case, p, "statistic", [m.span("v")], "error-if", sentence, "range of the measure")


_OF_WHAT_IS_DUE = re.compile(
    r"\b(?:proportion|percentage|fraction|share) of (?:the |all )?(?:prescribed|planned|scheduled|dispensed"
    r"|offered|intended) (?:[a-z-]+ ){1,2}?(?:(?:that|which) (?:was|were) )?"
    r"(?:taken|attended|received|given|completed|swallowed|used)\b",
    re.IGNORECASE,
)
_NONE_BEYOND = re.compile(
    r"\bno(?:body| one| [a-z]+) (?:took|received|attended|used|had|swallowed|was given) (?:an? |any )?(?:[a-z-]+ )?(?:"
    r"unprescribed|unplanned|unscheduled|extra|additional|more|further|other)\b",
    re.IGNORECASE,
)


def _of_what_is_due(case: Case, p: Passage, m: re.Match[str]) -> list[re.Match[str]]:
    """`the proportion of prescribed doses taken`, where nobody took others: not what pills are counted by."""
    if not _NONE_BEYOND.search(case.flat, p.start, p.end):
        return []
    return list(_OF_WHAT_IS_DUE.finditer(case.flat, p.start, m.start()))


def check_rates_below_zero(case: Case, p: Passage) -> None:
    """Check rates that are printed with a minus, unless they are changes."""
    for m in _RATE.finditer(case.flat, p.start, p.end):
        if not _CHANGE.search(case.flat, p.start, m.start()):
            sentence = f"{m['name'].capitalize()} of {m['v']} %: it must lie between 0 and 100 %."
            judge(case, p, "statistic", [m.span("v")], "error", sentence, "range of the measure")


_P = re.compile(
    r"\b[Pp][- ]?values?(?: (?:were|of) 0?\.\d+(?:, 0?\.\d+){0,4},? and|(?: (?:of|was|is))?(?:,|:| =|=)?| (?:for|of|in|"
    r"from|by) [^.,;:()=<>\d]{3,60} (?:was|is|were|=)) ?(?P<v>-?\d{1,2}\.\d+)(?![\d.]*\d| ?(?:[x×]|%|[eE]-))"
)


def check_p_told(case: Case, p: Passage) -> None:
    """`P-value, 1.31`, where no statement has read it."""
    for m in _P.finditer(case.flat, p.start, p.end):
        value = read_printed(m["v"])
        read = any(s.quantities.p is not None and s.normal_start <= m.start("v") < s.normal_end
                   for s in case.by_passage.get(p.index, ()))  # fmt: skip
        if (value.value > 1 or value.value < 0) and not read:
            judge(case, p, "P", [m.span("v")], "error", f"P {value.text}: it must lie between 0 and 1.", "0 <= P <= 1")


_CHANGE = re.compile(r"\b(?:chang|differ|relative|increas|decreas|reduc|excess|effect)\w*\b", re.IGNORECASE)


def _values(case: Case, p: Passage, name: re.Match[str], end: int) -> None:
    least = -1 if name["signed"] else 0
    exposed = name["unit"] is not None and "auc" in name["unit"].lower() and _EXPOSURE.search(case.flat, p.start, p.end)
    if exposed:
        return
    read = [s for s in case.by_passage.get(p.index, ()) if s.kind in ("statistic", "test_p")]
    if (rose := _ROSE.match(case.flat, name.end(), end)) is not None and name["unit"] is not None:
        values = {k: read_printed(rose[k]) for k in "ab"}
        off = [k for k in "ab" if values[k].value > 1]
        if len(off) == 1:
            sentence = f"{name[0]} {values[off[0]].text}: it must lie between 0 and 1."
            judge(case, p, "statistic", [rose.span(off[0])], "error-if", sentence, "range of the statistic")
        return
    pattern, at = _TO_FIRST, name.end()
    while (m := pattern.match(case.flat, at, end)) is not None:
        if _OTHER_VALUE.search(_RISEN.sub("", case.flat[at : m.start("v")])):
            return
        if pattern is _NEXT and _ANOTHER.search(case.flat, at, m.start("v")):
            return
        if _SQUARED.search(case.flat, at, m.start("v")):
            return
        if _OF_A_PROGRAM.search(case.flat, at, m.start("v")) or _SOFTWARE.match(case.flat, m.end("v")):
            return
        if _OF_A_RATIO.match(case.flat, m.end("v")):
            return
        value = read_printed(m["v"])
        known = any(s.normal_start <= m.start("v") < s.normal_end for s in read)
        if name["unit"] is not None and "ic" in name["unit"].lower()[:12] and value.value > _SHARE_AT_MOST:
            return
        if not known and (value.value > 1 or value.value < least) and value.value < _TEN:
            shown = re.sub(r"\s+", " ", name[0])
            sentence = f"{shown[0].upper()}{shown[1:]} {value.text}: it must lie between {least} and 1."
            judge(case, p, "statistic", [m.span("v")], "error-if", sentence, "range of the statistic")
        pattern, at = _NEXT, m.end()


_OF_A_PROGRAM = re.compile(r"\b(?:version|release|(?:using|with|in|by) (?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)*) ?$")
_SOFTWARE = re.compile(r",? (?:software|program\w*|package|suite)\b")
"""Behind the number of a program: `coefficients were calculated using Volocity 5.1 software`."""
_SHARE_AT_MOST = Fraction(3, 2)
"""A specificity above it is of something else than a share."""
_TEN = Fraction(10)
"""A value of ten or more is of another scale."""
