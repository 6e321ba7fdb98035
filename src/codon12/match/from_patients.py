"""Patient files into profiles: what each test could see and what it found, measures on their scales, dated lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl

from codon12.biomarker.assays.assay import Reach
from codon12.biomarker.calls.frame import CALL_SCHEMA, calls_of
from codon12.biomarker.questions.criterion import Criterion as Question
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.scores.measure import Measure, microsatellite_state
from codon12.biomarker.variants.genes import current_symbol
from codon12.biomarker.variants.parse import parse_variant
from codon12.biomarker.variants.variant import Variant
from codon12.errors import InputError, UsageError
from codon12.match.days import day_range
from codon12.match.drugs import drug_classes
from codon12.match.mismatch_repair import mismatch_repair_state
from codon12.match.outcomes import EARLY_SETTINGS, read_outcome
from codon12.match.patient import Line, MeasureGiven, Patient, TestGiven
from codon12.match.profiles import NO_DAY, ONGOING, LineKind, MeasureRows, Profiles, TestKind, coded, rows
from codon12.match.tumours import tumour_types

__all__ = ["CALL_COLUMNS", "profiles_of", "read_finding", "test_reach"]

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
            found = _calls(test, i, disputed.get(k, frozenset()), where=where)
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


def test_reach(test: TestGiven, *, where: str) -> tuple[tuple[Reach, ...], tuple[Question, ...]]:
    """Reach of a test: its genes by kind, its fusions, its targets; and targets that are questions of their own.

    Raises
    ------
    InputError
        A target cannot be read.
    """
    kinds = test.kinds if test.kinds is not None else ("mutation",)
    reach = [Reach(gene=current_symbol(g)[0], kind=k) for g in test.genes for k in kinds]
    reach += [Reach(gene=current_symbol(g)[0], kind="fusion") for g in test.fusions]
    asked: list[Question] = []
    for i, target in enumerate(test.targets):
        try:
            question = parse_criterion(target)
        except UsageError as err:
            raise InputError(f"field {where}.targets[{i}]: {err}") from None
        if _is_place(question):
            reach.append(question.required[0])
        else:
            asked.append(_unworded(question))
    return tuple(dict.fromkeys(reach)), tuple(asked)


test_reach.__test__ = False  # type: ignore[attr-defined] # not a test case of pytest


def _is_place(question: Question) -> bool:
    """Whether a target is a place that is read whatever the change, or one protein change."""
    if question.negated or question.contains or question.partner or question.called or len(question.required) != 1:
        return False
    return question.required[0].kind != "copy number"


def _unworded(question: Question) -> Question:
    return msgspec.structs.replace(question, text="")


def read_finding(text: str, *, where: str) -> Variant:
    """Read one thing that a test found.

    Raises
    ------
    InputError
        It cannot be read, or names no gene.
    """
    try:
        variant = parse_variant(text)
    except UsageError as err:
        raise InputError(f"field {where}: {err}") from None
    if variant.gene is None:
        raise InputError(f"field {where}: {text!r} names no gene; write it as in 'KRAS G12C'")
    return variant


def _calls(test: TestGiven, person: int, disputed: frozenset[str], *, where: str) -> list[pl.DataFrame]:
    if not test.found:
        return []
    if test.state != "valid":
        raise InputError(f"field {where}.state: {test.assay} is {test.state} and yet found {test.found[0]}")
    found = [read_finding(f, where=f"{where}.found[{i}]") for i, f in enumerate(test.found)]
    made = calls_of(found, subject=str(person), table=test.assay)
    return [
        made.with_columns(
            SPECIMEN=pl.lit(test.specimen, pl.String),
            DISPUTED=pl.Series([f in disputed for f in test.found], dtype=pl.Boolean),
        )
    ]


def disputed_findings(patient: Patient) -> dict[int, frozenset[str]]:
    """Findings of a test that the same assay, on the same day and specimen, denies: test -> its texts so denied."""
    out: dict[int, frozenset[str]] = {}
    tests = [(k, t) for k, t in enumerate(patient.tests) if t.state == "valid" and t.date is not None]
    if len(tests) < 2:
        return out
    for k, test in tests:
        key = (_plain(test.assay), str(test.date), test.specimen, test.sample)
        others = [o for j, o in tests if j != k and (_plain(o.assay), str(o.date), o.specimen, o.sample) == key]
        denied = {f for f in test.found for o in others if _denies(o, f)}
        if denied:
            out[k] = frozenset(denied)
    return out


def _denies(test: TestGiven, text: str) -> bool:
    variant = parse_variant(text)
    if any(str(parse_variant(f)) == str(variant) for f in test.found):
        return False
    try:
        question = parse_criterion(str(variant).replace("p.(", "").replace("p.", "").rstrip(")"))
    except UsageError:
        return False
    reach, targets = test_reach(test, where="tests")
    seen = all(any(r.covers(w) for r in reach) for w in question.required)
    return seen or _unworded(question) in targets


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
    return LineKind(drugs=drug_classes().parts(line.drugs), outcome=outcome, early=early)


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
SCALES_OF: Mapping[str, tuple[str, ...]] = {
    "22C3": ("TPS", "CPS"), "SP142": ("TC", "IC"), "SP263": ("TC", "TPS"), "28-8": ("TC", "TPS"),
}  # fmt: skip


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
        return _instability(text, where)
    if " ".join(text.lower().split()) in _NO_RESULT:
        return None
    if given.marker == "PD-L1" and given.scale is None:
        raise InputError(f"{where}.scale: give the scale of PD-L1 (TPS, CPS, TC, IC); scales are not interchangeable")
    if given.marker == "PD-L1" and given.scale == "mut/Mb":
        raise InputError(f"{where}.scale: PD-L1 has no scale mut/Mb")
    own = SCALES_OF.get((given.assay or "").upper().split(" ")[0])
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


def _instability(text: str, where: str) -> tuple[str, tuple[float, float, bool]] | None:
    state = microsatellite_state(text) or mismatch_repair_state(text)
    if state is None:
        raise InputError(
            f"{where}.value: {text!r} is no state of microsatellites or mismatch repair (MSI-H, MSS, dMMR, pMMR)"
        )
    if state == "indeterminate":
        return None
    value = 1.0 if state in ("MSI-H", "dMMR") else 0.0
    return "MSI", (value, value, True)
