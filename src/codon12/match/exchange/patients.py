"""A patient of any form: a patient file, a FHIR bundle, or a folder with calls beside a small clinical file."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.errors import InputError
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
        return _of_folder(path), []
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


def _of_folder(folder: Path) -> Patient:
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
    found = _called(called[0])
    tests = list(patient.tests)
    tests[places[0]] = msgspec.structs.replace(tests[places[0]], found=tuple(found))
    return msgspec.structs.replace(patient, tests=tuple(tests))


def _called(path: Path) -> list[str]:
    """Calls of a file as findings: those with a protein change that is not silent."""
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
    own = frame.filter(
        pl.col("PROTEIN").is_not_null() & ~pl.col("CLASS").is_in(["silent", "noncoding"]).fill_null(value=False)
    )
    return [f"{g} {p}" for g, p in own.select("GENE", "PROTEIN").unique(maintain_order=True).iter_rows()]
