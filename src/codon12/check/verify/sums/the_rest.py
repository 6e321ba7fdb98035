"""Those of a group who did and the others: `46 of 124 responded; the others (88) did not`."""

from __future__ import annotations

import re

from codon12.check.verify.case import Case, holder

__all__ = ["check_the_rest"]

_SOME = re.compile(
    r"(?<![\w.,/])(?P<n>\d+)(?: ?(?:of|/|out of) ?(?:the |these |all )?)(?P<t>\d+)(?![\d.,/]*\d| ?%)", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\bthe (?:others?|remaining|rest|remainder)(?: [a-z]+)?,? ?[(]?(?:n ?= ?)?(?P<n>\d+)(?![\d.,/]*\d| ?[%/]| of|-)"
    r"(?! (?:months|weeks|days|years|cycles))",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:respectively|arms?|groups?|cohorts?|vs|versus|two|three|samples|lesions)\b", re.IGNORECASE)


def check_the_rest(case: Case) -> None:
    """Check the others of a sentence that counts some of a group once."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None or not case.says(statements[0], _OTHERS, "other", "remain", "rest"):
            continue
        some, others = (list(x.finditer(case.figures, p.start, p.end)) for x in (_SOME, _OTHERS))
        if (
            len(some) != 1
            or len(others) != 1
            or case.says(statements[0], _SEVERAL)
            or others[0].start() < some[0].end()
        ):
            continue
        n, total, rest = int(some[0]["n"]), int(some[0]["t"]), int(others[0]["n"])
        members = [some[0].span("n"), some[0].span("t"), others[0].span("n")]
        if n + rest == total:
            case.relate("sum", members, "ok", f"{n} + {rest} = {total}.", "sum of parts")
        elif n < total and rest <= total:
            sentence = f"{n} and the others, {rest}, are {n + rest}, not {total}."
            on = (holder(statements, others[0].start("n")),)
            case.relate("sum", members, "error-if", sentence, "sum of parts", on=on)
