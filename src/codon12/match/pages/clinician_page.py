"""The clinician page: the profile and its reach, regimens by jurisdiction, what is missing, and what changed."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from codon12.match.alterations import genes_in
from codon12.match.answer import NO_PERMISSION, MatchAnswer
from codon12.match.knowledge import Knowledge
from codon12.match.pages.render import rendered
from codon12.match.pages.timeline import changes_since, timeline_frame, timeline_spec
from codon12.match.profiles import Profiles

__all__ = ["clinician_page", "landscape"]


@cache
def landscape() -> tuple[dict[str, str], ...]:
    """Programmes against KRAS that the texts name, with their states: name, then, since."""
    raw = tomllib.loads((files("codon12.match") / "data" / "landscape.toml").read_text("utf-8"))
    return tuple(raw["programme"])


def clinician_page(
    answer: MatchAnswer, profile: Profiles, knowledge: Knowledge, *, since: date | None = None, figure: bool = True
) -> str:
    """Write one self-contained page for the clinician.

    Parameters
    ----------
    answer
        As `match_patient` gives it.
    since
        Show what changed since this date.
    figure
        Draw the timeline.
    """
    svg = ""
    if figure:
        from codon12.drawing import draw

        frame = timeline_frame(profile, knowledge, as_of=answer.as_of, jurisdictions=answer.jurisdictions)
        svg = draw(timeline_spec(frame)) if (frame["VERDICT"] != "no statement").any() else ""
    changed = None
    if since is not None:
        changed = changes_since(profile, knowledge, since=since, as_of=answer.as_of, jurisdictions=answer.jurisdictions)
    said = {s.statement.id: s for s in answer.statements}
    cells: dict[str, dict[str, Any]] = {}
    for v in answer.verdicts:
        own = [said[i] for i in dict.fromkeys((*v.contraindicated_by, *v.supported_by))]
        if not own:
            own = [
                s for s in answer.statements
                if s.statement.effect == "supports" and s.statement.therapy == v.regimen and s.status != "not in force"
                and s.statement.jurisdiction == v.jurisdiction
            ]  # fmt: skip
        cells.setdefault(v.name, {})[v.jurisdiction] = {"verdict": v, "statements": own}
    beside = [
        s for s in answer.statements
        if s.statement.effect in ("evidence", "information") and s.status == "applies"
        and s.statement.jurisdiction in answer.jurisdictions
    ]  # fmt: skip
    return rendered(
        "clinician.html.j2",
        answer=answer,
        cells={name: cells[name] for name in sorted(cells, key=lambda n: _rank(cells[n])) if _told(cells[name])},
        silent=[name for name, row in cells.items() if not _told(row)],
        beside=beside,
        reach=_reach_table(answer, profile),
        facts=_facts(profile),
        found=_found(profile),
        measures=_measures(profile),
        svg=svg,
        since=since,
        changed=changed,
        landscape=landscape(),
        no_permission=NO_PERMISSION,
    )


_VERDICTS = ("contraindicated", "supported", "undetermined", "not supported")
"""Verdicts in the order in which a board reads them."""


def _told(row: dict[str, Any]) -> bool:
    """Whether any jurisdiction has a statement about a regimen."""
    return any(cell["statements"] for cell in row.values())


def _rank(row: dict[str, Any]) -> int:
    """Place of a regimen by the first of its verdicts."""
    return min(
        (_VERDICTS.index(v) for c in row.values() if (v := c["verdict"].verdict) in _VERDICTS), default=len(_VERDICTS)
    )


_FACTS = {
    "tumour_type": "tumour",
    "histology": "histology",
    "stage": "stage",
    "primary_side": "side",
    "measurable": "measurable disease",
    "brain_metastases": "brain metastases",
    "age": "age",
    "ecog": "ECOG performance status",
}


def _facts(profile: Profiles) -> list[str]:
    """What is on record of the patient beside the tests: tumour, stage, age, status, the lines of treatment."""
    out = []
    for name, words in _FACTS.items():
        held = profile.single.get(name)
        value = None if held is None or held.codes[0] < 0 else held.values[held.codes[0]]
        if value is not None:
            said = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None
            out.append(f"{words} {said or (f'{value:g}' if isinstance(value, float) else value)}")
    if profile.lines_known[0]:
        lines = [profile.lines.values[code] for code in profile.lines.codes]
        told = [f"{' + '.join(line.drugs)} ({line.outcome})" for line in lines]
        out.append(f"lines of treatment: {', '.join(told) or 'none'}")
    return out


def _found(profile: Profiles) -> list[dict[str, Any]]:
    return [profile.call_table.row(int(code), named=True) for code in profile.calls.codes]


def _measures(profile: Profiles) -> list[str]:
    m = profile.measures
    out = []
    for i, code in enumerate(m.marker_code):
        low, high = float(m.lower[i]), float(m.upper[i])
        if m.marker[code] == "MSI":
            out.append("microsatellites instable or repair deficient" if low else "microsatellites stable")
        else:
            out.append(f"{m.marker[code]} {low:g}" if low == high else f"{m.marker[code]} {low:g} to {high:g}")
    return out


def _reach_table(answer: MatchAnswer, profile: Profiles) -> dict[str, Any]:
    """Genes that the statements ask about, by test: all of it seen, codons seen, found, or not seen."""
    genes = sorted({g for s in answer.statements for g in genes_in(s.statement.when)})
    tests = profile.tests.values[profile.tests.codes[0]]
    hits = {(c["SRCDOM"] or "").casefold(): set() for c in _found(profile)}
    for c in _found(profile):
        hits[(c["SRCDOM"] or "").casefold()] |= {c["GENE"], c["PARTNER"]}
    rows = []
    for gene in genes:
        cells = []
        for t in tests:
            own = [r for r in t.reach if r.gene == gene]
            if gene in hits.get(" ".join(t.assay.split()), set()):
                cells.append(("hit", "found"))
            elif t.state != "valid":
                cells.append(("", t.state))
            elif not own:
                cells.append(("", "not seen"))
            elif any(not r.codons for r in own):
                kinds = ", ".join(dict.fromkeys(r.kind for r in own if not r.codons))
                cells.append(("seen", kinds))
            else:
                codons = ", ".join(str(x) for x in sorted({x for r in own for x in r.codons}))
                cells.append(("part", f"codons {codons}"))
        rows.append((gene, cells))
    heads = [f"{t.assay} ({t.specimen or 'specimen not named'})" for t in tests]
    return {"heads": heads, "rows": rows}
