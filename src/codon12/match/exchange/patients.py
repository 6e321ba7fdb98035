"""A patient of any form: a patient file, a FHIR bundle, or a folder with calls beside a small clinical file."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.biomarker.variants.parse import parse_variant
from codon12.errors import InputError, UsageError
from codon12.match.patient import MOST_BYTES, Patient, patient_of, read_patient
from codon12.records.findings import Finding

__all__ = ["any_patient"]


def any_patient(path: Path) -> tuple[Patient, list[Finding]]:
    """Read a patient, with what was found about its form: a JSON or TOML file, a FHIR bundle (JSON), or a folder.

    A folder holds ``clinical.json`` or ``clinical.toml`` (a patient file in which one test, the one that made the
    calls, has no ``found``) and one ``*.vcf``, ``*.vcf.gz``, ``*.maf`` or ``*.maf.txt``.

    Raises
    ------
    InputError
        None of these, or a field that cannot be read.
    """
    if path.is_dir():
        return _of_folder(path)
    if path.suffix.lower() == ".json" and path.is_file() and path.stat().st_size <= MOST_BYTES:
        head = path.read_bytes()[:4096]
        if b"resourceType" in head:
            from codon12.match.exchange.fhir import patient_of_bundle

            try:
                bundle = json.loads(path.read_bytes().decode("utf-8-sig"))
            except (UnicodeDecodeError, ValueError, RecursionError) as err:
                raise InputError(f"{path}: no JSON: {err}") from None
            return patient_of_bundle(bundle, where=str(path))
    return read_patient(path), []


def _of_folder(folder: Path) -> tuple[Patient, list[Finding]]:
    clinical = [f for n in ("clinical.json", "clinical.toml") if (f := folder / n).is_file()]
    called = sorted(f for f in folder.iterdir() if f.name.lower().endswith((".vcf", ".vcf.gz", ".maf", ".maf.txt")))
    if len(clinical) != 1 or len(called) != 1:
        raise InputError(
            f"{folder}: needs one clinical.json or clinical.toml and one VCF or MAF; "
            f"found {len(clinical)} and {len(called)}"
        )
    raw = clinical[0].read_text("utf-8-sig")
    try:
        given = json.loads(raw) if clinical[0].suffix == ".json" else tomllib.loads(raw)
    except ValueError as err:
        raise InputError(f"{clinical[0]}: {err}") from None
    patient = patient_of(given, where=str(clinical[0]))
    places = [k for k, t in enumerate(patient.tests) if t.state == "valid" and not t.found]
    if len(places) != 1:
        raise InputError(
            f"{clinical[0]}, field tests: describe the one test that made the calls of {called[0].name} (assay, "
            f"specimen, genes), without 'found'; {len(places)} tests are without findings"
        )
    found, told = _called(called[0])
    tests = list(patient.tests)
    tests[places[0]] = msgspec.structs.replace(tests[places[0]], found=tuple(found))
    return msgspec.structs.replace(patient, tests=tuple(tests)), told


def _called(path: Path) -> tuple[list[str], list[Finding]]:
    """Calls of a file as findings, those that change the protein or may; and what is odd in the file."""
    if ".vcf" in path.name.lower():
        from codon12.biomarker.calls.vcf import read_vcf

        calls: Any = read_vcf(path)
    else:
        from codon12.biomarker.calls.maf import read_maf

        calls = read_maf(path)
    frame = calls.frame
    samples = frame["SAMPLE"].drop_nulls().n_unique() if frame.height else 0
    if samples > 1:
        raise InputError(f"{path}: holds {samples} samples; give one patient's")
    own = frame.filter(~pl.col("CLASS").is_in(["silent", "noncoding"]).fill_null(value=False))
    bare = own.filter(pl.col("GENE").is_null())
    if bare.height:
        raise InputError(
            f"{path}: {bare.height} of {frame.height} calls, the first in row {bare['SRCROW'][0]}, name no gene, and "
            "what they change is not known; annotate the file (VEP, SnpEff)"
        )
    said = own.select("GENE", "PROTEIN", "CODING", "CLASS").unique(maintain_order=True)
    told = calls.findings.filter(pl.col("RULE") != "missing-column").to_dicts()
    names = ("table", "row", "subject", "variable", "rule", "severity", "value", "message")
    found = [Finding(**{n: r["USUBJID" if n == "subject" else n.upper()] for n in names}) for r in told]
    return list(dict.fromkeys(_as_found(*row) for row in said.iter_rows())), found


def _as_found(gene: str, protein: str | None, coding: str | None, kind: str | None) -> str:
    """A call as a report would tell it; without a change that can be read, as a mutation of its gene."""
    if kind == "fusion":
        return f"{gene} fusion"
    for change in (c for c in (protein, coding) if c):
        try:
            parse_variant(f"{gene} {change}")
        except UsageError:
            continue
        return f"{gene} {change}"
    return f"{gene} mutation"
