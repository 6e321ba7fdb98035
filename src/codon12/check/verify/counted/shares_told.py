"""A share, its count and its total wherever a sentence puts them: `of 64 kidneys, 8 were lost (15%)`, `8, i.e. 20%`.

A share that fits its count and any other number of the text is of that one; what fits none is a slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import tell
from codon12.check.verify.shares.typos import one_digit_from
from codon12.numbers.unrounded import Printed, percent_modes, read_printed

__all__ = ["check_shares_told"]

_WHOLE_AHEAD = re.compile(
    r"(?:^\W*|[.;:,] |\b(?:in|and) )(?:of|among|amongst|in|out of|from|overall,|all)(?: the| these| those| all|"
    r" our| a total of| whole)* $"
)
_LINK = re.compile(
    r"^(?: [a-z-]+){0,2}(?:,| -)? ?(?:(?:that is|i\.e\.|or|ie|equivalent to|corresponding to|equal to|representing|"
    r"amounting to|which is|that is to say|constituting),?(?: in| to| for| of)?|(?:for |with |giving |yielding |or "
    r")?an? (?:[a-z-]+ )?(?:proportion|rate|share|frequency|prevalence|incidence|percentage|response rate|(?:[a-z]+ "
    r"){1,2}rate) of|=)(?: about| only)? $"
)
_RATE_LINK = re.compile(
    r"^[^.;()\d]{0,60}, (?:(?:for|giving|yielding|with|resulting in|which gave|corresponding to|that is|"
    r"i\.e\.),? )?an? (?:[a-z-]+ ){0,3}(?:rate|proportion|prevalence|incidence|frequency) of $"
)
_RATE_IN_BRACKET = re.compile(
    r"^ (?:[a-z-]+ ){0,3}[a-z-]+ [(\[](?:orr|dcr|pcr|cr|(?:[a-z]+ ){0,3}(?:rate|proportion|prevalence|incidence|"
    r"frequency))(?: of| was|,|:| =)? $"
)
"""`among 77 patients (ORR 32%)`."""
_SAYS = re.compile(r"(?:\b(?:was|were|is|of|in|at|reached|to|for|by|only|about)|[:,(;]|^) ?$")
"""What stands before a share that the sentence tells, and not before a strength: `moxifloxacin 0.1%`."""
_THEN = re.compile(r"(?:,| and|;|,? of which|,? of whom)(?: [a-z]+){0,3} $")
_OF_BEHIND = re.compile(r"\b(?:of|among|in|out of)(?: the| these| all)? $")
_IN_A_SAMPLE = re.compile(
    r"^ (?:[a-z-]+ ){0,2}(?:in|of|among|from) (?:our|the|a|this|an) (?:[a-z-]+ )?(?:sample|cohort|series|"
    r"population|set|total|study population|group) of $"
)
_SHARE_OF = re.compile(
    r"^, $|^ (?:of|in|with|for|on) (?:the |these |all )?(?:[a-z-]+ ){0,4}[a-z-]+ \((?:n ?(?:/ ?n ?)?= ?)?$"
    r"|^ \(n ?/ ?n ?= ?$"
)
_OTHER = re.compile(
    r"\b(?:respectively|weighted|adjusted|estimated|kaplan|median|mean|each|per|cumulative|\w+ed risk|versus|vs)\b"
)
_HALF = re.compile(r"\b(?:more than|over|exceeding|at least) (?:one[- ])?half\b|\bthe (?:vast |great )?majority\b")
_LESS = re.compile(r"\b(?:less than|fewer than|under|not even) (?:one[- ])?half\b|\ba (?:small )?minority\b")
_AFTER = re.compile(
    r"^(?: [a-z-]+){0,4}[),]* ?(?:,? ?(?:that is|i\.e\.|or|thus|meaning|in other words|representing|which is|"
    r"being|constituting),? )"
)
_ASIDE = re.compile(r"\b(?:with|including|of whom|of which|comprising|among them|but|except)(?: [a-z]+)? $|\($")
_OF_THEM = re.compile(
    r"^ of (?!all\b|the (?:total|whole|entire))|^(?: [a-z]+)? of (?:them|these|those|whom|which|the)\b"
)
_OF_WHICH, _OF_A_NAME = re.compile(r", of (?:which|whom),? (?:only )?$"), re.compile(r" ?% of (?!all\b|the )[\w -]+\)")
"""`121 tumours, of which 52 were G12C (43.0% of KRAS-mutated)`."""
_ENTERED = re.compile(
    r"\b(?:review\w*|includ\w+|enrol\w+|stud(?:y|ied)|analy[sz]\w+|treated|total of|comprised|collected|recruited|"
    r"randomi[sz]ed|received|identified|examined|tested|operated|followed|surveyed|interviewed)\b"
)
_STRATUM = re.compile(
    r"\b(?:who|whose|those|among|compared|groups?|arms?|cohorts?|stage|available|"
    r"data(?![- ]?(?:cut|lock))|evaluable|subset)\b"
)
_UPPER = re.compile(r"\d ?%?(?: ?- ?| to )$|\b(?:CI|interval)\b[^()]{1,20}\d ?%?, ?$")
"""Before the upper limit of an interval: `39.9%, 95% CI 35.8%-44.1% (212/531)`."""
_OF_TWO = re.compile(r" ?%?,? ?(?:and|vs?\.?|versus|against|/) ?\d[\d.]* ?%")
"""Behind the first of two shares in one bracket, each of the count in its place."""


def check_shares_told(case: Case, told: Told) -> None:
    """Check each share of a sentence against the count and the total that its words tie to it."""
    for k in range(len(told.items)):
        _word_behind(case, told, k)
        found = _tied(case, told, k)
        if found is not None and not _UPPER.search(case.flat, max(0, found[2][0] - 40), found[2][0]):
            _judge(case, told, *found)


def _tied(case: Case, told: Told, k: int) -> tuple[Item, Printed, tuple[int, int], list[Item]] | None:
    """A count, its share, the place of the share, and the counts it may be of; None where no words tie them."""
    x = told.items[k]
    before = told.items[k - 1] if k else None
    if x.n is not None and x.share is not None and x.share_at is not None:
        if before is not None and before.total and before.share is None and _OF_TWO.match(case.flat, x.share_at[1]):
            return None
        behind = told.items[k + 1] if k + 1 < len(told.items) else None
        if x.total is None and behind is not None and behind.n is not None and _IN_A_SAMPLE.match(told.gaps[k + 1]):
            return x, x.share, x.share_at, [behind]
        return x, x.share, x.share_at, list(_wholes(case, told, k))
    if x.n is None and x.share is not None and before is not None and before.n is not None and before.share is None:
        gap = told.gaps[k]
        two = told.items[k - 2] if k > 1 else None
        both_alone = two is not None and two.total is None and before.total is None
        some = both_alone and two is not None and two.n is not None and two.n < (before.n or 0)
        if two is not None and some and (_LINK.match(gap) or _RATE_IN_BRACKET.match(gap)) and (
            _OF_BEHIND.search(told.gaps[k - 1])
        ):  # fmt: skip
            return two, x.share, x.at, [before]
        if (
            two is not None
            and k == 2
            and two.n is not None
            and two.share is None
            and _RATE_LINK.match(gap)
            and _THEN.search(told.gaps[1])
        ):
            return before, x.share, x.at, [two]
        if _LINK.match(gap) or (_RATE_LINK.match(gap) and (k < 2 or (k == 2 and _WHOLE_AHEAD.search(told.gaps[0])))):
            return before, x.share, x.at, list(_wholes(case, told, k - 1))
    counted = x.n is not None and x.total is not None and x.share is None
    if counted and before is not None and before.n is None and before.share is not None:
        return (x, before.share, before.at, [x]) if _told_first(told, k) else None
    return None


def _told_first(told: Told, k: int) -> bool:
    """Whether a share stands before what it is of: `62.5%, 250 of 400`, `11% of the isolates (22 of 200)`."""
    if told.gaps[k] == "; ":  # in one bracket
        return told.gaps[k - 1].endswith("(") and told.gaps[k + 1].startswith(")")
    return _SHARE_OF.match(told.gaps[k]) is not None and _SAYS.search(told.gaps[k - 1]) is not None


def _wholes(case: Case, told: Told, k: int) -> Iterator[Item]:
    """The counts an item may be of: its own total, one named `of N` in its sentence, or the only one before it."""
    x = told.items[k]
    if x.total is not None:
        yield x
        return
    if k and _OF_WHICH.search(told.gaps[k]) and told.items[k - 1].n is not None and _OF_A_NAME.match(
        case.flat, x.share_at[1] if x.share_at is not None else x.end
    ):  # fmt: skip
        yield told.items[k - 1]
        return
    named = [told.items[j] for j in range(k) if told.items[j].n is not None and _WHOLE_AHEAD.search(told.gaps[j])]
    if named:
        if not _ASIDE.search(told.gaps[k]) and not _OF_THEM.match(told.gaps[k + 1]):
            yield from named
        return
    if k == 0 and told.passage > 0:
        q = told_in(case, told.passage - 1)
        same = case.text.passages[told.passage - 1].paragraph == case.text.passages[told.passage].paragraph
        counts = [y.n for y in q.items if y.n is not None and y.share is None and y.total is None]
        whole = len(counts) == len(q.items) > 0 and (len(counts) == 1 or counts[0] == sum(counts[1:]))
        alone = same and whole
        other = _OF_THEM.match(told.gaps[k + 1]) or _STRATUM.search(told.words)
        if alone and not other and _ENTERED.search(q.words):
            yield q.items[0]


def _numbers(case: Case) -> set[int]:
    """Every count of the text that a share may be of."""
    kept = case.once.get("counted numbers")
    if kept is None:
        items = [x for p in case.text.passages for x in told_in(case, p.index).items]
        kept = {y for x in items for y in (x.n, x.total) if y is not None and y > 1} | set(case.sizes)
        case.once["counted numbers"] = kept
    return kept


def _judge(case: Case, told: Told, x: Item, share: Printed, at: tuple[int, int], wholes: list[Item]) -> None:
    n = x.n or 0
    if x.total is None and _A_TOTAL.search(case.flat, max(0, x.at[0] - 12), x.at[0]):
        return  # itself a total: `57 of 121 (47.1%)`
    if _OR_BETWEEN.fullmatch(case.flat, x.at[1], at[0]) and _LISTED.search(case.flat, max(0, x.at[0] - 8), x.at[0]):
        return  # `doses of 5, 10, or 20%`
    totals = [y.total if y is x and y.total is not None else y.n for y in wholes]
    totals = [t for t in totals if t is not None and t > n]
    if not totals or n < 1 or _OTHER.search(told.words):
        return
    if x.total is None and _REFERENCES.search(told.words):
        return
    total = totals[-1]
    if any(percent_modes(n, t, share) for t in totals):
        return
    others = _numbers(case)
    siblings = [y for y in told.items if y is not x and y.n is not None and y.share is not None and y.total is None]
    if x.total is None and siblings and not any(percent_modes(y.n or 0, total, y.share) for y in siblings if y.share):
        return  # all of another group
    if x.total is None and any(t >= n and percent_modes(n, t, share) for t in others):
        return
    others_less_some = {k - z for k in others for z in (*others, 1) if k - z > n}
    if x.total is None and any(percent_modes(n, y, share) for y in others_less_some):
        return  # of those less some who were left out
    listed = [y.n for y in told.items if y.n is not None and y.share is None and y not in wholes][-_MOST_LISTED:]
    if x.total is None and any(
        percent_modes(sum(listed[a:b]), total, share) for a, b in combinations(range(len(listed) + 1), 2)
    ):
        return  # of several of a list: `PR in 6, SD in 14 and PD in 10, giving disease control in 66.7%`
    if x.total is None and sum(y.n is None and y.share is not None for y in told.items) > 1:
        return  # a list of shares: the number is of a name, `STAT 3 (66.7%), MYC (83.3%) and p53 (75%)`
    if x.total is None and _OF_A_QUALITY.match(case.flat, at[1]):
        return  # `n = 1270 (57% female)`
    p = case.text.passages[told.passage]
    if x.total is None and not p.start <= wholes[-1].start < p.end and not _by_one_digit(n, total, share):
        return
    whole = next(y for y in wholes if (y.total if y is x and y.total is not None else y.n) == total)
    whole_at = whole.total_at if whole is x and whole.total_at is not None else whole.at
    said = f"{n} of {total} is {100 * n / total:.3g} %, not {share.text} %" + (
        "." if x.total is not None else ", if it is of these."
    )
    tell(case, p, "count/percent", [x.at, whole_at, at], "error-if", said, "n/N")


_MOST_LISTED = 12
_A_TOTAL = re.compile(r"\d(?: of | ?/ ?| out of )$")
_OR_BETWEEN, _LISTED = re.compile(r",? (?:or|and|to) "), re.compile(r"\d, $")
_REFERENCES = re.compile(r"\b(?:refs?|references?)\.? [⓪①-⑨\d]")
_OF_A_QUALITY = re.compile(r" ?% (?!of\b|in\b|among\b|overall\b|total\b|each\b|for\b|from\b)[a-z-]+(?: [a-z-]+)?[),;]")


def _by_one_digit(n: int, total: int, share: Printed) -> bool:
    """Whether one other digit of the share or the count would make them fit."""
    if any(percent_modes(n, total, read_printed(t)) for t in one_digit_from(share.text)):
        return True
    return any(
        t.isdigit() and 0 < int(t) <= total and percent_modes(int(t), total, share) for t in one_digit_from(str(n))
    )


def _word_behind(case: Case, told: Told, k: int) -> None:
    """`29%, that is more than half`."""
    x, behind = told.items[k], told.gaps[k + 1]
    m = _AFTER.match(behind)
    if m is None:
        return
    value = float(x.share.value) if x.share is not None else 100 * x.n / x.total if x.n and x.total else None
    words = re.split(r"[.;]", behind[m.end() :])[0][:40]
    if value is None:
        return
    more, less = _HALF.match(words), _LESS.match(words)
    if (more and value < 50) or (less and value > 50):
        p = case.text.passages[told.passage]
        said = f"{value:.3g} % is not {(more or less)[0]}."  # type: ignore[index]
        tell(case, p, "words", [x.share_at or x.at], "error-if", said, "words against numbers")
