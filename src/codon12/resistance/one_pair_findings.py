"""What is odd about the samples of one pair: order of dates, one day, the same sample twice."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.records.findings import Finding
from codon12.resistance.sample_json import ReadSample

__all__ = ["pair_findings"]


def pair_findings(earlier: Sequence[ReadSample], later: Sequence[ReadSample]) -> list[Finding]:
    """Findings on the order and the identity of samples; nothing is left out, the order given is kept."""
    out = []
    dates = [sorted(s.date for s in group if s.date) for group in (earlier, later)]
    if dates[0] and dates[1]:
        if dates[1][0] < dates[0][-1]:
            says = (
                f"A later sample is dated {dates[1][0]}, before the earlier one of {dates[0][-1]}; the order is kept."
            )
            out.append(_found("later-before-earlier", "error", says, dates[1][0]))
        elif dates[1][0] == dates[0][-1]:
            says = f"An earlier and a later sample are of one day ({dates[1][0]}); the order given is kept."
            out.append(_found("samples-of-one-day", "warning", says, dates[1][0]))
    for time, group in (("earlier", earlier), ("later", later)):
        names = [s.sample for s in group]
        for name in sorted({n for n in names if names.count(n) > 1}):
            says = f"Sample {name} stands there {names.count(name)} times among the {time} ones; it counts once."
            out.append(_found("same-sample-twice", "warning", says, name))
    out += [
        _found("same-sample-twice", "error", f"Sample {a.sample} is given as earlier and as later.", a.sample)
        for a in earlier
        for b in later
        if a.sample == b.sample
    ]
    return out


def _found(rule: str, severity: str, says: str, value: str) -> Finding:
    made = Finding(table="PAIR", rule=rule, severity="warning", value=value, message=says)
    return (
        made if severity == "warning" else Finding(table="PAIR", rule=rule, severity="error", value=value, message=says)
    )
