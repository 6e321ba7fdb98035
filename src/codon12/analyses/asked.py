"""Names in ``codon12.toml`` that the study has not: columns of analyses, their times to event and genes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from codon12.analyses.kind import Analysis
from codon12.derive import Context
from codon12.records.findings import Finding, findings_frame
from codon12.records.rule_files import nearest

__all__ = ["asked_findings"]

_RATES = ("ORR", "DCR")
_KEYS = ("by", "across", "strata", "auxiliary", "endpoint", "genes")
_LISTED = 30


def asked_findings(context: Context, plan: Sequence[Analysis]) -> pl.DataFrame:
    """Name what ``codon12.toml`` asks for by a name that nothing in the study has: it is not in the report.

    Only what the configuration itself says is looked at; what an analysis would show by default may well not be there.
    """
    config = context.config
    columns = {*context.variables, *context.adsl.columns}
    times = _levels(context, "adtte", "PARAMCD") | {*config.endpoints}
    calls = context.frames.get("calls")
    genes = set() if calls is None else {str(g) for g in calls["GENE"].drop_nulls().unique()}
    asked = {"baseline": config.baseline or (), "[[subgroups]] variable": [s.variable for s in config.subgroups]}
    found = [f for place, names in asked.items() for f in _missing(place, names, columns)]
    own = {a.name: a for a in plan}
    for name, fields in config.analyses.items():
        analysis = own.get(name)
        for key in _KEYS if analysis is not None else ():
            value = fields.get(key, ())
            names = [value] if isinstance(value, str) else list(value)
            place = f"[analyses.{name}] {key}"
            if key == "genes":  # one that nobody has altered is no slip
                names = [g for g in names if g not in genes and sorted(g) in [sorted(k) for k in genes]]
                found += _missing(place, names, genes)
            elif key != "endpoint":
                found += _missing(place, names, columns | times | {*_RATES})
            elif hasattr(analysis, "evaluator"):  # of other kinds it is how their ids begin
                found += _missing(place, names, times)
    return findings_frame(found)


def _levels(context: Context, frame: str, column: str) -> set[str]:
    held = context.frames.get(frame)
    return set() if held is None else {str(v) for v in held[column].drop_nulls().unique()}


def _missing(place: str, names: Iterable[str], known: set[str]) -> list[Finding]:
    upper = {k.upper() for k in known}
    out = []
    for name in names:
        if name.upper() in upper:
            continue
        near = nearest(name, sorted(known))
        meant = f" Did you mean {', '.join(near)}?" if near else f" There are {', '.join(sorted(known)[:_LISTED])}."
        out.append(
            Finding(
                table="codon12",
                rule="asked-not-there",
                severity="warning",
                variable=name,
                message=f"codon12.toml, {place}: the study has no {name!r}, and the report shows nothing of it.{meant}",
            )
        )
    return out
