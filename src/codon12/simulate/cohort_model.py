"""The mechanism of a generated cohort: every size, prevalence, dependence and hazard, as one frozen policy."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from codon12.errors import ConfigError, InputError
from codon12.policy import Policy
from codon12.simulate.cohort_default import DEFAULT_GENES, DEFAULT_PANELS
from codon12.simulate.cohort_parts import Chance, GeneModel, PanelModel, Terms

__all__ = ["BurdenModel", "CohortModel", "ExpressionModel", "Hazard", "SequencingModel", "TreatmentModel", "read_model"]


class ExpressionModel(Policy, frozen=True):
    """A protein scored in percent of tumour cells: none, low or high, and whether it was measured."""

    name: Annotated[
        Literal["TPS", "CPS", "TC", "IC"], msgspec.Meta(description="The expression score is a {value}:")
    ] = "TPS"
    label: Annotated[str, msgspec.Meta(description="{value},")] = "PD-L1 TPS"
    assay: Annotated[str, msgspec.Meta(description="stained with {value}.")] = "22C3"
    cuts: Annotated[
        tuple[int, int], msgspec.Meta(description="Categories begin at {value} percent; below the first it is zero.")
    ] = (1, 50)
    any: Annotated[Chance, msgspec.Meta(description="The chance of any expression.")] = Chance(
        at_zero=0.58, terms={"KRAS": 0.35, "STK11": -1.0, "EVER": 0.2}
    )
    high: Annotated[Chance, msgspec.Meta(description="The chance that some expression is high.")] = Chance(
        at_zero=0.47, terms={"KRAS": 0.25, "STK11": -0.5, "TP53": 0.3}
    )
    low_shape: Annotated[
        tuple[float, float], msgspec.Meta(description="Low scores are beta({value}) between the cut-offs.")
    ] = (0.7, 1.7)
    high_shape: Annotated[
        tuple[float, float], msgspec.Meta(description="High scores are beta({value}) from the upper cut-off to 100.")
    ] = (1.2, 1.0)
    missing: Annotated[Chance, msgspec.Meta(description="The chance that it was not measured.")] = Chance(
        at_zero=0.22, terms={"YEAR": -0.3}
    )


class BurdenModel(Policy, frozen=True):
    """Mutations that come with the tumour's history: how many, and which bases are exchanged."""

    signature: Annotated[Chance, msgspec.Meta(description="The chance of a tobacco signature.")] = Chance(
        at_zero=0.05, terms={"EVER": 3.8}
    )
    median: Annotated[
        float, msgspec.Meta(gt=0, description="The median burden is {value} mutations per megabase at terms of zero,")
    ] = 3.0
    terms: Annotated[Terms, msgspec.Meta(description="multiplied by exp of {value},")] = msgspec.field(
        default_factory=dict
    )
    spread: Annotated[float, msgspec.Meta(ge=0, description="log-normal with a standard deviation of {value}.")] = 0.55
    tobacco: Annotated[
        tuple[float, float, float, float, float, float],
        msgspec.Meta(description="With the signature C>A, C>G, C>T, T>A, T>C, T>G go as {value},"),
    ] = (0.45, 0.14, 0.22, 0.08, 0.07, 0.04)
    ageing: Annotated[
        tuple[float, float, float, float, float, float], msgspec.Meta(description="without it as {value}.")
    ] = (0.15, 0.10, 0.47, 0.07, 0.16, 0.05)
    depth: Annotated[int, msgspec.Meta(ge=1, description="Reads are {value} deep on average.")] = 500


