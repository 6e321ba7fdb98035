"""Things that studies count besides people: hips, practices, isolates, events."""

from __future__ import annotations

from codon12.check import patterns as re

__all__ = ["THINGS"]

_UNITS = (
    r"(?:hips|knees|eyes|teeth|limbs|legs|arms|breasts|kidneys|ears|shoulders|feet|ankles|wrists|hands|implants|"
    r"arthroplasties|"
    r"procedures|operations|interventions|surgeries|admissions|visits|samples|specimens|swabs|isolates|strains|"
    r"biopsies|"
    r"tumou?rs|lesions|nodules|polyps|scans|images|slides|practices|clinics|hospitals|cent(?:er|re)s|schools|"
    r"classes|villages|"
    r"clusters|wards|households|families|studies|trials|articles|papers|records|reports|publications|abstracts|"
    r"citations|"
    r"cycles|pregnancies|births|deliveries|embryos|transfers|oocytes|grafts|transplants|episodes|infections|cases|"
    r"calls|sessions|"
    r"molars|incisors|restorations|crowns|sites|fractures|wounds|ulcers|aneurysms|stents|vessels|arteries|segments|"
    r"mice|rats|dogs|pigs|animals|rabbits|mutations|variants|"
    r"genes|proteins|questionnaires|responses|surveys|interviews|deaths|events|relapses|recurrences|complications|"
    r"strokes|"
    r"catheters|devices|tests|assays|donors|units|communities|facilities|pharmacies|laboratories|countries|sites|"
    r"(?:mother-infant |patient-carer )?(?:pairs|dyads)|couples|twins|volunteers|athletes|nurses|physicians|"
    r"students|residents|"
    r"respondents|carers|teachers|workers|children|infants|neonates|adolescents|controls|probands|carriers|recipients)"
)
THINGS = re.compile(rf"(?:(?!of\b|with\b|and\b|in\b|to\b|from\b)[A-Za-z-]+ ){{0,4}}?{_UNITS}\b", re.IGNORECASE)
"""Behind a number, with up to four words that tell which."""
