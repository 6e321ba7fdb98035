"""A second, naive program from SDTM rows to answers, one patient at a time.

It knows the rules (RECIST 1.1, the house's choices) and nothing of codon12: no derivation, no frame. It is slow, has no
findings and no policies but the defaults; all it is for is to disagree with codon12 where one of the two is wrong.
"""

from __future__ import annotations

from naive.events import grades
from naive.records import Patient, patients
from naive.response import best, points
from naive.times import times

__all__ = ["Patient", "answer", "patients"]


def answer(patient: Patient) -> dict:
    """Everything asked about one patient."""
    out = {"AE": grades(patient), **times(patient)}
    for evaluator in patient.evaluators:
        found = points(patient, evaluator)
        out[f"OVRLRESP {evaluator}"] = found
        out |= {f"{name} {evaluator}": value for name, value in best(patient, found).items()}
    return out
