"""Paired samples: what sequencing before treatment and at progression finds of the clones; and the hidden truth."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.simulate.switch.calendar import SCREENING, Calendar
from codon12.simulate.switch.conduct import Trial
from codon12.simulate.switch.draws import uniforms
from codon12.simulate.switch.parameters import ParameterSet

__all__ = ["ASSAY", "genes_read", "paired_samples", "sample_calls", "truth_table"]

ASSAY = "Simulated panel"
DEPTH = 1000
_REPORTED = 5
"""Least reads with a change for it to be called."""
_ACQUIRED = np.array([
    ("{target}", "p.Y96D"), ("{target}", "p.G12D"), ("{target}", "p.G13D"), ("{target}", "p.Q61H"),
    ("NRAS", "p.Q61K"), ("BRAF", "p.V600E"), ("MAP2K1", "p.K57N"),
])  # fmt: skip
"""Changes that an acquired resistant clone may carry: chosen among those seen after such drugs; equal chances."""
_EARLY = np.array([("{target}", "p.Q61H"), ("BRAF", "p.V600E"), ("PIK3CA", "p.E545K"), ("", "")])
"""Changes that the clone resistant from the start may carry; none in the last."""


def _cells(trial: Trial) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of sensitive, resistant, acquired cells, [n, 3], at the start and at progression or the last scan."""
    who = trial.patients
    mass = who.d0**3 * (1 - who.residue)

    def shares(day: NDArray[np.float64]) -> NDArray[np.float64]:
        here = trial.therapy.cells(day[:, None])
        parts = np.stack(
            [(a[:, 0, :] * mass).sum(axis=1) for a in (here.sensitive, here.resistant, here.acquired)], axis=1
        )
        return parts / np.maximum(parts.sum(axis=1, keepdims=True), 1e-300)

    end = np.where(trial.progression >= 0, trial.progression_day, trial.observed).astype(float)
    return shares(np.zeros(who.n)), shares(end)


