"""What words say of a ratio against its limits: `significantly lower (HR 0.91, 0.79 to 1.05)`, `P = NS` beside them."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_claims_and_limits"]

_SIGNIFICANT = re.compile(
    r"(?<!not )(?<!no )(?<!nor )(?<!non)(?<!non-)\b(?:statistically )?significant(?:ly)? (?:and independently )?(?:"
    r"associated|lower|higher|reduc\w+|improv\w+|increas\w+|decreas\w+|longer|shorter|better|worse|prolong\w+|predict\w+|linked|"
    r"benefit|difference|fewer|more)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|no|nor|neither|without|did not|was not|failed|lost|non-?significant)\b", re.IGNORECASE)
_NS = re.compile(r"\b[Pp](?:[- ]?values?)? ?(?:=|:|was)? ?(?:NS\b|n\.s\.|not significant|non-?significant)")


_BESIDE = 25


def check_claims_and_limits(case: Case) -> None:
    """Note a ratio called significant whose 95 % limits hold 1, and one printed as NS whose limits do not."""
    for _, statements in case.prose():
        ratios = [s for s in statements if s.kind == "hr_ci_p"]
        if not ratios or case.cites(ratios[0]):
            continue
        for s in ratios:
            q = s.quantities
            low, high = q.low, q.high
            if not isinstance(low, Printed) or not isinstance(high, Printed) or q.level not in (None, 95):
                continue
            inside = low.high_cut < 1 < high.low
            outside = low.low > 1 or high.high_cut < 1
            before, after = case.around(s, 160, 40)
            quote = case.flat[s.normal_start : s.normal_end]
            claimed = _SIGNIFICANT.search(before) if len(ratios) == 1 else None
            sentence = ""
            if inside and claimed is not None and not _DENIED.search(before) and not _DENIED.search(after):
                sentence = f"{low.text} to {high.text} holds 1, yet the words say “{claimed[0]}”."
            elif outside and _NS.search(f"{quote}{after[:_BESIDE]}"):
                sentence = f"{low.text} to {high.text} does not hold 1, yet P is printed as not significant."
            if sentence:
                case.relate("direction", (s,), "unlikely", sentence, "decision at 0.05", on=(s,))
