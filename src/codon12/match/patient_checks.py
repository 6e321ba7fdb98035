"""What is odd in a patient file: contradictions, findings out of reach, unknown drugs, dates that cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Literal

from codon12.biomarker.scores.measure import scales_of
from codon12.biomarker.variants.genes import misspelt_symbol
from codon12.biomarker.variants.variant import Variant
from codon12.match.days import day_range
from codon12.match.drugs import drug_classes
from codon12.match.from_patients import read_measure
from codon12.match.outcomes import SETTINGS, read_outcome
from codon12.match.patient import Line, Patient
from codon12.match.tests_given import disputed_findings, read_finding, test_reach
from codon12.match.tumours import tumour_types
from codon12.records.findings import Finding, shown

__all__ = ["patient_findings"]


def patient_findings(patient: Patient, *, as_of: date) -> list[Finding]:
    """Give the findings about one patient file.

    Examples
    --------
    >>> from codon12.match.patient import patient_of
    >>> patient = patient_of({"lines": [{"drugs": ["unheardofinib"]}]})
    >>> [f.rule for f in patient_findings(patient, as_of=date(2026, 1, 1))]
    ['drug-unknown']
    """
    return [*_tumour(patient), *_tests(patient, as_of), *_measures(patient), *_lines(patient, as_of)]


def _found(
    rule: str, field: str, value: object, message: str, severity: Literal["error", "warning", "note"] = "warning"
) -> Finding:
    return Finding(
        table="PATIENT", rule=rule, severity=severity, variable=field, value=str(value), message=f"{field}: {message}"
    )


def _tumour(patient: Patient) -> Iterator[Finding]:
    given = patient.tumour.type
    if given is not None and tumour_types().code(given) is None:
        yield _found(
            "tumour-type-unknown", "tumour.type", given,
            f"{shown(given)!r} is no listed tumour type; the type is taken as not known.",
        )  # fmt: skip


def _tests(patient: Patient, as_of: date) -> Iterator[Finding]:
    for k, texts in disputed_findings(patient).items():
        for text in sorted(texts):
            yield _found(
                "tests-contradict", f"tests[{k}].found", text,
                f"{shown(text)} is found and not found by {shown(patient.tests[k].assay)} on one day; it stays open.",
            )  # fmt: skip
    for k, test in enumerate(patient.tests):
        where = f"tests[{k}]"
        reach, targets = test_reach(test, where=where)
        dropped = [k for k in test.kinds or ("mutation",) if test.genes and not any(r.kind == k for r in reach)]
        if test.genes and test.kinds is None and not dropped:
            yield _found(
                "kinds-not-given", f"{where}.kinds", "",
                "what is called in these genes is not said; mutations alone are taken for tested.", "note",
            )  # fmt: skip
        if dropped and test.state == "valid":
            yield _found(
                "kind-not-read", f"{where}.kinds", test.kind or "",
                f"{shown(test.kind or '')} reads no {' and no '.join(dropped)} of a whole gene; it denies none.",
            )  # fmt: skip
        if not reach and not targets and test.state == "valid":
            yield _found(
                "reach-not-given", where, test.assay,
                f"what {shown(test.assay)} can see is not said; it denies nothing.", "note",
            )  # fmt: skip
        yield from _misspelt(f"{where}.genes", test.genes or ())
        for i, text in enumerate(test.found):
            variant = read_finding(text, where=f"{where}.found[{i}]")
            yield from _misspelt(f"{where}.found[{i}]", [g for g in (variant.gene, variant.partner) if g])
            if (reach or targets) and not _seen(variant, reach, bool(targets)):
                yield _found(
                    "finding-out-of-reach", f"{where}.found[{i}]", text,
                    f"{shown(text)} lies outside what {shown(test.assay)} is said to see; it counts as found.",
                )  # fmt: skip
        if test.date is not None and day_range(test.date, where=f"field {where}.date")[0] > as_of:
            yield _found(
                "date-in-future", f"{where}.date", test.date, f"{test.date} lies after {as_of}; the test counts."
            )
    yield from _present_and_absent(patient)


def _misspelt(field: str, genes: Iterable[str]) -> Iterator[Finding]:
    for gene, meant in ((g, misspelt_symbol(g)) for g in genes):
        if meant is not None:
            yield _found(
                "gene-misspelt", field, gene,
                f"{shown(gene)} is nearly {meant}; is that meant? It counts as written, and as no finding of {meant}.",
            )  # fmt: skip


def _seen(variant: Variant, reach: tuple, questions: bool) -> bool:  # noqa: FBT001
    kinds = {"fusion": "fusion", "rearrangement": "fusion", "mutation": "mutation"}
    kind = kinds.get(variant.kind, "copy number")
    own = [r for r in reach if r.kind == kind and r.gene in (variant.gene, variant.partner)]
    if questions or not own:
        return questions
    protein = variant.protein
    if kind != "mutation" or protein is None or protein.start is None:
        return True
    span = set(range(protein.start, (protein.end or protein.start) + 1))
    name = protein.one_letter.replace("(", "").replace(")", "")
    return any((r.protein in (None, name)) and (not r.codons or span & set(r.codons)) for r in own)


def _present_and_absent(patient: Patient) -> Iterator[Finding]:
    """A finding by one test beside a negative of another is present, and this says so."""
    read = [t for t in patient.tests if t.state == "valid"]
    told = {str(read_finding(f, where="tests")): (f, t.assay) for t in read for f in t.found}
    for name, (text, assay) in told.items():
        for other in read:
            reach, targets = test_reach(other, where="tests")
            has = any(str(read_finding(f, where="tests")) == name for f in other.found)
            if has or targets or other.assay == assay:
                continue
            if _seen(read_finding(text, where="tests"), reach, False):
                yield _found(
                    "present-beside-negative", "tests", text,
                    f"{shown(text)} was found by {shown(assay)} and not by {shown(other.assay)}; it counts as present.",
                    "note",
                )  # fmt: skip


def _measures(patient: Patient) -> Iterator[Finding]:
    seen: dict[str, tuple[float, float, bool]] = {}
    for k, given in enumerate(patient.measures):
        own = scales_of(given.assay)
        if given.marker == "PD-L1" and own and given.scale not in own:
            yield _found(
                "scale-of-assay", f"measures[{k}].scale", given.scale,
                f"{given.assay} reports {' and '.join(own)}, not {given.scale}; the value answers nothing.",
            )  # fmt: skip
        read = read_measure(given, where=f"field measures[{k}]")
        if read is not None and given.marker == "PD-L1" and 0 < read[1][0] == read[1][1] < 1:
            yield _found(
                "score-may-be-fraction", f"measures[{k}].value", given.value,
                f"{given.value} is read as {given.value} percent; give percentages (60), not fractions (0.6).",
            )  # fmt: skip
        if read is not None and seen.setdefault(*read) != read[1]:
            yield _found(
                "measures-differ", f"measures[{k}].value", given.value,
                f"another value of {read[0]} is on record; where they lie on both sides of a cut, it stays open.",
            )  # fmt: skip


def _lines(patient: Patient, as_of: date) -> Iterator[Finding]:
    drugs, lines = drug_classes(), patient.lines or ()
    for k, line in enumerate(lines):
        where = f"lines[{k}]"
        if not line.drugs:
            yield _found("drugs-not-given", f"{where}.drugs", "", "the drugs of this line are not recorded.", "note")
        for drug in drugs.parts(line.drugs):
            if drug in drugs.local:
                yield _found(
                    "treatment-local", f"{where}.drugs", drug,
                    f"{shown(drug)} is no systemic therapy; a line of it alone may or may not count.",
                )  # fmt: skip
            elif not drugs.is_known(drug):
                yield _found(
                    "drug-unknown", f"{where}.drugs", drug, f"{shown(drug)!r} is no known drug: kept, of no class."
                )
        if not read_outcome(line.outcome)[1]:
            yield _found(
                "outcome-unknown", f"{where}.outcome", line.outcome,
                f"{shown(line.outcome or '')!r} is no known outcome; whether the disease progressed stays open.",
            )  # fmt: skip
        if line.setting and " ".join(line.setting.lower().split()) not in SETTINGS:
            yield _found(
                "setting-unknown", f"{where}.setting", line.setting,
                f"{shown(line.setting)!r} is no known setting; the line counts as one of systemic therapy.",
            )  # fmt: skip
        yield from _line_dates(line, where, as_of)
    if patient.radiotherapy_last not in (None, "none", "ongoing"):
        day = day_range(patient.radiotherapy_last, where="field radiotherapy_last")[0]
        if day > as_of:
            yield _found(
                "date-in-future", "radiotherapy_last", day, f"{day} lies after {as_of}; taken as not ended then."
            )
    yield from _overlaps(lines)


def _line_dates(line: Line, where: str, as_of: date) -> Iterator[Finding]:
    for name, given in (("start", line.start), ("end", line.end)):
        if given is None or given == "ongoing":
            continue
        low, _ = day_range(given, where=f"field {where}.{name}")
        if low > as_of:
            taken = "not begun then, and as no prior line" if name == "start" else "not ended then"
            yield _found("date-in-future", f"{where}.{name}", given, f"{given} lies after {as_of}; taken as {taken}.")
    span = _span(line)
    if span is not None and span[0] > span[1]:
        yield _found(
            "dates-turned", f"{where}.end", line.end, f"the line ends on {line.end}, before its start.", "error"
        )
    if line.end not in (None, "ongoing") and read_outcome(line.outcome)[0] == "ongoing":
        yield _found("ongoing-with-end", f"{where}.end", line.end, "an ongoing line has an end; taken as ongoing.")


def _span(line: Line) -> tuple[date, date] | None:
    if line.start is None or line.end in (None, "ongoing"):
        return None
    return day_range(line.start, where="start")[0], day_range(line.end, where="end")[1]


def _overlaps(lines: tuple[Line, ...]) -> Iterator[Finding]:
    spans = [(k, s) for k, line in enumerate(lines) if (s := _span(line)) is not None and s[0] <= s[1]]
    for (i, one), (k, two) in combinations(spans, 2):
        if one[0] < two[1] and two[0] < one[1]:
            yield _found(
                "lines-overlap", f"lines[{k}]", lines[k].start,
                f"overlaps lines[{i}]; both count as lines.",
            )  # fmt: skip
