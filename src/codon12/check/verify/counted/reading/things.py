"""Things that studies count besides people: hips, practices, isolates, events."""

from __future__ import annotations

from codon12.check import patterns as re

__all__ = ["THINGS"]

_UNITS = (
    r"(?:hips|knees|eyes|teeth|limbs|legs|arms|breasts|kidneys|ears|shoulders|feet|ankles|wrists|hands|implants|"
    r"arthroplasties|procedures|operations|interventions|surgeries|admissions|visits|samples|specimens|swabs|isolates|"
    r"strains|biopsies|tumou?rs|lesions|nodules|polyps|scans|images|slides|practices|clinics|hospitals|cent(?:er|re)s|"
    r"schools|classes|villages|clusters|wards|households|families|studies|trials|articles|papers|records|reports|"
    r"publications|abstracts|citations|cycles|pregnancies|births|deliveries|embryos|transfers|oocytes|grafts|"
    r"transplants|episodes|infections|cases|calls|sessions|molars|incisors|restorations|crowns|sites|fractures|wounds|"
    r"ulcers|aneurysms|stents|vessels|arteries|segments|mice|rats|dogs|pigs|animals|rabbits|mutations|variants|genes|"
    r"proteins|questionnaires|responses|surveys|interviews|deaths|events|relapses|recurrences|complications|strokes|"
    r"catheters|devices|tests|assays|donors|units|communities|facilities|pharmacies|laboratories|countries|sites|"
    r"(?:mother-infant |patient-carer )?(?:pairs|dyads)|couples|twins|volunteers|athletes|nurses|physicians|students|"
    r"residents|respondents|carers|teachers|workers|children|infants|neonates|adolescents|controls|probands|carriers|"
    r"recipients)"
)
THINGS = re.compile(rf"(?:(?!of\b|with\b|and\b|in\b|to\b|from\b)[A-Za-z-]+ ){{0,4}}?{_UNITS}\b", re.IGNORECASE)
"""Behind a number, with up to four words that tell which."""
