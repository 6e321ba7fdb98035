"""The ``codon12.toml`` that stands beside exported data, so that codon12 reads them to the same numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.records import StudyConfig, TableSource
from codon12.records.config import Covariate
from codon12.standards.datasets import Dataset

__all__ = ["adam_config", "named_files", "sdtm_config"]

_FOUND_BY_NAME = re.compile(r"[A-Z]{2}|SUPP[A-Z]{2}\d?")


def sdtm_config(config: StudyConfig, before: Sequence[Dataset], after: Sequence[Dataset], suffix: str) -> StudyConfig:
    """Configuration of exported SDTM: that of the study, whose tables need no mapping but of shortened names."""
    tables = {}
    for old, new in zip(before, after, strict=True):
        renamed = {o.name: n.name for o, n in zip(old.columns, new.columns, strict=True) if o.name != n.name}
        if renamed or old.name != new.name or not _FOUND_BY_NAME.fullmatch(old.name):
            tables[old.name] = TableSource(file=f"{new.name.lower()}{suffix}", columns=renamed)
    return msgspec.structs.replace(config, tables=tables, format="sdtm")


def adam_config(evidence: Any, data: Sequence[Dataset]) -> StudyConfig:
    """Configuration of exported ADaM: what the analyses need, and the names of columns and parameters in codon12."""
    config: StudyConfig = evidence.context.config
    default = StudyConfig()
    tables = {}
    for one in data:
        names = {c.source: c.name for c in one.columns if c.source and c.source != c.name}
        values = _parameters(one, evidence)
        if names or values:
            tables[one.name] = TableSource(columns=names, values={"PARAMCD": values} if values else {})
    subgroups = [
        msgspec.structs.replace(
            s,
            levels=s.levels or _levels(evidence.frames["adsl"], s.variable),
            label=s.label or getattr(config.covariates.get(s.variable), "label", None),
        )
        for s in config.subgroups
    ]
    # ADaM holds neither lesions nor therapies after a progression nor samples: nothing is told of resistance from it
    without = {a.name: {"drop": True} for a in evidence.plan if a.section == "resistance"}
    return msgspec.structs.replace(
        config,
        format="adam",
        analyses={**config.analyses, **without},
        tables=tables,
        subgroups=subgroups,
        covariates=_covariates(config, evidence.frames["adsl"]),
        **{
            field: getattr(default, field)
            for field in ("biomarkers", "measures", "assays", "match", "resistance", "new_therapy")
        },
    )


def _covariates(config: StudyConfig, adsl: pl.DataFrame) -> dict[str, Covariate]:
    """What ADSL holds of each covariate, as it stands there: its label, the order of its levels, numbers as numbers."""
    held = {name: (covariate, name.upper()) for name, covariate in config.covariates.items()}
    return {
        name: Covariate(expression=f'"{column}"', labels=_levels(adsl, column), label=covariate.label)
        for name, (covariate, column) in held.items()
        if column in adsl.columns
    }


def _parameters(one: Dataset, evidence: Any) -> dict[str, str]:
    """PARAMCD as written -> the code in codon12, of the data sets that are read back."""
    if one.name not in ("ADRS", "ADTTE"):
        return {}
    from codon12.standards.parameters import parameters_of

    frame = evidence.frames[one.name.lower()]
    text = frame.with_columns(pl.col("PARAMCD", "EVAL").cast(pl.String)).select("PARAMCD", "EVAL").unique()
    both = parameters_of(one.name, text.with_columns(CODE="PARAMCD"), evidence.context)
    pairs = both.select("PARAMCD", "CODE").drop_nulls().unique().sort("PARAMCD")
    return {new: old for new, old in pairs.iter_rows() if new != old}


def _levels(adsl: pl.DataFrame, variable: str) -> list[str]:
    kind = adsl.schema.get(variable)
    return kind.categories.to_list() if isinstance(kind, pl.Enum) else []


def named_files(config: StudyConfig) -> list[str]:
    """Files of the study folder that a configuration names beside tables."""
    own = config.resistance
    files = [*own.definitions, *own.organs, *own.therapies]
    for assay in config.assays.values():
        files += [f for f in (getattr(assay, "profile", None), getattr(assay, "panel", None)) if f]
    return [f for f in dict.fromkeys(files) if Path(f).name == f]
