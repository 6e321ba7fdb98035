"""Patients at each dose: `In dose escalation, 3 patients were treated at 5 mg, 3 at 10 mg and 6 at 20 mg`, of 12."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder

__all__ = ["check_dose_levels"]

_UNIT = r"(?:mg(?:/kg|/m2|/m²)?|µg(?:/kg)?|mcg(?:/kg)?|Gy|MBq|×? ?10[\^]?\d+)"
_AT = rf"\d+ (?:patients |were |was |treated |enrolled |received )*(?:at|with) \d+(?:\.\d+)? ?{_UNIT}"
_LIST = re.compile(
    r"\b(?P<part>escalation|expansion|phase (?:[1I][ab]?)|part [A-D1-4])\b[^.;()\d]{0,40}"
    rf"(?P<list>{_AT}(?:,? (?:and )?{_AT}){{2,}})",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?<![\w.,/-])(?P<n>\d+)(?: patients)?(?: were)?(?: treated| enrolled)? in (?:the )?(?:dose[- "
    r"])?(?P<a>escalation|expansion|phase (?:[1I][ab]?)|part [A-D1-4])\b"
    r"|(?<![\w.,/-])of (?P<m>\d+) patients in (?:the )?(?:dose[- ])?(?P<b>escalation|expansion|phase (?:[1I][ab]?)|"
    r"part [A-D1-4])\b",
    re.IGNORECASE,
)
_HINT = re.compile(r"escalation|expansion|phase|part", re.IGNORECASE)


def check_dose_levels(case: Case) -> None:
    """Check that those treated at each dose are together as many as the text says of that part of the trial."""
    for p, statements in case.prose(_HINT):
        for m in _LIST.finditer(case.figures, p.start, p.end):
            part = m["part"].lower()
            sizes = {
                int(x["n"] or x["m"]): x.span("n" if x["n"] else "m")
                for x in _SIZE.finditer(case.figures)
                if (x["a"] or x["b"]).lower() == part and not m.start() <= x.start() < m.end()
            }
            items = [
                (m.start("list") + x.start(1), m.start("list") + x.end(1))
                for x in re.finditer(r"(?<![\w.])(\d+) [a-z ]*(?:at|with) ", m["list"])
            ]
            if len(sizes) == 1:
                _compare(case, statements, items, *next(iter(sizes.items())))


def _compare(
    case: Case,
    statements: Sequence[Statement],
    items: Sequence[tuple[int, int]],
    size: int,
    place: tuple[int, int],
) -> None:
    counts = [int(case.figures[a:b]) for a, b in items]
    shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
    computed = {"parts": counts, "sum": sum(counts), "total": size}
    if sum(counts) == size:
        case.relate("sum", (place, *items), "ok", f"{shown}.", "sum of parts", computed)
    else:
        on = (holder(statements, items[0][0]),)
        sentence = f"If these are all the doses: {shown}, not {size}."
        case.relate("sum", (place, *items), "error-if", sentence, "sum of parts", computed, on=on)
