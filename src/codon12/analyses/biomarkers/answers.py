"""How biomarkers were answered, in words."""

from __future__ import annotations

import re

from codon12.biomarker import AlleleGroups
from codon12.biomarker.questions.study import StudyProfiles
from codon12.derive.context import Context
from codon12.records.config.biomarkers import Biomarker

__all__ = ["answers_text"]

_ANSWERS = (
    "Biomarkers were answered from what each sample was tested for: an alteration is detected, not detected within the "
    "reach of the tests read, or there is no answer (not tested, invalid, indeterminate). Not tested is never counted "
    "as wild type; subjects without an answer are in no group and no model."
)


_BASES = (
    "Reference bases were compared with the genome at coding bases of KRAS, NRAS and HRAS, in GRCh37 and GRCh38; "
    "codon12 holds no others, so coordinates of other genes were taken as given."
)


def answers_text(context: Context) -> str:
    """Questions, definitions, cut-offs and reach of the biomarkers; empty where the study has no profiles."""
    profiles = context.profiles
    if profiles is None:
        return ""
    out = [_ANSWERS] if context.config.biomarkers else []
    out += _questions(context, profiles)
    if profiles.calls["POS"].is_not_null().any():
        out.append(_BASES)
    return " ".join(out)


def _allele_words(rule: AlleleGroups) -> str:
    """Sentences of the policy; the groups by codon in words."""
    told = rule.sentences()
    named = ", ".join(f"{name} (codon {codon})" for codon, name in rule.codons)
    told["codons"] = f"other changes are grouped by codon as {named},"
    return " ".join(told.values())


def _questions(context: Context, profiles: StudyProfiles) -> list[str]:
    asked = [Biomarker(question=b) if isinstance(b, str) else b for b in context.config.biomarkers.values()]
    questions = [a.question for a in asked if a.question]
    out = [f"Questions: {'; '.join(questions)}."] if questions else []
    if re.search(r"\bRAS\b|loss[ -]of|\bLOF\b|inactivat", " ".join(questions), re.IGNORECASE):
        out += profiles.definitions.sentences().values()
    if any(a.alleles for a in asked):
        out.append(_allele_words(AlleleGroups()))
    for name, source in context.config.measures.items():
        cuts = sorted({c for a in asked if a.measure == name for c in a.cuts})
        by = " ".join(w for w in (source.scale, f"by {source.assay}" if source.assay else None) if w)
        cut = f", cut at {', '.join(f'{c:g}' for c in cuts)}" if cuts else ""
        what = f"column {source.value} of {source.table}" if source.value else "counted again from the calls"
        out.append(f"{source.kind}{f' ({by})' if by else ''} is {what}{cut}.")
    return out
