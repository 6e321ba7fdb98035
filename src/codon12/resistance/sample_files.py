"""Samples read from files: JSON, MAF or another table of mutations, VCF."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.biomarker.assays.panels import read_gene_panel
from codon12.biomarker.calls.columns import COLUMN_NAMES
from codon12.biomarker.calls.tables import table_calls
from codon12.biomarker.calls.vcf import read_vcf
from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers import ReadOptions, read_table
from codon12.resistance.sample_json import ReadSample, read_assay, samples_of_json

__all__ = ["GivenAssay", "read_assay_file", "read_samples", "rescaled_fractions"]

_PERCENT_AT_MOST = 100.0


class GivenAssay(msgspec.Struct, frozen=True, kw_only=True):
    """An assay named or described on its own, for samples whose file does not say theirs."""

    name: str
    reach: Assay | None = None
    depth: float | None = None


def read_samples(
    path: str | Path,
    *,
    prefix: str,
    assay: GivenAssay | None = None,
    build: str | None = None,
    sample: str | None = None,
) -> list[ReadSample]:
    """Read the samples of one time from a file.

    A JSON file holds samples as `samples_of_json` reads them; a name that ends with ``.vcf`` or ``.vcf.gz`` is a VCF;
    anything else is a table of mutations. Every sample of a table counts, or the one that `sample` names.

    Raises
    ------
    InputError
        No such file, or one that cannot be read; the message names it.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    lower = file.name.lower()
    if lower.endswith(".json"):
        return _with_assay(samples_of_json(_json(file), file=file.name, prefix=prefix), assay)
    if lower.endswith((".vcf", ".vcf.gz")):
        calls = read_vcf(file, build=build, sample=sample, name=file.name)
        frame, found, extra = calls.frame, calls.findings, []
    else:
        if not lower.removesuffix(".gz").endswith((".maf", ".txt", ".tsv", ".csv", ".parquet", ".xlsx")):
            raise InputError(
                f"{file.name}: expected JSON, VCF (.vcf), or a table of mutations (.maf, .txt, .tsv, .csv)"
            )
        raw = read_table(file, ReadOptions(table=file.name))
        table, more = rescaled_fractions(raw.frame, file=file.name)
        made = table_calls(table, name=file.name, build=build)
        frame, found, extra = made.frame, made.findings, [*raw.findings, *more]
    names = frame["SAMPLE"].drop_nulls().unique(maintain_order=True).to_list()
    if sample is not None:
        if sample not in names and names:
            raise InputError(f"{file.name}: no sample {sample}; it holds {', '.join(names[:20])}")
        names = [sample]
    told = [
        Finding(
            table=file.name,
            rule=r["RULE"],
            severity=r["SEVERITY"],
            message=r["MESSAGE"],
            row=r["ROW"],
            subject=r["USUBJID"],
            variable=r["VARIABLE"],
            value=r["VALUE"],
        )
        for r in found.to_dicts()
    ]
    builds = frame["BUILD"].drop_nulls().unique().to_list()
    out = [
        ReadSample(
            sample=name,
            calls=frame.filter(pl.col("SAMPLE") == name),
            build=builds[0] if len(builds) == 1 else None,
            findings=[*extra, *told] if i == 0 else [],
        )
        for i, name in enumerate(names or [prefix])
    ]
    return _with_assay(out, assay)


def _with_assay(samples: list[ReadSample], assay: GivenAssay | None) -> list[ReadSample]:
    for sample in samples:
        if assay is not None and sample.assay is None:
            sample.assay, sample.reach = assay.name, assay.reach
            sample.depth = assay.depth if sample.depth is None else sample.depth
        elif assay is not None and sample.reach is None and sample.assay == assay.name:
            sample.reach = assay.reach
    return samples


def read_assay_file(text: str) -> GivenAssay:
    """Read an assay from a file, or take the text as its name.

    A JSON or TOML file holds name, genes, kinds, fusions, targets, depth; a text file is a cBioPortal gene panel.

    Raises
    ------
    InputError
        A file that is not there or cannot be read.
    """
    file = Path(text)
    lower = file.name.lower()
    if not lower.endswith((".json", ".toml", ".txt")):
        if "/" in text or "\\" in text or file.is_file():
            raise InputError(f"{text}: an assay is described in a .json, .toml or gene panel .txt file, or named")
        return GivenAssay(name=text)
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    if lower.endswith(".txt"):
        panel = read_gene_panel(file)
        return GivenAssay(name=panel.name, reach=panel)
    if lower.endswith(".json"):
        raw = _json(file)
    else:
        try:
            raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
            raise InputError(f"{file.name}: not valid TOML: {err}") from None
    if not isinstance(raw, dict):
        raise InputError(f"{file.name}: expected an object with name, genes, kinds, fusions")
    given: dict[str, Any] = raw["assay"] if isinstance(raw.get("assay"), dict) else raw
    name, reach, _ = read_assay(given, where=file.name, file=file.name)
    depth = given.get("depth")
    return GivenAssay(
        name=name or file.stem, reach=reach, depth=float(depth) if isinstance(depth, int | float) else None
    )


def rescaled_fractions(table: pl.DataFrame, *, file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Divide a column of allele fractions by 100 where its values say that they are percent, with a finding."""
    column = next((c for c in table.columns if c.upper() in COLUMN_NAMES["VAF"]), None)
    if column is None or table.schema[column] != pl.String:
        return table, []
    text = pl.col(column).str.strip_chars()
    number = text.str.strip_suffix("%").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    values = table.select(number).to_series().drop_nulls()
    marked = table.select(text.str.ends_with("%").any()).item()
    high = values.filter(values > 1)
    top = float(str(values.max() if values.len() else 0.0))
    if not (marked or high.len()) or top > _PERCENT_AT_MOST:
        return table, []
    says = (
        f"{file}: {high.len()} of {values.len()} allele fractions ({column}) lie above 1 or are marked %; the whole "
        "column was read as percent."
    )
    found = Finding(table=file, rule="vaf-in-percent", severity="warning", variable=column, message=says)
    return table.with_columns((number / 100).cast(pl.String).alias(column)), [found]


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as err:
        raise InputError(f"{file.name}: not valid JSON: {err}") from None
