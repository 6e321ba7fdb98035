"""``codon12.toml``: what a study says of itself. Every key has a default; a folder without the file works."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import msgspec

from codon12.errors import ConfigError
from codon12.numbers.rounding import Rounding
from codon12.numbers.spelling import Language
from codon12.records.config.biomarkers import AssaySource, Biomarker, MeasureSource, check_biomarkers
from codon12.records.config.endpoints import Endpoint, endpoints_of
from codon12.records.config.match import MatchSource
from codon12.records.config.resistance import ResistanceSource
from codon12.records.config.tables import JoinSource, SubjectLink, TableSource, TimeSource, check_source

__all__ = [
    "CONFIG_FILE",
    "Covariate",
    "JoinSource",
    "StudyConfig",
    "Subgroup",
    "SubjectLink",
    "TableSource",
    "TimeSource",
    "read_config",
    "sources_of",
]

CONFIG_FILE = "codon12.toml"


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file whose keys are closed."""


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
    assumed: list[str] = []
    """What `codon12 init` took where nobody answered its question; each is a finding of the report."""
    language: Language = "en-GB"
    """Spelling of everything printed: British, or American (`en-US`)."""
    data_cutoff: dt.date | None = None
    format: Literal["auto", "sdtm", "adam", "tables", "cbioportal"] = "auto"
    evaluator: Literal["central", "investigator", "auto"] = "auto"
    """Whose assessments the primary analyses use, of those read; `auto`: central where there is one. `[response]
    evaluator` reads those of one evaluator alone."""
    start: Literal["randomisation", "treatment", "auto"] = "auto"
    """Time zero; `auto`: randomisation where the study has it, else first dose."""
    tables: dict[str, TableSource | list[TableSource]] = {}
    """Table -> its source, or several that are read one below the other (`[[tables.ADSL]]`)."""
    treatments: dict[str, str] = {}
    """Treatment as collected -> label as printed, in printing order."""
    by_arm: bool | None = None
    """Columns per treatment arm; by default when more than one arm was treated."""
    populations: dict[str, str] = {}
    """Name -> SQL predicate over ADSL. `enrolled`, `safety`, `response` and `randomised` have defaults."""
    covariates: dict[str, Covariate] = {}
    biomarkers: dict[str, str | Biomarker] = {}
    """ADSL column -> what it answers, from calls, tests and scores; a text is a question."""
    measures: dict[str, MeasureSource] = {}
    assays: dict[str, AssaySource] = {}
    """Assay, as the data name it -> what it reaches."""
    match: MatchSource = MatchSource()
    """Facts by which statements and trials are matched, and what is assumed of every subject."""
    baseline: list[str] = []
    """ADSL columns of the baseline table, in order; a default set when left out."""
    subgroups: list[Subgroup] = []
    endpoints: dict[str, Endpoint] = {}
    """PARAMCD -> a time to event that is not among those known (`config.endpoints`), or one described anew."""
    analyses: dict[str, dict[str, Any]] = {}
    """Analysis name -> changed fields; `{drop = true}` leaves it out."""
    new_therapy: dict[str, str] = {}
    """CM or PR -> SQL predicate over its columns: the rows that are new anti-cancer therapy. By default those whose
    category, sub-category or class says so."""
    response: dict[str, Any] = {}
    """Fields of RecistPolicy; `preset` chooses where to start."""
    survival: dict[str, Any] = {}
    """Fields of CensorRules and the Kaplan-Meier options; `preset` chooses where to start."""
    safety: dict[str, Any] = {}
    """Fields of SafetyPolicy."""
    resistance: ResistanceSource = ResistanceSource()
    """How responses ended: where doses, sites, therapies and samples stand, and for which drug."""
    rounding: Rounding = Rounding()


def read_config(place: Path) -> StudyConfig:
    """Read a configuration: the ``codon12.toml`` of a study folder, or a file of that kind anywhere.

    A folder without one has the defaults.

    Raises
    ------
    ConfigError
        No such file, not valid TOML, an unknown key, or a value of the wrong type; the message names file and key.
    """
    path = place / CONFIG_FILE if place.is_dir() else place
    if not path.is_file():
        if place.is_dir():
            return StudyConfig()
        raise ConfigError(f"{place}: no such configuration file; see docs/configuration.md for what it holds")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{CONFIG_FILE}: not valid TOML: {err}") from None
    config = _convert(raw)
    _check(config)
    # the columns that they become are in capitals, and so is what asks for their labels
    return msgspec.structs.replace(config, covariates={n.upper(): c for n, c in config.covariates.items()})


