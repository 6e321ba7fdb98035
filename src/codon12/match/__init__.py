"""Match: what a profile supports, forbids, and still needs, by dated and cited texts."""

from codon12.match.answer import MatchAnswer, match_patient
from codon12.match.eligibility import TrialAnswer
from codon12.match.evaluate import Evaluator
from codon12.match.from_patients import profiles_of
from codon12.match.knowledge import Knowledge, joined, read_statements, read_trials, shipped_statements, shipped_trials
from codon12.match.patient import Patient, patient_of, patient_schema, read_patient
from codon12.match.statement import Statement
from codon12.match.trial import Trial

__all__ = [
    "Evaluator",
    "Knowledge",
    "MatchAnswer",
    "Patient",
    "Statement",
    "Trial",
    "TrialAnswer",
    "joined",
    "match_patient",
    "patient_of",
    "patient_schema",
    "profiles_of",
    "read_patient",
    "read_statements",
    "read_trials",
    "shipped_statements",
    "shipped_trials",
]
