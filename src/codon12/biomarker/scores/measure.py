"""Measured biomarkers: PD-L1, mutational burden, microsatellite state; compared on their own scale only."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from codon12.biomarker.scores.joint import read_joint_score
from codon12.errors import UsageError
from codon12.records.terms.scores import Interval, read_score

__all__ = ["NUMBER", "Measure", "microsatellite_state", "repair_state", "scales_of"]

NUMBER = r"(\d+(?:\.\d+)?)"
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
        "microsatellite instability high",
        "msi",
    ),
    "MSS": ("mss", "stable", "msi-l", "msi-low", "low", "microsatellite stable"),
    "indeterminate": ("indeterminate", "do not report", "equivocal"),
}
_MMR = {
    "dMMR": ("dmmr", "mmr-d", "mmrd", "mmr deficient", "mmr-deficient", "deficient", "mismatch repair deficient",
             "deficient mismatch repair", "mismatch repair deficiency", "mmr loss"),
    "pMMR": ("pmmr", "mmr-p", "mmrp", "mmr proficient", "mmr-proficient", "proficient", "mismatch repair proficient",
             "proficient mismatch repair", "intact", "mmr intact", "retained"),
}  # fmt: skip
_PROTEINS, _GONE = r"\b(?:MLH1|MSH2|MSH6|PMS2)", r"\b(?:loss|lost|absence|absent)\b"
_LOST = re.compile(rf"{_GONE}.*{_PROTEINS}|{_PROTEINS}\b.*{_GONE}", re.IGNORECASE)
_MMR_OF = {word: state for state, words in _MMR.items() for word in words}
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
        found = re.fullmatch(rf"\s*(<=|>=|≤|≥|<|>)?\s*{NUMBER}\s*(?:mut(?:ations)?/Mb)?\s*", self.value, re.IGNORECASE)
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


def repair_state(text: str) -> Literal["dMMR", "pMMR"] | None:
    """Read the state of mismatch repair, as immunohistochemistry gives it; None for other text.

    Examples
    --------
    >>> [repair_state(t) for t in ("dMMR", "MMR-proficient", "Loss of MLH1/PMS2", "MSI-H", "no loss of MLH1")]
    ['dMMR', 'pMMR', 'dMMR', None, None]
    """
    plain = " ".join(text.split())
    lost = _LOST.search(plain) and not re.search(r"\b(?:no|not|none|without|negative)\b", plain, re.IGNORECASE)
    found = _MMR_OF.get(plain.lower()) or ("dMMR" if lost else None)
    return None if found is None else msgspec.convert(found, Literal["dMMR", "pMMR"])


def microsatellite_state(text: str) -> Literal["MSI-H", "MSS", "indeterminate"] | None:
    """Read a microsatellite state; low instability counts as stable. None for other text.

    Examples
    --------
    >>> [microsatellite_state(t) for t in ("Instable", "Stable", "MSI-L", "Do not report", "?")]
    ['MSI-H', 'MSS', 'MSS', 'indeterminate', None]
    """
    found = _MSI_OF.get(text.strip().lower())
    return None if found is None else msgspec.convert(found, Literal["MSI-H", "MSS", "indeterminate"])


_SCALES_OF = {"22C3": ("TPS", "CPS"), "SP142": ("TC", "IC"), "SP263": ("TC", "TPS"), "28-8": ("TC", "TPS")}


def scales_of(assay: str | None) -> tuple[str, ...]:
    """Scales that a PD-L1 antibody reports on, wherever its name stands (``VENTANA SP142``); none of another one."""
    return next((scales for name, scales in _SCALES_OF.items() if name in (assay or "").upper()), ())
