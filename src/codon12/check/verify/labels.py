"""What a number is of, where the words directly beside it say so."""

from __future__ import annotations

from functools import lru_cache

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["PLAIN", "category_of", "stems", "stems_of_text"]

_NAMES = {
    "CR": r"complete (?:response|remission)s?|CRs?",
    "PR": r"partial (?:response|remission)s?|PRs?",
    "SD": r"stable disease|SD",
    "PD": r"(?:progressive disease|disease progression)(?: as (?:the )?best (?:overall )?response)?|PD",
    "NE": r"not evaluable|not assessable|missing scans?|could not be evaluated",
    "ORR": r"(?:objective|overall|tumou?r) (?:response|remission)(?:s| rates?)?|ORR|response rate",
    "DCR": r"disease[- ]control(?: rate)?|DCR",
    "men": r"men|males?|boys",
    "women": r"women|females?|girls",
    "never": r"never[- ]smok(?:ers?|ed)|never smoked",
    "former": r"(?:former|ex-)[- ]?smokers?",
    "current": r"current[- ]smokers?",
}
_ONE = "|".join(f"(?P<{name}>(?:{words}))" for name, words in _NAMES.items())
_BEFORE = re.compile(
    rf"(?<![\w-])(?:{_ONE})(?:[ ,]*\((?:CR|PR|SD|PD|ORR|DCR)\))?"
    r"(?: (?:rates?|was|were|is|seen|observed|noted|reported|achieved|documented|confirmed|found|occurred|obtained|"
    r"in|by|of|for|at|as|among|best response))*(?P<link>[\s:,=(\[—-]*)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^[\s)\]]*(?:(?:patients?|subjects|participants|cases|tumou?rs|who|whom|had|have|achieved|attained|experienced|"
    rf"showed|with|an?|confirmed|were|was|in)\s+)*(?:{_ONE})(?![\w-])",
    re.IGNORECASE,
)
_WITHIN = re.compile(rf"(?<![\w-])(?:{_ONE})(?![\w-])", re.IGNORECASE)
_OF_SOME = re.compile(
    r"\b(?:with|among|who had|had|achiev\w+|duration of|time to|after|following|median|loss of|best)"
    r"\s+(?:an?\s|the\s|confirmed\s)?$",
    re.IGNORECASE,
)
_REACH = 70
_HINT = re.compile(
    r"respon|remission|disease|\b(?:CR|PR|SD|PD|ORR|DCR)s?\b|men\b|male|smok|evaluable|assessable|missing|evaluated",
    re.IGNORECASE,
)


_COUNTED_BEHIND = re.compile(r" ?[(\[](?=\d+ (?:for|with|had|due|because) )")
"""`310 (91.7%) in the placebo group (233 for progressive disease`: what others are counted for."""


def category_of(case: Case, s: Statement) -> str | None:
    """The category (of response, sex, smoking) whose words touch a number on one side only, or None.

    In a table the label of the row decides. `4 (3.2%) who had a complete response`, `stable disease in 54`; but
    not `patients with a partial response, 12 had ...`, where the words say who is counted, not what.
    """
    if not case.says(s, _HINT):
        return None
    if case.text.passages[s.passage].table is not None:
        found = re.match(rf"(?:{_ONE})(?![\w-])", _bare(s.label), re.IGNORECASE)
        return found.lastgroup if found else None
    inside = list(_WITHIN.finditer(case.flat[s.normal_start : s.normal_end]))
    if len({m.lastgroup for m in inside}) == 1 and s.kind != "count":
        return inside[0].lastgroup
    before, after = case.around(s, _REACH, _REACH)
    behind = _AFTER.match(_COUNTED_BEHIND.split(after)[0])
    ahead = _BEFORE.search(before)
    if ahead is not None:
        led = _OF_SOME.search(before[: ahead.start()])
        if led is not None and ("," in ahead["link"] or led[0].split()[0].lower() in _TIMES):
            ahead = None
    first, second = (m and _name(m) for m in (ahead, behind))
    if first and second and first != second:
        return None
    return first or second


_TIMES = {"duration", "time", "after", "following", "median", "loss"}


def _name(found: re.Match[str]) -> str | None:
    return next((name for name in _NAMES if found[name]), None)


def _bare(label: str) -> str:
    return re.sub(r"^[^A-Za-z]*(?:confirmed |best overall response[:, -]*)?", "", label)


_WORDS = re.compile(r"[a-z][a-z0-9]*(?:-[a-z]?\d+)?")
_SPELLINGS = re.compile("oe|ae")
_SMALL = frozenset(
    """
    the and with for any all patients patient grade who had was were event events adverse increase increased level
    reported occurred observed including most common frequent frequently other anti agent agents inhibitor inhibitors
    number that led from see table not percent
    """.split()  # noqa: SIM905  a list of words reads better so
)


PLAIN = frozenset(
    """
    pati part subj case were was had have been foun seen obse repo occu reco note docu iden dete pres abse show havi
    deve expe suff rece trea give unde take beca due reas mean tota over coho stud tria popu samp year list summ give
    coun numb perc shar prop amou most many some than more less only each both into from with this that thes thos whic
    ther their when whil duri caus led resu made there coul cann did does being agai enro incl cons comp tumo spec
    reac held grou arm last atta dise them
    wome men male fema achi obta leas one any foll
    """.split()  # noqa: SIM905  a list of words reads better so
)
"""First letters of words that do not narrow whom a number is of."""


@lru_cache(1024)
def stems(words: str) -> frozenset[str]:
    """First letters of the telling words of a label, British and American spellings alike.

    Examples
    --------
    >>> stems("increase in the alanine aminotransferase level") == stems("Alanine aminotransferase increased")
    True
    """
    return stems_of_text(words)


def stems_of_text(words: str) -> frozenset[str]:
    """The same of a sentence, which is asked once: nothing is kept."""
    found = _WORDS.findall(words.lower())
    return frozenset(_stem(w) for w in found if len(w) > 2 and w not in _SMALL)


@lru_cache(4096)
def _stem(word: str) -> str:
    word = _SPELLINGS.sub("e", word).replace("our", "or")
    letters = 8 if word.startswith(_COMMON_BEGINNINGS) else 6
    return word[:letters] + next((e for e in _ENDINGS if word.endswith(e)), "")


_COMMON_BEGINNINGS = ("hyper", "hypo", "pneumo", "thromb", "lympho")
_ENDINGS = ("itis", "ectomy", "otomy", "ostomy", "plasty", "scopy")
"""What many words begin with, and what tells words apart that begin alike: `pneumonitis`, `pneumonectomy`."""
