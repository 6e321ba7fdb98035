"""The assays of a study: what each reaches, and which samples were tested with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay, Reach, gene_panel, hotspot_assay
from codon12.biomarker.assays.cbioportal import whole_exomes
from codon12.biomarker.assays.copy_numbers import copy_number_genes
from codon12.biomarker.assays.panels import observed_panels, read_gene_panel
from codon12.biomarker.assays.pcr import read_ct_sheet, read_pcr_profile
from codon12.biomarker.assays.tests import TEST_SCHEMA, frame_of_tests
from codon12.biomarker.calls.cbioportal import sample_subjects
from codon12.biomarker.calls.frame import calls_frame, no_calls
from codon12.biomarker.calls.subjects import with_subject
from codon12.biomarker.variants.genes import current_symbol
from codon12.biomarker.variants.parse import parse_variant
from codon12.errors import ConfigError
from codon12.records.config import CONFIG_FILE
from codon12.records.config.biomarkers import AssaySource
from codon12.records.files.locate import inside
from codon12.records.findings import no_findings, row_findings
from codon12.records.sql import evaluate
from codon12.records.study import Study

__all__ = ["Tested", "described_assays", "reach_of", "tested_samples"]


_COPIES = {"amplification": "amplif|^amp", "gain": "gain", "deletion": "homozyg|homdel|deep|delet", "loss": "loss"}
"""Class of a call -> how a test of copy number words it."""


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """What ``[assays]`` of a study adds to its calls and tests."""

    calls: pl.DataFrame
    tests: pl.DataFrame
    findings: pl.DataFrame


def described_assays(study: Study) -> dict[str, Assay]:
    """Give the assays whose reach is written down: gene panel files of the folder, and ``[assays]``.

    Raises
    ------
    ConfigError
        An assay names nothing that it reaches, or a file outside the folder.
    """
    out: dict[str, Assay] = {}
    for path in sorted(study.path.glob("*gene_panel*.txt")):
        if "matrix" not in path.name and not path.name.startswith("meta") and b"gene_list" in path.read_bytes():
            panel = read_gene_panel(path)
            out[panel.name] = panel
    for name, source in study.config.assays.items():
        found = _described(study, name, source)
        if found is not None:
            out[name] = msgspec.structs.replace(found, specimen=source.specimen)
    return out


def _described(study: Study, name: str, source: AssaySource) -> Assay | None:
    where = f"{CONFIG_FILE}, key assays.{name}"
    if source.profile is not None:
        profile = read_pcr_profile(inside(study.path, source.profile, where=f"{where}.profile"))
        return msgspec.structs.replace(profile.assay, name=name)
    if source.hotspots:
        return hotspot_assay(name, source.hotspots, source=CONFIG_FILE)
    if source.panel is not None:
        panel = read_gene_panel(inside(study.path, source.panel, where=f"{where}.panel"))
        fusions = tuple(Reach(gene=current_symbol(g)[0], kind="fusion") for g in source.fusions)
        return msgspec.structs.replace(panel, name=name, reach=panel.reach + fusions, megabases=source.megabases)
    if source.genes or source.fusions:
        return gene_panel(
            name, source.genes, kinds=source.kinds, fusions=source.fusions, megabases=source.megabases,
            source=CONFIG_FILE,
        )  # fmt: skip
    return None  # as far as its results prove it


def reach_of(
    study: Study, described: Mapping[str, Assay], calls: pl.DataFrame, tests: pl.DataFrame
) -> dict[str, Assay]:
    """Give every assay that `tests` name its reach: as described, else as far as its results prove it.

    Proven is the reach to a gene that was called in one sample of the assay, and to the copy number of a gene for
    which the copy-number table holds a value of a sample of the assay.
    """
    out = whole_exomes(tests) | dict(described)
    observed = observed_panels(calls, tests.filter(~pl.col("ASSAY").is_in(list(out))))
    counted = copy_number_genes(study, tests)
    for name, assay in observed.items():
        genes = sorted(counted.get(name, set()))
        more = tuple(Reach(gene=g, kind="copy number") for g in genes)
        source = study.config.assays.get(name)
        size = source.megabases if source else None
        reach = tuple(dict.fromkeys(assay.reach + more))
        specimen = source.specimen if source else None
        out[name] = msgspec.structs.replace(assay, reach=reach, megabases=size, specimen=specimen)
    return out


def tested_samples(study: Study) -> Tested:
    """Give the tests and calls that ``[assays]`` with a table of their own add.

    Raises
    ------
    ConfigError
        No such table or column.
    """
    calls, tests, found = [no_calls()], [pl.DataFrame(schema=TEST_SCHEMA)], [no_findings()]
    for name, source in study.config.assays.items():
        if source.table is None:
            continue
        for part in _tested(study, name, source):
            calls.append(part.calls)
            tests.append(part.tests)
            found.append(part.findings)
    return Tested(calls=pl.concat(calls), tests=pl.concat(tests), findings=pl.concat(found))


def _tested(study: Study, name: str, source: AssaySource) -> Iterator[Tested]:
    where = f"{CONFIG_FILE}, key assays.{name}"
    table = (source.table or "").upper()
    if not study.has(table):
        raise ConfigError(f"{where}.table: no table {table}; there are {', '.join(sorted(study.tables))}")
    frame = study.table(table)
    if source.where is not None:
        keep = evaluate(frame, source.where, where=f"{where}.where")
        if keep.dtype != pl.Boolean:
            raise ConfigError(f"{where}.where: must be true or false for each row")
        frame = frame.filter(keep)
    if source.profile is not None:
        profile = read_pcr_profile(inside(study.path, source.profile, where=f"{where}.profile"))
        read = read_ct_sheet(frame, profile, subjects=_owners(study, frame, "SAMPLE"))
        own = read.tests.with_columns(ASSAY=pl.lit(name))
        yield Tested(calls=read.calls.frame, tests=own, findings=read.calls.findings.with_columns(TABLE=pl.lit(table)))
        return
    rows = _with_samples(study, frame, table, where=where)
    if source.result is None:
        tests = rows.select("USUBJID", "SAMPLE", ASSAY=pl.lit(name), STATE=pl.lit("valid")).unique(maintain_order=True)
        yield Tested(calls=no_calls(), tests=frame_of_tests(tests), findings=no_findings())
        return
    yield _results(rows, name, source, table, where=where)


def _owners(study: Study, frame: pl.DataFrame, column: str) -> pl.DataFrame | None:
    if {"USUBJID", column} <= set(frame.columns):
        return frame.select("USUBJID", SAMPLE=column).unique(maintain_order=True)
    return sample_subjects(study)


def _with_samples(study: Study, frame: pl.DataFrame, table: str, *, where: str) -> pl.DataFrame:
    names = ("SAMPLE_ID", "TUMOR_SAMPLE_BARCODE", "SAMPLE")
    sample = next((c for c in names if c in frame.columns), None)
    if "USUBJID" in frame.columns:
        return frame.with_columns(SAMPLE=pl.coalesce(pl.col(sample), "USUBJID") if sample else pl.col("USUBJID"))
    if sample is None:
        raise ConfigError(f"{where}.table: table {table} names neither subjects nor samples ({', '.join(names)})")
    rows = frame.with_columns(SAMPLE=pl.col(sample))
    return with_subject(rows, sample_subjects(study), name=table)[0]


def _results(rows: pl.DataFrame, name: str, source: AssaySource, table: str, *, where: str) -> Tested:
    """Results told in a column: tests of one target, and a call for each that was detected."""
    column = next((c for c in rows.columns if c.upper() == (source.result or "").upper()), None)
    if column is None:
        raise ConfigError(
            f"{where}.result: table {table} has no column {source.result}; it has {', '.join(rows.columns)}"
        )
    text = pl.col(column).cast(pl.String).str.strip_chars()
    plain, words = text.str.to_lowercase(), _plain(source.detected)
    state = (
        pl.when(text.is_null() | (text == "")).then(pl.lit("not tested"))
        .when(plain.is_in(list(words))).then(pl.lit("detected"))
        .when(plain.is_in(list(_plain(source.not_detected)))).then(pl.lit("not detected"))
        .otherwise(pl.lit("invalid"))
    )  # fmt: skip
    assay = (
        hotspot_assay(name, source.hotspots) if source.hotspots else gene_panel(name, source.genes, kinds=source.kinds)
    )
    reach = assay.reach[0]
    classes = _classes_of(source, reach, where=where)
    told = rows.with_columns(
        ASSAY=pl.lit(name),
        STATE=state,
        TARGET=pl.lit(str(reach)),
        REASON=pl.when(state == "invalid").then(pl.format("reported as {}", text)),
    )
    hits = told.filter(pl.col("STATE") == "detected").select(
        "USUBJID", "SAMPLE", GENE=pl.lit(reach.gene), PROTEIN=pl.lit(_protein_of(source), pl.String),
        CLASS=plain.replace_strict(classes, return_dtype=pl.String),
        CONSEQUENCE=pl.format("{} {}", pl.lit(column), text), SRCDOM=pl.lit(table), SRCROW="SRCROW",
    )  # fmt: skip
    unread = row_findings(
        told.filter(pl.col("STATE") == "invalid"),
        table=table,
        rule="test-result-unknown",
        severity="warning",
        variable=column,
        value=text,
        message=f"{table} row {{}}: '{{}}' of {name} is neither a word for detected nor for not detected; no result.",
        parts=[pl.col("SRCROW"), text],
    )
    return Tested(calls=calls_frame(hits), tests=frame_of_tests(told), findings=unread)


def _plain(words: Iterable[str]) -> dict[str, str]:
    return {" ".join(w.split()).lower(): w for w in words}


def _classes_of(source: AssaySource, reach: Reach, *, where: str) -> dict[str, str]:
    """Class of a call by the word that tells it; of copies the word must say what became of them."""
    words = _plain(source.detected)
    if reach.kind != "copy number":
        own = parse_variant(source.hotspots[0]).alteration_class if source.hotspots else "other"
        return dict.fromkeys(words, own)
    out = {w: next((kind for kind, said in _COPIES.items() if re.search(said, w)), "") for w in words}
    if "" in out.values():
        raise ConfigError(
            f"{where}.detected: {words[next(w for w in out if not out[w])]!r} does not say what became of the "
            f"copies of {reach.gene}: write amplified, gain, loss or homozygous deletion (map words with [tables])"
        )
    return out


def _protein_of(source: AssaySource) -> str | None:
    protein = parse_variant(source.hotspots[0]).protein if source.hotspots else None
    return None if protein is None else msgspec.structs.replace(protein, predicted=False).one_letter
