"""Measured biomarkers: PD-L1, mutational burden, microsatellite state; compared on their own scale only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from codon12.biomarker.questions.status import Status
from codon12.biomarker.scores.joint import read_joint_score
from codon12.biomarker.scores.percent import Interval, read_score
from codon12.errors import UsageError

__all__ = ["Measure", "measure_status", "microsatellite_state"]

_NUMBER = r"(\d+(?:\.\d+)?)"
_EXPRESSION = re.compile(
    rf"(?:PD-?L1)?\s*(TPS|CPS|TC|IC)?\s*(>=|≥|>|<=|≤|<)\s*{_NUMBER}\s*%?(?:\s*\(?([\w-]+)\)?)?", re.IGNORECASE
)
_BURDEN = re.compile(rf"TMB\s*(>=|≥|>|<=|≤|<)\s*{_NUMBER}(?:\s*mut(?:ations)?/Mb)?", re.IGNORECASE)
_MICROSATELLITE = re.compile(r"(MSI-?H(?:igh)?|MSS|microsatellite stable)", re.IGNORECASE)
_JOINT = re.compile(r"(?:PD-?L1\s+)?(?:SP142\s+)?(TC\s*[0-3].*IC\s*[0-3].*|IC\s*[0-3].*TC\s*[0-3].*)", re.IGNORECASE)
_CUT_OF_GRADE = {1: ("1", "1"), 2: ("5", "5"), 3: ("50", "10")}
"""Grade -> percentages of TC and of IC from which SP142 gives it."""
_TURNED = re.compile(r"\s*(?:no|not)\s+(.+)", re.IGNORECASE)
_MSI = {
    "MSI-H": (
        "msi-h",
        "msi-high",
        "msi high",
        "msih",
        "instable",
        "unstable",
        "high",
        "microsatellite instability-high",
    ),
    "MSS": ("mss", "stable", "msi-l", "msi-low", "low", "microsatellite stable"),
    "indeterminate": ("indeterminate", "do not report", "equivocal"),
}
_MSI_OF = {word: state for state, words in _MSI.items() for word in words}


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured biomarker with the assay and scale it belongs to.

    Examples
    --------
    >>> Measure(kind="PD-L1", value="1-49", assay="22C3", scale="TPS").interval.at_least(50)
    False
    """

    kind: Literal["PD-L1", "TMB", "MSI"]
    value: str
    """As reported: ``<1%``, ``12.3``, ``MSI-H``."""
    assay: str | None = None
    scale: str | None = None
    """TPS, CPS, TC, IC, or TC/IC for a joint text; mut/Mb for a burden."""
    state: Literal["valid", "invalid", "indeterminate", "not tested"] = "valid"

    def __post_init__(self) -> None:
        if self.kind == "PD-L1" and self.scale is None:
            raise UsageError(f"PD-L1 {self.value}: give the scale (TPS, CPS, TC, IC); scales are not interchangeable")
        if self.state == "valid" and self.scale == "TC/IC":
            _ = read_joint_score(self.value)
        elif self.state == "valid" and self.kind != "MSI":
            _ = self.interval

    @property
    def interval(self) -> Interval | None:
        """What the value can be; None where it is missing.

        Raises
        ------
        UsageError
            Not a number, bound or range; a percentage outside 0 to 100.
        """
        if self.kind == "PD-L1":
            return None if self.scale == "TC/IC" else read_score(self.value, scale=self.scale or "TPS")
        found = re.fullmatch(rf"\s*(<=|>=|≤|≥|<|>)?\s*{_NUMBER}\s*(?:mut(?:ations)?/Mb)?\s*", self.value, re.IGNORECASE)
        if found is None:
            raise UsageError(f"TMB {self.value!r}: give mutations per megabase, a number or a bound")
        value, sign = float(found[2]), (found[1] or "").replace("≤", "<=").replace("≥", ">=")
        if sign.startswith("<"):
            return Interval(0.0, value, upper_in=sign == "<=")
        if sign.startswith(">"):
            return Interval(value, float("inf"), lower_in=sign == ">=")
        return Interval(value, value)

    def __str__(self) -> str:
        words = [self.kind, self.scale if self.kind == "PD-L1" else None, self.value]
        by = f"({self.assay})" if self.assay else None
        return " ".join(w for w in (*words, by) if w)


def microsatellite_state(text: str) -> Literal["MSI-H", "MSS", "indeterminate"] | None:
    """Read a microsatellite state; low instability counts as stable. None for other text.

    Examples
    --------
    >>> [microsatellite_state(t) for t in ("Instable", "Stable", "MSI-L", "Do not report", "?")]
    ['MSI-H', 'MSS', 'MSS', 'indeterminate', None]
    """
    found = _MSI_OF.get(text.strip().lower())
    return None if found is None else msgspec.convert(found, Literal["MSI-H", "MSS", "indeterminate"])


