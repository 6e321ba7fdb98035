"""Statements that are one phrase: test statistics, measures of discrimination and agreement, rates per person-time."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Quantities
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["phrases_in"]

_NUMBER = r"[-−]?(?:\d+(?:\.\d+)?|\.\d+)"
_P = r"[\s,;()\[\]]{1,4}(?:two-sided )?[Pp](?:[- ]?values?)?\s?(?P<op><=|>=|[=<>≤≥])\s?(?P<p>\d?\.\d+)"
_TEST = re.compile(
    r"(?<![\w-])(?P<name>[tFrzZ]|rho|ρ|Pearson(?:'s)? r|Spearman(?:'s)? (?:r|rho|ρ))\s?"
    rf"(?:[(\[]\s?(?:df\s?=\s?)?(?P<df>\d+(?:\.\d+)?)(?:\s?[,;]\s?(?P<df2>\d+(?:\.\d+)?))?\s?[)\]])?\s?=\s?(?P<value>{_NUMBER})"
    rf"(?:[\s,;(\[]{{1,4}}[nN]\s?=\s?(?P<size>\d+))?{_P}"
)
_CHI2 = re.compile(
    r"(?<![\w-])(?:χ|chi)[-\s]?(?:2|²|squared?)?\s?[(\[]\s?(?:df\s?=\s?)?(?P<df>\d+)(?:\s?[,;]\s?[nN]\s?=\s?[\d,]+)?\s?[)\]]"
    rf"\s?=\s?(?P<value>\d+(?:\.\d+)?){_P}",
    re.IGNORECASE,
)
_FREEDOM = (
    r"(?:\s?[,;(\[]\s?)(?:(?:on |with )?(?P<df>\d+) (?:df|d\.?f\.?|degrees? of freedom)|df\s?=?\s?(?P<dg>\d+))[)\]]?"
)
_TEST_BEHIND = re.compile(rf"(?<![\w-])(?P<name>t)(?:[- ]statistic)?\s?(?:=|of)\s?(?P<value>{_NUMBER}){_FREEDOM}{_P}")
"""`t = 2.10, 58 df, p = 0.04`."""
_CHI2_BEHIND = re.compile(
    r"(?<![\w-])(?:χ|chi)[-\s]?(?:2|²|squared?)?(?: statistic| test)?\s?(?:,|:|of|was)?\s?(?P<value>\d+(?:\.\d+)?)"
    rf"{_FREEDOM}{_P}",
    re.IGNORECASE,
)
"""`chi-square 3.84, 1 df, P = 0.05`; that with a sign of equality is read word by word."""
_BOUNDED = re.compile(
    r"\b(?P<name>AUC|AUROC|ROC-AUC|area under the (?:receiver[- ]operating[- ]characteristic |ROC )?curve|"
    r"[Cc][- ]?(?:index|statistic)|[Cc]oncordance (?:index|statistic)|[Kk]appa|κ|[Cc]orrelation(?: "
    r"coefficient)?|Brier score)"
    r"(?:\s?\((?:AUC|AUROC|κ|r)\))?(?: (?:statistic|value|score|coefficient))?"
    rf"(?: (?:was|of|is|were|for|reached)(?: [a-z][a-z-]*){{0,3}}|\s?[=:,])? ?(?P<value>{_NUMBER})(?![\d%])(?!\s?%)"
    rf"(?:[\s,;]*[(\[]?(?:(?:(?P<level>\d\d) ?% ?)?(?:CI|confidence interval)[\s,:;]*|(?<=[(\[]))"
    rf"(?P<low>{_NUMBER})(?:\s?[-,]\s?| to )(?P<high>{_NUMBER})[)\]]?)?"
)
_PERSON_TIME = re.compile(
    r"(?P<n>\d[\d,]*) (?:[a-z-]+ ){0,3}?(?:in|over|during) (?P<time>\d[\d,]*(?:\.\d+)?) (?:person|"
    r"patient)[- ]years?[^.;\d]{0,40}?(?P<rate>\d+(?:\.\d+)?) (?:[a-z]+ ){0,2}?(?:per|/) ?(?P<per>1,?000|10,000|"
    r"100,000|100) (?:person|patient)[- ]years?"
)
_TIME_FIRST = re.compile(
    r"(?P<time>\d[\d,]*(?:\.\d+)?) (?:person|patient)[- ]years?(?: of (?:[a-z-]+ ?){1,3})?,? (?:there were |we "
    r"observed )?(?P<n>\d[\d,]*) [a-z-]+(?: [a-z-]+){0,4}?[^.;\d]{0,30}?\b(?:incidence|"
    r"rate)\b[^.;\d]{0,20}?(?P<rate>\d+(?:\.\d+)?) (?:[a-z]+ ){0,2}?(?:per|/) ?(?P<per>1,?000|10,000|100,000|100) "
    r"(?:person|patient)[- ]years?"
)
_RATE_FIRST = re.compile(
    r"(?P<rate>\d+(?:\.\d+)?) (?:[a-z]+ ){0,2}?(?:per|/) ?(?P<per>1,?000|10,000|100,000|100) "
    r"(?:person|patient)[- ]years? [(\[](?P<n>\d[\d,]*) (?:[a-z-]+ ){0,3}?(?:in|over|during|/) "
    r"(?P<time>\d[\d,]*(?:\.\d+)?) (?:person|patient)[- ]years?"
)
_LIMITS = rf"(?P<low>{_NUMBER})(?:\s?[-,;]\s?| to )(?P<high>{_NUMBER})[)\]]?"
_CI = r"[\s,;]*[(\[]\s?(?:(?P<level>\d\d) ?% ?)?(?:CI|confidence interval)[\s,:;=]*"
_NEEDED = re.compile(
    r"\b(?P<name>[Nn]umbers? needed to (?:treat|harm|screen|prevent|vaccinate)|NN[THS][BH]?)\b(?: \(NN[THS]\))?"
    rf"[^.;\d()]{{0,30}}(?P<value>\d+(?:\.\d+)?)(?: (?:patients|people|women|men))?{_CI}{_LIMITS}"
)
_MEASURED = re.compile(
    r"(?<![\w.,-])(?<!± )(?<!±)(?P<value>[-−]?\d+(?:\.\d+)?) ?(?P<name>mm ?Hg|mmol/L|mmol/mol|[mµμ]?mol/l|mg/dL|mg/L|"
    r"[gpn]g/mL|g/d?L|kg(?:/m2)?|c?mm?|mL(?:/min(?:/1\.73 ?m2)?)?|L|(?:percentage |scale )?points?|beats/min|bpm|°C|"
    rf"I?U/L|letters|degrees){_CI}{_LIMITS}"
)
_DEGREES = ("df", "DF", "d.f", "D.F", "reedom", "REEDOM")
_YEARS = ("person-", "person y", "patient-", "patient y")
_HINTS = {
    **dict.fromkeys((_TEST, _CHI2), ("=",)),
    **dict.fromkeys((_TEST_BEHIND, _CHI2_BEHIND), _DEGREES),
    _BOUNDED: ("AUC", "AUROC", "urve", "ndex", "tatistic", "appa", "κ", "orrelation", "Brier"),
    _NEEDED: ("needed to", "NN"),
    _MEASURED: ("CI", "confidence int"),
    **dict.fromkeys((_PERSON_TIME, _TIME_FIRST, _RATE_FIRST), _YEARS),
}
"""Phrase -> what a passage has that may hold it."""


def _each(text: str, passage: Passage, *phrases: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Every match of some phrases, one phrase behind the other."""
    words = text[passage.start : passage.end]
    for phrase in phrases:
        if any(map(words.__contains__, _HINTS[phrase])):
            yield from phrase.finditer(text, passage.start, passage.end)


