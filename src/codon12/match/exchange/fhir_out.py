"""A patient as a FHIR bundle with mCODE profiles: the subset that `fhir` reads."""

from __future__ import annotations

from typing import Any

from codon12.match.exchange.fhir_codes import ABSENT, ECOG, LISTS, PRESENT, PROFILE, STATES, VARIANT
from codon12.match.patient import Patient

__all__ = ["bundle_of"]


def bundle_of(patient: Patient) -> dict[str, Any]:
    """Write a patient as a FHIR bundle.

    Examples
    --------
    >>> from codon12.match import patient_of
    >>> bundle = bundle_of(patient_of({"age": 63, "tumour": {"type": "NSCLC"}}))
    >>> [e["resource"]["resourceType"] for e in bundle["entry"]]
    ['Patient', 'Condition']
    """
    out: list[dict[str, Any]] = [_person(patient), _condition(patient)]
    for k, test in enumerate(patient.tests):
        parts = [_part(name, ", ".join(getattr(test, name))) for name in LISTS if getattr(test, name)]
        base = {
            "resourceType": "Observation",
            "meta": {"profile": [f"{PROFILE}genomic-variant"]},
            "status": STATES[test.state],
            "code": {"coding": [VARIANT]},
            "method": {"text": test.assay},
        }
        for name, value in (
            ("specimen", test.specimen),
            ("kind", test.kind),
            ("reason", test.reason),
            ("sample", test.sample),
        ):
            if value is not None:
                parts.append(_part(name, value))
        if test.central is not None:
            parts.append(_part("central", str(test.central).lower()))
        if test.date is not None:
            base["effectiveDateTime"] = test.date
        parts.append(_part("test", str(k)))
        hit = {**base, "valueCodeableConcept": {"coding": [PRESENT]}}
        out += [{**hit, "component": [_part("variant", text), *parts]} for text in test.found]
        if not test.found:
            # A pertinent negative names what was tested.
            out.append({**base, "valueCodeableConcept": {"coding": [ABSENT]}, "component": parts})
    out += [_marker(m) for m in patient.measures]
    out += _lines(patient)
    if patient.ecog is not None:
        out.append(
            {
                "resourceType": "Observation",
                "status": "final",
                "code": {"coding": [ECOG]},
                "valueInteger": patient.ecog,
            }
        )
    if patient.radiotherapy_last is not None:
        last = patient.radiotherapy_last
        when = {"performedDateTime": last} if last[0].isdigit() else {"note": [{"text": last}]}
        out.append({"resourceType": "Procedure", "status": "completed", "code": {"text": "radiotherapy"}, **when})
    for text, answer in patient.judgements.items():
        out.append(
            {
                "resourceType": "Observation",
                "status": "final",
                "code": {"text": f"judgement: {text}"},
                **({} if answer is None else {"valueBoolean": answer}),
            }
        )
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in out]}


def _part(name: str, value: str) -> dict[str, Any]:
    return {"code": {"text": name}, "valueString": value}


def _person(patient: Patient) -> dict[str, Any]:
    out: dict[str, Any] = {"resourceType": "Patient", "meta": {"profile": [f"{PROFILE}cancer-patient"]}}
    if patient.id is not None:
        out["identifier"] = [{"value": patient.id}]
    if patient.age is not None:
        out["extension"] = [{"url": "urn:codon12:age", "valueDecimal": patient.age}]
    return out


def _condition(patient: Patient) -> dict[str, Any]:
    t = patient.tumour
    out: dict[str, Any] = {"resourceType": "Condition", "meta": {"profile": [f"{PROFILE}primary-cancer-condition"]}}
    if t.type is not None:
        out["code"] = {"text": t.type}
    if t.stage is not None:
        out["stage"] = [{"summary": {"text": t.stage}}]
    notes = [
        f"{name}: {str(value).lower() if isinstance(value, bool) else value}"
        for name in ("histology", "primary_side", "measurable", "brain_metastases")
        if (value := getattr(t, name)) is not None
    ]
    if notes:
        out["note"] = [{"text": n} for n in notes]
    return out


def _marker(m: Any) -> dict[str, Any]:
    out: dict[str, Any] = {
        "resourceType": "Observation", "meta": {"profile": [f"{PROFILE}tumor-marker-test"]},
        "status": STATES[m.state], "code": {"text": m.marker},
    }  # fmt: skip
    if isinstance(m.value, str):
        out["valueString"] = m.value
    elif m.value is not None:
        out["valueQuantity"] = {"value": m.value, **({"unit": m.scale} if m.scale else {})}
    if m.scale is not None and "valueQuantity" not in out:
        out["component"] = [_part("scale", m.scale)]
    if m.assay is not None:
        out["method"] = {"text": m.assay}
    if m.date is not None:
        out["effectiveDateTime"] = m.date
    return out


def _lines(patient: Patient) -> list[dict[str, Any]]:
    if patient.lines is None:
        return []
    notes = [] if patient.lines_complete else [{"text": "lines incomplete"}]
    if not patient.lines:
        return [
            {
                "resourceType": "MedicationStatement",
                "status": "not-taken",
                "medicationCodeableConcept": {"text": "systemic therapy"},
                "note": notes,
            }
        ]
    out = []
    for line in patient.lines:
        period = {k: v for k, v in (("start", line.start), ("end", None if line.end == "ongoing" else line.end)) if v}
        made: dict[str, Any] = {
            "resourceType": "MedicationStatement",
            "status": "active" if line.ongoing or line.end == "ongoing" else "completed",
            "medicationCodeableConcept": {"text": " + ".join(line.drugs)},
            "note": notes,
        }
        if period:
            made["effectivePeriod"] = period
        if line.outcome is not None:
            made["statusReason"] = [{"text": line.outcome}]
        if line.setting is not None:
            made["category"] = {"text": line.setting}
        out.append(made)
    return out
