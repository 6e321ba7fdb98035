"""Measures that limit who can enter a study, and how sentences name them."""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.spelled import NUMBER_WORD
from codon12.check.verify.prose import NUMBER

__all__ = ["MEASURES", "STATUS", "Measure", "N", "U"]

N = rf"(?:{NUMBER}|{NUMBER_WORD})"
U = (
    r"(?: ?(?:%|(?:years?|yrs?|y)(?: of age| old)?|months?(?: of age| old)?|weeks?|days|kg/m2|kg|g/d?L|mg/dL|mmol/L"
    r"|mmol/mol|mL/min(?:/1\.73 m2)?|ml/min|mm ?Hg|cells(?:/\S+)?|points|cm|mm|g|ng/mL|/[µμu]L|/mm3|x "
    r"?10\^?9/L)(?![\w/]))?"
)


class Measure(NamedTuple):
    """A measure, how sentences name it, and words in small letters of which a sentence that does has one."""

    name: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]


def _measure(name: str, pattern: str, words: str, flags: int = re.IGNORECASE) -> Measure:
    return Measure(name, re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", flags), tuple(words.split("|")))


STATUS = (
    r"(?<!Karnofsky )(?<!Lansky )(?:(?:ECOG|Eastern Cooperative Oncology Group|(?-i:WHO)|World Health Organi[sz]ation|"
    r"Zubrod)(?: ?[(/][A-Z]+\)?)?"
    r"(?:(?: performance)?[- ]status| PS)?|performance[- ]status)(?: \([A-Z]+\)| PS)?(?: scores?)?"
)
_TUMOUR = (
    r"(?:tumou?rs?|carcinomas?|lesions?|nodules?|aneurysms?|adenomas?|polyps?|stones?|cysts?|fibroids?|"
    r"metastas[ei]s|mass(?:es)?)"
)
MEASURES = (
    _measure("age", r"ages?|aged|(?:years?|yrs?|months) (?:old|of age)|older|younger|(?:old|young)est", "age|"
    r"year|est "),
    _measure("performance status", STATUS, "ecog|eastern coop|who |world health|zubrod|performance"),
    _measure(
        "lines of therapy",
        r"(?:prior|previous|earlier|preceding)(?: systemic| treatment| chemotherapy)* (?:lines?|regimens?|therap(?:y|"
        r"ies)|treatments)(?: of (?:systemic |prior |previous )*(?:therapy|treatment|chemotherapy))?|lines? of "
        r"(?:prior |previous |systemic )*(?:therapy|treatment|chemotherapy)",
        "line|regimen|therap|treatments",
    ),
    _measure("cycles", r"(?:cycles|courses)(?! of (?!treatment|therapy|chemotherapy|study))", "cycles|courses"),
    _measure("size", rf"{_TUMOUR}(?: (?:size|diameter))?|diameters?", "tumo|oma|lesion|nodul|aneurysm|polyp|stone"
             "|cyst|fibroid|metasta|diameter|mass"),
    _measure("ejection fraction", r"ejection[- ]fractions?|LVEFs?", "ejection|lvef"),
    _measure("body-mass index", r"body[- ]mass ind(?:ex|ices|exes)|BMIs?", "mass ind|bmi"),
    _measure("HbA1c", r"HbA1c|glycated ha?emoglobin|A1C", "a1c|glycated"),
    _measure("eGFR", r"eGFR|(?:[Ee]stimated )?(?:GFR|[Gg]lomerular filtration rates?)", "gfr|filtration rate", 0),
    _measure("creatinine clearance", r"creatinine clearance", "creatinine cl"),
    _measure("creatinine", r"(?:serum )?creatinine(?! clear)(?: levels?| concentrations?)?", "creatinine"),
    _measure("bilirubin", r"(?:total |serum )?bilirubin(?: levels?)?", "bilirubin"),
    _measure("gestation", r"gestational ages?|gestation", "gestation"),
    _measure("birth weight", r"birth[- ]?weights?", "birth weight|birthweight"),
    _measure("systolic pressure", r"systolic (?:blood )?pressures?", "systolic"),
    _measure("haemoglobin", r"ha?emoglobin(?: levels?| concentrations?)?(?! A1c)", "moglobin"),
    _measure("platelets", r"platelet counts?|platelets", "platelet"),
    _measure("neutrophils", r"(?:absolute )?neutrophil counts?|ANC", "neutrophil|anc"),
    _measure("CD4", r"CD4\+?(?: T)?(?: cells?)?(?: counts?)?", "cd4"),
    _measure("LDL", r"LDL(?: cholesterol|-C)?|low-density lipoprotein(?: cholesterol)?", "ldl|low-density"),
    _measure("FEV1", r"FEV1", "fev1"),
    _measure("PD-L1", r"PD-L1|(?:TPS|CPS)", "pd-l1|tps|cps"),
    _measure("PSA", r"PSA(?: levels?)?|prostate-specific antigen(?: levels?)?", "psa|prostate-specific a"),
    _measure("Ki-67", r"Ki-?67(?: (?:index|labell?ing index))?", "ki-67|ki67"),
    _measure("TMB", r"TMB|tumou?r mutational burden", "tmb|mutational burden"),
    _measure("blasts", r"(?:bone marrow |marrow |peripheral )?blasts?(?: counts?| percentages?)?", "blast"),
    *(_measure(x, x, x.lower().replace("-?", "|")) for x in (
        "NIHSS", "MMSE", "MoCA", "Karnofsky", "EDSS", "MADRS", "DAS28", "PHQ-9", "PASI", "Gleason", "SOFA", "HDRS")),
    _measure("Hamilton", r"HAM-?D(?:-17)?", "ham"),
)  # fmt: skip
