"""Pairs of many patients out of two files, the earlier samples and the later ones."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.errors import DataError
from codon12.records.findings import Finding, findings_frame
from codon12.resistance.paired import PairSamples
from codon12.resistance.sample_json import ReadSample
from codon12.resistance.sample_order import named_samples

__all__ = ["pairs_of_files"]


def pairs_of_files(
    earlier: Sequence[ReadSample], later: Sequence[ReadSample], *, drug: str, subject: str
) -> PairSamples:
    """Pair the samples of two files by patient; `subject` is a rule on sample names as `named_samples` takes it.

    A patient with samples in one file alone has no pair: a sample without a call is not in a table of mutations, so
    its absence says nothing; the number is a finding.

    Raises
    ------
    DataError
        No patient is in both files.
    """
    rows, calls, found = [], [], []
    assays = {}
    for time, group in (("earlier", earlier), ("later", later)):
        for sample in group:
            key = f"{time}\x1f{sample.sample}"
            rows.append((time, key, sample.sample, sample.assay, sample.specimen, sample.histology, sample.depth))
            calls.append(sample.calls.with_columns(SAMPLE=pl.lit(key)))
            found += sample.findings
            if sample.assay is not None and sample.reach is not None:
                assays[sample.assay] = sample.reach
    names = ("TIME", "KEY", "SAMPLE", "ASSAY", "SPECIMEN", "HISTOLOGY", "DEPTH")
    schema = dict.fromkeys(names, pl.String) | {"DEPTH": pl.Float64}
    samples = named_samples(pl.DataFrame(rows, schema=schema, orient="row"), subject)
    samples = samples.with_columns(SAMPLE="KEY").filter(pl.col("USUBJID").is_not_null())
    both = samples.filter(pl.col("TIME").n_unique().over("USUBJID") == 2)
    alone = samples["USUBJID"].n_unique() - both["USUBJID"].n_unique()
    if not both.height:
        raise DataError(f"no patient has samples in both files by the rule {subject!r} on their names")
    if alone:
        says = f"{alone} patient(s) have samples in one of the files alone: no pair, and nothing is known of the other."
        found.append(Finding(table="PAIR", rule="one-sample-alone", severity="note", value=str(alone), message=says))
    paired = both.with_columns(PAIR="USUBJID", DRUG=pl.lit(drug))
    return PairSamples(samples=paired, calls=pl.concat(calls), assays=assays, findings=findings_frame(found))
