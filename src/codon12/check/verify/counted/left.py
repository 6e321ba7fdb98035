"""Who is left of all, told in any order: `after excluding 164, 626 of the original 780 remained`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import tell
from codon12.check.verify.prose import compared
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["GONE", "check_left"]

_GONE_WORDS = (
    r"exclu\w+|discard\w*|remov\w+|drop(?:ped|ping)? out|dropouts?|withdr[ae]w\w*|deaths?|died|lost|refus\w+|declin\w+|"
    r"(?:did|do|could|were|was|had) not|ineligible|duplicates?|duplicated|lack\w*|without|missing|insufficient|"
    r"inadequate|incomplete|unusable|failed|failure|illegible|unavailable|no (?!significant)\w+|turned out|omit\w+|"
    r"eliminat\w+|dismiss\w+|reject\w+|left out|left the|set aside|non-?respon\w+|moved away|treated elsewhere|"
    r"haemolys\w+|hemolys\w+|screen(?:ing)? failures?|unreadable|not (?:meet|meeting|eligible|evaluable|return\w*|"
    r"answer\w*)|disqualified|invalid|undelivered|unanswered|off topic|too (?:small|few|little|low|poor)|never|"
    r"ungradable|spoil\w+|unfit|unsuitable|un\w{5,}able|degraded|contaminated|emigrated|insufficient\w*|absent|stopped|"
    r"discontinu\w+"
)
GONE = re.compile(rf"\b(?=[a-z])(?:{_GONE_WORDS})\b")
_LEFT = re.compile(
    r"\b(?:leaving|left(?! out)|keeping|retaining|the other|(?:based|rests?|rested|refers?|given|reported|"
    r"restricted|confined|"
    r"limited) (?:only )?(?:on|to|for|from)|which leaves|remain\w*|thus|therefore|hence|consequently|accordingly|so(?: "
    r"that)?|only|final(?:ly)?|(?:titles|records|abstracts|citations|articles|references)(?: and abstracts)? "
    r"(?:screened|reviewed|assessed)|result(?:ing|ed) in|gave|giving|yield\w+|sample of|sample size of|total of|cohort "
    r"of|(?:set|sample|cohort|analysis|population|database) (?:then |therefore |thus |finally )?(?:held|holds|numbered|"
    r"comprised|comprises|included|includes|consisted of|counted|contained|contains|was|is))\b[^.;()]{0,45}$"
)
_LEFT_BEHIND = re.compile(
    r"^(?! who\b)(?: (?:of the (?:original )?\d[\d,]*|[a-z-]+|\([^)]*\))){0,4}? (?:remained|were left(?! out)|"
    r"remaining|others?|could be "
    r"\w+ed|were (?:therefore |thus |finally |then |ultimately |eventually )?(?:included|analy[sz]ed|evaluated|"
    r"evaluable|sequenced|screened|read|studied|randomi[sz]ed|randomly|enrolled|retained|assessed|available|tested|"
    r"followed|kept|examined|entered)|completed|received|(?:was|were) available|took part|participated|consented|"
    r"entered|underwent|formed|made up|constituted)\b"
)
_WHOLE_BEHIND = re.compile(r"^(?! (?:were |was )?(?:excluded|removed|lost|discarded))")
_NEW = re.compile(
    r"\b(?:additional\w*|another(?! (?:anti\w+ )?(?:drug|treatment|therapy|agent|regimen|trial|study|cancer|tumou?r|"
    r"malignancy|disease|diagnosis|reason|cause|hospital|cent(?:er|re))\b)|"
    r"new|separate|validation|respectively|more than one|both|versus|vs|per|each|also|"
    r"either|some|median|mean|group|arm|crossed|months?|of whom|of which|of these)\b"
)
_ASIDE = re.compile(r"\([^()]*\)")
_OF_THOSE = re.compile(r"\b(?:includ\w+|of (?:those|these|whom|which))\b")
_WEAK = re.compile(r"(?: [a-z-]+){0,3}? (?:completed|received|entered|underwent|evaluable|assessable)\b")
"""Words of those who went on, beside whom others may be left."""
_GOES_ON = re.compile(r" (?:[a-z]+ )?(?:remain(?:ed)?|(?:were|are) (?:still |continuing|ongoing))")
_STOPPED = re.compile(r" (?:[a-z]+ )?(?:had |have )?(?:discontinued|stopped)\b")
_Counted = tuple[Item, str, str]
"""A count, the words before and those behind it."""
_FEW, _TWO = 10, 2
_REACH = 4


def check_left(case: Case, told: Told) -> None:
    """Check the count of those left against all there were less those gone, in a sentence and those before it."""
    if GONE.search(told.words) or GONE.search(_before(case, told).words):
        _check(case, told)


def _before(case: Case, told: Told) -> Told:
    q = told_in(case, told.passage - 1) if told.passage > 0 else told._replace(items=(), gaps=("",), words="")
    same = told.passage > 0 and case.text.passages[q.passage].paragraph == case.text.passages[told.passage].paragraph
    return q if same and q.passage >= 0 else told._replace(items=(), gaps=("",), words="")


_SINCE = re.compile(r"^(?: [a-z-]+){0,4},? (?:since|because|as|given that) $")
_KEPT = re.compile(
    r"\b(?:assess|evaluat|analy[sz]|measur|includ|compris|consist|report|restrict|available)\w*|\b(?:set|population)\b"
)
"""Words of those who are left where others are not."""
_SINCE_FIRST = re.compile(r"^\W*(?:since|because|as|given that) $")


def _told_why(told: Told) -> tuple[Item, Item, str] | None:
    """Those left, those gone of all, and what is said of these: `232 were assessed, since 7 of the 239 never came`."""
    if len(told.items) != _TWO:
        return None
    a, b = told.items
    if b.total is not None and a.total is None and _SINCE.match(told.gaps[1]):
        return a, b, told.gaps[2]
    if a.total is not None and b.total is None and _SINCE_FIRST.match(told.gaps[0]) and ", " in told.gaps[1]:
        return b, a, told.gaps[1]
    return None


def _check(case: Case, told: Told) -> None:
    if (why := _told_why(told)) is not None:
        left, out, words = why
        if left.n is not None and out.n is not None and GONE.search(words) and _KEPT.search(told.words):
            _judge(case, told, (out.total or 0, out.total_at), [out._replace(total=None)], left, since=True)
            return
    counts = _outside_brackets(told)
    gone = [c for c in counts if _is_gone(c[1], c[2]) and not _is_left(c[1], c[2])]
    gone = _with_their_list(counts, gone)
    lefts = [c for c in counts if c not in gone and _is_left(c[1], c[2])]
    if len(lefts) == _TWO and any(
        lefts[0][0].start < c[0].start < lefts[1][0].start for c in gone
    ):  # `402 completed; 20 were unusable, so that 392 were analysed`
        counts = counts[counts.index(lefts[0]) :]
        gone, lefts = [c for c in gone if c in counts], lefts[1:]
    if len(lefts) != 1:
        return
    left = lefts[0]
    if _WHOLE_OF_THE_NEXT.search(left[1]) and left[0].total is None and any(c[0].start > left[0].start for c in gone):
        return  # `of the 4,700 that were screened, 4,485 were excluded`
    added = [c[0] for c in counts if c is not left and _ADDED.match(c[2]) and not GONE.search(c[2])]
    gone = [c for c in gone if c[0] not in added]
    rest = [c for c in counts if c not in gone and c[0] not in added and c[0].start < left[0].start]
    if left[0].total is not None:
        whole, at = left[0].total, left[0].total_at
        rest = []
    elif len(rest) == 1 and _WHOLE_BEHIND.match(rest[0][2]):
        whole, at = rest[0][0].n, rest[0][0].at
    elif not rest and len(gone) == 1 and gone[0][0].total is not None:
        whole, at = 0, None
    elif not rest:
        found = _all_before(case, told)
        if found is None:
            return
        whole, at, more = found
        noun = _NOUN.match(left[2])
        if noun is not None and noun[1] not in _all_words(case, at) and not _PEOPLE.search(noun[1]):
            return  # the remaining families, of so many sires
        gone = [*more, *gone]
    else:
        return
    _judge(case, told, (whole or 0, at), [c[0] for c in gone], left[0], added)


def _outside_brackets(told: Told) -> list[_Counted]:
    """The counts of a sentence but those of an aside: `3 withdrew (1 in group A and 2 in group B)`."""
    out: list[_Counted] = []
    depth = 0
    for k, x in enumerate(told.items):
        depth = max(0, depth + told.gaps[k].count("(") - told.gaps[k].count(")"))
        if x.n is None:
            continue
        if depth == 0 or not out:
            out.append((x, told.gaps[k], told.gaps[k + 1]))
    return out


def _is_gone(ahead: str, behind: str) -> bool:
    """Whether the clause of a count says that they are gone."""
    ahead = _SIZE.sub("", ahead)
    clauses = re.split(r"[,;:.()]| and | but ", behind)
    own = clauses[0] if len(clauses) > 1 else _OF_THE_NEXT.sub("", behind)
    own = _NOBODY.sub("", own)
    lead = re.split(r"[;:.)]|, (?!and)", ahead)[-1]
    if _FROM_ALL.search(ahead):
        return GONE.search(own) is not None
    return GONE.search(own) is not None or GONE.search(lead) is not None


_SIZE = re.compile(r",? n ?= ?$")
_NOBODY = re.compile(r"\b(?:none|nobody|no one|neither)\b(?: of (?:them|whom|these|those))? [a-z]+")
"""Those of whom it is said are still there: `of 18 patients with streptococci none died`."""
_FROM_ALL = re.compile(r"\b(?:from|out of|among) (?:the|all|these|our)(?: the| these)? $")
"""Before all there were: `after exclusion of 57 without consent from the 640 recruited`."""


_OF_THE_NEXT = re.compile(
    r"\b(?:we |were |then )*(?:exclud\w+|remov\w+|discard\w+|lost|reject\w+|eliminat\w+|omit\w+|dropp\w+) $"
)
"""The verb whose object the next count is: `from 1,000 charts we removed 85`."""


_WHOLE_OF_THE_NEXT = re.compile(r"\b(?:[Oo]f|[Ff]rom|[Aa]mong) +(?:(?:the|these|those|all|remaining|other) +)*$")
_MEASURED = re.compile(r"\b(?:at|by|within|after|per|from|between|over) $")
"""Before a number that says where or when: `only a signal at 20 centiMorgans`."""


def _is_left(ahead: str, behind: str) -> bool:
    return not _MEASURED.search(ahead) and (_LEFT.search(ahead) is not None or _LEFT_BEHIND.match(behind) is not None)


_JOINED = re.compile(r"(?:[,;]| and|[,;] and)(?: (?:a further|another|an additional|yet another|as many as))? $")


def _with_their_list(counts: Sequence[_Counted], gone: Sequence[_Counted]) -> list[_Counted]:
    """Those gone, and those named in one breath with them: `three turned out ineligible and two had no scan`."""
    out = []
    for k, c in enumerate(counts):
        joined = out and k and counts[k - 1] is out[-1] and _JOINED.search(c[1])
        if c in gone or (joined and not _is_left(c[1], c[2])):
            out.append(c)
    return out


def _all_before(case: Case, told: Told) -> tuple[int, tuple[int, int], list[_Counted]] | None:
    """The only count of the sentence before, or that and those gone there."""
    q, back = _before(case, told), 0
    more: list[_Counted] = []
    while q.items and back < _REACH:
        counts = _outside_brackets(q)
        gone = _with_their_list(counts, [c for c in counts if _is_gone(c[1], c[2])])
        rest = [c for c in counts if c not in gone]
        more = [*gone, *more]
        if back == 0 and len(rest) > 1 and _OF_THESE.match(told.words):
            rest = rest[-1:]
        if len(rest) == 1 and rest[0][0].total is None:
            if _is_left(rest[0][1], rest[0][2]):  # `88 declined, leaving 187. Six withdrew`
                more = [c for c in more if c[0].start > rest[0][0].start]
            return rest[0][0].n or 0, rest[0][0].at, more
        if rest or not gone:
            return None
        q, back = _before(case, q), back + 1
    return None


_OF_THESE = re.compile(r"\W*(?:of|from|among) (?:these|them|those)\b(?! two| groups| arms)")
"""What opens a sentence about those counted last in the one before."""
_NOUN = re.compile(r" (?:[a-z]+ )?([a-z]{4,}s)\b")
_PEOPLE = re.compile(r"patients|participants|subjects|adults|individuals|persons|cases|others|articles|studies|records")


def _all_words(case: Case, at: tuple[int, int]) -> str:
    """The sentence of a number, in small letters."""
    p = case.text.passages[bisect_right(case.begins, at[0]) - 1]
    return case.flat[p.start : p.end].lower()


_ADDED = re.compile(
    r"(?: [a-z-]+){0,2}? (?:(?:were|was) (?:then |later )?)?(?:added|(?:found|identified|retrieved|located) (?:by|from|"
    r"in|through|via)\b(?= (?:a |the )?(?:hand|manual|reference|citation|snowball|other|bibliograph|expert|further)))"
)
"""Behind those who came in from elsewhere: `149 did not qualify and 3 were added by hand search`."""


def _in_two_sentences(case: Case, gone: Sequence[Item]) -> bool:
    first, second = (bisect_right(case.begins, x.start) for x in gone[:2])
    return first != second


def _judge(
    case: Case,
    told: Told,
    whole: tuple[int, tuple[int, int] | None],
    gone: Sequence[Item],
    left: Item,
    added: Sequence[Item] = (),
    *,
    since: bool = False,
) -> None:
    total, at = whole
    out, n = [x.n or 0 for x in gone], left.n or 0
    if len(gone) == 1 and gone[0].total is not None and at is None:
        total, at = gone[0].total, gone[0].total_at
        gone = [gone[0]._replace(total=None)]
    if any(x.total is not None for x in gone) or left.share is not None:
        return
    if not out or at is None or total < _FEW or max(out) >= total or sum(out) >= total or n <= 1:
        return
    before = [x for x in gone if x.start < left.start]
    if before and n == total - sum(x.n or 0 for x in before):  # `28 were excluded and 334 analysed; 195 had none`
        gone, out = before, [x.n or 0 for x in before]
    if len(gone) > 1 and n == total - out[0] and sum(out[1:]) <= out[0] and (
        len(gone) > _TWO or _in_two_sentences(case, gone)
    ):  # fmt: skip
        return  # why those went, told behind: `not done in three. There was no access in two.`
    if len(gone) > _TWO and out[0] == sum(out[1:]):
        gone, out = gone[:1], out[:1]
    more = [x.n or 0 for x in added]
    rest = total - sum(out) + sum(more)
    shown = f"{' - '.join(map(str, (total, *out)))}{''.join(f' + {x}' for x in more)} = {rest}"
    places = [at, *(x.at for x in (*gone, *added)), left.at]
    p = case.text.passages[told.passage]
    if n == rest:
        if not any(compared(case, x, "sum", "subset", "all") for x in places):
            tell(case, p, "sum", places, "ok", f"{shown}.", "all less those gone")
        return
    begin = max(0, min(x.start for x in gone) - p.start)
    between = _ASIDE.sub("", told.words[begin : left.start - p.start])
    behind = told.words[left.end - p.start :] if gone[-1].start > left.start else ""
    if _NEW.search(between) or _OF_THOSE.search(behind):
        return
    goes_on = _GOES_ON.match(told.words[left.end - p.start :]) and _STOPPED.match(told.words[gone[-1].end - p.start :])
    ahead = left.start < gone[0].start and left.total is None and not (goes_on and at[0] < left.start) and not since
    if n in out or n >= 2 * total or ahead or (n > total and left.start < at[0]):
        return
    sure = _LEFT.search(told.words[: left.start - p.start]) or not _WEAK.match(told.words[left.end - p.start :])
    slip = any(b > 0 and one_digit_apart(str(a), str(b)) for a, b in ((n, rest), (total, sum(out) + n)))
    slip = slip or any(x + rest - n > 0 and one_digit_apart(str(x), str(x + rest - n)) for x in out)
    verdict: Verdict
    told_first, sure = p.start <= at[0] < gone[0].start < left.start, sure or since
    if total - max(out) < n <= (1.5 if told_first else 1.1) * total:
        verdict = "unlikely" if goes_on and left.start < gone[0].start else "error-if"
    elif slip and sure:
        verdict = "unlikely"
    else:
        return
    tell(case, p, "sum", places, verdict, f"{shown}, not {n}, if these are all who are gone.", "all less those gone")
