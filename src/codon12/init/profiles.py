"""Samples, scores and mutations of the patients, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.init.plan import Plan
from codon12.init.rows import quoted, text
from codon12.init.sections import head, mapped_columns, reading
from codon12.init.tables import Known, overlap
from codon12.init.toml_text import comment, inline, string
from codon12.init.vocabulary import answers_in, compact, spoken_word

__all__ = ["plan_profiles", "same_patients"]

_CHANGES = 0.8
"""Share of the cells that are changes of proteins, from which a column is one of them."""
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
            lines = [
                *head(table, "MUTATIONS", _found(table, plan)),
                *_fractions(table),
                "",
                "[tables.MUTATIONS.columns]",
            ]
            lines += _changes(table)
            lines.append(f"USUBJID = {string(key_.column)}  # sure: its cells stand in the table of patients")
        elif samples is not None and own is not None and overlap(cells, samples.cells(own)) >= 0.5:
            lines = head(table, "MUTATIONS", _found(table, plan))
            link = {"column": key_.column, "table": "SAMPLE", "key": "SAMPLE_ID"}
            lines.append(f"link = {inline(link)}  # sure: its cells stand in the table of samples")
        else:
            continue
        used[id(table)], called = "MUTATIONS", table
        plan.lines += lines
    if samples is not None:
        plan.lines += _measures(samples)
    ask_mutations(called, samples, plan)


def _changes(table: Known) -> Iterator[str]:
    """Columns of a change and its fraction under other names than those that are read by themselves."""
    for belief, values in table.columns:
        changed = belief.role in ("PROTEIN", "VARIANT") and values.kinds.get("hgvs", 0) >= _CHANGES
        if changed and compact(belief.column) in ("variant", "mutation", "alteration"):
            yield f"PROTEIN = {string(belief.column)}  # likely: its cells are protein changes (HGVS)"
        elif belief.role == "VAF" and belief.confidence != "unsure":
            if (values.high or 0) > 1:
                yield f"# VAF: made of {string(belief.column)} above; likely: percent, as some are above 1"
            else:
                yield f"VAF = {string(belief.column)}  # {belief.confidence}: {comment(belief.why)}"


def _fractions(table: Known) -> list[str]:
    """Give fractions of alleles that stand in percent, as fractions."""
    belief = table.column("VAF")
    values = next((v for b, v in table.columns if b is belief), None)
    if belief is None or values is None or (values.high or 0) <= 1:
        return []
    cell = quoted(belief.column)
    cell = f"REPLACE({cell}, ',', '.')" if values.comma else cell
    return [f"derive = {inline({'VAF': f'TRY_CAST({cell} AS DOUBLE) / 100'})}  # likely: percent, as some are above 1"]


def _found(table: Known, plan: Plan) -> str | None:
    """Keep the rows that a column of results calls detected; the others say that a gene was looked at."""
    result = table.column("RESULT")
    if result is None:
        return None
    values = next(v for b, v in table.columns if b is result)
    answers = answers_in(values.words)
    yes = [w for w in values.words if answers.get(spoken_word(w)) == "yes"]
    no = [w for w in values.words if w not in yes]
    if not yes or not no:
        return None
    rows = table.cells(result).is_in(no).sum()
    plan.notes.append(
        f"{table.seen.place}: {rows} rows whose '{result.column}' is {', '.join(no)} are no mutations; they say what "
        "was tested: describe it in [assays] (docs/cohorts.md)."
    )
    return f"{quoted(result.column)} IN ({', '.join(map(text, yes))})"


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
