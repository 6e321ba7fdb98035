"""A patient as a file tells it: the tumour, what was tested and found, what was measured, what was given."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from codon12.errors import InputError
from codon12.match.criteria import StageName
from codon12.match.days import day_range

__all__ = [
    "Line",
    "MeasureGiven",
    "Patient",
    "TestGiven",
    "Tumour",
    "days_as_text",
    "patient_of",
    "patient_on",
    "patient_schema",
    "read_patient",
]

MOST_BYTES = 64 * 2**20
"""Size from which a patient file is refused: a profile is some kilobytes."""

Text = Annotated[str, msgspec.Meta(max_length=2000)]
PartialDate = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A date, complete or not: 2020-12-01, 2020-12, 2020."""
EndDate = Annotated[str, msgspec.Meta(pattern=r"^(ongoing|\d{4}(-\d{2}(-\d{2})?)?)$")]
LastDate = Annotated[str, msgspec.Meta(pattern=r"^(none|ongoing|\d{4}(-\d{2}(-\d{2})?)?)$")]


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the file whose keys are closed."""


class Tumour(_Closed, frozen=True):
    """The tumour."""

    type: Text | None = None
    """Code or name of `tumour_types`; SOLID where no more is known."""
    histology: Text | None = None
    stage: StageName | None = None
    primary_side: Literal["left", "right"] | None = None
    measurable: bool | None = None
    """Whether there is measurable disease (RECIST 1.1)."""
    brain_metastases: Literal["none", "treated stable", "active untreated", "present"] | None = None


class TestGiven(_Closed, frozen=True):
    """One test: what it can see and what it found; valid without a finding, it is negative within its reach."""

    __test__ = False  # not a test case of pytest

    assay: Text
    kind: Literal["gene panel", "hotspot list", "PCR kit", "IHC", "FISH", "sequencing"] | None = None
    specimen: Literal["tissue", "plasma"] | None = None
    genes: tuple[Text, ...] = ()
    """Genes read over all coding exons."""
    kinds: tuple[Literal["mutation", "copy number"], ...] | None = None
    """What is called in every gene; mutations alone where left out, and a finding says so."""
    fusions: tuple[Text, ...] = ()
    """Genes whose fusions are called."""
    targets: tuple[Text, ...] = ()
    """Changes or codons read, and nothing else: KRAS G12C, KRAS G12."""
    state: Literal["valid", "not tested", "invalid", "indeterminate"] = "valid"
    central: bool | None = None
    found: tuple[Text, ...] = ()
    date: PartialDate | None = None
    sample: Text | None = None
    reason: Text | None = None


class MeasureGiven(_Closed, frozen=True):
    """One measured biomarker, on its own scale."""

    marker: Literal["PD-L1", "TMB", "MSI", "MMR"]
    value: Text | float | None = None
    assay: Text | None = None
    scale: Literal["TPS", "CPS", "TC", "IC", "TC/IC", "mut/Mb"] | None = None
    state: Literal["valid", "invalid", "indeterminate", "not tested"] = "valid"
    date: PartialDate | None = None


class Line(_Closed, frozen=True):
    """One line of systemic therapy."""

    drugs: tuple[Text, ...] = ()
    """Drugs or regimens; none where the line is known and its drugs are not."""
    outcome: Text | None = None
    """progression, completed, ongoing, toxicity, response, death ...; missing where it is not recorded."""
    start: PartialDate | None = None
    end: EndDate | None = None
    ongoing: bool = False
    """Whether the line goes on; so does an end or an outcome of that word."""
    setting: Text | None = None
    """adjuvant or neoadjuvant lines may or may not count; any other line counts."""


class Patient(_Closed, frozen=True):
    """One patient. What is left out is not known, and is never taken for absent.

    Examples
    --------
    >>> patient = patient_of({"tumour": {"type": "NSCLC", "stage": "metastatic"}, "lines": []})
    >>> patient.tumour.stage, patient.lines, patient.age
    ('metastatic', (), None)
    """

    id: Text | None = None
    tumour: Tumour = Tumour()
    tests: tuple[TestGiven, ...] = ()
    measures: tuple[MeasureGiven, ...] = ()
    lines: tuple[Line, ...] | None = None
    """Lines of systemic therapy; left out where they are not recorded, empty where there were none."""
    lines_complete: bool = True
    """Whether `lines` lists all of them."""
    radiotherapy_last: LastDate | None = None
    """Day of the last radiotherapy; none where there was none."""
    age: Annotated[float, msgspec.Meta(ge=0, le=120)] | None = None
    ecog: Annotated[int, msgspec.Meta(ge=0, le=5)] | None = None
    judgements: dict[Text, bool | None] = {}
    """Answers to questions that only the clinician can answer."""


def patient_of(given: Any, *, where: str = "patient") -> Patient:
    """Read a patient from plain values.

    Raises
    ------
    InputError
        An unknown field or a value that cannot stand; the message names the field.
    """
    try:
        return msgspec.convert(days_as_text(given), Patient)
    except msgspec.ValidationError as err:
        raise InputError(
            f"{where}: {_named(str(err))}. Known fields: {', '.join(Patient.__struct_fields__)}."
        ) from None


def patient_on(patient: Patient, day: date) -> Patient:
    """The patient as of a day: lines that begin after it were no prior lines then.

    Examples
    --------
    >>> later = patient_of({"lines": [{"drugs": ["FOLFOX"], "start": "2021-03"}]})
    >>> len(patient_on(later, date(2021, 2, 1)).lines), len(patient_on(later, date(2021, 3, 15)).lines)
    (0, 1)
    """
    if patient.lines is None:
        return patient
    begun = [k for k, line in enumerate(patient.lines) if line.start is None or _first(line.start, k) <= day]
    return msgspec.structs.replace(patient, lines=tuple(patient.lines[k] for k in begun))


def _first(start: str, k: int) -> date:
    return day_range(start, where=f"field lines[{k}].start")[0]


def days_as_text(given: Any) -> Any:
    """Plain values with dates written out, so that TOML and JSON read alike."""
    if isinstance(given, dict):
        return {k: days_as_text(v) for k, v in given.items()}
    if isinstance(given, list):
        return [days_as_text(v) for v in given]
    return given.isoformat()[:10] if isinstance(given, date) else given


def _named(message: str) -> str:
    """A message of the reader with its path as people write one: ``lines[0].end``."""
    text, _, path = message.partition(" - at `$")
    return f"field {path.strip('`').lstrip('.')}: {text}" if path else text


def read_patient(path: Path) -> Patient:
    """Read a patient file, JSON or TOML by its suffix.

    Raises
    ------
    InputError
        The file is not there, is too large, is neither, or holds what `patient_of` refuses.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; give a patient as JSON or TOML (codon12 match schema patient)")
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path}: {path.stat().st_size / 2**20:.0f} MB is no patient file (at most 64 MB)")
    raw = path.read_bytes()
    try:
        if path.suffix.lower() == ".toml":
            given = tomllib.loads(raw.decode("utf-8-sig"))
        else:
            given = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once)
    except (UnicodeDecodeError, ValueError, RecursionError) as err:
        raise InputError(f"{path}: neither JSON nor TOML: {err or 'nested too deeply'}") from None
    return patient_of(given, where=str(path))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        names = [k for k, _ in pairs]
        twice = next(k for k in names if names.count(k) > 1)
        raise ValueError(f"key {twice!r} is given twice")
    return out


def patient_schema() -> dict[str, Any]:
    """Give the JSON Schema of a patient file."""
    return msgspec.json.schema(Patient)
