"""A patient-level study that gives back the published results of a KRAS p.G12C phase 2 trial.

The trial's paper (Skoulidis et al., N Engl J Med 2021, doi 10.1056/NEJMoa2103695) prints aggregates; no record of
any patient is public. What is made here is one of very many data sets with the same aggregates. It is not
patient data, and nothing but the published aggregates can be learned from it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from codon12.errors import DesignError
from codon12.simulate.adverse import adverse_events
from codon12.simulate.baseline import Baseline, draw_baseline
from codon12.simulate.biomarkers import Biomarkers, draw_biomarkers
from codon12.simulate.conduct import STUDY, Clock, adverse_event_frame, domain, dosing, subjects, therapies
from codon12.simulate.course import Course, central_course
from codon12.simulate.followup import scans, survival, treatment
from codon12.simulate.readings import central_readings, investigator_readings
from codon12.simulate.tumour import Patient, Tumours

__all__ = ["reconstruct_codebreak100"]

_TRIES = 60


def reconstruct_codebreak100(seed: int = 7) -> dict[str, pl.DataFrame]:
    """Make the records of 126 patients whose analysis gives the published numbers.

    Parameters
    ----------
    seed
        Whole number from 0 on; the same seed gives the same records, another seed another solution.

    Returns
    -------
    dict of polars.DataFrame
        SDTM domain -> records: DM, SUPPDM (measurable disease by central review), SC (subject
        characteristics), CM, EX, DS, SS, AE, TU, TR, RS, MI (PD-L1), GF (KRAS, STK11, KEAP1, TP53, tumour
        mutational burden), TS. Dates are ISO 8601 text; missing values null.

    Raises
    ------
    DesignError
        The search met no solution from this seed; another seed will.

    Notes
    -----
    Start, scans, response, progression, treatment and survival are found by an exact search over the orders of
    events behind the printed landmark estimates and by simulated annealing; baseline, biomarkers and adverse
    events by constrained assignment. Joint distributions that are not published are drawn at random.

    Examples
    --------
    >>> study = reconstruct_codebreak100(7)  # doctest: +SKIP
    >>> study["DM"].height  # doctest: +SKIP
    126
    """
    error = DesignError("no try was made")
    for k in range(_TRIES):
        try:
            return _reconstruct(np.random.default_rng([seed, k]))
        except DesignError as err:
            error = err
    raise DesignError(f"seed {seed}: {error}")


def _reconstruct(rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    course = central_course(rng)
    seen = scans(course, rng)
    follow = treatment(course, seen, rng)
    markers = draw_biomarkers(course, np.isin(course.end, ["PD", "DEATH"]), rng)
    central = central_readings(course, seen, rng)
    investigator = investigator_readings(course, seen, central, follow.reason, rng)
    survival(course, seen, follow, markers["STK11/KEAP1"] == "MT/WT", rng)
    base = draw_baseline(course, rng)
    clock = Clock.of(seen.available)

    tumours = Tumours(STUDY)
    # In the order of the subject numbers, as the other domains are.
    for i in np.argsort(np.array(clock.subject)):
        patient = Patient(
            clock.subject[i],
            [clock.day(i, -int(rng.integers(1, 25))), *(clock.day(i, int(d)) for d in seen.days[i])],
            [int(v) for v in seen.visit[i]],
            bool(base.values["BRAINMET"][i] == "Y"),
            round_base=bool(abs(central[i].depth - 0.6) < 1e-9),
        )
        tumours.add(patient, central[i], investigator[i], rng)

    events, reduced = adverse_events(follow, seen.on_treatment, rng)
    ae, actions = adverse_event_frame(clock, events, seen, follow, rng)
    frames = subjects(clock, base, seen, follow, rng)
    measurable = np.where(course.group == "NOT MEASURABLE", "N", "Y")
    frames["SUPPDM"] = _supplemental(clock, measurable)
    frames["SC"] = _characteristics(clock, base)
    frames["CM"] = therapies(clock, base, follow, rng)
    frames["EX"] = dosing(clock, follow, actions, reduced, rng)
    frames["AE"] = ae
    frames |= tumours.frames()
    frames |= _assays(clock, course, markers)
    frames["TS"] = _trial_summary()
    return frames


def _supplemental(clock: Clock, measurable: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "STUDYID": STUDY,
            "RDOMAIN": "DM",
            "USUBJID": clock.subject,
            "IDVAR": pl.Series([None] * len(clock.subject), dtype=pl.String),
            "IDVARVAL": pl.Series([None] * len(clock.subject), dtype=pl.String),
            "QNAM": "MEASCRFL",
            "QLABEL": "Measurable Disease by Central Review",
            "QVAL": measurable.tolist(),
            "QORIG": "ASSIGNED",
        }
    ).sort("USUBJID")


_CHARACTERISTICS = {
    "SMOKSTAT": "Smoking History",
    "ECOG": "ECOG Performance Status",
    "BRAINMET": "Brain Metastasis",
    "HISTSUB": "Histologic Subtype",
    "METASTAT": "Metastatic Disease",
}


def _characteristics(clock: Clock, base: Baseline) -> pl.DataFrame:
    rows = []
    for i, subject in enumerate(clock.subject):
        values = {code: str(base.values[code][i]) for code in _CHARACTERISTICS}
        values["PRLINES"] = str(base.lines[i])
        rows += [
            {
                "USUBJID": subject,
                "SCTESTCD": code,
                "SCTEST": _CHARACTERISTICS.get(code, "Prior Lines of Systemic Therapy"),
                "SCORRES": value,
                "SCSTRESC": value,
            }
            for code, value in values.items()
            if value
        ]
    return domain("SC", rows)


def _assays(clock: Clock, course: Course, markers: Biomarkers) -> dict[str, pl.DataFrame]:
    """MI and GF, before the first dose; who was not assessed has no record."""
    mi, gf = [], []
    unconfirmed = int(np.flatnonzero((course.group == "SD") & (markers["STK11/KEAP1"] == ""))[0])
    for i, subject in enumerate(clock.subject):
        day = clock.day(i, -20)
        if markers["TPS"][i]:
            mi.append(
                {
                    "USUBJID": subject,
                    "MITESTCD": "PDL1TPS",
                    "MITEST": "PD-L1 Tumor Proportion Score",
                    "MIORRES": str(markers["TPS"][i]),
                    "MIORRESU": "%",
                    "MISTRESC": str(markers["TPS"][i]),
                    "MISTRESN": float(markers["TPS"][i]),
                    "MISPEC": "TISSUE",
                    "MIDTC": day,
                }
            )
        kras = "NOT DETECTED" if i == unconfirmed else "p.G12C"
        rows = [("KRAS", "Variant", kras, "TISSUE")]
        if markers["STK11/KEAP1"][i]:
            stk, keap = str(markers["STK11/KEAP1"][i]).split("/")
            rows += [
                (gene, "Mutation Status", {"MT": "MUTATED", "WT": "WILD TYPE"}[state], "TISSUE OR PLASMA")
                for gene, state in (("STK11", stk), ("KEAP1", keap), ("TP53", str(markers["TP53"][i])))
            ]
        if markers["TMB value"][i]:
            rows.append(("TMB", "Tumor Mutational Burden", str(markers["TMB value"][i]), "TISSUE"))
        gf += [
            {
                "USUBJID": subject,
                "GFTESTCD": gene if gene == "TMB" else "VARIANT" if gene == "KRAS" else "MUTSTAT",
                "GFTEST": test,
                "GFSYM": None if gene == "TMB" else gene,
                "GFORRES": value,
                "GFORRESU": "mut/Mb" if gene == "TMB" else None,
                "GFSTRESC": value,
                "GFSPEC": specimen,
                "GFDTC": day,
            }
            for gene, test, value, specimen in rows
        ]
    return {"MI": domain("MI", mi), "GF": domain("GF", gf)}


def _trial_summary() -> pl.DataFrame:
    rows = (
        (
            "TITLE",
            "Trial Title",
            "Sotorasib in KRAS p.G12C-mutated non-small-cell lung cancer, phase 2: reconstruction",
        ),
        ("NOTICE", "Notice", "Reconstructed from published aggregates; not patient data"),
        ("REGID", "Registry Identifier", "NCT03600883"),
        ("TPHASE", "Trial Phase Classification", "PHASE II TRIAL"),
        ("DCUTDTC", "Data Cutoff Date", "2021-03-15"),
        ("TRT", "Investigational Therapy or Treatment", "SOTORASIB"),
        ("INDIC", "Trial Disease/Condition Indication", "NON-SMALL CELL LUNG CANCER"),
    )
    return pl.DataFrame(
        [{"STUDYID": STUDY, "DOMAIN": "TS", "TSSEQ": 1, "TSPARMCD": c, "TSPARM": p, "TSVAL": v} for c, p, v in rows]
    )
