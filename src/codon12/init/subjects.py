"""Which table is that of the patients, and by which column it names them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from codon12.init.belief import Question
from codon12.init.plan import Plan
from codon12.init.profiles import same_patients
from codon12.init.sections import place_of
from codon12.init.several import one_row_each
from codon12.init.tables import Known, overlap
from codon12.init.times import believe_times
from codon12.init.vocabulary import gene_roles

__all__ = ["SUBJECT_ROLES", "keyed", "subjects", "which_key"]

SUBJECT_ROLES = (
    *("USUBJID", "STUDYID", "SITEID", "SEX", "AGE", "AGEGR1", "BRTHDT", "BRTHYR", "RACE", "ETHNIC", "ARM", "DRUG_TYPE"),
    *("DIAGDT", "RANDDT", "TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT", "PROGDT", "VITAL", "ECOG", "KPS", "SMOKING"),
    "HIST",
    *gene_roles(),
    *("STAGE", "LINE", "LINES", "PRIOR", "METSITES", "PDL1", "TMB", "BTMB", "MSI", "ALB", "NLR", "DCB", "CANCER_TYPE"),
)


_TELLING = 3
"""Columns about patients, from which a table without a key asks for it."""
_APART = 3
"""Different cells that a column has at least, to be a key."""


def which_key(known: Known) -> Question | None:
    """Ask which column names the patient, where any may."""
    may = tuple(b.column for b, _ in known.columns if b.role == "USUBJID")
    if known.column("USUBJID") is not None:
        return None
    if not may and len(known.roles() & set(SUBJECT_ROLES)) >= _TELLING:
        # it says much of patients, and no heading or cells name them: any column that tells many rows apart may
        may = tuple(b.column for b, v in known.columns if b.role is None and not v.dates and v.distinct >= _APART)[:5]
    if not may:
        return None
    place = place_of(known)
    return Question(about=place, text="Which column names the patient?", choices=may, key=f"key:{place}")


def subjects(known: list[Known], answers: Mapping[str, str], plan: Plan) -> Known | None:
    """The table of patients: most of what a report needs; other cohorts of the same shape are a question."""
    found = [k for k in known if k.kind in ("patients", "lines")]
    found += _one_row_each(known, alone=not found)
    if not found:
        return None

    def score(k: Known) -> tuple[float, int, int]:
        times, _ = believe_times(k)
        sample = 3 if k.column("SAMPLE_ID") is not None and any(o.kind == "samples" for o in known) else 0
        return (
            len(k.roles() & set(SUBJECT_ROLES)) + 2 * len(times) - sample - (k.kind == "lines") - 2 * bool(k.pick),
            k.seen.frame.height,
            -[x.seen.place for x in known].index(k.seen.place),
        )

    best = max(found, key=score)
    others = [k for k in found if k is not best and not same_patients(k, best)]
    alike = [k for k in found if k is not best and _shape(k, best) > 0.6]
    rivals = list({id(k): k for k in [*others, *alike]}.values())
    if rivals:
        names = tuple(place_of(k) for k in [best, *rivals])
        question = Question(
            about=best.seen.file,
            text="Several tables hold patients of their own. Which is the study? The others are not read; to pool them "
            "list them one below the other as [[tables.ADSL]] (docs/configuration.md).",
            choices=names,
            default=names[0],
            key="subjects",
        )
        plan.questions.append(question)
        best = next((k for k in found if place_of(k) == answers.get("subjects")), best)
    return best


def _one_row_each(known: list[Known], *, alone: bool) -> list[Known]:
    """Tables that say several times of each patient who it is; lesions and responses only where nothing else does."""
    kinds = (None, "lesions", "responses") if alone else (None,)
    out = [one_row_each(k) for k in known if k.kind in kinds and k.columns]
    return [k for k in out if k is not None]


def _shape(one: Known, other: Known) -> float:
    mine, theirs = set(one.seen.frame.columns), set(other.seen.frame.columns)
    return len(mine & theirs) / max(1, len(mine | theirs))


def keyed(main: Known, known: list[Known]) -> Known:
    """Take the column for the patient that the mutations name, where the samples of a table are its patients."""
    mutations = [k for k in known if k.kind == "mutations"]
    samples = [k for k in known if k.kind == "samples"]
    sample = next((b for b, v in main.columns if b.role == "SAMPLE_ID" and v.distinct == v.rows), None)
    key_ = main.column("USUBJID")
    named = [m.cells(c) for m in mutations if (c := m.column("SAMPLE_ID")) is not None]
    linked = sample is not None and not samples and any(overlap(cells, main.cells(sample)) > 0.5 for cells in named)
    if sample is None or not (key_ is None or linked):
        return main
    why = f"{sample.why}; " + ("the mutations name it too" if linked else "no other column names the patient")
    out = []
    for belief, values in main.columns:
        if belief is key_:
            out.append((msgspec.structs.replace(belief, role="SUBJID", confidence=belief.confidence), values))
        elif belief is sample:
            out.append((msgspec.structs.replace(belief, role="USUBJID", confidence="likely", why=why), values))
        else:
            out.append((belief, values))
    return msgspec.structs.replace(main, columns=tuple(out))
