"""FHIR R4 with mCODE profiles, in and out: a stated subset; what lies outside it is a finding.

Read and written are Patient, Condition, Observation (genetic variant, pertinent negative, tumour marker, performance status),
MedicationStatement and Procedure (radiotherapy). Codes beside their texts are those of mCODE STU3 where it names one.
"""

from __future__ import annotations

from typing import Any

from codon12.errors import InputError
from codon12.match.patient import Patient, patient_of
from codon12.records.findings import Finding, shown

__all__ = ["bundle_of", "patient_of_bundle"]

_PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
_VARIANT = {"system": "http://loinc.org", "code": "69548-6", "display": "Genetic variant assessment"}
_PRESENT = {"system": "http://loinc.org", "code": "LA9633-4", "display": "Present"}
_ABSENT = {"system": "http://loinc.org", "code": "LA9634-2", "display": "Absent"}
_ECOG = {"system": "http://loinc.org", "code": "89247-1", "display": "ECOG Performance Status score"}
_STATES = {"valid": "final", "not tested": "cancelled", "invalid": "entered-in-error", "indeterminate": "preliminary"}
_MARKERS = {"PD-L1": "PD-L1", "TMB": "TMB", "MSI": "MSI", "MMR": "MMR"}
_LISTS = ("genes", "kinds", "fusions", "targets")
_MOST = 100_000


def bundle_of(patient: Patient) -> dict[str, Any]:
    """Write a patient as a FHIR bundle.

    Examples
    --------
    >>> bundle = bundle_of(patient_of({"age": 63, "tumour": {"type": "NSCLC"}}))
    >>> [e["resource"]["resourceType"] for e in bundle["entry"]]
    ['Patient', 'Condition']
    """
    out: list[dict[str, Any]] = [_person(patient), _condition(patient)]
    for k, test in enumerate(patient.tests):
        parts = [_part(name, ", ".join(getattr(test, name))) for name in _LISTS if getattr(test, name)]
        base = {
            "resourceType": "Observation",
            "meta": {"profile": [f"{_PROFILE}genomic-variant"]},
            "status": _STATES[test.state],
            "code": {"coding": [_VARIANT]},
            "method": {"text": test.assay},
        }
        for name, value in (("specimen", test.specimen), ("kind", test.kind), ("reason", test.reason), ("sample", test.sample)):
            if value is not None:
                parts.append(_part(name, value))
        if test.central is not None:
            parts.append(_part("central", str(test.central).lower()))
        if test.date is not None:
            base["effectiveDateTime"] = test.date
        parts.append(_part("test", str(k)))
        for text in test.found:
            out.append({**base, "valueCodeableConcept": {"coding": [_PRESENT]}, "component": [_part("variant", text), *parts]})
        if not test.found:
            # A pertinent negative names what was tested.
            out.append({**base, "valueCodeableConcept": {"coding": [_ABSENT]}, "component": parts})
    out += [_marker(m) for m in patient.measures]
    out += _lines(patient)
    if patient.ecog is not None:
        out.append({"resourceType": "Observation", "status": "final", "code": {"coding": [_ECOG]}, "valueInteger": patient.ecog})
    if patient.radiotherapy_last is not None:
        out.append(
            {
                "resourceType": "Procedure", "status": "completed", "code": {"text": "radiotherapy"},
                **({"performedDateTime": patient.radiotherapy_last} if patient.radiotherapy_last[0].isdigit() else {"note": [{"text": patient.radiotherapy_last}]}),
            }
        )  # fmt: skip
    for text, answer in patient.judgements.items():
        out.append({"resourceType": "Observation", "status": "final", "code": {"text": f"judgement: {text}"}, **({} if answer is None else {"valueBoolean": answer})})
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in out]}


def _part(name: str, value: str) -> dict[str, Any]:
    return {"code": {"text": name}, "valueString": value}


def _person(patient: Patient) -> dict[str, Any]:
    out: dict[str, Any] = {"resourceType": "Patient", "meta": {"profile": [f"{_PROFILE}cancer-patient"]}}
    if patient.id is not None:
        out["identifier"] = [{"value": patient.id}]
    if patient.age is not None:
        out["extension"] = [{"url": "urn:codon12:age", "valueDecimal": patient.age}]
    return out


