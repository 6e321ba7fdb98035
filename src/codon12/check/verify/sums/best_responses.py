"""Best responses counted in one sentence: each patient has one, so that together they are at most all."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.several import several_groups
from codon12.check.verify.sums.lists import EVERYBODY
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_best_responses"]

_HINT = re.compile(r"\brespon(?:ses?|ded)\b|\bremissions?\b|\bCRs?\b|\bSD\b", re.IGNORECASE)
_CATEGORY = (
    r"(?P<{0}>complete(?= and \d+ partial re)|CRs?|PRs?|SD|PD|NE|"
    r"complete (?:responses?|remissions?)|partial (?:responses?|remissions?)|"
    r"stable disease|progressive disease|disease progression|(?:not|non|un|in)[- ]?(?:evaluable|assessable))\b"
    r"(?: \((?:[A-Z]{{2}})\))?"
)
_SMALL_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_WORDS = {w: i for i, w in enumerate(_SMALL_NUMBERS.split(), 1)}
_COUNT = rf"(?P<n>\d+|(?i:{'|'.join(_WORDS)})\b)"
_COUNTED = (
    re.compile(
        _CATEGORY.format("what")
        + r"(?: (?:was|were))?(?: (?:seen|observed|noted|achieved))?(?: in|:|,| =| \()? ?"
        + _COUNT
        + r"(?! ?(?:%|of|out|-|months?|years?|weeks?)|[\d.,/]*\d)"
    ),
    re.compile(
        r"(?<![\w.,/-])" + _COUNT + r"(?: \([\d.]+ ?%\))?(?: (?:patients|pts|cases))?"
        r"(?: (?:had|achieved|with|showed))?(?: an?)? " + _CATEGORY.format("what")
    ),
    re.compile(
        r"(?<![\w.,/-])" + _COUNT + r" (?P<what>complete|partial)(?= (?:and|or|responses?|responders?|remissions?)\b|,)"
    ),
    re.compile(
        r"\b(?P<what>complete|partial|stable(?: disease)?|progressive(?: disease)?) in "
        + _COUNT
        + r"(?! ?(?:%|of|out|-|months?|years?|weeks?)|[\d.,/]*\d)"
    ),
)
_KIND = (("CR", "c"), ("PR", "pa"), ("SD", "s"), ("PD", "prog"), ("PD", "d"))
_PER_ARM = several_groups(
    "respectively",
    "confirmed",
    "lesions?",
    r"by \w+ criteria",
    r"RECIST.{3,40}mRECIST",
    "progressed after",
    "converted",
)


_ALL_RESPONSES = re.compile(
    r"\b(?P<what>(?:overall|objective|total) (?:response|remission) rate|ORR|(?:overall|objective) responses?|"
    r"disease control(?: rate)?|DCR|clinical benefit(?: rate)?)\b(?: \([A-Z]{2,3}\))?(?:[,:]? [a-z-]+){0,14}? "
    r"(?:\d+(?:\.\d+)? ?% \()?(?P<n>\d+)(?: of (?:the )?|/)(?P<N>\d+)\b",
    re.IGNORECASE,
)
"""How many had any response, or disease control, of how many."""
_FINER = re.compile(
    r"very good|unconfirmed|\bnear|stringent|incomplete|\bCRi\b|\bVGPR\b|\bsCR\b|minor|nodular|mixed|marrow|"
    r"molecular|metabolic|hematolog|haematolog|non-?CR",
    re.IGNORECASE,
)
"""Words of kinds of response between the complete and the partial one."""
_RESPONSE, _CONTROL = {"CR", "PR"}, {"CR", "PR", "SD"}


def check_best_responses(case: Case) -> None:
    """Check that the best responses counted in one sentence are together at most all patients."""
    for _, statements in case.prose(_HINT):
        _responses(case, statements)
        _together(case, statements)
        if case.says(statements[0], _RESPONDED):
            _responded(case, statements)
        else:
            _rates(case, statements)


def _responses(case: Case, statements: list[Statement]) -> None:
    """`Of 45 patients 2 had CR, 12 PR, 19 SD and 15 PD`: each patient has one best response."""
    p = case.text.passages[statements[0].passage]
    totals = {x.quantities.N for x in statements if x.quantities.N is not None}
    totals |= {int(m["n"].replace(",", "")) for m in EVERYBODY.finditer(case.flat, p.start, p.end)}
    if not totals or case.says(statements[0], _PER_ARM):
        return
    for pattern in _COUNTED:
        listed = list(pattern.finditer(case.flat, p.start, p.end))
        kinds = [_category(m["what"]) for m in listed]
        if len(listed) < 3 or len(set(kinds)) != len(kinds):
            continue
        parts = [_number(m["n"]) for m in listed]
        shown = f"{' + '.join(map(str, parts))} = {sum(parts)}"
        members = [(m.start("n"), m.end("n")) for m in listed]
        computed = {"parts": parts, "sum": sum(parts), "total": max(totals)}
        if sum(parts) > max(totals) > max(parts):
            sentence = f"{shown}, more than {max(totals)}, if each patient has one best response."
            at = listed[-1].start("n")
            on = (holder(statements, at),)
            case.relate("sum", members, "error-if", sentence, "exclusive categories", computed, on=on)
        elif sum(parts) in totals:
            case.relate("sum", members, "ok", f"{shown}.", "exclusive categories", computed)
        return


def _together(case: Case, statements: list[Statement]) -> None:
    """`an overall response rate of 36 of 102: 5 complete and 31 partial responses`: one is the sum of the others."""
    p = case.text.passages[statements[0].passage]
    whole = list(_ALL_RESPONSES.finditer(case.flat, p.start, p.end))
    if len(whole) != 1 or case.says(statements[0], _PER_ARM) or case.says(statements[0], _FINER):
        return
    wanted = _CONTROL if whole[0]["what"][0] in "dDcC" else _RESPONSE
    for pattern in _COUNTED:
        listed = [
            m for m in pattern.finditer(case.flat, p.start, p.end)
            if m.start("n") != whole[0].start("n") and _category(m["what"]) in wanted
        ]  # fmt: skip
        kinds = [_category(m["what"]) for m in listed]
        if len(kinds) != len(set(kinds)) or set(kinds) != wanted:
            continue
        parts, total = [_number(m["n"]) for m in listed], int(whole[0]["n"])
        members = [*(m.span("n") for m in listed), whole[0].span("n")]
        shown = f"{' + '.join(map(str, parts))} = {sum(parts)}"
        if sum(parts) == total:
            case.relate("sum", members, "ok", f"{shown}.", "best responses together")
        else:
            sentence = f"{shown}, not the {total} printed for {whole[0]['what']}."
            on = (holder(statements, whole[0].start("n")),)
            case.relate("sum", members, "error-if", sentence, "best responses together", on=on)
        return


def _rates(case: Case, statements: list[Statement]) -> None:
    """`Among 59 patients, 2 had CR, 15 PR, 27 SD and 15 PD (ORR 29%; DCR 75%)`: the rates of those counted."""
    p = case.text.passages[statements[0].passage]
    rates = list(_RATE.finditer(case.flat, p.start, p.end))
    groups = (m for m in EVERYBODY.finditer(case.flat, p.start, p.end) if _SHARED.match(case.flat, m.end()) is None)
    sizes = {int(m["n"].replace(",", "")) for m in groups}
    if not rates or len(sizes) != 1 or case.says(statements[0], _PER_ARM) or case.says(statements[0], _FINER):
        return
    total = sizes.pop()
    read = [{_category(m["what"]): m for m in x.finditer(case.flat, p.start, p.end)} for x in _COUNTED]
    listed = max(read, key=len)  # `2 had CR, 15 PR` is read from the front, which reads one more
    if sum(_number(m["n"]) for m in listed.values()) > total:
        return
    for rate in rates:
        wanted = sorted(_CONTROL if rate["what"][0] in "dD" else _RESPONSE)
        if not set(listed) >= set(wanted):
            continue
        n, percent = sum(_number(listed[k]["n"]) for k in wanted), read_printed(rate["p"])
        members = [*(listed[k].span("n") for k in wanted), rate.span("p")]
        exact = f"{n} of {total} is {100 * n / total:.4g} %"
        computed = {"n": n, "N": total}
        if percent_modes(n, total, percent):
            sentence = f"{exact}, the {rate['what']} printed."
            case.relate("count/percent", members, "ok", sentence, "best responses together", computed)
        else:
            sentence = (
                f"{exact}, not {percent.text} %, if the {rate['what']} is of the {total} whose responses are given."
            )
            on = (holder(statements, rate.start("p")),)
            case.relate("count/percent", members, "error-if", sentence, "best responses together", computed, on=on)


_SHARED = re.compile(r" ?\(\d+(?:\.\d+)? ?%")
"""Behind a count that is itself some of them."""
_RATE = re.compile(
    r"\b(?P<what>ORR|DCR|objective response rate|overall response rate|disease control rate)(?: was| of|:|,| =)? ?"
    r"(?P<p>\d+(?:\.\d+)?) ?%"
)


_BESIDE = 40
"""Characters between a count of those who responded and the word that says so."""
_RESPONDED = re.compile(
    r"\bresponded\b[^.]{0,60}?\b(?:ORR|(?:overall|objective) response rate)(?:,|:| =| of| was)* ?"
    r"(?P<p>\d+(?:\.\d+)?) ?%"
)


def _responded(case: Case, statements: list[Statement]) -> None:
    """`18 of 36 patients responded (CR in 6, PR in 12; ORR 50%)`."""
    counts = [s for s in statements if s.quantities.n is not None and s.quantities.N is not None]
    p = case.text.passages[statements[0].passage]
    found = list(_RESPONDED.finditer(case.figures, p.start, p.end))
    if len(counts) != 1 or len(found) != 1 or counts[0].normal_end > found[0].start() or case.says(counts[0], _PER_ARM):
        return
    n, total = counts[0].quantities.n or 0, counts[0].quantities.N or 0
    between = case.figures[counts[0].normal_end : found[0].start()]
    if total < 1 or n > total or len(between) > _BESIDE:
        return
    percent = read_printed(found[0]["p"])
    members = (counts[0], found[0].span("p"))
    shown = f"{n} of {total} is {100 * n / total:.4g} %"
    if percent_modes(n, total, percent):
        case.relate("count/percent", members, "ok", f"{shown}, printed {percent.text} %.", "100 n / N, rounded")
        return
    sentence = f"{shown}, not {percent.text} %."
    on = (holder(statements, found[0].start("p")),)
    case.relate("count/percent", members, "error-if", sentence, "100 n / N, rounded", on=on)


def _number(text: str) -> int:
    return int(text) if text[0].isdigit() else _WORDS[text.lower()]


def _category(words: str) -> str:
    if words.isupper() or words in ("CRs", "PRs"):
        return words[:2]
    small = words.lower()
    return next((kind for kind, head in _KIND if small.startswith(head)), "NE")
