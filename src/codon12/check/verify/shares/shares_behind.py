"""A share behind words that say of whom: `46 of 127 with stage III (36.2%)`, `1,013 had surgery, of whom 318 (31.4%)`.

Also a list whose counts add up to their group while its percentages do not make a hundred: the odd one is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case, holder
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.together import of_another_clause
from codon12.check.verify.shares.typos import one_digit_neighbours
from codon12.numbers.unrounded import Printed, counts_for_percent, read_printed

__all__ = ["check_shares_behind"]

_WORDS_BETWEEN = re.compile(r"^ (?:[A-Za-z][\w/+-]* ?){1,8}$")
_OF_WHOM = re.compile(r"\b(?:of (?:whom|which)|among (?:whom|which)|of (?:these|them),?) ?$", re.IGNORECASE)
_BRACKET = re.compile(r"^[(\[]\d")
_COUNTED = re.compile(r"patients|participants|subjects|women|men|cases|pts|\(\d|deaths|events|respon", re.IGNORECASE)


def check_shares_behind(case: Case) -> None:
    """Check shares whose total stands before them in words of the same sentence."""
    for passage, statements in case.by_passage.items():
        if case.text.passages[passage].table is not None:
            continue
        for k, s in enumerate(statements):
            if s.kind == "percent_only" and k and _BRACKET.match(case.flat[s.normal_start - 1 : s.normal_start + 1]):
                ahead = [c for c in statements[:k] if c.kind == "count"]
                if ahead and not _OF_TWO.match(case.flat, s.normal_end):
                    _behind(case, ahead[-1], s)
            elif s.kind == "count_percent" and s.quantities.N is None and s.id not in case.denominators and k:
                _of_whom(case, statements[:k], s)
        _ahead(case, passage, statements)
        _above_all(case, passage, statements)
        _named(case, passage, statements)
        _of_things(case, passage, statements)
        _lists(case, statements)


_OF_TWO = re.compile(r" ?(?:v|vs|versus|and|against|/)\.? ?\d|, \d[\d.]* ?%(?! ?(?:CI|confidence))", re.IGNORECASE)
"""Behind the first of several shares in a bracket, each of a count of its own: `49, 158 and 176 of 383 (13%, ...`."""


def _behind(case: Case, count: Statement, s: Statement) -> None:
    """The share right behind a count and its total."""
    n, total, percent = count.quantities.n, count.quantities.N, s.quantities.percent
    if count.kind != "count" or not count.explicit or n is None or not total or percent is None or n > total:
        return
    between = case.flat[count.normal_end : s.normal_start - 1]
    if _OF_OTHERS.match(case.flat, s.normal_end):
        return
    near = len(between) <= _REACH and _WORDS_BETWEEN.match(between) is not None
    if not near or n in counts_for_percent(percent, total):
        return
    sentence = f"{n} of {total} is {exact(n, total)} %, not {percent.text} %."
    case.relate("count/percent", (count, s), "error-if", sentence, "100 n / N, rounded", {"n": n, "N": total},
                on=(s,), tie="structural")  # fmt: skip


_REACH = 60
_OF_OTHERS = re.compile(r" of (?:the |all )?\d")
"""`67 of 116 forms were received (31.3% of the 214 patients)`: the share has a total of its own."""
_AHEAD = re.compile(
    r"(?<![\w.])(?P<p>\d+(?:\.\d+)?) ?% (?:[(\[]95 ?% (?:CI|confidence interval)[^()]{3,40}[)\]] )?(?:in|with|for|"
    r"among) (?:the )?[^.;:()%\d]{2,50} ?\((?P<n>\d[\d,]*) ?(?:of|/) ?(?P<t>\d[\d,]*)(?: patients| participants)?\)",
    re.IGNORECASE,
)


def _ahead(case: Case, passage: int, statements: Sequence[Statement]) -> None:
    """`20% (95% CI, 16 to 26) in the doublet group (59 of 289)`."""
    p = case.text.passages[passage]
    if not case.says(statements[0], _AHEAD):
        return
    for m in _AHEAD.finditer(case.flat, p.start, p.end):
        n, total, percent = int(m["n"].replace(",", "")), int(m["t"].replace(",", "")), read_printed(m["p"])
        if not n <= total or n in counts_for_percent(percent, total):
            continue
        sentence = f"{n} of {total} is {exact(n, total)} %, not {percent.text} %."
        held = (holder(statements, m.start("p")),)
        case.relate("count/percent", (m.span("p"), m.span("n"), m.span("t")), "error-if", sentence,
                    "100 n / N, rounded", {"n": n, "N": total}, on=held, tie="structural")  # fmt: skip


_BRACKETED = re.compile(
    r"(?<![\w.])(?P<p>\d+(?:\.\d+)?) ?%(?: [^.;:()%\d]{2,50})? ?\((?P<n>\d[\d,]*) ?(?:/|(?:out )?of) ?(?P<t>\d[\d,]*)\)"
)


def _above_all(case: Case, passage: int, statements: Sequence[Statement]) -> None:
    """`65% of patients (51/48)`: more than all, where one digit makes both agree with the percentage."""
    p = case.text.passages[passage]
    if not case.says(statements[0], _BRACKETED):
        return
    for m in _BRACKETED.finditer(case.flat, p.start, p.end):
        n, total, percent = int(m["n"].replace(",", "")), int(m["t"].replace(",", "")), read_printed(m["p"])
        s = holder(statements, m.start("p"))
        meant = [(k, total) for k in one_digit_neighbours(n) if k in counts_for_percent(percent, total, cut=True)]
        meant += [(n, t) for t in one_digit_neighbours(total) if t and n in counts_for_percent(percent, t, cut=True)]
        if not meant or n <= total or total == s.quantities.N:
            continue
        k, whole = meant[0]
        sentence = f"{n} is more than {total}; {k} of {whole} would be {percent.text} %, one digit apart."
        case.relate("count/percent", (m.span("p"), m.span("n"), m.span("t")), "error-if", sentence,
                    "one digit from fitting", {"n": n, "N": total}, on=(s,), tie="structural")  # fmt: skip


_WHOLE_AND_PART = (
    r"(?<![\w.,/])(?P<t>\d{1,3}(?:,\d{3})+|\d+) [a-z][^.;()\d]{2,60},? (?:of whom |and )?(?P<n>\d{1,3}(?:,\d{3})+|\d+) "
)
_NAMED = re.compile(
    rf"\b(?:Of|Among|In|to)(?: the| all)? {_WHOLE_AND_PART}[a-z][^.;()\d]{{2,60}} ?"
    r"[(\[](?P<l>[a-z][a-z -]{3,50}),? (?P<p>\d+(?:\.\d+)?) ?%[)\]]",
    re.IGNORECASE,
)
_NO_SHARE = re.compile(
    r"median|mean|reduction|increase|decrease|difference|sensitivity|specificity|negative|confidence|risk"
)


def _named(case: Case, passage: int, statements: Sequence[Statement]) -> None:
    """`25,000 residents, of whom 9,250 returned a kit (participation, 37%)`: the share is named in its bracket."""
    p = case.text.passages[passage]
    if "%" not in case.flat[p.start : p.end]:
        return
    for m in _NAMED.finditer(case.flat, p.start, p.end):
        n, total, percent = int(m["n"].replace(",", "")), int(m["t"].replace(",", "")), read_printed(m["p"])
        if (
            case.flat[: m.start("n")].endswith("per ")
            or n > total
            or _NO_SHARE.search(m["l"])
            or n in counts_for_percent(percent, total, cut=True)
        ):
            continue
        sentence = f"{n} of {total} is {exact(n, total)} %, not {percent.text} %, if this is their share."
        members = (m.span("t"), m.span("n"), m.span("p"))
        case.relate("count/percent", members, "error-if", sentence, "100 n / N, rounded", {"n": n, "N": total},
                    on=(holder(statements, m.start("p")),), tie="inferred")  # fmt: skip


def _of_whom(case: Case, ahead: Sequence[Statement], s: Statement) -> None:
    n, percent = s.quantities.n, s.quantities.percent
    if n is None or percent is None or not _OF_WHOM.search(case.around(s, 20, 0)[0]):
        return
    whole = ahead[-1]
    total = whole.quantities.n
    if whole.kind not in ("count", "count_percent") or total is None or total <= n or n * 50 < total:
        return
    if _COUNTED.search(case.spelled(whole)) is None or n in counts_for_percent(percent, total):
        return
    sentence = f"{n} of {total} is {exact(n, total)} %, not {percent.text} %; no other total in the text fits."
    case.add(s, Check("count/percent", "unlikely", sentence, "100 n / N, rounded", {"n": n, "N": total}, "structural"))


_COUNT = r"\d{1,3}(?:,\d{3})+|\d+"
_OF_THINGS = re.compile(
    rf"(?<![\w.,/(±-])(?P<t>{_COUNT}) (?!of\b|to\b|and\b|or\b)[a-z][a-z -]{{2,40}}[,;] ?(?:and )?"
    rf"(?:of (?:which|whom|these|them),? (?:only )?(?P<n>{_COUNT})|(?P<m>{_COUNT}) of (?:these|them|which)) ?"
    r"\((?P<p>\d+(?:\.\d+)?) ?%\)"
)


def _of_things(case: Case, passage: int, statements: Sequence[Statement]) -> None:
    """`2,345 families of genes, of which 1,108 (47.2%) are orphans`, `123 frames; 80 of these (65%)`."""
    p = case.text.passages[passage]
    if not case.says(statements[0], _OF_THINGS):
        return
    for m in _OF_THINGS.finditer(case.flat, p.start, p.end):
        which = "n" if m["n"] else "m"
        n, total, percent = int(m[which].replace(",", "")), int(m["t"].replace(",", "")), read_printed(m["p"])
        s = holder(statements, m.start(which))
        if n > total or s.id in case.denominators or n in counts_for_percent(percent, total, cut=True):
            continue
        sentence = f"{n} of {total} is {exact(n, total)} %, not {percent.text} %; no other total in the text fits."
        members = (m.span("t"), m.span(which), m.span("p"))
        case.relate("count/percent", members, "error-if", sentence, "100 n / N, rounded", {"n": n, "N": total},
                    on=(s,), tie="inferred")  # fmt: skip


_FEWEST, _MOST = 2, 10
_SIZE, _SENTENCES_BEFORE = re.compile(r"(?<![\w.,])\d[\d,]*(?![\w.,]*\d| ?%)"), 3
_LEAST_WHOLE = 20
"""Parts of fewer may add up to the total of one of them by chance."""


def _lists(case: Case, statements: Sequence[Statement]) -> None:
    """`N0 in 131 (61.8%), N1 in 74 (39.4%) and unknown in 7 (3.3%)`: together all 212, but more than 100 %."""
    run = [s for s in statements[: 4 * _MOST] if s.kind == "count_percent" and s.quantities.N is None]
    run = [s for s in run if s.quantities.n and s.quantities.percent is not None]
    for first in range(len(run)):
        for last in range(first + _FEWEST, min(len(run), first + _MOST) + 1):
            if _odd_one(case, run[first:last]):
                return


def _odd_one(case: Case, listed: Sequence[Statement]) -> bool:
    shares: list[tuple[Statement, int, Printed]] = [
        (s, s.quantities.n, s.quantities.percent) for s in listed if s.quantities.n and s.quantities.percent is not None
    ]
    counts = [n for _, n, _ in shares]
    total = sum(counts)
    odd = [(s, n, p) for s, n, p in shares if n not in counts_for_percent(p, total)]
    others = [case.denominators.get(s.id) for s, n, p in shares if n in counts_for_percent(p, total)]
    if len(odd) != 1 or not others or any(d is None or d.value != total for d in others):
        return False
    if any(of_another_clause(case, a, b) for a, b in pairwise(listed)):
        return False
    s, n, percent = odd[0]
    p = case.text.passages[s.passage]
    before = case.text.passages[max(0, p.index - _SENTENCES_BEFORE)].start
    sizes = {int(m[0].replace(",", "")) for m in _SIZE.finditer(case.figures, before, p.end)}
    if any(n in counts_for_percent(percent, size) for size in sizes - {total, *counts}):
        return False  # of another group, whose size is printed near
    of = case.denominators.get(s.id)
    together = sum((p.value for _, _, p in shares), Fraction(0))
    slack = sum((p.step for _, _, p in shares), Fraction(0))
    far_fetched = of is None or (of.source in ("context", "later") and of.tie == "inferred" and total >= _LEAST_WHOLE)
    if not far_fetched or abs(together - 100) <= slack:
        return False
    shown = " + ".join(str(x) for _, x, _ in shares)
    sentence = (
        f"{shown} = {total}, of whom {n} are {exact(n, total)} %, not {percent.text} %: "
        f"the percentages make {float(together):.4g}."
    )
    case.add(s, Check("count/percent", "error-if", sentence, "parts of a whole", {"n": n, "N": total}, "structural"))
    return True