class TreatmentModel(Policy, frozen=True):
    """Two first-line treatments, and who was given which."""

    control: Annotated[str, msgspec.Meta(description="First-line treatment is {value}")] = "Platinum doublet"
    active: Annotated[str, msgspec.Meta(description="or {value} (ACTIVE).")] = "Pembrolizumab"
    choice: Annotated[
        Chance, msgspec.Meta(description="The chance of the latter; it sees measured expression alone.")
    ] = Chance(
        at_zero=0.10, terms={"TPS1": 0.5, "TPS50": 2.6, "TPS_UNKNOWN": 0.3, "YEAR": 0.22, "ECOG1": 0.4, "ECOG2": 1.8}
    )
    second_line: Annotated[
        float, msgspec.Meta(ge=0, le=1, description="Of those alive after progression a share of {value} goes on")
    ] = 0.55
    after_control: Annotated[str, msgspec.Meta(description="with {value}")] = "Nivolumab"
    after_active: Annotated[str, msgspec.Meta(description="or, after the latter, {value}; it changes no hazard.")] = (
        "Platinum doublet"
    )


class Hazard(Policy, frozen=True):
    """A Weibull time with proportional hazards."""

    median: Annotated[float, msgspec.Meta(gt=0, description="Median {value} months where every term is zero,")]
    shape: Annotated[float, msgspec.Meta(gt=0, description="shape {value},")]
    terms: Annotated[Terms, msgspec.Meta(description="log hazard ratios {value}.")]


class SequencingModel(Policy, frozen=True):
    """When a tumour was sequenced: before treatment, or later, and then only of those still followed."""

    late: Annotated[Chance, msgspec.Meta(description="The chance of sequencing after the start of treatment.")] = (
        Chance(at_zero=0.40, terms={"ACTIVE": -0.7, "YEAR": -0.15})
    )
    delay: Annotated[float, msgspec.Meta(gt=0, description="Its delay is exponential with mean {value} months.")] = 9.0


