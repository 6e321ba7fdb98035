"""Patient files into profiles: what each test could see and what it found, measures on their scales, dated lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from codon12.biomarker.calls.frame import CALL_SCHEMA
from codon12.biomarker.scores.measure import Measure, microsatellite_state, scales_of
from codon12.errors import InputError, UsageError
from codon12.match.days import day_range
from codon12.match.drugs import drug_classes
from codon12.match.mismatch_repair import mismatch_repair_state
from codon12.match.outcomes import EARLY_SETTINGS, read_outcome
from codon12.match.patient import Line, MeasureGiven, Patient
from codon12.match.profiles import NO_DAY, ONGOING, LineKind, MeasureRows, Profiles, TestKind, coded, rows
from codon12.match.tests_given import calls_found, disputed_findings, test_reach
from codon12.match.tumours import tumour_types

__all__ = ["CALL_COLUMNS", "profiles_of", "read_measure"]

CALL_COLUMNS = (*CALL_SCHEMA, "SPECIMEN", "DISPUTED")


def profiles_of(patients: Sequence[Patient]) -> Profiles:
    """Make profiles of patient files, in their order.

    Raises
    ------
    InputError
        A finding, target, score or date cannot be read; the message names the field.
    """
    calls: list[pl.DataFrame] = []
    tests: list[tuple[TestKind, ...]] = []
    for i, patient in enumerate(patients):
        kinds = []
        disputed = disputed_findings(patient)
        for k, test in enumerate(patient.tests):
            where = f"tests[{k}]"
            reach, targets = test_reach(test, where=where)
            found = calls_found(test, i, disputed.get(k, frozenset()), where=where)
            calls += found
            kinds.append(
                TestKind(
                    assay=_plain(test.assay), specimen=test.specimen, state=test.state, central=bool(test.central),
                    reach=reach, targets=targets,
                )
            )  # fmt: skip
        tests.append(tuple(kinds))
    table, call_rows = _coded_calls(calls)
    lines = [(i, _line(line)) for i, p in enumerate(patients) for line in p.lines or ()]
    ends = [_end(line, f"lines[{k}]") for p in patients for k, line in enumerate(p.lines or ())]
    texts = dict.fromkeys(t for p in patients for t in p.judgements)
    return Profiles(
        subjects=tuple(p.id or f"patient {i}" for i, p in enumerate(patients, 1)),
        single=_single(patients),
        judgements={t: coded([p.judgements.get(t) for p in patients]) for t in texts},
        calls=call_rows,
        call_table=table,
        tests=coded(tests),
        measures=_measures(patients),
        lines=rows(lines),
        line_end=np.array(ends, np.int64).reshape(-1, 2),
        lines_known=np.array([p.lines is not None for p in patients], np.bool_),
        lines_complete=np.array([p.lines_complete for p in patients], np.bool_),
        radiotherapy=np.array([_radiotherapy(p) for p in patients], np.int64).reshape(-1, 2),
    )


def _single(patients: Sequence[Patient]) -> dict[str, Any]:
    types = tumour_types()
    said = [p.tumour for p in patients]
    return {
        "tumour_type": coded([None if t.type is None else types.code(t.type) for t in said]),
        "histology": coded([None if t.histology is None else " ".join(t.histology.lower().split()) for t in said]),
        "stage": coded([t.stage for t in said]),
        "primary_side": coded([t.primary_side for t in said]),
        "measurable": coded([t.measurable for t in said]),
        "brain_metastases": coded([t.brain_metastases for t in said]),
        "age": coded([p.age for p in patients]),
        "ecog": coded([p.ecog for p in patients]),
    }


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _coded_calls(calls: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, Any]:
    schema = dict(CALL_SCHEMA) | {"SPECIMEN": pl.String, "DISPUTED": pl.Boolean}
    if not calls:
        return pl.DataFrame(schema=schema), rows([])
    frame = pl.concat(calls).select(CALL_COLUMNS)
    return frame, rows((int(person), i) for i, person in enumerate(frame["USUBJID"]))


def _line(line: Line) -> LineKind:
    early = " ".join((line.setting or "").lower().split()) in EARLY_SETTINGS
    outcome = read_outcome(line.outcome)[0]
    if line.ongoing and outcome == "unknown":
        outcome = "ongoing"
    drugs = drug_classes().parts(line.drugs)
    local = bool(drugs) and drug_classes().local.issuperset(drugs)
    return LineKind(drugs=drugs, outcome=outcome, early=early or local)


def _end(line: Line, where: str) -> tuple[int, int]:
    if line.ongoing or line.end == "ongoing" or read_outcome(line.outcome)[0] == "ongoing":
        return ONGOING, ONGOING
    if line.end is None:
        return NO_DAY, ONGOING
    low, high = day_range(line.end, where=f"field {where}.end")
    return low.toordinal(), high.toordinal()


def _radiotherapy(patient: Patient) -> tuple[int, int]:
    given = patient.radiotherapy_last
    if given == "none":
        return NO_DAY, NO_DAY
    if given == "ongoing":
        return ONGOING, ONGOING
    if given is None:
        return NO_DAY, ONGOING
    low, high = day_range(given, where="field radiotherapy_last")
    return low.toordinal(), high.toordinal()


_NO_RESULT = (
    "",
    "indeterminate",
    "equivocal",
    "not evaluable",
    "not tested",
    "not done",
    "unknown",
    "na",
    "n/a",
    "pending",
)


def _measures(patients: Sequence[Patient]) -> MeasureRows:
    people: list[int] = []
    names: list[str] = []
    bounds: list[tuple[float, float, bool]] = []
    for i, patient in enumerate(patients):
        for k, given in enumerate(patient.measures):
            read = read_measure(given, where=f"field measures[{k}]")
            if read is not None:
                people.append(i)
                names.append(read[0])
                bounds.append(read[1])
    marker = coded(names)
    return MeasureRows(
        person=np.array(people, np.int64),
        marker=marker.values,
        marker_code=marker.codes,
        lower=np.array([b[0] for b in bounds], np.float64),
        upper=np.array([b[1] for b in bounds], np.float64),
        upper_in=np.array([b[2] for b in bounds], np.bool_),
    )


def read_measure(given: MeasureGiven, *, where: str) -> tuple[str, tuple[float, float, bool]] | None:
    """Read a measure as its name with scale, and an interval; None where it has no result.

    A microsatellite state is 1 where instable or deficient, else 0.

    Raises
    ------
    InputError
        The value is none of its scale.
    """
    if given.state != "valid" or given.value is None or given.scale == "TC/IC":
        return None  # a joint text of two scales is a value on neither
    text = str(given.value)
    if given.marker in ("MSI", "MMR"):
        return _instability(text, where, given.marker)
    if " ".join(text.lower().split()) in _NO_RESULT:
        return None
    if given.marker == "PD-L1" and given.scale is None:
        raise InputError(f"{where}.scale: give the scale of PD-L1 (TPS, CPS, TC, IC); scales are not interchangeable")
    if given.marker == "PD-L1" and given.scale == "mut/Mb":
        raise InputError(f"{where}.scale: PD-L1 has no scale mut/Mb")
    own = scales_of(given.assay)
    if given.marker == "PD-L1" and own and given.scale not in own:
        return None  # the assay does not report on this scale: a finding says so
    name = f"PD-L1 {given.scale}" if given.marker == "PD-L1" else "TMB"
    if isinstance(given.value, float | int):
        most = 100.0 if given.marker == "PD-L1" else float("inf")
        if not 0 <= given.value <= most:
            raise InputError(f"{where}.value: {given.value:g} lies outside 0 to {most:g}")
        return name, (float(given.value), float(given.value), True)
    if given.marker == "PD-L1" and any(s in text.upper() and s != given.scale for s in ("TPS", "CPS")):
        raise InputError(f"{where}.value: {text!r} is not on scale {given.scale}; scales are not converted")
    try:
        interval = Measure(kind=given.marker, value=text, scale=given.scale).interval
    except UsageError as err:
        raise InputError(f"{where}.value: {err}") from None
    if interval is None:
        return None
    return name, (interval.lower, interval.upper, interval.upper_in)


def _instability(text: str, where: str, marker: str) -> tuple[str, tuple[float, float, bool]] | None:
    # Of mismatch repair "high" or "positive" may be the staining, which is the other way round.
    named = marker == "MSI" or re.match(r"ms[is]|microsat", text.strip(), re.IGNORECASE)
    state = (microsatellite_state(text) if named else None) or mismatch_repair_state(text)
    if state is None:
        raise InputError(
            f"{where}.value: {text!r} is no state of microsatellites or mismatch repair (MSI-H, MSS, dMMR, pMMR)"
        )
    if state == "indeterminate":
        return None
    value = 1.0 if state in ("MSI-H", "dMMR") else 0.0
    return "MSI", (value, value, True)
