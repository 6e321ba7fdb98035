"""A lower limit that is said to exceed a benchmark does."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_benchmarks"]

_EXCEEDS = re.compile(
    r"\blower (?:limit|bound|boundary|confidence limit)\b"
    r"(?P<own>[^.;]{0,60}?(?:\((?P<of>\d+(?:\.\d+)?) ?%? ?(?:to|-|,) ?\d+(?:\.\d+)? ?%?\)|(?P<low>\d+(?:\.\d+)?) ?%"
    r"(?! (?:CI|confidence|interval|credible|exact|two-sided|one-sided))))?[^.;]{0,80}?"
    r"\b(?:exceed(?:ed|ing|s)|(?:(?:was|is|being|lay|and|thus|therefore|hence|so) )+(?:above|greater than|"
    r"higher than|over)|surpass\w+)\b[^.;%\d]{0,80}?"
    r"(?P<mark>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_EXCLUDES = re.compile(
    r"\b(?:CI|confidence interval)\b[^.;]{0,40}? ?\(?(?P<low>-?\d+(?:\.\d+)?) ?%? ?(?:to|-) ?"
    r"(?P<high>-?\d+(?:\.\d+)?) ?%?\)?,? (?:which |that )?(?:(?P<out>excluded|excludes|did not include|does not "
    r"include|"
    r"did not contain)|(?:included|includes|contained|contains)) (?:the |a )?(?:benchmark|null|reference|"
    r"threshold|target|"
    r"value|historical)?(?: (?:value|rate|of|control))* ?(?P<mark>-?\d+(?:\.\d+)?|zero|unity)\b(?! [a-z]+s\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"^[^.;\d%()]{0,30}\((?:ORR|response rate|rate)?[,: ]*$", re.IGNORECASE)
"""Between a benchmark and the estimate in brackets right behind it."""
_PLANNED = re.compile(r"\b(?:would|if|power|probability|assum\w+|planned|expected|hypothesi[sz]ed)\b", re.IGNORECASE)


def check_benchmarks(case: Case) -> None:
    """Check `the lower limit of the interval exceeded the benchmark of 23 %` against the interval printed before it."""
    if not case.has(_EXCEEDS) and not case.has(_INTERVAL):
        return
    for statements in case.by_passage.values():
        s = statements[0]
        if case.says(s, _INTERVAL):
            _excluded(case, statements)
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
        members: list[Statement | tuple[int, int]] = [(found.start("mark"), found.end("mark"))]
        own = "low" if found["low"] else "of"
        if found[own]:
            low = read_printed(found[own])
            members.insert(0, found.span(own))
            at = holder(statements, found.start(own))
        elif len(with_limits) == 1 and isinstance(with_limits[0].quantities.low, Printed):
            low, at = with_limits[0].quantities.low, with_limits[0]
            members.insert(0, at)
        else:
            continue
        if low.value > mark.value:
            case.relate("benchmark", members, "ok", f"{low.text} % is above {mark.text} %.", "comparison")
        else:
            sentence = f"The lower limit, {low.text} %, does not exceed {mark.text} %."
            case.relate("benchmark", members, "error-if", sentence, "comparison", on=(at,))


_IN_WORDS = {"zero": "0", "unity": "1"}
_INTERVAL = re.compile(r"\bCI\b|\binterval\b")


def _excluded(case: Case, statements: list[Statement]) -> None:
    """`the 95 % CI of 28.6 to 46.2 excluded 32 %`: a value between the limits is included, the limits too."""
    p = case.text.passages[statements[0].passage]
    for m in _EXCLUDES.finditer(case.flat, p.start, p.end):
        said = _IN_WORDS.get(m["mark"].lower(), m["mark"])
        low, high, mark = read_printed(m["low"]), read_printed(m["high"]), read_printed(said)
        inside = low.high < mark.value < high.low
        outside = mark.value < low.low or mark.value > high.high
        members = [m.span(k) for k in ("low", "high", "mark")]
        if (inside and m["out"]) or (outside and not m["out"]):
            sentence = f"{mark.text} lies {'between' if inside else 'outside'} {low.text} and {high.text}."
            on = (holder(statements, m.start("mark")),)
            case.relate("benchmark", members, "error-if", sentence, "comparison", on=on)
        elif inside or outside:
            case.relate("benchmark", members, "ok", f"{low.text} to {high.text}: as the words say.", "comparison")