class CohortModel(Policy, frozen=True):
    """A registry cohort: who enters, what their tumours carry, how they are tested, treated and followed.

    Terms of a chance or hazard name columns: YEAR (since the first), AGE10 (decades over 65), FEMALE, EVER (smoker),
    ECOG1, ECOG2, SIGNATURE, each gene, the expression categories (TPS1, TPS50), ACTIVE, and products ``ACTIVE:KRAS``.
    """

    study: Annotated[str, msgspec.Meta(description="The study is called {value}:")] = "luad_codon12_generated"
    title: Annotated[str, msgspec.Meta(description="{value},")] = (
        "KRAS, PD-L1 and survival on first-line treatment of lung adenocarcinoma"
    )
    cancer: Annotated[str, msgspec.Meta(description="tumours of type {value},")] = "Non-Small Cell Lung Cancer"
    detailed: Annotated[str, msgspec.Meta(description="in detail {value},")] = "Lung Adenocarcinoma"
    oncotree: Annotated[str, msgspec.Meta(description="OncoTree {value}.")] = "LUAD"
    patients: Annotated[int, msgspec.Meta(ge=1, description="The registry holds {value} patients,")] = 400
    first_year: Annotated[int, msgspec.Meta(ge=1900, description="whose treatment began from {value}")] = 2016
    last_year: Annotated[int, msgspec.Meta(ge=1900, description="to {value}, evenly,")] = 2021
    data_cutoff: Annotated[dt.date, msgspec.Meta(description="followed to {value}.")] = dt.date(2022, 12, 31)
    lost: Annotated[float, msgspec.Meta(ge=0, description="Follow-up is lost at a rate of {value} a year.")] = 0.04
    female: Annotated[float, msgspec.Meta(ge=0, le=1, description="A share of {value} are women.")] = 0.48
    age: Annotated[tuple[float, float], msgspec.Meta(description="Age is normal with mean and deviation {value}.")] = (
        67.0,
        9.5,
    )
    smoking: Annotated[
        tuple[float, float, float], msgspec.Meta(description="Never, former and current smokers are as {value}.")
    ] = (0.16, 0.50, 0.34)
    ecog: Annotated[tuple[float, float, float], msgspec.Meta(description="ECOG status 0, 1 and 2 are as {value}.")] = (
        0.33,
        0.50,
        0.17,
    )
    genes: Annotated[
        tuple[GeneModel, ...],
        msgspec.Meta(description="Genes are drawn in order, each given those before; the first is the question's."),
    ] = DEFAULT_GENES
    expression: Annotated[ExpressionModel, msgspec.Meta(description="One expression score is measured.")] = (
        ExpressionModel()
    )
    burden: Annotated[BurdenModel, msgspec.Meta(description="Further mutations follow a burden.")] = BurdenModel(
        terms={"SIGNATURE": 1.05}
    )
    panels: Annotated[
        tuple[PanelModel, ...], msgspec.Meta(description="Each patient's tumour was read with one panel or with none.")
    ] = DEFAULT_PANELS
    treatment: Annotated[TreatmentModel, msgspec.Meta(description="Treatment was chosen, not randomised.")] = (
        TreatmentModel()
    )
    death: Annotated[Hazard, msgspec.Meta(description="Death has a Weibull hazard.")] = Hazard(
        median=18.0,
        shape=1.1,
        terms={
            "KRAS": 0.10,
            "STK11": 0.40,
            "KEAP1": 0.40,
            "TP53": 0.10,
            "TPS1": 0.15,
            "TPS50": 0.40,
            "ECOG1": 0.30,
            "ECOG2": 0.95,
            "AGE10": 0.10,
            "ACTIVE": -0.10,
            "ACTIVE:TPS1": -0.20,
            "ACTIVE:TPS50": -0.65,
            "ACTIVE:KRAS": -0.25,
        },
    )
    progression: Annotated[
        Hazard, msgspec.Meta(description="Progression has another; what comes first ends progression-free survival.")
    ] = Hazard(
        median=10.0,
        shape=1.15,
        terms={
            "KRAS": 0.05,
            "STK11": 0.35,
            "KEAP1": 0.30,
            "TPS50": 0.10,
            "ECOG2": 0.30,
            "ACTIVE": 0.05,
            "ACTIVE:TPS1": -0.25,
            "ACTIVE:TPS50": -0.65,
            "ACTIVE:KRAS": -0.20,
        },
    )
    sequencing: Annotated[SequencingModel, msgspec.Meta(description="Some tumours were sequenced late.")] = (
        SequencingModel()
    )
    copy_number: Annotated[
        dict[str, float], msgspec.Meta(description="Amplified (above zero) or deleted genes are as {value}.")
    ] = msgspec.field(default_factory=lambda: {"CDKN2A": -0.08, "EGFR": 0.03, "MET": 0.03, "MYC": 0.04})
    fusions: Annotated[
        dict[str, float], msgspec.Meta(description="Fusions, in tumours without the tobacco signature, are as {value}.")
    ] = msgspec.field(default_factory=lambda: {"CD74-ROS1": 0.03, "KIF5B-RET": 0.05})
    flaws: Annotated[
        tuple[Literal["score-text", "old-symbol", "repeated-sample", "unknown-patient", "score-over-100"], ...],
        msgspec.Meta(description="Flaws put into the files: {value}."),
    ] = ()


def read_model(path: Path) -> CohortModel:
    """Read a TOML file with the fields of `CohortModel` that differ from its defaults.

    A table such as ``[treatment]`` changes the fields it names and leaves the others of that part as they are;
    ``genes``, ``panels`` and ``terms`` are replaced whole.

    Raises
    ------
    InputError
        The file cannot be read.
    ConfigError
        Not valid TOML, an unknown key or a value of the wrong type; the message names it.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as err:
        raise InputError(f"{path}: cannot be read: {err.strerror or err}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path.name}: not valid TOML: {err}") from None
    values = {}
    for key, value in raw.items():
        own = getattr(CohortModel(), key, None)
        part = msgspec.structs.asdict(own) if isinstance(own, Policy) and isinstance(value, dict) else {}
        values[key] = {**{k: msgspec.to_builtins(v) for k, v in part.items()}, **value} if part else value
    return CohortModel.of(values, where=path.name)
