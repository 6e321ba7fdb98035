"""A lower limit that is said to exceed a benchmark does."""

from __future__ import annotations

import re

from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_benchmarks"]

_EXCEEDS = re.compile(
    r"\blower (?:limit|bound|boundary|confidence limit)\b(?P<own>[^.;]{0,60}?(?P<low>\d+(?:\.\d+)?) ?%"
    r"(?! (?:CI|confidence)))?[^.;]{0,80}?"
    r"\b(?:exceed(?:ed|ing|s)|(?:was|is|being|lay) (?:above|greater than|higher than|over)|surpass\w+)\b[^.;%\d]{0,80}?"
    r"(?P<mark>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"^[^.;\d%()]{0,30}\((?:ORR|response rate|rate)?[,: ]*$", re.IGNORECASE)
"""Between a benchmark and the estimate in brackets right behind it."""
_PLANNED = re.compile(r"\b(?:would|if|power|probability|assum\w+|planned|expected|hypothes\w+)\b", re.IGNORECASE)


def check_benchmarks(case: Case) -> None:
    """Check `the lower limit of the interval exceeded the benchmark of 23 %` against the interval printed before it."""
    for statements in case.by_passage.values():
        s = statements[0]
        if not case.says(s, _EXCEEDS) or case.says(s, _PLANNED):
            continue
        p = case.text.passages[s.passage]
        found = _EXCEEDS.search(case.flat, p.start, p.end)
        assert found is not None
        near = [
            x
            for x in case.neighbours(s, 1)
            if x.quantities.percent is not None
            and (x.normal_start < found.start("mark") or _BEHIND.match(case.flat[found.end() : x.normal_start]))
        ]
        with_limits = [x for x in near if isinstance(x.quantities.low, Printed) and x.quantities.interval == "ci"]
        mark = read_printed(found["mark"])
        members: list[object] = [(found.start("mark"), found.end("mark"))]
        if found["low"]:
            low = read_printed(found["low"])
            members.insert(0, (found.start("low"), found.end("low")))
            holder = next((x for x in statements if x.normal_start <= found.start("low") < x.normal_end), s)
        elif len(with_limits) == 1 and isinstance(with_limits[0].quantities.low, Printed):
            low, holder = with_limits[0].quantities.low, with_limits[0]
            members.insert(0, holder)
        else:
            continue
        if low.value > mark.value:
            case.relate("benchmark", members, "ok", f"{low.text} % is above {mark.text} %.", "comparison")  # type: ignore[arg-type]
        else:
            sentence = f"The lower limit, {low.text} %, does not exceed {mark.text} %."
            case.relate("benchmark", members, "error-if", sentence, "comparison", on=(holder,))  # type: ignore[arg-type]
