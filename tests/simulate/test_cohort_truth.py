"""A large generated cohort gives its truth back, to who adjusts for what was chosen and counts from entry."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
import pytest

from codon12.simulate import Chance, CohortModel, SequencingModel, simulate_cohort
from codon12.survival import CoxFit, cox, kaplan_meier

MODEL = CohortModel(patients=20_000)


def observed(cohort) -> pl.DataFrame:
    """What a reader of the files knows: null where no test read the gene, or the score was not measured."""
    tables = cohort.tables
    patient, sample = tables["clinical_patient"], tables["clinical_sample"]
    frame = patient.join(sample, on="PATIENT_ID")
    for gene in (g.gene for g in MODEL.genes):
        reading = [p.name for p in MODEL.panels if gene in p.genes]
        rows = tables["mutations"].filter(Hugo_Symbol=gene)["Tumor_Sample_Barcode"].unique()
        hit = pl.col("SAMPLE_ID").is_in(rows.implode()).cast(pl.Float64)
        frame = frame.with_columns(pl.when(pl.col("GENE_PANEL").is_in(reading)).then(hit).alias(gene))
    one, two = MODEL.expression.cuts
    score = pl.col("TPS")
    frame = frame.with_columns(
        MONTHS=pl.col("OS_MONTHS"),
        DEAD=pl.col("OS_STATUS") == "1:DECEASED",
        ENTRYMO=pl.col("SEQ_MONTHS").clip(0),
        TPS1=((score >= one) & (score < two)).cast(pl.Float64),
        TPS50=(score >= two).cast(pl.Float64),
        ECOG1=(pl.col("ECOG") == 1).cast(pl.Float64),
        ECOG2=(pl.col("ECOG") == 2).cast(pl.Float64),
        AGE10=(pl.col("AGE") - 65) / 10,
        ACTIVE=(pl.col("FIRST_LINE") == MODEL.treatment.active).cast(pl.Float64),
    )
    return frame.filter(pl.col("ENTRYMO") < pl.col("MONTHS"))


def fitted(frame: pl.DataFrame, terms: list[str], *, entry: bool = True) -> CoxFit:
    return cox(frame, time="MONTHS", event="DEAD", terms=terms, entry="ENTRYMO" if entry else None)


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return observed(simulate_cohort(MODEL, seed=3))


def standard_error(fit: CoxFit, place: int) -> float:
    return float(np.sqrt(fit.covariance[place, place]))


def test_the_cox_model_of_the_mechanism_gives_every_log_hazard_ratio_within_three_standard_errors(frame):
    terms = list(MODEL.death.terms)
    fit = fitted(frame, terms)
    assert fit.n > 9_000
    for k, (term, truth) in enumerate(MODEL.death.terms.items()):
        assert abs(fit.coef[k] - truth) < 3 * standard_error(fit, k), term


def test_missing_values_are_missing_by_design_so_complete_cases_do_not_bias(frame):
    assert 0.05 < frame["TPS"].is_null().mean() < 0.2
    assert frame["KEAP1"].is_null().mean() > 0.3
    assert frame["KRAS"].is_null().mean() < 0.2


def test_treatment_alone_misses_what_adjustment_finds_confounding_by_indication(frame):
    complete = frame.drop_nulls(["KRAS", "STK11", "KEAP1", "TP53", "TPS"])
    confounders = ["KRAS", "STK11", "KEAP1", "TP53", "TPS1", "TPS50", "ECOG1", "ECOG2", "AGE10"]
    alone, adjusted = fitted(complete, ["ACTIVE"]), fitted(complete, ["ACTIVE", *confounders])
    assert alone.coef[0] - adjusted.coef[0] > 3 * standard_error(adjusted, 0)
    fit_share = frame.group_by("ACTIVE").agg(pl.col("TPS50").mean(), pl.col("ECOG2").mean()).sort("ACTIVE")
    assert fit_share["TPS50"][1] > 2 * fit_share["TPS50"][0]
    assert fit_share["ECOG2"][1] > fit_share["ECOG2"][0]


def test_late_entry_ignored_makes_survival_look_longer_and_counted_gives_it_back(frame):
    everybody = msgspec.structs.replace(MODEL, sequencing=SequencingModel(late=Chance(at_zero=0.0)))
    source = observed(simulate_cohort(everybody, seed=5))

    def median(rows: pl.DataFrame, *, entry: bool) -> float:
        from_entry = rows["ENTRYMO"].to_numpy() if entry else None
        curve = kaplan_meier(rows["MONTHS"].to_numpy(), rows["DEAD"].to_numpy(), entry=from_entry)
        return curve["all"].median().value

    true, right, wrong = median(source, entry=False), median(frame, entry=True), median(frame, entry=False)
    assert wrong > true + 0.6
    assert abs(right - true) < 0.4
    # the control treatment was sequenced late more often: its immortal time hides a part of the effect
    assert fitted(frame, ["ACTIVE"], entry=False).coef[0] > fitted(frame, ["ACTIVE"]).coef[0] + 0.02
