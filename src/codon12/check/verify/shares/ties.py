"""The group to which words tie a share: `Of the 80 screened, 20 (25%)`, `of whom 8 (20%)`, `8 (20%) of these`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.numerals import Numeral, whole_numbers

__all__ = ["named_right_before", "named_right_behind", "narrowed", "tied_by_words"]

_SIZE = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)"
_OPENS = re.compile(
    r"(?:^|[.;:,(] ?|\b(?:and|but|that|while|whereas) )\W*(?:[Oo]f|[Aa]mong|[Aa]mongst|[Oo]ut of|[Oo]ver)"
    rf"(?: the| these| those| all| our| a total of| total)* {_SIZE} "
    r"(?P<whom>[^\d.;:()]{3,140}?(?: ?[<>≤≥] ?[\d.]+ ?%?)?(?: [A-Za-z-]+){0,4}?),? (?:only )?[(\[]?$"
)
"""`Of the 108,854 hips that met the criteria, 1,365 (1.3%)`: nothing else is counted between."""
_NO_GROUP = re.compile(
    r"^(?:[a-z-]+ ){0,2}?(?:months?|years?|weeks?|days?|hours?|minutes?|per ?cent|times|points|cycles|courses|"
    r"cent(?:er|re)s|hospitals|sites|countries|institutions|clinics|events?|episodes?)\b|"
    r"\b(?:whom|which|these|those|them|respectively|versus|vs|compared|both|each|either|another|other|rates?)\b|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|[a-z]+teen|[a-z]+ty)\b"
)
"""What may stand in such words and leaves open of whom the share is."""
_DID = re.compile(
    r"[)\]],? (?:were|was|had|did|died|received|responded|developed|displayed|showed|underwent|needed|"
    r"required|experienced|reported|met|completed|tested|presented|achieved|indicated)\b"
)
_DATES = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}\b|"
    r"\b(?:19|20)\d\d\b"
)
_PARTS = re.compile(
    r"^[^.:()\d]{0,110}?[,;]? ?(?:and |but )?(?:(?:out )?of|among|amongst|in) (?:whom|which|them|these|those),? "
    r"(?:only )?[(\[]?$|^[^.;:()\d]{0,60},? (?:including|comprising)(?: only)? [(\[]?$"
)
"""Between a group and a share of it: `127 patients; among them 42 (33%)`."""
_OF_THEM = re.compile(
    r"^\W*(?:of|among) (?:whom|which|them|these|those)\b"
    r"(?=\W*$|[,.;:)]| (?:were|was|had|have|has|did|died|showed|could|would|as|by|on|at|and|but)\b)"
)
_WITHIN = re.compile(r"^\W*\S+ of (?:whom|which|them|these|those)\b", re.IGNORECASE)
_OUT_OF = re.compile(
    rf"^[)\] ]{{0,2}}(?:[a-z-]+ ){{0,6}}?out of (?:the |a total of )?{_SIZE} (?!months|years|weeks|days|points)[a-z]"
)
_OF_SO_MANY = re.compile(
    rf"^[)\] ]{{0,2}}(?:(?:of|among(?:st)?) (?:the |all |all the )?{_SIZE} (?P<whom>(?:[A-Za-z-]+ ){{0,3}}?[a-z]{{3,}})"
    rf"\b|in (?:the |all |all the )?{_SIZE.replace('<n>', '<m>')} (?:[a-z-]+ )?"
    r"(?:patients|cases|women|men|children|with|who)\b)(?! (?:and|or|vs\.?|versus) (?:the )?\d)"
)
_AGAIN = re.compile(r"\W*(?:Of|Among|Out of) (?:all )?(?:these|those|them|whom)(?: [a-z]+)?,? (?:only )?[(\[]?")


def named_right_before(case: Case, s: Statement) -> int | None:
    """`Of the 20 who needed more, 62 (60%) did`: who is counted stands right before, what they did right behind."""
    opened = _opened(case, s)
    return opened[0] if opened is not None and _DID.match(case.flat, s.normal_end - 1) is not None else None


def tied_by_words(case: Case, s: Statement) -> tuple[int, str] | None:
    """The number whose group the words around a share make it part of, at least as large as its count."""
    n = s.quantities.n
    if n is None or case.text.passages[s.passage].table is not None:
        return None
    return next((x for form in _FORMS if (x := form(case, s)) is not None and x[0] >= max(n, 1)), None)


def narrowed(case: Case, s: Statement) -> bool:
    """Whether a share is of those named last: `were seen (62%), with 41 (66%)`, `27% (n = 17) of them`."""
    return _says_of_them(case, s) or _WITH_THEM.search(case.around(s, 30, 0)[0]) is not None


_WITH_THEM = re.compile(r"\d\W{0,4}%?\W{0,4}(?:, )?(?:with|including|comprising) $", re.IGNORECASE)


def _says_of_them(case: Case, s: Statement) -> bool:
    own = case.flat[s.normal_start : s.normal_end]
    return _OF_THEM.match(case.around(s, 0, 30)[1]) is not None or _WITHIN.match(own) is not None


def _opened(case: Case, s: Statement) -> tuple[int, str] | None:
    """The group with which a clause opens that a share is the first count of."""
    found = _OPENS.search(case.around(s, 200, 0)[0])
    if found is None or _NO_GROUP.search(found["whom"]) is not None:
        return None
    return int(found["n"].replace(",", "")), found[0].strip(" ,([")


def _opening(case: Case, s: Statement) -> tuple[int, str] | None:
    return None if _says_of_them(case, s) else _opened(case, s)


def _parted(case: Case, s: Statement) -> tuple[int, str] | None:
    """The group named last, of which a share is a part by words right before it."""
    last = _named_last(case, s)
    if last is None:
        return None
    between = _DATES.sub("", case.flat[last.end : s.normal_start])
    return _shown(case, last) if _PARTS.match(between) is not None else None


def _of_them(case: Case, s: Statement) -> tuple[int, str] | None:
    """The group named last in the sentence, where words right behind a share, or in it, say `of them`."""
    last = _named_last(case, s) if _says_of_them(case, s) else None
    return None if last is None else _shown(case, last)


def named_right_behind(case: Case, s: Statement) -> tuple[int, str] | None:
    """`41,947 (96.9%) were seen out of 43,305`, `29% (106) of 370 sera`, `one (6%) among 17 with a mutation`."""
    behind = case.flat[s.normal_end - 1 : s.normal_end + 90]
    found = _OUT_OF.match(behind) or _OF_SO_MANY.match(behind)
    words = found.groupdict() if found is not None else {}
    if found is None or _NO_GROUP.search(words.get("whom") or "") is not None:
        return None
    return int((found["n"] or found["m"]).replace(",", "")), found[0].strip(" )]")


def _these(case: Case, s: Statement) -> tuple[int, str] | None:
    """The count named last in the sentence before, where a sentence opens with `Of these` and the share comes first."""
    p = case.text.passages[s.passage]
    if s.passage == 0 or _AGAIN.fullmatch(case.flat, p.start, s.normal_start) is None:
        return None
    before = case.by_passage.get(s.passage - 1, ())
    counts = [x for x in before if x.quantities.n is not None and x.kind in (*PERCENT_KINDS, "count")]
    if not counts or counts[-1].quantities.n is None or case.text.passages[s.passage - 1].table is not None:
        return None
    return counts[-1].quantities.n, counts[-1].quote


_FORMS = (named_right_behind, _opening, _parted, _of_them, _these)


def _named_last(case: Case, s: Statement) -> Numeral | None:
    """The number of things, or of those counted, that stands last before a share; None where it is in a bracket."""
    counts = {
        o.quantities.n
        for o in case.by_passage[s.passage]
        if o.normal_end <= s.normal_start and o.kind in (*PERCENT_KINDS, "count")
    }
    ahead = [x for x in whole_numbers(case, s.passage) if x.end <= s.normal_start and (x.things or x.n in counts)]
    if not ahead:
        return None
    between = case.flat[ahead[-1].end : s.normal_start]
    return ahead[-1] if between.count("(") >= between.count(")") else None


def _shown(case: Case, x: Numeral) -> tuple[int, str]:
    return x.n, " ".join(case.flat[x.start : x.end + 40].split())
