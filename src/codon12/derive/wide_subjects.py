"""ADSL of many subjects: columns that are looked at here in memory, all others left on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from codon12.errors import DataError
from codon12.evidence import frames
from codon12.records.config import CONFIG_FILE, StudyConfig
from codon12.records.sql import expression

__all__ = ["narrow_subjects", "wide_subjects"]

_READ = ("USUBJID", "STARTDT", "TRTSDT", "NACTDT", "SAFFL", "RANDFL", "TRT01P", "TRT01A", "ARM", "EOTSTT")
"""What is read of ADSL while covariates, biomarkers, pairs and flags are added to it."""
_FLAGS = ("MEASFL_", "RESPFL_", "RESPFIRSTFL", "RESPONGOFL")
_END = "codon12 end"
"""A column behind those of the core: what comes after it was added."""
_STEP = 50_000


def narrow_subjects(core: pl.LazyFrame, config: StudyConfig) -> pl.DataFrame:
    """The columns of the core of ADSL that are read, or replaced, while others are added.

    All of them where an expression of ``codon12.toml`` names a column that is not there: the message lists those there
    are.
    """
    columns = core.collect_schema().names()
    made = {name.upper() for name in config.covariates}
    made |= {f"{name.upper()}{end}" for name in config.biomarkers for end in ("", "_STATE", "_REASON", "_READFL")}
    made |= {f"{name}{end}" for name in made for end in ("_SRCDOM", "_SRCROW")}
    roots: set[str] = set()
    for name, covariate in config.covariates.items():
        if covariate.expression is not None:
            asked = expression(covariate.expression, where=f"{CONFIG_FILE}, key covariates.{name}.expression").meta
            roots |= set(columns) if asked.has_multiple_outputs() else set(asked.root_names())
    wanted = {*_READ, *made, *roots}
    if roots <= {*columns, *made}:
        columns = [c for c in columns if c in wanted or c.startswith(_FLAGS)]
    return core.select(*columns, pl.lit(value=True).alias(_END)).collect()


def wide_subjects(core: pl.LazyFrame, narrow: pl.DataFrame, folder: Path) -> pl.DataFrame | pl.LazyFrame:
    """All columns of ADSL: those of the core, then what was added to `narrow`, whose rows are the same subjects.

    It is laid in `folder` where it has many rows; raises ``InputError`` where that cannot be written.
    """
    names = narrow.columns
    own, added = names[: names.index(_END)], names[names.index(_END) + 1 :]
    replaced = [c for c in core.collect_schema().names() if c in added]
    known = set(own)
    shown = [c for c in core.collect_schema().names() if c not in replaced]

    def parts() -> Iterator[pl.DataFrame]:
        for at in range(0, max(narrow.height, 1), _STEP):
            beside = narrow.slice(at, _STEP)
            part = core.slice(at, _STEP).select("USUBJID", *(c for c in shown if c not in known)).collect()
            if not part["USUBJID"].equals(beside["USUBJID"], null_equal=True):
                raise DataError("the subjects of ADSL are not those it began with")
            yield part.drop("USUBJID").hstack(beside.drop(_END)).select(*shown, *added)

    if narrow.height <= frames.HELD_ROWS:
        return pl.concat(parts())
    return frames.laid(parts(), folder)
