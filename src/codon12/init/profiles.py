"""Samples, scores and mutations of the patients, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.init.plan import Plan
from codon12.init.sections import head, mapped_columns, reading
from codon12.init.tables import Known, overlap
from codon12.init.toml_text import comment, inline, string

__all__ = ["plan_profiles", "same_patients"]

_GENES = ("KRAS", "STK11", "KEAP1", "TP53", "EGFR")
"""Asked of mutations, where they are called at all."""


def plan_profiles(known: list[Known], main: Known, used: dict[int, str], plan: Plan) -> None:
    """Samples and mutations, where their keys lead to the patients."""
    samples = next((k for k in known if k.kind == "samples" and same_patients(k, main)), None)
    if samples is not None:
        used[id(samples)] = "SAMPLE"
        names = {"USUBJID": "USUBJID", "SAMPLE_ID": "SAMPLE_ID", "PANEL": "GENE_PANEL"}
        plan.lines += [*head(samples, "SAMPLE"), *reading(samples, ("PDL1", "TMB", "PANEL"))]
        plan.lines += mapped_columns(samples, "SAMPLE", tuple(names), names)
    subject, own = main.column("USUBJID"), None if samples is None else samples.column("SAMPLE_ID")
    called: Known | None = None
    for table in (k for k in known if k.kind == "mutations"):
        key_ = table.column("USUBJID") or table.column("SAMPLE_ID")
        if key_ is None or subject is None or called is not None:
            continue
        cells = table.cells(key_)
        if overlap(cells, main.cells(subject)) >= 0.5:
            lines = [*head(table, "MUTATIONS"), "", "[tables.MUTATIONS.columns]"]
            lines.append(f"USUBJID = {string(key_.column)}  # sure: its cells stand in the table of patients")
        elif samples is not None and own is not None and overlap(cells, samples.cells(own)) >= 0.5:
            lines = head(table, "MUTATIONS")
            link = {"column": key_.column, "table": "SAMPLE", "key": "SAMPLE_ID"}
            lines.append(f"link = {inline(link)}  # sure: its cells stand in the table of samples")
        else:
            continue
        used[id(table)], called = "MUTATIONS", table
        plan.lines += lines
    if samples is not None:
        plan.lines += _measures(samples)
    ask_mutations(called, samples, plan)


def same_patients(other: Known, main: Known) -> bool:
    """Tell whether most patients of a table stand in the table of patients."""
    mine, theirs = other.column("USUBJID"), main.column("USUBJID")
    return mine is not None and theirs is not None and overlap(other.cells(mine), main.cells(theirs)) >= 0.5


def _measures(samples: Known) -> Iterator[str]:
    for role, kind, cuts, levels in (
        ("PDL1", "PD-L1", [1, 50], ["<1", "1-49", ">=50"]),
        ("TMB", "TMB", [10], ["<10", ">=10"]),
    ):
        belief = samples.column(role)
        if belief is None:
            continue
        yield ""
        yield f"[measures.{role}]  # {belief.confidence}: {comment(belief.why)}"
        yield f"kind = {string(kind)}"
        yield f"value = {string(belief.column)}"
        if role == "PDL1":
            yield 'scale = "TPS"' + (
                ""
                if "tps" in belief.column.lower()
                else "  # unsure: the file does not state the scale (TPS, CPS, TC, IC)"
            )
        yield ""
        yield f"[biomarkers.{role}GROUP]"
        yield f"measure = {string(role)}"
        yield f"cuts = [{', '.join(map(str, cuts))}]"
        yield f"levels = {inline(levels)}"


def ask_mutations(called: Known | None, samples: Known | None, plan: Plan) -> None:
    if called is None:
        return
    gene = called.column("GENE")
    seen = set() if gene is None else set(called.cells(gene).drop_nulls().unique())
    genes = [g for g in _GENES if g in seen]
    if samples is None or samples.column("PANEL") is None:
        plan.notes.append(
            "Mutations are there, but no column names the panel of a sample: describe [assays] (docs/cohorts.md)."
        )
        plan.lines += [
            "",
            "# Which samples were tested, and for what, is not said: describe [assays], then ask under [biomarkers].",
        ]
        plan.lines += [f'# {g} = "{g} mutation"' for g in genes]
        return
    if genes:
        plan.lines += ["", "# Asked of the mutations; a sample is tested where it has a panel."]
    for g in genes:
        plan.lines += ["", f"[biomarkers.{g}]", f'question = "{g} mutation"', f'label = "{g}"']