def _printed(text: str) -> Printed:
    return read_printed(text.replace("−", "-"))


def phrases_in(text: str, passage: Passage) -> Iterator[tuple[str, int, int, Quantities]]:
    """Kind, beginning, end and quantities of every such phrase of a passage, in the normal spelling."""
    for m in _each(text, passage, _TEST):
        df = tuple(_printed(m[k]) for k in ("df", "df2") if m[k])
        if len(df) == 2 and m["name"] != "F" and len(m["df2"]) == 3:  # t(1,018)
            df = (_printed(m["df"] + m["df2"]),)
        if m["size"] and not df and m["name"] not in ("t", "F"):  # a correlation of so many pairs
            df = (read_printed(str(max(0, int(m["size"]) - 2))),)
        q = Quantities(
            text=m["name"].split()[-1], value=_printed(m["value"]), values=df, p=_printed(m["p"]), p_op=m["op"]
        )
        yield "test_p", m.start(), m.end(), q
    for m in _each(text, passage, _CHI2):
        yield (
            "chi2_p",
            m.start(),
            m.end(),
            Quantities(chi2=_printed(m["value"]), N=int(m["df"]), p=_printed(m["p"]), p_op=m["op"]),
        )
    for m in _each(text, passage, _TEST_BEHIND):
        df = (_printed(m["df"] or m["dg"]),)
        q = Quantities(text="t", value=_printed(m["value"]), values=df, p=_printed(m["p"]), p_op=m["op"])
        yield "test_p", m.start(), m.end(), q
    for m in _each(text, passage, _CHI2_BEHIND):
        q = Quantities(chi2=_printed(m["value"]), N=int(m["df"] or m["dg"]), p=_printed(m["p"]), p_op=m["op"])
        yield "chi2_p", m.start(), m.end(), q
    for m in _each(text, passage, _BOUNDED):
        q = Quantities(text=m["name"], value=_printed(m["value"]))
        if m["low"]:
            level = int(m["level"]) if m["level"] else None
            q = Quantities(text=m["name"], value=_printed(m["value"]), low=_printed(m["low"]), high=_printed(m["high"]),
                           level=level, interval="ci")  # fmt: skip
        yield "statistic", m.start(), m.end(), q
    for m in _each(text, passage, _NEEDED, _MEASURED):
        yield "value", m.start(), m.end(), Quantities(
            value=_printed(m["value"]), unit=m["name"], low=_printed(m["low"]), high=_printed(m["high"]),
            level=int(m["level"]) if m["level"] else None, interval="ci",
        )  # fmt: skip
    for m in _each(text, passage, _PERSON_TIME, _TIME_FIRST, _RATE_FIRST):
        q = Quantities(
            n=int(m["n"].replace(",", "")),
            values=(_printed(m["time"]), _printed(m["rate"])),
            N=int(m["per"].replace(",", "")),
            unit="person-years",
        )
        yield "incidence", m.start(), m.end(), q