def measure_status(question: str, measures: Iterable[Measure]) -> Status:
    """Answer ``PD-L1 TPS >= 50``, ``TMB >= 10`` or ``MSI-H`` from measures.

    A value on another scale, or of another antibody where the question names one, leaves the answer unknown; so do a
    value whose interval lies on both sides of the cut-off, and measures that contradict each other.

    Raises
    ------
    UsageError
        The question cannot be read.

    Examples
    --------
    >>> measure_status("PD-L1 TPS >= 50", [Measure(kind="PD-L1", value="TC3", assay="SP142", scale="TC")]).answer
    'unknown'
    """
    turned = _TURNED.fullmatch(question)
    if turned:
        return ~measure_status(turned[1], measures)
    plain, given = question.strip(), list(measures)
    joint = _JOINT.fullmatch(plain)
    if joint:
        return _joint(question, joint[1], [m for m in given if m.kind == "PD-L1"])
    expression, burden = _EXPRESSION.fullmatch(plain), _BURDEN.fullmatch(plain)
    if burden:
        return _compared(question, [m for m in given if m.kind == "TMB"], burden[1], float(burden[2]), "TMB")
    if expression and re.match(r"PD-?L1|TPS|CPS|TC|IC", plain, re.IGNORECASE):
        return _expression(question, expression, [m for m in given if m.kind == "PD-L1"])
    found = _MICROSATELLITE.fullmatch(plain)
    if found:
        return _microsatellite(found[1], [m for m in given if m.kind == "MSI"])
    raise UsageError(f"{question!r}: ask as in 'PD-L1 TPS >= 50', 'TMB >= 10' or 'MSI-H'")


def _expression(question: str, found: re.Match[str], given: list[Measure]) -> Status:
    scale, sign, cut, antibody = found.groups()
    if scale is None:
        raise UsageError(f"{question!r}: name the scale (TPS, CPS, TC or IC)")
    own = [m for m in given if (m.scale or "").upper() == scale.upper()]
    if antibody:
        own = [m for m in own if (m.assay or "").upper() == antibody.upper()]
    if given and not own:
        said = "; ".join(map(str, given))
        return Status("unknown", f"{said}: another scale or assay than asked ({question.strip()}).")
    return _compared(question, own, sign, float(cut), f"PD-L1 {scale.upper()}")


def _joint(question: str, wanted: str, given: list[Measure]) -> Status:
    """Answer ``TC2/3 or IC2/3``: whether either grade reaches the lowest one named, from joint texts or both scales."""
    asked = read_joint_score(wanted)
    if asked is None or asked.high != 3 or asked.low == 0:
        raise UsageError(f"{question!r}: ask from a grade on, as in 'PD-L1 TC2/3 or IC2/3'")
    joint = [m for m in given if m.scale == "TC/IC" and m.state == "valid"]
    answers = {r.at_least(asked.low) for m in joint if (r := read_joint_score(m.value)) is not None}
    if answers:
        said = "; ".join(map(str, joint))
        if len(answers) > 1 or None in answers:
            return Status("unknown", f"{said} does not say whether {question.strip()}.")
        return Status("yes" if answers.pop() else "no", f"{said}.")
    tumour, immune = _CUT_OF_GRADE[asked.low]
    parts = [
        _compared(f"{scale} >= {cut}", [m for m in given if m.scale == scale], ">=", float(cut), f"PD-L1 {scale}")
        for scale, cut in (("TC", tumour), ("IC", immune))
    ]
    return parts[0] | parts[1]


def _compared(question: str, given: list[Measure], sign: str, cut: float, name: str) -> Status:
    read = [(m, m.interval) for m in given if m.state == "valid"]
    known = [(m, i) for m, i in read if i is not None]
    if not known:
        failed = "; ".join(f"{m.assay or m.kind}: {m.state}" for m in given if m.state != "valid")
        return Status("unknown", f"No result of {name}{f' ({failed})' if failed else ' on record'}.")
    answers = {_side(i, sign, cut) for _, i in known}
    said = "; ".join(str(m) for m, _ in known)
    if len(answers) > 1:
        return Status("unknown", f"{said}: results lie on both sides of {question.strip()}.")
    side = answers.pop()
    if side is None:
        return Status("unknown", f"{said} does not say whether {question.strip()}.")
    return Status("yes" if side else "no", f"{said}.")


def _side(interval: Interval, sign: str, cut: float) -> bool | None:
    sign = sign.replace("≥", ">=").replace("≤", "<=")
    if sign == ">=":
        return interval.at_least(cut)
    if sign == "<":
        reached = interval.at_least(cut)
        return None if reached is None else not reached
    above: bool | None = None  # strictly above the cut-off
    if interval.lower > cut or (interval.lower == cut and not interval.lower_in):
        above = True
    elif interval.upper <= cut:
        above = False
    return above if sign == ">" or above is None else not above


def _microsatellite(wanted: str, given: list[Measure]) -> Status:
    states = {microsatellite_state(m.value) for m in given if m.state == "valid"} - {None, "indeterminate"}
    said = "; ".join(str(m) for m in given)
    if not states:
        return Status(
            "unknown", f"{said}: no determinate result." if given else "No test of microsatellites is on record."
        )
    if len(states) > 1:
        return Status("unknown", f"{said}: results contradict each other.")
    high = "MSI-H" in states
    asked_high = wanted.upper().startswith("MSI")
    return Status("yes" if high == asked_high else "no", f"{said}.")
