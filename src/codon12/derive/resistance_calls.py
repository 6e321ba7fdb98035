"""Calls of paired samples that stand in a table of their own, apart from the study's biomarkers."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.biomarker import calls_frame, gene_panel, hotspot_assay, table_calls
from codon12.biomarker.assays.tests import frame_of_tests
from codon12.biomarker.questions.study import StudyProfiles
from codon12.errors import ConfigError
from codon12.records import Study
from codon12.records.config import CONFIG_FILE
from codon12.records.config.resistance import SampleColumns
from codon12.records.findings import no_findings, row_findings

__all__ = ["calls_apart", "has_calls_apart"]

_CLASSES = {
    "amplification": "amplification", "gain": "gain", "deletion": "deletion", "deep deletion": "deletion",
    "loss": "loss", "fusion": "fusion", "rearrangement": "rearrangement", "intragenic rearrangement": "rearrangement",
}  # fmt: skip
_SCORES = {"USUBJID": pl.String}


def has_calls_apart(study: Study) -> bool:
    """Whether the table of calls that ``[resistance.samples]`` names holds any; errors as `calls_apart`."""
    table, _ = _table_of_calls(study)
    return bool(table.select(_known_kind().any()).item())


def calls_apart(study: Study) -> StudyProfiles:
    """Calls and assays that ``[resistance.samples]`` names.

    A kind of alteration that is not known is a finding, its row is not compared.

    Raises
    ------
    ConfigError
        No such table, or one without SAMPLE_ID, GENE and KIND.
    """
    table, own = _table_of_calls(study)
    name = str(own.calls)
    kind = _kind()
    mutations = table.filter(kind == "mutation")
    read = table_calls(mutations.with_columns(pl.exclude("SRCROW").cast(pl.String)), name=name)
    others = table.filter(kind.is_in(list(_CLASSES)))
    made = others.select(
        SAMPLE=pl.col("SAMPLE_ID").cast(pl.String), GENE=pl.col("GENE").cast(pl.String),
        PARTNER=pl.col("PARTNER").cast(pl.String) if "PARTNER" in table.columns else pl.lit(None, pl.String),
        CLASS=kind.replace_strict(_CLASSES, default=None, return_dtype=pl.String), SRCDOM=pl.lit(name.upper()),
        SRCROW=pl.col("SRCROW") if "SRCROW" in table.columns else pl.lit(None, pl.Int64),
    )  # fmt: skip
    odd = table.filter(~_known_kind())
    found = row_findings(
        odd, table=name.upper(), rule="unknown-kind", severity="warning", variable="KIND",
        value=pl.col("KIND").cast(pl.String),
        message="'{}' is no kind of alteration that is known; it was not compared.",
        parts=[pl.col("KIND").cast(pl.String).fill_null("(empty)")],
    )  # fmt: skip
    assays = {}
    for name, listed in own.assays.items():
        panel = gene_panel(name, listed.genes, kinds=listed.kinds, fusions=listed.fusions)
        kit = hotspot_assay(name, listed.targets).reach if listed.targets else ()
        assays[name] = msgspec.structs.replace(panel, reach=(*panel.reach, *kit))
    findings = read.findings.filter(pl.col("RULE") != "missing-column")
    return StudyProfiles(
        calls=pl.concat([read.frame, calls_frame(made)]),
        tests=frame_of_tests(pl.DataFrame(schema={"USUBJID": pl.String, "SAMPLE": pl.String, "ASSAY": pl.String})),
        assays=assays,
        scores=pl.DataFrame(schema=_SCORES),
        findings=pl.concat([findings, found]) if findings.height or found.height else no_findings(),
    )


def _table_of_calls(study: Study) -> tuple[pl.DataFrame, SampleColumns]:
    own = study.config.resistance.samples or SampleColumns()
    where = f"{CONFIG_FILE}, key resistance.samples.calls"
    if own.calls is None or not study.has(own.calls):
        raise ConfigError(f"{where}: no table {own.calls}; there are {', '.join(sorted(study.tables))}")
    table = study.table(own.calls)
    missing = [c for c in ("SAMPLE_ID", "GENE", "KIND") if c not in table.columns]
    if missing:
        raise ConfigError(f"{where}: table {own.calls} has no {', '.join(missing)}")
    return table, own


def _kind() -> pl.Expr:
    return pl.col("KIND").cast(pl.String).str.strip_chars().str.to_lowercase()


def _known_kind() -> pl.Expr:
    return _kind().is_in(["mutation", *_CLASSES]).fill_null(value=False)