def _convert(raw: dict[str, Any]) -> StudyConfig:
    try:
        return msgspec.convert(raw, StudyConfig)
    except msgspec.ValidationError as err:
        message, _, place = str(err).partition(" - at ")
        key = place.strip("`").removeprefix("$").removeprefix(".").replace("[...]", "")
        # msgspec names the type of a dict's values, not the key at fault: find it by trying each on its own.
        key = _key_at_fault(raw, key)
        known = ", ".join(_known_keys(key))
        where = f"key {key}" if key else "top level"
        raise ConfigError(
            f"{CONFIG_FILE}, {where}: {message}.{_nearest(message, key)} Keys known there: {known}."
        ) from None


def _nearest(message: str, key: str) -> str:
    """Name the key that an unknown one may stand for."""
    unknown = re.search(r"unknown field `(.+)`", message)
    near = get_close_matches(unknown[1], _known_keys(key), n=1) if unknown else []
    return f" Did you mean '{near[0]}'?" if near else ""


_STRUCTS: dict[str, Any] = {
    "covariates": Covariate,
    "tables": TableSource | list[TableSource],
    "biomarkers": str | Biomarker,
    "measures": MeasureSource,
    "assays": AssaySource,
    "endpoints": Endpoint,
}


def _key_at_fault(raw: dict[str, Any], key: str) -> str:
    top, _, rest = re.sub(r"\[\d+\]", "", key).partition(".")
    if top not in _STRUCTS or not isinstance(raw.get(top), dict):
        return key
    for name, value in raw[top].items():
        try:
            msgspec.convert(value, _STRUCTS[top])
        except msgspec.ValidationError:
            return f"{top}.{name}" + (f".{rest}" if rest and rest != name else "")
    return key


def _known_keys(key: str) -> list[str]:
    top = re.split(r"[.\[]", key, maxsplit=1)[0]
    if key.count(".") >= 2 and ".times" in key:
        return sorted(TimeSource.__struct_fields__)
    structs = {
        "tables": TableSource,
        "covariates": Covariate,
        "subgroups": Subgroup,
        "rounding": Rounding,
        "biomarkers": Biomarker,
        "measures": MeasureSource,
        "assays": AssaySource,
        "endpoints": Endpoint,
    }
    return sorted(structs.get(top, StudyConfig).__struct_fields__)


def sources_of(config: StudyConfig, table: str) -> list[TableSource]:
    """Give the sources that ``codon12.toml`` names for a table, in order; empty where it names none.

    Examples
    --------
    >>> sources_of(StudyConfig(tables={"TR": TableSource(file="tr_onco.csv")}), "TR")[0].file
    'tr_onco.csv'
    """
    found = next((s for name, s in config.tables.items() if name.upper() == table.upper()), [])
    return found if isinstance(found, list) else [found]


_OF_SQL = (
    *("SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "NULL", "IS", "IN", "LIKE", "CASE", "WHEN", "THEN", "ELSE", "END"),
    *("BETWEEN", "TRUE", "FALSE", "AS", "CAST", "EXISTS", "ALL", "ANY"),
)
"""Words that are no names in a predicate."""


def _check(config: StudyConfig) -> None:
    """Refuse what types alone cannot: counts that do not fit, keys that exclude each other."""
    for name, cov in config.covariates.items():
        key = f"{CONFIG_FILE}, key covariates.{name}"
        if not name.isidentifier() or name.upper() in _OF_SQL:
            raise ConfigError(f"{key}: letters, digits and _ make the name of a column; what is printed is its 'label'")
        if sum(n.upper() == name.upper() for n in config.covariates) > 1:
            raise ConfigError(f"{key}: the name is given twice in different case")
        if (cov.table is None) == (cov.expression is None):
            raise ConfigError(f"{key}: give either 'table' or 'expression'")
        if cov.table is not None and cov.value is None and cov.pick != "any":
            raise ConfigError(f"{key}: 'value' must name a column of {cov.table} (or pick = \"any\")")
        if cov.cuts != sorted(set(cov.cuts)):
            raise ConfigError(f"{key}.cuts: must ascend without repeats, got {cov.cuts}")
        if cov.cuts and cov.labels and len(cov.labels) != len(cov.cuts) + 1:
            raise ConfigError(
                f"{key}.labels: {len(cov.cuts)} cuts make {len(cov.cuts) + 1} categories, got {len(cov.labels)} labels"
            )
        if len(set(cov.labels)) != len(cov.labels):
            raise ConfigError(f"{key}.labels: must differ from each other, got {cov.labels}")
    endpoints_of(config.endpoints)
    check_biomarkers(config.biomarkers, config.measures, config.assays, taken=config.covariates)
    for table in config.tables:
        for source in sources_of(config, table):
            check_source(source, where=f"{CONFIG_FILE}, key tables.{table}")
    upper = [t.upper() for t in config.tables]
    if len(set(upper)) != len(upper):
        raise ConfigError(f"{CONFIG_FILE}, key tables: a table is given twice in different case")
