"""A table of mutations, MAF or not, made into calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from codon12.biomarker.calls.change_cells import classes_told, open_changes, with_any_residue, without_mutation
from codon12.biomarker.calls.checks import check_calls
from codon12.biomarker.calls.columns import find_columns, normal_build, normal_chromosome, normal_protein
from codon12.biomarker.calls.frame import CALL_SCHEMA, Calls
from codon12.biomarker.calls.maf_repair import MafRepair
from codon12.biomarker.calls.mutation_status import by_status
from codon12.biomarker.calls.subjects import with_subject
from codon12.biomarker.variants.genes import FORMER_SYMBOLS, current_symbols
from codon12.biomarker.variants.genomic import build_name
from codon12.errors import InputError
from codon12.parallel import told_of_all
from codon12.records.findings import Finding, findings_frame, row_findings

__all__ = ["each_row_alone", "table_calls"]

_MISSING = ("", ".", "NA", "N/A", "nan")
_WANTED = ("PROTEIN", "CODING", "CHROM", "POS", "REF", "ALT", "BUILD", "VAF")


def table_calls(
    table: pl.DataFrame,
    *,
    name: str = "MUTATIONS",
    build: str | None = None,
    genes: Sequence[str] | None = None,
    subjects: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    repair: MafRepair | None = None,
) -> Calls:
    """Make calls of a table of mutations whose cells are text.

    Parameters
    ----------
    table
        A MAF, a cBioPortal mutations table or any table with a column of genes; names are compared in upper case.
        `SRCROW` is carried over, else rows are counted from 1.
    name
        What findings and SRCDOM call the table.
    build
        Genome build where the table does not say it.
    genes
        Keep these genes only (current symbols).
    subjects
        SAMPLE, USUBJID: whose samples they are. Without it, and without a column of subjects, the sample is the
        subject.
    columns
        Column of codon12 -> column of the table, where the usual names do not find it.
    repair
        How shifted headers and swapped counts are read; decided by the cells of this table when left out.

    Returns
    -------
    Calls
        One row a mutation of the table, in its order. A VAF outside 0..1 is null and a finding; a protein change that
        cannot be read is kept as given and a finding; so are reference bases that do not fit, doubled and
        contradictory rows. Rows that are no mutation by their Mutation_Status or Validation_Status are left out, those
        of the germline stand apart, each with a finding (`by_status`).

    Raises
    ------
    InputError
        No column of genes, or neither samples nor subjects.

    Examples
    --------
    >>> maf = pl.DataFrame({"Hugo_Symbol": ["KRAS"], "Tumor_Sample_Barcode": ["S1"], "HGVSp_Short": ["p.G12C"]})
    >>> table_calls(maf).frame.select("SAMPLE", "GENE", "PROTEIN", "CLASS").row(0)
    ('S1', 'KRAS', 'p.G12C', 'missense')
    """
    repair = MafRepair.of(table) if repair is None else repair
    table = repair.apply(table)
    found = find_columns(table.columns, given=columns)
    if "GENE" not in found:
        raise InputError(f"table {name}: no column of genes (Hugo_Symbol); it has {', '.join(table.columns[:40])}")
    if "SAMPLE" not in found and "USUBJID" not in found:
        raise InputError(
            f"table {name}: no column of samples (Tumor_Sample_Barcode); it has {', '.join(table.columns[:40])}"
        )
    rows = _uniform(table, found, name, build)
    if genes is not None:
        rows = rows.filter(pl.col("GENE").is_in(list(genes)))
    protein, unread = normal_protein(rows["PROTEIN"])
    rows = rows.with_columns(PROTEIN=protein, unread=unread, given=pl.col("PROTEIN").str.strip_chars())
    read = rows.height
    rows, none = without_mutation(with_any_residue(rows), name=name)
    rows = rows.with_columns(
        classes_told(rows),
        pl.coalesce("CONSEQUENCE", "CLASSIFICATION").alias("CONSEQUENCE"),
        pl.lit(None, pl.String).alias("PARTNER"),
    )
    rows, unowned = with_subject(rows, subjects, name=name)
    findings = [_missing_columns(found, name), _unread(rows, name), _renamed(rows, name), _bad_vaf(rows, name)]
    findings += [none, *([open_changes(rows, name)] if "PROTEIN" in found else [])]
    findings += [_without_reads(rows, name), unowned, repair.findings(name)]
    rows = rows.with_columns(VAF=pl.when(pl.col("VAF").is_between(0, 1)).then("VAF"))
    somatic, germline, told = by_status(rows, name=name)
    frame = somatic.select(CALL_SCHEMA.names())
    return Calls(
        frame=frame,
        germline=germline.select(CALL_SCHEMA.names()),
        left_out={
            "no mutation by its status": read - somatic.height - germline.height,
            "of the germline": germline.height,
        },
        findings=pl.concat([*findings, told, check_calls(frame, name=name)]),
    )


def each_row_alone(columns: Sequence[str]) -> bool:
    """Whether a table with these columns is read a row at a time: no status is counted, no repair decided by all cells.

    Examples
    --------
    >>> each_row_alone(["Hugo_Symbol", "HGVSp_Short"]), each_row_alone(["Hugo_Symbol", "Mutation_Status"])
    (True, False)
    """
    found = find_columns(list(columns))
    return not {"STATUS", "VALIDATION"} & found.keys() and not MafRepair.looks_at(columns)


def _uniform(table: pl.DataFrame, found: dict[str, list[str]], name: str, build: str | None) -> pl.DataFrame:
    def text(ours: str) -> pl.Expr:
        given = [pl.col(c).cast(pl.String) for c in found.get(ours, [])]
        return pl.coalesce(pl.when(~g.str.strip_chars().is_in(_MISSING)).then(g) for g in given) if given else none

    def number(ours: str) -> pl.Expr:
        plain = text(ours).str.strip_chars().str.strip_suffix("%").str.strip_chars_end()
        return plain.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)

    none = pl.lit(None, pl.String)
    coding = text("CODING")
    ref, alt, first = (text(c).str.strip_chars().str.to_uppercase() for c in ("REF", "ALT", "ALT1"))
    depth = number("REF_COUNT") + number("ALT_COUNT")
    counted = pl.when(depth > 0).then(number("ALT_COUNT") / depth)
    marked = text("VAF").str.strip_chars().str.ends_with("%")
    stated = pl.when(marked).then(number("VAF") / 100).otherwise(number("VAF"))
    row = pl.col("SRCROW") if "SRCROW" in table.columns else pl.int_range(1, pl.len() + 1)
    return table.select(
        USUBJID=text("USUBJID"),
        SAMPLE=pl.coalesce(text("SAMPLE"), text("USUBJID")),
        given_gene=text("GENE"),
        GENE=current_symbols(text("GENE")),
        PROTEIN=text("PROTEIN"),
        CODING=coding.str.replace(r"^.*:", "").str.strip_chars(),
        TRANSCRIPT=pl.coalesce(text("TRANSCRIPT"), coding.str.extract(r"^(.*):")),
        CHROM=normal_chromosome(text("CHROM")),
        POS=number("POS").cast(pl.Int64, strict=False),
        REF=ref,
        # Callers that leave allele 2 as the reference hold the change in allele 1.
        ALT=pl.when((alt == ref) & (first != ref)).then(first).otherwise(alt),
        BUILD=pl.coalesce(normal_build(text("BUILD")), pl.lit(build_name(build) if build else None, pl.String)),
        VAF=pl.coalesce(stated, number("VAF_PERCENT") / 100, counted),
        given_vaf=text("VAF"),
        CLASSIFICATION=text("CLASSIFICATION"),
        CONSEQUENCE=text("CONSEQUENCE"),
        PHASE=text("PHASE"),
        STATUS=text("STATUS"),
        VALIDATION=text("VALIDATION"),
        SRCDOM=pl.lit(name),
        SRCROW=row.cast(pl.Int64),
    )


def _missing_columns(found: dict[str, list[str]], name: str) -> pl.DataFrame:
    percent = "VAF_PERCENT" in found or "ALT_COUNT" in found
    missing = [c for c in _WANTED if c not in found and not (c == "VAF" and percent)]
    if not missing:
        return findings_frame([])
    says = f"{name}: no column of {', '.join(missing)}; they are empty in the calls."
    return findings_frame(
        [Finding(table=name, rule="missing-column", severity="note", value=", ".join(missing), message=says)]
    )


def _unread(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return row_findings(
        rows.filter("unread"),
        table=name,
        rule="unread-protein-change",
        severity="warning",
        variable="PROTEIN",
        value=pl.col("PROTEIN"),
        message=f"{name} row {{}}: '{{}}' is no protein change; it was kept as it stands.",
        parts=[pl.col("SRCROW"), pl.col("PROTEIN")],
    )


def _without_reads(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return row_findings(
        rows.filter(pl.col("VAF") == 0),
        table=name,
        rule="call-without-reads",
        severity="warning",
        variable="VAF",
        value=pl.col("VAF"),
        message=f"{name} row {{}}: no read shows the change{{}} (allele fraction 0); it counts as called, and where "
        "samples are compared as looked for and not seen.",
        parts=[pl.col("SRCROW"), (pl.lit(" of ") + pl.col("GENE")).fill_null("")],
    )


def _renamed(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    upper = pl.col("given_gene").str.strip_chars().str.to_uppercase()
    old = rows.filter(upper.is_in(list(FORMER_SYMBOLS))).group_by("given_gene", "GENE").len()
    return told_of_all(f"{name}: former symbols", old, partial(_told_renamed, name=name))


def _told_renamed(counts: pl.DataFrame, *, name: str) -> pl.DataFrame:
    old = counts.group_by("given_gene", "GENE").agg(pl.col("len").sum()).sort("given_gene")
    return findings_frame(
        Finding(
            table=name,
            rule="former-symbol",
            severity="note",
            variable="GENE",
            value=given,
            message=f"{name}: {given} is now {gene}; {n} row(s) were read so.",
        )
        for given, gene, n in old.iter_rows()
    )


def _bad_vaf(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return row_findings(
        rows.filter(~pl.col("VAF").is_between(0, 1) | (pl.col("VAF").is_null() & pl.col("given_vaf").is_not_null())),
        table=name,
        rule="vaf-outside-0-1",
        severity="warning",
        variable="VAF",
        value=pl.coalesce("given_vaf", pl.col("VAF").cast(pl.String)),
        message=f"{name} row {{}}: allele fraction {{}} of {{}} is no number from 0 to 1 and was not taken.",
        parts=[
            pl.col("SRCROW"),
            pl.coalesce("given_vaf", pl.col("VAF").cast(pl.String)),
            pl.col("GENE").fill_null("?"),
        ],
    )
