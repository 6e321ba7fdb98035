"""Terms of adverse events with the published counts, and the invented background beside them."""

from __future__ import annotations

__all__ = ["ALL_CAUSE", "BACKGROUND", "CLASS_OF", "FATAL", "LOW_RELATED", "RELATED", "SEVERE"]

RELATED: dict[str, tuple[int, int, int]] = {
    "Diarrhoea": (35, 5, 0),
    "Nausea": (24, 0, 0),
    "Alanine aminotransferase increased": (11, 8, 0),
    "Aspartate aminotransferase increased": (12, 7, 0),
    "Fatigue": (14, 0, 0),
    "Vomiting": (10, 0, 0),
    "Blood alkaline phosphatase increased": (8, 1, 0),
    "Rash maculo-papular": (7, 0, 0),
    "Hypokalaemia": (4, 1, 0),
    "Drug-induced liver injury": (1, 2, 0),
    "Gamma-glutamyltransferase increased": (0, 3, 0),
    "Lymphocyte count decreased": (2, 1, 0),
    "Dyspnoea": (1, 0, 1),
    "Pneumonitis": (0, 1, 1),
    "Hepatic function abnormal": (1, 1, 0),
    "Lymphopenia": (0, 1, 0),
    "Neutropenia": (0, 1, 0),
    "Hepatotoxicity": (0, 1, 0),
    "Drug hypersensitivity": (0, 1, 0),
    "Cellulitis": (0, 1, 0),
    "Lipase increased": (0, 1, 0),
    "Liver function test increased": (0, 1, 0),
    "Neutrophil count decreased": (0, 1, 0),
    "Transaminases abnormal": (0, 1, 0),
}
"""Published: patients with a related event of worst grade 1 or 2, 3, 4. Terms are MedDRA's preferred ones."""

ALL_CAUSE = {
    "Diarrhoea": 64,
    "Nausea": 39,
    "Fatigue": 32,
    "Arthralgia": 27,
    "Aspartate aminotransferase increased": 27,
    "Alanine aminotransferase increased": 26,
}
"""Published: patients with an event of any cause; every other term has fewer."""

# From here on nothing is published: invented terms and counts that fill what the margins leave open. A related
# term below may not reach more than 5 % of 126 patients, or the published table would list it.
LOW_RELATED = {
    "Decreased appetite": 6,
    "Abdominal pain": 5,
    "Headache": 4,
    "Pruritus": 5,
    "Dry skin": 4,
    "Dizziness": 3,
}
SEVERE = {
    "Pneumonia": 9,
    "Anaemia": 6,
    "Pleural effusion": 6,
    "Hypertension": 5,
    "Back pain": 4,
    "Hyponatraemia": 4,
    "Pulmonary embolism": 4,
    "Atrial fibrillation": 3,
    "Asthenia": 4,
    "Syncope": 3,
    "Hyperglycaemia": 3,
}
BACKGROUND = {
    "Constipation": 21,
    "Cough": 20,
    "Back pain": 16,
    "Dyspnoea": 18,
    "Oedema peripheral": 17,
    "Decreased appetite": 14,
    "Abdominal pain": 12,
    "Headache": 11,
    "Pyrexia": 10,
    "Vomiting": 12,
    "Anaemia": 12,
    "Upper respiratory tract infection": 9,
    "Insomnia": 8,
    "Dizziness": 8,
    "Myalgia": 6,
    "Dry mouth": 5,
    "Weight decreased": 5,
    "Urinary tract infection": 5,
    "Productive cough": 4,
    "Rash": 5,
    "Muscle spasms": 4,
    "Hypotension": 3,
}
FATAL = {
    "Non-small cell lung cancer": 9,
    "Pneumonia": 3,
    "Respiratory failure": 4,
    "Cardiac arrest": 2,
    "Sepsis": 1,
    "Death": 1,
}

_CLASSES = {
    "Gastrointestinal disorders": ("Diarrhoea Nausea Vomiting Constipation", ("Abdominal pain", "Dry mouth")),
    "Investigations": (
        "",
        (
            "Alanine aminotransferase increased",
            "Aspartate aminotransferase increased",
            "Blood alkaline phosphatase increased",
            "Gamma-glutamyltransferase increased",
            "Lymphocyte count decreased",
            "Lipase increased",
            "Liver function test increased",
            "Neutrophil count decreased",
            "Transaminases abnormal",
            "Weight decreased",
        ),
    ),
    "General disorders and administration site conditions": ("Fatigue Pyrexia Asthenia Death", ("Oedema peripheral",)),
    "Skin and subcutaneous tissue disorders": ("Pruritus Rash", ("Rash maculo-papular", "Dry skin")),
    "Metabolism and nutrition disorders": ("Hypokalaemia Hyponatraemia Hyperglycaemia", ("Decreased appetite",)),
    "Hepatobiliary disorders": ("Hepatotoxicity", ("Drug-induced liver injury", "Hepatic function abnormal")),
    "Respiratory, thoracic and mediastinal disorders": (
        "Dyspnoea Pneumonitis Cough",
        ("Pleural effusion", "Pulmonary embolism", "Respiratory failure", "Productive cough"),
    ),
    "Blood and lymphatic system disorders": ("Lymphopenia Neutropenia Anaemia", ()),
    "Immune system disorders": ("", ("Drug hypersensitivity",)),
    "Infections and infestations": (
        "Cellulitis Pneumonia Sepsis",
        ("Upper respiratory tract infection", "Urinary tract infection"),
    ),
    "Musculoskeletal and connective tissue disorders": ("Arthralgia Myalgia", ("Back pain", "Muscle spasms")),
    "Nervous system disorders": ("Headache Dizziness Syncope", ()),
    "Psychiatric disorders": ("Insomnia", ()),
    "Vascular disorders": ("Hypertension Hypotension", ()),
    "Cardiac disorders": ("", ("Atrial fibrillation", "Cardiac arrest")),
    "Neoplasms benign, malignant and unspecified (incl cysts and polyps)": ("", ("Non-small cell lung cancer",)),
}
CLASS_OF = {term: soc for soc, (words, phrases) in _CLASSES.items() for term in (*words.split(), *phrases)}
"""Preferred term -> system organ class."""
