"""Pages of one patient: for the clinician, and in plain words for the patient."""

from codon12.match.pages.clinician_page import clinician_page
from codon12.match.pages.patient_page import PatientPage, patient_page
from codon12.match.pages.reading import reading_grade

__all__ = ["PatientPage", "clinician_page", "patient_page", "reading_grade"]
