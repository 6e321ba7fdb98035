"""Replace subject identifiers by pseudonyms, everywhere they can occur."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any, TypeVar

import polars as pl

__all__ = ["mask_subjects", "pseudonyms"]

E = TypeVar("E")
_COLUMNS = ("USUBJID", "SUBJID")
_LONG_ENOUGH = 5
"""Shorter identifiers are replaced where they are the whole cell, never inside other text."""


def pseudonyms(subjects: pl.Series) -> dict[str, str]:
    """Identifier -> pseudonym ``P0001``, numbered in the order of the identifiers' SHA-256.

    The same set of subjects always gives the same pseudonyms, whatever the order of rows. This keeps identifiers
    out of what is shown; it does not make the data anonymous (dates and rare values remain, and whoever has the list
    of identifiers can repeat the numbering).

    Examples
    --------
    >>> sorted(pseudonyms(pl.Series(["01-002", "01-001", "01-002"])).values())
    ['P0001', 'P0002']
    """
    ids = sorted(subjects.drop_nulls().unique().to_list(), key=lambda s: (hashlib.sha256(s.encode()).digest(), s))
    width = max(4, len(str(len(ids))))
    return {s: f"P{i:0{width}d}" for i, s in enumerate(ids, start=1)}


def mask_subjects(evidence: E) -> E:
    """Evidence of the same study with pseudonyms in numbers, frames, findings, predicates and methods.

    Columns USUBJID and SUBJID are replaced whole; in every other text column an identifier is replaced where it is
    the whole cell or, from 5 characters on, a part of it (a finding's sentence, a predicate).
    """
    whole: Any = evidence
    frames: dict[str, pl.DataFrame] = whole.frames
    found = [f["USUBJID"].cast(pl.String) for f in frames.values() if "USUBJID" in f.columns]
    names = pseudonyms(pl.concat(found).rename("USUBJID")) if found else {}
    short: dict[str, str] = {}
    for frame in frames.values():
        if {"USUBJID", "SUBJID"} <= set(frame.columns):
            pairs = frame.select(pl.col("USUBJID", "SUBJID").cast(pl.String)).drop_nulls().unique()
            short |= {s: names[u] for u, s in pairs.iter_rows() if u in names}
    every = {**short, **names}
    numbers: pl.DataFrame = _masked(whole.numbers, every)
    if "subjects" in numbers.columns:
        renamed = pl.col("subjects").list.eval(pl.element().replace(names)).list.sort()
        numbers = numbers.with_columns(renamed)
    methods = [(heading, _in_text(text, every)) for heading, text in whole.methods]
    return dataclasses.replace(
        whole,
        numbers=numbers,
        frames={k: _masked(f, every) for k, f in frames.items()},
        methods=methods,
    )


def _masked(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    if not names:
        return frame
    long = {k: v for k, v in sorted(names.items(), key=lambda kv: -len(kv[0])) if len(k) >= _LONG_ENOUGH}
    out = []
    for name, kind in frame.schema.items():
        if kind not in (pl.String, pl.Categorical) and not isinstance(kind, pl.Enum):
            continue
        text = pl.col(name).cast(pl.String)
        if name in _COLUMNS:
            out.append(text.replace(names))
        elif long:
            inside = text.str.replace_many(list(long), list(long.values()), leftmost=True)
            out.append(pl.when(text.is_in(list(names))).then(text.replace(names)).otherwise(inside))
        else:
            out.append(text.replace(names))
    return frame.with_columns(out)


def _in_text(text: str, names: dict[str, str]) -> str:
    long = {k: v for k, v in sorted(names.items(), key=lambda kv: -len(kv[0])) if len(k) >= _LONG_ENOUGH}
    if not long:
        return text
    return pl.select(pl.lit(text).str.replace_many(list(long), list(long.values()), leftmost=True)).item()
