"""Codes and words of the FHIR subset that is read and written."""

from __future__ import annotations

__all__ = [
    "ABSENT",
    "CHANGES",
    "ECOG",
    "LISTS",
    "MARKERS",
    "MOST",
    "NEVER",
    "PRESENT",
    "PROFILE",
    "STATES",
    "VARIANT",
]

PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
VARIANT = {"system": "http://loinc.org", "code": "69548-6", "display": "Genetic variant assessment"}
PRESENT = {"system": "http://loinc.org", "code": "LA9633-4", "display": "Present"}
ABSENT = {"system": "http://loinc.org", "code": "LA9634-2", "display": "Absent"}
ECOG = {"system": "http://loinc.org", "code": "89247-1", "display": "ECOG Performance Status score"}
STATES = {"valid": "final", "not tested": "cancelled", "invalid": "entered-in-error", "indeterminate": "preliminary"}
NEVER = {
    "MedicationStatement": ("entered-in-error", "intended", "unknown"),
    "Procedure": ("entered-in-error", "not-done", "preparation"),
}
"""Status of resources that say nothing happened."""
CHANGES = (
    *("Amino acid change (pHGVS)", "amino acid change"),
    *("DNA change (c.HGVS)", "Nucleotide change (cHGVS)", "nucleotide change"),
)
"""Components that name the change of a gene, the plainest first."""
MARKERS = {"PD-L1": "PD-L1", "TMB": "TMB", "MSI": "MSI", "MMR": "MMR"}
LISTS = ("genes", "kinds", "fusions", "targets")
MOST = 100_000
