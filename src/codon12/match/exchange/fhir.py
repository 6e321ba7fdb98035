"""FHIR R4 with mCODE profiles, in and out: a stated subset; what lies outside it is a finding.

Read and written are Patient, Condition, Observation (genetic variant, pertinent negative, tumour marker, performance
status), MedicationStatement and Procedure (radiotherapy). Codes beside their texts are those of mCODE STU3 where it
names one.
"""

from __future__ import annotations

from typing import Any

from codon12.errors import InputError
from codon12.match.exchange.fhir_codes import (
    ABSENT,
    CHANGES,
    ECOG,
    LISTS,
    MARKERS,
    MOST,
    NEVER,
    PRESENT,
    STATES,
    VARIANT,
)
from codon12.match.patient import Patient, patient_of
from codon12.match.tumours import tumour_types
from codon12.records.findings import Finding, shown

__all__ = ["patient_of_bundle"]


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
    if not isinstance(entries, list) or len(entries) > MOST:
        raise InputError(f"{where}: entry must be a list of at most {MOST} resources")
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
            raise InputError(
                f"{where}, entry[{i}]: {resource.get('resourceType')} is not formed as FHIR says"
            ) from None
    return reader.patient(), reader.found


def _text(concept: Any) -> str:
    """Text of a CodeableConcept: its text, else the display or code of its first coding."""
    if not concept:
        return ""
    coding = (concept.get("coding") or [{}])[0]
    return str(concept.get("text") or coding.get("display") or coding.get("code") or "")


def _state(resource: dict[str, Any]) -> str:
    """State of a test by the status of its observation; without a result it was not tested."""
    status = resource.get("status")
    if status in ("registered", "unknown"):
        return "not tested"
    return next((s for s, word in STATES.items() if word == status), "valid")


def _answer(resource: dict[str, Any]) -> str | None:
    """``present`` or ``absent``, by the value or else the interpretation; present where nothing stands, else None."""
    told: Any = resource.get("valueCodeableConcept")
    if told is None and resource.get("valueString") is not None:
        told = {"text": str(resource["valueString"])}
    if told is None and resource.get("valueBoolean") is not None:
        return "present" if resource["valueBoolean"] is True else "absent"
    if told is None:
        told = next(iter(resource.get("interpretation") or []), None)
    if told is None and resource.get("dataAbsentReason"):
        return None
    codes = [c.get("code") for c in (told or {}).get("coding") or []]
    word = " ".join(_text(told).lower().split())
    if {ABSENT["code"], "NEG"} & set(codes) or word in ("absent", "negative", "not detected"):
        return "absent"
    present = {PRESENT["code"], "POS"} & set(codes) or word in ("", "present", "positive", "detected")
    return "present" if present else None


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
        if resource.get("status") in NEVER.get(str(kind), ()):
            self.odd(i, resource, f"is {shown(str(resource['status']))}")
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
        known = tumour_types().code(name) is not None if name else False
        if name and "type" in tumour and (not known or tumour_types().code(tumour["type"]) is not None):
            self.odd(i, resource, f"({shown(name)}) stands beside {shown(tumour['type'])}")
            return
        if name:
            tumour["type"] = name
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
        if VARIANT["code"] in codes:
            self.variant(resource, i)
        elif ECOG["code"] in codes:
            self.given["ecog"] = resource["valueInteger"]
        elif name in MARKERS:
            self.marker(resource, name)
        elif name.startswith("judgement: "):
            self.given.setdefault("judgements", {})[name.removeprefix("judgement: ")] = resource.get("valueBoolean")
        else:
            self.odd(i, resource, f"({shown(name) or 'without a code'}) is outside the subset")

    def variant(self, resource: dict[str, Any], i: int) -> None:
        parts = {
            _text(p.get("code")): str(p.get("valueString") or _text(p.get("valueCodeableConcept")))
            for p in resource.get("component") or []
        }
        gene = parts.get("Gene studied [ID]") or parts.get("gene studied")
        change = next((parts[name] for name in CHANGES if parts.get(name)), None)
        if "variant" not in parts and gene and change:
            parts["variant"] = f"{gene} {change}"
        if "variant" not in parts and gene and "genes" not in parts:
            parts["genes"] = gene
        state, answer = _state(resource), _answer(resource)
        if answer is None and state == "valid":
            state = "indeterminate"
        assay = _text(resource.get("method")) or "test"
        day = str(resource.get("effectiveDateTime", ""))
        key = (assay, parts.get("test", ""), parts.get("specimen", ""), day, state)
        test = self.tests.setdefault(key, {"assay": assay, "state": state, "found": []})
        for name in ("specimen", "kind", "reason", "sample"):
            if name in parts:
                test[name] = parts[name]
        for name in LISTS:
            if parts.get(name):
                test[name] = [t.strip() for t in parts[name].split(",") if t.strip()]
        if "central" in parts:
            test["central"] = parts["central"] == "true"
        if resource.get("effectiveDateTime"):
            test["date"] = str(resource["effectiveDateTime"])[:10]
        if answer == "absent":
            return
        if state != "valid":
            self.odd(i, resource, f"is {resource.get('status') if answer else 'neither present nor absent'}")
        elif "variant" in parts:
            test["found"].append(parts["variant"])
        elif gene:
            # Present, and not said which: the gene is changed, and was not read without a finding.
            test["found"].append(f"{gene} mutation")
        else:
            self.odd(i, resource, "is present and names no variant")

    def marker(self, resource: dict[str, Any], name: str) -> None:
        out: dict[str, Any] = {"marker": name}
        state = _state(resource)
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
        if any(n.get("text") == "lines incomplete" for n in resource.get("note") or []):
            self.given["lines_complete"] = False
        drugs = [d.strip() for d in _text(resource.get("medicationCodeableConcept")).split(" + ") if d.strip()]
        if resource.get("status") == "not-taken":
            if drugs != ["systemic therapy"]:  # of the others nothing is known
                self.odd(i, resource, "was not taken")
            else:
                self.given.setdefault("lines", [])
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
        self.given.setdefault("lines", []).append(line)

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
