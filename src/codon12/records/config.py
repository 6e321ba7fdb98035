"""``codon12.toml``: what a study says of itself. Every key has a default; a folder without the file works."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from codon12.errors import ConfigError
from codon12.numbers.rounding import Rounding

__all__ = ["CONFIG_FILE", "Covariate", "StudyConfig", "Subgroup", "TableSource", "read_config"]

CONFIG_FILE = "codon12.toml"


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file whose keys are closed."""


class TableSource(_Closed, frozen=True):
    """Where one table comes from, and what its columns are called there."""

    file: str | None = None
    """File name inside the study folder; found by domain name when left out."""
    sheet: str | None = None
    """Sheet of a workbook; the first when left out."""
    columns: dict[str, str] = {}
    """CDISC name -> name in the file."""
    values: dict[str, dict[str, str]] = {}
    """CDISC name -> {text in the file: text to read it as}."""
    constants: dict[str, str] = {}
    """CDISC name -> one text for all rows."""
    where: str | None = None
    """SQL predicate over the file's own columns: only these rows are read, the others counted."""
    missing: list[str] = []
    """Texts that mean missing in this file, besides the empty one (for example '.' or 'UNKNOWN')."""
    decimal: Literal[".", ","] = "."
    unit: Literal["days", "weeks", "months", "years"] | None = None
    """Unit of the times in a plain time-to-event table."""


class Covariate(_Closed, frozen=True):
    """One value a subject, taken from a table into ADSL: baseline characteristics and biomarkers."""

    table: str | None = None
    """Table to read; left out when `expression` derives it from ADSL columns."""
    where: str | None = None
    """SQL predicate that picks the rows."""
    value: str | None = None
    """Column that holds the value."""
    expression: str | None = None
    """SQL expression over ADSL (earlier covariates included)."""
    pick: Literal["only", "first", "last", "last-before-start", "min", "max", "any"] = "last-before-start"
    """Which row of a subject: `any` gives Y where a row exists, else N."""
    cuts: list[float] = []
    """Ascending lower bounds that cut a number into categories (`[1, 50]`: <1, 1 to <50, >=50)."""
    labels: list[str] = []
    """Category labels, one more than `cuts`; or the order of levels of a text covariate."""
    label: str | None = None
    """Name as printed."""


class Subgroup(_Closed, frozen=True):
    """A subgroup analysis: one ADSL column, its levels in order."""

    variable: str
    label: str | None = None
    levels: list[str] = []
    """Levels to show, in order; all that occur when left out."""
    denominator: str | None = None
    """SQL predicate over ADSL: subjects assessed for this biomarker."""


class StudyConfig(_Closed, frozen=True):
    """All keys of ``codon12.toml``."""

    title: str | None = None
    subtitle: str | None = None
    notice: str | None = None
    """A line printed at the head of every output, e.g. that the data are reconstructed."""
    data_cutoff: dt.date | None = None
    format: Literal["auto", "sdtm", "adam", "tables", "cbioportal"] = "auto"
    evaluator: Literal["central", "investigator", "auto"] = "auto"
    """Whose assessments the primary analyses use; `auto`: central where there is one."""
    start: Literal["randomisation", "treatment", "auto"] = "auto"
    """Time zero; `auto`: randomisation where the study has it, else first dose."""
    tables: dict[str, TableSource] = {}
    treatments: dict[str, str] = {}
    """Treatment as collected -> label as printed, in printing order."""
    by_arm: bool | None = None
    """Columns per treatment arm; by default when more than one arm was treated."""
    populations: dict[str, str] = {}
    """Name -> SQL predicate over ADSL. `enrolled`, `safety`, `response` and `randomised` have defaults."""
    covariates: dict[str, Covariate] = {}
    baseline: list[str] = []
    """ADSL columns of the baseline table, in order; a default set when left out."""
    subgroups: list[Subgroup] = []
    analyses: dict[str, dict[str, Any]] = {}
    """Analysis name -> changed fields; `{drop = true}` leaves it out."""
    response: dict[str, Any] = {}
    """Fields of RecistPolicy; `preset` chooses where to start."""
    survival: dict[str, Any] = {}
    """Fields of CensorRules and the Kaplan-Meier options; `preset` chooses where to start."""
    safety: dict[str, Any] = {}
    """Fields of SafetyPolicy."""
    rounding: Rounding = Rounding()


def read_config(folder: Path) -> StudyConfig:
    """Read ``codon12.toml`` of a study folder; the defaults where there is none.

    Raises
    ------
    ConfigError
        Not valid TOML, an unknown key, or a value of the wrong type; the message names file and key.
    """
    path = folder / CONFIG_FILE
    if not path.is_file():
        return StudyConfig()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{CONFIG_FILE}: not valid TOML: {err}") from None
    try:
        return msgspec.convert(raw, StudyConfig)
    except msgspec.ValidationError as err:
        known = ", ".join(sorted(StudyConfig.__struct_fields__))
        raise ConfigError(f"{CONFIG_FILE}: {err}. Top-level keys: {known}.") from None