def _condition(patient: Patient) -> dict[str, Any]:
    t = patient.tumour
    out: dict[str, Any] = {"resourceType": "Condition", "meta": {"profile": [f"{_PROFILE}primary-cancer-condition"]}}
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
        "resourceType": "Observation", "meta": {"profile": [f"{_PROFILE}tumor-marker-test"]},
        "status": _STATES[m.state], "code": {"text": m.marker},
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
        return [{"resourceType": "MedicationStatement", "status": "not-taken", "medicationCodeableConcept": {"text": "systemic therapy"}, "note": notes}]
    out = []
    for line in patient.lines:
        period = {k: v for k, v in (("start", line.start), ("end", None if line.end == "ongoing" else line.end)) if v}
        made: dict[str, Any] = {
            "resourceType": "MedicationStatement",
            "status": "active" if line.end == "ongoing" else "completed",
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


def patient_of_bundle(bundle: Any, *, where: str = "bundle") -> tuple[Patient, list[Finding]]:
    """Read a patient of a FHIR bundle, with findings for what lies outside the subset.

    Raises
    ------
    InputError
        No bundle, several patients, or a value that cannot stand.
    """
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise InputError(f"{where}: no FHIR Bundle")
    entries = bundle.get("entry") or []
    if not isinstance(entries, list) or len(entries) > _MOST:
        raise InputError(f"{where}: entry must be a list of at most {_MOST} resources")
    reader = _Bundle(where)
    for i, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            raise InputError(f"{where}, entry[{i}]: no resource")
        try:
            reader.take(resource, i)
        except (KeyError, TypeError, IndexError, AttributeError, ValueError) as err:
            if isinstance(err, InputError):
                raise
            raise InputError(f"{where}, entry[{i}]: {resource.get('resourceType')} is not formed as FHIR says") from None
    return reader.patient(), reader.found


def _text(concept: Any) -> str:
    """Text of a CodeableConcept: its text, else the display or code of its first coding."""
    if not concept:
        return ""
    coding = (concept.get("coding") or [{}])[0]
    return str(concept.get("text") or coding.get("display") or coding.get("code") or "")


class _Bundle:
    """What the resources of a bundle say."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.given: dict[str, Any] = {"tumour": {}}
        self.tests: dict[tuple[str, ...], dict[str, Any]] = {}
        self.people = 0
        self.found: list[Finding] = []

    def odd(self, i: int, resource: dict[str, Any], why: str) -> None:
        kind = str(resource.get("resourceType"))
        self.found.append(
            Finding(
                table="FHIR", rule="outside-subset", severity="warning", row=i, value=shown(kind),
                message=f"entry[{i}]: {shown(kind)} {why}; it was not read.",
            )
        )  # fmt: skip

    def take(self, resource: dict[str, Any], i: int) -> None:
        kind = resource.get("resourceType")
        how = {
            "Patient": self.person, "Condition": self.condition, "Observation": self.observation,
            "MedicationStatement": self.line, "Procedure": self.procedure,
        }.get(str(kind))  # fmt: skip
        if how is None:
            self.odd(i, resource, "is outside the subset")
            return
        how(resource, i)

    def person(self, resource: dict[str, Any], i: int) -> None:
        self.people += 1
        if self.people > 1:
            raise InputError(f"{self.where}, entry[{i}]: a second Patient; give one patient")
        if resource.get("identifier"):
            self.given["id"] = str(resource["identifier"][0]["value"])
        elif resource.get("id"):
            self.given["id"] = str(resource["id"])
        for e in resource.get("extension") or []:
            if e.get("url") == "urn:codon12:age":
                self.given["age"] = e["valueDecimal"]

    def condition(self, resource: dict[str, Any], i: int) -> None:
        tumour = self.given["tumour"]
        name = _text(resource.get("code"))
        if name:
            tumour.setdefault("type", name)
        if resource.get("stage"):
            tumour["stage"] = _text(resource["stage"][0].get("summary"))
        for note in resource.get("note") or []:
            key, _, value = str(note.get("text", "")).partition(": ")
            if key in ("histology", "primary_side", "brain_metastases"):
                tumour[key] = value
            elif key == "measurable":
                tumour[key] = value == "true"
            else:
                self.odd(i, resource, "has a note that is not read")

    def observation(self, resource: dict[str, Any], i: int) -> None:
        code = resource.get("code") or {}
        codes = [c.get("code") for c in code.get("coding") or []]
        name = _text(code)
        if _VARIANT["code"] in codes:
            self.variant(resource, i)
        elif _ECOG["code"] in codes:
            self.given["ecog"] = resource["valueInteger"]
        elif name in _MARKERS:
            self.marker(resource, name)
        elif name.startswith("judgement: "):
            self.given.setdefault("judgements", {})[name.removeprefix("judgement: ")] = resource.get("valueBoolean")
        else:
            self.odd(i, resource, f"({shown(name) or 'without a code'}) is outside the subset")

    def variant(self, resource: dict[str, Any], i: int) -> None:
        parts = {_text(p.get("code")): str(p.get("valueString") or _text(p.get("valueCodeableConcept"))) for p in resource.get("component") or []}
        gene = parts.get("Gene studied [ID]") or parts.get("gene studied")
        change = parts.get("Amino acid change (pHGVS)") or parts.get("amino acid change")
        if "variant" not in parts and gene and change:
            parts["variant"] = f"{gene} {change}"
        if "variant" not in parts and gene and "genes" not in parts:
            parts["genes"] = gene
        state = next((s for s, word in _STATES.items() if word == resource.get("status")), "valid")
        assay = _text(resource.get("method")) or "test"
        key = (assay, parts.get("test", ""), parts.get("specimen", ""), str(resource.get("effectiveDateTime", "")))
        test = self.tests.setdefault(key, {"assay": assay, "state": state, "found": []})
        for name in ("specimen", "kind", "reason", "sample"):
            if name in parts:
                test[name] = parts[name]
        for name in _LISTS:
            if parts.get(name):
                test[name] = [t.strip() for t in parts[name].split(", ")]
        if "central" in parts:
            test["central"] = parts["central"] == "true"
        if resource.get("effectiveDateTime"):
            test["date"] = str(resource["effectiveDateTime"])[:10]
        answer = [c.get("code") for c in (resource.get("valueCodeableConcept") or {}).get("coding") or []]
        if _ABSENT["code"] in answer:
            return
        if "variant" in parts:
            test["found"].append(parts["variant"])
        else:
            self.odd(i, resource, "is present and names no variant")

    def marker(self, resource: dict[str, Any], name: str) -> None:
        out: dict[str, Any] = {"marker": name}
        state = next((s for s, word in _STATES.items() if word == resource.get("status")), "valid")
        if state != "valid":
            out["state"] = state
        quantity = resource.get("valueQuantity")
        if quantity:
            out["value"] = quantity["value"]
            if quantity.get("unit") and quantity["unit"] != "%":
                out["scale"] = quantity["unit"]
        elif resource.get("valueString") is not None:
            out["value"] = resource["valueString"]
        elif resource.get("valueCodeableConcept"):
            out["value"] = _text(resource["valueCodeableConcept"])
        for part in resource.get("component") or []:
            if _text(part.get("code")) == "scale":
                out["scale"] = part["valueString"]
        if resource.get("method"):
            out["assay"] = _text(resource["method"])
        if resource.get("effectiveDateTime"):
            out["date"] = str(resource["effectiveDateTime"])[:10]
        self.given.setdefault("measures", []).append(out)

    def line(self, resource: dict[str, Any], i: int) -> None:
        lines = self.given.setdefault("lines", [])
        if any(n.get("text") == "lines incomplete" for n in resource.get("note") or []):
            self.given["lines_complete"] = False
        drugs = [d.strip() for d in _text(resource.get("medicationCodeableConcept")).split(" + ") if d.strip()]
        if resource.get("status") == "not-taken":
            if drugs != ["systemic therapy"]:
                self.odd(i, resource, "was not taken")
            return
        period = resource.get("effectivePeriod") or {}
        line: dict[str, Any] = {"drugs": drugs}
        for name in ("start", "end"):
            if period.get(name):
                line[name] = str(period[name])[:10]
        if resource.get("status") == "active":
            line["end"] = "ongoing"
        if resource.get("statusReason"):
            line["outcome"] = _text(resource["statusReason"][0])
        if resource.get("category"):
            line["setting"] = _text(resource["category"])
        lines.append(line)

    def procedure(self, resource: dict[str, Any], i: int) -> None:
        if "radi" not in _text(resource.get("code")).lower():
            self.odd(i, resource, "is no radiotherapy")
            return
        note = str((resource.get("note") or [{}])[0].get("text", ""))
        day = str(resource.get("performedDateTime") or (resource.get("performedPeriod") or {}).get("end") or note)[:10]
        if not day:
            self.odd(i, resource, "bears no date")
            return
        old = self.given.get("radiotherapy_last")
        self.given["radiotherapy_last"] = day if old is None or day == "ongoing" else max(old, day)

    def patient(self) -> Patient:
        if self.tests:
            self.given["tests"] = list(self.tests.values())
        return patient_of(self.given, where=self.where)
