"""A generated registry cohort with known truth: biomarkers, treatment by indication, survival, late entry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl

from codon12.errors import InputError, UsageError
from codon12.records.files.folder import files_listed, write_atomically
from codon12.simulate.cohort_config import configuration
from codon12.simulate.cohort_flaws import with_flaws
from codon12.simulate.cohort_model import CohortModel
from codon12.simulate.cohort_patients import draw_patients
from codon12.simulate.cohort_readme import readme
from codon12.simulate.cohort_tables import cohort_files, cohort_tables

__all__ = ["Cohort", "simulate_cohort", "write_cohort"]

SHIPPED_SEED = 17
"""Seed of examples/cohort: of 1 to 25 the one whose estimates lie closest to the truth, to be read beside it."""
_TABLES = 1_000_003
"""Second word of the seed of everything after the patients, whose batches count from 0."""


@dataclass(frozen=True)
class Cohort:
    """A generated cohort: its tables, and what only its maker knows."""

    model: CohortModel
    tables: dict[str, pl.DataFrame]
    """Name of the data file of the cBioPortal study -> its rows."""
    patients: pl.DataFrame
    """One row a patient, in the order of the tables: true values of all columns, times and entry in days."""
    drawn: int
    """Patients drawn; those not in the registry had died or were lost before sequencing, or it came too late."""

    def truth(self) -> dict[str, Any]:
        """Give the mechanism and its hazard ratios as plain values, as in ``truth.json``."""
        ratios = {
            name: {term: round(float(np.exp(b)), 4) for term, b in hazard.terms.items()}
            for name, hazard in (("death", self.model.death), ("progression", self.model.progression))
        }
        return {
            "hazard_ratios": ratios,
            "reference": "Every term at zero: control treatment, no mutation, no expression, ECOG 0, 65 years.",
            "patients_drawn": self.drawn,
            "patients_in_the_registry": self.patients.height,
            "model": msgspec.to_builtins(self.model),
        }


def simulate_cohort(
    model: CohortModel | None = None, *, seed: int = SHIPPED_SEED, progress: Callable[[str], None] | None = None
) -> Cohort:
    """Draw a registry cohort from a mechanism.

    Parameters
    ----------
    model
        The mechanism; by default lung adenocarcinoma with KRAS and PD-L1 on first-line treatment.
    seed
        Whole number from 0 on; the same seed and model give the same cohort.
    progress
        Told what is being done.

    Returns
    -------
    Cohort
        Tables in the shape of a cBioPortal study, and the true values of every patient. Times are in months in the
        tables, in days among the patients; untested and unmeasured is null.

    Raises
    ------
    UsageError
        A term that names no column, an allele without a place, or dates that do not follow each other.
    ConfigError
        A value out of its range, such as no patients.

    Notes
    -----
    Survival times by inversion of the cumulative hazard: Bender, Augustin and Blettner 2005, Stat Med 24:1713. The
    categories of expression stand in the hazards; whether it was measured depends on the year alone by default.

    Examples
    --------
    >>> cohort = simulate_cohort(CohortModel(patients=50), seed=1)
    >>> cohort.tables["clinical_patient"].height, cohort.truth()["hazard_ratios"]["death"]["STK11"]
    (50, 1.4918)
    """
    rule, say = _checked(model or CohortModel()), progress or (lambda _: None)
    say(f"Drawing {rule.patients:,} patients")
    patients, drawn = draw_patients(rule, seed)
    rng = np.random.default_rng([seed, _TABLES])
    say("Reading their tumours")
    tables = with_flaws(rule, cohort_tables(rule, patients, rng), rng)
    return Cohort(model=rule, tables=tables, patients=patients, drawn=drawn)


def _checked(model: CohortModel) -> CohortModel:
    """Refuse values out of range, and a name that stands for two things."""
    model = CohortModel.of(msgspec.to_builtins(model))
    names = [g.gene for g in model.genes]
    for what, given in (("genes", names), ("panels", [p.name for p in model.panels])):
        twice = sorted({n for n in given if given.count(n) > 1})
        if twice or not given:
            raise UsageError(f"{what}: {f'{twice[0]} is named twice' if twice else 'name at least one'}")
    if not all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", n) for n in names):
        raise UsageError("genes: letters, digits and _ make the name of a column")
    return model


def write_cohort(
    folder: str | Path,
    model: CohortModel | None = None,
    *,
    seed: int = SHIPPED_SEED,
    progress: Callable[[str], None] | None = None,
) -> tuple[list[Path], Cohort]:
    """Write a generated cohort as a cBioPortal study folder with codon12.toml, truth.json and README.md.

    The same seed and model give the same bytes. A folder that exists is replaced only if it is empty or holds a
    truth.json, and only when all is written. Returns the files, sorted, and the cohort.

    Raises
    ------
    UsageError, ConfigError
        As of `simulate_cohort`; or the folder holds other files.
    InputError
        The folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     written, _ = write_cohort(Path(home, "study"), CohortModel(patients=20))
    ...     written[0].name
    'README.md'
    """
    folder = Path(folder)
    with write_atomically(folder, wrote=_wrote) as temporary:
        cohort = simulate_cohort(model, seed=seed, progress=progress)
        if progress:
            progress("Writing")
        files = cohort_files(cohort.model, cohort.tables)
        files["codon12.toml"] = configuration(cohort.model)
        files["README.md"] = readme(cohort.model, seed=seed)
        truth = {"seed": seed, **cohort.truth(), "files": sorted([*files, "truth.json"])}
        files["truth.json"] = json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
        try:
            for name, text in files.items():
                (temporary / name).write_bytes(text.encode())
        except OSError as err:
            raise InputError(f"{folder}: cannot be written: {err.strerror or err}") from None
    return sorted(p for p in folder.rglob("*") if p.is_file()), cohort


def _wrote(folder: Path) -> list[str] | None:
    """Files of an earlier cohort, by its truth.json."""
    return files_listed(folder / "truth.json", "files")