def paired_samples(parameters: ParameterSet, trial: Trial, *, code: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the samples before treatment and at progression, and the mutations called in them (MAF columns).

    Patients without progression have no later sample. The allele of the target is on one of two copies of every
    tumour cell; a clone's change on one of two of the clone's; reads are binomial.

    Returns
    -------
    tuple
        Samples: USUBJID, SAMPLE, TIME, DTC, ASSAY, SPECIMEN, PURITY, DEPTH. Mutations: Hugo_Symbol, HGVSp_Short,
        Tumor_Sample_Barcode, t_alt_count, t_ref_count, VAF, USUBJID, TIME, ASSAY.
    """
    who, when = trial.patients, Calendar.of(trial, code)
    u = uniforms(who.seed, "samples", who.first, who.n, 24)
    before, after = _cells(trial)
    target = parameters.context.target
    acquired = np.char.replace(_ACQUIRED, "{target}", target)[np.floor(u[:, 0] * len(_ACQUIRED)).astype(int)]
    early = np.char.replace(_EARLY, "{target}", target)[np.floor(u[:, 1] * len(_EARLY)).astype(int)]
    progressed = trial.progression >= 0
    samples, calls = [], []
    times = (
        ("earlier", np.arange(who.n), np.full(who.n, SCREENING - 7), before, 2),
        ("later", np.flatnonzero(progressed), trial.progression_day, after, 3),
    )
    for time, rows, day, cells, column in times:
        purity = np.round(0.25 + 0.5 * u[rows, column], 2)
        names = np.array([f"{s}-{'B' if time == 'earlier' else 'P'}" for s in when.subject[rows]], dtype=str)
        frame = when.rows(rows, day[rows], "DTC").with_columns(
            SAMPLE=pl.Series(names, dtype=pl.String),
            TIME=pl.lit(time),
            ASSAY=pl.lit(ASSAY),
            SPECIMEN=pl.lit("TISSUE"),
            PURITY=pl.Series(purity),
            DEPTH=pl.lit(DEPTH),
        )
        samples.append(frame.select("USUBJID", "SAMPLE", "TIME", "DTC", "ASSAY", "SPECIMEN", "PURITY", "DEPTH"))
        own = np.stack([np.full(who.n, target), np.full(who.n, f"p.{parameters.context.allele}")], axis=1)
        found = ((own, np.ones(who.n)), (early, cells[:, 1]), (acquired, cells[:, 2]))
        for k, (change, share) in enumerate(found):
            expected = share[rows] * purity / 2
            alt = _reads(u[rows, 4 + 6 * (time == "later") + k], expected)
            keep = (alt >= _REPORTED) & (change[rows, 0] != "")
            calls.append(
                pl.DataFrame(
                    {
                        "Hugo_Symbol": change[rows, 0],
                        "HGVSp_Short": change[rows, 1],
                        "Tumor_Sample_Barcode": names,
                        "t_alt_count": alt,
                        "t_ref_count": DEPTH - alt,
                        "VAF": np.round(alt / DEPTH, 4),
                        "USUBJID": when.subject[rows],
                        "TIME": [time] * rows.size,
                        "ASSAY": [ASSAY] * rows.size,
                    }
                ).filter(pl.Series(keep, dtype=pl.Boolean))
            )
    key = ["USUBJID", "TIME"]
    order = [*key, "Hugo_Symbol", "HGVSp_Short"]
    # A change that two clones carry is one call with both their reads.
    merged = (
        pl.concat(calls)
        .group_by("Hugo_Symbol", "HGVSp_Short", "Tumor_Sample_Barcode", "USUBJID", "TIME", "ASSAY")
        .agg(pl.col("t_alt_count").sum().clip(0, DEPTH))
        .with_columns(t_ref_count=DEPTH - pl.col("t_alt_count"), VAF=(pl.col("t_alt_count") / DEPTH).round(4))
        .select(calls[0].columns)
        .sort(order)
    )
    return pl.concat(samples).sort(key), merged


def sample_calls(mutations: pl.DataFrame) -> pl.DataFrame:
    """Give the calls as codon12 compares pairs by: SAMPLE_ID, GENE, KIND, PROTEIN, VAF."""
    return mutations.select(
        SAMPLE_ID="Tumor_Sample_Barcode", GENE="Hugo_Symbol", KIND=pl.lit("mutation"), PROTEIN="HGVSp_Short", VAF="VAF"
    )


def genes_read(parameters: ParameterSet) -> list[str]:
    """Genes that the simulated panel reads."""
    target = parameters.context.target
    named = {str(gene).replace("{target}", target) for gene, _ in (*_ACQUIRED, *_EARLY)}
    return sorted(named - {""} | {target})


def _reads(u: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.int64]:
    """Binomial reads by inversion of their normal approximation, continuity corrected; none where there are none."""
    from scipy.special import ndtri

    mean = DEPTH * share
    drawn = np.floor(mean + ndtri(u) * np.sqrt(mean * (1 - share)) + 0.5)
    return np.where(share <= 0, 0, np.clip(drawn, 0, DEPTH)).astype(np.int64)


def truth_table(trial: Trial, *, code: str) -> pl.DataFrame:
    """Give what only the simulation knows, one row a patient; days from the first dose, null beyond follow-up."""
    who, when = trial.patients, Calendar.of(trial, code)
    before, after = _cells(trial)

    def known(days: NDArray[np.float64]) -> pl.Series:
        return pl.DataFrame({"d": np.round(days, 3)}).select(pl.when(pl.col("d").is_finite()).then("d"))["d"]

    return pl.DataFrame(
        {
            "USUBJID": when.subject,
            "INHIBITION": trial.inhibition,
            "BOUND": trial.bound,
            "KILL_PER_DAY": trial.therapy.kills[:, 0],
            "GROWTH_SENSITIVE": who.gS,
            "GROWTH_RESISTANT": who.gR,
            "DEPENDENCE": who.dependence,
            "DEATH_DAY": known(trial.death),
            "NEW_LESION_DAY": known(trial.new_lesion),
            "RESISTANT_SHARE_START": before[:, 1],
            "SENSITIVE_SHARE_END": after[:, 0],
            "RESISTANT_SHARE_END": after[:, 1],
            "ACQUIRED_SHARE_END": after[:, 2],
            **{f"{k.upper()}": v for k, v in who.pharmacology.items()},
            **{f"LESION{j + 1}_MM": who.d0[:, j] for j in range(who.d0.shape[1])},
            **{f"LESION{j + 1}_RESIDUE": who.residue[:, j] for j in range(who.d0.shape[1])},
        }
    )
